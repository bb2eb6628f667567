"""How good the model is: the part of `Evaluation` that measures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.core.predicate import Predicate
from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.metrics.curves import (
        CalibrationTable,
        ConfusionTable,
        PrecisionRecallCurve,
        RocCurve,
    )
    from mispredict.metrics.measure import MetricTable
    from mispredict.metrics.threshold import ThresholdTable
    from mispredict.report.overview import Overview
    from mispredict.store import Version


class Measuring(View):
    """Metrics, curves, thresholds and the overview of them."""

    def metrics(
        self,
        by: str | Sequence[str | Predicate] | None = None,
        where: str | Predicate | None = None,
        metrics: str | Sequence[str] | None = None,
    ) -> MetricTable:
        """Every metric of the task with n and interval: overall, or per cohort.

        Args:
            by: a column, several columns (their crossing), or a list of cohorts. A number or time
                with more than 10 values is in at most 10 bins, of at least 30 rows; for bins of
                your own give cohorts: `by=["Age < 30", "Age >= 30"]`.
            where: the rows to look at.
            metrics: names of metrics; None for the usual ones of the task.
        """
        from mispredict.metrics.measure import MetricTable
        from mispredict.workspace.measuring import measured

        self._some(where)
        rows = measured(self._whole, by=by, where=where, metrics=metrics)
        return MetricTable(rows, self.source(where))

    def confusion(self, where: str | Predicate | None = None) -> ConfusionTable:
        """Counts of each label and prediction, with shares of the label."""
        from mispredict.metrics.curves import confusion

        if not self.task.is_classification:
            raise BadOption(
                f"a {self.task.kind} evaluation has no confusion table.",
                known="It counts the labels and predictions of a classification.",
                hint="ev.mistakes() for the rows with the largest loss",
            )
        return self._sourced(confusion(self.outcomes, self._some(where)), where)

    def calibration(
        self, where: str | Predicate | None = None, *, bins: int = 15
    ) -> CalibrationTable:
        """Confidence against accuracy, in bins of confidence."""
        from mispredict.metrics.curves import calibration

        return self._sourced(calibration(self.outcomes, self._some(where), bins=bins), where)

    def roc(self, positive: Any = None, where: str | Predicate | None = None) -> RocCurve:
        """True-positive against false-positive rate over all thresholds."""
        from mispredict.metrics.curves import roc_curve

        index = self._class_index(positive)
        return self._sourced(roc_curve(self.outcomes, self._some(where), k=index), where)

    def precision_recall(
        self, positive: Any = None, where: str | Predicate | None = None
    ) -> PrecisionRecallCurve:
        """Precision against recall over all thresholds."""
        from mispredict.metrics.curves import precision_recall_curve

        index = self._class_index(positive)
        curve = precision_recall_curve(self.outcomes, self._some(where), k=index)
        return self._sourced(curve, where)

    def thresholds(
        self,
        *,
        cost_fp: float = 1.0,
        cost_fn: float = 1.0,
        review: tuple[float, float] | None = None,
        cost_review: float = 0.0,
        where: str | Predicate | None = None,
    ) -> ThresholdTable:
        """What each threshold on the positive class would cost, and the cheapest one."""
        from mispredict.metrics.threshold import Costs, threshold

        costs = Costs(
            false_positive=cost_fp, false_negative=cost_fn, review=review, review_cost=cost_review
        )
        return self._sourced(threshold(self.outcomes, costs, self._some(where)), where)

    def decide_threshold(self, threshold: float, *, who: str, reason: str) -> Version:
        """Record a chosen threshold with who signed it off and why."""
        return self._workspace.decide_threshold(self._whole, threshold, who=who, reason=reason)

    def overview(
        self, where: str | Predicate | None = None, *, parts: Sequence[str] | None = None
    ) -> Overview:
        """Summary: metrics, slices, classes, calibration, baselines, mistakes, cards.

        Args:
            where: the rows to look at.
            parts: only these parts (metrics, confusion, slices, …), the others stay empty.
        """
        from mispredict.report.overview import overview

        return overview(self._whole, where, parts)
