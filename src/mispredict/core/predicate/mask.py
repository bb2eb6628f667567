"""Predicate + Arrow columns → the rows it selects.

SQL's three-valued logic: a comparison with a missing value is unknown, and unknown rows are
not selected. NaN is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate import arrow
from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.text import operand_text
from mispredict.core.predicate.tree import (
    Always,
    And,
    Between,
    ColumnRef,
    Compare,
    Has,
    In,
    InCohort,
    Inside,
    InTag,
    IsNull,
    IsTrue,
    Length,
    Like,
    Never,
    Not,
    Operand,
    Or,
    Predicate,
    Words,
)
from mispredict.core.predicate.walk import column_of, operands

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.task import Scalar

MAX_TOTAL_DEPTH: Final = 80  # of a cohort with all the cohorts it names


class Rows(Protocol):
    """Where a mask reads from: `n` rows by column, tag and cohort."""

    @property
    def n(self) -> int: ...

    @property
    def classes(self) -> tuple[Scalar, ...]: ...

    def column(self, name: str, is_input: bool = False) -> pa.ChunkedArray | pa.Array: ...

    def tag(self, name: str) -> NDArray[np.bool_]: ...

    def cohort(self, name: str) -> Predicate: ...


def mask(predicate: Predicate, rows: Rows) -> NDArray[np.bool_]:
    """Boolean array of the rows that the predicate selects.

    Raises:
        BadPredicate: a value cannot be compared with its column, or cohorts name one another
            in a circle.
    """
    import pyarrow.compute as pc

    known = _Masks(rows).of(predicate)
    selected: NDArray[np.bool_] = pc.fill_null(known, False).to_numpy(zero_copy_only=False)
    return selected


class _Masks:
    """Masks over one table, with missing values; each column is prepared once."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._operands: dict[Operand, Any] = {}
        self._cohorts: dict[str, Any] = {}
        self._path: list[str] = []
        self._depth = 0

    def of(self, predicate: Predicate) -> Any:
        """Arrow boolean array: true, false or unknown (null)."""
        import pyarrow.compute as pc

        match predicate:
            case And(terms) | Or(terms):
                join = pc.and_kleene if isinstance(predicate, And) else pc.or_kleene
                found = self.of(terms[0])
                for term in terms[1:]:
                    found = join(found, self.of(term))
                return found
            case Not(term):
                return pc.invert(self.of(term))
            case Always() | Never():
                return arrow.constant(isinstance(predicate, Always), self._rows.n)
            case InTag(name):
                return arrow.from_numpy(self._rows.tag(name))
            case InCohort(name):
                return self._cohort(name)
            case _:
                return arrow.flat(self._leaf(predicate))

    def _leaf(self, predicate: Predicate) -> Any:
        import pyarrow.compute as pc

        match predicate:
            case Compare(left, op, Literal(value)):
                return arrow.compare(self._values(left), op, value, operand_text(left))
            case Compare(left, op, right):
                assert not isinstance(right, Literal)
                names = f"{operand_text(left)} {op} {operand_text(right)}"
                return arrow.compare_columns(self._values(left), op, self._values(right), names)
            case Between(operand, low, high):
                values, name = self._values(operand), operand_text(operand)
                least = arrow.compare(values, ">=", low.value, name)
                return pc.and_kleene(least, arrow.compare(values, "<=", high.value, name))
            case In(operand, literals):
                members = [literal.value for literal in literals]
                return arrow.is_in(self._values(operand), members, operand_text(operand))
            case IsNull(operand):
                return pc.is_null(self._values(operand))
            case IsTrue(ref):
                return arrow.booleans(self._values(ref), operand_text(ref))
            case Like(ref, pattern):
                return arrow.matches_like(self._values(ref), pattern, operand_text(ref))
            case Has(ref, phrase):
                return arrow.has(self._values(ref), phrase, operand_text(ref))
            case Inside(corners):
                x, y = (self._values(operand) for operand in operands(predicate))
                return arrow.inside(x, y, corners)
            case _:
                raise TypeError(f"not a predicate: {type(predicate).__name__}")

    def _values(self, operand: Operand) -> Any:
        if operand not in self._operands:
            self._operands[operand] = self._read(operand)
        return self._operands[operand]

    def _read(self, operand: Operand) -> Any:
        if isinstance(operand, Length):
            return arrow.length(self._values(operand.ref), operand_text(operand))
        if isinstance(operand, Words):
            return arrow.words(self._values(operand.ref), operand_text(operand))
        ref: ColumnRef = column_of(operand)
        return arrow.prepared(self._rows.column(ref.name, ref.is_input))

    def _cohort(self, name: str) -> Any:
        if name in self._path:
            circle = " → ".join([*self._path[self._path.index(name) :], name])
            raise BadPredicate(
                f"cohort {name!r} is defined by itself.",
                known=f"The circle: {circle}.",
                hint="a definition of one of them without cohort('…')",
            )
        if name not in self._cohorts:
            predicate = self._rows.cohort(name)
            depth = predicate.depth + 1
            self._check_depth(name, depth)
            self._path.append(name)
            self._depth += depth
            self._cohorts[name] = self.of(predicate)
            self._depth -= depth
            self._path.pop()
        return self._cohorts[name]

    def _check_depth(self, name: str, depth: int) -> None:
        if self._depth + depth > MAX_TOTAL_DEPTH:
            raise BadPredicate(
                f"cohort {name!r} stands at the end of too long a chain of cohorts.",
                known=f"The chain: {' → '.join([*self._path, name])[:300]}.",
                hint="a definition with fewer cohort('…') inside one another",
            )
