"""Metrics of labels and predictions: functions of counts, with the gradients of their intervals."""

from __future__ import annotations

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.metrics.intervals import (
    Bounds,
    combined_bounds,
    effective,
    fisher_bounds,
    share_bounds,
    wilson_bounds,
)
from mispredict.metrics.outcomes import Array
from mispredict.metrics.registry import CLASSIFICATION, LABELS, Ask, aggregate
from mispredict.metrics.statistics import ClassCounts, Confusion, Estimates, Statistics

_WILSON = "Wilson"
_COMBINED = "the classes' Wilson intervals, combined (Zou & Donner 2008)"
_DELTA = "delta method, as a proportion of effective size"


@aggregate("accuracy", LABELS, interval=_WILSON, source="sklearn.metrics.accuracy_score")
def accuracy(stats: Statistics, ask: Ask) -> Estimates:
    """Share of rows whose prediction is the label; with several labels, all of them."""
    if stats.task.kind is TaskKind.MULTILABEL:
        return _mean_share(stats, "correct", ask)
    return _hits(stats.confusion(), ask, right=True)


@aggregate(
    "error_rate",
    CLASSIFICATION,
    higher_is_better=False,
    interval=_WILSON,
    source="sklearn.metrics.zero_one_loss",
)
def error_rate(stats: Statistics, ask: Ask) -> Estimates:
    """Share of rows whose prediction is not the label."""
    return _hits(stats.confusion(), ask, right=False)


@aggregate(
    "hamming_loss",
    LABELS,
    higher_is_better=False,
    interval=_WILSON,
    source="sklearn.metrics.hamming_loss",
)
def hamming_loss(stats: Statistics, ask: Ask) -> Estimates:
    """Share of labels that are wrong; with one label per row, the error rate."""
    if stats.task.kind is TaskKind.MULTILABEL:
        return _mean_share(stats, "hamming", ask)
    return _hits(stats.confusion(), ask, right=False)


@aggregate(
    "f1_samples",
    [TaskKind.MULTILABEL],
    interval=_DELTA,
    source="sklearn.metrics.f1_score(average='samples')",
)
def f1_samples(stats: Statistics, ask: Ask) -> Estimates:
    """Mean over rows of the F1 between a row's labels and its predicted ones."""
    return _mean_share(stats, "f1_samples", ask)


@aggregate(
    "precision",
    LABELS,
    argument="class",
    interval=_WILSON,
    source="sklearn.metrics.precision_score",
)
def precision(stats: Statistics, ask: Ask) -> Estimates:
    """Share of the rows predicted as a class that are of it; missing where none is predicted."""
    return _share_of(stats, ask, numerator=(0,), denominator=(0, 1))


@aggregate(
    "recall", LABELS, argument="class", interval=_WILSON, source="sklearn.metrics.recall_score"
)
def recall(stats: Statistics, ask: Ask) -> Estimates:
    """Share of the rows of a class that are predicted as it; missing where there is none."""
    return _share_of(stats, ask, numerator=(0,), denominator=(0, 2))


@aggregate(
    "specificity",
    LABELS,
    argument="class",
    interval=_WILSON,
    source="sklearn.metrics.recall_score of the other classes",
)
def specificity(stats: Statistics, ask: Ask) -> Estimates:
    """Share of the rows not of a class that are not predicted as it; missing without such."""
    return _share_of(stats, ask, numerator=(3,), denominator=(1, 3))


@aggregate(
    "jaccard", LABELS, argument="class", interval=_WILSON, source="sklearn.metrics.jaccard_score"
)
def jaccard(stats: Statistics, ask: Ask) -> Estimates:
    """Rows both of a class and predicted as it, over those that are either; missing without."""
    return _share_of(stats, ask, numerator=(0,), denominator=(0, 1, 2))


@aggregate(
    "f1",
    LABELS,
    argument="class",
    interval="Wilson of the Jaccard share J, by F1 = 2J / (1 + J)",
    source="sklearn.metrics.f1_score",
)
def f1(stats: Statistics, ask: Ask) -> Estimates:
    """Harmonic mean of precision and recall of a class, 2 tp / (2 tp + fp + fn): 0 where all of
    its rows or predictions are wrong, missing where it has neither."""
    shared = jaccard(stats, ask)
    return Estimates(*(_f1_of(part) for part in (shared.value, shared.low, shared.high)))


