"""Sets of codes of columns, and the cohorts that they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.predicate import (
    ColumnRef,
    Predicate,
    Words,
    all_of,
    any_of,
    at_least,
    between,
    differs,
    equals,
    is_missing,
    less_than,
    negate,
    one_of,
)
from mispredict.core.schema import ColumnType
from mispredict.engine.codebook import MISSING, Codebook

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Bools = npt.NDArray[np.bool_]
_ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)


@dataclass(frozen=True, slots=True)
class Feature:
    """A column, or the number of words of a text, as codes.

    `is_ordered` says that neighbouring codes are neighbouring numbers or times.
    """

    operand: ColumnRef | Words
    codes: npt.NDArray[Any]
    book: Codebook
    is_ordered: bool
    has_missing: bool

    def condition(self, allowed: Bools) -> Predicate | None:
        """The predicate of the rows whose code is allowed; None where that is all rows."""
        known = np.flatnonzero(allowed[1:]) + 1
        with_missing = bool(allowed[MISSING]) and self.has_missing
        if len(known) == self.book.size - 1:
            is_all = with_missing or not self.has_missing
            return None if is_all else negate(is_missing(self.operand))
        if not len(known):
            return is_missing(self.operand)
        some = self._range(known) if self.is_ordered else self._values(known)
        return any_of([some, is_missing(self.operand)]) if with_missing else some

    def _range(self, known: npt.NDArray[np.intp]) -> Predicate:
        """Codes without a gap, as bounds at the lower ends of codes."""
        first, after = int(known[0]), int(known[-1]) + 1
        low = self._low(first) if first > 1 else None
        high = self._low(after) if after < self.book.size else None
        if isinstance(low, int) and isinstance(high, int):
            is_one = low == high - 1
            return equals(self.operand, low) if is_one else between(self.operand, low, high - 1)
        bounds = []
        if low is not None:
            bounds.append(at_least(self.operand, low))
        if high is not None:
            bounds.append(less_than(self.operand, high))
        return all_of(bounds)

    def _low(self, code: int) -> Any:
        book = self.book
        return book.value(code) if book.kind == "values" else book.interval(code)[0]

    def _values(self, known: npt.NDArray[np.intp]) -> Predicate:
        """Few values by name; many by the names of those that are missing."""
        book, other = self.book, self.book.other
        inside = known.tolist()
        outside = sorted(set(range(1, book.size)) - set(inside))
        if other not in inside and (len(inside) <= len(outside) or other in outside):
            return one_of(self.operand, [book.value(code) for code in inside])
        values = [book.value(code) for code in outside]
        if len(values) == 1:
            return differs(self.operand, values[0])
        return negate(one_of(self.operand, values))


def find_features(
    table: Table, columns: Sequence[str], types: Iterable[ColumnType] | None = None
) -> dict[str, Feature]:
    """Features by the name of their column; columns that have none are left out."""
    wanted = set(types or ColumnType)
    found: dict[str, Feature] = {}
    for name in columns:
        kind = table.fields.columns[name]
        ref = ColumnRef(name, name in table.fields.reserved)
        if kind not in wanted:
            continue
        if kind is ColumnType.TEXT:
            found[name] = _words(table, ref)
            continue
        coded = table.find_coded(name, True)
        if coded is not None:
            found[name] = _feature(ref, coded.codes, coded.book, is_ordered=kind in _ORDERED)
    return {name: feature for name, feature in found.items() if feature.book.size > 1}


def region_text(
    features: Mapping[str, Feature], allowed: Mapping[str, Bools], within: Predicate | None
) -> Predicate:
    """The predicate of rows whose codes are all allowed, inside another one."""
    terms = [features[name].condition(codes) for name, codes in allowed.items()]
    kept = [term for term in [within, *terms] if term is not None]
    return all_of(kept)


def _words(table: Table, ref: ColumnRef) -> Feature:
    import pyarrow.compute as pc

    from mispredict.core.predicate import TOKEN
    from mispredict.engine.encode import encode

    counts = pc.count_substring_regex(table.column(ref.name, True), TOKEN)
    coded = encode(counts, ColumnType.NUMERIC)
    assert coded is not None  # numbers always have codes
    return _feature(Words(ref), coded.codes, coded.book, is_ordered=True)


def _feature(
    operand: ColumnRef | Words, codes: npt.NDArray[Any], book: Codebook, *, is_ordered: bool
) -> Feature:
    return Feature(operand, codes, book, is_ordered, bool((codes == MISSING).any()))
