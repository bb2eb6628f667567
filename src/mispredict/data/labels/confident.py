"""Confident learning: which labels are likely wrong, from out-of-sample probabilities.

Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels",
JAIR 70 (2021). A row counts as surely of a class when the class's probability reaches what the
rows with that label have on average. How often rows of one label are surely of another class
estimates the joint distribution of given and true labels, and that says how many rows of each
pair are to be flagged: those with the largest margin ("prune by noise rate" in the paper). No
row is flagged whose label is the model's likeliest class.

Numbers are rounded so that each class keeps its size, and every class keeps at least one row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mispredict.core.errors import BadOption, Cancelled, EmptyCohort
from mispredict.core.words import counted
from mispredict.data.labels.kernels import Array, mark_top, scan, surely

METHODS = ("noise_rate", "confident", "disagreement")
_CLOSE = 1e-6  # probabilities that differ by less are equal
_BLOCK_CELLS = 400_000  # probabilities that are looked at together
_NEVER = 2.0  # no probability reaches the threshold of a class without rows


@dataclass(frozen=True, slots=True, eq=False)
class Probabilities:
    """Probabilities of n rows and K classes, a column or a block of rows at a time."""

    n: int
    classes: int
    column: Callable[[int], Array]
    table: Array | None = None

    @classmethod
    def of(cls, table: Array) -> Probabilities:
        """Those of an array `(n, K)`."""
        return cls(len(table), table.shape[1], lambda k: table[:, k], table)

    def block(self, first: int, last: int) -> Array:
        """Rows from the first to before the last: float64 `(m, K)`, C-contiguous."""
        if self.table is not None:
            return np.ascontiguousarray(self.table[first:last], np.float64)
        columns = [self.column(k)[first:last] for k in range(self.classes)]
        return np.column_stack(columns).astype(np.float64, copy=False)


@dataclass(frozen=True, slots=True, eq=False)
class Confident:
    """What confident learning says of n rows and K classes.

    Attributes:
        flagged: bool per row, whose label is likely wrong.
        own: probability of the given label, NaN for rows that do not count.
        best: largest probability.
        suggested: int32, the class that has it.
        thresholds: K, mean probability of a class over the rows labelled so; NaN without rows.
        sizes: K, rows of each label.
        counts: K × K, rows of a label (first) that surely are of a class (second).
        joint: K × K, the same scaled to all rows, rounded: estimated rows by given and true.
    """

    flagged: Array
    own: Array
    best: Array
    suggested: Array
    thresholds: Array
    sizes: Array
    counts: Array
    joint: Array


def learn(
    label: Array,
    probabilities: Probabilities,
    *,
    method: str = "noise_rate",
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Confident:
    """Rows whose label is likely wrong, and how often each label is given for each class.

    Args:
        label: int32 class per row; -1 for rows that do not count.
        probabilities: of each row, by a model that did not learn from it.
        method: `noise_rate`, `confident` (every row that surely is of another class) or
            `disagreement` (every row with another likeliest class).
        progress: called with (steps done, steps).
        cancel: asked at each step; True stops.

    Raises:
        EmptyCohort: no row has a label.
        Cancelled: `cancel` said so.
    """
    if method not in METHODS:
        raise BadOption.choice("method", method, METHODS)
    k_of = np.ascontiguousarray(label, np.int32)
    sizes = np.bincount(k_of[k_of >= 0], minlength=probabilities.classes)
    if not sizes.sum():
        raise EmptyCohort(
            "no row has a label and probabilities.",
            known=f"There are {counted(probabilities.n, 'row')}.",
            hint="a cohort of rows with labels",
        )
    steps = _Steps(2 * len(_blocks(probabilities)) + 1, progress, cancel)
    seen = _seen(k_of, probabilities, steps)
    known = k_of >= 0
    sums = np.bincount(k_of[known], seen.own[known], minlength=len(sizes))
    with np.errstate(invalid="ignore"):
        thresholds = np.where(sizes > 0, sums / sizes, np.nan)
    sure = _sure(probabilities, thresholds, seen, steps)
    counts = _counts(k_of, sure, len(sizes))
    joint = _calibrated(counts, sizes)
    flagged = known & _is_unlike(k_of, seen)
    if method == "noise_rate":
        flagged &= _marked(k_of, seen, flagged, probabilities, joint, sizes)
    elif method == "confident":
        flagged &= (sure >= 0) & (sure != k_of)
    steps.step()
    return Confident(
        flagged, seen.own, seen.best, seen.best_class, thresholds, sizes, counts, joint
    )


@dataclass(slots=True)
class _Steps:
    total: int
    progress: Callable[[int, int], None] | None
    cancel: Callable[[], bool] | None
    done: int = 0

    def step(self) -> None:
        if self.cancel is not None and self.cancel():
            raise Cancelled("looking for label errors was stopped.", hint="ask again")
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


@dataclass(frozen=True, slots=True, eq=False)
class _Seen:
    own: Array
    best: Array
    best_class: Array


def _blocks(probabilities: Probabilities) -> list[tuple[int, int]]:
    rows = max(1, _BLOCK_CELLS // max(probabilities.classes, 1))
    n = probabilities.n
    return [(first, min(first + rows, n)) for first in range(0, n, rows)]


def _seen(label: Array, probabilities: Probabilities, steps: _Steps) -> _Seen:
    n = probabilities.n
    seen = _Seen(np.empty(n), np.empty(n), np.empty(n, np.int32))
    for first, last in _blocks(probabilities):
        at = slice(first, last)
        block = probabilities.block(first, last)
        scan(block, label[at], seen.own[at], seen.best[at], seen.best_class[at])
        steps.step()
    return seen


def _sure(probabilities: Probabilities, thresholds: Array, seen: _Seen, steps: _Steps) -> Array:
    cuts = np.where(np.isnan(thresholds), _NEVER, np.maximum(thresholds, 2 * _CLOSE)) - _CLOSE
    sure = np.empty(probabilities.n, np.int32)
    for first, last in _blocks(probabilities):
        at = slice(first, last)
        surely(probabilities.block(first, last), cuts, seen.best_class[at], sure[at])
        steps.step()
    return sure


def _counts(label: Array, sure: Array, classes: int) -> Array:
    """Rows by label and the class that they surely are of; at least one on the diagonal."""
    both = (label >= 0) & (sure >= 0)
    cells = label[both].astype(np.int64) * classes + sure[both]
    counts = np.bincount(cells, minlength=classes**2).reshape(classes, classes)
    np.fill_diagonal(counts, np.maximum(counts.diagonal(), 1))
    return counts


def _calibrated(counts: Array, sizes: Array) -> Array:
    """The counts scaled to the size of each label, in whole rows."""
    totals = counts.sum(axis=1, keepdims=True)
    scaled = counts / totals * sizes[:, None]
    return _whole(scaled / scaled.sum() * sizes.sum())


def _whole(table: Array) -> Array:
    """Whole numbers with the sums of the rows kept, by changing the worst rounded ones."""
    found = np.round(table)
    missing = np.round(np.round(table.sum(axis=1)) - found.sum(axis=1)).astype(int)
    for row in np.flatnonzero(missing):
        step = int(np.sign(missing[row]))
        order = np.argsort(table[row] - found[row])
        worst = order[::-1] if step > 0 else order
        for place in range(abs(int(missing[row]))):
            found[row, worst[place % len(worst)]] += step
    return np.asarray(found, np.int64)


def _taken(joint: Array) -> Array:
    """How many rows to flag by true (first) and given label, so that each class keeps one."""
    by_true = joint.T.astype(np.float64)
    kept = np.maximum(by_true.diagonal(), 1)
    lacking = kept - by_true.diagonal()
    noisy = np.maximum(np.count_nonzero(by_true, axis=0) - 1, 1)
    taken = np.maximum(by_true - lacking / noisy, 0)
    np.fill_diagonal(taken, kept)
    return np.asarray(taken, np.int64)


def _marked(
    label: Array,
    seen: _Seen,
    unlike: Array,
    probabilities: Probabilities,
    joint: Array,
    sizes: Array,
) -> Array:
    """Rows with the largest margins, as many of each pair of classes as the joint says.

    A row of another likeliest class mostly has a positive margin to what it is flagged for;
    where a pair has fewer such rows than are to be flagged, all rows of the label are ranked.
    """
    taken = _taken(joint)
    np.fill_diagonal(taken, 0)
    taken[:, sizes <= 1] = 0
    rows = np.flatnonzero(unlike)
    rows = rows[np.argsort(label[rows], kind="stable")]
    starts = np.searchsorted(label[rows], np.arange(len(sizes) + 1)).astype(np.int64)
    own, chosen = seen.own[rows], np.zeros(len(rows), np.bool_)
    by_class: dict[int, Array] = {}
    marked = np.zeros(probabilities.n, np.bool_)
    for j in range(probabilities.classes):
        if not taken[j].any():
            continue
        column = probabilities.column(j)
        short = mark_top(column[rows] - own, starts, taken[j].copy(), chosen, _CLOSE)
        for k in np.flatnonzero(short).tolist():
            if k not in by_class:
                by_class[k] = np.flatnonzero(label == k)
            every = by_class[k]
            marked[every[_top(column[every] - seen.own[every], int(taken[j, k]))]] = True
    marked[rows[chosen]] = True
    return marked


def _top(margins: Array, take: int) -> Array:
    """Places of the largest margins; among equals the first."""
    if take >= len(margins):
        return np.arange(len(margins))
    limit = np.partition(margins, len(margins) - take)[len(margins) - take]
    above = np.flatnonzero(margins > limit)
    ties = np.flatnonzero(margins == limit)[: take - len(above)]
    return np.concatenate([above, ties])


def _is_unlike(label: Array, seen: _Seen) -> Array:
    """Rows whose label is clearly not the likeliest class."""
    with np.errstate(invalid="ignore"):
        lead = seen.best - (seen.own + _CLOSE)
        unlike: Array = (lead > 0) | ((lead == 0) & (seen.best_class < label))
    return np.asarray(unlike & (seen.best_class != label))
