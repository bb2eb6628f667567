"""The columns that every evaluation has for free.

From a label, a prediction and, where there are any, probabilities follow the confidence (the
largest probability), the margin to the second, the entropy in nats, whether the prediction is
correct, a loss, and the error class. All of it is computed on whole columns.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.task import Scalar, Task, TaskKind, probability_column

if TYPE_CHECKING:
    import pyarrow as pa

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]
Bools = npt.NDArray[np.bool_]

EPSILON = float(np.finfo(np.float64).eps)  # probabilities are clipped by it, as in scikit-learn


def class_codes(values: pa.ChunkedArray, classes: tuple[Scalar, ...]) -> Ints:
    """Index of each value in `classes`; -1 where it is missing or not among them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    known = pa.array(classes, type=values.type)
    codes = pc.fill_null(pc.index_in(values, value_set=known), -1)
    result: Ints = np.asarray(codes.to_numpy(), dtype=np.int32)
    return result


def classification(
    task: Task,
    label: pa.ChunkedArray | None,
    prediction: Ints,
    probabilities: Floats | None,
) -> dict[str, pa.Array | pa.ChunkedArray]:
    """Reserved columns of a binary or multiclass evaluation.

    Args:
        label: values of the dataset's label column, or None if there is none.
        prediction: index of the predicted class, shape (n,).
        probabilities: shape (n, K) in the order of `task.classes`, or None.
    """
    import pyarrow as pa

    truth = class_codes(label, task.classes) if label is not None else np.full_like(prediction, -1)
    value_type = label.type if label is not None else pa.array(task.classes).type
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    if label is not None:
        columns["label"] = label
    columns["prediction"] = pa.array(task.classes, type=value_type).take(pa.array(prediction))
    if probabilities is not None:
        columns |= _certainty(task, probabilities)
    if label is None:
        return columns
    unlabelled = truth < 0
    columns["correct"] = pa.array(truth == prediction, mask=unlabelled)
    columns["loss"] = pa.array(_loss(truth, prediction, probabilities), mask=unlabelled)
    columns["error_class"] = _error_class(task, truth, prediction)
    return columns


def regression(label: pa.ChunkedArray | None, prediction: Floats) -> dict[str, pa.Array]:
    """Reserved columns of a regression: residual (label - prediction) and absolute error."""
    import pyarrow as pa

    columns = {"prediction": pa.array(prediction)}
    if label is None:
        return columns
    truth: Floats = label.cast(pa.float64()).to_numpy()
    unlabelled = np.isnan(truth)
    residual = truth - prediction
    columns = {"label": label, **columns}
    columns["residual"] = pa.array(residual, mask=unlabelled)
    columns["loss"] = pa.array(np.abs(residual), mask=unlabelled)
    return columns


def multilabel(
    task: Task,
    label: pa.ChunkedArray | None,
    prediction: Bools,
    probabilities: Floats | None,
) -> dict[str, pa.Array | pa.ChunkedArray]:
    """Reserved columns of a multilabel evaluation.

    `correct` means that the whole set of labels is right; the loss is the mean binary log
    loss over the labels, or the share of wrong labels where there are no probabilities.

    Args:
        prediction: shape (n, K), True where the label is predicted.
        probabilities: shape (n, K), each between 0 and 1, or None.
    """
    import pyarrow as pa

    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    if label is not None:
        columns["label"] = label
    columns["prediction"] = label_lists(prediction, task.classes)
    if probabilities is not None:
        for index, name in enumerate(task.classes):
            columns[probability_column(name)] = pa.array(probabilities[:, index])
        sure = np.maximum(probabilities, 1 - probabilities)
        columns["confidence"] = pa.array(sure.min(axis=1))
        columns["entropy"] = pa.array(_entropy(np.stack([probabilities, 1 - probabilities])).sum(1))
    if label is None:
        return columns
    truth = indicator(label, task.classes)
    unlabelled = np.asarray(label.is_null())
    wrong = truth != prediction
    loss = wrong.mean(axis=1)
    if probabilities is not None:
        chosen = np.clip(np.where(truth, probabilities, 1 - probabilities), EPSILON, 1)
        loss = -np.log(chosen).mean(axis=1)
    columns["correct"] = pa.array(~wrong.any(axis=1), mask=unlabelled)
    columns["loss"] = pa.array(loss, mask=unlabelled)
    return columns


