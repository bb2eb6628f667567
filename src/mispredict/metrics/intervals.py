"""Intervals of estimates: proportions, means, ranks, quantiles and anything by resampling.

Every `*_bounds` function works on arrays of groups and returns arrays `(low, high)`, NaN where
there is nothing to estimate from. `docs/concepts/intervals.md` has their measured coverage.
"""

from __future__ import annotations

from collections.abc import Callable
from statistics import NormalDist
from typing import TypeAlias

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.results import Interval
from mispredict.metrics.outcomes import Array

Bounds: TypeAlias = tuple[Array, Array]


def wilson(successes: float, n: float, *, level: float = 0.95) -> Interval:
    """Interval of a proportion that stays inside [0, 1] and holds for small n.

    Wilson score interval (Wilson 1927), preferred to the normal one, whose coverage fails near
    0 and 1 where error rates live.

    Raises:
        EmptyCohort: `n` is 0, so there is nothing to estimate from.

    Example:
        >>> interval = wilson(9, 10)
        >>> round(interval.low, 3), round(interval.high, 3)
        (0.596, 0.982)
    """
    if n <= 0:
        raise EmptyCohort("a proportion of no rows has no interval.", known=f"n is {n}.")
    if not 0 <= successes <= n:
        raise BadOption(f"{successes} successes of {n} are not a proportion.")
    low, high = wilson_bounds(np.asarray(successes / n), np.asarray(n), level)
    return Interval(float(low), float(high), level)


def wilson_bounds(share: Array, n: Array, level: float) -> Bounds:
    """Wilson's interval of shares of (effective) `n` rows; (NaN, NaN) where n is 0."""
    z2 = z_of(level) ** 2
    with np.errstate(all="ignore"):
        centre = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2 * (share * (1 - share) / n + z2 / (4 * n * n))) / (1 + z2 / n)
        known = (n > 0) & np.isfinite(share)
    low = np.where(known, np.where(share <= 0, 0.0, np.maximum(centre - half, 0.0)), np.nan)
    high = np.where(known, np.where(share >= 1, 1.0, np.minimum(centre + half, 1.0)), np.nan)
    return low, high


def share_bounds(share: Array, error: Array, n: Array, level: float) -> Bounds:
    """Wilson's interval for any estimate in [0, 1] with a standard error.

    Its `error` says how many rows of a proportion it is worth, n* = s (1 − s) / error² (Korn &
    Graubard 1998); where the error is 0, as at 0 and 1, `n` stands in.
    """
    with np.errstate(all="ignore"):
        worth = np.where(error > 0, share * (1 - share) / error**2, n)
    return wilson_bounds(share, np.where(n > 0, worth, 0.0), level)


def mean_bounds(mean: Array, error: Array, skew: Array, freedom: Array, level: float) -> Bounds:
    """Interval of a mean, with Student's t and corrected for skewness.

    Hall's transformation (Hall 1992) of the t statistic; losses are skewed, and the plain t
    interval of a few hundred rows leaves out too much on the upper side.

    Args:
        mean: the estimate.
        error: its standard error.
        skew: third cumulant of the mean over `error`³ (skewness / √n for equal weights).
        freedom: degrees of freedom, effective n − 1; (NaN, NaN) below 1.
        level: of confidence.
    """
    t = t_of(level, freedom)
    with np.errstate(all="ignore"):
        flat = np.abs(skew) < 1e-6
        safe = np.where(flat, 1.0, skew)

        def transformed(y: Array) -> Array:
            hall = 3 / safe * (np.cbrt(1 + safe * (y - safe / 6)) - 1)
            return np.where(flat, y, hall)

        low, high = mean - error * transformed(t), mean - error * transformed(-t)
        known = (freedom > 0) & np.isfinite(mean)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def logit_bounds(share: Array, error: Array, level: float) -> Bounds:
    """Interval of an estimate in (0, 1) that is normal on the logit scale; NaN at 0 and 1."""
    z = z_of(level)
    with np.errstate(all="ignore"):
        centre = np.log(share / (1 - share))
        half = z * error / (share * (1 - share))
        low, high = (1 / (1 + np.exp(-(centre + sign * half))) for sign in (-1, 1))
    known = np.isfinite(centre) & np.isfinite(half)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def fisher_bounds(correlation: Array, error: Array, level: float) -> Bounds:
    """Interval of a correlation on Fisher's z scale (Fisher 1921); NaN at −1 and 1."""
    z = z_of(level)
    with np.errstate(all="ignore"):
        centre = np.arctanh(correlation)
        half = z * error / (1 - correlation**2)
        low, high = np.tanh(centre - half), np.tanh(centre + half)
    known = np.isfinite(centre) & np.isfinite(half)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def combined_bounds(
    parts: Array, low: Array, high: Array, shares: Array, correlation: Array | None = None
) -> Bounds:
    """Interval of Σ shares × parts from the intervals of the parts, `(G, K)` each.

    Method of variance estimates recovery (Zou & Donner 2008): the parts' own asymmetric
    intervals are kept, so the result holds near 0 and 1 where the delta method fails.
    """
    value = (shares * parts).sum(axis=1)
    down = np.where(shares > 0, shares * (parts - low), 0.0)
    up = np.where(shares > 0, shares * (high - parts), 0.0)
    return (
        np.clip(value - np.sqrt(_quadratic(down, correlation)), 0.0, 1.0),
        np.clip(value + np.sqrt(_quadratic(up, correlation)), 0.0, 1.0),
    )


