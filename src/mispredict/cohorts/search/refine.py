"""A found box moved from the grid to the columns' own codes and numbers, and made simpler.

The grid for many conditions is coarse. Given the other conditions, the best range of one column
is found from one pass over their rows; this is repeated until nothing changes. A condition whose
loss does not lower the score is left out. Last, where a column's numbers are at hand, the ends of
its range move to the best of the numbers in the bins beside them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.best import Candidate
from mispredict.cohorts.search.grid import Axis
from mispredict.cohorts.search.hunt import Hunt
from mispredict.cohorts.search.space import Box, Codes, Condition, Floats, Mask

_MOST_ROUNDS = 6
# An end that adds this little to the log-likelihood is left open: one number less to explain.
_OPEN_END = 3.0


def refine(found: Candidate, hunt: Hunt) -> Candidate:
    """The box with its ranges and conditions at their best, one at a time."""
    best = found
    for _ in range(_MOST_ROUNDS):
        before = best
        for condition in best.box.conditions:
            best = _improve(best, condition, hunt)
        if best.box == before.box:
            break
    for _ in range(2):
        for condition in best.box.conditions:
            best = _sharpen(best, condition, hunt)
    return best


def _improve(best: Candidate, condition: Condition, hunt: Hunt) -> Candidate:
    """The better of the box, the box without the condition, and with its range moved."""
    others = tuple(item for item in best.box.conditions if item != condition)
    rows = Box(others).mask(hunt.space)
    choices = [best]
    if others:
        choices.append(_without(others, rows, hunt))
    axis = hunt.fine_axis(condition.column)
    if axis is not None and axis.is_ordered and condition.high > 0:
        choices.append(_moved(others, rows, axis, hunt))
    return min(choices, key=lambda candidate: candidate.order)


def _without(others: tuple[Condition, ...], rows: Mask, hunt: Hunt) -> Candidate:
    sizes, errors = hunt.payload.parts(rows)
    size, error = int(sizes.sum()), int(errors.sum())
    score = hunt.score(np.array([size]), np.array([error]), len(others))
    return Candidate(Box(others), size, error, float(score[0]))


def _moved(others: tuple[Condition, ...], rows: Mask, axis: Axis, hunt: Hunt) -> Candidate:
    codes = axis.codes_of[axis.column.codes[rows]]
    sizes, errors = hunt.payload.parts(rows)
    ends = axis.intervals
    size, error = _sums(codes, sizes, axis, ends), _sums(codes, errors, axis, ends)
    score = hunt.score(size, error, len(others) + 1)
    score[size < hunt.smallest] = -np.inf
    # Among equals the widest: nothing speaks for the narrower one.
    widths = ends[:, 1] - ends[:, 0]
    i = int(np.lexsort((ends[:, 0], -widths, -score))[0])
    box = Box.of((*others, axis.condition(i)))
    return Candidate(box, int(size[i]), int(error[i]), float(score[i]))


def _sums(
    codes: NDArray[np.uint8], values: NDArray[np.int64], axis: Axis, ends: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Sum of the values in each interval of bins."""
    by_code = np.bincount(codes, weights=values, minlength=axis.size).astype(np.int64)
    running = np.concatenate([[0], np.cumsum(by_code)])
    sums: NDArray[np.int64] = running[ends[:, 1] + 1] - running[ends[:, 0]]
    return sums


