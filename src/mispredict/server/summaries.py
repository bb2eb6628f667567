"""What the workspace and its evaluations say of themselves, as records of the API."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mispredict.core.errors import MispredictError, UnknownName
from mispredict.core.ids import hash_json
from mispredict.core.predicate import parse
from mispredict.core.results import plain
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Task
from mispredict.server.shapes import (
    ColumnFacts,
    DecisionMade,
    EvaluationEntry,
    EvaluationFacts,
    Headline,
    SavedCohort,
    SavedCohorts,
    StoredEntry,
    TagEntry,
    TagState,
    TaskOf,
    View,
    WorkspaceSummary,
)

if TYPE_CHECKING:
    from mispredict.store import Version
    from mispredict.workspace import Evaluation, Workspace
    from mispredict.workspace.listing import Entries

MEASURE_S = 1.5  # for headlines that are not known yet; the others are null until asked again
_BINNED = (ColumnType.NUMERIC, ColumnType.DATETIME)
_VALUED = (ColumnType.CATEGORICAL, ColumnType.BOOLEAN)


def summary_of(workspace: Workspace) -> WorkspaceSummary:
    """What the workspace holds."""
    from mispredict import __version__

    until = time.monotonic() + MEASURE_S
    store = workspace.store
    newest = sorted(
        _newest(store.versions("evaluation")), key=lambda item: item.created_at, reverse=True
    )
    return WorkspaceSummary(
        name=_name(workspace),
        version=__version__,
        evaluations=tuple(_entry(workspace, version, until) for version in newest),
        datasets=_stored(workspace.datasets()),
        models=_stored(workspace.models()),
        cohorts=saved_cohorts(workspace).rows,
        tags=tuple(TagEntry(row.name, row.dataset, row.n) for row in workspace.tags().rows),
    )


def facts_of(ev: Evaluation, content: str, *, trust: bool = False) -> EvaluationFacts:
    """What there is to ask of an evaluation; `trust` says that pickles may be loaded."""
    from mispredict.workspace.mapping import map_state

    version = ev.version
    columns = tuple(_columns(ev))
    return EvaluationFacts(
        ref=ev.ref,
        model=ev.model,
        dataset=ev.dataset.ref,
        n=ev.n,
        task=TaskOf(ev.task.kind.value, ev.task.classes, ev.task.positive),
        can_call_model=callable_now(ev, trust=trust),
        is_loss="correct" not in ev.fields.reserved,
        columns=columns,
        classes=ev.task.classes,
        tags=_tags(ev),
        cohorts=saved_cohorts(ev.workspace).rows,
        has_text=any(column.type == ColumnType.TEXT.value for column in columns),
        map=map_state(ev),
        content=content,
        created_at=version.created_at.isoformat(timespec="seconds"),
        created_by=version.created_by,
    )


def saved_cohorts(workspace: Workspace) -> SavedCohorts:
    """The newest version of each saved cohort."""
    store = workspace.store
    return SavedCohorts(
        tuple(saved_cohort(store.version("cohort", name)) for name in store.names("cohort"))
    )


def saved_cohort(version: Version) -> SavedCohort:
    """A saved cohort as a record."""
    where = str(version.spec["where"])
    sentence = parse(where).sentence()
    return SavedCohort(version.name, str(version.ref), where, sentence, str(version.spec["note"]))


def tag_state(ev: Evaluation, name: str, n: int | None = None) -> TagState:
    """A tag of the evaluation's dataset with what was said of it."""
    from mispredict.cohorts.tag_settings import TagSettings

    rows = int(ev.table.tag(name).sum()) if n is None else n
    said = ev.workspace.tag_settings().get(name, TagSettings())
    return TagState(
        name, ev.dataset.name, rows, said.ease, said.importance, said.ceiling, said.note
    )


