"""Metrics with n and interval."""

from __future__ import annotations

from mispredict.metrics import catalog as _catalog  # noqa: F401 - registers the metrics
from mispredict.metrics.baselines import BaselineTable, baselines
from mispredict.metrics.curves import (
    CalibrationTable,
    ConfusionTable,
    PrecisionRecallCurve,
    RocCurve,
    calibration,
    confusion,
    precision_recall_curve,
    roc_curve,
)
from mispredict.metrics.intervals import bootstrap, wilson
from mispredict.metrics.measure import MetricRow, MetricTable, measure, measure_many
from mispredict.metrics.outcomes import Groups, Outcomes
from mispredict.metrics.probabilities import delong
from mispredict.metrics.registry import (
    METRICS,
    Metric,
    aggregate,
    default_metrics,
    metric,
    metrics_for,
)
from mispredict.metrics.threshold import Costs, ThresholdTable, threshold

__all__ = [
    "METRICS",
    "BaselineTable",
    "CalibrationTable",
    "ConfusionTable",
    "Costs",
    "Groups",
    "Metric",
    "MetricRow",
    "MetricTable",
    "Outcomes",
    "PrecisionRecallCurve",
    "RocCurve",
    "ThresholdTable",
    "aggregate",
    "baselines",
    "bootstrap",
    "calibration",
    "confusion",
    "default_metrics",
    "delong",
    "measure",
    "measure_many",
    "metric",
    "metrics_for",
    "precision_recall_curve",
    "roc_curve",
    "threshold",
    "wilson",
]
