"""A workspace's storage: versions in a catalog, data in immutable parts.

Writing the parts and then committing one catalog transaction is what makes a version exist, so a
crash leaves the old state and at most files that the next sweep removes.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self
from uuid import uuid4

from mispredict.core.errors import BadOption, StoreError
from mispredict.core.ids import Ref
from mispredict.store import tables
from mispredict.store.cache import Cache
from mispredict.store.layout import SQLITE, Layout, Marker
from mispredict.store.parts import Part, Parts
from mispredict.store.recording import Recording, Usage, capture
from mispredict.store.remote import Remote, is_remote
from mispredict.store.unpacked import Unpacked
from mispredict.store.versions import Lineage, Version, VersionDiff, compare

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    from mispredict.store.catalog import Catalog
    from mispredict.store.database import Database
    from mispredict.store.doctor import Checkup

Given = Mapping[str, Part | Sequence[Part]]
UNPACKED_BYTES = 16_000_000_000  # of the disk, for columns of large tables


class Store:
    """An open workspace. Use `Store.create` or `Store.open`, and close it or use `with`.

    A reference is a `Ref` or text: `name` (the newest version), `name@3`, `name@label`.
    """

    def __init__(self, layout: Layout, marker: Marker, catalog_url: str | None = None) -> None:
        self.layout = layout
        self.marker = marker
        self._url = catalog_url

    @classmethod
    def create(
        cls,
        path: str | Path,
        *,
        catalog_url: str | None = None,
        parts_url: str | None = None,
        exist_ok: bool = False,
    ) -> Self:
        """A new workspace in the folder, which may exist if it is empty.

        Args:
            path: The folder.
            catalog_url: URL of a PostgreSQL database; SQLite in the folder by default. Its
                password is not written to the folder.
            parts_url: fsspec URL where parts are kept; the folder by default.
            exist_ok: Open the workspace if there is one already.
        """
        layout = Layout(Path(path).expanduser())
        if layout.is_workspace():
            if exist_ok:
                return cls.open(path, catalog_url=catalog_url)
            raise StoreError(
                f"there is already a workspace in {str(layout.root)!r}.",
                hint="open it, or choose another folder",
            )
        layout.make_folders()
        draft = _draft_marker(catalog_url, parts_url)
        marker = layout.claim(draft)
        if (marker.catalog, marker.parts) != (draft.catalog, draft.parts):
            raise StoreError(
                f"{str(layout.root)!r} is being created with another catalog or place of parts.",
                known=f"The catalog there is {marker.catalog}, the place {marker.parts}.",
                hint="the same catalog_url and parts_url, or another folder",
            )
        store = cls(layout, marker, catalog_url)
        with store._closing_on_error():
            store._found()
        return store

    @classmethod
    def open(cls, path: str | Path, *, catalog_url: str | None = None) -> Self:
        """The workspace in the folder.

        Args:
            path: The folder.
            catalog_url: The PostgreSQL URL with its password, where the server wants one.

        Raises:
            WorkspaceNotFound: there is none.
            NewerWorkspace: a later mispredict wrote it.
        """
        layout = Layout(Path(path).expanduser())
        store = cls(layout, layout.read_marker(), catalog_url)
        with store._closing_on_error():
            store._database.bring_up()
            store._check_owner()
        return store

    @property
    def root(self) -> Path:
        return self.layout.root

    @cached_property
    def is_read_only(self) -> bool:
        """Whether the folder cannot be written."""
        return not self.layout.is_writable()

    @cached_property
    def cache(self) -> Cache:
        """Bytes by key that can be computed again."""
        return Cache(self.layout.cache)

    @cached_property
    def unpacked(self) -> Unpacked:
        """Columns of large tables as mapped files, which can be made again."""
        return Unpacked(Cache(self.layout.cache / "columns", limit_bytes=UNPACKED_BYTES))

    # -- parts ---------------------------------------------------------------------------

    def write_table(self, table: Any, *, rows_per_part: int = tables.ROWS_PER_PART) -> list[Part]:
        """Parts with the rows of an Arrow table, a reader, or an iterable of batches."""
        return tables.write_table(self._parts, table, rows_per_part=rows_per_part)

    def write_array(self, array: np.ndarray[Any, Any]) -> Part:
        """Part with the array, ready to be memory-mapped."""
        return tables.write_array(self._parts, array)

    def write_json(self, value: Any) -> Part:
        """Part with the value as JSON."""
        return tables.write_json(self._parts, value)

    def write_bytes(self, data: bytes | memoryview, format: str = "bin") -> Part:  # noqa: A002
        """Part with the bytes; `format` is the file's extension."""
        return self._parts.write(data, format)

    def read_table(
        self,
        parts: Part | Sequence[Part],
        *,
        columns: Sequence[str] | None = None,
        verify: bool = False,
    ) -> pa.Table:
        """The rows of the parts, in order. `verify` checks the hashes first."""
        stored = [parts] if isinstance(parts, Part) else parts
        return tables.read_table(self._parts, stored, columns=columns, verify=verify)

    def row_groups(self, part: Part) -> tuple[tables.GroupSize, ...]:
        """Sizes of the groups of a table's part, whose rows are decoded together."""
        return tables.row_groups(self._parts, part)

    def read_group(self, part: Part, group: int, columns: Sequence[str]) -> pa.Table:
        """The rows of one group of a table's part."""
        return tables.read_group(self._parts, part, group, columns)

    def batches(
        self,
        parts: Iterable[Part],
        *,
        columns: Sequence[str] | None = None,
        rows: int = tables.ROWS_PER_GROUP,
    ) -> Iterator[pa.RecordBatch]:
        """The rows of the parts in order, at most `rows` at a time."""
        return tables.batches(self._parts, parts, columns=columns, rows=rows)

    def read_array(
        self, part: Part, *, is_mapped: bool = True, verify: bool = False
    ) -> np.ndarray[Any, Any]:
        """The array: read-only and memory-mapped, or in memory where `is_mapped` is False."""
        return tables.read_array(self._parts, part, is_mapped=is_mapped, verify=verify)

    def read_json(self, part: Part, *, verify: bool = False) -> Any:
        return tables.read_json(self._parts, part, verify=verify)

    def read_bytes(self, part: Part, *, verify: bool = False) -> bytes:
        return self._parts.read(part, verify=verify)

    def path(self, part: Part, *, verify: bool = False) -> Path:
        """The part's file, after checking that it is there and has its size.

        Raises:
            CorruptPart: it is not; the versions that use it are named.
        """
        return self._parts.path(part, verify=verify)

    def verify_once(self, part: Part) -> Part:
        """The part itself, after checking its hash where this process has not done so yet.

        Raises:
            CorruptPart: its file is not what was written.
        """
        self._parts.path_once(part)
        return part

    # -- versions ------------------------------------------------------------------------

    def commit(
        self,
        kind: str,
        name: str,
        *,
        spec: Mapping[str, Any],
        parts: Given | None = None,
        parents: Iterable[str | Version] = (),
        expected: int | None = None,
        message: str = "",
        usage: Usage | None = None,
        recording: Recording | None = None,
    ) -> Version:
        """The new version of the name; its head, where spec, parts and parents are the same.

        Args:
            kind: What it is: dataset, model, evaluation …
            name: Its name among those of its kind.
            spec: What it says, in JSON's types.
            parts: Its parts by role.
            parents: What it comes from: versions, or keys such as `dataset:churn@3`.
            expected: Number of the newest version on which this one builds, 0 for none.
            message: Why, for people.
            usage: What the run used.
            recording: Who, code and environment; captured here by default.

        Raises:
            Conflict: `expected` is no longer the newest version.
            CorruptPart: a part is not in place.
        """
        from mispredict.store.catalog import Proposal

        flat = tuple(_with_roles(parts or {}))
        keys = tuple(item.key if isinstance(item, Version) else item for item in parents)
        record = recording if recording is not None else capture()
        proposal = Proposal(kind, name, spec, flat, keys, message, usage, record)
        return self._catalog.commit(
            proposal, expected=expected, check=lambda: self._check_in_place(flat)
        )

    def version(self, kind: str, ref: Ref | str, *, include_deleted: bool = False) -> Version:
        """The version.

        Raises:
            UnknownName: there is none, or it was deleted.
        """
        return self._catalog.version(kind, ref, include_deleted=include_deleted)

    def versions(
        self,
        kind: str | None = None,
        name: str | None = None,
        *,
        include_deleted: bool = False,
    ) -> tuple[Version, ...]:
        """All versions, or those of a kind or name; by kind, name and number."""
        return self._catalog.versions(kind, name, include_deleted=include_deleted)

    def names(self, kind: str) -> tuple[str, ...]:
        """Names of the kind that have a version, sorted."""
        return self._catalog.names(kind)

    def kinds(self) -> tuple[str, ...]:
        """Kinds that have a name, sorted."""
        return self._catalog.kinds()

    def revision(self, *kinds: str) -> str:
        """Text that is another one after each commit and deletion among versions of the kinds."""
        return self._catalog.revision(kinds)

    def head(self, kind: str, name: str) -> Version | None:
        """The newest version; None where there is none."""
        return self._catalog.head(kind, name)

    def delete(self, kind: str, ref: Ref | str, *, force: bool = False) -> Version:
        """The version, now deleted: its record stays, the sweep frees parts no other one uses.

        Raises:
            StoreError: other versions come from it, and `force` is False.
        """
        return self._catalog.delete(kind, ref, is_forced=force)

    def label(self, kind: str, ref: Ref | str, label: str) -> Version:
        """The version, which now has the label; another version of the name loses it."""
        return self._catalog.label(kind, ref, label)

    def unlabel(self, kind: str, name: str, label: str) -> None:
        """Take the label from whichever version of the name has it."""
        self._catalog.unlabel(kind, name, label)

    def labels(self, kind: str, name: str) -> dict[str, Ref]:
        """Labels of the name's versions, sorted."""
        return self._catalog.labels(kind, name)

    def lineage(self, kind: str, ref: Ref | str) -> Lineage:
        """All that the version comes from and all that comes from it."""
        return self._catalog.lineage(kind, ref)

    def diff(self, kind: str, before: Ref | str, after: Ref | str) -> VersionDiff:
        """What changed from one version to the other."""
        first = self.version(kind, before, include_deleted=True)
        return compare(first, self.version(kind, after, include_deleted=True))

    # -- care ----------------------------------------------------------------------------

    def doctor(self, *, repair: bool = False, grace_s: float = 86_400.0) -> Checkup:
        """The state of the workspace; with `repair`, what no version uses is swept.

        Args:
            repair: Remove orphans and temporary files older than `grace_s`.
            grace_s: Seconds in which a writer may still commit what it has written.
        """
        from mispredict.store.doctor import examine

        return examine(self, repair=repair, grace_s=grace_s)

    def close(self) -> None:
        if "_database" in self.__dict__:
            self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Store({str(self.root)!r})"

    # -- inside --------------------------------------------------------------------------

    @cached_property
    def _database(self) -> Database:
        from mispredict.store.database import Database, normal_url

        url = self._url or (None if self.marker.catalog == SQLITE else self.marker.catalog)
        database = Database(
            normal_url(url) if url else None,
            self.layout.catalog,
            is_read_only=self.is_read_only,
        )
        weakref.finalize(self, database.close)  # people rarely close what they opened
        return database

    @cached_property
    def _catalog(self) -> Catalog:
        from mispredict.store.catalog import Catalog

        return Catalog(self._database)

    @cached_property
    def _parts(self) -> Parts:
        place = self.marker.parts
        return Parts(
            self.layout.parts,
            self.layout.tmp,
            remote=Remote(f"{place}/{self.marker.id}") if is_remote(place) else None,
            users=self._users,
        )

    def _users(self, part: Part) -> list[str]:
        return self._catalog.users(part)

    def _found(self) -> None:
        """Make the catalog, and last the marker, which is what makes the folder a workspace."""
        try:
            if self._database.is_sqlite:
                self._database.create_file(self.layout.tmp)
            self._database.bring_up()
            id_, parts = self._catalog.join(self.marker.id, self.marker.parts)
            if id_ != self.marker.id and not self._database.is_sqlite:
                self._check_shared(parts)
        except StoreError:
            self.layout.claimed.unlink(missing_ok=True)  # so that other options may be tried
            raise
        self.marker = replace(self.marker, id=id_)
        self.layout.write_marker(self.marker)

    @contextmanager
    def _closing_on_error(self) -> Iterator[None]:
        try:
            yield
        except BaseException:
            self.close()
            raise

    def _check_owner(self) -> None:
        found = self._catalog.workspace_id()
        if found != self.marker.id:
            raise StoreError(
                f"the catalog {self._database.place} belongs to another workspace.",
                known=f"This one is {self.marker.id}, that one {found}.",
                hint="check the catalog's URL in workspace.json",
            )

    def _check_shared(self, parts: str) -> None:
        """A catalog serves several folders only if all of them have their parts in one place."""
        if is_remote(parts) and parts == self.marker.parts:
            return
        raise StoreError(
            f"the catalog {self._database.place} belongs to another workspace.",
            known="A catalog can be shared only with the same parts_url.",
            hint="another database, or the parts_url of that workspace",
        )

    def _check_in_place(self, parts: Sequence[Part]) -> None:
        for part in parts:
            if self._parts.missing(part):
                raise self._parts.corrupt(part, "is not in place")


def _draft_marker(catalog_url: str | None, parts_url: str | None) -> Marker:
    from mispredict.store.database import normal_url, without_password

    if parts_url is not None and not is_remote(parts_url):
        raise BadOption(
            f"parts_url={parts_url!r} is not an fsspec URL.", hint="'s3://bucket/folder'"
        )
    catalog = without_password(normal_url(catalog_url)) if catalog_url else SQLITE
    return Marker(uuid4().hex, catalog, parts_url.rstrip("/") if parts_url else "parts")


def _with_roles(parts: Given) -> Iterator[Part]:
    """The parts with role and ordinal, in order of their roles."""
    for role in sorted(parts):
        given = parts[role]
        for ordinal, part in enumerate([given] if isinstance(given, Part) else given):
            yield replace(part, role=role, ordinal=ordinal)
