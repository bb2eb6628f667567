"""Rows of large tables by their number, without loading the columns.

Rows that lie together are decoded with the others of their row groups. Rows all over the table,
as sorting gives them, are looked up in columns that were unpacked into files; columns of a table
of moderate size are left to be loaded, which takes less than unpacking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.schema import ColumnType
from mispredict.engine.cache import Cache
from mispredict.engine.columns import ArrowColumn, normalised, take

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.engine.table import Key
    from mispredict.store import Store, Version
    from mispredict.store.parts import Part

Numbers = NDArray[np.integer[Any]]

SMALL_ROWS = 200_000  # of tables whose columns are loaded at once
LOADED_ROWS = 2_000_000  # of tables whose columns are loaded rather than unpacked
LARGE_BYTES = 64 << 20  # of a column that is never loaded for a few rows, such as long texts
MOST_GROUPS = 4
MOST_LOOKED_UP = 1_000_000
GROUP_BYTES = 64 << 20  # of row groups that are kept


@dataclass(frozen=True, slots=True)
class _Group:
    """A row group of a part."""

    part: Part
    place: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """The row groups of a table, the row at which each begins, and the bytes of each column."""

    groups: tuple[_Group, ...]
    starts: NDArray[np.int64]
    bytes: Mapping[str, int]


class StoredRows:
    """Looks up rows in the tables of stored versions; several threads may share it.

    `place` says of a column which version's table has it, and its name there.
    """

    def __init__(
        self, store: Store, n: int, place: Callable[[str, bool], tuple[Version, str]]
    ) -> None:
        self._store = store
        self._n = n
        self._place = place
        self._layouts: dict[str, _Layout] = {}
        self._groups: Cache[pa.ChunkedArray] = Cache(GROUP_BYTES, lambda column: int(column.nbytes))

    def load(self, kinds: Mapping[Key, ColumnType], numbers: Numbers) -> dict[Key, pa.Array]:
        """The rows of the columns; those that are better loaded whole are left out."""
        if not 0 < len(numbers) <= MOST_LOOKED_UP:
            return {}
        found: dict[Key, pa.Array] = {}
        for version, every in self._by_version(kinds):
            layout = self._layout(version)
            large = {
                k: name for k, name in every.items() if layout.bytes.get(name, 0) > LARGE_BYTES
            }
            names = every if self._n > SMALL_ROWS else large
            touched = np.unique(np.searchsorted(layout.starts, numbers, side="right") - 1)
            if len(touched) <= MOST_GROUPS:
                found |= self._from_groups(layout, touched, names, kinds, numbers)
            else:
                apart = names if self._n > LOADED_ROWS else large
                found |= self._from_files(version, apart, kinds, numbers)
        return found

    def _by_version(self, keys: Mapping[Key, Any]) -> Iterator[tuple[Version, dict[Key, str]]]:
        """The versions that have the columns, each with its columns' names."""
        found: dict[str, tuple[Version, dict[Key, str]]] = {}
        for key in keys:
            version, name = self._place(*key)
            found.setdefault(version.key, (version, {}))[1][key] = name
        yield from found.values()

    def _layout(self, version: Version) -> _Layout:
        if version.key not in self._layouts:
            groups: list[_Group] = []
            sizes: list[int] = []
            columns: Counter[str] = Counter()
            for part in version.role("table"):
                for place, size in enumerate(self._store.row_groups(part)):
                    groups.append(_Group(part, place))
                    sizes.append(size.rows)
                    columns.update(size.bytes)
            starts = np.cumsum([0, *sizes[:-1]])
            self._layouts[version.key] = _Layout(tuple(groups), starts, columns)
        return self._layouts[version.key]

    def _from_groups(
        self,
        layout: _Layout,
        touched: NDArray[np.intp],
        names: Mapping[Key, str],
        kinds: Mapping[Key, ColumnType],
        numbers: Numbers,
    ) -> dict[Key, pa.Array]:
        import pyarrow as pa

        decoded = [self._decoded(layout.groups[place], names, kinds) for place in touched]
        if not names:
            return {}
        starts = layout.starts
        sizes = [len(next(iter(columns.values()))) for columns in decoded]
        ahead = np.cumsum([0, *sizes[:-1]])
        own = np.searchsorted(touched, np.searchsorted(starts, numbers, side="right") - 1)
        local = np.asarray(numbers) - starts[touched][own] + ahead[own]
        found = {}
        for key in decoded[0]:
            chunks = [chunk for columns in decoded for chunk in columns[key].chunks]
            found[key] = take(pa.chunked_array(chunks), local)
        return found

    def _decoded(
        self, group: _Group, names: Mapping[Key, str], kinds: Mapping[Key, ColumnType]
    ) -> dict[Key, pa.ChunkedArray]:
        """The columns of a row group, those that are not kept from the file."""
        new = {name for name in names.values() if (group, name) not in self._groups}
        table = self._store.read_group(group.part, group.place, sorted(new)) if new else None

        def made(name: str, kind: ColumnType) -> pa.ChunkedArray:
            found = table
            if found is None or name not in new:  # it was forgotten just now
                found = self._store.read_group(group.part, group.place, [name])
            return _in_engine(found[name], kind)

        return {
            key: self._groups.get((group, name), partial(made, name, kinds[key]))
            for key, name in names.items()
        }

    def _from_files(
        self,
        version: Version,
        names: Mapping[Key, str],
        kinds: Mapping[Key, ColumnType],
        numbers: Numbers,
    ) -> dict[Key, pa.Array]:
        found = {}
        parts = version.role("table")
        content = "+".join(part.hash for part in parts)
        for key, name in names.items():
            chunks = partial(self._chunks, parts, name, kinds[key])
            mapped = self._store.unpacked.column(f"{content}/{name}/1", chunks)
            if mapped is not None:
                found[key] = take(mapped.column, numbers)
                mapped.release()
        return found

    def _chunks(self, parts: Sequence[Part], name: str, kind: ColumnType) -> Iterator[pa.Array]:
        """The column in the engine's types, a row group at a time."""
        for batch in self._store.batches(parts, columns=[name]):
            yield from _in_engine(batch.column(0), kind).chunks


def _in_engine(column: ArrowColumn, kind: ColumnType) -> pa.ChunkedArray:
    """The column in the engine's types, whatever part of the whole it is."""
    import pyarrow as pa

    if pa.types.is_uint64(column.type):  # whether it fits a smaller type, only the whole says
        return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])
    return normalised(column, kind)
