"""Whether predictions can be used: shapes, ranges, sums and classes.

Pure functions over arrays; used for what a model answers and for predictions that a user
brings. Each raises `BadPredictions` that names the first row at fault; `rows` are the numbers
of the rows in the dataset, where they are not 0..n-1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions, alternatives
from mispredict.core.task import Scalar
from mispredict.core.words import counted
from mispredict.models.classes import as_labels, listed, renamed
from mispredict.models.protocol import Array, Floats, scalar

Rows: TypeAlias = Sequence[int] | npt.NDArray[np.int64] | None

TOLERANCE = 1e-3  # of the sum of a row's probabilities; float16 softmax stays inside


def check_probabilities(
    probabilities: object,
    *,
    n: int,
    classes: Sequence[Scalar] | None = None,
    is_multilabel: bool = False,
    rows: Rows = None,
) -> Floats:
    """The probabilities as an (n, K) float64 array.

    Raises:
        BadPredictions: not n rows, not K columns, missing, below 0, above 1, or a row that
            does not sum to 1 (which multilabel rows need not).
    """
    array = _numbers(probabilities, "probabilities", rows)
    if array.ndim != 2:
        raise BadPredictions(
            f"probabilities have {array.ndim} dimension(s), not 2.",
            known=f"Their shape is {array.shape}; expected {counted(n, 'row')} × classes.",
        )
    check_length(len(array), n, "row of probabilities", "rows of probabilities")
    if classes is not None and array.shape[1] != len(classes):
        raise BadPredictions(
            f"probabilities have {array.shape[1]} columns for {len(classes)} classes.",
            known=f"The classes are {listed(classes)}.",
            hint="classes=(…) in the order of the columns",
        )
    _check_range(array, classes, rows)
    if not is_multilabel:
        _check_sums(array, rows)
    return np.clip(array, 0, 1)


def check_values(values: object, *, n: int, rows: Rows = None) -> Floats:
    """The predicted values of a regression as an (n,) float64 array, all finite."""
    array = _numbers(values, "predicted values", rows)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise BadPredictions(
            f"predicted values have the shape {array.shape}.",
            known="A regression has one value per row.",
        )
    check_length(len(array), n, "predicted value")
    bad = np.flatnonzero(~np.isfinite(array))
    if len(bad):
        raise BadPredictions(
            f"predicted value of {_row(bad[0], rows)} is {array[bad[0]]}.",
            known=f"{len(bad):,} of {n:,} predicted values are missing or infinite.",
        )
    return array


def check_labels(
    labels: object, *, n: int, classes: Sequence[Scalar] | None = None, rows: Rows = None
) -> Array:
    """The predicted labels as an (n,) array of text, whole numbers, booleans or floats.

    Raises:
        BadPredictions: not n labels, a missing one, types mixed, or one outside `classes`.
    """
    array = np.asarray(labels) if not _is_text(labels) else np.asarray(labels, dtype=object)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    if array.ndim != 1:
        raise BadPredictions(
            f"predicted labels have the shape {array.shape}.",
            known="A classification has one label per row.",
        )
    check_length(len(array), n, "predicted label")
    array = _one_type(array, rows)
    if classes is not None:
        _check_known(array, classes, rows)
    return array


def check_label_sets(
    labels: object, *, n: int, classes: Sequence[Scalar], rows: Rows = None
) -> npt.NDArray[np.bool_]:
    """The predicted labels of multilabel rows as an (n, K) bool array in the classes' order.

    Takes that array itself (of 0 and 1), or one collection of class names per row.
    """
    array = labels if isinstance(labels, np.ndarray) else None
    if array is not None and array.ndim == 2 and array.dtype.kind in "biuf":
        check_length(len(array), n, "row of labels", "rows of labels")
        if array.shape[1] != len(classes):
            raise BadPredictions(
                f"labels have {array.shape[1]} columns for {len(classes)} classes.",
                known=f"The classes are {listed(classes)}.",
            )
        bad = np.argwhere((array != 0) & (array != 1))
        if len(bad):
            at = tuple(bad[0])
            raise BadPredictions(f"label of {_row(at[0], rows)} is {array[at]}, not 0 or 1.")
        return array.astype(bool)
    return _indicator(list(labels), n, classes, rows)  # type: ignore[call-overload]


def check_length(found: int, n: int, noun: str, nouns: str = "") -> None:
    """Raise where there is not one answer per row."""
    if found != n:
        problem = f"{counted(found, noun, nouns)} for {counted(n, 'row')}."
        raise BadPredictions(problem, known="Each row needs one.")


def _numbers(values: object, what: str, rows: Rows) -> Floats:
    array = np.asarray(values)
    if array.dtype.kind in "biuf":
        return np.asarray(array, dtype=np.float64)
    try:
        return np.asarray(array, dtype=np.float64)
    except (TypeError, ValueError):
        at, value = _first_text(array)
        raise BadPredictions(
            f"{what} are not numbers: {_row(at, rows)} is {value!r}.",
            hint="labels go in as labels (task='multiclass'), numbers as numbers",
        ) from None


def _first_text(array: Array) -> tuple[int, Any]:
    for at, value in enumerate(array):
        for item in np.asarray(value, dtype=object).ravel():
            try:
                float(item)
            except (TypeError, ValueError):
                return at, scalar(item)
    return 0, "of uneven length"


def _check_range(array: Floats, classes: Sequence[Scalar] | None, rows: Rows) -> None:
    if array.size and float(array.min()) >= 0 and float(array.max()) <= 1:
        return  # NaN fails both comparisons
    bad = np.argwhere(~((array >= -TOLERANCE) & (array <= 1 + TOLERANCE)))
    if len(bad) == 0:
        return
    row, column = (int(index) for index in bad[0])
    name = repr(classes[column]) if classes is not None else f"column {column}"
    value = float(array[row, column])
    word = "is missing (NaN)" if np.isnan(value) else f"is {value:.6g}, outside 0 to 1"
    raise BadPredictions(
        f"probability of {name} in {_row(row, rows)} {word}.",
        known=f"Rows with such a value: {len(np.unique(bad[:, 0])):,} of {len(array):,}.",
        hint="" if np.isnan(value) else "scores need softmax or a sigmoid to be probabilities",
    )


def _check_sums(array: Floats, rows: Rows) -> None:
    sums = array.sum(axis=1)
    bad = np.flatnonzero(~(np.abs(sums - 1) <= TOLERANCE))
    if len(bad):
        raise BadPredictions(
            f"probabilities of {_row(bad[0], rows)} sum to {sums[bad[0]]:.6g}, not 1.",
            known=f"Rows like it: {len(bad):,} of {len(array):,} (tolerance {TOLERANCE}).",
            hint="task='multilabel' if a row can have several classes",
        )


def _one_type(array: Array, rows: Rows) -> Array:
    if array.dtype.kind in "biuUT":
        return array.astype(np.int64) if array.dtype.kind in "iu" else array
    if array.dtype.kind == "f":
        missing = np.flatnonzero(np.isnan(array))
        if len(missing):
            raise BadPredictions(f"label of {_row(missing[0], rows)} is missing.")
        return array.astype(np.float64)
    return _from_objects(array, rows)


def _from_objects(array: Array, rows: Rows) -> Array:
    import pandas as pd

    for at, value in enumerate(array):
        if isinstance(value, (list, tuple, set, dict, np.ndarray)):
            raise BadPredictions(
                f"label of {_row(at, rows)} is a {type(value).__name__}: {str(value)[:60]}.",
                known="A classification has one label per row.",
                hint="task='multilabel' if a row can have several classes",
            )
    missing = np.flatnonzero(pd.isna(array))
    if len(missing):
        raise BadPredictions(
            f"label of {_row(missing[0], rows)} is missing.",
            known=f"Missing: {len(missing):,} of {counted(len(array), 'label')}.",
        )
    values = [scalar(value) for value in array]
    kinds = {type(value) for value in values}
    if str in kinds and len(kinds) > 1:
        at = next(at for at, value in enumerate(values) if type(value) is not type(values[0]))
        raise BadPredictions(
            f"labels mix types: {_row(at, rows)} is {values[at]!r}, "
            f"{_row(0, rows)} is {values[0]!r}.",
        )
    return as_labels(values)


def _check_known(array: Array, classes: Sequence[Scalar], rows: Rows) -> None:
    values, first = np.unique(array, return_index=True)
    names, _ = renamed([scalar(value) for value in values], classes)
    for name, at in sorted(zip(names, first, strict=True), key=lambda pair: int(pair[1])):
        if name not in classes:
            raise BadPredictions(
                f"label of {_row(at, rows)} is {name!r}, which is not a class.",
                known=alternatives(str(name), (str(item) for item in classes), "class name"),
            )


def _indicator(
    sets: list[Any], n: int, classes: Sequence[Scalar], rows: Rows
) -> npt.NDArray[np.bool_]:
    check_length(len(sets), n, "set of labels", "sets of labels")
    place = {name: at for at, name in enumerate(classes)}
    place |= {str(name): at for at, name in enumerate(classes) if str(name) not in place}
    result = np.zeros((n, len(classes)), dtype=bool)
    for at, names in enumerate(sets):
        if not isinstance(names, (str, list, tuple, set, frozenset, np.ndarray)):
            raise BadPredictions(
                f"labels of {_row(at, rows)} are {names!r:.60}, not a list of class names.",
                known="A row without labels has an empty list.",
            )
        for name in [names] if isinstance(names, str) else names:
            if scalar(name) not in place:
                raise BadPredictions(
                    f"label {name!r} of {_row(at, rows)} is not a class.",
                    known=alternatives(str(name), (str(c) for c in classes), "class name"),
                )
            result[at, place[scalar(name)]] = True
    return result


def _is_text(labels: object) -> bool:
    return isinstance(labels, (list, tuple))


def _row(at: int | np.integer[Any], rows: Rows) -> str:
    return f"row {int(at) if rows is None else int(rows[int(at)]):,}"
