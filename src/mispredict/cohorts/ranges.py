"""From neighbouring codes of a column to the predicate that selects their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.core.predicate import (
    ColumnRef,
    Operand,
    Predicate,
    all_of,
    at_least,
    at_most,
    between,
    equals,
    is_missing,
    less_than,
    negate,
)

if TYPE_CHECKING:
    from mispredict.engine.codebook import Codebook


def codes_between(book: Codebook, ref: ColumnRef, low: int, high: int) -> Predicate:
    """The predicate of the rows whose code is from `low` to `high`, open at the column's ends."""
    if low in (0, high):
        return book.condition(ref.name, low, is_input=ref.is_input)
    is_first, is_last = low == 1, high == book.size - 1
    if book.kind == "values":
        bottom, top = book.value(low), book.value(high)
        return within(ref, None if is_first else bottom, None if is_last else top)
    bottom = None if is_first else book.interval(low)[0]
    if is_last:
        return within(ref, bottom, None)
    top = book.whole_top(high)
    if top is not None:
        return within(ref, bottom, top)
    upper = less_than(ref, book.interval(high)[1])
    return upper if bottom is None else all_of([at_least(ref, bottom), upper])


def within(operand: Operand, low: object, high: object) -> Predicate:
    """`low` <= operand <= `high`, where None leaves an end open."""
    if low is None and high is None:
        return negate(is_missing(operand))
    if low is None:
        return at_most(operand, high)
    if high is None:
        return at_least(operand, low)
    return equals(operand, low) if low == high else between(operand, low, high)
