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
from mispredict.data.labels.kernels import Array, mark_top, scan

METHODS = ("noise_rate", "confident", "disagreement")
_CLOSE = 1e-6  # probabilities that differ by less are equal
_NEVER = 2.0  # no probability reaches the threshold of a class without rows


@dataclass(frozen=True, slots=True, eq=False)
class Probabilities:
    """Probabilities of n rows and K classes, a float64 column at a time."""

    n: int
    classes: int
    column: Callable[[int], Array]

    @classmethod
    def of(cls, table: Array) -> Probabilities:
        """Those of an array `(n, K)`."""
        return cls(len(table), table.shape[1], lambda k: table[:, k])


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
        progress: called with (classes looked at, twice the number of classes).
        cancel: asked for each class; True stops.

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
            known=f"There are {probabilities.n:,} rows.",
            hint="a cohort of rows with labels",
        )
    steps = _Steps(2 * probabilities.classes, progress, cancel)
    own = _own(k_of, probabilities)
    sums = np.bincount(k_of[k_of >= 0], own[k_of >= 0], minlength=len(sizes))
    with np.errstate(invalid="ignore"):
        thresholds = np.where(sizes > 0, sums / sizes, np.nan)
    seen = _seen(probabilities, thresholds, steps)
    sure = np.where(seen.sure > 1, seen.best_class, seen.sure_class)
    counts = _counts(k_of, sure, len(sizes))
    joint = _calibrated(counts, sizes)
    if method == "noise_rate":
        flagged = _marked(k_of, own, probabilities, joint, sizes, steps)
    elif method == "confident":
        flagged = (sure >= 0) & (sure != k_of)
    else:
        flagged = np.ones(probabilities.n, np.bool_)
    flagged &= (k_of >= 0) & _is_unlike(k_of, own, seen.best, seen.best_class)
    return Confident(flagged, own, seen.best, seen.best_class, thresholds, sizes, counts, joint)


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
    best: Array
    best_class: Array
    sure_class: Array
    sure: Array


def _own(label: Array, probabilities: Probabilities) -> Array:
    """Probability of each row's own label."""
    own = np.full(probabilities.n, np.nan)
    for k in range(probabilities.classes):
        rows = np.flatnonzero(label == k)
        if rows.size:
            own[rows] = probabilities.column(k)[rows]
    return own


def _seen(probabilities: Probabilities, thresholds: Array, steps: _Steps) -> _Seen:
    n = probabilities.n
    seen = _Seen(
        np.full(n, -np.inf), np.full(n, -1, np.int32), np.full(n, -1, np.int32),
        np.zeros(n, np.int32),
    )  # fmt: skip
    cuts = np.where(np.isnan(thresholds), _NEVER, np.maximum(thresholds, 2 * _CLOSE)) - _CLOSE
    for k in range(probabilities.classes):
        scan(
            probabilities.column(k), k, float(cuts[k]),
            seen.best, seen.best_class, seen.sure_class, seen.sure,
        )  # fmt: skip
        steps.step()
    return seen


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
    return _whole(counts / totals * sizes[:, None])


def _whole(table: Array) -> Array:
    """Whole numbers with the sums of the rows kept; the largest remainders are rounded up."""
    found = np.round(table)
    missing = np.round(np.round(table.sum(axis=1)) - found.sum(axis=1)).astype(int)
    for row in np.flatnonzero(missing):
        step = int(np.sign(missing[row]))
        order = np.argsort(step * (table[row] - found[row]))[::-1]
        for place in range(abs(int(missing[row]))):
            found[row, order[place % len(order)]] += step
    return found.astype(np.int64)


def _taken(joint: Array) -> Array:
    """How many rows to flag by true (first) and given label, so that each class keeps one."""
    by_true = joint.T.astype(np.float64)
    kept = np.maximum(by_true.diagonal(), 1)
    lacking = kept - by_true.diagonal()
    noisy = np.maximum(np.count_nonzero(by_true, axis=0) - 1, 1)
    taken = np.maximum(by_true - lacking / noisy, 0)
    np.fill_diagonal(taken, kept)
    return taken.astype(np.int64)


def _marked(
    label: Array,
    own: Array,
    probabilities: Probabilities,
    joint: Array,
    sizes: Array,
    steps: _Steps,
) -> Array:
    taken = _taken(joint)
    np.fill_diagonal(taken, 0)
    taken[:, sizes <= 1] = 0
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    marked = np.zeros(probabilities.n, np.bool_)
    for j in range(probabilities.classes):
        if taken[j].any():
            mark_top(probabilities.column(j), j, label, own, starts, taken[j].copy(), marked)
        steps.step()
    return marked


def _is_unlike(label: Array, own: Array, best: Array, best_class: Array) -> Array:
    """Rows whose label is clearly not the likeliest class."""
    with np.errstate(invalid="ignore"):
        lead = best - (own + _CLOSE)
        unlike: Array = (lead > 0) | ((lead == 0) & (best_class < label))
    return unlike & (best_class != label)
