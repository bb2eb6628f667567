"""An evaluation's table, as all rooms see it: columns, codes and masks, loaded when asked for.

It does not know where the columns come from: a loader gives them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadOption, UnknownColumn, UnknownName
from mispredict.core.schema import ColumnType
from mispredict.core.task import Scalar, Task
from mispredict.core.words import counted
from mispredict.engine.cache import Cache
from mispredict.engine.codebook import MISSING
from mispredict.engine.columns import ArrowColumn, as_floats, normalised, take
from mispredict.engine.encode import ENCODED_TYPES, Coded, encode

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.predicate import Fields, Predicate

Numbers: TypeAlias = NDArray[np.integer[Any]]

MEGABYTE = 1 << 20
_ROW = ("row", False)
_THREADS = 2  # that load columns at the same time
_WORTH_THREADS = 100_000

# What gives a column by its name; `is_input` says that the dataset's own column is meant, not
# the reserved one that may have the same name.
Loader: TypeAlias = "Callable[[str, bool], pa.ChunkedArray | pa.Array]"
CodeLoader: TypeAlias = Callable[[str, bool], Coded | None]
Key: TypeAlias = tuple[str, bool]  # of a column: as a loader is asked for it
# What gives some rows of columns in the engine's types, or leaves columns to be loaded.
RowLoader: TypeAlias = "Callable[[Mapping[Key, ColumnType], Numbers], Mapping[Key, pa.Array]]"


class Table:
    """One row per example: the dataset's columns and the reserved ones.

    Reserved columns win over an input of the same name, which is reached by `is_input=True`.
    Arrays that a table gives out are shared and must not be written to. Several threads may
    use one table.
    """

    def __init__(
        self,
        *,
        n: int,
        fields: Fields,
        task: Task,
        load: Loader,
        load_codes: CodeLoader | None = None,
        load_rows: RowLoader | None = None,
        tags: Mapping[str, NDArray[np.bool_]] | None = None,
        cohorts: Mapping[str, Predicate] | None = None,
        names: Sequence[str] = (),
        cache_megabytes: int = 1024,
    ) -> None:
        self.n = n
        self.fields = fields
        self.task = task
        self.names = tuple(names) or tuple(dict.fromkeys([*fields.columns, *fields.reserved]))
        self._load = load
        self._load_codes = load_codes
        self._load_rows = load_rows
        self._tags = tags if tags is not None else {}
        self._cohorts = cohorts if cohorts is not None else {}
        self._columns: Cache[pa.ChunkedArray] = Cache(cache_megabytes * MEGABYTE, _nbytes)
        self._arrays: Cache[NDArray[Any]] = Cache(cache_megabytes * MEGABYTE // 2, _nbytes)
        # Codes stay: they are one or two bytes a row, and what the table is asked for most.
        self._codes: Cache[Coded | None] = Cache(1 << 62, lambda coded: 0)

    @classmethod
    def from_arrow(
        cls,
        table: pa.Table,
        *,
        fields: Fields,
        task: Task,
        tags: Mapping[str, NDArray[np.bool_]] | None = None,
        cohorts: Mapping[str, Predicate] | None = None,
    ) -> Table:
        """Table over an Arrow table in memory.

        An input that has a reserved name is the Arrow column `input("<name>")`.
        """

        def load(name: str, is_input: bool) -> ArrowColumn:
            hidden = f'input("{name}")'
            return table.column(hidden if is_input and hidden in table.column_names else name)

        return cls(
            n=table.num_rows, fields=fields, task=task, load=load, tags=tags, cohorts=cohorts
        )

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        return f"<Table of {counted(self.n, 'row')} and {len(self.names)} columns>"

    @property
    def classes(self) -> tuple[Scalar, ...]:
        return self.task.classes

    def kind(self, name: str, is_input: bool = False) -> ColumnType:
        """What the values of a column mean."""
        if not is_input and name in self.fields.reserved:
            return self.fields.reserved[name]
        if name in self.fields.columns:
            return self.fields.columns[name]
        raise UnknownColumn.among(name, self.names)

    def column(self, name: str, is_input: bool = False) -> pa.ChunkedArray:
        """The column in one of the engine's Arrow types, NaN as NULL."""
        kind, key = self.kind(name, is_input), self._key(name, is_input)
        return self._columns.get(key, lambda: self._loaded(key, kind))

    def take(self, name: str, numbers: Numbers, is_input: bool = False) -> pa.Array:
        """The column's values of the rows of these numbers, in that order."""
        return self.take_all([(name, is_input)], numbers)[0]

    def take_all(self, columns: Sequence[Key], numbers: Numbers) -> list[pa.Array]:
        """Of each column (name, and whether the dataset's own is meant) the rows' values."""
        kinds = {self._key(*column): self.kind(*column) for column in columns}
        found = {key: self._decoded(key, numbers) for key in kinds}
        new = {k: kinds[k] for k, part in found.items() if part is None and k not in self._columns}
        if self._load_rows is not None and new:
            found.update(self._load_rows(new, numbers))
        left = [key for key, part in found.items() if part is None]
        for key, column in zip(left, self._all(left), strict=True):
            found[key] = take(column, numbers)
        return [found[self._key(*column)] for column in columns]

    def values(self, name: str, is_input: bool = False) -> NDArray[np.float64]:
        """The column as float64, missing as NaN: booleans 0 and 1, times as seconds of UTC."""
        kind = self.kind(name, is_input)
        if kind not in (ColumnType.NUMERIC, ColumnType.BOOLEAN, ColumnType.DATETIME):
            raise BadOption(
                f"column {name!r} has no numbers.",
                known=f"Its type is {kind.value}.",
                hint="a numeric, boolean or datetime column",
            )
        key = ("values", *self._key(name, is_input))
        return self._arrays.get(key, lambda: _frozen(as_floats(self.column(name, is_input))))

    def coded(self, name: str, is_input: bool = False) -> Coded:
        """The column's codes, as stored or else encoded now.

        Raises:
            BadOption: text, vectors and the like have no codes.
        """
        found = self.find_coded(name, is_input)
        if found is None:
            raise BadOption(
                f"column {name!r} has no groups or bins.",
                known=f"Its type is {self.kind(name, is_input).value}.",
                hint="a numeric, categorical, boolean or datetime column",
            )
        return found

    def find_coded(self, name: str, is_input: bool = False) -> Coded | None:
        """The column's codes; None where its type has none."""
        kind, key = self.kind(name, is_input), self._key(name, is_input)
        return self._codes.get(key, lambda: self._encoded(key, kind))

    def ready_codes(self, name: str, is_input: bool = False) -> Coded | None:
        """The column's codes if they are stored or known already, else None."""
        kind, key = self.kind(name, is_input), self._key(name, is_input)
        if kind not in ENCODED_TYPES:
            return None
        if key in self._codes:
            return self.find_coded(name, is_input)
        stored = self._load_codes(*key) if self._load_codes else None
        return None if stored is None else self._codes.get(key, lambda: stored)

    def class_codes(self, name: str) -> NDArray[np.int32]:
        """Index into the task's classes of each label or prediction; -1 where it is missing."""
        if not self.task.is_classification:
            raise BadOption(
                f"column {name!r} has no classes.",
                known=f"The task is {self.task.kind.value}.",
            )
        key = ("classes", *self._key(name, False))
        return self._arrays.get(key, lambda: _frozen(self._class_codes(name)))

    def mask(self, predicate: Predicate) -> NDArray[np.bool_]:
        """Which rows the predicate selects."""
        from mispredict.engine.codes import mask

        if predicate.tags() or predicate.cohorts():  # what they mean may change
            return mask(predicate, self)
        key = ("mask", predicate.key)
        return self._arrays.get(key, lambda: _frozen(mask(predicate, self)))

    def tag(self, name: str) -> NDArray[np.bool_]:
        """Which rows have the tag."""
        if name not in self._tags:
            raise UnknownName.of("tag", name, self._tags)
        return self._tags[name]

    def cohort(self, name: str) -> Predicate:
        """The predicate of a saved cohort."""
        if name not in self._cohorts:
            raise UnknownName.of("cohort", name, self._cohorts)
        return self._cohorts[name]

    def rows(self, numbers: Numbers, names: Sequence[str] = ()) -> pa.Table:
        """The rows of the given numbers, in that order."""
        import pyarrow as pa

        wanted = tuple(names) or self.names
        columns = self.take_all([(name, False) for name in wanted], numbers)
        return pa.table(dict(zip(wanted, columns, strict=True)))

    def _key(self, name: str, is_input: bool) -> Key:
        """Name, and whether the dataset's own column is meant."""
        return name, is_input or name not in self.fields.reserved

    def _decoded(self, key: Key, numbers: Numbers) -> pa.Array | None:
        """The rows' values by their codes alone; None where codes are not single values."""
        import pyarrow as pa

        if key == _ROW:
            return pa.array(np.asarray(numbers, np.int64))
        coded = self.ready_codes(*key)
        if coded is None or coded.book.kind != "values" or coded.book.has_other:
            return None
        codes = coded.codes[numbers].astype(np.int64)
        return coded.book.array().take(pa.array(codes - 1, mask=codes == MISSING))

    def _all(self, keys: Sequence[Key]) -> list[pa.ChunkedArray]:
        """Whole columns, several loaded at a time."""
        if len(keys) < 2 or self.n < _WORTH_THREADS:
            return [self.column(*key) for key in keys]
        with ThreadPoolExecutor(_THREADS) as pool:
            return list(pool.map(lambda key: self.column(*key), keys))

    def _loaded(self, key: Key, kind: ColumnType) -> pa.ChunkedArray:
        import pyarrow as pa

        if key == _ROW:
            return pa.chunked_array([np.arange(self.n)])
        return normalised(self._load(*key), kind)

    def _encoded(self, key: Key, kind: ColumnType) -> Coded | None:
        stored = self._load_codes(*key) if self._load_codes else None
        return stored if stored is not None else encode(self.column(*key), kind)

    def _class_codes(self, name: str) -> NDArray[np.int32]:
        import pyarrow as pa
        import pyarrow.compute as pc

        column = self.column(name)
        places = pc.index_in(column, value_set=pa.array(self.classes, column.type))
        codes: NDArray[np.int32] = pc.fill_null(places, -1).to_numpy()
        return codes


def _frozen(array: NDArray[Any]) -> NDArray[Any]:
    view = array.view()
    view.flags.writeable = False
    return view


def _nbytes(item: Any) -> int:
    return int(item.nbytes)
