"""What metrics are computed from: the outcome of every row, and the group each row is in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.task import Task, TaskKind

Array: TypeAlias = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """Labels, predictions and what comes with them, one entry per row.

    Attributes:
        task: kind of task and its classes.
        n: number of rows.
        label: int32 index into `task.classes`, -1 where missing; float64 with NaN where missing
            (regression); bool `(n, K)` (multilabel); None (score).
        prediction: of the same kind as `label`.
        loss: float64 loss per row, NaN where there is none.
        confidence: float64 largest class probability.
        weight: float64 weight per row; None for weights of one.
        probabilities: function from a class's index to its float64 probabilities.
        known: bool, the rows that count; None for those with label and prediction.
    """

    task: Task
    n: int
    label: Array | None = None
    prediction: Array | None = None
    loss: Array | None = None
    confidence: Array | None = None
    weight: Array | None = None
    probabilities: Callable[[int], Array | None] | None = None
    known: Array | None = None

    def probability(self, k: int) -> Array | None:
        """Probabilities of class number `k`, or None where the model gave none."""
        return None if self.probabilities is None else self.probabilities(k)

    @property
    def has_probabilities(self) -> bool:
        return self.probability(0) is not None if self.task.classes else False

    @property
    def positive(self) -> int:
        """Index of the positive class of a binary task: the last unless the task names one."""
        if self.task.positive is None:
            return len(self.task.classes) - 1
        return self.task.classes.index(self.task.positive)

    @classmethod
    def of(
        cls,
        task: Task,
        label: Array | None = None,
        prediction: Array | None = None,
        *,
        probabilities: Array | None = None,
        loss: Array | None = None,
        weight: Array | None = None,
        known: Array | None = None,
    ) -> Outcomes:
        """Outcomes from arrays; `probabilities` is `(n, K)`."""
        first = next((x for x in (label, prediction, loss) if x is not None), None)
        if first is None:
            raise BadOption("outcomes need a label, a prediction or a loss.")
        table = None if probabilities is None else np.asarray(probabilities, np.float64)
        return cls(
            task,
            len(first),
            _normalise(task.kind, label),
            _normalise(task.kind, prediction),
            loss=None if loss is None else np.asarray(loss, np.float64),
            confidence=None if table is None else table.max(axis=1, initial=0.0),
            weight=None if weight is None else np.asarray(weight, np.float64),
            probabilities=None if table is None else lambda k: np.ascontiguousarray(table[:, k]),
            known=known,
        )

    def take(self, rows: Array) -> Outcomes:
        """The outcomes of some rows (numbers or a mask), in their order."""

        def chosen(values: Array | None) -> Array | None:
            return None if values is None else values[rows]

        whole = self.probabilities
        return Outcomes(
            self.task,
            int(np.arange(self.n)[rows].size),
            chosen(self.label),
            chosen(self.prediction),
            chosen(self.loss),
            chosen(self.confidence),
            chosen(self.weight),
            None if whole is None else lambda k: chosen(whole(k)),
            chosen(self.known),
        )


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Which group each row is in: `codes` index `names`; other codes (-1) are in none."""

    names: tuple[str, ...]
    codes: Array

    @property
    def n(self) -> int:
        return len(self.names)

    @classmethod
    def whole(cls, n: int, name: str = "all") -> Groups:
        """All `n` rows as one group."""
        return cls((name,), np.zeros(n, np.uint8))

    @classmethod
    def of_mask(cls, mask: Array, name: str) -> Groups:
        """The rows where `mask` is true as one group."""
        return cls((name,), np.where(mask, 0, -1).astype(np.int32))

    @classmethod
    def of_values(cls, values: Sequence[object] | Array) -> Groups:
        """One group per distinct value, in sorted order."""
        names, codes = np.unique(np.asarray(values), return_inverse=True)
        return cls(tuple(str(name) for name in names), codes.astype(np.int32))


def _normalise(kind: TaskKind, values: Array | None) -> Array | None:
    if values is None:
        return None
    if kind in (TaskKind.BINARY, TaskKind.MULTICLASS):
        return np.asarray(values, np.int32)
    return np.asarray(values, bool if kind is TaskKind.MULTILABEL else np.float64)
