"""Predicted classes and sets of labels, as indices into the classes of a task."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Task, probability_column
from mispredict.core.words import counted
from mispredict.evaluations.derive import class_codes, indicator

if TYPE_CHECKING:
    import pyarrow as pa


def predicted_codes(column: pa.ChunkedArray, task: Task) -> npt.NDArray[np.int32]:
    """Index of the predicted class of each row.

    Raises:
        BadPredictions: a prediction is missing or is none of the classes.
    """
    codes = class_codes(_cast_like(column, task), task.classes)
    wrong = np.flatnonzero(codes < 0)
    if not len(wrong):
        return codes
    value = column[int(wrong[0])].as_py()
    if value is None:
        count = column.null_count
        problem = f"{counted(count, 'row has', 'rows have')} no prediction."
        raise _bad(problem, task, f"The first is row {wrong[0]:,}.")
    raise _no_class(int(wrong[0]), value, task)


def predicted_sets(column: pa.ChunkedArray, task: Task) -> npt.NDArray[np.bool_]:
    """Which labels are predicted in each row, shape (n, K).

    Raises:
        BadPredictions: a row has no list, or its list holds what is not a class.
    """
    import pyarrow as pa
    import pyarrow.types as pt

    kind = column.type
    if not (pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind)):
        problem = f"the predictions are {kind}, not a list of labels per row."
        raise _bad(problem, task, hint="a list per row, such as [] or ['a', 'b']")
    if column.null_count:
        row = int(np.flatnonzero(np.asarray(column.is_null()))[0])
        problem = f"{counted(column.null_count, 'row has', 'rows have')} no prediction."
        raise _bad(problem, task, f"The first is row {row:,}.", "[] where no label is predicted")
    storage = pa.large_list(pa.array(task.classes).type)
    try:
        lists = column.cast(storage)
    except pa.ArrowException as error:
        row = next(place for place, item in enumerate(column) if len(item.as_py()))
        raise _no_class(row, column[row].as_py()[0], task) from error
    _check_members(lists, column, task)
    return indicator(lists, task.classes)


def _check_members(lists: pa.ChunkedArray, column: pa.ChunkedArray, task: Task) -> None:
    import pyarrow.compute as pc

    whole = lists.combine_chunks()
    codes = class_codes(pc.list_flatten(whole), task.classes)
    wrong = np.flatnonzero(codes < 0)
    if len(wrong):
        parents = np.asarray(pc.list_parent_indices(whole))
        row = int(parents[wrong[0]])
        place = int(wrong[0] - np.searchsorted(parents, row))
        raise _no_class(row, column[row].as_py()[place], task)


def _cast_like(values: pa.ChunkedArray, task: Task) -> pa.ChunkedArray:
    """Predictions in the label's storage: 1.0 for 1, 'True' for True, and so on."""
    import pyarrow as pa
    import pyarrow.types as pt

    if pt.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    wanted = pa.array(task.classes).type
    if values.type.equals(wanted):
        return values
    if pt.is_boolean(wanted):
        return _as_truth(values, task)
    if pt.is_integer(wanted) and pt.is_floating(values.type):
        _check_whole(values, task)
    try:
        return values.cast(wanted)
    except pa.ArrowException as error:
        raise _bad(f"the predictions are {values.type}; the label is {wanted}.", task) from error


def _as_truth(values: pa.ChunkedArray, task: Task) -> pa.ChunkedArray:
    """0, 1, 'true' and 'false' as truth values; any other number is no class."""
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = values.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        yes, no = pc.equal(values, 1), pc.equal(values, 0)
    elif pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        bare = pc.utf8_lower(pc.utf8_trim_whitespace(values.cast(pa.large_string())))
        yes, no = pc.equal(bare, "true"), pc.equal(bare, "false")
    else:
        raise _bad(f"the predictions are {kind}; the label is bool.", task)
    wrong = np.flatnonzero(np.asarray(pc.fill_null(pc.or_(yes, no), True)) == 0)
    if len(wrong):
        raise _no_class(int(wrong[0]), values[int(wrong[0])].as_py(), task)
    return yes


def _check_whole(values: pa.ChunkedArray, task: Task) -> None:
    numbers = np.asarray(values, dtype=np.float64)
    wrong = np.flatnonzero(~np.isnan(numbers) & (numbers != np.floor(numbers)))
    if len(wrong):
        raise _no_class(int(wrong[0]), float(numbers[wrong[0]]), task)


def _no_class(row: int, value: object, task: Task) -> BadPredictions:
    hint = ""
    if isinstance(value, float):
        column = probability_column(task.classes[-1])
        hint = f"probabilities belong in a column such as {column!r}"
    return _bad(f"row {row:,} has the prediction {value!r:.80}, not a class.", task, hint=hint)


def _bad(problem: str, task: Task, known: str = "", hint: str = "") -> BadPredictions:
    names = [repr(name) for name in task.classes]
    more = f" and {len(names) - 8:,} more" if len(names) > 8 else ""
    return BadPredictions(
        problem,
        known=f"{known} Classes: {', '.join(names[:8])}{more}.".strip(),
        hint=hint or "predictions in the label's own values, or classes=[…] for the dataset",
    )
