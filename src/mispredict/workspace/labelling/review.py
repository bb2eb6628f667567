"""Decisions about labels: kept in versions beside the dataset, which stays as it is.

The log of all that was said is a table of a version named like the dataset. Rows are known by
the dataset's id, so that decisions hold for its other versions as long as the label is the one
that was decided on; without an id by their number in one version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, Conflict, UnknownName
from mispredict.core.options import choice, shown, text
from mispredict.core.task import Scalar
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.data.labels.results import LabelDecisions
    from mispredict.data.labels.review import Said, Settled
    from mispredict.store import Store, Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

KIND = "label_review"
MOST_PARTS = 40  # of a log, before they become one
_TRIES = 10  # at adding decisions while others do the same
_FIELDS = ("given", "decision", "label", "who", "when", "note", "audit")
_UNDO = ("", "undo")


@dataclass(frozen=True, slots=True)
class _Asked:
    """A decision as somebody gives it: rows by number, and the class by its place, else -1."""

    rows: tuple[int, ...]
    decision: str
    codes: tuple[int, ...]
    who: str
    note: str
    is_audit: bool


def decide(
    store: Store,
    dataset: Dataset,
    rows: Any,
    decision: str,
    *,
    label: Scalar | None,
    suggested: Mapping[int, Scalar] | None,
    who: str,
    note: str,
    audit: bool,
) -> LabelDecisions:
    """Add decisions to the log as a new version of it; what all of it comes to then.

    Args:
        store: of the workspace.
        dataset: whose labels.
        rows: numbers of rows, an id as text, or a list of either.
        decision: `keep`, `relabel`, `unsure`; `undo` takes one's own back.
        label: the right one, for `relabel`.
        suggested: what stands in for it, by row.
        who: decides; the user of this process by default.
        note: why.
        audit: whether the rows were drawn from those not flagged.
    """
    from mispredict.data.labels.review import WORDS

    word = choice("decision", decision, (*WORDS, *_UNDO))
    numbers = _numbers(dataset, rows)
    codes = _codes(dataset, numbers, word, label, suggested or {})
    asked = _Asked(
        numbers, "" if word in _UNDO else word, codes, _who(who), text("note", note), audit
    )
    for _ in range(_TRIES):
        head = store.head(KIND, dataset.name)
        try:
            version = _append(store, dataset, head, asked)
        except Conflict:
            continue
        return _result(store, dataset, version)
    raise Conflict(
        f"decisions about {dataset.name!r} are being added by others all the time.",
        hint="try again",
    )


def decisions_of(store: Store, dataset: Dataset, version: str | None = None) -> LabelDecisions:
    """What was decided of the dataset's labels: now, or by a version such as `churn@3`."""
    return _result(store, dataset, _version(store, dataset, version))


def decided_codes(of: Evaluation) -> Mapping[int, tuple[str, int]]:
    """What was decided of each row: the word, and the class that was chosen, else -1."""
    places = {name: code for code, name in enumerate(of.task.classes)}
    return {
        row: (item.decision, places.get(item.label, -1) if item.decision == "relabel" else -1)
        for row, item in _newest(of).items()
    }


def audited_rows(of: Evaluation) -> list[int]:
    """Rows that were decided on after they were drawn from those not flagged."""
    return [row for row, item in _newest(of).items() if item.is_audit]


def _newest(of: Evaluation) -> dict[int, Settled]:
    head = of.workspace.store.head(KIND, of.dataset.name)
    return _settled(of.workspace.store, of.dataset, head)


