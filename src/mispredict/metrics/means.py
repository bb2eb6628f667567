"""Metrics that are a mean, a quantile or a ratio of moments: of errors, and of any loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.metrics.intervals import (
    effective,
    mean_bounds,
    rank_bounds,
    t_of,
)
from mispredict.metrics.outcomes import Array
from mispredict.metrics.registry import Ask, aggregate
from mispredict.metrics.statistics import Estimates, Joint, Moments, Statistics

_REGRESSION = [TaskKind.REGRESSION]
_SKEWED = "Student's t, corrected for skewness (Hall 1992)"
_RANKS = "order statistics (Woodruff 1952)"
_INFINITE = float("inf")


@aggregate("loss", TaskKind, higher_is_better=False, high=_INFINITE, interval=_SKEWED)
def loss(stats: Statistics, ask: Ask) -> Estimates:
    """Mean of the loss per row: the model's own (log loss, absolute error) or the one given."""
    return mean_estimates(stats.moments("loss"), ask)


@aggregate(
    "loss_quantile",
    TaskKind,
    argument="quantile",
    higher_is_better=False,
    high=_INFINITE,
    interval=_RANKS,
)
def loss_quantile(stats: Statistics, ask: Ask) -> Estimates:
    """Loss that the given share of rows stay below, such as loss_quantile[0.9]."""
    return _quantile_estimates(stats, "loss", ask.q, ask)


@aggregate(
    "mae",
    _REGRESSION,
    higher_is_better=False,
    high=_INFINITE,
    interval=_SKEWED,
    source="sklearn.metrics.mean_absolute_error",
)
def mae(stats: Statistics, ask: Ask) -> Estimates:
    """Mean absolute error, in the label's unit."""
    return mean_estimates(stats.moments("absolute"), ask, low=0.0)


@aggregate(
    "mse",
    _REGRESSION,
    higher_is_better=False,
    high=_INFINITE,
    interval=_SKEWED,
    source="sklearn.metrics.mean_squared_error",
)
def mse(stats: Statistics, ask: Ask) -> Estimates:
    """Mean squared error: large errors count most."""
    return mean_estimates(stats.moments("squared"), ask, low=0.0)


@aggregate(
    "rmse",
    _REGRESSION,
    higher_is_better=False,
    high=_INFINITE,
    interval="root of the mean squared error's",
    source="sklearn.metrics.root_mean_squared_error",
)
def rmse(stats: Statistics, ask: Ask) -> Estimates:
    """Root of the mean squared error, in the label's unit."""
    squared = mse(stats, ask)
    return Estimates(*(np.sqrt(part) for part in (squared.value, squared.low, squared.high)))


@aggregate(
    "bias", _REGRESSION, higher_is_better=None, low=-_INFINITE, high=_INFINITE, interval=_SKEWED
)
def bias(stats: Statistics, ask: Ask) -> Estimates:
    """Mean of label − prediction: positive where the model predicts too little."""
    return mean_estimates(stats.moments("residual"), ask)


@aggregate(
    "mape",
    _REGRESSION,
    higher_is_better=False,
    high=_INFINITE,
    interval=_SKEWED,
    source="sklearn.metrics.mean_absolute_percentage_error",
)
def mape(stats: Statistics, ask: Ask) -> Estimates:
    """Mean of absolute error over absolute label, as a share; huge where labels are near 0."""
    return mean_estimates(stats.moments("percentage"), ask, low=0.0)


@aggregate(
    "pinball",
    _REGRESSION,
    argument="quantile",
    higher_is_better=False,
    high=_INFINITE,
    interval=_SKEWED,
    source="sklearn.metrics.mean_pinball_loss; Koenker & Bassett 1978",
)
def pinball(stats: Statistics, ask: Ask) -> Estimates:
    """Mean loss of a predicted quantile, such as pinball[0.9]: too low costs q, too high 1 − q."""
    return mean_estimates(stats.moments(f"pinball[{ask.q!r}]"), ask, low=0.0)


@aggregate(
    "median_absolute_error",
    _REGRESSION,
    higher_is_better=False,
    high=_INFINITE,
    interval=_RANKS,
    source="sklearn.metrics.median_absolute_error",
)
def median_absolute_error(stats: Statistics, ask: Ask) -> Estimates:
    """Absolute error that half of the rows stay below."""
    return _quantile_estimates(stats, "absolute", 0.5, ask)


