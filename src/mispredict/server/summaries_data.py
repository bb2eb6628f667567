"""What a dataset says of itself, as a record of the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.core.schema import Role
from mispredict.core.task import Task, probability_column
from mispredict.server.shapes import (
    ColumnFacts,
    DatasetEvaluation,
    DatasetFacts,
    DatasetVersion,
    TaskOf,
)
from mispredict.server.summaries import view_of

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace import Dataset


def dataset_facts(data: Dataset) -> DatasetFacts:
    """What there is to ask of a dataset, its versions and its evaluations."""
    store, version = data.workspace.store, data.version
    time = data.schema.first(Role.TIME)
    task = data.task
    versions = [item for item in store.versions("dataset") if item.name == data.name]
    return DatasetFacts(
        ref=data.ref,
        name=data.name,
        n=data.n,
        task=TaskOf(task.kind.value, task.classes, task.positive) if task else None,
        label=data.label,
        id=data.id,
        time=time.name if time else None,
        annotators=_annotators(data),
        columns=tuple(
            ColumnFacts(item.name, item.type.value, item.role.value, False, view_of(item.type))
            for item in data.schema
        ),
        versions=tuple(_version(item) for item in reversed(versions)),
        evaluations=_evaluations(data),
        origin=data.origin,
        created_at=version.created_at.isoformat(timespec="seconds"),
        created_by=version.created_by,
    )


def _annotators(data: Dataset) -> tuple[str, ...]:
    """Columns of what two people or more said."""
    from mispredict.workspace.labelling.consensus import voting

    people, votes = voting(data)
    found = tuple((votes or {}).values()) or people or ()
    return found if len(found) > 1 else ()


def _version(version: Version) -> DatasetVersion:
    return DatasetVersion(
        str(version.ref),
        int(version.spec["rows"]),
        version.created_at.isoformat(timespec="seconds"),
        version.created_by,
        str(version.spec["origin"]),
    )


def _evaluations(data: Dataset) -> tuple[DatasetEvaluation, ...]:
    """The newest evaluation of each model on this version, the newest first."""
    every = data.workspace.store.versions("evaluation")
    newest = {item.name: item for item in every if item.spec["dataset"] == data.ref}
    found = sorted(newest.values(), key=lambda item: item.created_at, reverse=True)
    return tuple(_evaluation(item) for item in found)


def _evaluation(version: Version) -> DatasetEvaluation:
    model, task = str(version.spec["model"]), Task.from_dict(version.spec["task"])
    return DatasetEvaluation(
        f"{model}/{version.spec['dataset']}",
        model,
        task.kind.value,
        bool(task.classes) and probability_column(task.classes[0]) in version.spec["columns"],
        version.created_at.isoformat(timespec="seconds"),
    )
