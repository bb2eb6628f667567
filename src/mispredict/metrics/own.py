"""Metrics of people's own: a function of rows, made into one of groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.words import counted
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.intervals import bootstrap
from mispredict.metrics.means import mean_estimates
from mispredict.metrics.outcomes import Array, Outcomes
from mispredict.metrics.registry import Aggregate, Ask
from mispredict.metrics.statistics import Estimates, Moments, Statistics


def by_rows(name: str, function: Callable[[Outcomes], float | Array], draws: int) -> Aggregate:
    """The function as a metric of groups; it sees only rows that count."""

    def estimate(stats: Statistics, ask: Ask) -> Estimates:
        if not isinstance(stats, ArrayStatistics):
            raise BadOption(
                f"the metric {name!r} is a function of rows, which only arrays have.",
                hint="measure it on the evaluation's own table",
            )
        outcomes, group = stats.columns.outcomes, stats.row_groups()
        rows = np.flatnonzero(group >= 0)
        first = _answer(name, function, outcomes.take(rows)) if rows.size else np.nan
        if isinstance(first, np.ndarray):
            values = np.full(outcomes.n, np.nan)
            values[rows] = first
            return _mean(stats, values, ask)
        return _resampled(name, function, stats, draws, ask)

    return estimate


def _mean(stats: ArrayStatistics, values: Array, ask: Ask) -> Estimates:
    from mispredict.engine.kernels.groups import moments

    codes = stats.row_groups().astype(np.int32)
    return mean_estimates(
        Moments.of(moments(codes, values, stats.columns.weight, stats.n_groups)), ask
    )


def _resampled(
    name: str,
    function: Callable[[Outcomes], float | Array],
    stats: ArrayStatistics,
    draws: int,
    ask: Ask,
) -> Estimates:
    table = np.full((3, stats.n_groups), np.nan)
    for g in range(stats.n_groups):
        rows = np.flatnonzero(stats.row_groups() == g)
        if rows.size:
            table[:, g] = _group(name, function, stats.columns.outcomes.take(rows), draws, ask)
    return Estimates(*table)


def _group(
    name: str,
    function: Callable[[Outcomes], float | Array],
    outcomes: Outcomes,
    draws: int,
    ask: Ask,
) -> tuple[float, float, float]:
    def value(rows: Array) -> float:
        return float(_answer(name, function, outcomes.take(rows)))

    interval = bootstrap(value, outcomes.n, level=ask.level, draws=draws)
    return value(np.arange(outcomes.n)), interval.low, interval.high


def _answer(
    name: str, function: Callable[[Outcomes], float | Array], rows: Outcomes
) -> float | Array:
    answer = np.asarray(function(rows), np.float64)
    if answer.ndim == 0:
        return float(answer)
    if answer.shape != (rows.n,):
        raise BadOption(
            f"the metric {name!r} returned an array of shape {answer.shape}.",
            known=f"It was given {counted(rows.n, 'row')}.",
            hint="return one number, or one number per row",
        )
    return answer
