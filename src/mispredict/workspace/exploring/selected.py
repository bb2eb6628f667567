"""The main metrics of a selection and of the rest, from counts and sums of few columns.

Small evaluations are measured as everywhere. Large ones have the metrics that follow from the
confusion table and from moments: the cells of the table are counted like any column's codes,
and what is summed over the smaller of selection and rest gives the other, too.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import TaskKind, probability_column
from mispredict.core.words import counted
from mispredict.engine.codebook import Codebook
from mispredict.engine.encode import Coded

if TYPE_CHECKING:
    from mispredict.engine.linked import Selection, Sums
    from mispredict.metrics.columns import Columns
    from mispredict.metrics.measure import MetricRow
    from mispredict.metrics.registry import Asked
    from mispredict.workspace.exploring.sums import SelectedSums
    from mispredict.workspace.view import View

CELLS = "\0cells"
MOST_ROWS = 200_000  # that are measured as everywhere
MOST_CLASSES = 100  # of which a confusion table is counted
GROUPS = ("rest", "selection")

_QUICK = {
    TaskKind.BINARY: (
        *("accuracy", "precision", "recall", "f1", "specificity", "balanced_accuracy", "mcc"),
        "log_loss",
    ),
    TaskKind.MULTICLASS: (
        *("accuracy", "balanced_accuracy", "precision_macro", "recall_macro", "f1_macro", "mcc"),
        "log_loss",
    ),
    TaskKind.MULTILABEL: ("accuracy", "loss"),
    TaskKind.REGRESSION: ("mae", "rmse", "r2", "bias"),
    TaskKind.SCORE: ("loss",),
}


class SelectedMetrics:
    """The metrics of one evaluation, for any selection of its rows and the rest."""

    def __init__(self, of: View, *, most_rows: int = MOST_ROWS) -> None:
        self._of = of
        self._task = of.task
        self._most_rows = most_rows
        reserved = of.fields.reserved
        self._is_measured = "loss" in reserved or "correct" in reserved
        self._has_confusion = len(of.task.classes) <= MOST_CLASSES
        first = probability_column(of.task.classes[0]) if of.task.classes else ""
        self._has_probabilities = first in reserved
        has_weight = of.dataset.schema.first(Role.WEIGHT) is not None
        self._is_small = of.n <= most_rows
        self._is_plain = self._is_measured and not self._is_small and not has_weight

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The metrics that are worked out; none without labels."""
        if not self._is_measured:
            return ()
        if self._is_small:
            return self._usual
        quick = _QUICK[self._task.kind]
        if self._task.is_classification and not self._has_confusion:
            quick = ("accuracy", "log_loss")
        return tuple(name for name in quick if name != "log_loss" or self._has_probabilities)

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """What is not measured, and why."""
        if not self._is_measured:
            return ("There are no labels, so errors and metrics are unknown.",)
        left = [name for name in self._usual if name not in self.names]
        what = counted(self._most_rows, "row")
        return (f"Above {what} the summary leaves out: {', '.join(left)}.",) if left else ()

    @property
    def column(self) -> str:
        """Name under which the cells of the confusion table are counted; "" if they are not."""
        is_counted = self._is_plain and self._task.is_classification and self._has_confusion
        return CELLS if is_counted else ""

    @cached_property
    def cells(self) -> Coded:
        """Label × K + prediction + 1 of each row as codes; 0 for rows without a label."""
        table, k = self._of.table, len(self._task.classes)
        dtype = np.dtype(np.uint8 if k * k < 256 else np.uint16)
        label, prediction = (self._class_numbers(name, dtype) for name in ("label", "prediction"))
        cells = label * dtype.type(k) + prediction + dtype.type(1)
        cells[(label == k) | (prediction == k)] = 0
        points = tuple(range(k * k))
        assert len(cells) == table.n
        return Coded(cells, Codebook("values", ColumnType.CATEGORICAL, "int64", points))

    def rows(
        self, selection: Selection, totals: tuple[Sums, Sums], cells: tuple[Sums, Sums] | None
    ) -> tuple[MetricRow, ...]:
        """A row per metric of the rest, then one per metric of the selection.

        `totals` and `cells` are sums over all codes and of the cells' codes, of both groups.
        """
        from mispredict.metrics.arrays import ArrayStatistics
        from mispredict.metrics.measure import measure_statistics
        from mispredict.metrics.outcomes import Groups
        from mispredict.workspace.exploring.statistics import SelectedStatistics

        if not self.names:
            return ()
        if self._is_plain:
            stats = SelectedStatistics(self._sums, selection, totals, cells)
            return measure_statistics(stats, GROUPS, self._asked)
        groups = Groups(GROUPS, selection.mask.view(np.uint8))
        return measure_statistics(ArrayStatistics(self._columns, groups), GROUPS, self._asked)

    @cached_property
    def _usual(self) -> tuple[str, ...]:
        from mispredict.metrics import default_metrics

        return default_metrics(self._task, has_probabilities=self._has_probabilities)

    @cached_property
    def _sums(self) -> SelectedSums:
        from mispredict.workspace.exploring.sums import SelectedSums

        return SelectedSums(self._of.table)

    @cached_property
    def _columns(self) -> Columns:
        from mispredict.metrics.columns import Columns

        return Columns(self._of.outcomes)

    @cached_property
    def _asked(self) -> tuple[Asked, ...]:
        from mispredict.metrics.registry import resolve

        classes, positive = self._task.classes, self._task.positive
        return resolve(
            self.names,
            self._task,
            positive=len(classes) - 1 if positive is None else classes.index(positive),
            has_probabilities=self._has_probabilities,
        )

    def _class_numbers(self, name: str, dtype: np.dtype[Any]) -> np.ndarray[Any, Any]:
        """Place of each row's class among those of the task; K where there is none."""
        coded, classes = self._of.table.coded(name), self._task.classes
        places = {item: place for place, item in enumerate(classes)}
        meaning = np.full(coded.book.size, len(classes), dtype)
        for code, point in enumerate(coded.book.points, start=1):
            meaning[code] = places.get(point, len(classes))
        numbers: np.ndarray[Any, Any] = meaning[coded.codes]
        return numbers
