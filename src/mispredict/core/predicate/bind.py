"""Predicate + fields → predicate with resolved names, checked types and read dates."""

from __future__ import annotations

from datetime import datetime

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate import build
from mispredict.core.predicate.fields import Comparable, Fields
from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.moments import read_moment
from mispredict.core.predicate.text import literal_text, operand_text, string_text, text_of
from mispredict.core.predicate.tree import (
    MAP,
    And,
    Between,
    ColumnRef,
    Compare,
    Has,
    In,
    Inside,
    IsNull,
    IsTrue,
    Length,
    Like,
    Not,
    Operand,
    Or,
    Predicate,
    Probability,
    Words,
)
from mispredict.core.schema import ColumnType

_TEXTS = (Comparable.TEXT, Comparable.SCALAR)


def bind(predicate: Predicate, fields: Fields) -> Predicate:
    """The predicate with exact names, values of the columns' types, and datetimes for dates.

    Raises:
        UnknownColumn: a column is not among the fields.
        BadPredicate: a value cannot be compared with its column, or is no class.
    """
    match predicate:
        case And(terms):
            return build.all_of([bind(term, fields) for term in terms])
        case Or(terms):
            return build.any_of([bind(term, fields) for term in terms])
        case Not(term):
            return build.negate(bind(term, fields))
        case Compare(left, op, right):
            return _compare(left, op, right, fields)
        case In(operand, values):
            operand = _operand(operand, fields)
            return build.one_of(operand, [_value(operand, "=", item, fields) for item in values])
        case Between(operand, low, high):
            operand = _operand(operand, fields)
            ends = [_value(operand, op, end, fields) for op, end in ((">=", low), ("<=", high))]
            return build.between(operand, *ends)
        case IsNull(operand):
            return IsNull(_operand(operand, fields))
        case IsTrue(ref):
            return _is_true(fields.resolve(ref), fields)
        case Like(ref, pattern):
            return Like(_text(ref, text_of(predicate), fields), pattern)
        case Has():
            return _has(predicate, fields)
        case Inside():
            return _inside(predicate, fields)
        case _:
            return predicate


def _compare(left: Operand, op: str, right: Operand | Literal, fields: Fields) -> Predicate:
    left = _operand(left, fields)
    if isinstance(right, Literal):
        return Compare(left, op, _value(left, op, right, fields))
    hint = (
        f"text in single quotes: {string_text(right.name)}" if isinstance(right, ColumnRef) else ""
    )
    right = _operand(right, fields, hint=hint)
    kinds = {fields.comparable(left), fields.comparable(right)}
    if kinds in ({Comparable.TEXT, Comparable.SCALAR}, {Comparable.NUMBER, Comparable.SCALAR}):
        return Compare(left, op, right)
    if len(kinds) > 1:
        raise BadPredicate(
            f"{operand_text(left)} {op} {operand_text(right)} compares unlike columns.",
            known=f"{_is(left, fields)}; {_is(right, fields)}.",
            hint="two columns of one type",
        )
    _check_op(left, op, right, fields)
    return Compare(left, op, right)


def _operand(operand: Operand, fields: Fields, *, hint: str = "") -> Operand:
    match operand:
        case ColumnRef():
            return fields.resolve(operand, hint=hint)
        case Length(ref):
            return Length(_text(ref, operand_text(operand), fields))
        case Words(ref):
            return Words(_text(ref, operand_text(operand), fields))
        case Probability(class_, model):
            named = fields.class_named(class_, place="p({})")
            return Probability(named, fields.model_named(model) if model else "")


def _text(ref: ColumnRef, written: str, fields: Fields) -> ColumnRef:
    ref = fields.resolve(ref)
    if fields.comparable(ref) not in _TEXTS:
        raise BadPredicate(
            f"{written} needs text.", known=f"{_is(ref, fields)}.", hint=_example(ref, fields)
        )
    return ref


def _has(predicate: Has, fields: Fields) -> Predicate:
    ref = fields.resolve(predicate.ref)
    if fields.comparable(ref) is not Comparable.LABELS:
        return Has(_text(ref, text_of(predicate), fields), predicate.phrase)
    if fields.holds_class(ref):
        place = f"has({operand_text(ref)}, {{}})"
        return Has(ref, str(fields.class_named(predicate.phrase, place=place)))
    return Has(ref, predicate.phrase)


