"""Cross-validation of a model on a dataset, kept as an evaluation of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import UnknownColumn
from mispredict.core.ids import Ref, check_name
from mispredict.core.options import whole

if TYPE_CHECKING:
    from mispredict.core.task import Task
    from mispredict.models.protocol import Model
    from mispredict.store import Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

HOW = "cross_validation"


def cross_validate(
    workspace: Workspace,
    model: Any,
    data: str,
    *,
    folds: int,
    seed: int,
    group: str | None,
    name: str | None,
    trust: bool,
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> Evaluation:
    """The evaluation whose predictions of each row are by a model that did not learn from it."""
    from mispredict.models.folds import MOST_FOLDS, cross_validated, fold_numbers
    from mispredict.store import meter
    from mispredict.workspace.evaluating import answers_of

    folds, seed = whole("folds", folds, 2, MOST_FOLDS), whole("seed", seed, 0, 2**32 - 1)
    rows = workspace.dataset(data)
    task = workspace._task_of(rows)
    parent, wrapped, named = _model(workspace, model, name, trust)
    groups = None if group is None else _groups(rows, group)
    label, known, codes = _labels(rows, task)
    numbers = fold_numbers(codes, known, folds, task=task, groups=groups, seed=seed)
    frame = rows.input_frame(tuple(wrapped.describe().get("columns") or ()))
    with meter() as metered:
        found = cross_validated(
            wrapped, frame, label, known, numbers, task=task, progress=progress, cancel=cancel
        )
        wider, answers = answers_of(found, task)
    asked = {"folds": folds, "seed": seed, "group": group}
    spec = {
        "kind": HOW,
        "place": None,
        "of": None if parent is None else str(parent.ref),
        "fingerprint": None,
        "describe": wrapped.describe(),
        **asked,
    }
    parents = () if parent is None else (parent,)
    version = workspace.store.commit("model", named, spec=spec, parents=parents)
    how = {"how": HOW, "notes": list(found.notes), **asked}
    ref = str(version.ref)
    return workspace._store_evaluation(rows, ref, wider, answers, how, metered.usage)


def _model(
    workspace: Workspace, model: Any, name: str | None, trust: bool
) -> tuple[Version | None, Model, str]:
    """The stored model, if it is one, the model itself, and what its evaluation is called."""
    from mispredict.models.wrapping import wrap

    if isinstance(model, str) and Ref.parse(model).name in workspace.store.names("model"):
        parent = workspace.store.version("model", model)
        named = check_name(name or f"{parent.ref.name}-cv")
        return parent, workspace.model(str(parent.ref), trust=trust), named
    named = check_name(name or f"{type(model).__name__.lower()}-cv")
    if isinstance(model, str):
        workspace.store.version("model", model)  # which says what there is
    return None, wrap(model, name=named, trust=trust), named


def _groups(rows: Dataset, group: str) -> npt.NDArray[Any]:
    if group not in rows.schema:
        raise UnknownColumn.among(group, rows.schema.names, where=f"dataset {rows.ref!r}")
    codes = rows.column(group).combine_chunks().dictionary_encode().indices
    return np.asarray(codes.fill_null(-1))


def _labels(
    rows: Dataset, task: Task
) -> tuple[npt.NDArray[Any], npt.NDArray[np.bool_], npt.NDArray[Any]]:
    """Labels as a model learns them, which rows have one, and numbers to stratify by."""
    assert rows.label is not None  # the task stands on it
    column = rows.column(rows.label)
    known = np.asarray(column.is_valid())
    if task.classes and not task.is_classification:
        from mispredict.evaluations.derive import indicator

        table = np.asarray(indicator(column, task.classes))
        return table, known, table
    if not task.classes:
        values = np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
        return values, known, values
    values = np.array(column.to_pylist(), dtype=object)
    place = {item: k for k, item in enumerate(task.classes)}
    codes = np.array([place.get(item, -1) for item in values.tolist()], np.int64)
    kept = np.array([item if item is not None else task.classes[0] for item in values.tolist()])
    return kept, known, codes
