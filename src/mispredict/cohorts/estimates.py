"""Weighted means with their intervals, and the interval of the difference of two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.metrics.intervals import effective, mean_bounds, share_bounds

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean with its interval, its standard error and the number of rows it is from."""

    value: float
    low: float
    high: float
    error: float
    n: int


def estimate(values: Floats, weight: Floats, *, is_share: bool, level: float) -> Estimate:
    """Weighted mean of the values; NaN with NaN bounds where there is no weight.

    Args:
        values: known values.
        weight: of each value.
        is_share: all values are in [0, 1], so that Wilson's interval holds.
        level: of the interval.
    """
    total = float(weight.sum())
    if not total > 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, len(values))
    mean = float((weight * values).sum() / total)
    away = weight * (values - mean) / total
    error = float(np.sqrt((away**2).sum()))
    rows = effective(np.array([total]), np.array([(weight**2).sum()]))
    at, se = np.array([mean]), np.array([error])
    if is_share:
        low, high = share_bounds(at, se, rows, level)
    else:
        skew = (away**3).sum() / error**3 if error > 0 else 0.0
        low, high = mean_bounds(at, se, np.array([skew]), rows - 1, level)
    return Estimate(mean, float(low[0]), float(high[0]), error, len(values))


def difference_bounds(
    above: tuple[float, float, float], below: tuple[float, float, float], correlation: float
) -> tuple[float, float]:
    """Interval of `above - below`, each given as value, low and high.

    Method of variance estimates recovery (Zou & Donner 2008): the intervals of the two are
    kept, so that it holds for shares near 0 and 1. A value with itself as both bounds is exact.
    """
    (a, a_low, a_high), (b, b_low, b_high) = above, below
    low = _distance(a - a_low, b_high - b, correlation)
    high = _distance(a_high - a, b - b_low, correlation)
    return a - b - low, a - b + high


def _distance(one: float, other: float, correlation: float) -> float:
    return float(np.sqrt(max(one**2 + other**2 - 2 * correlation * one * other, 0.0)))