@aggregate(
    "balanced_accuracy",
    CLASSIFICATION,
    interval=_COMBINED,
    source="sklearn.metrics.balanced_accuracy_score",
)
def balanced_accuracy(stats: Statistics, ask: Ask) -> Estimates:
    """Mean recall of the classes that have rows: the accuracy if classes were equally common."""
    counts = stats.by_class()
    present = counts.sums[0] + counts.sums[2] > 0
    return _mean_of_shares(counts, (0, 2), present, ask)


@aggregate(
    "mcc",
    CLASSIFICATION,
    low=-1.0,
    interval="delta method on Fisher's z scale",
    source="sklearn.metrics.matthews_corrcoef; Gorodkin 2004",
)
def mcc(stats: Statistics, ask: Ask) -> Estimates:
    """Correlation of labels and predictions: 1 all right, 0 no better than chance or all
    predictions the same; missing where all labels are the same."""
    confusion = stats.confusion()
    value, slope, chance = _mcc_slope(confusion.sums)
    return _correlation(confusion, value, slope, chance, ask)


@aggregate(
    "cohen_kappa",
    CLASSIFICATION,
    low=-1.0,
    interval="delta method on Fisher's z scale",
    source="sklearn.metrics.cohen_kappa_score; Cohen 1960",
)
def cohen_kappa(stats: Statistics, ask: Ask) -> Estimates:
    """Agreement beyond chance between labels and predictions; NaN where only one class occurs."""
    confusion = stats.confusion()
    value, slope, chance = _kappa_slope(confusion.sums)
    return _correlation(confusion, value, slope, chance, ask)


def share_estimates(share: Array, sums: Array, squares: Array, ask: Ask) -> Estimates:
    """Share with Wilson's interval, of weights with the given sums and sums of squares."""
    return Estimates(share, *wilson_bounds(share, effective(sums, squares), ask.level))


def quotient(numerator: Array, denominator: Array, otherwise: float = 0.0) -> Array:
    """Numerator over denominator, `otherwise` where the latter is 0."""
    out = np.full(np.broadcast(numerator, denominator).shape, otherwise)
    divided: Array = np.divide(numerator, denominator, out=out, where=denominator > 0)
    return divided


def only_where(known: Array, estimates: Estimates) -> Estimates:
    """The estimates, NaN in groups without rows."""
    parts = (estimates.value, estimates.low, estimates.high)
    return Estimates(*(np.where(known, part, np.nan) for part in parts))


def _hits(confusion: Confusion, ask: Ask, *, right: bool) -> Estimates:
    whole = confusion.sums.sum(axis=(1, 2))
    hits = np.trace(confusion.sums, axis1=1, axis2=2)
    share = quotient(hits if right else whole - hits, whole, np.nan)
    return share_estimates(share, whole, confusion.squares.sum(axis=(1, 2)), ask)


def _mean_share(stats: Statistics, column: str, ask: Ask) -> Estimates:
    """Mean of a per-row share; rows, not labels, are what was drawn."""
    m = stats.moments(column)
    size = effective(m.weight, m.weight2)
    with np.errstate(all="ignore"):
        error = np.sqrt(m.noise) / m.weight * np.sqrt(size / (size - 1))
    return Estimates(m.mean, *share_bounds(m.mean, error, size, ask.level))


def _share_of(
    stats: Statistics, ask: Ask, *, numerator: tuple[int, ...], denominator: tuple[int, ...]
) -> Estimates:
    counts, k = stats.by_class(), ask.k
    sums = counts.sums[list(denominator), :, k].sum(axis=0)
    squares = counts.squares[list(denominator), :, k].sum(axis=0)
    share = quotient(counts.sums[list(numerator), :, k].sum(axis=0), sums, np.nan)
    return Estimates(share, *wilson_bounds(share, effective(sums, squares), ask.level))


def _f1_of(shared: Array) -> Array:
    doubled: Array = 2 * shared / (1 + shared)
    return doubled


