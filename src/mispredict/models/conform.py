"""A model's answer in the terms of the task."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.models.answers import (
    Rows,
    check_label_sets,
    check_labels,
    check_length,
    check_probabilities,
    check_values,
)
from mispredict.models.classes import Matched, as_labels, match_classes, rename_labels
from mispredict.models.protocol import Answer, Array


def check_answer(answer: Answer, *, n: int, task: Task | None = None, rows: Rows = None) -> Answer:
    """The answer with its arrays checked and in their final types, in its own classes.

    Raises:
        BadPredictions: the arrays do not fit n rows, each other or the task.
    """
    if answer.labels is None and answer.probabilities is None and answer.values is None:
        raise BadPredictions(
            "the model answered neither labels nor probabilities nor values.",
            known=f"It returned {type(answer.raw).__name__}.",
        )
    if task is not None and task.kind is TaskKind.REGRESSION:
        return _regression(answer, n, rows)
    if task is not None and task.kind is TaskKind.MULTILABEL:
        return _multilabel(answer, n, task, rows)
    if task is not None and task.is_classification:
        return _classification(_as_classification(answer, task), n, rows)
    return _any(answer, n, rows)


def align(answer: Answer, task: Task | None) -> tuple[Answer, tuple[str, ...]]:
    """The checked answer over the task's classes, and what had to be done for that.

    Labels are derived where the model gave probabilities alone: the most probable class (the
    first in the order of classes, on a tie), or for multilabel all with at least 0.5.
    Classes that only the model knows follow those of the task.
    """
    if task is None or not (task.is_classification or task.kind is TaskKind.MULTILABEL):
        return _with_labels(answer, is_multilabel=_is_indicator(answer)), ()
    is_multilabel = task.kind is TaskKind.MULTILABEL
    answer, matched = _over_classes(answer, task)
    return _with_labels(answer, is_multilabel=is_multilabel), matched.notes


def _regression(answer: Answer, n: int, rows: Rows) -> Answer:
    values = answer.values if answer.values is not None else answer.labels
    column = answer.probabilities
    if values is None and column is not None and np.shape(column) == (n, 1):
        values = column
    if values is None:
        raise BadPredictions(
            "the model answered probabilities, but the task is a regression.",
            hint="task='multiclass', or a model with one value per row",
        )
    return Answer(values=check_values(values, n=n, rows=rows))


def _multilabel(answer: Answer, n: int, task: Task, rows: Rows) -> Answer:
    classes = _multilabel_classes(answer, task)
    probabilities, labels = answer.probabilities, answer.labels
    if labels is None and probabilities is None:
        labels = np.asarray(answer.values)
    if probabilities is not None:
        probabilities = check_probabilities(
            probabilities, n=n, classes=classes, is_multilabel=True, rows=rows
        )
    if labels is not None:
        labels = check_label_sets(labels, n=n, classes=classes, rows=rows)
    return Answer(labels=labels, probabilities=probabilities, classes=classes)


def _multilabel_classes(answer: Answer, task: Task) -> tuple[Scalar, ...]:
    """The answer's classes; scikit-learn numbers them 0..K-1, in the order of their names."""
    classes = answer.classes
    if classes is None or (classes == tuple(range(len(task.classes))) and classes != task.classes):
        return task.classes
    return classes


def _as_classification(answer: Answer, task: Task) -> Answer:
    """The answer with single numbers read as what they mean under the task."""
    if answer.values is None or answer.labels is not None or answer.probabilities is not None:
        return answer
    values = np.asarray(answer.values)
    if values.ndim == 2 and values.shape[1] > 1:
        return replace(answer, values=None, probabilities=values)
    if task.kind is TaskKind.BINARY and values.dtype.kind == "f":
        return replace(answer, values=None, probabilities=values.reshape(-1, 1), classes=None)
    return replace(answer, values=None, labels=values)


