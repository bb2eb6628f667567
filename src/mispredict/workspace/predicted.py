"""Predictions that were made elsewhere: aligned with their rows, and whose version they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.core.errors import (
    BadPredictions,
)
from mispredict.core.ids import Ref
from mispredict.core.task import Task
from mispredict.workspace import evaluating
from mispredict.workspace.dataset import Dataset

if TYPE_CHECKING:
    from mispredict.store import Store, Version


def aligned_with(rows: Dataset, source: Any) -> tuple[Dataset, Task, Any, Any]:
    """A dataset with the answers of a predictions table; nothing is stored."""
    from mispredict.evaluations.align import align
    from mispredict.sources.read import read
    from mispredict.store import meter

    with meter() as metered:
        table = _storable(read(source))
        task = rows.task or _scored(table)
        ids = rows.column(rows.id) if rows.id else None
        answers = align(table, task, ids=ids, id_name=rows.id or "", rows=rows.n)
    return rows, task, answers, metered.usage


def version_of(store: Store, model: str) -> Version:
    """The version that made the predictions; it is registered where it is the next one."""
    ref = Ref.parse(model)
    newest = store.head("model", ref.name)
    last = newest.number if newest is not None else 0
    asked = ref.version if ref.version is not None else max(last, 1)
    if asked != last + 1:
        return store.version("model", ref)
    spec: dict[str, Any] = {
        "kind": "predictions",
        "place": None,
        "describe": {},
        "fingerprint": None,
    }
    if last:  # what is known of them is the same, and they are not
        spec["number"] = asked
    return store.commit("model", ref.name, spec=spec)


def check_not_asked(store: Store, model: str, rows: Dataset) -> None:
    """Refuse other predictions in the place of those that the model itself gave."""
    name = evaluating.stored_name(model, rows.ref)
    known = store.head("evaluation", name)
    if known is not None and known.spec.get("how") == "model":
        raise BadPredictions(
            f"{model} was asked itself about {rows.ref}.",
            known="Predictions made elsewhere would stand for its own under the same name.",
            hint=f"another name, such as ws.add_predictions('other', {rows.name!r}, …)",
        )


def _scored(table: Any) -> Task:
    """The task of a dataset without a label: it is judged by a loss per row."""
    if {"score", "loss"} & set(table.column_names):
        return evaluating.SCORE
    raise BadPredictions(
        "the dataset has no label, so predictions cannot be judged.",
        known=f"The predictions have the columns {', '.join(table.column_names[:8])}.",
        hint="a column 'score' or 'loss' with a number per row, or a dataset with label=…",
    )


def _storable(table: Any) -> Any:
    """The table's columns in canonical storage."""
    import pyarrow as pa

    from mispredict.sources.normalise import normalise

    names = [str(name) for name in table.column_names]
    return pa.table([normalise(column) for column in table.columns], names=names)