def decision_of(version: Version) -> DecisionMade:
    """A recorded threshold."""
    spec = version.spec
    return DecisionMade(
        ref=str(version.ref),
        evaluation=str(spec["evaluation"]),
        threshold=float(spec["threshold"]),
        who=str(spec["who"]),
        reason=str(spec["reason"]),
        created_at=version.created_at.isoformat(timespec="seconds"),
    )


def view_of(kind: ColumnType) -> View:
    """What can be drawn of a column of the type."""
    if kind in _BINNED:
        return "bins"
    if kind in _VALUED:
        return "values"
    return "text" if kind is ColumnType.TEXT else "none"


def _newest(versions: tuple[Version, ...]) -> list[Version]:
    """The newest version of each evaluation, which is the one that its address means."""
    return list({version.name: version for version in versions}.values())


def _entry(workspace: Workspace, version: Version, until: float) -> EvaluationEntry:
    model, dataset = str(version.spec["model"]), str(version.spec["dataset"])
    return EvaluationEntry(
        ref=f"{model}/{dataset}",
        model=model,
        dataset=dataset,
        task=Task.from_dict(version.spec["task"]).kind.value,
        n=int(version.spec["rows"]),
        created_at=version.created_at.isoformat(timespec="seconds"),
        created_by=version.created_by,
        headline=_headline(workspace, version, until),
    )


def _headline(workspace: Workspace, version: Version, until: float) -> Headline | None:
    """The first metric, measured once; None where there is no time for that now."""
    from mispredict import __version__
    from mispredict.workspace import Evaluation

    key = f"headline:{hash_json([version.content, version.spec['dataset'], __version__])}"
    known = workspace.store.cache.get(key)
    if known is None:
        if time.monotonic() > until:
            return None
        try:
            data = workspace.dataset(str(version.spec["dataset"]))
            rows = Evaluation(workspace, version, data).metrics().rows
        except MispredictError:
            rows = ()
        first = rows[0] if rows else None
        facts = [first.metric, first.value, first.low, first.high, first.n] if first else []
        known = json.dumps(plain(facts)).encode()
        workspace.store.cache.put(key, known)
    found = json.loads(known)
    if not found:
        return None
    value, low, high = (float("nan") if item is None else item for item in found[1:4])
    return Headline(found[0], value, low, high, found[4])


def _stored(entries: Entries) -> tuple[StoredEntry, ...]:
    rows = sorted(entries.rows, key=lambda row: row.created_at, reverse=True)
    return tuple(
        StoredEntry(r.name, r.rows, r.created_at, r.created_by, r.summary, r.labels) for r in rows
    )


def _name(workspace: Workspace) -> str:
    root = workspace.store.root.resolve()
    return root.parent.name if root.name.startswith(".") and root.parent.name else root.name


def _columns(ev: Evaluation) -> list[ColumnFacts]:
    roles = {column.name: column.role for column in ev.dataset.schema}
    found = []
    for name in dict.fromkeys([*ev.column_names, *ev.fields.reserved]):
        plain_name = name.removeprefix('input("').removesuffix('")')
        is_reserved = name in ev.fields.reserved
        kinds: Mapping[str, ColumnType] = ev.fields.reserved if is_reserved else ev.fields.columns
        kind = kinds[name if is_reserved else plain_name]
        role = "" if is_reserved else roles.get(plain_name, Role.INPUT).value
        found.append(ColumnFacts(name, kind.value, role, is_reserved, view_of(kind)))
    return found


def _tags(ev: Evaluation) -> tuple[TagEntry, ...]:
    name = ev.dataset.name
    rows = ev.workspace.tags().rows
    return tuple(TagEntry(row.name, row.dataset, row.n) for row in rows if row.dataset == name)


def callable_now(ev: Evaluation, *, trust: bool = False) -> bool:
    """Whether the model that predicted can be called from here."""
    if ev.version.spec.get("how") == "predictions":
        return False
    try:
        return ev.workspace.can_call(ev.model, trust=trust)
    except UnknownName:
        return False