def relabelled(store: Store, dataset: Dataset, decisions: str) -> Dataset:
    """A new version of the dataset with the labels that a version of the decisions chose.

    Only rows decided to be relabelled change; the new version names the decisions and who made
    them, and comes from both.
    """
    from mispredict.workspace.coding import write_coded
    from mispredict.workspace.dataset import KIND as DATASET
    from mispredict.workspace.dataset import Dataset as Rows

    version = _version(store, dataset, text("decisions", decisions, hint="decisions='churn@3'"))
    assert version is not None  # it has a name
    found = _settled(store, dataset, version)
    changes = {row: item.label for row, item in found.items() if item.decision == "relabel"}
    if not changes:
        raise BadOption(
            f"the decisions {str(version.ref)!r} relabel no row of {dataset.ref!r}.",
            known=f"Rows decided on: {len(found):,}.",
            hint="ds.decide_labels(rows, 'relabel', label='a class')",
        )
    name = _label(dataset)
    whole = dataset.read()
    table = whole.set_column(whole.column_names.index(name), name, _changed(whole[name], changes))
    column = replace(dataset.schema[name], missing=table[name].null_count)
    schema = dataset.schema.with_column(column)
    kinds = {item.name: item.type for item in schema}
    spec = {
        **dataset.version.spec,
        "schema": schema.to_dict(),
        "origin": f"{dataset.ref} with {counted(len(changes), 'label')} by decisions {version.ref}",
        "decisions": str(version.ref),
        "relabelled": len(changes),
        "who": sorted({item.last.who for item in found.values()}),
    }
    made = store.commit(
        DATASET,
        dataset.name,
        spec=spec,
        parts={"table": store.write_table(table), **write_coded(store, table, kinds)},
        parents=(f"dataset:{dataset.ref}", version.key),
    )
    return Rows(store, made)


def _label(dataset: Dataset) -> str:
    if dataset.label is None or dataset.task is None or not dataset.task.is_classification:
        raise BadOption(
            f"{dataset.ref!r} has no labels that are classes.",
            known=f"Columns: {', '.join(dataset.schema.names[:8])}.",
            hint=f"ws.add_dataset({dataset.name!r}, …, label='a column')",
        )
    return dataset.label


def _numbers(dataset: Dataset, rows: Any) -> tuple[int, ...]:
    """Numbers of the rows that are meant; texts are ids."""
    _label(dataset)
    given = [rows] if isinstance(rows, (str, int, np.integer)) else list(rows)
    if not given:
        raise BadOption("no rows were given.", known="They are numbers or ids.", hint="rows=[0, 7]")
    texts = [item for item in given if isinstance(item, str)]
    by_id = _by_id(dataset, texts) if texts else {}
    numbers = [by_id[item] if isinstance(item, str) else item for item in given]
    for number in numbers:
        is_number = isinstance(number, (int, np.integer)) and not isinstance(number, bool)
        if not is_number or not 0 <= number < dataset.n:
            raise BadOption(
                f"there is no row {shown(number)}.",
                known=f"Rows go from 0 to {dataset.n - 1:,}; a text is an id.",
                hint="rows=[0, 7]",
            )
    return tuple(dict.fromkeys(int(number) for number in numbers))