def _sharpen(best: Candidate, condition: Condition, hunt: Hunt) -> Candidate:
    """The box with both ends of one range at numbers of the data."""
    axis = hunt.fine_axis(condition.column)
    load = hunt.space.column(condition.column).load
    if axis is None or not axis.is_ordered or condition.high == 0 or load is None:
        return best
    others = tuple(item for item in best.box.conditions if item != condition)
    first, last = axis.low[1], axis.high[-1]
    if condition.low <= first and condition.high >= last:
        return best
    rows = np.flatnonzero(Box(others).mask(hunt.space))
    numbers = load()[rows]
    rows, numbers = rows[~np.isnan(numbers)], numbers[~np.isnan(numbers)]
    order = np.argsort(numbers, kind="stable")
    numbers = numbers[order]
    codes = axis.column.codes[rows[order]]
    sizes, errors = hunt.payload.parts(rows[order])
    sums = np.zeros((2, len(rows) + 1), np.int64)
    np.cumsum([sizes, errors], axis=1, out=sums[:, 1:])
    ends = _Ends(numbers, sums, np.append(0, np.flatnonzero(numbers[1:] != numbers[:-1]) + 1))
    start, stop = _span(codes, numbers, condition)
    if condition.low <= first:
        start = 0
    if condition.high >= last:
        stop = len(rows)
    count = len(others) + 1
    start = ends.best_start(stop, _near(codes, axis, condition.low), count, hunt)
    stop = ends.best_stop(start, _near(codes, axis, condition.high), count, hunt)
    least = float(numbers[start]) if start > 0 else -np.inf
    most = float(numbers[stop - 1]) if stop < len(rows) else np.inf
    is_open = (start > 0, stop < len(rows)) != (bool(np.isfinite(least)), bool(np.isfinite(most)))
    if is_open:  # it ends at an infinity, which would be read as no end
        return best
    exact = replace(condition, ends=(least, most))
    size, error = (int(part[stop] - part[start]) for part in sums)
    score = hunt.score(np.array([size]), np.array([error]), len(others) + 1)
    return Candidate(Box.of((*others, exact)), size, error, float(score[0]))


@dataclass(frozen=True, slots=True)
class _Ends:
    """Rows sorted by a number: running sums of size and errors, and where a new number begins."""

    numbers: Floats
    sums: NDArray[np.int64]
    cuts: NDArray[np.intp]

    def best_start(self, stop: int, near: tuple[int, int], conditions: int, hunt: Hunt) -> int:
        cuts = self.cuts[(self.cuts >= near[0]) & (self.cuts <= near[1]) & (self.cuts < stop)]
        sums = self.sums[:, [stop]] - self.sums[:, cuts]
        return _best(cuts, sums, cuts == 0, conditions, hunt)

    def best_stop(self, start: int, near: tuple[int, int], conditions: int, hunt: Hunt) -> int:
        cuts = np.append(self.cuts, len(self.numbers))
        cuts = cuts[(cuts >= near[0]) & (cuts <= near[1]) & (cuts > start)]
        sums = self.sums[:, cuts] - self.sums[:, [start]]
        return _best(cuts, sums, cuts == len(self.numbers), conditions, hunt)


def _best(
    cuts: NDArray[np.intp],
    sums: NDArray[np.int64],
    is_open: Mask,
    conditions: int,
    hunt: Hunt,
) -> int:
    """The middle of the cuts by their likelihood, or an open end if it is about as likely.

    The score is a log-likelihood, so its exponential weighs the cuts; their weighted median errs
    by fewer rows than the best cut itself, which chance moves far out along a flat top.
    """
    score = hunt.score(sums[0], sums[1], conditions)
    score[sums[0] < hunt.smallest] = -np.inf
    if (score[is_open] >= score.max() - _OPEN_END).any():
        return int(cuts[is_open][0])
    spacing = np.diff(cuts, append=cuts[-1] + 1)
    weight = np.cumsum(np.exp(score - score.max()) * spacing)
    return int(cuts[int(np.searchsorted(weight, weight[-1] / 2))])


def _span(codes: Codes, numbers: Floats, condition: Condition) -> tuple[int, int]:
    """Where the condition's rows begin and end among rows sorted by number."""
    if condition.ends is not None:
        start = np.searchsorted(numbers, condition.ends[0], "left")
        return int(start), int(np.searchsorted(numbers, condition.ends[1], "right"))
    start = np.searchsorted(codes, condition.low, "left")
    return int(start), int(np.searchsorted(codes, condition.high, "right"))


def _near(codes: Codes, axis: Axis, code: int) -> tuple[int, int]:
    """Where the code's bin and its neighbours begin and end among rows sorted by number."""
    place = int(axis.codes_of[code])
    first = axis.low[max(place - 1, 1)]
    last = axis.high[min(place + 1, axis.size - 1)]
    return int(np.searchsorted(codes, first, "left")), int(np.searchsorted(codes, last, "right"))
