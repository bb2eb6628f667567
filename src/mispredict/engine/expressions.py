"""A cohort as an Ibis expression, which DuckDB and Spark run alike.

Every rendering avoids what engines do differently: whole numbers are compared with whole
numbers, floats are written so that no engine reads a decimal, LIKE and has() are regular
expressions in what RE2 and Java share, and words are counted by replacing them.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from fractions import Fraction
from functools import reduce
from itertools import zip_longest
from typing import Any

from mispredict.core.errors import BadPredicate, UnknownName
from mispredict.core.predicate import (
    TOKEN,
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
    Literal,
    Never,
    Not,
    Operand,
    Or,
    Predicate,
    Words,
    column_of,
    like_pattern,
    operands,
    phrase_pattern,
)
from mispredict.core.predicate.polygon import Corner, sides_of

_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_EPOCH = datetime(1970, 1, 1)
_DEEPEST = 20


@dataclass(frozen=True)
class Frame:
    """An Ibis table, and which of its columns stand for what.

    Times in nanoseconds must be whole numbers there, other times timestamps without a zone;
    NaN must be NULL. Tags are boolean columns.
    """

    table: Any
    columns: Mapping[ColumnRef, str]
    tags: Mapping[str, str] = field(default_factory=dict)
    cohort: Callable[[str], Predicate] | None = None
    path: tuple[str, ...] = ()

    def column(self, ref: ColumnRef) -> Any:
        return self.table[self.columns[ref]]


def expression(predicate: Predicate, frame: Frame) -> Any:
    """Ibis boolean expression that is true, false or NULL as the predicate is."""
    import ibis

    match predicate:
        case And(terms):
            return reduce(operator.and_, (expression(term, frame) for term in terms))
        case Or(terms):
            return reduce(operator.or_, (expression(term, frame) for term in terms))
        case Not(term):
            return ~expression(term, frame)
        case Always() | Never():
            return ibis.literal(isinstance(predicate, Always))
        case InTag(name):
            return frame.table[frame.tags[name]]
        case InCohort(name):
            return _cohort(name, frame)
        case _:
            return _condition(predicate, frame)


def operand_value(operand: Operand, frame: Frame) -> Any:
    """Ibis expression of the operand."""
    column = frame.column(column_of(operand))
    match operand:
        case Length():
            return column.length()
        case Words():
            # Each token becomes one x, which no text between tokens can hold.
            return column.re_replace(TOKEN, "x").re_replace("[^x]", "").length()
        case _:
            return column


def _condition(predicate: Predicate, frame: Frame) -> Any:
    match predicate:
        case Compare(left, op, Literal(value)):
            return _compare(operand_value(left, frame), op, value)
        case Compare(left, op, right):
            assert not isinstance(right, Literal)
            return _compare_columns(operand_value(left, frame), op, operand_value(right, frame))
        case Between(operand, low, high):
            column = operand_value(operand, frame)
            return _compare(column, ">=", low.value) & _compare(column, "<=", high.value)
        case In(operand, values):
            return _is_in(operand_value(operand, frame), [item.value for item in values])
        case IsNull(operand):
            return operand_value(operand, frame).isnull()
        case IsTrue(ref):
            return frame.column(ref)
        case Like(ref, pattern):
            return frame.column(ref).re_search(like_pattern(pattern))
        case Has(ref, phrase):
            column = frame.column(ref)
            if column.type().is_array():
                return column.contains(phrase)
            return column.re_search(phrase_pattern(phrase))
        case Inside(corners):
            x, y = (operand_value(operand, frame) for operand in operands(predicate))
            return _inside(x, y, corners)
        case _:
            raise TypeError(f"not a predicate: {type(predicate).__name__}")


def _cohort(name: str, frame: Frame) -> Any:
    if frame.cohort is None:
        raise UnknownName.of("cohort", name, ())
    if name in frame.path or len(frame.path) >= _DEEPEST:
        raise BadPredicate(
            f"cohort {name!r} is defined by itself, or by too many others.",
            known=f"The chain: {' → '.join([*frame.path, name])[:300]}.",
            hint="a definition without cohort('…')",
        )
    return expression(frame.cohort(name), replace(frame, path=(*frame.path, name)))


def _compare(column: Any, op: str, value: Any) -> Any:
    kind = column.type()
    if isinstance(value, datetime):
        if kind.is_integer():
            return _compare_whole(column, op, _nanoseconds(value))
        return _OPERATORS[op](column.cast("timestamp"), _moment(value))
    if kind.is_integer() and not isinstance(value, bool):
        return _compare_whole(column, op, value)
    if kind.is_floating():
        return _OPERATORS[op](column, _float(float(value)))
    return _OPERATORS[op](column, value)


def _compare_columns(left: Any, op: str, right: Any) -> Any:
    if left.type() != right.type() and left.type().is_numeric():
        left, right = left.cast("float64"), right.cast("float64")
    return _OPERATORS[op](left, right)


def _inside(x: Any, y: Any, corners: Sequence[Corner]) -> Any:
    """Whether an odd number of sides lies to the right of the point."""
    import ibis

    x, y = x.cast("float64"), y.cast("float64")
    passed = [
        (y >= _float(side.low))
        & (y < _float(side.high))
        & (x < _float(side.x) + (y - _float(side.low)) * _float(side.slope))
        for side in sides_of(corners)
    ]
    while len(passed) > 1:  # in pairs, so that the expression is not as deep as it is long
        pairs = zip_longest(passed[::2], passed[1::2])
        passed = [one if other is None else one != other for one, other in pairs]
    is_odd = passed[0] if passed else ibis.literal(False)
    return ibis.ifelse(x.isnull() | y.isnull(), ibis.null("boolean"), is_odd)


def _is_in(column: Any, values: list[Any]) -> Any:
    if column.type().is_string():
        return column.isin(values)
    return reduce(operator.or_, (_compare(column, "=", value) for value in values))


def _compare_whole(column: Any, op: str, value: float) -> Any:
    """Comparison of whole numbers with any number, without rounding either."""
    import ibis

    if isinstance(value, float) and math.isinf(value):
        return _always(column, _OPERATORS[op](0, value))
    exact = Fraction(value)
    if exact.denominator != 1:
        if op in ("=", "<>"):
            return _always(column, op == "<>")
        op = "<=" if op in ("<", "<=") else ">"
    whole = math.floor(exact)
    low, high = column.type().bounds
    if not low <= whole <= high:
        return _always(column, _OPERATORS[op](low if whole > high else high, whole))
    return _OPERATORS[op](column, ibis.literal(whole, column.type()))


def _always(column: Any, value: bool) -> Any:
    """The value for each row that is not missing."""
    import ibis

    return ibis.ifelse(column.isnull(), ibis.null("boolean"), ibis.literal(value))


def _float(value: float) -> Any:
    # As text, because 0.1 in SQL is a decimal, and how that becomes a float is up to the engine.
    import ibis

    if math.isinf(value):
        return ibis.literal(value, "float64")
    return ibis.literal(format(value, ".17e")).cast("float64")


def _moment(value: datetime) -> Any:
    import ibis

    return ibis.timestamp(value.isoformat(sep=" "))


def _nanoseconds(value: datetime) -> int:
    return (value - _EPOCH) // timedelta(microseconds=1) * 1_000
