"""Statistics of arrays by compiled loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np

from mispredict.core.task import Task, TaskKind
from mispredict.metrics.columns import Columns, required
from mispredict.metrics.outcomes import Array, Groups
from mispredict.metrics.statistics import (
    Bins,
    ClassCounts,
    Confusion,
    Joint,
    Moments,
    Ranked,
)

T = TypeVar("T")
TOLERANCE = 1e-12  # of a cumulated weight, for sums in another order


class ArrayStatistics:
    """Statistics of outcomes held in memory, computed when first asked for.

    `columns` is shared by all groupings of the same outcomes, so that each column and each
    sort by score is made once.
    """

    def __init__(self, columns: Columns, groups: Groups) -> None:
        from mispredict.engine.kernels.groups import normalise_codes

        self.columns = columns
        self.groups = groups
        self._codes = normalise_codes(groups.codes)
        self._known: dict[object, Any] = {}

    @property
    def task(self) -> Task:
        return self.columns.outcomes.task

    @property
    def positive(self) -> int:
        return self.columns.outcomes.positive

    @property
    def n_groups(self) -> int:
        return self.groups.n

    def rows(self) -> Array:
        return self._once("rows", self._rows)

    def confusion(self) -> Confusion:
        return self._once("confusion", self._confusion)

    def by_class(self) -> ClassCounts:
        if self.task.kind is TaskKind.MULTILABEL:
            return self._once("by_class", self._by_label)
        return self._once("by_class", lambda: self.confusion().by_class())

    def moments(self, column: str) -> Moments:
        return self._once(("moments", column), lambda: self._moments(column))

    def joint(self, x: str, y: str) -> Joint:
        return self._once(("joint", x, y), lambda: self._joint(x, y))

    def ranked(self, k: int, *, precise: bool) -> Ranked:
        if not precise and ("ranked", k, True) in self._known:
            return self.ranked(k, precise=True)
        return self._once(("ranked", k, precise), lambda: self._ranked(k, precise))

    def calibration(self, bins: int) -> Bins:
        return self._once(("calibration", bins), lambda: self._calibration(bins))

    def spread(self, hit: Array, predicted: Array, actual: Array) -> Array:
        if self.task.is_classification:
            return self.confusion().spread(hit, predicted, actual)
        outcomes = self.columns.outcomes
        y, p = required(outcomes.label), required(outcomes.prediction)
        group = self.row_groups()
        rows = np.flatnonzero(group >= 0)
        out = np.zeros(self.n_groups)
        for chunk in np.array_split(rows, max(1, rows.size * y.shape[1] // 4_000_000)):
            g, a, b = group[chunk], y[chunk], p[chunk]
            score = (hit[g] * (a & b) + predicted[g] * b + actual[g] * a).sum(axis=1)
            out += np.bincount(g, weights=(self._weight(chunk) * score) ** 2, minlength=out.size)
        return out

    def ranked_spread(self, aucs: Sequence[Ranked]) -> Array:
        pull = np.zeros(self.columns.outcomes.n)
        group = self.row_groups()
        for k, sums in enumerate(aucs):
            pull += self._placements(k, sums, group)
        inside = group >= 0
        squared = (self._weight(inside) * pull[inside] / len(aucs)) ** 2
        return np.bincount(group[inside], weights=squared, minlength=self.n_groups)

    def influence(self, k: int) -> Array:
        """What each row adds to the ROC AUC of class `k` in its group, around its value."""
        pull = self._placements(k, self.ranked(k, precise=False), self.row_groups())
        return pull * self._weight(np.arange(len(self._codes)))

    def precise_influence(self, k: int) -> Array:
        """What each row adds to the average precision of class `k`, around its value."""
        from mispredict.engine.kernels.ranked import pulls

        by_score, positive, weight = self.columns.ranking(k)
        sums, group = self.ranked(k, precise=True), self.row_groups()
        out = np.zeros(group.size)
        pull = pulls(group, by_score.order, by_score.values, positive, weight, self.n_groups)
        g = group[by_score.order]
        with np.errstate(all="ignore"):
            value = sums.precision / sums.positive
            out[by_score.order] = np.where(
                g >= 0, (pull - np.where(positive == 1, value[g], 0.0)) / sums.positive[g], 0.0
            )
        return out * self._weight(np.arange(len(self._codes)))

    def quantiles(self, column: str, q: Array) -> Array:
        by_value = self.columns.sorted(column)
        group = self.row_groups()[by_value.order]
        order = np.argsort(group, kind="stable")
        bounds = np.searchsorted(group[order], np.arange(self.n_groups + 1))
        out = np.full(q.shape, np.nan)
        for g in range(self.n_groups):
            rows = order[bounds[g] : bounds[g + 1]]
            weight = self._weight(by_value.order[rows])
            out[g] = weighted_quantiles(by_value.values[rows], weight, q[g])
        return out

    def maximum(self, column: str) -> Array:
        values, group = self.columns.column(column), self.row_groups()
        inside = (group >= 0) & ~np.isnan(values)
        out = np.full(self.n_groups, -np.inf)
        np.maximum.at(out, group[inside], values[inside])
        return np.where(np.isfinite(out), out, np.where(out > 0, out, np.nan))

    def _once(self, key: object, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        value: T = self._known[key]
        return value

    def _weight(self, rows: Array) -> Array:
        weight = self.columns.weight
        return weight[rows] if weight.size else np.ones(int(np.arange(len(self._codes))[rows].size))

    def row_groups(self) -> Array:
        """Group per row as int64, -1 for rows in no group or that do not count."""

        def made() -> Array:
            code = self._codes.astype(np.int64)
            inside = (code >= 0) & (code < self.n_groups) & self.columns.counted()
            return np.where(inside, code, -1)

        return self._once("group", made)

    def _count(self, cells: Array, n_cells: int) -> Array:
        from mispredict.engine.kernels.groups import count

        return count(self._codes, cells, self.n_groups, n_cells)

    def _total(self, cells: Array, values: Array, n_cells: int) -> Array:
        from mispredict.engine.kernels.groups import total

        return total(self._codes, cells, values, self.n_groups, n_cells)

    def _rows(self) -> Array:
        if self.task.is_classification and "confusion" in self._known:
            rows: Array = self.confusion().rows.sum(axis=(1, 2))
            return rows
        cells = self.columns.once("one", lambda: self.columns.counted().astype(np.int32) - 1)
        return self._count(cells, 1)[:, 0]

    def _confusion(self) -> Confusion:
        k = len(self.task.classes)
        shape = (self.n_groups, k, k)
        cells, weight = self.columns.cells(), self.columns.weight
        rows = self._count(cells, k * k).reshape(shape)
        if not weight.size:
            return Confusion(rows, rows.astype(np.float64), rows.astype(np.float64))
        squares = self.columns.once("squares", lambda: weight**2)
        sums = self._total(cells, weight, k * k).reshape(shape)
        return Confusion(rows, sums, self._total(cells, squares, k * k).reshape(shape))

    def _by_label(self) -> ClassCounts:
        y, p = required(self.columns.outcomes.label), required(self.columns.outcomes.prediction)
        parts: list[Array] = []
        for k in range(y.shape[1]):
            cells = np.select([y[:, k] & p[:, k], p[:, k], y[:, k]], [0, 1, 2], 3)
            cells = np.where(self.columns.counted(), cells, -1).astype(np.int32)
            rows = self._count(cells, 4)
            weight = self.columns.weight
            sums = self._total(cells, weight, 4) if weight.size else rows
            squares = self._total(cells, weight**2, 4) if weight.size else rows
            parts.append(np.stack([rows, sums, squares]))
        stacked = np.stack(parts).transpose(1, 3, 2, 0)  # (3, 4, G, K)
        return ClassCounts(stacked[0], stacked[1].astype(float), stacked[2].astype(float))

    def _moments(self, column: str) -> Moments:
        from mispredict.engine.kernels.groups import moments

        values = self.columns.column(column)
        return Moments.of(moments(self._codes, values, self.columns.weight, self.n_groups))

    def _joint(self, x: str, y: str) -> Joint:
        from mispredict.engine.kernels.groups import joint

        a, b = self.columns.column(x), self.columns.column(y)
        return Joint.of(joint(self._codes, a, b, self.columns.weight, self.n_groups))

    def _ranked(self, k: int, precise: bool) -> Ranked:
        from mispredict.engine.kernels.ranked import ranked

        by_score, positive, weight = self.columns.ranking(k)
        order, scores = by_score.order, by_score.values
        sums = ranked(self._codes, order, scores, positive, weight, self.n_groups, precise=precise)
        return Ranked.of(sums)

    def _placements(self, k: int, sums: Ranked, group: Array) -> Array:
        """Influence of each row on the ROC AUC of class `k` in its group."""
        from mispredict.engine.kernels.ranked import placements

        by_score, positive, weight = self.columns.ranking(k)
        order = by_score.order
        lost = placements(group, order, by_score.values, positive, weight, self.n_groups)
        out = np.zeros(group.size)
        g = group[order]
        own = np.where(positive == 1, sums.positive[g], sums.negative[g])
        other = np.where(positive == 1, sums.negative[g], sums.positive[g])
        with np.errstate(all="ignore"):
            out[order] = (sums.lost / (sums.positive * sums.negative))[g] / own - lost / own / other
        return out

    def _calibration(self, bins: int) -> Bins:
        confidence, correct = self.columns.column("confidence"), self.columns.column("correct")

        def made() -> tuple[Array, ...]:
            w = self.columns.weight if self.columns.weight.size else np.ones(confidence.size)
            cells = confidence_bins(confidence, bins)
            return cells, w, w * confidence, w * correct, (w * (correct - confidence)) ** 2

        cells, *values = self.columns.once(("calibration", bins), made)
        return Bins(self._count(cells, bins), *(self._total(cells, v, bins) for v in values))


def confidence_bins(confidence: Array, bins: int) -> Array:
    """Number of the equal-width bin (low, high] of each confidence, -1 for NaN."""
    with np.errstate(invalid="ignore"):
        number = np.clip(np.ceil(confidence * bins) - 1, 0, bins - 1)
    return np.where(np.isnan(confidence), -1, number).astype(np.int32)


def weighted_quantiles(values: Array, weight: Array, q: Array) -> Array:
    """Quantiles of sorted values by the averaged inverse of their distribution.

    The smallest value whose cumulated weight exceeds the share; where it hits the share
    exactly, the mean with the next value, so that a median of equal weights is the usual one.
    """
    kept = weight > 0
    values, weight = values[kept], weight[kept]
    if not values.size:
        return np.full(q.shape, np.nan)
    running = np.cumsum(weight)
    target = np.where(np.isnan(q), 0.5, q) * running[-1]
    tolerance = TOLERANCE * running[-1]
    low = np.searchsorted(running, target - tolerance)
    high = np.searchsorted(running, target + tolerance)
    last = values.size - 1
    middle = values[np.minimum(low, last)] / 2 + values[np.minimum(high, last)] / 2
    return np.where(np.isnan(q), np.nan, middle)
