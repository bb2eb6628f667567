"""A click on bars as a change of the cohort's text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, shown
from mispredict.core.predicate import ColumnRef, Predicate, all_of, any_of, negate
from mispredict.core.schema import ColumnType
from mispredict.workspace.exploring.chips import conditions, view_of

if TYPE_CHECKING:
    from mispredict.engine.codebook import Codebook
    from mispredict.workspace.view import View

MODES = ("replace", "add", "clear")


def edited(
    of: View,
    predicate: Predicate,
    ref: ColumnRef,
    name: str,
    codes: Sequence[int] | None,
    mode: str,
) -> Predicate:
    """The cohort with the conditions on one column replaced, extended or taken away."""
    choice("mode", mode, MODES)
    book = of.table.coded(ref.name, ref.is_input).book
    chosen = _checked(codes or (), book)
    terms = list(conditions(predicate))
    own = [term for term in terms if view_of(of, term) == name]
    if mode == "clear" or (not chosen and mode == "replace"):
        return all_of([term for term in terms if term not in own])
    if mode == "add" and own:
        new = _extended(all_of(own), book, ref, chosen)
    else:
        new = condition_of(book, ref, chosen)
    new = new.bind(of.fields)
    if not own:
        return all_of([*terms, new])
    place = terms.index(own[0])
    kept = [term for term in terms[:place] if term not in own]
    return all_of([*kept, new, *(term for term in terms[place:] if term not in own)])


def condition_of(book: Codebook, ref: ColumnRef, codes: Iterable[int]) -> Predicate:
    """The shortest condition that selects exactly the rows with these codes."""
    from mispredict.core.predicate import is_missing
    from mispredict.engine.codebook import MISSING

    wanted = sorted(set(codes))
    present = [code for code in wanted if code != MISSING]
    terms = []
    if len(present) == book.size - 1 and present:
        terms.append(negate(is_missing(ref)))
    elif present:
        terms.append(_of_present(book, ref, present))
    if MISSING in wanted:
        terms.append(is_missing(ref))
    return any_of(terms)


def is_ordered(book: Codebook) -> bool:
    """Whether neighbouring codes are neighbouring values, so that a run of them is a range."""
    if book.kind == "bins":
        return True
    is_number = book.type in (ColumnType.NUMERIC, ColumnType.DATETIME)
    return is_number and not book.has_other


def runs(codes: Sequence[int]) -> list[tuple[int, int]]:
    """First and last of each run of neighbouring codes."""
    array = np.asarray(codes)
    cuts = np.flatnonzero(np.diff(array) > 1) + 1
    return [(int(part[0]), int(part[-1])) for part in np.split(array, cuts) if len(part)]


def _extended(own: Predicate, book: Codebook, ref: ColumnRef, codes: set[int]) -> Predicate:
    """The condition or the codes; as one set of codes where the condition is one."""
    from mispredict.engine.lookup import UNSURE, YES, states

    known = states(own, book)
    if known is None or (known == UNSURE).any():
        return any_of([own, condition_of(book, ref, codes)])
    return condition_of(book, ref, codes | set(np.flatnonzero(known == YES).tolist()))


def _of_present(book: Codebook, ref: ColumnRef, codes: list[int]) -> Predicate:
    from mispredict.core.predicate import is_true, one_of

    if book.type is ColumnType.BOOLEAN and len(codes) == 1:
        term = is_true(ref)
        return term if book.value(codes[0]) else negate(term)
    if is_ordered(book):
        return any_of([_run(book, ref, first, last) for first, last in runs(codes)])
    if book.other in codes:
        without = set(range(1, book.size)) - set(codes)
        return negate(one_of(ref, [book.value(code) for code in sorted(without)]))
    return one_of(ref, [book.value(code) for code in codes])


def _run(book: Codebook, ref: ColumnRef, first: int, last: int) -> Predicate:
    """A range: with both ends where its upper end can be named, else `>= low AND < high`."""
    from mispredict.core.predicate import (
        at_least,
        at_most,
        between,
        equals,
        less_than,
    )

    if first == last and (book.kind == "values" or book.is_point(first)):
        low = book.value(first) if book.kind == "values" else book.interval(first)[0]
        return equals(ref, low)
    is_first, is_last = first == 1, last == book.size - 1
    if book.kind == "values":
        low, top = book.value(first), book.value(last)
    else:
        low = book.interval(first)[0]
        top = book.whole_top(last)
    if is_last:
        return at_least(ref, low)
    if top is not None:
        return at_most(ref, top) if is_first else between(ref, low, top)
    upper = less_than(ref, book.interval(last)[1])
    return upper if is_first else all_of([at_least(ref, low), upper])


def _checked(codes: Sequence[int] | Any, book: Codebook) -> set[int]:
    """The codes as whole numbers that the book has."""
    try:
        found = {int(code) for code in codes}
    except (TypeError, ValueError):
        raise BadOption(
            f"codes={shown(codes)} are not codes.",
            known="Codes are whole numbers, such as `first` and `last` of a bar.",
            hint="codes=[1, 2]",
        ) from None
    outside = [code for code in found if not 0 <= code < book.size]
    if outside:
        raise BadOption(
            f"there is no code {outside[0]}.",
            known=f"Codes go from 0 to {book.size - 1}.",
            hint="codes=[1, 2]",
        )
    return found
