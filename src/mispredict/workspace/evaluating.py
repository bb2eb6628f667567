"""How an evaluation is written: answers of a model beside the rows, and what follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions
from mispredict.core.ids import Ref, joined_name
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.evaluations import derive
from mispredict.evaluations.align import Answers
from mispredict.workspace.coding import write_coded

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.models.running import Predictions
    from mispredict.store import Store, Usage, Version
    from mispredict.store.store import Given
    from mispredict.workspace.dataset import Dataset

SCORE = Task(TaskKind.SCORE)


def answers_of(predictions: Predictions, task: Task) -> tuple[Task, Answers]:
    """What a model said, as answers over the task's classes and those only the model knows."""
    if task.kind is TaskKind.REGRESSION:
        return task, Answers(prediction=predictions.values)
    classes = predictions.classes or task.classes
    wider = replace(task, classes=classes)
    if task.kind is TaskKind.BINARY and len(classes) > 2:
        wider = Task(TaskKind.MULTICLASS, classes)
    probabilities = predictions.probabilities
    if predictions.labels is None:
        assert probabilities is not None  # an answer has one of them
        if task.kind is TaskKind.MULTILABEL:
            return wider, Answers(probabilities >= 0.5, probabilities)
        return wider, Answers(probabilities.argmax(axis=1).astype(np.int32), probabilities)
    if task.kind is TaskKind.MULTILABEL:
        return wider, Answers(np.asarray(predictions.labels, dtype=bool), probabilities)
    return wider, Answers(_codes(predictions.labels, wider), probabilities)


def write_evaluation(
    store: Store,
    dataset: Dataset,
    model: str,
    task: Task,
    answers: Answers,
    *,
    how: Mapping[str, Any],
    usage: Usage | None,
) -> Version:
    """Store the evaluation's own columns, their codes, and where they come from."""
    columns = evaluation_columns(dataset, task, answers)
    kinds = {name: _kind(name, task, array.type) for name, array in columns.items()}
    import pyarrow as pa

    table = pa.table(columns)
    kept = table.drop_columns([name for name in ("label",) if name in columns])
    parts: Given = {"table": store.write_table(kept), **write_coded(store, kept, kinds)}
    spec = {
        "model": model,
        "dataset": dataset.ref,
        "task": task.to_dict(),
        "rows": dataset.n,
        "columns": {name: kind.value for name, kind in kinds.items()},
        **how,
    }
    return store.commit(
        "evaluation",
        stored_name(model, dataset.ref),
        spec=spec,
        parts=parts,
        parents=(f"model:{model}", f"dataset:{dataset.ref}"),
        usage=usage,
    )


def stored_name(model: str, dataset: str) -> str:
    """Name of an evaluation in the catalog, where `@` says the version of the evaluation."""
    refs = (Ref.parse(model), Ref.parse(dataset))
    return joined_name(*(part for ref in refs for part in (ref.name, str(ref.version))))


def evaluation_columns(
    dataset: Dataset, task: Task, answers: Answers
) -> dict[str, pa.Array | pa.ChunkedArray]:
    """The reserved columns of an evaluation, `label` among them."""
    import pyarrow as pa

    label = dataset.column(dataset.label) if dataset.label else None
    columns: dict[str, pa.Array | pa.ChunkedArray] = {}
    prediction: Any = answers.prediction
    if task.kind is TaskKind.REGRESSION:
        columns = dict(derive.regression(label, prediction))
    elif task.kind is TaskKind.MULTILABEL:
        columns = derive.multilabel(task, label, prediction, answers.probabilities)
    elif task.is_classification:
        columns = derive.classification(task, label, prediction, answers.probabilities)
    elif label is not None:
        columns["label"] = label
    if answers.score is not None:
        scores = derive.score(answers.score)
        columns = {**scores, **columns} if "loss" in columns else {**columns, **scores}
    if answers.loss is not None:
        columns["loss"] = pa.array(answers.loss)
    return columns


def _kind(name: str, task: Task, storage: Any) -> ColumnType:
    import pyarrow as pa

    if name in ("label", "prediction"):
        if task.kind is TaskKind.MULTILABEL:
            return ColumnType.LABELS
        if task.is_classification:
            return ColumnType.BOOLEAN if pa.types.is_boolean(storage) else ColumnType.CATEGORICAL
    if name == "error_class":
        return ColumnType.CATEGORICAL
    return ColumnType.BOOLEAN if name == "correct" else ColumnType.NUMERIC


def _codes(labels: npt.NDArray[Any], task: Task) -> npt.NDArray[np.int32]:
    index = {name: code for code, name in enumerate(task.classes)}
    index |= {str(name): code for code, name in enumerate(task.classes)}
    used, inverse = np.unique(labels, return_inverse=True)
    codes = [index.get(item, index.get(str(item), -1)) for item in used.tolist()]
    if -1 in codes:
        value = used.tolist()[codes.index(-1)]
        raise BadPredictions(
            f"the model predicts {value!r}, which is not a class.",
            known=f"Classes: {', '.join(map(repr, task.classes))}.",
        )
    result: npt.NDArray[np.int32] = np.asarray(codes, dtype=np.int32)[inverse]
    return result
