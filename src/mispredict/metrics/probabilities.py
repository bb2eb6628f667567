"""Metrics of predicted probabilities: how well they rank, and how far they can be believed."""

from __future__ import annotations

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.metrics.counts import only_where, quotient
from mispredict.metrics.intervals import effective, logit_bounds, wilson_bounds
from mispredict.metrics.means import mean_estimates
from mispredict.metrics.outcomes import Array
from mispredict.metrics.registry import CLASSIFICATION, LABELS, Ask, aggregate
from mispredict.metrics.statistics import Bins, Estimates, Ranked, Statistics

ECE_BINS = 15
_DRAWS = 1000


@aggregate(
    "log_loss",
    CLASSIFICATION,
    higher_is_better=False,
    high=float("inf"),
    needs_probabilities=True,
    interval="Student's t, corrected for skewness (Hall 1992)",
    source="sklearn.metrics.log_loss",
)
def log_loss(stats: Statistics, ask: Ask) -> Estimates:
    """Mean of −ln of the label's probability: certain mistakes cost most."""
    return mean_estimates(stats.moments("log_loss"), ask, low=0.0)


@aggregate(
    "brier_score",
    CLASSIFICATION,
    higher_is_better=False,
    high=2.0,
    needs_probabilities=True,
    interval="Student's t, corrected for skewness (Hall 1992)",
    source="sklearn.metrics.brier_score_loss; Brier 1950",
)
def brier_score(stats: Statistics, ask: Ask) -> Estimates:
    """Mean squared error of the probability: of the positive class (0 to 1), or summed over
    more than two classes (0 to 2)."""
    high = 1.0 if stats.task.kind is TaskKind.BINARY else 2.0
    return mean_estimates(stats.moments("brier"), ask, low=0.0, high=high)


@aggregate(
    "roc_auc",
    LABELS,
    argument="class",
    needs_probabilities=True,
    interval="DeLong on the logit scale",
    source="sklearn.metrics.roc_auc_score; DeLong, DeLong & Clarke-Pearson 1988",
)
def roc_auc(stats: Statistics, ask: Ask) -> Estimates:
    """Chance that a row of the class gets a higher probability of it than another row."""
    sums = stats.ranked(ask.k, precise=False)
    value, variance = auc_of(sums)
    return Estimates(value, *auc_bounds(value, variance, sums, ask.level))


@aggregate(
    "roc_auc_macro",
    LABELS,
    needs_probabilities=True,
    interval="DeLong over all classes together, on the logit scale",
    source="sklearn.metrics.roc_auc_score(multi_class='ovr'); Provost & Domingos 2000",
)
def roc_auc_macro(stats: Statistics, ask: Ask) -> Estimates:
    """Mean over the classes of the ROC AUC of each against the rest; NaN if one is absent."""
    ranked = [stats.ranked(k, precise=False) for k in range(len(stats.task.classes))]
    value = np.mean([auc_of(sums)[0] for sums in ranked], axis=0)
    bounds = logit_bounds(value, np.sqrt(stats.ranked_spread(ranked)), ask.level)
    return Estimates(value, *bounds)


@aggregate(
    "average_precision",
    LABELS,
    argument="class",
    needs_probabilities=True,
    interval="influence function on the logit scale",
    source="sklearn.metrics.average_precision_score",
)
def average_precision(stats: Statistics, ask: Ask) -> Estimates:
    """Mean precision at the scores of the positive rows: the area under the PR curve."""
    sums = stats.ranked(ask.k, precise=True)
    value = quotient(sums.precision, sums.positive)
    spread = sums.pull_positive2 - 2 * value * sums.pull_positive + value**2 * sums.positive2
    size = effective(sums.positive, sums.positive2)
    with np.errstate(all="ignore"):
        error = np.sqrt(np.maximum(spread + sums.pull_negative2, 0.0)) / sums.positive
        error = error * np.sqrt(size / (size - 1))
    low, high = logit_bounds(value, error, ask.level)
    edge = wilson_bounds(value, size, ask.level)
    sure = value >= 1 - 1e-12
    low, high = np.where(sure, edge[0], low), np.where(sure, edge[1], high)
    return only_where(stats.rows() > 0, Estimates(value, low, high))


