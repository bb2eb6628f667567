"""How strongly belonging to a group goes with being wrong."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.metrics.intervals import wilson_bounds

Floats = npt.NDArray[np.float64]

_SMALL = 10  # expected count under which the exact test replaces the normal one


@dataclass(frozen=True)
class Groups:
    """Sums of a target over possibly overlapping groups of the same rows.

    `n` and `total` have one element per group; `squares` is the sum of squared targets, which
    for a 0/1 target equals `total`. `all_n`, `all_total`, `all_squares` are over all rows.
    """

    n: Floats
    total: Floats
    squares: Floats
    all_n: float
    all_total: float
    all_squares: float
    is_binary: bool

    @property
    def mean(self) -> Floats:
        return _ratio(self.total, self.n)

    @property
    def rest(self) -> Floats:
        """Mean of the rows outside each group; NaN where there are none."""
        return _ratio(self.all_total - self.total, self.all_n - self.n)


def p_values(groups: Groups) -> Floats:
    """Two-sided p of "the mean inside equals the mean outside", one per group.

    Exact (hypergeometric, mid-p) for a 0/1 target where a count is small, else normal; Welch
    for other targets. NaN where inside or outside is empty.
    """
    from scipy import stats

    with np.errstate(all="ignore"):
        z = (groups.mean - groups.rest) / np.sqrt(_variance(groups))
        p: Floats = np.where(np.isfinite(z), 2 * stats.norm.sf(np.abs(z)), np.nan)
    if not groups.is_binary:
        return p
    expected = groups.n * groups.all_total / max(groups.all_n, 1)
    other = groups.n * (1 - groups.all_total / max(groups.all_n, 1))
    small = (np.minimum(expected, other) < _SMALL) & (groups.n > 0) & (groups.n < groups.all_n)
    p[small] = _exact(groups, small)
    return p


def adjusted(p: Floats) -> Floats:
    """p corrected for having looked at all of them (Benjamini & Yekutieli 2001); NaN stays."""
    from scipy import stats

    result = np.full(len(p), np.nan)
    known = np.isfinite(p)
    if known.any():
        result[known] = stats.false_discovery_control(p[known], method="by")
    return result


def mean_intervals(groups: Groups, level: float = 0.95) -> tuple[Floats, Floats]:
    """Interval of each group's mean: Wilson for a 0/1 target, else Student's t."""
    from scipy import stats

    n, mean = np.maximum(groups.n, 1), groups.mean
    if groups.is_binary:
        return wilson_bounds(mean, n, level)
    spread = np.sqrt(np.maximum(groups.squares / n - mean**2, 0) / np.maximum(n - 1, 1))
    half = stats.t.ppf(0.5 + level / 2, np.maximum(n - 1, 1)) * spread
    return mean - half, mean + half


def _variance(groups: Groups) -> Floats:
    rest_n = groups.all_n - groups.n
    if groups.is_binary:
        pooled = groups.all_total / groups.all_n if groups.all_n else math.nan  # all weigh 0
        return pooled * (1 - pooled) * (1 / groups.n + 1 / rest_n)
    inside = groups.squares / groups.n - groups.mean**2
    outside = (groups.all_squares - groups.squares) / rest_n - groups.rest**2
    result: Floats = np.maximum(inside, 0) / groups.n + np.maximum(outside, 0) / rest_n
    return result


def _exact(groups: Groups, chosen: npt.NDArray[np.bool_]) -> Floats:
    from scipy import stats

    pairs: Floats = np.column_stack([groups.n[chosen], groups.total[chosen]]).round()
    # Of many small groups most are alike, and each test costs a sum over all rows.
    (n, errors), place = _distinct(pairs)
    drawn = stats.hypergeom(round(groups.all_n), round(groups.all_total), n)
    half = drawn.pmf(errors) / 2
    upper = drawn.sf(errors) + half
    lower = drawn.cdf(errors) - half
    result: Floats = np.minimum(1, 2 * np.minimum(upper, lower))[place]
    return result


def _distinct(pairs: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """The columns of the distinct rows, and at which of them each row is."""
    found, place = np.unique(pairs, axis=0, return_inverse=True)
    return found.T, place.reshape(-1)


def _ratio(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(all="ignore"):
        result: Floats = np.where(bottom > 0, top / bottom, np.nan)
    return result
