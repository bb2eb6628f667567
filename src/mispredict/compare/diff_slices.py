"""Cohorts in which one model is really worse than the other: what a search found, tested.

The search looks where the difference is larger than elsewhere. A regressed cohort must be more:
there, the later model must be worse than the earlier one, on rows that the search did not see.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mispredict.compare.diff import BETTER, WORSE, DifferenceSlice
from mispredict.compare.diff_metrics import SIGNIFICANCE
from mispredict.compare.diff_sides import Bools, Floats
from mispredict.compare.diff_words import slice_sentence

from mispredict.metrics.paired import mcnemar, paired_share
from mispredict.metrics.paired_means import mean_difference

SMALLEST = 10  # rows that confirm


@dataclass(frozen=True, eq=False)
class Candidate:
    """A cohort that the search found: its text and sentence, its rows, and the corrected chance
    that the difference is no larger there than elsewhere."""

    where: str
    sentence: str
    rows: Bools
    p_adjusted: float


@dataclass(frozen=True, eq=False)
class Judged:
    """What both models make of each row, and which rows may confirm.

    `before` and `after` are 1 of a wrong row and 0 of a right one, or losses; NaN where the row
    does not count.
    """

    before: Floats
    after: Floats
    held_out: Bools
    weight: Floats | None
    is_judged: bool
    measure: str


def confirmed(
    candidates: Sequence[Candidate], rows: Judged, *, is_worse: bool, tested: int
) -> tuple[DifferenceSlice, ...]:
    """Those of the candidates in which the later model is worse (or better), worst first.

    Corrected as if all that were tested had come this far (Holm).
    """
    sign = 1.0 if is_worse else -1.0
    chances = [_chance(item, rows, sign) for item in candidates]
    adjusted = _holm(chances, max(tested, len(candidates)))
    found = []
    for item, p in zip(candidates, adjusted, strict=True):
        worst = max(p, item.p_adjusted)
        if worst <= SIGNIFICANCE:
            made = _slice(item, rows, worst, is_worse=is_worse)
            if made is not None:
                found.append(made)
    found.sort(key=lambda row: -abs(row.difference) * row.n)
    return tuple(found)


def _chance(item: Candidate, rows: Judged, sign: float) -> float:
    """Chance of so many worse rows among those held out, were neither model better there."""
    inside = item.rows & rows.held_out
    gap = sign * (rows.after[inside] - rows.before[inside])
    gap = gap[~np.isnan(gap)]
    if len(gap) < SMALLEST or gap.mean() <= 0:
        return 1.0
    if rows.is_judged and rows.weight is None:
        return mcnemar(int((gap > 0).sum()), int((gap < 0).sum()))
    weight = None if rows.weight is None else rows.weight[inside]
    return mean_difference(gap, weight).p


def _slice(item: Candidate, rows: Judged, p: float, *, is_worse: bool) -> DifferenceSlice | None:
    known = ~np.isnan(rows.after) & ~np.isnan(rows.before)
    inside, held = item.rows & known, rows.held_out & known
    here, there = inside & held, ~inside & held
    n = int(here.sum())
    weight = None if rows.weight is None else rows.weight[here]
    before, after = (
        _average(rows.before, here, rows.weight),
        _average(rows.after, here, rows.weight),
    )
    gap = rows.after[here] - rows.before[here]
    fixed, broken = int((gap < 0).sum()), int((gap > 0).sum())
    if rows.is_judged and rows.weight is None:
        low, high = paired_share(fixed, broken, n)
        before, after = 1 - before, 1 - after
        sign = -1.0
    else:
        found = mean_difference(gap, weight)
        low, high, sign = found.low, found.high, 1.0
        if rows.is_judged:
            before, after, low, high, sign = 1 - before, 1 - after, -high, -low, -1.0
    rest = sign * (
        _average(rows.after, there, rows.weight) - _average(rows.before, there, rows.weight)
    )
    whole = rows.after[inside] - rows.before[inside]
    made = DifferenceSlice(
        WORSE if is_worse else BETTER, item.where, int(inside.sum()),
        float(inside.sum() / max(1, known.sum())), before, after, after - before, low, high, rest,
        p, int((whole < 0).sum()) if rows.is_judged else -1,
        int((whole > 0).sum()) if rows.is_judged else -1, n, "",
    )  # fmt: skip
    return slice_sentence(made, item.sentence, rows.measure)


def _average(values: Floats, mask: Bools, weight: Floats | None) -> float:
    if not mask.any():
        return float("nan")
    return float(np.average(values[mask], weights=None if weight is None else weight[mask]))


def _holm(p: Sequence[float], tested: int) -> list[float]:
    """Corrected for `tested` p-values, of which the others are taken to be larger."""
    order = np.argsort(p, kind="stable")
    found = np.ones(len(p))
    least = 0.0
    for place, index in enumerate(order.tolist()):
        least = max(least, min(1.0, p[index] * (tested - place)))
        found[index] = least
    values: list[float] = found.tolist()
    return values