def _by_id(dataset: Dataset, texts: Sequence[str]) -> dict[str, int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    if dataset.id is None:
        raise BadOption(
            f"{dataset.ref!r} has no id.",
            known="A row is then known by its number.",
            hint="rows=[0, 7]",
        )
    ids = dataset.column(dataset.id).cast(pa.string()).combine_chunks()
    places = pc.index_in(pa.array(texts), value_set=ids).to_pylist()
    for item, place in zip(texts, places, strict=True):
        if place is None:
            raise UnknownName.of("row", item, map(str, ids[:5].to_pylist()), hint="rows=[0, 7]")
    return dict(zip(texts, places, strict=True))


def _codes(
    dataset: Dataset,
    rows: Sequence[int],
    decision: str,
    label: Scalar | None,
    suggested: Mapping[int, Scalar],
) -> tuple[int, ...]:
    """The class that each row is to have, -1 where it keeps its own."""
    assert dataset.task is not None  # it has labels
    classes = dataset.task.classes
    if decision != "relabel":
        if label is not None:
            raise BadOption(
                f"decision={decision!r} takes no label.",
                known=f"The label {label!r} was given.",
                hint="decision='relabel'",
            )
        return (-1,) * len(rows)
    codes = []
    for row in rows:
        wanted = suggested.get(row) if label is None else label
        if wanted is None:
            raise BadOption(
                f"row {row:,} is to be relabelled, but not as what.",
                known=f"Classes: {', '.join(map(repr, classes[:8]))}.",
                hint=f"label={classes[0]!r}",
            )
        fits = [k for k, name in enumerate(classes) if name == wanted or str(name) == str(wanted)]
        if not fits:
            raise BadOption.choice("label", wanted, map(str, classes))
        codes.append(fits[0])
    return tuple(codes)


def _who(who: str) -> str:
    from mispredict.store import capture

    given = text("who", who, hint="who='Ada'").strip()
    return given or capture().created_by


def _append(store: Store, dataset: Dataset, head: Version | None, asked: _Asked) -> Version:
    import pyarrow as pa

    assert dataset.task is not None  # it has labels
    by = dataset.id or dataset.ref
    # A log whose rows cannot be carried over to this version begins anew.
    kept = head.role("table") if head is not None and head.spec["by"] == by else ()
    said = int(head.spec["decisions"]) if head is not None and kept else 0
    numbers = pa.array(asked.rows)
    given = dataset.column(_label(dataset)).take(numbers).cast(pa.string())
    keys = dataset.column(dataset.id).take(numbers) if dataset.id else pa.chunked_array([numbers])
    classes = dataset.task.classes
    count = len(asked.rows)
    labels = [None if code < 0 else _word(classes[code]) for code in asked.codes]
    when = datetime.now(UTC).isoformat(timespec="seconds")
    added = pa.table(
        {
            "key": keys,
            "given": given,
            "decision": [asked.decision] * count,
            "label": pa.array(labels, pa.string()),
            "who": [asked.who] * count,
            "when": [when] * count,
            "note": [asked.note] * count,
            "audit": [asked.is_audit] * count,
        }
    )
    parts = [*kept, *store.write_table(added)]
    if len(parts) > MOST_PARTS:
        parts = store.write_table(store.read_table(parts).combine_chunks())
    return store.commit(
        KIND,
        dataset.name,
        spec={"dataset": dataset.name, "by": by, "decisions": said + count, "last": asked.who},
        parts={"table": parts},
        parents=(f"dataset:{dataset.ref}",),
        expected=head.number if head else 0,
    )


def _version(store: Store, dataset: Dataset, version: str | None) -> Version | None:
    if version is None:
        return store.head(KIND, dataset.name)
    names = store.names(KIND) if KIND in store.kinds() else ()
    if version.partition("@")[0] not in names:
        raise UnknownName.of("decisions", version, names, hint="ds.label_decisions().version")
    found = store.version(KIND, version)
    if found.spec["dataset"] != dataset.name:
        raise BadOption(
            f"the decisions {version!r} are about another dataset.",
            known=f"They are about {found.spec['dataset']!r}, not {dataset.name!r}.",
            hint=f"decisions={dataset.name!r}",
        )
    return found


def _result(store: Store, dataset: Dataset, version: Version | None) -> LabelDecisions:
    from mispredict.data.labels.review import decisions

    found = _settled(store, dataset, version)
    ids: dict[int, Any] = {row: row for row in found}
    if dataset.id and found:
        keys = dataset.column(dataset.id).take(list(found)).to_pylist()
        ids = dict(zip(found, keys, strict=True))
    ref = "" if version is None else str(version.ref)
    return decisions(found, ids, dataset=dataset.ref, version=ref)


def _settled(store: Store, dataset: Dataset, version: Version | None) -> dict[int, Settled]:
    from mispredict.data.labels.review import settled

    return settled(_log(store, dataset, version))


def _log(store: Store, dataset: Dataset, version: Version | None) -> list[Said]:
    """All that was said of rows that this version has, with the label that they still have."""
    import pyarrow.compute as pc

    from mispredict.data.labels.review import Said

    if version is None or dataset.label is None or dataset.task is None:
        return []
    by = str(version.spec["by"])
    if by != (dataset.id or dataset.ref):
        return []
    table = store.read_table(version.role("table"))
    keys = table["key"]
    if dataset.id:
        ids = dataset.column(dataset.id).combine_chunks()
        places = pc.index_in(keys.cast(ids.type), value_set=ids).to_pylist()
    else:
        places = keys.to_pylist()
    labels = dataset.column(dataset.label).take([place or 0 for place in places]).to_pylist()
    named = {_word(name): name for name in dataset.task.classes}
    columns = zip(*(table[name].to_pylist() for name in _FIELDS), strict=True)
    log = []
    for place, current, said in zip(places, labels, columns, strict=True):
        given, decision, label, who, when, note, audit = said
        if place is not None and _word(current) == given:
            log.append(Said(place, current, decision, named.get(label), who, when, note, audit))
    return log


def _word(value: Any) -> str | None:
    """A class as Arrow writes it as text."""
    if value is None:
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def _changed(column: pa.ChunkedArray, changes: Mapping[int, Any]) -> pa.ChunkedArray:
    import pyarrow as pa

    values = column.to_pylist()
    for row, label in changes.items():
        values[row] = label
    return pa.chunked_array([pa.array(values, column.type)])