@aggregate(
    "max_error",
    _REGRESSION,
    higher_is_better=False,
    high=_INFINITE,
    interval="none: the largest error says nothing of how much larger the next may be",
    source="sklearn.metrics.max_error",
)
def max_error(stats: Statistics, ask: Ask) -> Estimates:
    """Largest absolute error."""
    value = stats.maximum("absolute")
    return Estimates(value, np.full_like(value, np.nan), np.full_like(value, np.nan))


@aggregate(
    "r2",
    _REGRESSION,
    low=-_INFINITE,
    interval="delta method on the scale of ln(1 − R²)",
    source="sklearn.metrics.r2_score",
)
def r2(stats: Statistics, ask: Ask) -> Estimates:
    """Share of the label's variance that the prediction explains; 0 for its mean, or less."""
    estimates = _explained(_about_zero(stats.joint("residual", "label")), ask)
    few = stats.rows() < 2
    return Estimates(np.where(few, np.nan, estimates.value), estimates.low, estimates.high)


@aggregate(
    "explained_variance",
    _REGRESSION,
    low=-_INFINITE,
    interval="delta method on the scale of ln(1 − share)",
    source="sklearn.metrics.explained_variance_score",
)
def explained_variance(stats: Statistics, ask: Ask) -> Estimates:
    """R² of a prediction whose mean error (bias) is taken off first."""
    return _explained(stats.joint("residual", "label"), ask)


def mean_estimates(
    m: Moments, ask: Ask, *, low: float = -_INFINITE, high: float = _INFINITE
) -> Estimates:
    """Mean of a column with an interval inside the range of its values."""
    size = effective(m.weight, m.weight2)
    with np.errstate(all="ignore"):
        error = np.sqrt(m.noise) / m.weight * np.sqrt(size / (size - 1))
        skew = np.where(m.noise > 0, m.third / m.noise**1.5, 0.0)
    bounds = mean_bounds(m.mean, error, skew, size - 1, ask.level)
    return Estimates(m.mean, *(np.clip(bound, low, high) for bound in bounds))


def _quantile_estimates(stats: Statistics, column: str, q: float, ask: Ask) -> Estimates:
    m = stats.moments(column)
    low, high = rank_bounds(q, effective(m.weight, m.weight2), ask.level)
    shares = np.stack([np.full(low.shape, q), low, high], axis=1)
    return Estimates(*stats.quantiles(column, shares).T)


def _about_zero(joint: Joint) -> Joint:
    """Moments of the residual about 0 instead of its mean."""
    j, b = joint, joint.x
    return replace(
        joint,
        xx=j.xx + j.weight * b**2,
        x2=j.x2 + j.weight2 * b**2,
        x2y2=j.x2y2 + 2 * b * j.xyy + b**2 * j.y2,
        x4=j.x4 + 4 * b * j.x3 + 6 * b**2 * j.x2 + j.weight2 * b**4,
    )


def _explained(joint: Joint, ask: Ask) -> Estimates:
    """1 − Σ w x² / Σ w y², with the interval of the ratio's logarithm."""
    size = effective(joint.weight, joint.weight2)
    with np.errstate(all="ignore"):
        ratio = joint.xx / joint.yy
        value = np.where(joint.yy > 0, 1 - ratio, np.where(joint.xx > 0, 0.0, 1.0))
        # influence of a row on ln(xx / yy): x²/xx − y²/yy
        most = joint.x4 / joint.xx**2 + joint.y4 / joint.yy**2
        variance = most - 2 * joint.x2y2 / (joint.xx * joint.yy)
        error = np.sqrt(np.maximum(variance, 0.0) * size / (size - 1))
        half = t_of(ask.level, size - 1) * error
        bounds = (1 - ratio * np.exp(half), 1 - ratio * np.exp(-half))
        known = (joint.xx > 0) & (joint.yy > 0) & (size > 1) & (variance > 1e-9 * most)
    bounds_known = tuple(np.where(known, bound, np.nan) for bound in bounds)
    return Estimates(_if_rows(joint, value), *bounds_known)


def _if_rows(joint: Joint, value: Array) -> Array:
    return np.where(joint.n > 0, value, np.nan)
