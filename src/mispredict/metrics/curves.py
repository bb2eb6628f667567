"""Tables behind the pictures: confusion, calibration, ROC and precision-recall curves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from mispredict.core.options import whole
from mispredict.core.results import Result, Source
from mispredict.core.task import Scalar
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.columns import Columns, Sorted, no_probabilities
from mispredict.metrics.intervals import wilson_bounds
from mispredict.metrics.outcomes import Array, Groups, Outcomes
from mispredict.metrics.probabilities import ECE_BINS, auc_of

MOST_POINTS = 200
MOST_BINS = 1000
_NOWHERE = Source("")


@dataclass(frozen=True, slots=True)
class ConfusionRow:
    """Rows of one label with one prediction; `share_of_label` of the label's rows."""

    label: Scalar
    prediction: Scalar
    n: int
    share_of_label: float


@dataclass(frozen=True)
class ConfusionTable(Result):
    """How often each label gets each prediction, all pairs of classes in their order."""

    row_type: ClassVar[type] = ConfusionRow
    title: ClassVar[str] = "Confusion"

    rows: tuple[ConfusionRow, ...]
    source: Source = _NOWHERE


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """Rows whose confidence is in (low_edge, high_edge]; low and high bound the accuracy."""

    low_edge: float
    high_edge: float
    n: int
    confidence: float
    accuracy: float
    low: float
    high: float


@dataclass(frozen=True)
class CalibrationTable(Result):
    """Confidence in the predicted class against the share that is right."""

    row_type: ClassVar[type] = CalibrationRow
    title: ClassVar[str] = "Calibration"

    rows: tuple[CalibrationRow, ...]
    ece: float
    source: Source = _NOWHERE


@dataclass(frozen=True, slots=True)
class RocPoint:
    """Rates where rows with a probability of at least `threshold` are called positive."""

    threshold: float
    false_positive_rate: float
    true_positive_rate: float


@dataclass(frozen=True)
class RocCurve(Result):
    """ROC curve of a class against the rest; `area` is exact, points are thinned."""

    row_type: ClassVar[type] = RocPoint
    title: ClassVar[str] = "ROC curve"

    rows: tuple[RocPoint, ...]
    of_class: Scalar
    area: float
    source: Source = _NOWHERE


@dataclass(frozen=True, slots=True)
class PrecisionRecallPoint:
    """Precision and recall where rows of at least `threshold` are called positive."""

    threshold: float
    recall: float
    precision: float


@dataclass(frozen=True)
class PrecisionRecallCurve(Result):
    """Precision-recall curve of a class; `area` is the exact average precision."""

    row_type: ClassVar[type] = PrecisionRecallPoint
    title: ClassVar[str] = "Precision-recall curve"

    rows: tuple[PrecisionRecallPoint, ...]
    of_class: Scalar
    area: float
    source: Source = _NOWHERE


def confusion(outcomes: Outcomes, mask: Array | None = None) -> ConfusionTable:
    """Counts of label × prediction over the rows where `mask` is true (all for None)."""
    counts = _statistics(outcomes, mask).confusion().rows[0]
    totals = counts.sum(axis=1)
    classes = outcomes.task.classes
    rows = (
        ConfusionRow(
            label,
            prediction,
            int(counts[i, j]),
            counts[i, j] / totals[i] if totals[i] else float("nan"),
        )
        for i, label in enumerate(classes)
        for j, prediction in enumerate(classes)
    )
    return ConfusionTable(tuple(rows))


def calibration(
    outcomes: Outcomes,
    mask: Array | None = None,
    *,
    bins: int = ECE_BINS,
    level: float = 0.95,
) -> CalibrationTable:
    """Reliability diagram's table: equal-width bins of confidence, empty ones left out."""
    bins = whole("bins", bins, 1, MOST_BINS)
    _require_probabilities(outcomes, "a calibration curve")
    b = _statistics(outcomes, mask).calibration(bins)
    rows, weight, confident, correct = (x[0] for x in (b.rows, b.weight, b.confident, b.correct))
    filled = np.flatnonzero((rows > 0) & (weight > 0))
    accuracy, confidence = correct[filled] / weight[filled], confident[filled] / weight[filled]
    low, high = wilson_bounds(accuracy, rows[filled], level)
    gap = np.abs(correct - confident).sum() / weight.sum() if weight.sum() > 0 else np.nan
    table = zip(filled, accuracy, confidence, low, high, strict=True)
    made = tuple(
        CalibrationRow(
            i / bins, (i + 1) / bins, int(rows[i]), float(c), float(a), float(lo), float(hi)
        )
        for i, a, c, lo, hi in table
    )
    return CalibrationTable(made, float(gap))


