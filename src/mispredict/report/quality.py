"""How good the model is: confusion, calibration, curves, threshold, baselines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.metrics import METRICS, measure
from mispredict.report.figures import Figures, as_figure, curve_classes, whole
from mispredict.report.shapes import (
    Baseline,
    CalibrationBin,
    CalibrationPart,
    ConfusionPart,
    CurvePart,
    Decision,
    Figure,
    ThresholdPart,
    ThresholdPoint,
)
from mispredict.report.subject import Subject
from mispredict.report.wording import LONGEST_NAME, clip

MOST_MATRIX = 30  # classes whose confusion is shown as a matrix
MOST_RIVALS = 5  # other evaluations that are looked at for the previous model
_JUDGED_BY = {
    TaskKind.BINARY: "mcc",
    TaskKind.MULTICLASS: "mcc",
    TaskKind.MULTILABEL: "f1_micro",
    TaskKind.REGRESSION: "mae",
    TaskKind.SCORE: "loss",
}
_COMPARED = {
    TaskKind.BINARY: ("accuracy", "balanced_accuracy", "f1_macro", "mcc", "roc_auc", "log_loss"),
    TaskKind.MULTICLASS: ("accuracy", "balanced_accuracy", "f1_macro", "mcc", "log_loss"),
    TaskKind.MULTILABEL: ("accuracy", "hamming_loss", "f1_micro", "f1_macro"),
    TaskKind.REGRESSION: ("mae", "rmse", "r2"),
    TaskKind.SCORE: ("loss", "loss_quantile[0.9]"),
}


def confusion(subject: Subject) -> ConfusionPart | None:
    """Counts of labels by predictions; without the matrix where classes are many."""
    size = len(subject.task.classes)
    if not subject.task.is_classification:
        return None
    outcomes = subject.evaluation.outcomes
    label, prediction = subject.chosen(outcomes.label), subject.chosen(outcomes.prediction)
    known = (label >= 0) & (prediction >= 0)
    n = int(known.sum())
    if size > MOST_MATRIX:
        return ConfusionPart((), (), size, n)
    pairs = label[known].astype(np.int64) * size + prediction[known]
    counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
    names = tuple(clip(str(name), LONGEST_NAME) for name in subject.task.classes)
    return ConfusionPart(names, tuple(tuple(map(int, row)) for row in counts), size, n)


def calibration(subject: Subject, figures: Figures) -> CalibrationPart | None:
    """Confidence against accuracy in ten bins, with the expected calibration error."""
    from mispredict.metrics.curves import calibration as calibrated

    if not subject.task.is_classification or not subject.has_probabilities:
        return None
    table = calibrated(subject.evaluation.outcomes, subject.mask, bins=10)
    bins = tuple(
        CalibrationBin(
            row.low_edge, row.high_edge, row.n, row.confidence, row.accuracy, row.low, row.high
        )
        for row in table.rows
    )
    ece = figures.rows["ece"]
    return CalibrationPart(bins, ece.value, ece.low, ece.high, ece.n)


def curves(subject: Subject, figures: Figures) -> tuple[CurvePart, ...]:
    """ROC and precision-recall curves of the positive class, or of the most frequent ones."""
    return tuple(
        curve for k in curve_classes(subject, figures) for curve in _curves_of(subject, figures, k)
    )


def threshold(subject: Subject) -> ThresholdPart | None:
    """The cheapest threshold where both errors cost the same, and any recorded decision."""
    from mispredict.metrics.threshold import threshold as chosen

    if subject.task.kind is not TaskKind.BINARY or not subject.has_probabilities:
        return None
    outcomes = subject.evaluation.outcomes
    table = chosen(outcomes, mask=subject.mask, draws=200)
    return ThresholdPart(
        positive=clip(str(subject.task.classes[outcomes.positive]), LONGEST_NAME),
        best=_point(table.best),
        usual=_point(table.usual),
        thresholds=tuple(row.threshold for row in table.rows),
        costs=tuple(row.cost for row in table.rows),
        change_low=table.change.low,
        change_high=table.change.high,
        optimism=table.optimism,
        n=table.n,
        decision=_decision(subject),
    )


def baselines(subject: Subject, figures: Figures) -> tuple[tuple[Baseline, ...], str]:
    """Constant and random predictors, and the skew warning ("" where classes are even)."""
    from mispredict.metrics.baselines import baselines as constants

    if not subject.task.is_classification and subject.task.kind is not TaskKind.REGRESSION:
        return (), ""
    table = constants(subject.evaluation.outcomes, subject.mask)
    n = figures.rows[figures.headline[0]].n
    kinds = dict.fromkeys(row.baseline for row in table.rows)
    made = (
        Baseline(
            "stratified" if kind == "random" else kind,
            _NAMES.get(kind, kind),
            tuple(_exact(row.metric, row.value, n) for row in table.rows if row.baseline == kind),
        )
        for kind in kinds
    )
    return tuple(made), table.warning


def previous(subject: Subject) -> tuple[Baseline, ...]:
    """The best other evaluation of the same dataset version on the same rows."""
    scored = [(_judged(subject, other), index, other) for index, other in _others(subject)]
    usable = [item for item in scored if np.isfinite(item[0])]
    if not usable:
        return ()
    best = max(usable, key=lambda item: (item[0], -item[1]))[2]
    fixed, broken = _changed(subject, best)
    return (Baseline("previous", str(best.model), _compared(subject, best), fixed, broken),)


def whole_evaluation(subject: Subject) -> tuple[Baseline, ...]:
    """All rows of the evaluation, beside a cohort of it."""
    if subject.mask is None:
        return ()
    everything = Subject(subject.evaluation, None, None, subject.evaluation.n)
    name = f"all {counted(everything.n, 'row')}"
    return (Baseline("whole", name, _compared(everything, subject.evaluation)),)


_NAMES = {
    "majority": "always the commonest label",
    "random": "at random, as labels are shared out",
    "mean": "always the mean",
    "median": "always the median",
}


def _curves_of(subject: Subject, figures: Figures, k: int) -> Iterator[CurvePart]:
    from mispredict.metrics.curves import precision_recall_curve, roc_curve

    outcomes, full = subject.evaluation.outcomes, str(subject.task.classes[k])
    name = clip(full, LONGEST_NAME)
    positives = int(figures.support[k])
    area = figures.rows[f"roc_auc[{full}]"]
    roc = roc_curve(outcomes, subject.mask, k=k).rows
    if roc:
        x = tuple(row.false_positive_rate for row in roc)
        y = tuple(row.true_positive_rate for row in roc)
        yield CurvePart("roc", name, x, y, area.value, area.low, area.high, area.n, positives)
    area = figures.rows[f"average_precision[{full}]"]
    pairs = precision_recall_curve(outcomes, subject.mask, k=k).rows
    if pairs:
        x = tuple(row.recall for row in pairs)
        y = tuple(row.precision for row in pairs)
        yield CurvePart("pr", name, x, y, area.value, area.low, area.high, area.n, positives)


def _point(row: Any) -> ThresholdPoint:
    return ThresholdPoint(
        row.threshold, row.cost, row.precision, row.recall, round(row.fp), round(row.fn)
    )


def _decision(subject: Subject) -> Decision | None:
    """The newest threshold recorded for the model."""
    store = getattr(workspace_of(subject), "store", None)
    if store is None:
        return None
    name = subject.evaluation.model.partition("@")[0]
    if store.head("threshold", name) is None:
        return None
    version = store.version("threshold", name)
    spec = version.spec
    when = version.created_at.isoformat(timespec="seconds")
    return Decision(float(spec["threshold"]), str(spec["who"]), str(spec["reason"]), when)


def _exact(metric: str, value: float, n: int) -> Figure:
    known = METRICS[metric]
    return Figure(
        metric, value, value, value, n, known.low, known.high, known.higher_is_better,
        known.explanation,
    )  # fmt: skip


def _others(subject: Subject) -> Iterator[tuple[int, Any]]:
    """The newest other evaluations of the same dataset version, newest first."""
    workspace = workspace_of(subject)
    if workspace is None:
        return
    evaluation = subject.evaluation
    dataset = str(evaluation.dataset.ref)
    entries = sorted(workspace.evaluations().rows, key=lambda row: row.created_at, reverse=True)
    names = dict.fromkeys(
        row.name
        for row in entries
        if row.name.partition("/")[2] == dataset and row.name != evaluation.ref
    )
    for index, name in enumerate(list(names)[:MOST_RIVALS]):
        other = workspace.evaluation(name)
        if other.task.kind is evaluation.task.kind:
            yield index, other


def _judged(subject: Subject, other: Any) -> float:
    """How good another model is on the subject's rows; larger is better."""
    name = _JUDGED_BY[subject.task.kind]
    row = measure(other.outcomes, whole(other.n, subject.mask), metrics=[name])[0]
    return row.value if METRICS[name].higher_is_better else -row.value


def _compared(subject: Subject, other: Any) -> tuple[Figure, ...]:
    names = [
        name
        for name in _COMPARED[subject.task.kind]
        if other.outcomes.has_probabilities
        or not METRICS[name.partition("[")[0]].needs_probabilities
    ]
    rows = measure(other.outcomes, whole(other.n, subject.mask), metrics=names)
    return tuple(as_figure(row) for row in rows)


def _changed(subject: Subject, other: Any) -> tuple[int | None, int | None]:
    """Rows that are right now and were wrong, and the other way round."""
    if not subject.task.is_classification:
        return None, None
    now, before = (
        (subject.chosen(of.label) == subject.chosen(of.prediction))
        & (subject.chosen(of.label) >= 0)
        for of in (subject.evaluation.outcomes, other.outcomes)
    )
    return int((now & ~before).sum()), int((before & ~now).sum())


def workspace_of(subject: Subject) -> Any:
    evaluation = subject.evaluation
    return getattr(evaluation, "workspace", None) or getattr(evaluation, "_workspace", None)