def _inside(predicate: Inside, fields: Fields) -> Predicate:
    known = {*fields.columns, *fields.reserved}
    if not known.issuperset(MAP):
        raise BadPredicate(
            "inside() asks for a place on the map, and there is no map yet.",
            known=f"A map gives each row the columns {' and '.join(MAP)}.",
            hint="ev.map()",
        )
    for ref in map(ColumnRef, MAP):
        if fields.comparable(ref) is not Comparable.NUMBER:
            raise BadPredicate(
                "inside() needs numbers.", known=f"{_is(ref, fields)}.", hint=_example(ref, fields)
            )
    return predicate


def _is_true(ref: ColumnRef, fields: Fields) -> Predicate:
    if fields.comparable(ref) is Comparable.BOOLEAN:
        return IsTrue(ref)
    raise BadPredicate(
        f"{operand_text(ref)} alone is not a condition.",
        known=f"{_is(ref, fields)}, not boolean.",
        hint=f"{_example(ref, fields)}, or {operand_text(ref)} IS NOT NULL",
    )


def _value(operand: Operand, op: str, literal: Literal, fields: Fields) -> Literal:
    """The literal as a value that the operand, which is bound, can be compared with."""
    _check_op(operand, op, literal, fields)
    kind, value = fields.comparable(operand), literal.value
    if kind is Comparable.MOMENT and isinstance(value, str):
        return Literal(read_moment(value))
    if not _fits(kind, value):
        raise _mismatch(operand, op, literal, fields)
    if op in ("=", "<>") and fields.holds_class(operand):
        return Literal(fields.class_named(value, place=f"{operand_text(operand)} {op} {{}}"))
    return literal


def _fits(kind: Comparable, value: object) -> bool:
    match kind:
        case Comparable.TEXT:
            return isinstance(value, str)
        case Comparable.NUMBER:
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case Comparable.BOOLEAN:
            return isinstance(value, bool)
        case Comparable.MOMENT:
            return isinstance(value, datetime)
        case Comparable.SCALAR:
            return isinstance(value, (str, int, float)) and not isinstance(value, bool)
        case _:
            return False


def _check_op(left: Operand, op: str, right: Operand | Literal, fields: Fields) -> None:
    kind = fields.comparable(left)
    if kind in (Comparable.LABELS, Comparable.NOTHING):
        name = operand_text(left)
        is_list = kind is Comparable.LABELS
        raise BadPredicate(
            f"{name} cannot be compared.",
            known=f"{_is(left, fields)}.",
            hint=f"has({name}, 'label')" if is_list else f"{name} IS NULL",
        )
    if kind is Comparable.BOOLEAN and op not in ("=", "<>"):
        raise BadPredicate(
            f"{op} does not order booleans.",
            known=f"{_is(left, fields)}.",
            hint=f"{operand_text(left)} = TRUE",
        )


def _mismatch(operand: Operand, op: str, literal: Literal, fields: Fields) -> BadPredicate:
    name, kind, value = operand_text(operand), fields.comparable(operand), literal.value
    written = literal_text(literal)
    hint = _example(operand, fields)
    if kind is Comparable.TEXT and not isinstance(value, datetime):
        text = written if isinstance(value, bool) else str(value)
        hint = f"{name} {op} {string_text(text)}"
        if op not in ("=", "<>"):
            hint = f"length({name}) {op} {written}"
    elif kind is Comparable.NUMBER and isinstance(value, str) and _is_number(value):
        hint = f"{name} {op} {value.strip()}"
    elif kind is Comparable.BOOLEAN and not isinstance(value, datetime):
        hint = f"{name} = TRUE, or {name} = FALSE"
    return BadPredicate(
        f"{name} {op} {written} compares a {kind} with {_article(value)}.",
        known=f"{_is(operand, fields)}.",
        hint=hint,
    )


def _article(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, str):
        return "a text"
    return "a date" if isinstance(value, datetime) else "a number"


def _is(operand: Operand, fields: Fields) -> str:
    if isinstance(operand, ColumnRef):
        kind = fields.type_of(operand)
        stored = fields.storage.get(operand.name, "") if kind is ColumnType.CATEGORICAL else ""
        more = f" (stored as {stored})" if stored else ""
        return f"{operand_text(operand)} is {kind.value}{more}"
    return f"{operand_text(operand)} is a number"


def _example(operand: Operand, fields: Fields) -> str:
    name = operand_text(operand)
    match fields.comparable(operand):
        case Comparable.NUMBER:
            return f"{name} > 0"
        case Comparable.BOOLEAN:
            return f"{name} = TRUE"
        case Comparable.MOMENT:
            return f"{name} >= '2024-01-31'"
        case Comparable.LABELS:
            return f"has({name}, 'label')"
        case Comparable.NOTHING:
            return f"{name} IS NULL"
        case _:
            return f"{name} = 'text'"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