def rank_bounds(q: float, n: Array, level: float) -> Bounds:
    """Shares below which the ends of a `q` quantile's interval lie (Woodruff 1952).

    The share of rows below the true quantile is a proportion of expectation q; the ends are the
    quantiles at its Wilson limits. NaN where the limit is beyond the smallest or largest row.
    """
    low, high = wilson_bounds(np.full(n.shape, q), n, level)
    with np.errstate(invalid="ignore"):
        known = (low * n >= 1) & ((1 - high) * n >= 1)
    return np.where(known, low, np.nan), np.where(known, high, np.nan)


def bootstrap(
    function: Callable[[Array], float],
    n: int,
    *,
    level: float = 0.95,
    draws: int = 400,
    seed: int = 0,
) -> Interval:
    """Interval of any statistic by resampling rows (percentile bootstrap, Efron 1979).

    Args:
        function: takes row numbers (with repetitions) and returns the statistic.
        n: number of rows.
        level: of confidence.
        draws: resamples; draws where the statistic is NaN are left out.
        seed: the same seed gives the same interval.

    Example:
        >>> import numpy as np
        >>> values = np.arange(100.0)
        >>> interval = bootstrap(lambda rows: values[rows].mean(), 100)
        >>> 40 < interval.low < 49.5 < interval.high < 60
        True
    """
    if n < 2:
        return Interval(np.nan, np.nan, level)
    rng = np.random.default_rng(seed)
    values = np.array([function(rng.integers(0, n, n)) for _ in range(draws)], np.float64)
    values = values[~np.isnan(values)]
    if values.size < draws / 2:
        return Interval(np.nan, np.nan, level)
    low, high = np.quantile(values, [(1 - level) / 2, (1 + level) / 2])
    return Interval(float(low), float(high), level)


def z_of(level: float) -> float:
    """Normal quantile of a two-sided level.

    Raises:
        BadOption: the level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise BadOption(
            f"level={level!r} is not a confidence level.",
            known="A level is between 0 and 1.",
            hint="level=0.95",
        )
    return NormalDist().inv_cdf((1 + level) / 2)


def t_of(level: float, freedom: Array) -> Array:
    """Student's t quantile of a two-sided level; NaN without degrees of freedom."""
    from scipy.special import stdtrit

    z_of(level)
    quantile: Array = stdtrit(np.where(freedom > 0, freedom, np.nan), (1 + level) / 2)
    return quantile


def effective(weight: Array, weight2: Array) -> Array:
    """Kish's effective number of rows, (Σw)² / Σw² (Kish 1965); n for equal weights."""
    out = np.zeros(np.shape(weight))
    rows: Array = np.divide(weight**2, weight2, out=out, where=weight2 > 0)
    return rows


def _quadratic(parts: Array, correlation: Array | None) -> Array:
    if correlation is None:
        squared: Array = (parts**2).sum(axis=1)
        return squared
    summed: Array = np.einsum("gj,gjk,gk->g", parts, correlation, parts)
    return np.maximum(summed, 0.0)
