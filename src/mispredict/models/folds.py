"""Predictions for every row by a model that did not learn from it: cross-validation."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, Cancelled, ModelError
from mispredict.core.task import Scalar, Task
from mispredict.core.words import counted
from mispredict.models.estimators import SklearnModel
from mispredict.models.protocol import Array, Model
from mispredict.models.running import Predictions, Usage, run

if TYPE_CHECKING:
    import pandas as pd

MOST_FOLDS = 100


def fold_numbers(
    label: Array, known: npt.NDArray[np.bool_], folds: int, *, task: Task, groups: Any, seed: int
) -> npt.NDArray[np.int64]:
    """The fold of each row, from 0: classes spread evenly, rows of one group together.

    Args:
        label: of each row; class numbers of a classification.
        known: which rows have one; the others are spread evenly too.
        folds: how many.
        task: what is predicted.
        groups: of each row, those that must not be torn apart; None for none.
        seed: of the draw.
    """
    rows = np.flatnonzero(known)
    if len(rows) < folds:
        raise BadOption(
            f"folds={folds} cannot be made of {counted(len(rows), 'row')} with labels.",
            known="Each fold needs a row.",
            hint=f"folds={max(2, len(rows))}",
        )
    splitter = _splitter(task, folds, groups is not None, seed)
    numbers = np.arange(len(label)) % folds
    within = None if groups is None else np.asarray(groups)[rows]
    if within is not None and len(np.unique(within)) < folds:
        raise BadOption(
            f"folds={folds} cannot be made of {counted(len(np.unique(within)), 'group')}.",
            known="The rows of a group are in one fold.",
            hint=f"folds={max(2, len(np.unique(within)))}",
        )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # classes rarer than there are folds
        given = label[rows] if label.ndim == 1 else np.zeros(len(rows))
        try:
            parts = list(splitter.split(np.zeros(len(rows)), given, within))
        except ValueError as error:
            raise BadOption(
                f"the rows cannot be split into {folds} folds.",
                known=f"Splitting said: {error}",
                hint="folds=2",
            ) from error
    for number, (_, held) in enumerate(parts):
        numbers[rows[held]] = number
    return numbers


def cross_validated(
    model: Model,
    frame: pd.DataFrame,
    label: Array,
    known: npt.NDArray[np.bool_],
    numbers: npt.NDArray[np.int64],
    *,
    task: Task,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Predictions:
    """Predictions of each fold by a copy of the model that was fitted on the others.

    Args:
        model: an estimator in scikit-learn's interface; fitted or not, it stays as it is.
        frame: the rows as the model knows them.
        label: of each row, in the type of the task's classes.
        known: which rows have one; only they are learned from.
        numbers: the fold of each row.
        task: what is predicted.
        progress: called with (folds done, folds).
        cancel: asked before each fold; True stops.

    Raises:
        ModelError: the model cannot be fitted again, or fitting raised.
        Cancelled: `cancel` said so.
    """
    total = int(numbers.max()) + 1
    answers: list[tuple[npt.NDArray[np.int64], Predictions]] = []
    for fold in range(total):
        if cancel is not None and cancel():
            raise Cancelled("cross-validation was stopped.", known=f"{fold} of {total} folds.")
        train, held = np.flatnonzero((numbers != fold) & known), np.flatnonzero(numbers == fold)
        if len(held):
            copy = fitted(model, frame.iloc[train], label[train], f"all folds but {fold}")
            answers.append((held, run(copy, frame.iloc[held], task=task, cancel=cancel)))
        if progress is not None:
            progress(fold + 1, total)
    return _joined(answers, len(frame))


def _splitter(task: Task, folds: int, is_grouped: bool, seed: int) -> Any:
    from sklearn import model_selection

    if task.is_classification:
        kind = (
            model_selection.StratifiedGroupKFold if is_grouped else model_selection.StratifiedKFold
        )
    else:
        kind = model_selection.GroupKFold if is_grouped else model_selection.KFold
    return kind(folds, shuffle=True, random_state=seed)


def fitted(model: Model, frame: pd.DataFrame, label: Array, what: str) -> SklearnModel:
    """A copy of the model that learned anew, from these rows; `what` they are, for errors.

    Raises:
        ModelError: it is no estimator that can be fitted, or fitting failed.
    """
    from sklearn.base import clone

    if not isinstance(model, SklearnModel):
        raise ModelError(
            f"the model {model.name!r} cannot be fitted again.",
            known=f"It is called as {model.kind}; only estimators with fit() can learn anew.",
            hint="ws.cross_validate(an estimator, data)",
        )
    try:
        estimator = clone(model.estimator)
    except TypeError as error:
        raise ModelError(
            f"the model {model.name!r} cannot be copied unfitted.",
            known=f"Copying said: {error}",
            hint="an estimator with get_params(), as scikit-learn's have",
        ) from error
    names = model._classes
    target = label if names is None else _own_labels(model, names, label)
    try:
        estimator.fit(model.fed(frame), target)
    except Exception as error:
        raise ModelError(
            f"fitting {model.name!r} on {what} raised {type(error).__name__}.",
            known=f"It said: {error!s:.300}",
            hint="fit it on such rows by hand and see",
        ) from error
    copy = SklearnModel(estimator, name=model.name)
    if names is not None:
        copy._classes = tuple(names[k] for k in _places(model, estimator.classes_))
    copy._feed = model._feed
    return copy


def _own_labels(model: SklearnModel, names: tuple[Scalar, ...], label: Array) -> Array:
    """Labels as the estimator knows them, whose classes were given other names."""
    own = np.asarray(getattr(model.estimator, "classes_", np.arange(len(names))))
    place = {name: k for k, name in enumerate(names)}
    return own[[place[item] for item in label.tolist()]]


def _places(model: SklearnModel, classes: Array) -> list[int]:
    own = np.asarray(getattr(model.estimator, "classes_", classes)).tolist()
    return [own.index(item) for item in np.asarray(classes).tolist()]


def _joined(answers: list[tuple[npt.NDArray[np.int64], Predictions]], n: int) -> Predictions:
    """The folds' answers in the order of the rows."""
    classes = answers[0][1].classes
    order = np.argsort(np.concatenate([rows for rows, _ in answers]))

    def joined(name: str) -> Any:
        parts = [getattr(found, name) for _, found in answers]
        if any(part is None for part in parts):
            return None
        return np.concatenate(parts)[order]

    calls = sum(found.usage.calls for _, found in answers)
    seconds = sum(found.usage.seconds for _, found in answers)
    notes = dict.fromkeys(note for _, found in answers for note in found.notes)
    usage = Usage(calls=calls, rows=n, seconds=seconds)
    return Predictions(
        joined("labels"), joined("probabilities"), classes, joined("values"), usage, tuple(notes)
    )
