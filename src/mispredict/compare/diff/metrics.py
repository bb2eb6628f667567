"""Metrics of two models by cohort: their differences, corrected and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from mispredict.compare.diff.diff import (
    BETTER,
    SAME,
    UNCLEAR,
    WORSE,
    ComparedModel,
    MetricChange,
    ModelFigure,
)
from mispredict.compare.diff.sides import Bools, Side
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.columns import split_name
from mispredict.metrics.measure import measure_statistics
from mispredict.metrics.outcomes import Groups
from mispredict.metrics.paired import Difference, paired
from mispredict.metrics.registry import METRICS, resolve

SIGNIFICANCE = 0.05


class Measured:
    """The sides' metrics of groups, in which each row counts for all of them."""

    def __init__(self, sides: Sequence[Side], groups: Groups, metrics: Sequence[str]) -> None:
        self.sides, self.groups, self.metrics = sides, groups, metrics
        self._stats = [ArrayStatistics(side.columns, groups) for side in sides]

    def figures(self) -> tuple[ComparedModel, ...]:
        """Each model's metrics."""
        return tuple(
            ComparedModel(side.model, side.evaluation, side.threshold, self._own(side, stats))
            for side, stats in zip(self.sides, self._stats, strict=True)
        )

    def changes(self, place: int) -> tuple[MetricChange, ...]:
        """Each metric's difference to the first side, not yet corrected nor in words."""
        after, before = self.sides[place], self.sides[0]
        found = paired(self._stats[place], self._stats[0], metrics=self.metrics)
        return tuple(_change(after.model, before.model, row) for row in found)

    def _own(self, side: Side, stats: ArrayStatistics) -> tuple[ModelFigure, ...]:
        outcomes = side.outcomes
        asked = resolve(
            self.metrics,
            outcomes.task,
            positive=outcomes.positive if outcomes.task.classes else -1,
            has_probabilities=outcomes.has_probabilities,
        )
        rows = measure_statistics(stats, self.groups.names, asked)
        return tuple(ModelFigure(row.metric, row.value, row.low, row.high, row.n) for row in rows)


def counted(sides: Sequence[Side], mask: Bools) -> Bools:
    """The rows of the mask that count for all sides."""
    known = mask.copy()
    for side in sides:
        known &= side.columns.counted()
    return known


def corrected(rows: Sequence[MetricChange], main: str) -> tuple[MetricChange, ...]:
    """The changes with p-values corrected (Holm) and their word.

    The main metric was chosen before, so it is corrected for the models and cohorts that it is
    looked at in; the others for all of them together.
    """
    adjusted: dict[int, float] = {}
    for chosen in (
        [i for i, row in enumerate(rows) if row.metric == main],
        [i for i, row in enumerate(rows) if row.metric != main],
    ):
        adjusted |= dict(zip(chosen, holm([rows[i].p for i in chosen]), strict=True))
    return tuple(_worded(replace(row, p_adjusted=adjusted[i])) for i, row in enumerate(rows))


def holm(p: Sequence[float]) -> list[float]:
    """P-values corrected for their number (Holm 1979); NaN is not counted.

    Example:
        >>> [round(value, 3) for value in holm([0.01, 0.04, 0.03])]
        [0.03, 0.06, 0.06]
    """
    values: npt.NDArray[np.float64] = np.asarray(p, dtype=np.float64)
    known = np.flatnonzero(~np.isnan(values))
    order = known[np.argsort(values[known], kind="stable")]
    steps = values[order] * np.arange(len(order), 0, -1)
    values[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(order) else steps
    found: list[float] = values.tolist()
    return found


def is_higher_better(metric: str) -> bool | None:
    """Whether a higher value of the metric is better; None where neither is."""
    return METRICS[split_name(metric)[0]].higher_is_better


def chosen_metrics(side: Side, asked: Sequence[str]) -> tuple[str, ...]:
    """The metrics that are compared, the deciding one first."""
    from mispredict.metrics import default_metrics

    if asked:
        return tuple(dict.fromkeys(asked))
    usual = default_metrics(side.outcomes.task, has_probabilities=side.outcomes.has_probabilities)
    return tuple(dict.fromkeys([side.measure, *usual]))


def without_probabilities(sides: Sequence[Side], metrics: Sequence[str]) -> tuple[str, ...]:
    """Those of the metrics that all models can be measured by."""
    if all(side.outcomes.has_probabilities for side in sides):
        return tuple(metrics)
    return tuple(n for n in metrics if not METRICS[split_name(n)[0]].needs_probabilities)


def _change(model: str, against: str, row: Difference) -> MetricChange:
    return MetricChange(
        model, against, row.cohort, row.metric, row.before, row.after, row.value, row.low,
        row.high, row.n, row.p, row.p, UNCLEAR, row.fixed, row.broken,
    )  # fmt: skip


def _worded(row: MetricChange) -> MetricChange:
    is_good = is_higher_better(row.metric)
    is_same = (row.difference == 0 and row.low == row.high == 0) or row.fixed == row.broken == 0
    if is_same and row.n:
        return replace(row, word=SAME)
    if math.isnan(row.p_adjusted) or row.p_adjusted > SIGNIFICANCE or not row.difference:
        return replace(row, word=UNCLEAR)
    if is_good is None:
        return replace(row, word="changed")
    return replace(row, word=BETTER if (row.difference > 0) == is_good else WORSE)
