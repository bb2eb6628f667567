"""Names and versions: every method is one transaction on the catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from mispredict.core.errors import BadOption, Conflict, StoreError, UnknownName
from mispredict.core.ids import Ref, check_name, check_stored_name, hash_bytes
from mispredict.store import queries, sql
from mispredict.store.canon import as_json, canonical
from mispredict.store.database import Database
from mispredict.store.parts import Part
from mispredict.store.recording import Recording, Usage
from mispredict.store.versions import Lineage, Version


@dataclass(frozen=True, slots=True)
class Proposal:
    """A version to be: all that a commit writes but its number and time."""

    kind: str
    name: str
    spec: Mapping[str, Any]
    parts: tuple[Part, ...]
    parents: tuple[str, ...]
    message: str
    usage: Usage | None
    recording: Recording


class Catalog:
    """Reads and writes versions."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def join(self, id: str, parts: str) -> tuple[str, str]:  # noqa: A002
        """Id and place of parts of the workspace it belongs to: the ones given if it is new."""
        with self.database.write(is_exclusive=True) as connection:
            found = connection.execute(sa.select(sql.workspace)).first()
            if found is not None:
                return found.id, found.parts
            row = {"id": id, "parts": parts, "created_at": queries.now()}
            connection.execute(sql.workspace.insert().values(row))
            return id, parts

    def workspace_id(self) -> str | None:
        with self.database.read() as connection:
            return connection.scalar(sa.select(sql.workspace.c.id))

    def commit(
        self,
        proposal: Proposal,
        *,
        expected: int | None,
        check: Callable[[], None] = lambda: None,
    ) -> Version:
        """The new version, or the head where that says the same.

        `check` runs while the sweep of orphans is held off: whether all parts are in place.
        """
        kind, name = check_name(proposal.kind), check_stored_name(proposal.name)
        spec = as_json(proposal.spec, "spec")
        content = _content([spec, [[p.role, p.ordinal, p.content] for p in proposal.parts]])
        with self.database.write() as connection:
            last, newest = self._lock_head(connection, kind, name)
            if expected is not None and expected != newest:
                raise _conflict(kind, name, expected, newest)
            parents = self._hold_parents(connection, proposal.parents)
            head = self._one(connection, kind, name, newest) if newest else None
            if head and (head.content, head.parents) == (content, tuple(parents)):
                return head
            check()
            self._move_head(connection, kind, name, last)
            row = _row(proposal, last + 1, spec, content)
            made = connection.execute(sql.version.insert().values(row)).inserted_primary_key
            assert made is not None
            self._insert_parts(connection, made[0], proposal.parts)
            self._insert_parents(connection, made[0], list(parents.values()))
            return self._one(connection, kind, name, last + 1, created=True)

    def version(self, kind: str, ref: Ref | str, *, include_deleted: bool = False) -> Version:
        with self.database.read() as connection:
            return queries.resolve(connection, kind, ref, include_deleted=include_deleted)

    def versions(
        self, kind: str | None, name: str | None, *, include_deleted: bool = False
    ) -> tuple[Version, ...]:
        where: list[sa.ColumnElement[bool]] = []
        if kind is not None:
            where.append(sql.version.c.kind == kind)
        if name is not None:
            where.append(sql.version.c.name == name)
        if not include_deleted:
            where.append(sql.version.c.deleted_at.is_(None))
        with self.database.read() as connection:
            found = queries.load(connection, *where)
            if kind is not None and name is not None and not found:
                raise queries.unknown(connection, kind, name)
        return tuple(found)

    def names(self, kind: str) -> tuple[str, ...]:
        with self.database.read() as connection:
            return queries.names(connection, kind)

    def kinds(self) -> tuple[str, ...]:
        query = sa.select(sql.head.c.kind).where(sql.head.c.newest.is_not(None)).distinct()
        with self.database.read() as connection:
            return tuple(sorted(connection.scalars(query)))

    def revision(self, kinds: Sequence[str]) -> str:
        """Newest id and number of deletions; ids only grow, and nothing is ever undeleted."""
        columns = sql.version.c
        query = sa.select(sa.func.max(columns.id), sa.func.count(columns.deleted_at))
        with self.database.read() as connection:
            newest, deleted = connection.execute(query.where(columns.kind.in_(kinds))).one()
        return f"{newest or 0}.{deleted}"

    def head(self, kind: str, name: str) -> Version | None:
        query = sa.select(sql.head.c.newest).where(queries.is_head(kind, name))
        with self.database.read() as connection:
            newest = connection.scalar(query)
            return self._one(connection, kind, name, newest) if newest else None

    def delete(self, kind: str, ref: Ref | str, *, is_forced: bool) -> Version:
        with self.database.write() as connection:
            found = self._hold(connection, kind, ref)
            where = queries.is_version(kind, found.name, found.number)
            id_ = connection.scalar(sa.select(sql.version.c.id).where(where).with_for_update())
            children = [c for c in queries.children(connection, [id_ or 0]) if not c.deleted_at]
            if children and not is_forced:
                raise _has_children(found, [f"{c.kind}:{c.name}@{c.number}" for c in children])
            gone = sql.version.update().where(where).values(deleted_at=queries.now())
            connection.execute(gone)
            newest = max(queries.load_numbers(connection, kind, found.name), default=None)
            is_head = queries.is_head(kind, found.name)
            connection.execute(sql.head.update().where(is_head).values(newest=newest))
            for label in found.labels:
                connection.execute(sql.label.delete().where(_is_label(kind, found.name, label)))
            return self._one(connection, kind, found.name, found.number)

    def label(self, kind: str, ref: Ref | str, label: str) -> Version:
        if check_name(label).isdecimal():
            raise BadOption(
                f"label={label!r} would read as a version.", hint="a word such as 'prod'"
            )
        with self.database.write() as connection:
            found = self._hold(connection, kind, ref)
            row = {"kind": kind, "name": found.name, "label": label, "number": found.number}
            connection.execute(sql.label.delete().where(_is_label(kind, found.name, label)))
            connection.execute(sql.label.insert().values(row))
            return self._one(connection, kind, found.name, found.number)

    def unlabel(self, kind: str, name: str, label: str) -> None:
        with self.database.write() as connection:
            known = self._labels(connection, kind, name)
            if label not in known:
                raise UnknownName.of("label", label, known)
            connection.execute(sql.label.delete().where(_is_label(kind, name, label)))

    def labels(self, kind: str, name: str) -> dict[str, Ref]:
        with self.database.read() as connection:
            return self._labels(connection, kind, name)

    def lineage(self, kind: str, ref: Ref | str) -> Lineage:
        with self.database.read() as connection:
            found = queries.resolve(connection, kind, ref, include_deleted=True)
            where = queries.is_version(kind, found.name, found.number)
            id_ = connection.scalar(sa.select(sql.version.c.id).where(where)) or 0
            parents = queries.walk(connection, "parent", id_)
            return Lineage(found.key, (*parents, *queries.walk(connection, "child", id_)))

    def users(self, part: Part) -> list[str]:
        """Keys of the versions that use the part."""
        with self.database.read() as connection:
            return queries.users(connection, part)

    def live_parts(self) -> list[Part]:
        with self.database.read() as connection:
            return queries.live_parts(connection)

    def sweep(self, remove: Callable[[frozenset[str]], None]) -> None:
        """Call `remove` with the files in use, while no version can be committed."""
        with self.database.write(is_exclusive=True) as connection:
            remove(frozenset(part.file for part in queries.live_parts(connection)))

    def _lock_head(self, connection: sa.Connection, kind: str, name: str) -> tuple[int, int]:
        """Last number and newest version (0: none), held until the transaction ends."""
        query = sa.select(sql.head).where(queries.is_head(kind, name)).with_for_update()
        row = connection.execute(query).first()
        if row is None:
            self._insert_new(connection, sql.head, [{"kind": kind, "name": name, "last": 0}])
            row = connection.execute(query).one()
        return row.last, row.newest or 0

    def _hold(self, connection: sa.Connection, kind: str, ref: Ref | str) -> Version:
        """The version as it is once its head is held."""
        found = queries.resolve(connection, kind, ref)
        self._lock_head(connection, kind, found.name)
        return queries.resolve(connection, kind, ref)

    def _move_head(self, connection: sa.Connection, kind: str, name: str, last: int) -> None:
        moved = connection.execute(
            sql.head.update()
            .where(queries.is_head(kind, name), sql.head.c.last == last)
            .values(last=last + 1, newest=last + 1)
        )
        if moved.rowcount != 1:
            raise _conflict(kind, name, last, last + 1)

    def _hold_parents(self, connection: sa.Connection, keys: Sequence[str]) -> dict[str, int]:
        """Ids by key, in the order given; held so that none is deleted meanwhile."""
        found: dict[str, int] = {}
        for text in keys:
            kind, colon, ref = text.partition(":")
            if not colon:
                raise BadOption(
                    f"the parent {text!r} has no kind.", hint="kind:name@version, dataset:churn@3"
                )
            parent = queries.resolve(connection, kind, ref)
            where = queries.is_version(kind, parent.name, parent.number)
            query = sa.select(sql.version.c.id, sql.version.c.deleted_at).where(where)
            row = connection.execute(query.with_for_update(read=True)).one()
            if row.deleted_at is not None:
                raise queries.was_deleted(kind, str(parent.ref))
            found[parent.key] = row.id
        return found

    def _insert_parts(self, connection: sa.Connection, id_: int, parts: Sequence[Part]) -> None:
        columns = ("hash", "format", "bytes", "rows", "content")
        known = {part.file: {name: getattr(part, name) for name in columns} for part in parts}
        self._insert_new(connection, sql.part, [known[file] for file in sorted(known)])
        use = ("role", "ordinal", "hash", "format")
        uses = [{name: getattr(part, name) for name in use} for part in parts]
        if uses:
            connection.execute(sql.used_part.insert(), [row | {"version_id": id_} for row in uses])

    def _insert_parents(self, connection: sa.Connection, id_: int, ids: Sequence[int]) -> None:
        rows = [
            {"version_id": id_, "ordinal": ordinal, "parent_id": parent}
            for ordinal, parent in enumerate(ids)
        ]
        if rows:
            connection.execute(sql.parent.insert(), rows)

    def _insert_new(
        self, connection: sa.Connection, table: sa.Table, rows: list[dict[str, Any]]
    ) -> None:
        """Insert the rows whose key is not there yet."""
        insert = sqlite.insert if self.database.is_sqlite else postgresql.insert
        if rows:
            connection.execute(insert(table).on_conflict_do_nothing(), rows)

    def _labels(self, connection: sa.Connection, kind: str, name: str) -> dict[str, Ref]:
        if name not in queries.names(connection, kind):
            raise queries.unknown(connection, kind, name)
        return queries.labels(connection, kind, name)

    def _one(
        self, connection: sa.Connection, kind: str, name: str, number: int, *, created: bool = False
    ) -> Version:
        return queries.load(connection, queries.is_version(kind, name, number), created=created)[0]