def _mean_of_shares(
    counts: ClassCounts, denominator: tuple[int, int], present: Array, ask: Ask
) -> Estimates:
    """Mean of tp over tp + another count, over the classes present."""
    sums = counts.sums[list(denominator)].sum(axis=0)
    squares = counts.squares[list(denominator)].sum(axis=0)
    parts = quotient(counts.sums[0], sums)
    low, high = unsure_bounds(parts, effective(sums, squares), ask.level)
    shares = quotient(present, present.sum(axis=1, keepdims=True))
    estimates = Estimates((shares * parts).sum(axis=1), *combined_bounds(parts, low, high, shares))
    return only_where(np.asarray(present.any(axis=1)), estimates)


def unsure_bounds(parts: Array, n: Array, level: float) -> Bounds:
    """Wilson's interval, and (0, 1) where there are no rows: the share could be anything."""
    low, high = wilson_bounds(parts, n, level)
    return np.where(n > 0, low, 0.0), np.where(n > 0, high, 1.0)


def _correlation(
    confusion: Confusion, value: Array, slope: Array, chance: Array, ask: Ask
) -> Estimates:
    """Interval of an agreement from its slope in each count; from the error rate at ±1."""
    size = effective(confusion.sums.sum(axis=(1, 2)), confusion.squares.sum(axis=(1, 2)))
    with np.errstate(all="ignore"):
        error = np.sqrt((confusion.squares * slope**2).sum(axis=(1, 2)) * size / (size - 1))
        low, high = fisher_bounds(value, error, ask.level)
        wrong = wilson_bounds(np.zeros_like(value), size, ask.level)[1]
        perfect = value >= 1 - 1e-12
        low = np.where(perfect, np.maximum(1 - wrong / (1 - chance), -1.0), low)
        high = np.where(perfect, 1.0, high)
    known = (error > 0) | perfect
    return Estimates(value, np.where(known, low, np.nan), np.where(known, high, np.nan))


def _kappa_slope(c: Array) -> tuple[Array, Array, Array]:
    """Kappa, its slope in each count and the agreement by chance."""
    n = c.sum(axis=(1, 2))
    actual, predicted = c.sum(axis=2), c.sum(axis=1)
    with np.errstate(all="ignore"):
        agreed = np.trace(c, axis1=1, axis2=2) / n
        chance = (actual * predicted).sum(axis=1) / n**2
        value = (agreed - chance) / (1 - chance)
        value = np.where(chance >= 1, np.nan, value)
        n3, agreed3, chance3 = (x[:, None, None] for x in (n, agreed, chance))
        d_agreed = (np.eye(c.shape[1]) - agreed3) / n3
        d_chance = _margins(predicted, actual) / n3**2 - 2 * chance3 / n3
        slope = (d_agreed * (1 - chance3) - d_chance * (1 - agreed3)) / (1 - chance3) ** 2
    return value, slope, chance


def _mcc_slope(c: Array) -> tuple[Array, Array, Array]:
    """MCC, its slope in each count and the agreement by chance."""
    n = c.sum(axis=(1, 2))
    actual, predicted = c.sum(axis=2), c.sum(axis=1)
    hits = np.trace(c, axis1=1, axis2=2)
    both = (actual * predicted).sum(axis=1)
    x, y, z = hits * n - both, n**2 - (predicted**2).sum(axis=1), n**2 - (actual**2).sum(axis=1)
    with np.errstate(all="ignore"):
        value = np.where(y * z > 0, x / np.sqrt(y * z), np.where(z > 0, 0.0, np.nan))
        n3, x3, y3, z3, hits3 = (v[:, None, None] for v in (n, x, y, z, hits))
        d_x = np.eye(c.shape[1]) * n3 + hits3 - _margins(predicted, actual)
        d_y = (n3 - predicted[:, None, :]) / y3
        d_z = (n3 - actual[:, :, None]) / z3
        slope = (d_x - x3 * (d_y + d_z)) / np.sqrt(y3 * z3)
        chance = both / n**2
    return value, np.where((y3 > 0) & (z3 > 0), slope, np.nan), chance


def _margins(predicted: Array, actual: Array) -> Array:
    """Derivative of Σ actual × predicted in each count: by label (rows) and prediction."""
    slopes: Array = predicted[:, :, None] + actual[:, None, :]
    return slopes
