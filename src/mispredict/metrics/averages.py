"""Precision, recall and F1 averaged over classes: macro, micro and weighted, as in scikit-learn.

A macro average is over the classes that occur in the group, as label or as prediction; with
several labels per row, over all. A class without precision or recall counts as 0 in an average,
as in scikit-learn; where no class has it, the average is missing.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.metrics.counts import only_where, quotient, unsure_bounds
from mispredict.metrics.intervals import combined_bounds, effective, share_bounds
from mispredict.metrics.outcomes import Array
from mispredict.metrics.registry import LABELS, Aggregate, Ask, aggregate
from mispredict.metrics.statistics import ClassCounts, Estimates, Statistics


class _Ratio(NamedTuple):
    """A score of a class as hit·tp over predicted·p + actual·y."""

    name: str
    hit: float
    predicted: float
    actual: float

    def denominator(self, counts: Array) -> Array:
        weighed: Array = self.predicted * (counts[0] + counts[1]) + self.actual * (
            counts[0] + counts[2]
        )
        return weighed


_RATIOS = (
    _Ratio("precision", 1, 1, 0),
    _Ratio("recall", 1, 0, 1),
    _Ratio("f1", 2, 1, 1),
)
_SAYS = {
    "macro": "Mean {name} of the classes that occur, each counting the same.",
    "weighted": "Mean {name} of the classes, each counting by its number of labels.",
    "micro": "{name} of all classes' counts together; with one label per row, the accuracy.",
}


def _macro(ratio: _Ratio) -> Aggregate:
    def estimate(stats: Statistics, ask: Ask) -> Estimates:
        counts = stats.by_class()
        present = counts.rows[:3].sum(axis=0) > 0
        if stats.task.kind is TaskKind.MULTILABEL:
            present = np.ones_like(present)
        shares = quotient(present, present.sum(axis=1, keepdims=True))
        parts = quotient(ratio.hit * counts.sums[0], ratio.denominator(counts.sums))
        value = (shares * parts).sum(axis=1)
        if stats.task.kind is TaskKind.MULTILABEL:
            bounds = _spread_bounds(stats, ratio, value, shares, parts, ask)
        else:
            low, high = _part_bounds(ratio, counts, parts, ask)
            correlation = _correlation(stats, parts) if ratio.name == "f1" else None
            bounds = combined_bounds(parts, low, high, shares, correlation)
        return only_where(_is_defined(ratio, counts), Estimates(value, *bounds))

    return estimate


def _weighted(ratio: _Ratio) -> Aggregate:
    def estimate(stats: Statistics, ask: Ask) -> Estimates:
        counts = stats.by_class()
        actual = counts.sums[0] + counts.sums[2]
        whole = actual.sum(axis=1, keepdims=True)
        parts = quotient(ratio.hit * counts.sums[0], ratio.denominator(counts.sums))
        shares = quotient(actual, whole)
        value = (shares * parts).sum(axis=1)
        # a label moves its class's share as well as its score
        pull = quotient(parts - value[:, None], whole)
        bounds = _spread_bounds(stats, ratio, value, shares, parts, ask, pull)
        known = _is_defined(ratio, counts) & (whole[:, 0] > 0)
        return only_where(known, Estimates(value, *bounds))

    return estimate


def _micro(ratio: _Ratio) -> Aggregate:
    def estimate(stats: Statistics, ask: Ask) -> Estimates:
        counts = stats.by_class()
        hits = ratio.hit * counts.sums[0]
        whole = ratio.denominator(counts.sums)
        value = quotient(hits.sum(axis=1), whole.sum(axis=1))
        shares = quotient(whole, whole.sum(axis=1, keepdims=True))
        parts = np.broadcast_to(value[:, None], whole.shape)
        bounds = _spread_bounds(stats, ratio, value, shares, parts, ask)
        return only_where(_is_defined(ratio, counts), Estimates(value, *bounds))

    return estimate


def _spread_bounds(
    stats: Statistics,
    ratio: _Ratio,
    value: Array,
    shares: Array,
    parts: Array,
    ask: Ask,
    pull: Array | float = 0.0,
) -> tuple[Array, Array]:
    """Delta method: the variance of the linear part of Σ shares × parts."""
    counts = stats.by_class()
    slope = quotient(shares, ratio.denominator(counts.sums))
    hit, predicted = ratio.hit * slope, -ratio.predicted * parts * slope
    variance = stats.spread(hit, predicted, -ratio.actual * parts * slope + pull)
    size = effective(counts.sums[:, :, 0].sum(axis=0), counts.squares[:, :, 0].sum(axis=0))
    error = np.sqrt(variance)
    return share_bounds(value, np.where(error > 1e-9, error, 0.0), size, ask.level)


def _part_bounds(ratio: _Ratio, counts: ClassCounts, parts: Array, ask: Ask) -> tuple[Array, Array]:
    """Wilson's interval of each class's score; of F1 by way of the Jaccard share."""
    used = {"precision": [0, 1], "recall": [0, 2], "f1": [0, 1, 2]}[ratio.name]
    size = effective(counts.sums[used].sum(axis=0), counts.squares[used].sum(axis=0))
    if ratio.name != "f1":
        return unsure_bounds(parts, size, ask.level)
    low, high = unsure_bounds(parts / (2 - parts), size, ask.level)
    return 2 * low / (1 + low), 2 * high / (1 + high)


def _correlation(stats: Statistics, f1: Array) -> Array:
    """Correlations of the classes' F1, `(G, K, K)`: a confusion costs both classes."""
    confusion = stats.confusion()
    slope = quotient(f1, confusion.sums.sum(axis=1) + confusion.sums.sum(axis=2))
    shared = confusion.squares + confusion.squares.transpose(0, 2, 1)
    covariance = shared * slope[:, :, None] * slope[:, None, :]
    own = np.diagonal(confusion.squares, axis1=1, axis2=2)
    variance = own * quotient((2 - 2 * f1) * slope, f1) ** 2
    variance += (shared.sum(axis=2) - 2 * own) * slope**2
    scale = np.sqrt(quotient(np.ones_like(variance), variance))
    correlation = covariance * scale[:, :, None] * scale[:, None, :]
    diagonal = np.arange(f1.shape[1])
    correlation[:, diagonal, diagonal] = 1.0
    return correlation


def _is_defined(ratio: _Ratio, counts: ClassCounts) -> Array:
    """Groups in which some class has the score."""
    known: Array = np.asarray((ratio.denominator(counts.sums) > 0).any(axis=1))
    return known


def _register() -> None:
    ways = {"macro": _macro, "weighted": _weighted, "micro": _micro}
    for ratio in _RATIOS:
        for way, make in ways.items():
            combined = way == "macro"
            aggregate(
                f"{ratio.name}_{way}",
                LABELS,
                explanation=_SAYS[way].format(name=ratio.name.capitalize()),
                source=f"sklearn.metrics.{ratio.name}_score(average={way!r})",
                interval="the classes' Wilson intervals, combined; several labels: delta method"
                if combined
                else "delta method, as a proportion of effective size",
            )(make(ratio))


_register()
