"""All rows of a table as models take them, held so that rows are quickly gathered.

pandas copies texts one by one whenever rows are taken. Here a column of texts is whole numbers,
places among its distinct texts, and is text again only in the batch that a model is given.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.models.caching import Hashes, hashes_of

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

Numbers = npt.NDArray[np.int64]
_LOOKED_AT = 2_000  # values that say whether texts repeat


class Column(Protocol):
    """A column of a sheet."""

    def take(self, rows: Numbers) -> Any:
        """The values of rows, as pandas holds them."""

    def hashes(self, rows: Numbers) -> Hashes:
        """Their hashes, alike to those of the values by themselves."""


class Sheet:
    """The rows of a table, in the types that the whole table has in pandas.

    Whole numbers and truth values with a missing one among all rows become floats and objects
    in pandas; a part of the rows must look the same to the model.
    """

    def __init__(self, table: pa.Table, categories: Sequence[str] = ()) -> None:
        """Nothing is read until it is asked for.

        Args:
            table: all rows.
            categories: columns that are categories in pandas.
        """
        self._table, self._categories = table, frozenset(categories)
        self._columns: dict[str, Column] = {}

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._table.column_names)

    def __getitem__(self, name: str) -> Column:
        if name not in self._columns:
            self._columns[name] = _column(self._table.select([name]), name in self._categories)
        return self._columns[name]

    @cached_property
    def types(self) -> dict[str, Any]:
        """pandas' type of each column."""
        none = np.empty(0, dtype=np.int64)
        return {name: self[name].take(none).dtype for name in self}

    def frame(self, rows: Numbers) -> pd.DataFrame:
        """The rows of these numbers."""
        import pandas as pd

        rows = np.asarray(rows, dtype=np.int64)
        columns = {name: self[name].take(rows) for name in self}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(rows)), copy=False)


class _Held:
    """Values that pandas takes quickly: numbers, and categories."""

    def __init__(self, values: Any) -> None:
        self._values = values

    def take(self, rows: Numbers) -> Any:
        return self._values.take(rows)

    def hashes(self, rows: Numbers) -> Hashes:
        return hashes_of(self.take(rows))


class _Texts:
    """Texts as places among the distinct ones, the last of which is the missing one."""

    def __init__(self, column: pa.ChunkedArray, type_: Any) -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        coded = column.combine_chunks().dictionary_encode()
        coded = coded.combine_chunks() if hasattr(coded, "chunks") else coded
        self._known, self._type = coded.dictionary.cast(pa.large_string()), type_
        codes = pc.fill_null(coded.indices, len(self._known))
        self._codes: npt.NDArray[np.int32] = codes.to_numpy(zero_copy_only=False)

    def take(self, rows: Numbers) -> Any:
        return self._values(self._codes.take(rows))

    def hashes(self, rows: Numbers) -> Hashes:
        codes, (first, second) = self._codes.take(rows), self._hashed
        return lambda at: (first.take(codes[at]), second.take(codes[at]))

    @cached_property
    def _hashed(self) -> tuple[Any, Any]:
        every = np.arange(len(self._known) + 1, dtype=np.int32)
        return hashes_of(self._values(every))(slice(None))

    @cached_property
    def _objects(self) -> Any:
        return np.array([*self._known.to_pylist(), None], dtype=object)

    @cached_property
    def _with_missing(self) -> pa.Array:
        import pyarrow as pa

        return pa.concat_arrays([self._known, pa.nulls(1, self._known.type)])

    def _values(self, codes: npt.NDArray[np.int32]) -> Any:
        import pyarrow as pa

        if isinstance(self._type, np.dtype):
            return self._objects.take(codes)
        values = self._with_missing.take(pa.array(codes))
        return pa.chunked_array([values]).to_pandas().array


class _Taken:
    """Values that Arrow keeps: texts that do not repeat, dates, lists, pictures."""

    def __init__(self, table: pa.Table, *, is_object: bool = False) -> None:
        self._table, self._is_object = table, is_object

    def take(self, rows: Numbers) -> Any:
        import pyarrow as pa

        found = self._table.take(pa.array(rows)).to_pandas().iloc[:, 0]
        found = found.astype(object) if self._is_object else found
        return found.to_numpy() if isinstance(found.dtype, np.dtype) else found.array

    def hashes(self, rows: Numbers) -> Hashes:
        return hashes_of(self.take(rows))


def _column(table: pa.Table, is_category: bool) -> Column:
    import pandas as pd
    import pyarrow as pa

    column = table.column(0)
    kind = column.type
    if is_category:
        known = pd.CategoricalDtype(column.unique().drop_null().to_pandas().sort_values())
        return _Held(column.to_pandas().astype(known).array)
    is_plain = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if is_plain or (pa.types.is_boolean(kind) and not column.null_count):
        return _Held(column.to_pandas().to_numpy())
    is_text = pa.types.is_string(kind) or pa.types.is_large_string(kind)
    if is_text and _repeats(column):
        return _Texts(column, table.slice(0, 0).to_pandas().dtypes.iloc[0])
    return _Taken(table, is_object=pa.types.is_boolean(kind))


def _repeats(column: pa.ChunkedArray) -> bool:
    """Whether texts come again and again, so that their places take less room than they do."""
    import pyarrow.compute as pc

    looked_at = column.slice(0, _LOOKED_AT)
    return bool(pc.count_distinct(looked_at).as_py() <= len(looked_at) / 2)
