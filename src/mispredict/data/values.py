"""The values of a column, each once: how often it occurs, and what holds for its rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.expectations.subject import Bools, Numbers

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.expectations.data import DataView

WORDS = (ColumnType.TEXT, ColumnType.CATEGORICAL)


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """The values of a column with how often each occurs, the commonest first; none missing."""

    values: pa.Array
    n: Numbers

    def __len__(self) -> int:
        return len(self.n)

    @property
    def total(self) -> int:
        """Rows that have a value."""
        return int(self.n.sum())

    def value(self, place: int) -> Any:
        return self.values[place].as_py()

    def as_dict(self) -> dict[Any, int]:
        return dict(zip(self.values.to_pylist(), self.n.tolist(), strict=True))


def counts(data: DataView, column: str) -> Counts:
    """How often each value of a column occurs."""
    return data.once(("counts", column), lambda: _counts(data, column))


def _counts(data: DataView, column: str) -> Counts:
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = data.coded(column)
    if coded is not None and coded.book.kind == "values" and not coded.book.has_other:
        found = np.bincount(coded.codes, minlength=coded.book.size)[1:].astype(np.int64)
        values = coded.book.array()
    else:
        values = _plain(data.column(column))
        pairs = pc.value_counts(values)
        found = np.asarray(pairs.field("counts")).astype(np.int64)
        values = pairs.field("values")
        if values.null_count:
            known = np.asarray(values.is_valid())
            found, values = found[known], values.filter(pa.array(known))
    order = np.argsort(-found, kind="stable")
    order = order[found[order] > 0]
    return Counts(values.take(pa.array(order)), found[order])


def by_value(data: DataView, column: str, judge: Callable[[pa.Array], Any]) -> Bools:
    """Of each row what `judge` says of its value, which is asked once per value; False without.

    Columns of many values are asked row by row, which costs less than telling values apart.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    values = _plain(data.column(column))
    parts: list[Bools] = []
    is_few = data.schema[column].type is ColumnType.CATEGORICAL if column in data.schema else False
    if not is_few:
        parts = [np.asarray(pc.fill_null(judge(chunk), False)) for chunk in values.chunks]
        return np.concatenate([np.empty(0, dtype=bool), *parts])
    encoded = pc.dictionary_encode(values).unify_dictionaries()
    if not encoded.num_chunks:
        return np.empty(0, dtype=bool)
    said = np.asarray(pc.fill_null(judge(encoded.chunk(0).dictionary), False))
    whole = np.r_[said.astype(bool), False]
    parts = [whole[np.asarray(pc.fill_null(c.indices, len(said)))] for c in encoded.chunks]
    del pa
    return np.concatenate(parts)


def known(data: DataView, column: str) -> Bools:
    """The rows with a value in the column."""
    values = data.column(column)
    if not values.null_count:
        return np.ones(data.n, dtype=bool)
    found: Bools = np.asarray(values.is_valid())
    return found


def texts(data: DataView, column: str) -> pa.ChunkedArray:
    """A column of texts or names.

    Raises:
        BadOption: it holds something else.
    """
    import pyarrow as pa

    values = data.column(column)
    if not (pa.types.is_string(values.type) or pa.types.is_large_string(values.type)):
        raise BadOption(
            f"column {column!r} holds no text.",
            known=f"Its values are stored as {values.type}.",
            hint="a column of text or names",
        )
    return values


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Values that can be told apart: lists and the like as text."""
    import pyarrow as pa

    if pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        return pa.chunked_array(
            [[None if item is None else repr(item) for item in values.to_pylist()]], pa.string()
        )
    return values
