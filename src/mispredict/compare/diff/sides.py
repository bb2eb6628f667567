"""The models that are compared, with their outcomes in one order of classes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.task import Scalar, TaskKind
from mispredict.metrics.columns import Columns
from mispredict.metrics.outcomes import Array, Outcomes

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Side:
    """One model: its name, its evaluation and what it said of each row.

    `threshold` is from which probability on a row is called positive, None for what the model
    itself said.
    """

    model: str
    evaluation: str
    outcomes: Outcomes
    threshold: float | None = None

    @property
    def is_judged(self) -> bool:
        """Whether rows are right or wrong (and not only more or less off)."""
        kind = self.outcomes.task.kind
        return self.outcomes.task.is_classification or kind is TaskKind.MULTILABEL

    @property
    def measure(self) -> str:
        """What rows are compared by: "accuracy", or the mean of a loss."""
        if self.is_judged:
            return "accuracy"
        return "mae" if self.outcomes.task.kind is TaskKind.REGRESSION else "loss"

    @cached_property
    def columns(self) -> Columns:
        """The outcomes' columns, each of which is made once."""
        return Columns(self.outcomes)

    @cached_property
    def costs(self) -> Floats:
        """1 of a wrong row and 0 of a right one, or the loss; NaN where the row does not count."""
        if self.is_judged:
            return 1 - self.columns.column("correct")
        return self.columns.column("absolute" if self.measure == "mae" else "loss")


def prepared(sides: Sequence[Side]) -> tuple[Side, ...]:
    """The sides with the same classes in the same order, at their thresholds.

    Raises:
        BadOption: their tasks differ, or a threshold is given where there is none.
    """
    first = sides[0]
    for side in sides[1:]:
        if side.outcomes.task.kind is not first.outcomes.task.kind:
            raise BadOption(
                f"{side.model} and {first.model} cannot be compared.",
                known=f"Their tasks are {side.outcomes.task.kind} and {first.outcomes.task.kind}.",
                hint="models of one task",
            )
    classes = _all_classes(sides)
    return tuple(_thresholded(_recoded(side, classes)) for side in sides)


def _all_classes(sides: Sequence[Side]) -> tuple[Scalar, ...]:
    found: dict[str, Scalar] = {}
    for side in sides:
        for item in side.outcomes.task.classes:
            found.setdefault(str(item), item)
    return tuple(found.values())


def _recoded(side: Side, classes: tuple[Scalar, ...]) -> Side:
    """The side's outcomes with the given classes."""
    own = side.outcomes
    if own.task.classes == classes or not own.task.classes:
        return side
    names = [str(item) for item in own.task.classes]
    places = np.array([[str(item) for item in classes].index(name) for name in names] + [-1])
    back = {int(place): code for code, place in enumerate(places[:-1])}

    def coded(values: Array | None) -> Any:
        if values is None:
            return None
        if values.ndim == 2:
            wide = np.zeros((len(values), len(classes)), bool)
            wide[:, places[:-1]] = values
            return wide
        return places[values].astype(np.int32)

    def probability(k: int) -> Array | None:
        if k in back:
            return own.probability(back[k])
        return np.zeros(own.n) if own.has_probabilities else None

    task = replace(own.task, classes=classes)
    outcomes = replace(
        own,
        task=task,
        label=coded(own.label),
        prediction=coded(own.prediction),
        probabilities=probability,
    )
    return replace(side, outcomes=outcomes)


def _thresholded(side: Side) -> Side:
    """The side with the predictions that its threshold makes."""
    if side.threshold is None:
        return side
    own = side.outcomes
    if own.task.kind is not TaskKind.BINARY or not own.has_probabilities:
        raise BadOption(
            f"{side.model} has no threshold to set.",
            known=f"Its task is {own.task.kind}"
            + ("." if own.has_probabilities else ", without probabilities."),
            hint="a binary classification with probabilities",
        )
    chance = own.probability(own.positive)
    assert chance is not None  # it has probabilities
    assert own.prediction is not None  # as every classification has
    positive, negative = own.positive, 1 - own.positive
    said = np.where(chance >= side.threshold, positive, negative)
    prediction = np.where(own.prediction < 0, -1, said).astype(np.int32)
    return replace(side, outcomes=replace(own, prediction=prediction))
