"""Means of the differences of rows, by group, with Student's interval and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.metrics.intervals import effective, mean_bounds

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class MeanDifference:
    """A mean with its interval and the chance of one so far from 0."""

    value: float
    low: float
    high: float
    p: float


def mean_difference(
    values: Floats, weight: Floats | None = None, *, level: float = 0.95
) -> MeanDifference:
    """The (weighted) mean of known values, by Student's t corrected for skewness.

    Example:
        >>> found = mean_difference(np.array([1.0, 2.0, 3.0]))
        >>> round(found.value, 3), round(found.p, 3)
        (2.0, 0.074)
    """
    weights = np.ones(len(values)) if weight is None else weight
    spread = Spread.of(np.zeros(len(values), np.int64), values, weights, 1)
    low, high = mean_bounds(spread.mean, spread.error, spread.skew, spread.freedom, level)
    return MeanDifference(
        float(spread.mean[0]), float(low[0]), float(high[0]), float(spread.p()[0])
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """Weighted means of groups with their standard errors and skewness."""

    n: Floats
    weight: Floats
    mean: Floats
    error: Floats
    skew: Floats
    freedom: Floats

    @classmethod
    def of(cls, codes: npt.NDArray[np.int64], values: Floats, weight: Floats, n: int) -> Spread:
        with np.errstate(divide="ignore", invalid="ignore"):
            rows = np.bincount(codes, minlength=n).astype(np.float64)
            total = np.bincount(codes, weight, n).astype(np.float64)
            squares = np.bincount(codes, weight**2, n).astype(np.float64)
            mean = np.bincount(codes, weight * values, n) / np.where(total > 0, total, np.nan)
            away = weight * (values - mean[codes]) / total[codes]
            size = effective(total, squares)
            error = np.sqrt(np.bincount(codes, away**2, n) * size / (size - 1))
            skew = np.bincount(codes, away**3, n) / error**3
        total = np.where(total > 0, total, np.nan)
        skew = np.where(np.isfinite(skew), skew, 0.0)
        return cls(rows, total, mean, np.nan_to_num(error), skew, size - 1)

    def p(self) -> Floats:
        """Of a mean of 0, by Student's t; where all rows are alike, by their signs."""
        from scipy.special import stdtr

        with np.errstate(divide="ignore", invalid="ignore"):
            tailed = 2 * stdtr(self.freedom, -np.abs(self.mean) / self.error)
        alike = np.where(self.mean == 0, 1.0, np.minimum(1.0, 2.0 ** (1 - self.n)))
        chance: Floats = np.where(self.error > 0, tailed, alike)
        return chance
