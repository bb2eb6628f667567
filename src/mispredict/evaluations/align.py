"""Predictions that somebody made elsewhere, set beside the rows they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions
from mispredict.core.results import plain
from mispredict.core.task import Task, TaskKind
from mispredict.core.words import counted
from mispredict.evaluations.predicted import predicted_codes, predicted_sets
from mispredict.evaluations.probabilities import find_probabilities, numbers, shown

if TYPE_CHECKING:
    import pyarrow as pa


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
    score = numbers(table, "score")
    loss = numbers(table, "loss")
    if task.kind is TaskKind.SCORE:
        if score is None and loss is None:
            raise _nothing(table, "a column 'score' or 'loss' with a number per row")
        return Answers(loss=loss, score=score if score is not None else loss)
    if task.kind is TaskKind.REGRESSION:
        values = numbers(table, "prediction")
        if values is None:
            raise _nothing(table, "a column 'prediction' with a number per row")
        return Answers(prediction=values, loss=loss, score=score)
    probabilities = find_probabilities(table, task)
    prediction = _predicted(table, task, probabilities)
    return Answers(prediction=prediction, probabilities=probabilities, loss=loss, score=score)


def _in_order(frame: pa.Table, ids: pa.ChunkedArray | None, id_name: str, rows: int) -> pa.Table:
    if ids is None or id_name not in frame.column_names:
        if ids is not None:
            raise BadPredictions(
                f"the predictions have no column {id_name!r}.",
                known=f"It is the id of the dataset. Columns: {shown(frame.column_names)}.",
                hint="add the id, so that each prediction finds its row",
            )
        if frame.num_rows != rows:
            raise BadPredictions(
                f"there are {counted(frame.num_rows, 'prediction')} for {counted(rows, 'row')}.",
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
    except pa.ArrowException as error:
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
            f"{counted(len(twice), 'prediction')} repeat an id.",
            known=f"For example {id_name}={plain(twice[0])!r}.",
            hint=f"one row per {id_name}: frame.drop_duplicates({id_name!r})",
        )
    wanted = pd.Index(ids.to_pandas())
    unknown = index[wanted.get_indexer(index) < 0]
    if len(unknown):
        raise BadPredictions(
            f"{len(unknown):,} of {counted(len(index), 'prediction')} "
            f"{'is' if len(unknown) == 1 else 'are'} for ids that do not exist.",
            known=f"For example {id_name}={plain(unknown[0])!r}; "
            f"the dataset has {plain(wanted[0])!r}.",
            hint="predictions of the same version of the dataset",
        )
    places = index.get_indexer(wanted)
    absent = wanted[places < 0]
    if len(absent):
        raise BadPredictions(
            f"{len(absent):,} of {counted(len(wanted), 'row')} "
            f"{'has' if len(absent) == 1 else 'have'} no prediction.",
            known=f"For example {id_name}={plain(absent[0])!r}.",
            hint="predict every row, or add the predicted rows as a dataset of their own",
        )
    if (places == np.arange(len(places))).all():
        return frame
    return frame.take(pa.array(places))


def _predicted(
    table: pa.Table, task: Task, probabilities: npt.NDArray[np.float64] | None
) -> npt.NDArray[np.generic]:
    if "prediction" not in table.column_names:
        if probabilities is None:
            raise _nothing(table, "a column 'prediction', or a column p_<class> per class")
        if task.kind is TaskKind.MULTILABEL:
            return probabilities >= 0.5
        largest: npt.NDArray[np.int32] = probabilities.argmax(axis=1).astype(np.int32)
        return largest
    column = table["prediction"]
    if task.kind is TaskKind.MULTILABEL:
        return predicted_sets(column, task)
    return predicted_codes(column, task)


def _nothing(table: pa.Table, wanted: str) -> BadPredictions:
    return BadPredictions(
        "the predictions hold nothing to evaluate.",
        known=f"Columns: {shown(table.column_names)}.",
        hint=wanted,
    )