def _content(value: Any) -> str:
    return hash_bytes(canonical(value).encode())


def _row(proposal: Proposal, number: int, spec: Any, content: str) -> dict[str, Any]:
    recording, usage = proposal.recording, proposal.usage
    return {
        "kind": proposal.kind,
        "name": proposal.name,
        "number": number,
        "content": content,
        "created_at": queries.now(),
        "created_by": recording.created_by.replace("\0", ""),  # PostgreSQL keeps no NUL
        "message": proposal.message.replace("\0", ""),
        "spec": spec,
        "recording": {
            "code": asdict(recording.code) if recording.code else None,
            "environment": dict(recording.environment),
            "usage": asdict(usage) if usage else None,
        },
    }


def _is_label(kind: str, name: str, label: str) -> sa.ColumnElement[bool]:
    columns = sql.label.c
    return (columns.kind == kind) & (columns.name == name) & (columns.label == label)


def _conflict(kind: str, name: str, expected: int, found: int) -> Conflict:
    what = f"version {found}" if found else "no version"
    return Conflict(
        f"{kind} {name!r} has {what}, and {expected} was expected.",
        known="Someone else wrote first. Nothing was changed.",
        hint="read the newest version and decide again",
    )


def _has_children(found: Version, children: list[str]) -> StoreError:
    shown = ", ".join(sorted(children)[:5])
    more = f" and {len(children) - 5:,} more" if len(children) > 5 else ""
    return StoreError(
        f"{found.kind} {str(found.ref)!r} cannot be deleted: others come from it.",
        known=f"These do: {shown}{more}.",
        hint="delete those first, or force=True (--force), which leaves them without it",
    )