def _classification(answer: Answer, n: int, rows: Rows) -> Answer:
    probabilities, labels, classes = answer.probabilities, answer.labels, answer.classes
    if probabilities is not None:
        width = 1 if np.ndim(probabilities) == 2 and np.shape(probabilities)[1] == 1 else None
        names = classes if width is None else None
        probabilities = check_probabilities(
            probabilities, n=n, classes=names, is_multilabel=width == 1, rows=rows
        )
    if labels is not None:
        labels = check_labels(labels, n=n, classes=classes, rows=rows)
        labels = labels if classes is None else rename_labels(labels, classes)
    return Answer(labels=labels, probabilities=probabilities, classes=classes)


def _any(answer: Answer, n: int, rows: Rows) -> Answer:
    if answer.labels is not None and np.ndim(answer.labels) == 2:
        classes = answer.classes or tuple(range(np.shape(answer.labels)[1]))
        return _multilabel(replace(answer, classes=classes), n, _task_of(classes), rows)
    checked = _classification(answer, n, rows)
    values = None if answer.values is None else check_values(answer.values, n=n, rows=rows)
    return replace(checked, values=values)


def _task_of(classes: tuple[Scalar, ...]) -> Task:
    return Task(TaskKind.MULTILABEL, classes)


def _is_indicator(answer: Answer) -> bool:
    return answer.labels is not None and answer.labels.ndim == 2


def _over_classes(answer: Answer, task: Task) -> tuple[Answer, Matched]:
    probabilities, classes = answer.probabilities, answer.classes
    notes: tuple[str, ...] = ()
    if probabilities is not None and probabilities.shape[1] == 1 and task.kind is TaskKind.BINARY:
        probabilities, classes, note = _two_columns(probabilities, task, classes)
        notes = (note,)
    found = _implied_classes(answer.labels, probabilities, task) if classes is None else classes
    matched = match_classes(found, task.classes)
    labels = answer.labels
    if labels is not None:
        is_sets = labels.ndim == 2
        labels = matched.reorder(labels) if is_sets else rename_labels(labels, matched.classes)
    columns = None if probabilities is None else matched.reorder(probabilities)
    answer = Answer(labels=labels, probabilities=columns, classes=matched.classes)
    return answer, replace(matched, notes=notes + _fitting(matched.notes, columns))


def _fitting(notes: tuple[str, ...], probabilities: Array | None) -> tuple[str, ...]:
    """Without probabilities, that the model never said a class means nothing."""
    if probabilities is not None:
        return notes
    return tuple(note for note in notes if "does not know" not in note)


def _two_columns(
    column: Array, task: Task, classes: tuple[Scalar, ...] | None
) -> tuple[Array, tuple[Scalar, ...], str]:
    if classes is not None and len(classes) == 2:
        positive, negative = classes[1], classes[0]
    else:
        positive = task.classes[-1] if task.positive is None else task.positive
        negative = next(name for name in task.classes if name != positive)
    note = f"The one number per row was read as the probability of {positive!r}."
    return np.hstack([1 - column, column]), (negative, positive), note


def _implied_classes(
    labels: Array | None, probabilities: Array | None, task: Task
) -> Sequence[Scalar]:
    """What the columns (or labels) of an answer without classes stand for."""
    if probabilities is None:
        return [] if labels is None else [value.item() for value in np.unique(labels)]
    _check_width(probabilities.shape[1], task)
    return task.classes


def _check_width(width: int, task: Task) -> None:
    """Raise where columns without names are not as many as the task's classes."""
    if width != len(task.classes):
        raise BadPredictions(
            f"probabilities have {width} columns, the data has {len(task.classes)} classes.",
            known=f"The data's classes are {', '.join(map(repr, task.classes[:8]))}.",
            hint="classes=(…) in the order of the columns",
        )


def _with_labels(answer: Answer, *, is_multilabel: bool) -> Answer:
    probabilities, classes = answer.probabilities, answer.classes
    if answer.labels is not None or probabilities is None:
        return answer
    if is_multilabel:
        return replace(answer, labels=probabilities >= 0.5)
    if classes is None:
        classes = tuple(range(probabilities.shape[1]))
    check_length(len(classes), probabilities.shape[1], "class", "classes")
    return replace(answer, labels=as_labels(classes)[probabilities.argmax(axis=1)], classes=classes)
