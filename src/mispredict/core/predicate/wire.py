"""Predicates as JSON values and as text in URLs."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate import build
from mispredict.core.predicate.lexer import MAX_CHARACTERS
from mispredict.core.predicate.literal import Literal, checked_text
from mispredict.core.predicate.moments import read_moment
from mispredict.core.predicate.parse import parse
from mispredict.core.predicate.tree import (
    MAX_DEPTH,
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
    Probability,
    Words,
    too_deep,
)


def to_dict(predicate: Predicate) -> dict[str, Any]:
    """JSON-ready form: `op` names the node, the rest are its parts."""
    match predicate:
        case And(terms):
            return {"op": "and", "terms": [to_dict(term) for term in terms]}
        case Or(terms):
            return {"op": "or", "terms": [to_dict(term) for term in terms]}
        case Not(term):
            return {"op": "not", "term": to_dict(term)}
        case Compare(left, op, right):
            return {"op": op, "left": _side(left), "right": _side(right)}
        case In(operand, values):
            return {"op": "in", "left": _side(operand), "values": [_side(item) for item in values]}
        case Between(operand, low, high):
            ends = {"low": _side(low), "high": _side(high)}
            return {"op": "between", "left": _side(operand), **ends}
        case IsNull(operand):
            return {"op": "is null", "left": _side(operand)}
        case _:
            return _named_dict(predicate)


def _named_dict(predicate: Predicate) -> dict[str, Any]:
    match predicate:
        case IsTrue(ref):
            return {"op": "is true", "left": _side(ref)}
        case Like(ref, pattern):
            return {"op": "like", "left": _side(ref), "pattern": pattern}
        case Has(ref, phrase):
            return {"op": "has", "left": _side(ref), "phrase": phrase}
        case InTag(name):
            return {"op": "tag", "name": name}
        case InCohort(name):
            return {"op": "cohort", "name": name}
        case Inside(corners):
            return {"op": "inside", "corners": [list(corner) for corner in corners]}
        case _:
            return {"op": "true" if isinstance(predicate, Always) else "false"}


def from_dict(value: object) -> Predicate:
    """The predicate whose `to_dict` is the value.

    Raises:
        BadPredicate: the value is not such a form.
    """
    return _read(value, MAX_DEPTH + 1)


def to_url(predicate: Predicate) -> str:
    """The text with everything but letters, digits and `_.-~` percent-encoded."""
    return quote(predicate.text, safe="")


def from_url(value: str) -> Predicate:
    """The predicate of text from a URL.

    Raises:
        BadPredicate: it is no text of a cohort.
    """
    if len(value) > 12 * MAX_CHARACTERS:
        return parse("x" * (MAX_CHARACTERS + 1))  # says that it is too long
    try:
        return parse(unquote(value, errors="strict"))
    except UnicodeDecodeError:
        raise BadPredicate(
            "the cohort in the URL is not UTF-8.",
            known="Text in URLs is percent-encoded UTF-8.",
            hint="quote(text) of urllib.parse",
        ) from None


def _read(value: object, depth: int) -> Predicate:
    if depth <= 0:
        raise too_deep()
    if not isinstance(value, dict):
        raise _refusal(value)
    match value:
        case {"op": "and" | "or" as op, "terms": list(terms)}:
            parts = [_read(term, depth - 1) for term in terms]
            return build.all_of(parts) if op == "and" else build.any_of(parts)
        case {"op": "not", "term": term}:
            return build.negate(_read(term, depth - 1))
        case {"op": "=" | "<>" | "<" | "<=" | ">" | ">=" as op, "left": left, "right": right}:
            side = _literal(right) if _is_literal(right) else _operand(right)
            return build.compare(_operand(left), op, side)
        case {"op": "in", "left": left, "values": list(values)}:
            return build.one_of(_operand(left), [_literal(item) for item in values])
        case {"op": "between", "left": left, "low": low, "high": high}:
            return build.between(_operand(left), _literal(low), _literal(high))
        case {"op": "is null", "left": left}:
            return build.is_missing(_operand(left))
        case _:
            return _read_named(value)


def _read_named(value: dict[str, Any]) -> Predicate:
    match value:
        case {"op": "is true", "left": left}:
            return IsTrue(_ref(left))
        case {"op": "like", "left": left, "pattern": str(pattern)}:
            return build.like(_ref(left), pattern)
        case {"op": "has", "left": left, "phrase": str(phrase)}:
            return build.has(_ref(left), phrase)
        case {"op": "tag", "name": str(name)}:
            return InTag(checked_text(name))
        case {"op": "cohort", "name": str(name)}:
            return InCohort(checked_text(name))
        case {"op": "inside", "corners": list(corners)}:
            return build.inside([_corner(item) for item in corners])
        case {"op": "true"}:
            return Always()
        case {"op": "false"}:
            return Never()
        case _:
            raise _refusal(value)


def _side(side: Operand | Literal) -> dict[str, Any]:
    match side:
        case Literal(datetime() as value):
            return {"moment": value.isoformat()}
        case Literal(float(value)) if math.isinf(value):
            return {"infinity": 1 if value > 0 else -1}
        case Literal(value):
            return {"value": value}
        case ColumnRef(name, is_input):
            return {"column": name, "input": True} if is_input else {"column": name}
        case Length(ref):
            return {"length": _side(ref)}
        case Words(ref):
            return {"words": _side(ref)}
        case Probability(class_, model):
            return {"probability": class_, "model": model} if model else {"probability": class_}


def _is_literal(value: object) -> bool:
    return isinstance(value, dict) and bool(value.keys() & {"value", "moment", "infinity"})


def _literal(value: object) -> Literal:
    match value:
        case {"moment": str(text)}:
            return Literal(read_moment(text))
        case {"infinity": 1 | -1 as sign}:
            return Literal(math.inf * sign)
        case {"value": str() | int() | float() as plain}:
            return Literal(plain)
        case _:
            raise _refusal(value)


def _operand(value: object) -> Operand:
    match value:
        case {"length": ref}:
            return Length(_ref(ref))
        case {"words": ref}:
            return Words(_ref(ref))
        case {"probability": str() | int() | float() as class_, "model": str(model)}:
            return Probability(class_, checked_text(model))
        case {"probability": str() | int() | float() as class_}:
            return Probability(class_)
        case _:
            return _ref(value)


def _corner(value: object) -> tuple[float, float]:
    match value:
        case [int() | float() as x, int() | float() as y]:
            return x, y
        case _:
            raise _refusal(value)


def _ref(value: object) -> ColumnRef:
    match value:
        case {"column": str(name), **rest} if rest.get("input", False) in (True, False):
            return ColumnRef(checked_text(name), bool(rest.get("input", False)))
        case _:
            raise _refusal(value)


def _refusal(value: object) -> BadPredicate:
    shown = repr(value)[:80] if not isinstance(value, (dict, list)) else type(value).__name__
    if isinstance(value, dict):
        shown = f"{{{', '.join(repr(str(key)[:20]) for key in list(value)[:6])}}}"
    return BadPredicate(
        f"the JSON form of a cohort has a part that cannot be read: {shown}.",
        known="Its parts have the forms that to_dict() gives.",
        hint="{'op': '=', 'left': {'column': 'Geography'}, 'right': {'value': 'Germany'}}",
    )
