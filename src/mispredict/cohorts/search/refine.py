"""A found box moved from the grid to the columns' own codes, and made simpler where it can be.

The grid for many conditions is coarse. Given the other conditions, the best range of one column
is found from one pass over their rows; this is repeated until nothing changes. A condition whose
loss does not lower the score is left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.best import Candidate
from mispredict.cohorts.search.grid import Axis
from mispredict.cohorts.search.hunt import Hunt
from mispredict.cohorts.search.space import Box, Condition, Mask, meets

_MOST_ROUNDS = 6


def refine(found: Candidate, hunt: Hunt) -> Candidate:
    """The box with its ranges and conditions at their best, one at a time."""
    best = found
    for _ in range(_MOST_ROUNDS):
        before = best
        for condition in best.box.conditions:
            best = _improve(best, condition, hunt)
        if best.box == before.box:
            break
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
    ends = np.array(axis.intervals)
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
