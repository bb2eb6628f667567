"""Metrics of an overview, all measured in one pass: headline, per class, averaged, by curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.task import TaskKind
from mispredict.metrics import METRICS, Groups, MetricRow, default_metrics, measure
from mispredict.report.shapes import Average, ClassRow, Figure
from mispredict.report.subject import Bools, Subject
from mispredict.report.wording import LONGEST_NAME, clip

MOST_CLASSES = 100  # listed one by one
MOST_CURVES = 6
PARTS = ("precision", "recall", "f1")
AVERAGES = ("macro", "weighted", "micro")


@dataclass(frozen=True)
class Figures:
    """The metrics of the subject by name."""

    rows: Mapping[str, MetricRow]
    headline: tuple[str, ...]
    classes: tuple[int, ...]
    support: npt.NDArray[np.int64]
    predicted: npt.NDArray[np.int64]

    def figure(self, name: str, shown: str = "") -> Figure:
        """A metric under its own name or another."""
        return as_figure(self.rows[name], shown or name)


def measured(subject: Subject) -> Figures:
    """Everything that an overview says of the metrics, measured together."""
    task = subject.task
    headline = default_metrics(task, has_probabilities=subject.has_probabilities)
    support, predicted = _counts(subject)
    order = np.argsort(-support, kind="stable")
    classes = tuple(int(k) for k in order[:MOST_CLASSES] if support[k] or predicted[k])
    names = [*headline, *_class_metrics(subject, classes), *_average_metrics(task.kind)]
    outcomes = subject.evaluation.outcomes
    rows = measure(outcomes, whole(outcomes.n, subject.mask), metrics=list(dict.fromkeys(names)))
    return Figures({row.metric: row for row in rows}, headline, classes, support, predicted)


def whole(n: int, mask: Bools | None) -> Groups:
    """The rows of a mask, or all, as one group."""
    return Groups.whole(n) if mask is None else Groups.of_mask(mask, "")


def as_figure(row: MetricRow, shown: str = "") -> Figure:
    """A measured metric with what is known of its scale."""
    metric = METRICS[row.metric.partition("[")[0]]
    return Figure(
        metric=shown or row.metric,
        value=row.value,
        low=row.low,
        high=row.high,
        n=row.n,
        lowest=metric.low,
        highest=metric.high,
        higher_is_better=metric.higher_is_better,
        explanation=metric.explanation,
    )


def headline(figures: Figures) -> tuple[Figure, ...]:
    """The task's headline metrics."""
    return tuple(figures.figure(name) for name in figures.headline)


def class_rows(subject: Subject, figures: Figures) -> tuple[ClassRow, ...]:
    """Precision, recall and F1 of each class, the most frequent first."""
    total = max(1, int(figures.support.sum()))
    if subject.task.kind is TaskKind.MULTILABEL:
        total = max(1, figures.rows[figures.headline[0]].n)
    names = subject.task.classes
    return tuple(
        ClassRow(
            label=clip(str(names[k]), LONGEST_NAME),
            support=int(figures.support[k]),
            share=float(figures.support[k] / total),
            predicted=int(figures.predicted[k]),
            **_flat(figures.rows, lambda part, k=k: f"{part}[{names[k]}]"),
        )
        for k in figures.classes
    )


def averages(figures: Figures) -> tuple[Average, ...]:
    """Precision, recall and F1 over all classes: macro, weighted, micro."""
    return tuple(
        Average(
            average=kind,
            n=figures.rows[f"f1_{kind}"].n,
            **_flat(figures.rows, lambda part, kind=kind: f"{part}_{kind}"),
        )
        for kind in AVERAGES
        if f"f1_{kind}" in figures.rows
    )


def curve_classes(subject: Subject, figures: Figures) -> tuple[int, ...]:
    """Classes whose curves are drawn: the positive one, or the most frequent."""
    if not subject.has_probabilities:
        return ()
    if subject.task.kind is TaskKind.BINARY:
        return (subject.evaluation.outcomes.positive,)
    return figures.classes[:MOST_CURVES]


def _flat(rows: Mapping[str, MetricRow], name: Any) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in PARTS:
        row = rows[name(part)]
        found |= {part: row.value, f"{part}_low": row.low, f"{part}_high": row.high}
    return found


def _class_metrics(subject: Subject, classes: Sequence[int]) -> list[str]:
    if not subject.task.classes:
        return []
    names = [f"{part}[{subject.task.classes[k]}]" for k in classes for part in PARTS]
    if subject.has_probabilities:
        drawn = classes[:MOST_CURVES]
        if subject.task.kind is TaskKind.BINARY:
            drawn = [subject.evaluation.outcomes.positive]
        areas = ("roc_auc", "average_precision")
        names += [f"{area}[{subject.task.classes[k]}]" for k in drawn for area in areas]
        names += ["ece"] if subject.task.is_classification else []
    return names


def _average_metrics(kind: TaskKind) -> list[str]:
    if kind not in METRICS["f1_macro"].tasks:
        return []
    return [f"{part}_{average}" for average in AVERAGES for part in PARTS]


def _counts(subject: Subject) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Rows per class by label and by prediction, of the rows that have a label."""
    outcomes, size = subject.evaluation.outcomes, len(subject.task.classes)
    if not size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    label, prediction = subject.chosen(outcomes.label), subject.chosen(outcomes.prediction)
    if subject.task.kind is TaskKind.MULTILABEL:
        known = subject.chosen(outcomes.known) if outcomes.known is not None else slice(None)
        return label[known].sum(axis=0), prediction[known].sum(axis=0)
    known = (label >= 0) & (prediction >= 0)
    return (
        np.bincount(label[known], minlength=size),
        np.bincount(prediction[known], minlength=size),
    )
