"""The search for slices: all boxes of up to four conditions, by counted cubes.

`top` gives the k best boxes by score. `distinct` gives slices one after another, each the best
among the rows that no earlier one covers, so that one strong slice and its thousand variations
do not fill the list.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.best import Best, Candidate
from mispredict.cohorts.search.hunt import Hunt
from mispredict.cohorts.search.options import Cancel, Clock, Found, Options, Progress
from mispredict.cohorts.search.payload import make_payload
from mispredict.cohorts.search.ready import make_ready
from mispredict.cohorts.search.refine import refine
from mispredict.cohorts.search.space import Slice, Space
from mispredict.core.errors import BadOption
from mispredict.core.words import counted

Errors = NDArray[np.bool_] | NDArray[np.float64]
Weights = NDArray[np.float64]
DEFAULT = Options()
# A box this far below the least score is still refined, since that may raise it.
_GAIN = 10.0


def top(
    space: Space,
    errors: Errors,
    *,
    weights: Weights | None = None,
    options: Options = DEFAULT,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Found:
    """The k slices with the highest scores among all boxes of the grid.

    Args:
        errors: error of each row, not negative; rows where it is undefined are left out before.
        progress: called with the number of conditions, the sets of columns done and their total;
            with 0 conditions while the loops are made ready.
        cancel: called often; the search stops when it answers true.
    """
    hunt = _start(space, errors, weights, options, cancel, progress)
    best = Best(options.k, hunt.scoring.floor)
    if hunt.has_errors:
        hunt.count([best] * options.conditions)
    return _found(hunt, best.candidates())


def distinct(
    space: Space,
    errors: Errors,
    *,
    weights: Weights | None = None,
    options: Options = DEFAULT,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Found:
    """Up to k slices, each the best among the rows that no earlier slice covers.

    The grid is the coarser the more conditions a slice has. So the best box of each number of
    conditions is first moved to the columns' own codes and numbers, and the best of these is
    taken. Size, errors and score are those among the rows that were left when it was found.
    """
    hunt = _start(space, errors, weights, options, cancel, progress)
    slices: list[Candidate] = []
    look = hunt.count
    while hunt.has_errors and len(slices) < options.k:
        bests = [Best(1, hunt.scoring.floor - _GAIN) for _ in range(options.conditions)]
        look(bests)
        found = [refine(box, hunt) for best in bests for box in best.candidates()]
        found = [box for box in found if box.score > hunt.scoring.floor]
        if not found:
            break
        slices.append(min(found, key=lambda box: box.order))
        if hunt.clock.must_stop():
            break
        hunt.drop(slices[-1].box.mask(space))
        look = hunt.scan
    return _found(hunt, slices)


def _start(
    space: Space,
    errors: Errors,
    weights: Weights | None,
    options: Options,
    cancel: Cancel | None,
    progress: Progress | None,
) -> Hunt:
    if len(errors) != space.n:
        raise BadOption(
            f"there are {counted(len(errors), 'error')} for {counted(space.n, 'row')}.",
            hint="one error for each row of the columns",
        )
    make_ready(space, progress)
    clock = Clock(options.budget_s, cancel, progress)
    return Hunt(space, make_payload(errors, weights), options, clock)


def _found(hunt: Hunt, candidates: list[Candidate]) -> Found:
    payload = hunt.payload
    slices = tuple(
        Slice(
            item.box,
            _rows(item, hunt),
            item.size * payload.size_unit,
            item.errors * payload.error_unit,
            item.score,
        )
        for item in candidates
    )
    return Found(slices, hunt.searched, hunt.is_exhausted, hunt.clock.seconds)


def _rows(item: Candidate, hunt: Hunt) -> int:
    if not hunt.payload.is_weighted:
        return item.size
    return int(item.box.mask(hunt.space).sum())
