"""Which cohorts carry a difference: by being more or fewer rows, or by another metric within."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mispredict.compare.changed.changed import ChangedCohort
from mispredict.compare.changed.divide import BLOCKS, blocks_of, jackknife

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

MOST = 10
LEAST_ROWS = 30  # on each side
_CERTAIN = 0.05


@dataclass(frozen=True, eq=False)
class Valued:
    """Rows of one side with a value each, such as 1 for right; NaN where it is not known."""

    value: Floats
    weight: Floats
    unit: Numbers


@dataclass(frozen=True, eq=False)
class Candidate:
    """A cohort, and its rows on both sides."""

    where: str
    sentence: str
    before: Bools
    after: Bools


def carriers(
    sides: Sequence[Valued], candidates: Sequence[Candidate], *, is_mixed: bool
) -> tuple[ChangedCohort, ...]:
    """The cohorts that surely changed, those that carry most of the difference first.

    A cohort and all other rows make up the whole, so the difference is what the cohort does by
    its share, by its own mean, and what the others do (Kitagawa 1955). What is reported moved by
    another amount than all other rows did or, with `is_mixed`, became more or fewer rows: a
    cohort that falls with everything else carries nothing of its own. p is corrected for all
    that were looked at (Benjamini & Yekutieli 2001).
    """
    blocks = [blocks_of(side.unit, BLOCKS) for side in sides]
    totals = [_sums(side, None, block) for side, block in zip(sides, blocks, strict=True)]
    made, p_mix = [], []
    for item in candidates:
        masks = (item.before, item.after)
        if min(int(mask.sum()) for mask in masks) < LEAST_ROWS:
            continue
        own = [
            _sums(side, mask, block) for side, mask, block in zip(sides, masks, blocks, strict=True)
        ]
        cohort, of_mix = _cohort(item, own, totals)
        made.append(cohort)
        p_mix.append(of_mix)
    if not made:
        return ()
    within = _adjusted([row.p_adjusted for row in made])
    mixed = _adjusted(p_mix) if is_mixed else np.ones(len(made))
    whole = _mean(totals[1])[0] - _mean(totals[0])[0]
    sign = 1.0 if whole >= 0 else -1.0
    chosen = [
        replace(row, p_adjusted=float(p))
        for row, p, mix in zip(made, within, mixed, strict=True)
        if min(p, mix) < _CERTAIN
    ]
    chosen = [row for row in chosen if sign * row.carried > 0]
    chosen.sort(key=lambda row: -sign * row.carried)
    return tuple(chosen[:MOST])


def _cohort(
    item: Candidate, own: Sequence[Floats], totals: Sequence[Floats]
) -> tuple[ChangedCohort, float]:
    """The cohort with the p of moving as the others do, and that of its share's difference."""
    rates = [_mean(part) for part in own]
    rests = [_mean(whole - part) for whole, part in zip(totals, own, strict=True)]
    parts = [part[1] / whole[1] for part, whole in zip(own, totals, strict=True)]
    difference, shift = rates[1] - rates[0], parts[1] - parts[0]
    elsewhere = rests[1] - rests[0]
    _, low, high = jackknife(difference, BLOCKS)
    excess = difference - elsewhere
    error = jackknife(excess, BLOCKS)[0]
    rate = float((parts[0] + parts[1])[0] / 2 * difference[0])
    mix = float(shift[0] * ((rates[0] + rates[1] - rests[0] - rests[1])[0] / 2))
    made = ChangedCohort(
        item.where, item.sentence, int(item.before.sum()), int(item.after.sum()),
        float(parts[0][0]), float(parts[1][0]), float(rates[0][0]), float(rates[1][0]),
        float(difference[0]), low, high, float(elsewhere[0]), _p(float(excess[0]), error),
        mix, rate, mix + rate,
    )  # fmt: skip
    return made, _p(float(shift[0]), jackknife(shift, BLOCKS)[0])


def _sums(side: Valued, mask: Bools | None, block: Numbers) -> Floats:
    """Sums of values and of weights, of all blocks and without each: `(2, 1 + blocks)`."""
    known = ~np.isnan(side.value) if mask is None else mask & ~np.isnan(side.value)
    rows = np.flatnonzero(known)
    weight = side.weight[rows]
    tables = np.stack(
        [
            np.bincount(block[rows], numbers, BLOCKS)
            for numbers in (weight * side.value[rows], weight)
        ]
    )
    whole = tables.sum(axis=1, keepdims=True)
    return np.concatenate([whole, whole - tables], axis=1)


def _mean(sums: Floats) -> Floats:
    with np.errstate(invalid="ignore", divide="ignore"):
        mean: Floats = sums[0] / sums[1]
    return mean


def _p(value: float, error: float) -> float:
    from scipy.special import stdtr

    if np.isnan(error):
        return float("nan")
    if error <= 0:
        return 1.0 if value == 0 else 0.0
    return float(2 * stdtr(BLOCKS - 1, -abs(value) / error))


def _adjusted(p: Sequence[float]) -> Floats:
    from scipy.stats import false_discovery_control

    known = np.nan_to_num(np.asarray(p, dtype=np.float64), nan=1.0)
    corrected: Floats = false_discovery_control(known, method="by")
    return corrected
