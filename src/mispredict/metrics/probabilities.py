"""Metrics of predicted probabilities: how well they rank, and how far they can be believed."""

from __future__ import annotations

import numpy as np

from mispredict.core.results import Interval
from mispredict.core.task import TaskKind
from mispredict.metrics.counts import only_where, quotient
from mispredict.metrics.gaps import gap_bounds
from mispredict.metrics.intervals import effective, logit_bounds, wilson_bounds
from mispredict.metrics.means import mean_estimates
from mispredict.metrics.outcomes import Array
from mispredict.metrics.registry import CLASSIFICATION, LABELS, Ask, aggregate
from mispredict.metrics.statistics import Estimates, Ranked, Statistics

ECE_BINS = 15


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
    """Mean over the classes of the ROC AUC of each against the rest; missing if one is
    absent."""
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
    """Mean precision at the scores of the positive rows: the area under the PR curve; missing
    without any."""
    sums = stats.ranked(ask.k, precise=True)
    value = quotient(sums.precision, sums.positive, np.nan)
    spread = sums.pull_positive2 - 2 * value * sums.pull_positive + value**2 * sums.positive2
    spread = np.where(spread > 1e-12 * sums.pull_positive2, spread, 0.0) + sums.pull_negative2
    size = effective(sums.positive, sums.positive2)
    with np.errstate(all="ignore"):
        error = np.sqrt(spread) / sums.positive
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
    """Mean over the classes of the average precision of each against the rest; missing if
    one is absent."""
    classes = range(len(stats.task.classes))
    parts = [average_precision(stats, Ask(ask.level, k)).value for k in classes]
    value = np.mean(parts, axis=0)
    return Estimates(value, np.full_like(value, np.nan), np.full_like(value, np.nan))


@aggregate(
    "ece",
    CLASSIFICATION,
    higher_is_better=False,
    needs_probabilities=True,
    interval="inverted test on the bins, bias taken off; it may leave out the value",
    source="Naeini, Cooper & Hauskrecht 2015; Guo et al. 2017; 15 equal-width bins",
)
def ece(stats: Statistics, ask: Ask) -> Estimates:
    """Expected calibration error: how far confidence in the predicted class is from the share
    that is right, averaged over bins of confidence. Random error pushes it up in small cohorts."""
    bins = stats.calibration(ECE_BINS)
    gaps = bins.correct - bins.confident
    value = quotient(np.abs(gaps).sum(axis=1), bins.weight.sum(axis=1), np.nan)
    return Estimates(value, *gap_bounds(gaps, np.sqrt(bins.noise), value, ask.level))


def delong(
    label: Array, score: Array, *, weight: Array | None = None, level: float = 0.95
) -> tuple[float, float, Interval]:
    """ROC AUC with its standard error and interval, ties counted half.

    DeLong, DeLong & Clarke-Pearson 1988, in one sort as by Sun & Xu 2014; the interval is made
    on the logit scale, so that it stays in [0, 1].

    Args:
        label: true for the positive class.
        score: higher where the positive class is more likely.
        weight: per row; None for weights of one.
        level: of confidence.

    Example:
        >>> import numpy as np
        >>> auc, error, interval = delong(np.array([0, 0, 1, 1]), np.array([0.1, 0.4, 0.35, 0.8]))
        >>> auc
        0.75
    """
    from mispredict.engine.kernels.ranked import ranked

    order = np.argsort(score).astype(np.int32)
    weights = np.empty(0) if weight is None else np.asarray(weight, np.float64)[order]
    positive = np.asarray(label, bool).astype(np.uint8)[order]
    scores, codes = np.asarray(score, np.float64)[order], np.zeros(order.size, np.uint8)
    sums = Ranked.of(ranked(codes, order, scores, positive, weights, 1, precise=False))
    value, variance = auc_of(sums)
    low, high = auc_bounds(value, variance, sums, level)
    interval = Interval(float(low[0]), float(high[0]), level)
    return float(value[0]), float(np.sqrt(variance[0])), interval


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
    squares = second - 2 * mean * first + mean**2 * w2
    squares = np.where(squares > 1e-12 * second, squares, 0.0)  # the rest is rounding
    return np.where(size > 1, squares / (own * other) ** 2 * size / (size - 1), np.nan)
