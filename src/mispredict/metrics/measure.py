"""Any metric of any grouping, with number of rows and interval."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.results import Result, Source
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.columns import Columns
from mispredict.metrics.outcomes import Groups, Outcomes
from mispredict.metrics.registry import Asked, resolve
from mispredict.metrics.statistics import Statistics

if TYPE_CHECKING:
    import pandas as pd

_NOWHERE = Source("")
_WORTH_THREADS = 50_000
_MOST_CELLS = 4_000_000


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One metric of one cohort; NaN where it is not defined or has no interval.

    `n` is the rows it stands on: those of the cohort with a label and a prediction, 0 where it
    is not defined.
    """

    cohort: str
    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class MetricTable(Result):
    """Metrics of cohorts, a row for each of both."""

    row_type: ClassVar[type] = MetricRow
    title: ClassVar[str] = "Metrics"

    rows: tuple[MetricRow, ...]
    source: Source = _NOWHERE

    def wide(self) -> pd.DataFrame:
        """A row per cohort: `cohort, n` and a column per metric; `n` is the largest of them."""
        import pandas as pd

        names = dict.fromkeys(row.metric for row in self.rows)
        cohorts: dict[str, dict[str, object]] = {}
        for row in self.rows:
            entry = cohorts.setdefault(row.cohort, {"cohort": row.cohort, "n": 0})
            entry[row.metric] = row.value
            entry["n"] = max(row.n, int(str(entry["n"])))
        return pd.DataFrame(list(cohorts.values()), columns=["cohort", "n", *names])

    def value(self, metric: str, cohort: str = "all") -> MetricRow:
        """The row of a metric and cohort.

        Raises:
            BadOption: the table has no such row.
        """
        for row in self.rows:
            if row.metric == metric and row.cohort == cohort:
                return row
        raise BadOption(f"the table has no {metric!r} of {cohort!r}.")


def measure(
    outcomes: Outcomes,
    groups: Groups,
    *,
    metrics: Sequence[str] | None = None,
    level: float = 0.95,
) -> tuple[MetricRow, ...]:
    """Metrics of every group, with number of rows and interval; group by group.

    Args:
        outcomes: labels, predictions and what comes with them.
        groups: which group each row is in.
        metrics: names, such as "accuracy", "recall[Exited]"; the task's headline ones for None.
        level: of the intervals.

    Raises:
        UnknownName: there is no such metric or class.
        BadOption: a metric is not defined for the task, or needs probabilities.
    """
    return measure_many(outcomes, [groups], metrics=metrics, level=level)[0]


def measure_many(
    outcomes: Outcomes,
    groupings: Sequence[Groups],
    *,
    metrics: Sequence[str] | None = None,
    level: float = 0.95,
) -> list[tuple[MetricRow, ...]]:
    """`measure` of several groupings, which share columns and sorts, in threads."""
    asked = resolve(
        metrics,
        outcomes.task,
        positive=outcomes.positive if outcomes.task.classes else -1,
        has_probabilities=outcomes.has_probabilities,
        level=level,
    )
    columns = Columns(outcomes)

    def rows_of(groups: Groups) -> tuple[MetricRow, ...]:
        parts = _parts(groups, len(outcomes.task.classes))
        return tuple(r for g in parts for r in measure_statistics(_of(columns, g), g.names, asked))

    workers = min(len(groupings), os.cpu_count() or 1)
    if workers < 2 or outcomes.n < _WORTH_THREADS:
        return [rows_of(groups) for groups in groupings]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(rows_of, groupings))


def measure_statistics(
    stats: Statistics, names: Sequence[str], asked: Sequence[Asked]
) -> tuple[MetricRow, ...]:
    """Rows of the metrics that are asked for, from the statistics of any engine."""
    tables = []
    for item in asked:
        found = item.metric.fn(stats, item.ask)
        tables.append(
            [part.astype(float).tolist() for part in (found.value, found.low, found.high)]
        )
    sizes = np.asarray(stats.rows()).astype(int).tolist()
    return tuple(
        MetricRow(name, item.name, value[g], low[g], high[g], _rows(value[g], sizes[g]))
        for g, name in enumerate(names)
        for item, (value, low, high) in zip(asked, tables, strict=True)
    )


def _rows(value: float, size: int) -> int:
    return 0 if math.isnan(value) else size


def _of(columns: Columns, groups: Groups) -> ArrayStatistics:
    if len(groups.codes) != columns.outcomes.n:
        raise BadOption(
            f"groups of {len(groups.codes):,} rows do not fit {columns.outcomes.n:,} outcomes.",
            hint="one code per row",
        )
    return ArrayStatistics(columns, groups)


def _parts(groups: Groups, n_classes: int) -> list[Groups]:
    """The groups in parts whose tables of K × K counts fit into memory."""
    size = max(1, _MOST_CELLS // max(1, n_classes**2))
    if groups.n <= size:
        return [groups]
    codes = groups.codes.astype(np.int64)
    starts = range(0, groups.n, size)
    return [Groups(groups.names[at : at + size], _within(codes - at, size)) for at in starts]


def _within(codes: np.ndarray, size: int) -> np.ndarray:
    return np.where((codes >= 0) & (codes < size), codes, -1).astype(np.int32)
