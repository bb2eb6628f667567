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
from mispredict.engine.marginals import marginals

Ints = npt.NDArray[np.int64]
ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)


@dataclass(frozen=True)
class Named:
    """A column to compare: its name, whether the dataset's own is meant, and its role."""

    name: str
    role: str
    is_input: bool = False


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


def count(reference: Side, current: Side, columns: Sequence[Named]) -> list[Counted]:
    """Counts of the columns that have codes on both sides."""
    coded = {c.name: reference.table.coded(c.name, c.is_input) for c in columns}
    books = {c.name: current.table.coded(c.name, c.is_input) for c in columns}
    mine = _rows(coded, reference.mask)
    theirs = _rows(books, current.mask)
    judged = _errors(reference, coded)
    found = []
    for column in columns:
        ours, other = coded[column.name], books[column.name]
        counted = Counted(column, ours.book, mine[column.name], theirs[column.name])
        if judged is not None:
            counted = replace(counted, **judged[column.name])
        if ours.book != other.book:
            counted = _joined(counted, other, current)
        found.append(counted)
    return found


def _rows(coded: dict[str, Coded], mask: Bools | None) -> dict[str, Ints]:
    """Rows per code of each column."""
    if not coded:
        return {}
    parts = marginals(coded, list(coded), mask)
    return {part.column: part.counts for part in parts}


def _errors(side: Side, coded: dict[str, Coded]) -> dict[str, dict[str, Floats]] | None:
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


def _joined(counted: Counted, other: Coded, current: Side) -> Counted:
    """The counts in one book."""
    ours, theirs = counted.book, other.book
    if ours.kind == "values" and theirs.kind == "values":
        return _by_value(counted, theirs)
    if ours.kind == "bins" and theirs.kind == "bins":
        return replace(counted, current=_binned(counted.column, ours, current))
    if ours.kind == "bins":
        places = _places(ours, _numbers(theirs))
        return replace(counted, current=_moved(counted.current, places, ours.size))
    places = _places(theirs, _numbers(ours))
    moved = {
        name: _moved(values, places, theirs.size)
        for name in ("reference", "judged", "errors", "second")
        if (values := getattr(counted, name)) is not None
    }
    return replace(counted, book=theirs, **moved)


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

    mine = places(ours)
    moved = {
        name: _moved(values, mine, book.size)
        for name in ("reference", "judged", "errors", "second")
        if (values := getattr(counted, name)) is not None
    }
    current = _moved(counted.current, places(theirs), book.size)
    return replace(counted, book=book, current=current, **moved)


def _moved(counts: npt.NDArray[Any], places: npt.NDArray[np.intp], size: int) -> npt.NDArray[Any]:
    out = np.zeros(size, counts.dtype)
    np.add.at(out, places, counts)
    return out


def _binned(column: Named, book: Codebook, side: Side) -> Ints:
    """Rows of the side per bin of the book."""
    values = side.table.values(column.name, column.is_input)
    chosen = values if side.mask is None else values[side.mask]
    edges = np.asarray(book.edges(), np.float64) * scale(book)
    codes = np.searchsorted(edges[1:-1], chosen, side="right") + 1
    codes[np.isnan(chosen)] = MISSING
    return np.bincount(codes, minlength=book.size).astype(np.int64)


def _places(book: Codebook, values: Floats) -> npt.NDArray[np.intp]:
    """Codes in a book of bins: missing first, then of each value."""
    edges = np.asarray(book.edges(), np.float64) * scale(book)
    return np.concatenate([[MISSING], np.searchsorted(edges[1:-1], values, side="right") + 1])


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
