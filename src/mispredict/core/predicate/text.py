"""Canonical text of a predicate: SQL that parses to the same tree."""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Final

from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.others import read_other
from mispredict.core.predicate.polygon import coordinate_text
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
    Probability,
    Words,
)

KEYWORDS: Final = frozenset(
    ("AND", "OR", "NOT", "IN", "BETWEEN", "IS", "NULL", "LIKE", "TRUE", "FALSE")
)
# Words of SQL outside the language: as a name they need quotes.
FORBIDDEN: Final = frozenset(
    re.findall(
        r"\w+",
        """ALL ANY AS CASE CAST COLLATE ELSE END ESCAPE EXCEPT EXISTS FROM GLOB GROUP HAVING
        ILIKE INTERSECT INTERVAL JOIN LIMIT OFFSET ON ORDER OVER REGEXP RLIKE SELECT SIMILAR
        SOME THEN TRY_CAST UNION USING WHEN WHERE WITH XOR""",
    )
)
_QUOTED = (
    KEYWORDS
    | FORBIDDEN
    | frozenset(("ASC", "BY", "DESC", "DISTINCT", "TABLE", "TO", "USER", "VALUES"))
)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def text_of(predicate: Predicate) -> str:
    """The predicate as text, its terms in the given order."""
    match predicate:
        case And(terms):
            return " AND ".join(_inside(term, Or) for term in terms)
        case Or(terms):
            return " OR ".join(_inside(term, And) for term in terms)
        case Not(term):
            return _negated(term)
        case _:
            return _condition(predicate)


def name_text(name: str) -> str:
    """The name as it stands in a cohort: in double quotes where it needs them."""
    if _PLAIN_NAME.fullmatch(name) and name.upper() not in _QUOTED:
        return name
    return '"' + name.replace('"', '""') + '"'


def string_text(value: str) -> str:
    """The text in single quotes."""
    return "'" + value.replace("'", "''") + "'"


def literal_text(literal: Literal) -> str:
    """The value as it stands in a cohort."""
    match literal.value:
        case bool(value):
            return "TRUE" if value else "FALSE"
        case str(value):
            return string_text(value)
        case datetime() as value:
            return _moment_text(value)
        case float(value) if math.isinf(value):
            return "1e999" if value > 0 else "-1e999"
        case value:
            return repr(value)


def operand_text(operand: Operand) -> str:
    """The operand as it stands in a cohort."""
    match operand:
        case ColumnRef(name, True):
            return f"input({name_text(name)})"
        case ColumnRef(name):
            return name if read_other(name) else name_text(name)
        case Length(ref):
            return f"length({operand_text(ref)})"
        case Words(ref):
            return f"words({operand_text(ref)})"
        case Probability(class_, model):
            other = f", {string_text(model)}" if model else ""
            return f"p({literal_text(Literal(class_))}{other})"


def _condition(predicate: Predicate, *, is_negated: bool = False) -> str:
    no = "NOT " if is_negated else ""
    match predicate:
        case Always():
            return "TRUE"
        case Never():
            return "FALSE"
        case Compare(left, op, right):
            other = literal_text(right) if isinstance(right, Literal) else operand_text(right)
            return f"{operand_text(left)} {op} {other}"
        case In(operand, values):
            return f"{operand_text(operand)} {no}IN ({', '.join(map(literal_text, values))})"
        case Between(operand, low, high):
            ends = f"{literal_text(low)} AND {literal_text(high)}"
            return f"{operand_text(operand)} {no}BETWEEN {ends}"
        case IsNull(operand):
            return f"{operand_text(operand)} IS {no}NULL"
        case Like(ref, pattern):
            return f"{operand_text(ref)} {no}LIKE {string_text(pattern)}"
        case _:
            return no + _call(predicate)


def _call(predicate: Predicate) -> str:
    match predicate:
        case IsTrue(ref):
            return operand_text(ref)
        case Has(ref, phrase):
            return f"has({operand_text(ref)}, {string_text(phrase)})"
        case InTag(name):
            return f"tag({string_text(name)})"
        case InCohort(name):
            return f"cohort({string_text(name)})"
        case Inside(corners):
            coordinates = (coordinate_text(value) for corner in corners for value in corner)
            return f"inside({', '.join(coordinates)})"
        case _:
            raise TypeError(f"not a predicate: {type(predicate).__name__}")


def _inside(term: Predicate, weaker: type[And] | type[Or]) -> str:
    # AND inside OR needs no brackets, but readers do.
    text = text_of(term)
    return f"({text})" if isinstance(term, weaker) else text


def _negated(term: Predicate) -> str:
    if isinstance(term, (And, Or, Not)):
        return f"NOT ({text_of(term)})"
    return _condition(term, is_negated=True)


def _moment_text(value: datetime) -> str:
    if value == datetime(value.year, value.month, value.day):
        return f"DATE '{value:%Y-%m-%d}'" if value.year > 999 else _iso(value)
    return _iso(value)


def _iso(value: datetime) -> str:
    return f"TIMESTAMP '{value.isoformat(sep=' ')}'"
