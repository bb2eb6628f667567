"""Cohorts answered from codes: which rows a predicate selects, and counts per code.

A condition on one coded column is a look-up per byte. Only the rows of a bin in which a bound
falls, or whose value has no code of its own, are compared by their real values; conditions
that codes cannot answer are asked of the columns. The answer always equals
`core.predicate.mask`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.encode import Coded
from mispredict.engine.kernels.select import select
from mispredict.engine.lookup import NO, UNSURE, States, states

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.predicate import Predicate
    from mispredict.core.task import Scalar

Mask = NDArray[np.bool_]

_FEW = 8  # ask fewer than one in this many rows one by one rather than whole columns
_DEEP = 10  # cohorts inside one another; deeper chains are checked by the slower way


class CodedRows(Protocol):
    """What masks are computed on: columns, tags and cohorts, and codes where there are any."""

    @property
    def n(self) -> int: ...
    @property
    def classes(self) -> tuple[Scalar, ...]: ...
    def column(self, name: str, is_input: bool = False) -> pa.ChunkedArray: ...
    def take(self, name: str, numbers: NDArray[Any], is_input: bool = False) -> pa.Array: ...
    def ready_codes(self, name: str, is_input: bool = False) -> Coded | None: ...
    def tag(self, name: str) -> Mask: ...
    def cohort(self, name: str) -> Predicate: ...


def mask(predicate: Predicate, rows: CodedRows) -> Mask:
    """Which rows the predicate selects; those for which it is missing are not."""
    return _selected(predicate, _Source(rows), is_negated=False)


def mask_at(predicate: Predicate, rows: CodedRows, numbers: NDArray[np.integer[Any]]) -> Mask:
    """Which of the rows of these numbers the predicate selects; only they are looked at."""
    return _by_columns(predicate, _SomeRows(rows, numbers), is_negated=False)


@dataclass(frozen=True, slots=True)
class _Source:
    """Where a predicate is answered, and inside of which cohorts."""

    rows: CodedRows
    path: tuple[str, ...] = ()


def _selected(predicate: Predicate, source: _Source, *, is_negated: bool) -> Mask:
    """Rows for which the predicate is true, or (negated) false.

    Negations go down to the conditions: AND, OR and NOT of "is true" and "is false" are then
    plain Boolean, and missing needs no third value.
    """
    from mispredict.core.predicate import And, InCohort, InTag, Not, Or

    by_codes = _by_codes(predicate, source.rows, is_negated)
    if by_codes is not None:
        return by_codes
    match predicate:
        case Not(term):
            return _selected(term, source, is_negated=not is_negated)
        case And(terms) | Or(terms) if isinstance(predicate, And) != is_negated:
            return _all(terms, source, is_negated)
        case And(terms) | Or(terms):
            parts = (_selected(term, source, is_negated=is_negated) for term in terms)
            return reduce(np.logical_or, parts)
        case InTag(name):
            tagged = source.rows.tag(name)
            return ~tagged if is_negated else tagged
        case InCohort(name) if name not in source.path and len(source.path) < _DEEP:
            inner = _Source(source.rows, (*source.path, name))
            return _selected(source.rows.cohort(name), inner, is_negated=is_negated)
        case _:  # circles of cohorts too, which end in an error there
            return _by_columns(predicate, source.rows, is_negated)


def _all(terms: Iterable[Predicate], source: _Source, is_negated: bool) -> Mask:
    """Rows that all terms select.

    Codes come first; what they leave undecided, and other conditions, is asked of the rows
    that are then left.
    """
    rows = source.rows
    found = np.ones(rows.n, np.bool_)
    undecided = []
    costly = []
    for term in terms:
        answer = _answer(term, rows, is_negated)
        if answer is None:
            costly.append(term)
            continue
        found &= answer.rows(answer.states != NO)
        if answer.has_unsure:
            undecided.append((term, answer))
    for term, answer in undecided:
        _refine(found, term, rows, answer, is_negated)
    for term in costly:
        left = np.flatnonzero(found)
        if len(left) * _FEW < rows.n:
            found[left] = _at_rows(term, rows, left, is_negated)
        else:
            found &= _selected(term, source, is_negated=is_negated)
    return found


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the codes of a column say of a predicate."""

    codes: NDArray[Any]
    states: States

    @property
    def has_unsure(self) -> bool:
        return bool((self.states == UNSURE).any())

    def rows(self, chosen: Mask) -> Mask:
        return select(self.codes, chosen)


def _answer(predicate: Predicate, rows: CodedRows, is_negated: bool) -> _Answer | None:
    """The answer by codes for a predicate over one coded column; None for others."""
    columns = predicate.columns()
    if len(columns) != 1 or predicate.tags() or predicate.cohorts():
        return None
    (ref,) = columns
    coded = rows.ready_codes(ref.name, ref.is_input)
    if coded is None:
        return None
    answers = states(predicate, coded.book, is_negated=is_negated)
    return None if answers is None else _Answer(coded.codes, answers)


def _by_codes(predicate: Predicate, rows: CodedRows, is_negated: bool) -> Mask | None:
    answer = _answer(predicate, rows, is_negated)
    if answer is None:
        return None
    found = answer.rows(answer.states != NO)
    if answer.has_unsure:
        _refine(found, predicate, rows, answer, is_negated)
    return found


def _refine(
    found: Mask, predicate: Predicate, rows: CodedRows, answer: _Answer, is_negated: bool
) -> None:
    """Keep of the found rows whose codes are undecided those that the column itself confirms."""
    unsure = np.flatnonzero(found & answer.rows(answer.states == UNSURE))
    if len(unsure) * _FEW > rows.n:
        found &= _by_columns(predicate, rows, is_negated)
    elif len(unsure):
        found[unsure] = _at_rows(predicate, rows, unsure, is_negated)


def _by_columns(predicate: Predicate, rows: Any, is_negated: bool) -> Mask:
    from mispredict.core.predicate import Not, mask

    return mask(Not(predicate) if is_negated else predicate, rows)


def _at_rows(
    predicate: Predicate, rows: CodedRows, numbers: NDArray[np.intp], is_negated: bool
) -> Mask:
    """The answer for the rows of the given numbers only."""
    return _by_columns(predicate, _SomeRows(rows, numbers), is_negated)


@dataclass(frozen=True, slots=True)
class _SomeRows:
    """Some of the rows, by their numbers."""

    rows: CodedRows
    numbers: NDArray[np.integer[Any]]

    @property
    def n(self) -> int:
        return len(self.numbers)

    @property
    def classes(self) -> tuple[Scalar, ...]:
        return self.rows.classes

    def column(self, name: str, is_input: bool = False) -> pa.Array:
        return self.rows.take(name, self.numbers, is_input)

    def tag(self, name: str) -> Mask:
        tagged: Mask = self.rows.tag(name)[self.numbers]
        return tagged

    def cohort(self, name: str) -> Predicate:
        return self.rows.cohort(name)
