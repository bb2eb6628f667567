"""One row of an evaluation, as a result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mispredict.core.results import Result, Source


@dataclass(frozen=True, slots=True)
class ExampleValue:
    """A value of the row: its column with type and role, and how usual it is.

    `percentile` is the share of known values below it, ties counted half, of a number or time;
    `share` the share of all rows with the same value; null where neither is known. `like` is
    the cohort of the rows with the same value, or one in the same bin; "" without one.
    """

    column: str
    type: str
    role: str
    value: Any
    percentile: float | None
    share: float | None
    like: str


@dataclass(frozen=True, slots=True)
class ClassProbability:
    """The probability that the model gives a class."""

    name: Any
    value: float


@dataclass(frozen=True, slots=True)
class NeighbourDifference:
    """A column in which a neighbour is unlike the row, and its value there."""

    column: str
    value: Any
    other: Any


@dataclass(frozen=True, slots=True)
class NearRow:
    """A row that is alike: its distance (0 is the same), and what differs most."""

    row: int
    id: Any
    distance: float
    label: Any
    prediction: Any
    correct: bool | None
    differences: tuple[NeighbourDifference, ...]


@dataclass(frozen=True)
class Example(Result):
    """One row with all that is known of it, its neighbours, and its place in an order.

    `position` counts from 0 among the `total` rows of the cohort in the order asked for, null
    when the row is not in the cohort; `previous` and `next` are row numbers there.
    `loss_percentile` is the share of rows with a smaller loss. `error_class_n` counts the rows
    of the same error class. `slices` are those of the given ones that hold the row.
    """

    number: int
    id: Any
    values: tuple[ExampleValue, ...]
    label: Any
    prediction: Any
    correct: bool | None
    probabilities: tuple[ClassProbability, ...]
    confidence: float | None
    loss: float | None
    loss_percentile: float | None
    error_class: str | None
    error_class_n: int
    tags: tuple[str, ...]
    cohorts: tuple[str, ...]
    slices: tuple[str, ...]
    neighbours: tuple[NearRow, ...]
    neighbours_by: str
    previous: int | None
    next: int | None
    position: int | None
    total: int
    source: Source

    row_type: ClassVar[type] = ExampleValue
    title: ClassVar[str] = "Example"

    def _rows(self) -> tuple[ExampleValue, ...]:
        return self.values
