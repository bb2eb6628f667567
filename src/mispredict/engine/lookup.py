"""What a condition says of each code of a column: yes, no, or look at the values.

Conditions are asked of the values of a codebook, or of both ends of its bins, as if these were
a small column, so that codes cannot mean anything else than the column itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import UnknownName
from mispredict.engine.codebook import MISSING, Codebook

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.predicate import Predicate
    from mispredict.core.task import Scalar

NO, YES, UNSURE = 0, 1, 2
_MOST_VALUES = 20  # of an IN over bins; each costs two comparisons

States = NDArray[np.uint8]


def states(predicate: Predicate, book: Codebook, *, is_negated: bool = False) -> States | None:
    """Per code NO, YES or UNSURE: whether rows with it are selected; None if codes can't tell.

    The predicate must read only the column that the book is of. Negated, the question is
    whether the predicate is false (not missing) for the row.
    """
    from mispredict.core.predicate import Always, And, InCohort, InTag, Never, Not, Or

    match predicate:
        case Not(term):
            return states(term, book, is_negated=not is_negated)
        case And(terms) | Or(terms):
            parts = [states(term, book, is_negated=is_negated) for term in terms]
            return _joined(parts, is_all=isinstance(predicate, And) != is_negated)
        case InTag() | InCohort() | Always() | Never():
            return None
        case _ if book.kind == "values":
            return _of_values(predicate, book, is_negated)
        case _:
            return _of_bins(predicate, book, is_negated)


def _joined(parts: list[States | None], *, is_all: bool) -> States | None:
    """AND or OR of states: what is decided for a code stays decided."""
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    table = np.array(known)
    decided, rest = (NO, YES) if is_all else (YES, NO)
    joined = np.where((table == UNSURE).any(axis=0), UNSURE, rest)
    return np.where((table == decided).any(axis=0), decided, joined).astype(np.uint8)


def _of_values(leaf: Predicate, book: Codebook, is_negated: bool) -> States:
    from mispredict.core.predicate import IsNull

    found = np.zeros(book.size, np.uint8)
    answers = _ask(leaf, book.array(), is_negated)
    found[: len(answers)] = answers
    if book.other is not None:
        is_null = isinstance(leaf, IsNull)
        found[book.other] = (YES if is_negated else NO) if is_null else UNSURE
    return found


def _of_bins(leaf: Predicate, book: Codebook, is_negated: bool) -> States | None:
    from mispredict.core.predicate import Between, Compare, In, IsNull, Literal

    match leaf:
        case IsNull():
            found = np.full(book.size, YES if is_negated else NO, np.uint8)
            found[MISSING] = NO if is_negated else YES
            return found
        case Compare(left, op, Literal() as value) if op in ("=", "<>"):
            ends = [Compare(left, ">=", value), Compare(left, "<=", value)]
            is_other = is_negated != (op == "<>")
            return _joined([_of_bins(end, book, is_other) for end in ends], is_all=not is_other)
        case Compare(_, _, Literal()):
            return _at_ends(leaf, book, is_negated)
        case Between(operand, low, high):
            ends = [Compare(operand, ">=", low), Compare(operand, "<=", high)]
            return _joined([_of_bins(end, book, is_negated) for end in ends], is_all=not is_negated)
        case In(operand, values) if len(values) <= _MOST_VALUES:
            options = [Compare(operand, "=", value) for value in values]
            parts = [_of_bins(option, book, is_negated) for option in options]
            return _joined(parts, is_all=is_negated)
        case _:
            return None


def _at_ends(leaf: Predicate, book: Codebook, is_negated: bool) -> States:
    """States of a bound: it holds for a whole bin, or for none of it, if both ends agree."""
    low = _ask(leaf, book.array(), is_negated)
    top = _ask(leaf, book.tops(), is_negated)
    return np.where(low == top, low, UNSURE).astype(np.uint8)


def _ask(leaf: Predicate, values: pa.Array, is_negated: bool) -> NDArray[np.bool_]:
    """Whether the condition selects a missing value, and each of the values."""
    import pyarrow as pa

    from mispredict.core.predicate import Not, mask

    column = pa.concat_arrays([pa.nulls(1, values.type), values])
    return mask(Not(leaf) if is_negated else leaf, _OneColumn(column))


@dataclass(frozen=True, slots=True)
class _OneColumn:
    """Rows whose only column is the given one, whatever it is asked by."""

    values: Any

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def classes(self) -> tuple[Scalar, ...]:
        return ()

    def column(self, name: str, is_input: bool = False) -> pa.Array:
        return self.values

    def tag(self, name: str) -> NoReturn:
        raise UnknownName.of("tag", name, ())

    def cohort(self, name: str) -> NoReturn:
        raise UnknownName.of("cohort", name, ())
