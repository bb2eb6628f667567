"""What closing the gap between a cohort and its ceiling would add to the metric of all rows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.ceiling import Ceiling
from mispredict.cohorts.estimates import Estimate, difference_bounds, estimate
from mispredict.metrics.intervals import effective, wilson_bounds

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


def possible_gains(value: npt.ArrayLike, ceiling: npt.ArrayLike, share: npt.ArrayLike) -> Floats:
    """Gap to the ceiling times share of the data, for each cohort; 0 above the ceiling.

    It is in points of the metric over all rows, which must be a mean over rows (accuracy, mean
    loss …) for the product to be the gain.

    Example:
        >>> possible_gains([0.94, 0.89], [0.95, 0.93], [0.60, 0.04]).round(4).tolist()
        [0.006, 0.0016]
    """
    gap = np.asarray(ceiling, np.float64) - np.asarray(value, np.float64)
    gains: Floats = np.maximum(gap, 0.0) * np.asarray(share, np.float64)
    return gains


@dataclass(frozen=True, slots=True)
class Reference:
    """What someone else reached on the same rows: people or another model.

    `scores` are in the units of the metric, NaN where unknown.
    """

    scores: Floats
    source: str
    is_model: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """How rows are judged: `scores` per row (NaN where undefined) and their weights.

    `is_share` says that each score is in [0, 1], `is_loss` that less is better, `level` is
    that of intervals.
    """

    scores: Floats
    weight: Floats
    is_share: bool
    is_loss: bool
    is_weighted: bool
    level: float

    def estimate(self, scores: Floats, rows: Bools, level: float) -> Estimate:
        return estimate(scores[rows], self.weight[rows], is_share=self.is_share, level=level)


@dataclass(frozen=True, slots=True)
class Gain:
    """A cohort's value beside its ceiling; NaN where there is no ceiling.

    `gap` and `gain` are not below 0. `p` is one-sided, of "there is no gap".
    """

    value: Estimate
    ceiling: Ceiling
    gap: float
    gain: float
    low: float
    high: float
    p: float


_UNKNOWN = (np.nan, np.nan, np.nan, np.nan, np.nan)
NO_CEILING = Ceiling(np.nan, np.nan, np.nan, 0, "")


def gain_to(scale: Scale, rows: Bools, ceiling: Ceiling) -> Gain:
    """Gain up to a ceiling that does not come from these rows."""
    value = scale.estimate(scale.scores, rows, scale.level)
    if not np.isfinite(ceiling.value):
        return Gain(value, NO_CEILING, *_UNKNOWN)
    spread = (ceiling.high - ceiling.low) / 2
    error = float(np.hypot(value.error, _as_error(spread, scale.level)))
    p = _p_of_gap(_gap(scale, ceiling.value, value.value), error, value.n)
    if spread == 0 and _is_counted(scale, scale.scores[rows]):
        p = _p_of_share(scale, scale.scores[rows], ceiling.value)
    return _gain(scale, rows, value, ceiling, correlation=0.0, p=p, level=scale.level)


def gain_beside(scale: Scale, rows: Bools, references: list[Reference]) -> Gain:
    """Gain up to the best of several references on these very rows.

    Rows are paired: what is hard for both does not count against the gap's certainty. The
    best of several is best by luck too, so interval and p are Bonferroni's for their number.
    """
    choices = len(references)
    level = 1 - (1 - scale.level) / choices
    value = scale.estimate(scale.scores, rows, level)
    ceilings = []
    for reference in references:
        known = rows & np.isfinite(reference.scores)
        found = scale.estimate(reference.scores, known, level)
        ceilings.append(Ceiling(found.value, found.low, found.high, found.n, reference.source))
    gaps = [_gap(scale, ceiling.value, value.value) for ceiling in ceilings]
    if not np.isfinite(gaps).any():
        return Gain(value, NO_CEILING, *_UNKNOWN)
    best = int(np.nanargmax(gaps))
    covariance, error = _paired(scale, rows, references[best].scores)
    errors = value.error * _error_of(scale, rows, references[best].scores)
    correlation = float(np.clip(covariance / errors, -1, 1)) if errors > 0 else 0.0
    p = _p_of_gap(gaps[best], error, value.n)
    if _is_counted(scale, scale.scores[rows]) and _is_counted(scale, references[best].scores[rows]):
        p = _p_of_pairs(scale, rows, references[best].scores)
    p = min(1.0, p * choices)
    return _gain(scale, rows, value, ceilings[best], correlation=correlation, p=p, level=level)


def _gain(
    scale: Scale,
    rows: Bools,
    value: Estimate,
    ceiling: Ceiling,
    *,
    correlation: float,
    p: float,
    level: float,
) -> Gain:
    """The gain with an interval of both gap and share.

    Given how many rows the cohort has, its value does not depend on their share, so that the
    squared distances of both factors add up.
    """
    above, below = (
        (ceiling.value, ceiling.low, ceiling.high),
        (value.value, value.low, value.high),
    )
    if scale.is_loss:
        above, below = below, above
    gap_low, gap_high = difference_bounds(above, below, correlation)
    gap = _gap(scale, ceiling.value, value.value)
    known = np.isfinite(scale.scores)
    total = scale.weight[known]
    share = scale.weight[rows].sum() / total.sum()
    size = effective(np.array([total.sum()]), np.array([(total**2).sum()]))
    share_low, share_high = wilson_bounds(np.array([share]), size, level)
    low = share * gap - np.hypot(share * (gap - gap_low), gap * (share - share_low[0]))
    high = share * gap + np.hypot(share * (gap_high - gap), gap * (share_high[0] - share))
    shown = np.maximum(0.0, [gap, share * gap, low, high]).tolist()
    return Gain(value, ceiling, shown[0], shown[1], shown[2], shown[3], p)


def _gap(scale: Scale, ceiling: float, value: float) -> float:
    return value - ceiling if scale.is_loss else ceiling - value


def _paired(scale: Scale, rows: Bools, scores: Floats) -> tuple[float, float]:
    """Covariance of both means and standard error of their difference."""
    both = rows & np.isfinite(scores)
    own, other = _away(scale, rows, scale.scores), _away(scale, both, scores)
    covariance = float((own * other).sum())
    error = float(np.sqrt(max(((own - other) ** 2).sum(), 0.0)))
    return covariance, error


def _away(scale: Scale, rows: Bools, scores: Floats) -> Floats:
    """What each row adds to the difference of the weighted mean from its expectation."""
    weight = np.where(rows, scale.weight, 0.0)
    total = weight.sum()
    known = np.where(rows, scores, 0.0)
    mean = (weight * known).sum() / total if total > 0 else 0.0
    away: Floats = np.where(rows, weight * (known - mean), 0.0) / max(total, 1e-300)
    return away


def _error_of(scale: Scale, rows: Bools, scores: Floats) -> float:
    both = rows & np.isfinite(scores)
    return float(np.sqrt((_away(scale, both, scores) ** 2).sum()))


def _as_error(spread: float, level: float) -> float:
    from mispredict.metrics.intervals import z_of

    return spread / z_of(level)


def _is_counted(scale: Scale, scores: Floats) -> bool:
    """Whether the rows are right or wrong, each counting once: then tests can be exact."""
    return not scale.is_weighted and bool(((scores == 0) | (scores == 1)).all())


def _p_of_gap(gap: float, error: float, n: int) -> float:
    from scipy import stats

    if not np.isfinite(gap) or n < 2:
        return np.nan
    if error <= 0:
        return 0.0 if gap > 0 else 1.0
    return float(stats.t.sf(gap / error, n - 1))


def _p_of_share(scale: Scale, scores: Floats, ceiling: float) -> float:
    """Chance of so few right rows (or so many wrong ones) at the ceiling; binomial, mid-p."""
    from scipy import stats

    right = float(scores.sum()) if not scale.is_loss else float((1 - scores).sum())
    share = ceiling if not scale.is_loss else 1 - ceiling
    return _mid_p(stats.binom(len(scores), min(max(share, 0.0), 1.0)), right)


def _p_of_pairs(scale: Scale, rows: Bools, scores: Floats) -> float:
    """McNemar's test: which of the two is right where only one is; binomial, mid-p."""
    from scipy import stats

    own, other = scale.scores[rows], scores[rows]
    better = float((own > other).sum())
    worse = float((own < other).sum())
    if scale.is_loss:
        better, worse = worse, better
    return _mid_p(stats.binom(better + worse, 0.5), better) if better + worse else 1.0


def _mid_p(counts: object, found: float) -> float:
    return float(counts.cdf(found) - counts.pmf(found) / 2)  # type: ignore[attr-defined]