@aggregate(
    "average_precision_macro",
    LABELS,
    needs_probabilities=True,
    interval="none",
    source="sklearn.metrics.average_precision_score(average='macro')",
)
def average_precision_macro(stats: Statistics, ask: Ask) -> Estimates:
    """Mean over the classes of the average precision of each against the rest."""
    classes = range(len(stats.task.classes))
    parts = [average_precision(stats, Ask(ask.level, k)).value for k in classes]
    value = np.mean(parts, axis=0)
    return Estimates(value, np.full_like(value, np.nan), np.full_like(value, np.nan))


@aggregate(
    "ece",
    CLASSIFICATION,
    higher_is_better=False,
    needs_probabilities=True,
    interval="parametric bootstrap of the bins, bias taken off",
    source="Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017; 15 equal-width bins",
)
def ece(stats: Statistics, ask: Ask) -> Estimates:
    """Expected calibration error: how far confidence in the predicted class is from the share
    that is right, averaged over bins of confidence. Random error pushes it up in small cohorts."""
    bins = stats.calibration(ECE_BINS)
    value = _ece_of(bins.correct - bins.confident, bins.weight)
    return Estimates(value, *_ece_bounds(bins, value, ask.level))


def auc_of(sums: Ranked) -> tuple[Array, Array]:
    """ROC AUC and its DeLong variance; NaN where a class is absent."""
    p, m = sums.positive, sums.negative
    with np.errstate(all="ignore"):
        value = np.where((p > 0) & (m > 0), 1 - sums.lost / (p * m), np.nan)
        of_positive = _placed(
            sums.lost / p, sums.positive2, sums.lost_positive, sums.lost_positive2, p, m
        )
        of_negative = _placed(
            sums.lost / m, sums.negative2, sums.lost_negative, sums.lost_negative2, m, p
        )
    return value, of_positive + of_negative


def auc_bounds(value: Array, variance: Array, sums: Ranked, level: float) -> tuple[Array, Array]:
    """Interval on the logit scale; at 0 and 1 of a share of the rarer class's rows."""
    with np.errstate(all="ignore"):
        low, high = logit_bounds(value, np.sqrt(variance), level)
    fewer = np.minimum(
        effective(sums.positive, sums.positive2), effective(sums.negative, sums.negative2)
    )
    edge = wilson_bounds(value, fewer, level)
    sure = (value <= 0) | (value >= 1)
    return np.where(sure, edge[0], low), np.where(sure, edge[1], high)


def _placed(mean: Array, w2: Array, first: Array, second: Array, own: Array, other: Array) -> Array:
    """Variance of the AUC that one class's rows bring, by their placements."""
    size = effective(own, w2)
    squares = np.maximum(second - 2 * mean * first + mean**2 * w2, 0.0)
    return np.where(size > 1, squares / (own * other) ** 2 * size / (size - 1), np.nan)


def _ece_of(gap: Array, weight: Array) -> Array:
    """Mean absolute gap of the bins, on the last axis."""
    summed = np.abs(gap).sum(axis=-1)
    whole = weight.sum(axis=-1)
    out = np.full(summed.shape, np.nan)
    mean: Array = np.divide(summed, whole, out=out, where=whole > 0)
    return mean


def _ece_bounds(bins: Bins, value: Array, level: float) -> tuple[Array, Array]:
    """Basic bootstrap: each bin's gap is drawn from its normal limit."""
    gap, scale = bins.correct - bins.confident, np.sqrt(bins.noise)
    noise = np.random.default_rng(0).standard_normal((_DRAWS, gap.shape[1]))
    low, high = np.full(value.shape, np.nan), np.full(value.shape, np.nan)
    shares = [(1 - level) / 2, (1 + level) / 2]
    for g in np.flatnonzero(bins.rows.sum(axis=1) > 1):
        drawn = _ece_of(gap[g] + noise * scale[g], bins.weight[g])
        below, above = np.quantile(drawn, shares)
        low[g], high[g] = max(2 * value[g] - above, 0.0), max(2 * value[g] - below, 0.0)
    return low, high
