"""From an evaluation's table to what the search looks through, and back to predicates."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.ranges import codes_between, within
from mispredict.cohorts.search.space import Box, Column, Condition, Space
from mispredict.cohorts.tokens import TokenIndex, index_tokens, stop_words
from mispredict.core.predicate import (
    ColumnRef,
    Length,
    Operand,
    Predicate,
    Words,
    all_of,
    has,
    is_missing,
)
from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.engine.codebook import Codebook
    from mispredict.engine.table import Table

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

MOST_TOKENS = 60  # per text column: those that go most with errors in the searched part
TEXT_ROWS = 200_000  # rows whose tokens are counted to choose them
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC).replace(tzinfo=None)
ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)


@dataclass(frozen=True)
class Searchable:
    """Columns to search with, and how their conditions read as predicates."""

    space: Space
    readers: dict[str, Callable[[Condition], Predicate]] = field(repr=False)

    def predicate(self, box: Box) -> Predicate:
        """The cohort that a box selects."""
        return all_of([self.readers[item.column](item) for item in box.conditions])


def searchable(
    table: Table,
    names: Sequence[str],
    rows: npt.NDArray[np.intp],
    *,
    errors: Floats,
    is_searched: Bools,
    min_rows: int,
) -> Searchable:
    """The columns as a space over `rows`.

    Numbers and times can be asked for ranges, other columns for a value, all for "missing".
    Texts give their length, their number of words, and the tokens and pairs of tokens that go
    most with errors in the searched part (so that the other part can still confirm).

    Args:
        names: dataset's columns.
        rows: numbers of the rows that have an error.
        errors: error of each of these rows.
        is_searched: which of these rows the search may look at.
        min_rows: least rows of a slice.
    """
    columns, readers = [], {}
    for name in names:
        kind = table.fields.columns[name]
        ref = ColumnRef(name, is_input=name in table.fields.reserved)
        if kind is ColumnType.TEXT:
            found = _text(table, ref, rows, errors, is_searched, min_rows)
        else:
            found = _coded(table, ref, rows)
        for column, reader in found:
            columns.append(column)
            readers[column.name] = reader
    return Searchable(Space(tuple(columns)), readers)


Found = Iterator[tuple[Column, Callable[[Condition], Predicate]]]


def _coded(table: Table, ref: ColumnRef, rows: npt.NDArray[np.intp]) -> Found:
    coded = table.find_coded(ref.name, True)
    if coded is None or coded.book.size < 2:
        return
    book = coded.book
    is_ordered = book.type in ORDERED
    load = None
    if is_ordered and book.kind == "bins":

        def load() -> Floats:
            return table.values(ref.name, True)[rows]

    column = Column(
        ref.name,
        np.ascontiguousarray(coded.codes[rows]),
        book.size,
        is_ordered=is_ordered,
        excluded=(book.other,) if book.other is not None else (),
        load=load,
    )
    yield column, lambda condition: _read_coded(book, ref, condition)


def _read_coded(book: Codebook, ref: ColumnRef, condition: Condition) -> Predicate:
    if condition.ends is not None:
        low, high = (_exact(book, end) for end in condition.ends)
        return within(ref, low, high)
    return codes_between(book, ref, condition.low, condition.high)


def _exact(book: Codebook, end: float) -> object:
    """The number behind a float end: whole, a time, or itself; None where the range is open."""
    if not np.isfinite(end):
        return None
    if book.type is ColumnType.DATETIME:
        return _EPOCH + timedelta(microseconds=round(end * 1e6))
    return int(end) if book.storage in ("int64", "uint64") else end


def _text(
    table: Table,
    ref: ColumnRef,
    rows: npt.NDArray[np.intp],
    errors: Floats,
    is_searched: Bools,
    min_rows: int,
) -> Found:
    import pyarrow as pa

    text = table.column(ref.name, True).take(pa.array(rows))
    yield from _measured(text, ref)
    index = _tokens(text, is_searched, min_rows)
    strength = _strength(index, errors[is_searched][: index.n])
    for place in np.argsort(-strength, kind="stable")[:MOST_TOKENS]:
        token = index.vocabulary[place]
        predicate = has(ref, token)
        holds = _holds(text, token)
        name = predicate.text
        column = Column(name, holds.astype(np.uint8) + 1, 3, excluded=(0, 1))
        yield column, _always(predicate)


def _always(predicate: Predicate) -> Callable[[Condition], Predicate]:
    return lambda _: predicate


def _measured(text: pa.ChunkedArray, ref: ColumnRef) -> Found:
    """Number of characters and of words, in bins."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from mispredict.core.predicate import TOKEN
    from mispredict.engine.encode import encode

    counts: tuple[tuple[Operand, pa.ChunkedArray], ...] = (
        (Length(ref), pc.utf8_length(text)),
        (Words(ref), pc.count_substring_regex(text, TOKEN)),
    )
    for operand, count in counts:
        coded = encode(count.cast(pa.int64()), ColumnType.NUMERIC)
        if coded is None or coded.book.size < 3:
            continue
        name = f"{type(operand).__name__.lower()}({ref.name})"
        book = coded.book

        def read(condition: Condition, book: Codebook = book, of: Operand = operand) -> Predicate:
            return _read_measured(book, of, condition)

        yield Column(name, coded.codes, book.size, is_ordered=True), read


def _read_measured(book: Codebook, operand: Operand, condition: Condition) -> Predicate:
    if condition.low == 0:
        return is_missing(operand)
    if book.kind == "values":
        low, high = book.value(condition.low), book.value(condition.high)
    else:
        low, high = book.interval(condition.low)[0], book.whole_top(condition.high)
    is_open = condition.low == 1, condition.high == book.size - 1
    return within(operand, None if is_open[0] else low, None if is_open[1] else high)


def _tokens(text: pa.ChunkedArray, is_searched: Bools, min_rows: int) -> TokenIndex:
    """Tokens and pairs of neighbouring tokens in the searched part."""
    import pyarrow as pa

    numbers = np.flatnonzero(is_searched)[:TEXT_ROWS]
    part = text.take(pa.array(numbers))
    least = max(5, int(min_rows * len(numbers) / max(1, len(text))))
    return index_tokens(part, min_rows=least, pairs=True)


def _strength(index: TokenIndex, errors: Floats) -> Floats:
    """How surely the rows of each token have larger errors than the others (z)."""
    n = index.totals(np.ones(index.n))
    total = index.totals(errors)
    mean, variance = errors.mean(), max(float(errors.var()), 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = (total - n * mean) / np.sqrt(n * variance * np.maximum(1 - n / index.n, 1e-12))
    is_stop = np.array([token in stop_words() for token in index.vocabulary], dtype=bool)
    result: Floats = np.where(is_stop, z - 1e-9, z)
    return result


def _holds(text: pa.ChunkedArray, token: str) -> Bools:
    import pyarrow.compute as pc

    from mispredict.core.predicate import phrase_pattern

    found = pc.match_substring_regex(text, phrase_pattern(token))
    return np.asarray(pc.fill_null(found, False))
