"""From a code back to the predicate that selects its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.engine.codebook import MISSING, Codebook

if TYPE_CHECKING:
    from mispredict.core.predicate import ColumnRef, Predicate


def condition(book: Codebook, column: str, code: int, *, is_input: bool = False) -> Predicate:
    """The predicate that selects exactly the rows of `column` that have this code."""
    from mispredict.core.predicate import ColumnRef, equals, is_missing, negate, one_of

    ref = ColumnRef(column, is_input)
    if code == MISSING:
        return is_missing(ref)
    if code == book.other:
        known = [book.value(i) for i in range(1, code)]
        return negate(one_of(ref, known)) if known else negate(is_missing(ref))
    value = book.value(code)
    return _in_bin(book, ref, code) if value is None else equals(ref, value)


def _in_bin(book: Codebook, ref: ColumnRef, code: int) -> Predicate:
    """Bounds of a bin; the first has none below and the last none above."""
    from mispredict.core.predicate import (
        all_of,
        at_least,
        at_most,
        between,
        equals,
        is_missing,
        less_than,
        negate,
    )

    low, high = book.interval(code)
    is_first, is_last = code == 1, code == book.size - 1
    top = book.whole_top(code)
    if is_first and is_last:
        return negate(is_missing(ref))
    if book.is_point(code):
        return equals(ref, low)
    if is_last:
        return at_least(ref, low)
    if top is not None:  # whole numbers: 30 to 39 reads better than 30 to under 40
        return at_most(ref, top) if is_first else between(ref, low, top)
    bounds = [less_than(ref, high)]
    return all_of(bounds if is_first else [at_least(ref, low), *bounds])