def roc_curve(outcomes: Outcomes, mask: Array | None = None, *, k: int | None = None) -> RocCurve:
    """ROC curve of class number `k` (the positive one for None), in at most 200 points."""
    k = _class(outcomes, k, "a ROC curve")
    thresholds, hits, false = _cumulated(outcomes, mask, k)
    area = float(auc_of(_statistics(outcomes, mask).ranked(k, precise=False))[0][0])
    if not hits.size or not hits[-1] or not false[-1]:
        return RocCurve((), outcomes.task.classes[k], area)
    x, y = np.r_[0.0, false / false[-1]], np.r_[0.0, hits / hits[-1]]
    thresholds = np.r_[np.inf, thresholds]
    kept = thin(x, y)
    points = (RocPoint(*map(float, (thresholds[i], x[i], y[i]))) for i in kept)
    return RocCurve(tuple(points), outcomes.task.classes[k], area)


def precision_recall_curve(
    outcomes: Outcomes, mask: Array | None = None, *, k: int | None = None
) -> PrecisionRecallCurve:
    """Precision-recall curve of class number `k`, in at most 200 points."""
    k = _class(outcomes, k, "a precision-recall curve")
    thresholds, hits, false = _cumulated(outcomes, mask, k)
    sums = _statistics(outcomes, mask).ranked(k, precise=True)
    name = outcomes.task.classes[k]
    if not hits.size or not hits[-1]:
        return PrecisionRecallCurve((), name, float("nan"))
    area = float(sums.precision[0] / sums.positive[0])
    flagged = hits + false
    recall = hits / hits[-1]
    precision = np.divide(hits, flagged, out=np.ones_like(hits), where=flagged > 0)
    kept = thin(recall, precision)
    points = (
        PrecisionRecallPoint(*map(float, (thresholds[i], recall[i], precision[i]))) for i in kept
    )
    return PrecisionRecallCurve(tuple(points), name, area)


def thin(x: Array, y: Array, most: int = MOST_POINTS) -> Array:
    """Indices of at most `most` points that keep the line's shape, first and last included.

    Points are added where the line so far is farthest off (Ramer 1972; Douglas & Peucker 1973),
    among points first thinned to equal steps along the line.
    """
    if x.size <= most:
        return np.arange(x.size)
    along = np.r_[0.0, np.cumsum(np.abs(np.diff(x)) + np.abs(np.diff(y)))]
    steps = np.searchsorted(along, np.linspace(0, along[-1], 20 * most))
    candidates = np.unique(np.r_[0, np.minimum(steps, x.size - 1), x.size - 1])
    return candidates[_simplified(x[candidates], y[candidates], most)]


def _simplified(x: Array, y: Array, most: int) -> Array:
    import heapq

    kept = {0, x.size - 1}
    heap = [_farthest(x, y, 0, x.size - 1)]
    while heap and len(kept) < most:
        _, start, middle, end = heapq.heappop(heap)
        if middle in kept:
            continue
        kept.add(middle)
        for part in ((start, middle), (middle, end)):
            if part[1] - part[0] > 1:
                heapq.heappush(heap, _farthest(x, y, *part))
    return np.array(sorted(kept))


def _farthest(x: Array, y: Array, start: int, end: int) -> tuple[float, int, int, int]:
    """Negative distance, start, index and end of the point farthest from the line."""
    if end - start < 2:
        return 0.0, start, start, end
    dx, dy = x[end] - x[start], y[end] - y[start]
    inner = slice(start + 1, end)
    off = np.abs((x[inner] - x[start]) * dy - (y[inner] - y[start]) * dx)
    worst = int(off.argmax())
    return -float(off[worst]), start, start + 1 + worst, end


def _cumulated(outcomes: Outcomes, mask: Array | None, k: int) -> tuple[Array, Array, Array]:
    """Thresholds from high to low with the weight of positives and negatives at or above."""
    by_score, positive, weight = ranking(outcomes, mask, k)
    if not by_score.order.size:
        return np.empty(0), np.empty(0), np.empty(0)
    scores, hit = by_score.values[::-1], positive[::-1] == 1
    w = weight[::-1] if weight.size else np.ones(scores.size)
    ends = np.flatnonzero(np.r_[np.diff(scores) != 0, True])
    return scores[ends], np.cumsum(w * hit)[ends], np.cumsum(w * ~hit)[ends]


def ranking(outcomes: Outcomes, mask: Array | None, k: int) -> tuple[Sorted, Array, Array]:
    """Rows of the mask that count by ascending probability of a class."""
    by_score, positive, weight = Columns(outcomes).ranking(k)
    if mask is None:
        return by_score, positive, weight
    kept = mask[by_score.order]
    chosen = Sorted(by_score.order[kept], by_score.values[kept])
    return chosen, positive[kept], weight[kept] if weight.size else weight


def _statistics(outcomes: Outcomes, mask: Array | None) -> ArrayStatistics:
    whole = mask is None
    groups = Groups.whole(outcomes.n) if whole else Groups.of_mask(np.asarray(mask), "")
    return ArrayStatistics(Columns(outcomes), groups)


def _class(outcomes: Outcomes, k: int | None, what: str) -> int:
    _require_probabilities(outcomes, what)
    return outcomes.positive if k is None else k


def _require_probabilities(outcomes: Outcomes, what: str) -> None:
    if not outcomes.has_probabilities:
        raise no_probabilities(what)
