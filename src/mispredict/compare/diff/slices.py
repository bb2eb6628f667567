"""Cohorts in which one model is really worse than the other: what a search found, tested.

The search looks where the difference is larger than elsewhere. A regressed cohort must be more:
there, the later model must be worse than the earlier one, on rows that the search did not see.
And each must be so beside the cohorts found before it, whose rows may be all that is in it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from mispredict.compare.diff.diff import BETTER, WORSE, DifferenceSlice
from mispredict.compare.diff.metrics import SIGNIFICANCE, holm
from mispredict.compare.diff.sides import Bools, Floats
from mispredict.compare.diff.words import slice_sentence
from mispredict.metrics.paired import mcnemar, paired_share
from mispredict.metrics.paired_means import mean_difference

SMALLEST = 10  # rows that confirm


@dataclass(frozen=True, eq=False)
class Candidate:
    """A cohort that the search found: its text and sentence, and its rows."""

    where: str
    sentence: str
    rows: Bools


@dataclass(frozen=True, eq=False)
class Judged:
    """What both models make of each row, and which rows may confirm.

    `before` and `after` are 1 of a wrong row and 0 of a right one, or losses; NaN where the row
    does not count.
    """

    before: Floats
    after: Floats
    known: Bools
    held_out: Bools
    weight: Floats | None
    is_judged: bool
    measure: str

    @cached_property
    def gap(self) -> Floats:
        """By how much each row is worse after."""
        return self.after - self.before

    @property
    def is_counted(self) -> bool:
        """Whether rows are right or wrong and weigh alike, so that counts say all."""
        return self.is_judged and self.weight is None

    @cached_property
    def broken(self) -> Bools:
        return self.known & (self.gap > 0)

    @cached_property
    def fixed(self) -> Bools:
        return self.known & (self.gap < 0)


def confirmed(
    candidates: Sequence[Candidate], rows: Judged, *, is_worse: bool
) -> tuple[DifferenceSlice, ...]:
    """Those of the candidates in which the later model is worse (or better), worst first.

    Args:
        candidates: in the order in which they were found.
        rows: what both models make of the rows.
        is_worse: whether the later model is to be worse there.
    """
    sign = 1.0 if is_worse else -1.0
    left, held = np.ones(len(rows.known), np.bool_), rows.known & rows.held_out
    chances = []
    for item in candidates:
        whole = _chance(item.rows & held, held & ~item.rows, rows, sign)
        alone = _chance(item.rows & held & left, held & left & ~item.rows, rows, sign)
        chances.append(max(whole, alone))
        left &= ~item.rows
    adjusted = holm(chances)
    found = [
        _slice(item, rows, p, is_worse=is_worse)
        for item, p in zip(candidates, adjusted, strict=True)
        if p <= SIGNIFICANCE
    ]
    found.sort(key=lambda row: -abs(row.difference) * row.n)
    return tuple(found)


def _chance(inside: Bools, outside: Bools, rows: Judged, sign: float) -> float:
    """Chance of rows as much worse inside, were neither model better there, or no better than
    elsewhere; the larger of the two."""
    n = np.count_nonzero(inside)
    if n < SMALLEST:
        return 1.0
    here, there = _spread(inside, rows, sign), _spread(outside, rows, sign)
    if here[0] <= max(0.0, there[0]):
        return 1.0
    if rows.is_counted:
        zero = mcnemar(*(_count(inside & part) for part in (rows.fixed, rows.broken)))
    else:
        weight = None if rows.weight is None else rows.weight[inside]
        zero = mean_difference(rows.gap[inside], weight).p
    return max(zero, _welch(here, there))


Spread = tuple[float, float, float]  # mean, its variance, effective rows


def _spread(inside: Bools, rows: Judged, sign: float) -> Spread:
    """The mean of how much worse rows are, with its variance."""
    n = float(np.count_nonzero(inside))
    if rows.is_counted:
        broken, fixed = (_count(inside & part) for part in (rows.broken, rows.fixed))
        if n < 2:
            return 0.0, 0.0, n
        mean = (broken - fixed) / n
        return sign * mean, ((broken + fixed) / n - mean**2) / (n - 1), n
    gap = rows.gap[inside]
    weight = np.ones(len(gap)) if rows.weight is None else rows.weight[inside]
    total = float(weight.sum())
    if n < 2 or not total > 0:
        return 0.0, 0.0, n
    mean = float((weight * gap).sum()) / total
    size = total**2 / float((weight**2).sum())
    variance = float((weight**2 * (gap - mean) ** 2).sum()) / total**2
    return sign * mean, variance * size / max(size - 1, 1.0), size


def _welch(here: Spread, there: Spread) -> float:
    """Two-sided chance of such a difference of means (Welch 1947)."""
    from scipy.special import stdtr

    variance = here[1] + there[1]
    if variance <= 0:
        return 0.0 if here[2] > SMALLEST else 1.0
    parts = [part[1] ** 2 / max(part[2] - 1, 1.0) for part in (here, there)]
    freedom = variance**2 / sum(parts) if sum(parts) > 0 else here[2] + there[2] - 2
    return float(2 * stdtr(freedom, -(here[0] - there[0]) / math.sqrt(variance)))


def _slice(item: Candidate, rows: Judged, p: float, *, is_worse: bool) -> DifferenceSlice:
    """The cohort's figures on the rows that confirm, and its size among all."""
    held = rows.known & rows.held_out
    inside, here, there = item.rows & rows.known, item.rows & held, held & ~item.rows
    before, after = (_average(part, here, rows.weight) for part in (rows.before, rows.after))
    rest = _average(rows.after, there, rows.weight) - _average(rows.before, there, rows.weight)
    low, high = _bounds(here, rows)
    if rows.is_judged:  # people speak of accuracy, not of errors
        before, after, rest, low, high = 1 - before, 1 - after, -rest, -high, -low
    counts = [np.count_nonzero(inside & part) for part in (rows.fixed, rows.broken)]
    fixed, broken = (int(part) if rows.is_judged else -1 for part in counts)
    made = DifferenceSlice(
        WORSE if is_worse else BETTER, item.where, int(inside.sum()),
        float(inside.sum() / max(1, rows.known.sum())), before, after, after - before, low, high,
        rest, p, fixed, broken, int(here.sum()),
        rows.measure, "",
    )  # fmt: skip
    return slice_sentence(made, item.sentence)


def _bounds(here: Bools, rows: Judged) -> tuple[float, float]:
    """Interval of how much worse the rows are."""
    if rows.is_counted:
        fixed, broken = (int(np.count_nonzero(here & part)) for part in (rows.fixed, rows.broken))
        return paired_share(broken, fixed, int(here.sum()))
    found = mean_difference(rows.gap[here], None if rows.weight is None else rows.weight[here])
    return found.low, found.high


def _count(mask: Bools) -> int:
    return int(np.count_nonzero(mask))


def _average(values: Floats, mask: Bools, weight: Floats | None) -> float:
    if not mask.any():
        return float("nan")
    return float(np.average(values[mask], weights=None if weight is None else weight[mask]))
