"""Models × dataset versions: each model's figure on each, and which of them may be compared."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class BoardFigure:
    """A model's figure on a dataset version; `evaluation` is "" where there is none.

    `place` is 1 for the best of the models on these rows, counting alike what cannot be told
    apart; 0 without a figure. `why` says why there is none.
    """

    model: str
    dataset: str
    evaluation: str
    metric: str
    value: float
    low: float
    high: float
    n: int
    place: int
    why: str


@dataclass(frozen=True, slots=True)
class BoardDataset:
    """A dataset version: its rows, and how many of them the newest version has too.

    `changed` of the shared rows have another content there, `relabelled` another label.
    """

    dataset: str
    n: int
    shared: int
    changed: int
    relabelled: int
    by: str
    sentence: str


@dataclass(frozen=True)
class ModelBoard(Result):
    """Figures of all models on all versions of a dataset, the newest versions first.

    Figures in one column are of the same rows. Those of different columns are of different rows
    unless `is_common`: then all are of the `common` rows that every version has, by the labels
    of the newest. `metrics` are those that are usual for the task.
    """

    rows: tuple[BoardFigure, ...]
    metric: str
    metrics: tuple[str, ...]
    models: tuple[str, ...]
    datasets: tuple[BoardDataset, ...]
    is_common: bool
    common: int
    notes: tuple[str, ...]

    row_type: ClassVar[type] = BoardFigure
    title: ClassVar[str] = "Models by dataset version"

    def wide(self) -> pd.DataFrame:
        """A row per model, a column per dataset version."""
        import pandas as pd

        table = {
            item.dataset: {row.model: row.value for row in self.rows if row.dataset == item.dataset}
            for item in self.datasets
        }
        return pd.DataFrame(table, index=list(self.models))

    def figure(self, model: str, dataset: str) -> BoardFigure:
        """The figure of a model on a dataset version."""
        return next(r for r in self.rows if (r.model, r.dataset) == (model, dataset))


@dataclass(frozen=True, slots=True)
class ReevaluatedRow:
    """What became of a model: "evaluated" now, "known" before, "cannot" or "failed"; and why."""

    model: str
    outcome: str
    evaluation: str
    why: str
    seconds: float


@dataclass(frozen=True)
class Reevaluated(Result):
    """All models on a dataset version: which were evaluated, and which cannot be."""

    rows: tuple[ReevaluatedRow, ...]
    dataset: str
    summary: str

    row_type: ClassVar[type] = ReevaluatedRow
    title: ClassVar[str] = "Evaluated again"


def places(values: list[float], *, is_higher_better: bool) -> list[int]:
    """The place of each value, 1 for the best; 0 for NaN.

    Example:
        >>> places([0.8, 0.9, float("nan"), 0.8], is_higher_better=True)
        [2, 1, 0, 2]
    """
    sign = 1 if is_higher_better else -1
    known = [sign * value for value in values if not math.isnan(value)]
    return [
        0 if math.isnan(value) else 1 + sum(other > sign * value for other in known)
        for value in values
    ]
