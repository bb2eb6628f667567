"""What a model is asked to do, and over which classes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

Scalar: TypeAlias = str | int | float | bool


class TaskKind(StrEnum):
    """The kinds of tasks that an evaluation can have."""

    BINARY = "binary"
    MULTICLASS = "multiclass"
    MULTILABEL = "multilabel"
    REGRESSION = "regression"
    SCORE = "score"  # any task, judged by a loss per row that the user gives


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of task with its classes in a fixed order.

    `classes` are the label's own values (text, whole numbers or booleans), sorted; empty for
    regression and score. `positive` is the class that binary metrics such as recall speak
    of: the last of the two unless the user says otherwise, as in scikit-learn.
    """

    kind: TaskKind
    classes: tuple[Scalar, ...] = ()
    positive: Scalar | None = None

    @property
    def is_classification(self) -> bool:
        return self.kind in (TaskKind.BINARY, TaskKind.MULTICLASS)

    def to_dict(self) -> dict[str, Any]:
        return {"kind": self.kind.value, "classes": list(self.classes), "positive": self.positive}

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> Task:
        return cls(TaskKind(value["kind"]), tuple(value["classes"]), value["positive"])


def probability_column(name: Scalar) -> str:
    """Name of the column that holds the probability of a class.

    Example:
        >>> probability_column("yes")
        'p_yes'
    """
    return f"p_{name}"