def indicator(label: pa.ChunkedArray, classes: tuple[Scalar, ...]) -> Bools:
    """Which labels each row has, shape (n, K)."""
    import pyarrow.compute as pc

    lists = label.combine_chunks()
    result = np.zeros((len(lists), len(classes)), dtype=bool)
    rows = np.asarray(pc.list_parent_indices(lists))
    codes = class_codes(pc.list_flatten(lists), classes)
    result[rows[codes >= 0], codes[codes >= 0]] = True
    return result


def label_lists(chosen: Bools, classes: tuple[Scalar, ...]) -> pa.Array:
    """List of the chosen labels of each row."""
    import pyarrow as pa

    rows, codes = np.nonzero(chosen)
    offsets = np.searchsorted(rows, np.arange(len(chosen) + 1)).astype(np.int64)
    values = pa.array(classes).take(pa.array(codes))
    return pa.LargeListArray.from_arrays(pa.array(offsets), values)


def _certainty(task: Task, probabilities: Floats) -> dict[str, pa.Array]:
    import pyarrow as pa

    columns = {
        probability_column(name): pa.array(np.ascontiguousarray(probabilities[:, index]))
        for index, name in enumerate(task.classes)
    }
    largest = probabilities.max(axis=1)
    if probabilities.shape[1] == 2:
        second = probabilities.min(axis=1)
    else:
        second = np.partition(probabilities, -2, axis=1)[:, -2]
    columns["confidence"] = pa.array(largest)
    columns["margin"] = pa.array(largest - second)
    columns["entropy"] = pa.array(_entropy(probabilities.T))
    return columns


def _entropy(probabilities: Floats) -> Floats:
    """Entropy in nats over the first axis; 0 · ln 0 counts as 0."""
    total = np.zeros(probabilities.shape[1:])
    for part in probabilities:
        total -= part * np.log(np.maximum(part, EPSILON))
    result: Floats = np.maximum(total, 0)
    return result


def _loss(truth: Ints, prediction: Ints, probabilities: Floats | None) -> Floats:
    if probabilities is None:
        wrong: Floats = (truth != prediction).astype(np.float64)
        return wrong
    chosen = probabilities[np.arange(len(truth)), np.maximum(truth, 0)]
    loss: Floats = -np.log(np.clip(chosen, EPSILON, 1)) + 0.0
    return loss


def _error_class(task: Task, truth: Ints, prediction: Ints) -> pa.Array:
    """`label → prediction` of the wrong rows, as a dictionary-encoded column."""
    import pyarrow as pa

    size = len(task.classes)
    pairs = truth.astype(np.int64) * size + prediction
    right = (truth < 0) | (truth == prediction)
    counts = np.bincount(pairs[~right], minlength=size * size)
    used = np.flatnonzero(counts)
    codes = (np.cumsum(counts > 0) - 1)[np.maximum(pairs, 0)]
    names = [f"{task.classes[pair // size]} → {task.classes[pair % size]}" for pair in used]
    indices = pa.array(codes.astype(np.int32), mask=right)
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, type=pa.large_string()))


def score(values: Floats) -> dict[str, pa.Array]:
    """Reserved columns of a task that is judged by a loss per row."""
    import pyarrow as pa

    return {"score": pa.array(values), "loss": pa.array(values)}


def kinds_with_probabilities(task: Task) -> bool:
    """Whether models of the task can answer with probabilities."""
    return task.kind in (TaskKind.BINARY, TaskKind.MULTICLASS, TaskKind.MULTILABEL)
