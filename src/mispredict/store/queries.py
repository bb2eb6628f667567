"""What is read from the catalog's tables, each a function of one open transaction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from mispredict.core.errors import BadOption, UnknownName
from mispredict.core.ids import Ref
from mispredict.store import sql
from mispredict.store.parts import Part
from mispredict.store.recording import Code, Usage
from mispredict.store.versions import Relative, Version

_CHUNK = 500  # values in one IN (…)


def resolve(
    connection: sa.Connection, kind: str, ref: Ref | str, *, include_deleted: bool = False
) -> Version:
    """The version meant by `name`, `name@3` or `name@label`."""
    name, number = _address(connection, kind, ref)
    if number is None:
        query = sa.select(sql.head.c.newest).where(is_head(kind, name))
        number = connection.scalar(query) or _last(connection, kind, name, include_deleted)
    found = load(connection, is_version(kind, name, number or 0))
    if not found:
        asked = ref.version if isinstance(ref, Ref) else number
        raise unknown(connection, kind, name, asked)
    if found[0].is_deleted and not include_deleted:
        raise was_deleted(kind, str(found[0].ref))
    return found[0]


def load(
    connection: sa.Connection, *where: sa.ColumnElement[bool], created: bool = False
) -> list[Version]:
    """The versions for which all of `where` holds, by kind, name and number."""
    rows = connection.execute(sa.select(sql.version).where(*where)).all()
    ids = [row.id for row in rows]
    parts = _parts_of(connection, ids)
    parents = _parents_of(connection, ids)
    labels = _labels_of(connection, ids)
    found = [
        _version(
            row,
            parts=tuple(parts.get(row.id, ())),
            parents=tuple(parents.get(row.id, ())),
            labels=tuple(sorted(labels.get(row.id, ()))),
            created=created,
        )
        for row in rows
    ]
    return sorted(found, key=lambda item: (item.kind, item.name, item.number))


def names(connection: sa.Connection, kind: str) -> tuple[str, ...]:
    """Names of the kind that have a version, sorted."""
    query = sa.select(sql.head.c.name).where(
        sql.head.c.kind == kind, sql.head.c.newest.is_not(None)
    )
    return tuple(sorted(connection.scalars(query)))


def labels(connection: sa.Connection, kind: str, name: str) -> dict[str, Ref]:
    query = sa.select(sql.label).where(sql.label.c.kind == kind, sql.label.c.name == name)
    found = {row.label: Ref(name, row.number) for row in connection.execute(query)}
    return dict(sorted(found.items()))


def unknown(
    connection: sa.Connection, kind: str, name: str, number: int | None = None
) -> UnknownName:
    """Error for a name or a number that does not exist, with what does."""
    live = load_numbers(connection, kind, name)
    if number is None or not live:
        return UnknownName.of(kind, name, names(connection, kind))
    return UnknownName.of(kind, f"{name}@{number}", [f"{name}@{item}" for item in live])


def was_deleted(kind: str, ref: str) -> UnknownName:
    return UnknownName(
        f"{kind} {ref!r} was deleted.",
        known="Its record is kept, its data may be gone.",
        hint="versions(…, include_deleted=True) shows the record",
    )


def load_numbers(connection: sa.Connection, kind: str, name: str) -> list[int]:
    """Numbers of the versions that are not deleted."""
    query = sa.select(sql.version.c.number).where(
        sql.version.c.kind == kind,
        sql.version.c.name == name,
        sql.version.c.deleted_at.is_(None),
    )
    return sorted(connection.scalars(query))


def live_parts(connection: sa.Connection) -> list[Part]:
    """Parts that a version which is not deleted uses, by hash."""
    used, part, version = sql.used_part.c, sql.part.c, sql.version.c
    query = (
        sa.select(sql.part)
        .join(sql.used_part, (used.hash == part.hash) & (used.format == part.format))
        .join(sql.version, version.id == used.version_id)
        .where(version.deleted_at.is_(None))
        .distinct()
    )
    found = [
        Part(row.hash, row.format, row.bytes, row.rows, row.content)
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda item: (item.hash, item.format))


def users(connection: sa.Connection, part: Part) -> list[str]:
    """Keys of the versions, not deleted, that use the part."""
    version, used = sql.version.c, sql.used_part.c
    query = (
        sa.select(version.kind, version.name, version.number)
        .join(sql.used_part, used.version_id == version.id)
        .where(used.hash == part.hash, used.format == part.format, version.deleted_at.is_(None))
        .distinct()
    )
    rows = sorted(connection.execute(query), key=lambda row: (row.kind, row.name, row.number))
    return [_key(row) for row in rows]


def children(connection: sa.Connection, ids: Sequence[int]) -> list[Any]:
    """Rows of the versions that come directly from one of `ids`."""
    version, parent = sql.version.c, sql.parent.c
    query = sa.select(*_brief()).join(sql.parent, version.id == parent.version_id).distinct()
    return _rows(connection, query, parent.parent_id, ids)


def parents(connection: sa.Connection, ids: Sequence[int]) -> list[Any]:
    """Rows of the versions that one of `ids` comes directly from."""
    version, parent = sql.version.c, sql.parent.c
    query = sa.select(*_brief()).join(sql.parent, version.id == parent.parent_id).distinct()
    return _rows(connection, query, parent.version_id, ids)


def walk(connection: sa.Connection, relation: str, start: int) -> Iterator[Relative]:
    """Relatives breadth first, each once."""
    step = children if relation == "child" else parents
    seen, layer, depth = {start}, [start], 0
    while layer:
        depth += 1
        found = {row.id: row for row in step(connection, layer) if row.id not in seen}
        seen |= found.keys()
        layer = list(found)
        for row in sorted(found.values(), key=lambda row: (row.kind, row.name, row.number)):
            ref, made = f"{row.name}@{row.number}", parse_time(row.created_at)
            yield Relative(relation, depth, row.kind, ref, made, row.deleted_at is not None)


def is_head(kind: str, name: str) -> sa.ColumnElement[bool]:
    return (sql.head.c.kind == kind) & (sql.head.c.name == name)


def is_version(kind: str, name: str, number: int) -> sa.ColumnElement[bool]:
    version = sql.version.c
    return (version.kind == kind) & (version.name == name) & (version.number == number)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="microseconds")


def parse_time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _brief() -> tuple[sa.ColumnElement[Any], ...]:
    """Columns that name a version; PostgreSQL cannot compare those of type JSON."""
    version = sql.version.c
    return (
        version.id,
        version.kind,
        version.name,
        version.number,
        version.created_at,
        version.deleted_at,
    )


def _address(connection: sa.Connection, kind: str, ref: Ref | str) -> tuple[str, int | None]:
    if isinstance(ref, Ref):
        return ref.name, ref.version
    if not isinstance(ref, str):
        raise BadOption(
            f"the {kind} is asked for by {type(ref).__name__}, which is no name.",
            known="Names are text, with or without a version.",
            hint="a name such as 'churn' or 'churn@1'",
        )
    name, at, rest = ref.partition("@")
    if not at or not rest or rest.isdecimal():
        parsed = Ref.parse(ref, is_stored=True)
        return parsed.name, parsed.version
    known = labels(connection, kind, name)
    if rest in known:
        return name, known[rest].version
    if name not in names(connection, kind):
        raise unknown(connection, kind, name)
    raise UnknownName.of("label", rest, known, hint=f"a number, such as {name}@1")


def _last(connection: sa.Connection, kind: str, name: str, include_deleted: bool) -> int | None:
    if not include_deleted:
        return None
    return connection.scalar(sa.select(sql.head.c.last).where(is_head(kind, name)))


def _parts_of(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[Part]]:
    used, part = sql.used_part.c, sql.part.c
    query = sa.select(sql.used_part, part.bytes, part.rows, part.content).join(
        sql.part, (part.hash == used.hash) & (part.format == used.format)
    )
    rows = _rows(connection, query, used.version_id, ids)
    found: dict[int, list[Part]] = {}
    for row in sorted(rows, key=lambda row: (row.role, row.ordinal)):
        part_ = Part(row.hash, row.format, row.bytes, row.rows, row.content, row.role, row.ordinal)
        found.setdefault(row.version_id, []).append(part_)
    return found


def _parents_of(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    version, parent = sql.version.c, sql.parent.c
    query = sa.select(sql.parent, version.kind, version.name, version.number).join(
        sql.version, version.id == parent.parent_id
    )
    found: dict[int, list[str]] = {}
    for row in sorted(
        _rows(connection, query, parent.version_id, ids), key=lambda row: row.ordinal
    ):
        found.setdefault(row.version_id, []).append(_key(row))
    return found


def _labels_of(connection: sa.Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    version, label = sql.version.c, sql.label.c
    query = sa.select(version.id, label.label).join(
        sql.label,
        (label.kind == version.kind)
        & (label.name == version.name)
        & (label.number == version.number),
    )
    found: dict[int, list[str]] = {}
    for row in _rows(connection, query, version.id, ids):
        found.setdefault(row.id, []).append(row.label)
    return found


def _rows(
    connection: sa.Connection, query: Any, column: sa.ColumnElement[int], ids: Sequence[int]
) -> list[Any]:
    """Rows of the query whose `column` is among `ids`."""
    found: list[Any] = []
    for start in range(0, len(ids), _CHUNK):
        found += connection.execute(query.where(column.in_(ids[start : start + _CHUNK])))
    return found


def _version(
    row: Any,
    *,
    parts: tuple[Part, ...],
    parents: tuple[str, ...],
    labels: tuple[str, ...],
    created: bool,
) -> Version:
    recorded = row.recording
    return Version(
        kind=row.kind,
        ref=Ref(row.name, row.number),
        content=row.content,
        created_at=parse_time(row.created_at),
        created_by=row.created_by,
        spec=row.spec,
        parents=parents,
        parts=parts,
        code=Code(**recorded["code"]) if recorded.get("code") else None,
        environment=recorded.get("environment", {}),
        usage=Usage(**recorded["usage"]) if recorded.get("usage") else None,
        message=row.message,
        labels=labels,
        deleted_at=parse_time(row.deleted_at) if row.deleted_at else None,
        created=created,
    )


def _key(row: Any) -> str:
    return f"{row.kind}:{row.name}@{row.number}"
