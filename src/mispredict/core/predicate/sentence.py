"""Predicates for people who don't write SQL: English sentences, and chips for the screen."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from mispredict.core.predicate.literal import Literal
from mispredict.core.predicate.others import read_other
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
)

_SIMPLE = re.compile(r"[\w.+%€$-]+")
_WORDS = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}
_TIME_WORDS = {"<": "is before", "<=": "is until", ">": "is after", ">=": "is from"}
_SIGNS = {"<>": "≠", "<=": "≤", ">=": "≥"}
_MOST_SHOWN = 3
_LONGEST = 60
_LONG_NUMBER = 9  # characters; a longer one is rounded


@dataclass(frozen=True, slots=True)
class Chip:
    """One condition of a cohort for the screen: its text, a short label, its columns."""

    text: str
    label: str
    columns: tuple[str, ...]


def sentence_of(predicate: Predicate) -> str:
    """The predicate in English; brackets show what belongs together."""
    match predicate:
        case And(terms):
            return " and ".join(_grouped(term) for term in terms)
        case Or(terms):
            return " or ".join(_grouped(term) for term in terms)
        case Not(And() | Or() as term):
            return f"not ({sentence_of(term)})"
        case Not(term):
            return _condition(term, is_negated=True)
        case _:
            return _condition(predicate)


def chips_of(predicate: Predicate) -> tuple[Chip, ...]:
    """One chip per condition that must hold; none for all rows."""
    if isinstance(predicate, Always):
        return ()
    terms = predicate.terms if isinstance(predicate, And) else (predicate,)
    return tuple(Chip(term.text, label_of(term), _names(term)) for term in terms)


def label_of(predicate: Predicate) -> str:
    """The predicate in few words."""
    match predicate:
        case And(terms) | Or(terms):
            join = " and " if isinstance(predicate, And) else " or "
            text = join.join(_bracketed(term) for term in terms)
            word = "all" if isinstance(predicate, And) else "any"
            return text if len(text) <= _LONGEST else f"{word} of {len(terms)} conditions"
        case Not(term):
            return f"not {_bracketed(term)}"
        case Compare(left, op, Literal() as right):
            return f"{_short(left)} {_SIGNS.get(op, op)} {_value(right)}"
        case Compare(left, op, right):
            return f"{_short(left)} {_SIGNS.get(op, op)} {_short(right)}"  # type: ignore[arg-type]
        case In(operand, values) if len(values) > _MOST_SHOWN:
            return f"{_short(operand)}: {len(values)} values"
        case In(operand, values):
            return f"{_short(operand)}: {', '.join(map(_value, values))}"
        case Between(operand, low, high):
            return f"{_short(operand)} {_value(low)} to {_value(high)}"
        case IsNull(operand):
            return f"{_short(operand)} missing"
        case _:
            return _name_label(predicate)


def _name_label(predicate: Predicate) -> str:
    match predicate:
        case Has(ref, phrase):
            return f"{ref.name}: “{phrase}”"
        case InTag(name):
            return f"tag {name}"
        case InCohort(name):
            return f"cohort {name}"
        case Inside():
            return "lasso of the map"
        case IsTrue(ref):
            return ref.name
        case _:
            return sentence_of(predicate)


def _bracketed(term: Predicate) -> str:
    return f"({label_of(term)})" if isinstance(term, (And, Or)) else label_of(term)


def _grouped(term: Predicate) -> str:
    text = sentence_of(term)
    return f"({text})" if isinstance(term, (And, Or)) else text


def _condition(predicate: Predicate, *, is_negated: bool = False) -> str:
    no = " not" if is_negated else ""
    match predicate:
        case Compare(left, op, right):
            return _comparison(left, op, right)
        case In(operand, values):
            return f"{_long(operand)} is {_list(values, is_negated)}"
        case Between(operand, low, high):
            return f"{_long(operand)} is{no} between {_value(low)} and {_value(high)}"
        case IsNull(operand):
            return f"{_long(operand)} is{no} missing"
        case Like(ref, pattern):
            return f"{_long(ref)} {_pattern(pattern, is_negated)}"
        case Has(ref, phrase):
            verb = "does not mention" if is_negated else "mentions"
            return f"{_long(ref)} {verb} “{phrase}”"
        case _:
            return _membership(predicate, no)


def _membership(predicate: Predicate, no: str) -> str:
    match predicate:
        case InTag(name):
            return f"the row is{no} tagged “{name}”"
        case InCohort(name):
            return f"the row is{no} in cohort “{name}”"
        case Inside():
            return f"the row is{no} inside a lasso of the map"
        case IsTrue(ColumnRef("correct", False)):
            return "the prediction is wrong" if no else "the prediction is correct"
        case IsTrue(ColumnRef(name, False)) if read_other(name):
            other = _other(name)
            return f"the prediction of {other} is {'wrong' if no else 'correct'}"
        case IsTrue(ref):
            return f"{_long(ref)} is {'false' if no else 'true'}"
        case Never():
            return "no rows"
        case _:
            return "all rows"


def _comparison(left: Operand, op: str, right: Operand | Literal) -> str:
    if not isinstance(right, Literal):
        words = {"=": "equals", "<>": "differs from"}.get(op, _WORDS[op])
        return f"{_long(left)} {words} {_long(right)}"
    words = _WORDS[op]
    if isinstance(right.value, datetime):
        words = _TIME_WORDS.get(op, words)
    return f"{_long(left)} {words} {_value(right)}"


def _pattern(pattern: str, is_negated: bool) -> str:
    inner = pattern.strip("%")
    if not inner or "%" in inner or "_" in inner:
        return f"{'does not match' if is_negated else 'matches'} the pattern “{pattern}”"
    start, end = not pattern.startswith("%"), not pattern.endswith("%")
    if start and end:
        return f"is{' not' if is_negated else ''} “{inner}”"
    verb = "start with" if start else "end with" if end else "contain"
    yes = verb.replace("start", "starts").replace("end", "ends").replace("contain", "contains")
    return f"{f'does not {verb}' if is_negated else yes} “{inner}”"


def _list(values: tuple[Literal, ...], is_negated: bool) -> str:
    *first, last = (_value(value) for value in values)
    if len(first) == 1:
        return f"neither {first[0]} nor {last}" if is_negated else f"{first[0]} or {last}"
    return f"{'none' if is_negated else 'one'} of {', '.join(first)} or {last}"


def _value(literal: Literal) -> str:
    value = literal.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value if _SIMPLE.fullmatch(value) else f"“{value}”"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ").removesuffix(" 00:00:00")
    return _number(value) if isinstance(value, float) else repr(value)


def _number(value: float) -> str:
    """The number in six figures, unless these are whole; the cohort's text has them all."""
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    if len(text) <= _LONG_NUMBER or not 1e-4 <= abs(value) < 1e5:
        return text
    rounded = f"{value:.6g}"
    return text if float(rounded).is_integer() else rounded


def _long(operand: Operand) -> str:
    match operand:
        case ColumnRef(name, is_input):
            found = None if is_input else read_other(name)
            if found is not None:
                return f"the {found[0].replace('_', ' ')} of {found[1]}"
            return f"input {name}" if is_input else name
        case Length(ref):
            return f"the length of {_long(ref)}"
        case Probability(class_, model):
            by = f" by {model}" if model else ""
            return f"the probability of {_value(Literal(class_))}{by}"
        case _:
            return f"the number of words in {_long(operand.ref)}"


def _short(operand: Operand) -> str:
    match operand:
        case ColumnRef(name):
            return name
        case Length(ref):
            return f"length of {ref.name}"
        case Probability(class_, model):
            return f"p({_value(Literal(class_))}{f', {model}' if model else ''})"
        case _:
            return f"words in {operand.ref.name}"


def _other(name: str) -> str:
    """The model whose column it is."""
    found = read_other(name)
    return found[1] if found else ""


def _names(predicate: Predicate) -> tuple[str, ...]:
    return tuple(sorted({ref.name for ref in predicate.columns()}))
