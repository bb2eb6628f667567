"""Rows of both sides per value or bin of a column, in one codebook.

Values meet by what they are. Bins are the reference's; where both sides have bins of their own,
the current values are put into the reference's, those beyond its ends into its first and last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.schema import ColumnType
from mispredict.data.drift.sides import Bools, Floats, Side
from mispredict.engine.codebook import MISSING, Codebook, Point
from mispredict.engine.encode import Coded
from mispredict.engine.kernels.bins import bin_codes
from mispredict.engine.marginals import marginals

Ints = npt.NDArray[np.int64]
ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)


@dataclass(frozen=True)
class Named:
    """A column to compare: its name, whether the dataset's own is meant, and its role."""

    name: str
    role: str
    is_input: bool = False

    @property
    def key(self) -> str:
        """The name in the cohort language, which no other column has."""
        return f'input("{self.name}")' if self.is_input else self.name


@dataclass(frozen=True, eq=False)
class Counted:
    """Rows of both sides per code of a column.

    `judged` and `errors` are the reference's rows with a known error and the sum of it, per code;
    None where there is no model. `second` is the sum of squared errors.
    """

    column: Named
    book: Codebook
    reference: Ints
    current: Ints
    judged: Floats | None = None
    errors: Floats | None = None
    second: Floats | None = None

    @property
    def is_ordered(self) -> bool:
        return is_ordered(self.book)


def is_ordered(book: Codebook) -> bool:
    """Whether a larger code is a larger value."""
    return book.kind == "bins" or (book.type in ORDERED and book.other is None)


def count(
    reference: Side,
    current: Side,
    columns: Sequence[Named],
    *,
    recoded: dict[str, Coded] | None = None,
) -> list[Counted]:
    """Counts of the columns that have codes on both sides.

    Args:
        reference: the rows to compare with.
        current: the rows that may differ.
        columns: what to count.
        recoded: columns of the current table in the reference's bins; what is missing is added,
            so that further cohorts of the same tables need not look up values again.
    """
    cache = {} if recoded is None else recoded
    coded = {c.key: reference.table.coded(c.name, c.is_input) for c in columns}
    books = {c.key: _current_codes(current, c, coded[c.key], cache) for c in columns}
    mine = _rows(coded, reference.mask)
    theirs = _rows(books, current.mask)
    judged = _errors(reference, coded)
    found = []
    for column in columns:
        ours, other = coded[column.key], books[column.key]
        counted = Counted(column, ours.book, mine[column.key], theirs[column.key])
        if judged is not None:
            counted = replace(counted, **judged[column.key])
        found.append(counted if ours.book == other.book else _joined(counted, other.book))
    return found


def _current_codes(side: Side, column: Named, ours: Coded, cache: dict[str, Coded]) -> Coded:
    """The column's own codes, or those of the reference's bins where both sides have bins."""
    if column.key in cache:
        return cache[column.key]
    own = side.table.coded(column.name, column.is_input)
    if own.book != ours.book and own.book.kind == ours.book.kind == "bins":
        values = side.table.values(column.name, column.is_input)
        own = Coded(bin_codes(values, _inner(ours.book)), ours.book)
    cache[column.key] = own
    return own


def _rows(coded: dict[str, Coded], mask: Bools | None) -> dict[str, Ints]:
    """Rows per code of each column."""
    if not coded:
        return {}
    parts = marginals(coded, list(coded), mask)
    return {part.column: part.counts for part in parts}


def _errors(side: Side, coded: dict[str, Coded]) -> dict[str, dict[str, Any]] | None:
    """Rows with a known error, sum of errors and of their squares, per code of each column."""
    if side.judged is None or side.target is None or not coded:
        return None
    names = list(coded)
    if side.is_rate:
        wrong = side.target == 1
        parts = marginals(coded, names, side.judged, wrong)
        squares = parts
    else:
        parts = marginals(coded, names, side.judged, side.target)
        squares = marginals(coded, names, side.judged, side.target**2)
    return {
        part.column: {
            "judged": np.asarray(part.counts, np.float64),
            "errors": np.asarray(part.errors, np.float64),
            "second": np.asarray(square.errors, np.float64),
        }
        for part, square in zip(parts, squares, strict=True)
    }


def _joined(counted: Counted, theirs: Codebook) -> Counted:
    """The counts in one book."""
    ours = counted.book
    if ours.kind == "values" and theirs.kind == "values":
        return _by_value(counted, theirs)
    if ours.kind == "bins":
        places = _places(ours, _numbers(theirs))
        return replace(counted, current=_moved(counted.current, places, ours.size))
    places = _places(theirs, _numbers(ours))
    return replace(counted, book=theirs, **_all_moved(counted, places, theirs.size))


def _by_value(counted: Counted, theirs: Codebook) -> Counted:
    """Both sides in a book of the values of both."""
    ours = counted.book
    known = set(ours.points)
    new = [point for point in theirs.points if point not in known]
    points: list[Point] = [*ours.points, *new]
    if ours.type in ORDERED:
        points.sort()
    has_other = ours.has_other or theirs.has_other
    book = replace(ours, points=tuple(points), has_other=has_other)
    code = {point: place for place, point in enumerate(points, start=1)}

    def places(of: Codebook) -> npt.NDArray[np.intp]:
        own = [MISSING, *(code[point] for point in of.points)]
        return np.array([*own, book.size - 1] if of.has_other else own, np.intp)

    current = _moved(counted.current, places(theirs), book.size)
    moved = _all_moved(counted, places(ours), book.size)
    return replace(counted, book=book, current=current, **moved)


def _all_moved(counted: Counted, places: npt.NDArray[np.intp], size: int) -> dict[str, Any]:
    """The reference's counts, and errors if there are any, at other codes."""
    names = ("reference", "judged", "errors", "second")
    given = {name: getattr(counted, name) for name in names}
    return {k: _moved(values, places, size) for k, values in given.items() if values is not None}


def _moved(counts: npt.NDArray[Any], places: npt.NDArray[np.intp], size: int) -> npt.NDArray[Any]:
    out = np.zeros(size, counts.dtype)
    np.add.at(out, places, counts)
    return out


def _inner(book: Codebook) -> Floats:
    """The edges between bins as numbers, times in seconds."""
    edges: Floats = np.asarray(book.edges(), np.float64)[1:-1] * scale(book)
    return edges


def _places(book: Codebook, values: Floats) -> npt.NDArray[np.intp]:
    """Codes in a book of bins: missing first, then of each value."""
    inner = np.searchsorted(_inner(book), values, side="right")
    return np.concatenate([[MISSING], inner + 1])


def _numbers(book: Codebook) -> Floats:
    """The values of a book as numbers, times in seconds."""
    return np.asarray(book.points, np.float64) * scale(book)


def scale(book: Codebook) -> float:
    """Seconds of one step of a time; 1 for plain numbers."""
    if book.storage.startswith("date32"):
        return 86_400.0
    if book.storage.startswith("timestamp"):
        return 1e-9 if "[ns]" in book.storage else 1e-6
    return 1.0
