"""Predictions that somebody made elsewhere, set beside the rows they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Task, TaskKind, probability_column
from mispredict.evaluations.derive import class_codes, indicator

if TYPE_CHECKING:
    import pyarrow as pa

_TOLERANCE = 1e-3  # how far the probabilities of a row may sum from 1


@dataclass(frozen=True)
class Answers:
    """What a model said of each row of a dataset, in the dataset's order.

    `prediction` is the index of the class (n,), the value (n,) or the set of labels (n, K);
    `probabilities` is (n, K) in the order of the task's classes, or None; `loss` replaces the
    task's own; `score` is any loss per row for tasks without one.
    """

    prediction: npt.NDArray[np.generic] | None = None
    probabilities: npt.NDArray[np.float64] | None = None
    loss: npt.NDArray[np.float64] | None = None
    score: npt.NDArray[np.float64] | None = None


def align(
    frame: pa.Table, task: Task, *, ids: pa.ChunkedArray | None, id_name: str, rows: int
) -> Answers:
    """The answers of a predictions table in the order of a dataset's `ids`.

    The table has the dataset's id (or, for a dataset without one, as many rows in the same
    order), `prediction`, the probabilities as one column per class (named as the class or
    `p_<class>`) or one list column `probabilities`, and optionally `loss` or `score`.

    Raises:
        BadPredictions: ids are missing, unknown or repeated; there is nothing to evaluate; a
            class is unknown; probabilities are of the wrong width, are missing or do not sum
            to 1; a number is missing or infinite.
    """
    table = _in_order(frame, ids, id_name, rows)
    score = _numbers(table, "score")
    loss = _numbers(table, "loss")
    if task.kind is TaskKind.SCORE:
        if score is None and loss is None:
            raise _nothing(table, "a column 'score' or 'loss' with a number per row")
        return Answers(loss=loss, score=score if score is not None else loss)
    if task.kind is TaskKind.REGRESSION:
        values = _numbers(table, "prediction")
        if values is None:
            raise _nothing(table, "a column 'prediction' with a number per row")
        return Answers(prediction=values, loss=loss, score=score)
    probabilities = _probabilities(table, task)
    prediction = _predicted(table, task, probabilities)
    return Answers(prediction=prediction, probabilities=probabilities, loss=loss, score=score)


def _in_order(frame: pa.Table, ids: pa.ChunkedArray | None, id_name: str, rows: int) -> pa.Table:
    if ids is None or id_name not in frame.column_names:
        if ids is not None:
            raise BadPredictions(
                f"the predictions have no column {id_name!r}.",
                known=f"It is the id of the dataset. Columns: {_shown(frame.column_names)}.",
                hint="add the id, so that each prediction finds its row",
            )
        if frame.num_rows != rows:
            raise BadPredictions(
                f"there are {frame.num_rows:,} predictions for {rows:,} rows.",
                known="The dataset has no id, so predictions go by order.",
                hint="one prediction per row in the dataset's order, or a dataset with id=…",
            )
        return frame
    given = frame[id_name]
    if not given.type.equals(ids.type):
        given = _cast_ids(given, ids, id_name)
    return _by_id(frame, given, ids, id_name)


def _cast_ids(given: pa.ChunkedArray, ids: pa.ChunkedArray, id_name: str) -> pa.ChunkedArray:
    import pyarrow as pa

    try:
        return given.cast(ids.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadPredictions(
            f"the ids in {id_name!r} are {given.type}; the dataset's are {ids.type}.",
            known=f"For example {given[0].as_py()!r} against {ids[0].as_py()!r}.",
            hint=f"convert the predictions' {id_name!r} first",
        ) from error


def _by_id(frame: pa.Table, given: pa.ChunkedArray, ids: pa.ChunkedArray, id_name: str) -> pa.Table:
    import pandas as pd
    import pyarrow as pa

    index = pd.Index(given.to_pandas())
    if not index.is_unique:
        twice = index[index.duplicated()]
        raise BadPredictions(
            f"{len(twice):,} predictions repeat an id.",
            known=f"For example {id_name}={twice[0]!r}.",
            hint=f"one row per {id_name}: frame.drop_duplicates({id_name!r})",
        )
    wanted = pd.Index(ids.to_pandas())
    unknown = index[wanted.get_indexer(index) < 0]
    if len(unknown):
        raise BadPredictions(
            f"{len(unknown):,} of {len(index):,} predictions are for ids that do not exist.",
            known=f"For example {id_name}={unknown[0]!r}; the dataset has {wanted[0]!r}.",
            hint="predictions of the same version of the dataset",
        )
    places = index.get_indexer(wanted)
    absent = wanted[places < 0]
    if len(absent):
        raise BadPredictions(
            f"{len(absent):,} of {len(wanted):,} rows have no prediction.",
            known=f"For example {id_name}={absent[0]!r}.",
            hint="predict every row, or add the predicted rows as a dataset of their own",
        )
    if (places == np.arange(len(places))).all():
        return frame
    return frame.take(pa.array(places))


def _probabilities(table: pa.Table, task: Task) -> npt.NDArray[np.float64] | None:
    if "probabilities" in table.column_names:
        matrix = _from_lists(table["probabilities"], task)
    else:
        names = _class_columns(table, task)
        if not names:
            return None
        columns = [_numbers(table, name) for name in names]
        matrix = np.column_stack([column for column in columns if column is not None])
        if task.kind is TaskKind.BINARY and len(names) == 1:
            matrix = _complete(matrix[:, 0], names[0], task)
    return check_probabilities(matrix, task)


def _class_columns(table: pa.Table, task: Task) -> list[str]:
    """Names of the probability columns in the order of the classes; empty if there are none."""
    present = set(table.column_names)
    found = {}
    for name in task.classes:
        for column in (probability_column(name), str(name)):
            if column in present:
                found[name] = column
                break
    if not found:
        return []
    absent = [name for name in task.classes if name not in found]
    if absent and not (task.kind is TaskKind.BINARY and len(found) == 1):
        raise BadPredictions(
            f"there is no probability for class {absent[0]!r}.",
            known=f"Found: {_shown(list(found.values()))}; classes: "
            f"{_shown([str(name) for name in task.classes])}.",
            hint=f"a column {probability_column(absent[0])!r}",
        )
    return list(found.values())


def _complete(given: npt.NDArray[np.float64], column: str, task: Task) -> npt.NDArray[np.float64]:
    first = column in (probability_column(task.classes[0]), str(task.classes[0]))
    return np.column_stack([given, 1 - given] if first else [1 - given, given])


def _from_lists(column: pa.ChunkedArray, task: Task) -> npt.NDArray[np.float64]:
    import pyarrow as pa
    import pyarrow.compute as pc

    kind = column.type
    if not (
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    ):
        raise BadPredictions(
            f"the column 'probabilities' holds {kind}, not lists of numbers.",
            hint="a list per row, or a column p_<class> per class",
        )
    lengths = pc.list_value_length(column)
    wrong = np.flatnonzero(np.asarray(pc.fill_null(lengths, -1)) != len(task.classes))
    if len(wrong):
        raise BadPredictions(
            f"row {wrong[0]:,} has {lengths[int(wrong[0])].as_py() or 0} probabilities.",
            known=f"There are {len(task.classes)} classes: "
            f"{_shown([str(name) for name in task.classes])}.",
            hint="one probability per class, in this order",
        )
    flat = pc.list_flatten(column.combine_chunks()).cast(pa.float64())
    matrix: npt.NDArray[np.float64] = np.asarray(flat).reshape(-1, len(task.classes))
    return matrix


def check_probabilities(matrix: npt.NDArray[np.float64], task: Task) -> npt.NDArray[np.float64]:
    """The probabilities, if each is between 0 and 1 and (but for multilabel) rows sum to 1."""
    outside = ~((matrix >= -1e-9) & (matrix <= 1 + 1e-9)).all(axis=1)
    if outside.any():
        row = int(np.argmax(outside))
        shown = ", ".join(f"{value:.6g}" for value in matrix[row][:6])
        raise BadPredictions(
            f"{int(outside.sum()):,} rows have probabilities outside 0 to 1.",
            known=f"The first is row {row:,}: {shown}.",
            hint="probabilities, not scores or logits; no missing values",
        )
    if task.kind is TaskKind.MULTILABEL:
        return matrix
    total = matrix.sum(axis=1)
    away = np.abs(total - 1) > _TOLERANCE
    if away.any():
        row = int(np.argmax(away))
        raise BadPredictions(
            f"the probabilities of {int(away.sum()):,} rows do not sum to 1.",
            known=f"The first is row {row:,}, which sums to {total[row]:.6g}.",
            hint="give all classes, each as a share of 1 (not percent)",
        )
    return matrix


def _predicted(
    table: pa.Table, task: Task, probabilities: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.generic]:
    if "prediction" not in table.column_names:
        if probabilities is None:
            raise _nothing(table, "a column 'prediction', or a column p_<class> per class")
        if task.kind is TaskKind.MULTILABEL:
            return probabilities >= 0.5
        return probabilities.argmax(axis=1).astype(np.int32)
    column = table["prediction"]
    if task.kind is TaskKind.MULTILABEL:
        return indicator(column, task.classes)
    return predicted_codes(column, task)


def predicted_codes(column: pa.ChunkedArray, task: Task) -> npt.NDArray[np.int32]:
    """Index of the predicted class of each row.

    Raises:
        BadPredictions: a prediction is missing or is none of the classes.
    """
    import pyarrow as pa

    wanted = pa.array(task.classes).type
    values = column
    if not values.type.equals(wanted) and not pa.types.is_dictionary(values.type):
        values = _cast_like(values, wanted, task)
    codes = class_codes(values, task.classes)
    wrong = np.flatnonzero(codes < 0)
    if len(wrong):
        value = column[int(wrong[0])].as_py()
        what = "no prediction" if value is None else f"the prediction {value!r}, not a class"
        raise BadPredictions(
            f"{len(wrong):,} rows have {what}."
            if value is None
            else f"row {wrong[0]:,} has {what}.",
            known=f"Classes: {_shown([repr(name) for name in task.classes])}.",
            hint="predictions in the label's own values, or classes=[…] for the dataset",
        )
    return codes


def _cast_like(values: pa.ChunkedArray, wanted: pa.DataType, task: Task) -> pa.ChunkedArray:
    """Predictions in the label's storage: 1.0 for 1, 'True' for True, and so on."""
    import pyarrow as pa

    try:
        return values.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadPredictions(
            f"the predictions are {values.type}; the label is {wanted}.",
            known=f"Classes: {_shown([repr(name) for name in task.classes])}.",
            hint="predictions in the label's own values",
        ) from error


def _numbers(table: pa.Table, name: str) -> npt.NDArray[np.float64] | None:
    import pyarrow as pa

    if name not in table.column_names:
        return None
    column = table[name]
    try:
        values: npt.NDArray[np.float64] = np.asarray(column.cast(pa.float64()), dtype=np.float64)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadPredictions(
            f"the column {name!r} holds {column.type}, not numbers.", hint="a number per row"
        ) from error
    bad = ~np.isfinite(values)
    if bad.any():
        row = int(np.argmax(bad))
        raise BadPredictions(
            f"the column {name!r} has {int(bad.sum()):,} missing or infinite values.",
            known=f"The first is row {row:,}.",
            hint="a finite number per row",
        )
    return values


def _nothing(table: pa.Table, wanted: str) -> BadPredictions:
    return BadPredictions(
        "the predictions hold nothing to evaluate.",
        known=f"Columns: {_shown(table.column_names)}.",
        hint=wanted,
    )


def _shown(names: list[str]) -> str:
    return ", ".join(names[:8]) + (f" and {len(names) - 8:,} more" if len(names) > 8 else "")
