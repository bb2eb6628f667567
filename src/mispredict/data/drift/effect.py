"""How far two sets of counts are from the same distribution: effect, interval, test of a bound.

The effect is the Hellinger distance, H² = ½ Σ (√p − √q)². The root stabilises the variance of a
share, so that c Σ (√p̂ − √q̂)² with c = 4 n m / (n + m) has a noncentral χ² distribution of
k − 1 degrees and noncentrality 2 c H², whatever the shares are (Freeman & Tukey 1950; Cressie &
Read 1984). Inverting it gives an interval that starts at 0 where noise explains what is seen,
and a test of "the effect is within the bound" (an equivalence or minimum-effect test, Murphy &
Myors 1999), which a million rows do not turn into an alarm.

Rules of thumb: near 0 the population stability index is 8 H² and the Jensen–Shannon distance
(base 2) 1.2 H; a shift of a normal column by d standard deviations has H² = 1 − exp(−d²/8), so
that H = 0.05 is a shift by 0.14, or 50 % becoming 57 %.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[Any]

_HUGE = 1e4  # statistics from which on the normal limit is exact to 1e-3 standard errors


@dataclass(frozen=True, slots=True)
class Effect:
    """A Hellinger distance, noise taken off, with its interval; `p` is of one within the bound."""

    value: float
    low: float
    high: float
    p: float


def hellinger(reference: Counts, current: Counts, *, bound: float, level: float = 0.95) -> Effect:
    """The distance of the distributions behind two arrays of counts of the same cells.

    Cells should hold at least about five rows together. NaN where a side has no rows.

    Example:
        >>> effect = hellinger(np.array([500, 500]), np.array([700, 300]), bound=0.05)
        >>> round(effect.value, 2), effect.low > 0.1
        (0.14, True)
    """
    n, m = float(reference.sum()), float(current.sum())
    if n <= 0 or m <= 0:
        return Effect(np.nan, np.nan, np.nan, np.nan)
    gaps = np.sqrt(reference / n) - np.sqrt(current / m)
    scale = 4 * n * m / (n + m)
    statistic = scale * float((gaps * gaps).sum())
    freedom = max(int(np.count_nonzero(reference + current)) - 1, 1)
    tail = (1 - level) / 2
    low = noncentrality(statistic, freedom, 1 - tail)
    high = noncentrality(max(statistic, float(freedom)), freedom, tail)
    value = max(statistic - freedom, 0.0)

    def distance(noncentral: float) -> float:
        return float(min(1.0, np.sqrt(noncentral / (2 * scale))))

    p = upper_tail(statistic, freedom, 2 * scale * bound * bound)
    return Effect(distance(value), distance(low), distance(high), p)


def noncentrality(statistic: float, freedom: int, share: float) -> float:
    """The noncentrality at which the statistic is the quantile `share`; 0 if there is none."""
    if 1 - upper_tail(statistic, freedom, 0.0) <= share:
        return 0.0
    low, high = 0.0, max(4.0 * statistic, 100.0)
    for _ in range(60):
        middle = (low + high) / 2
        if 1 - upper_tail(statistic, freedom, middle) > share:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def upper_tail(statistic: float, freedom: int, noncentral: float) -> float:
    """P(χ² of that noncentrality ≥ the statistic)."""
    from scipy.special import chndtr, ndtr

    if statistic + noncentral > _HUGE:
        root = np.sqrt(max(statistic - (freedom - 1) / 2, 0.0))
        return float(ndtr(np.sqrt(noncentral + (freedom - 1) / 2) - root))
    return float(max(1 - chndtr(statistic, freedom, noncentral), 0.0))


def psi(reference: Counts, current: Counts) -> float:
    """Population stability index Σ (q − p) ln(q / p); half a row stands in for an empty cell."""
    n, m = float(reference.sum()), float(current.sum())
    if n <= 0 or m <= 0:
        return float("nan")
    p = np.maximum(reference, 0.5) / n
    q = np.maximum(current, 0.5) / m
    used = (reference + current) > 0
    return float(((q - p) * np.log(q / p))[used].sum())


def larger(reference: Counts, current: Counts) -> float:
    """Chance that a current value is larger than a reference one, from ordered cells."""
    n, m = float(reference.sum()), float(current.sum())
    if n <= 0 or m <= 0:
        return float("nan")
    below = np.cumsum(reference) - reference / 2
    return float((current * below).sum() / (n * m))


def holm(p: Floats, *, extra: int = 0) -> Floats:
    """p-values corrected for their number and `extra` others (Holm 1979); NaN stays."""
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    factors = len(order) + extra - np.arange(len(order))
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * factors))
    return adjusted
