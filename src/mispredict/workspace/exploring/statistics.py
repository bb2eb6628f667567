"""What metrics may know of a selection and of the rest, without weights and without sorting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.task import Task
from mispredict.metrics.outcomes import Array
from mispredict.metrics.statistics import (
    Bins,
    ClassCounts,
    Confusion,
    Joint,
    Moments,
    Ranked,
)

if TYPE_CHECKING:
    from mispredict.engine.linked import Selection, Sums
    from mispredict.workspace.exploring.sums import SelectedSums

# Columns of metrics that are a stored column, or the square of one.
_STORED = {
    "loss": ("loss", False),
    "log_loss": ("loss", False),
    "absolute": ("loss", False),
    "squared": ("residual", True),
    "residual": ("residual", False),
}


class SelectedStatistics:
    """Statistics of two groups: the rest, and the selection."""

    n_groups = 2

    def __init__(
        self,
        sums: SelectedSums,
        selection: Selection,
        totals: tuple[Sums, Sums],
        cells: tuple[Sums, Sums] | None,
    ) -> None:
        self._sums = sums
        self._selection = selection
        self._totals = totals
        self._cells = cells
        self._confusion: Confusion | None = None

    @property
    def task(self) -> Task:
        return self._sums.table.task

    @property
    def positive(self) -> int:
        classes, positive = self.task.classes, self.task.positive
        return len(classes) - 1 if positive is None else classes.index(positive)

    def rows(self) -> Array:
        """Rows whose error is known."""
        return np.array([float(group.weight[0]) for group in self._totals])

    def confusion(self) -> Confusion:
        """Labels by predictions; with very many classes only right (0, 0) and wrong (0, 1)."""
        if self._confusion is None:
            counts = self._counted()
            self._confusion = Confusion(counts, counts, counts)
        return self._confusion

    def by_class(self) -> ClassCounts:
        return self.confusion().by_class()

    def spread(self, hit: Array, predicted: Array, actual: Array) -> Array:
        return self.confusion().spread(hit, predicted, actual)

    def moments(self, column: str) -> Moments:
        if column == "correct":
            return _moments(np.stack([_of_correct(group) for group in self._totals]), 0.0)
        stored, is_squared = _STORED[column]
        sums = self._sums.powers(stored, self._selection, is_squared=is_squared)
        return _moments(sums, self._sums.centre(stored, is_squared=is_squared))

    def joint(self, x: str, y: str) -> Joint:
        """Moments of the residual about 0 (as if that were its mean) and of the label."""
        if (x, y) != ("residual", "label"):
            raise _unknown(f"moments of {x!r} and {y!r}")
        return _joint(self._sums.explained(self._selection), self._sums.centre("label"))

    def ranked(self, k: int, *, precise: bool) -> Ranked:
        raise _unknown("ranks")

    def ranked_spread(self, aucs: Sequence[Ranked]) -> Array:
        raise _unknown("ranks")

    def calibration(self, bins: int) -> Bins:
        raise _unknown("bins of confidence")

    def quantiles(self, column: str, q: Array) -> Array:
        raise _unknown("quantiles")

    def maximum(self, column: str) -> Array:
        raise _unknown("a maximum")

    def _counted(self) -> Array:
        if self._cells is not None:
            k = len(self.task.classes)
            tables = [group.rows[1:].reshape(k, k) for group in self._cells]
        else:
            pairs = [(group.weight[0], group.error[0]) for group in self._totals]
            tables = [np.array([[known - wrong, wrong], [0, 0]]) for known, wrong in pairs]
        return np.stack(tables).astype(np.float64)


def _of_correct(group: Sums) -> Array:
    """Number and sums of powers of 0 and 1."""
    known = float(group.weight[0])
    right = known - float(group.error[0])
    return np.array([known, right, right, right])


def _moments(sums: Array, centre: float) -> Moments:
    """Central moments from sums of powers about a fixed point, `(groups, 4)`."""
    n, first, second, third = sums.T
    with np.errstate(all="ignore"):
        shift = np.where(n > 0, first / n, np.nan)
        spread = np.maximum(second - shift * first, 0.0)
        skew = third - 3 * shift * second + 2 * shift**2 * first
    return Moments(n, n, n, shift + centre, spread, spread, skew)


def _joint(sums: Array, centre: float) -> Joint:
    n, r2, r4, y1, y2, y3, y4, r2y, r2y2 = sums.T
    with np.errstate(all="ignore"):
        d = np.where(n > 0, y1 / n, np.nan)
        yy = np.maximum(y2 - d * y1, 0.0)
        fourth = y4 - 4 * d * y3 + 6 * d**2 * y2 - 3 * d**3 * y1
        crossed = r2y2 - 2 * d * r2y + d**2 * r2
    nothing = np.zeros_like(n)
    return Joint(
        n=n, weight=n, weight2=n, x=nothing, y=d + centre, xx=r2, xy=nothing, yy=yy,
        x2=r2, xy2=nothing, y2=yy, x3=nothing, x2y=nothing, xyy=nothing,
        x4=r4, x2y2=crossed, y4=fourth,
    )  # fmt: skip


def _unknown(what: str) -> NoReturn:
    raise BadOption(f"{what} of a selection are not summed.", hint="ev.metrics(where=…)")
