"""Rows in order by numbers and codes in memory, as the query engine would sort them.

Codes do most of it: a column of values is sorted by the rank of each code, one of bins bin by
bin. Missing values come last and ties go by the row's number, whatever the direction.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.predicate import ColumnRef, Length, Words, column_of
from mispredict.engine.codebook import MISSING
from mispredict.engine.columns import chunk_values

if TYPE_CHECKING:
    from mispredict.engine.codebook import Codebook
    from mispredict.engine.encode import Coded
    from mispredict.engine.order import Order
    from mispredict.engine.table import Table

Numbers = NDArray[np.int32]

_WORTH_THREADS = 100_000  # rows


def sort_rows(table: Table, order: Sequence[Order], rows: Numbers | None = None) -> Numbers | None:
    """Numbers of the rows (all for None, else ascending ones) in order; None for text.

    Texts and what is computed from them only the query engine sorts.
    """
    coded = [_coded(table, item) for item in order]
    if any(item is None for item in coded):
        return None
    known = [item for item in coded if item is not None]
    if len(order) == 1 and rows is None:
        return _by_codes(table, order[0], known[0])
    keys = [key for pair in zip(order, known, strict=True) for key in _keys(table, *pair, rows)]
    places = np.lexsort(keys[::-1]).astype(np.int32)
    return places if rows is None else rows[places]


def _coded(table: Table, order: Order) -> Coded | None:
    """The codes to sort by; None for what has none, or not one for each value."""
    if isinstance(order.operand, (Length, Words)):
        return None
    ref = column_of(order.operand)
    coded = table.find_coded(ref.name, ref.is_input)
    return None if coded is None or coded.book.has_other else coded


def _by_codes(table: Table, order: Order, coded: Coded) -> Numbers:
    """All rows: by code first, and inside of bins by the values."""
    ranks = _ranks(coded.book, is_descending=order.descending)
    places = ranks[coded.codes]
    rows = np.argsort(places, kind="stable").astype(np.int32)
    if coded.book.kind == "values":
        return rows
    ends = np.cumsum(np.bincount(places, minlength=coded.book.size))
    values = _values(table, column_of(order.operand))

    def sort_bin(code: int) -> None:
        rank = int(ranks[code])
        part = slice(int(ends[rank - 1]) if rank else 0, int(ends[rank]))
        chosen = rows[part]
        rows[part] = chosen[_argsort(_turned(values[chosen], is_turned=order.descending))]

    if table.n < _WORTH_THREADS:
        for code in range(1, coded.book.size):
            sort_bin(code)
        return rows
    bins = [code for code in range(1, coded.book.size) if not coded.book.is_point(code)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(sort_bin, bins))
    return rows


def _keys(
    table: Table, order: Order, coded: Coded, rows: Numbers | None
) -> tuple[NDArray[Any], ...]:
    """What to sort by, first things first: for bins whether a value is missing, then it."""
    codes = coded.codes if rows is None else coded.codes[rows]
    if coded.book.kind == "values":
        return (_ranks(coded.book, is_descending=order.descending)[codes],)
    ref = column_of(order.operand)
    values = _values(table, ref) if rows is None else _values_at(table, ref, rows)
    is_missing = codes == MISSING
    values = np.where(is_missing, values.dtype.type(0), values)
    return is_missing, _turned(values, is_turned=order.descending)


def _ranks(book: Codebook, *, is_descending: bool) -> NDArray[np.uint16]:
    """Place of each code's values in the order, the missing one's last."""
    codes = np.arange(1, book.size)
    if book.kind == "values":
        codes = np.array(sorted(range(len(book.points)), key=book.points.__getitem__), np.intp) + 1
    if is_descending:
        codes = codes[::-1]
    ranks = np.full(book.size, book.size - 1, np.uint16)
    ranks[codes] = np.arange(len(codes))
    return ranks.astype(book.dtype)


def _turned(values: NDArray[Any], *, is_turned: bool) -> NDArray[Any]:
    """Values whose order is the opposite one."""
    if not is_turned:
        return values
    return -values if values.dtype.kind == "f" else ~values


def _argsort(values: NDArray[Any]) -> NDArray[np.intp]:
    """Order of the values, ties as they come; the fast sort does not keep those."""
    order = np.argsort(values)
    found = values[order]
    if (found[1:] == found[:-1]).any():
        return np.argsort(values, kind="stable")
    return order


def _values(table: Table, ref: ColumnRef) -> NDArray[Any]:
    """The column as numbers; undefined where it is missing."""
    parts = [chunk_values(chunk) for chunk in table.column(ref.name, ref.is_input).chunks]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _values_at(table: Table, ref: ColumnRef, rows: Numbers) -> NDArray[Any]:
    return chunk_values(table.take(ref.name, rows, ref.is_input))
