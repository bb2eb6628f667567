"""What may stand where something is expected: names, operators, values and joiners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from mispredict.core.predicate.fields import Comparable, Fields
from mispredict.core.predicate.half_typed import Expected, Place
from mispredict.core.predicate.lexer import FUNCTIONS
from mispredict.core.predicate.literal import Literal, Value
from mispredict.core.predicate.others import OF_MODELS
from mispredict.core.predicate.text import literal_text, operand_text, string_text
from mispredict.core.predicate.tree import ColumnRef, Operand
from mispredict.core.schema import ColumnType
from mispredict.core.task import Scalar

AS_TYPED: Final = "as typed"
_COMPARISONS: Final = {
    "=": "equals",
    "<>": "differs",
    "<": "less than",
    "<=": "at most",
    ">": "more than",
    ">=": "at least",
}
_TESTS: Final = {
    "BETWEEN": "from … to …, both included",
    "IN": "one of several values",
    "LIKE": "a pattern with % and _",
    "IS NULL": "missing",
    "IS NOT NULL": "not missing",
    "NOT IN": "none of several values",
    "NOT BETWEEN": "outside of a range",
    "NOT LIKE": "not of a pattern",
}
_NULLS: Final = ("IS NULL", "IS NOT NULL")
_OPERATORS: Final = {
    Comparable.NUMBER: (*_COMPARISONS, "BETWEEN", "IN", *_NULLS, "NOT IN", "NOT BETWEEN"),
    Comparable.MOMENT: (*_COMPARISONS, "BETWEEN", "IN", *_NULLS, "NOT IN", "NOT BETWEEN"),
    Comparable.TEXT: ("=", "<>", "IN", "LIKE", *_NULLS, "NOT IN", "NOT LIKE"),
    Comparable.SCALAR: ("=", "<>", "IN", *_NULLS, "NOT IN"),
    Comparable.BOOLEAN: ("=", "<>", *_NULLS),
    Comparable.LABELS: _NULLS,
    Comparable.NOTHING: _NULLS,
}
_ANY: Final = {  # values where none is known
    Comparable.NUMBER: "0",
    Comparable.MOMENT: "DATE '2024-01-31'",
    Comparable.BOOLEAN: "TRUE",
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A text that may stand there, the `key` that typed letters are compared with, and a detail."""

    text: str
    kind: str
    detail: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """A value of a column and what to say of it, such as how many rows have it."""

    value: Value
    detail: str


class Vocabulary(Protocol):
    """The names and values that cohorts may use."""

    @property
    def fields(self) -> Fields: ...

    @property
    def columns(self) -> Sequence[ColumnRef]:
        """All columns, those behind a reserved name too, in order of interest."""

    @property
    def tags(self) -> Sequence[str]: ...

    @property
    def cohorts(self) -> Sequence[str]: ...

    @property
    def models(self) -> Sequence[str]:
        """Other models that were evaluated on the same rows."""

    def values(self, operand: Operand) -> Iterable[Known]:
        """Values of an operand, the most frequent or telling ones first."""


def offers(place: Place, vocabulary: Vocabulary, *, typed: str = "") -> list[Offer]:
    """What may stand at the place; `typed` is what stands there of a text already."""
    return list(_offers(place, vocabulary, typed))


def _offers(place: Place, known: Vocabulary, typed: str) -> Iterator[Offer]:
    match place.expected:
        case Expected.CONDITION:
            yield from _columns(known.columns, known.fields)
            yield from _functions(known)
            yield _word("NOT", "the opposite")
            yield _word("(", "conditions that belong together")
        case Expected.OPERATOR:
            yield from _operators(place, known.fields)
        case Expected.NEGATED:
            names = _operators_of(place.operand, known.fields)
            yield from (_operator(n.removeprefix("NOT ")) for n in names if n.startswith("NOT "))
        case Expected.VALUE | Expected.LOW | Expected.HIGH | Expected.LIST_VALUE:
            yield from _values(place, known, typed)
        case Expected.PATTERN:
            yield from _patterns(typed)
        case Expected.PHRASE:
            yield from _phrases(place, known, typed)
        case Expected.ARGUMENT:
            yield from _arguments(place, known)
        case _:
            yield from _joiners(place)


def _joiners(place: Place) -> Iterator[Offer]:
    single = {
        Expected.IS_NOT: ("NULL", "missing"),
        Expected.LIST: ("(", "the values"),
        Expected.BETWEEN_AND: ("AND", "the upper end"),
        Expected.COMMA: (",", "the words"),
        Expected.CLOSE: (")", ""),
        Expected.OPEN: ("(", ""),
    }
    if place.expected is Expected.NULL:
        yield _word("NULL", "missing")
        yield _word("NOT NULL", "not missing")
    elif place.expected is Expected.LIST_NEXT:
        yield _word(")", "the end of the values")
        yield _word(",", "another value")
    elif place.expected is Expected.JOIN:
        yield _word("AND", "both hold")
        yield _word("OR", "either holds")
        if place.brackets:
            yield _word(")", "")
    elif place.expected in single:
        yield _word(*single[place.expected])


def _columns(refs: Iterable[ColumnRef], fields: Fields) -> Iterator[Offer]:
    for ref in refs:
        yield Offer(operand_text(ref), "column", fields.type_of(ref).value, ref.name)


def _functions(known: Vocabulary) -> Iterator[Offer]:
    types = {known.fields.type_of(ref) for ref in known.columns}
    has_text = ColumnType.TEXT in types
    names = {
        "has": has_text or ColumnType.LABELS in types,
        "tag": bool(known.tags),
        "cohort": bool(known.cohorts),
        "p": any(ref.name.startswith("p_") for ref in known.columns) and known.fields.classes,
        "length": has_text,
        "words": has_text,
    }
    for name, is_useful in names.items():
        if is_useful:
            yield Offer(f"{name}(", "function", FUNCTIONS[name], name)
    for name in OF_MODELS if known.models else ():
        if name in known.fields.reserved:
            yield Offer(f"{name}(", "function", f"{name}('{known.models[0]}')", name)


def _operators(place: Place, fields: Fields) -> Iterator[Offer]:
    names = _operators_of(place.operand, fields)
    if place.operand is not None and fields.comparable(place.operand) is Comparable.BOOLEAN:
        yield from _joiners(Place(Expected.JOIN, brackets=place.brackets))
    yield from map(_operator, names)


def _operators_of(operand: Operand | None, fields: Fields) -> Sequence[str]:
    """The operators that fit an operand; LIKE is of columns alone."""
    if operand is None:
        return ()
    names = _OPERATORS[fields.comparable(operand)]
    if isinstance(operand, ColumnRef):
        return names
    return [name for name in names if "LIKE" not in name]


def _values(place: Place, known: Vocabulary, typed: str) -> Iterator[Offer]:
    operand, found = place.operand, 0
    if operand is None:
        return
    kind = known.fields.comparable(operand)
    for item in known.values(operand):
        text = literal_text(Literal(item.value))
        if str(item.value) not in place.used:
            found += 1
            yield Offer(text, "value", item.detail, _key(item.value))
    if known.fields.holds_class(operand) and not found:
        yield from (_class(name, "value") for name in known.fields.classes)
    elif kind is Comparable.BOOLEAN and not found:
        yield from (Offer(word, "value", "", word) for word in ("TRUE", "FALSE"))
    elif kind in (Comparable.TEXT, Comparable.SCALAR):
        if typed and not known.fields.holds_class(operand):
            yield Offer(string_text(typed), "value", AS_TYPED, typed)
        elif not found:
            yield Offer("'…'", "value", "a text", "…")
    elif not found:
        yield Offer(_ANY.get(kind, "0"), "value", "", "")
    if place.expected is Expected.VALUE:
        others = (ref for ref in known.columns if ref != operand)
        yield from _columns((r for r in others if known.fields.comparable(r) is kind), known.fields)


def _patterns(typed: str) -> Iterator[Offer]:
    middle = typed.strip("%") or "…"
    for pattern, detail in ((f"{middle}%", "begins so"), (f"%{middle}%", "holds it")):
        yield Offer(string_text(pattern), "value", detail, pattern)


def _phrases(place: Place, known: Vocabulary, typed: str) -> Iterator[Offer]:
    found = 0
    for item in known.values(place.operand) if place.operand is not None else ():
        found += 1
        yield Offer(string_text(str(item.value)), "value", item.detail, str(item.value))
    is_class = place.operand is not None and known.fields.holds_class(place.operand)
    if typed.strip() and not is_class:
        yield Offer(string_text(typed), "value", AS_TYPED, typed)
    elif not found:
        yield Offer("'…'", "value", "words", "…")


def _arguments(place: Place, known: Vocabulary) -> Iterator[Offer]:
    function = place.brackets[-1]
    if function in ("tag", "cohort"):
        names = known.tags if function == "tag" else known.cohorts
        yield from (Offer(string_text(name), function, "", name) for name in names)
    elif function in OF_MODELS or (function == "p" and place.operand is not None):
        yield from (Offer(string_text(name), "model", "", name) for name in known.models)
    elif function == "p":
        yield from (_class(name, "class") for name in known.fields.classes)
    elif function == "input":
        refs = (ref for ref in known.columns if ref.name in known.fields.columns)
        for ref in refs:
            name = operand_text(ColumnRef(ref.name))
            yield Offer(name, "column", known.fields.columns[ref.name].value, ref.name)
    elif function in ("has", "length", "words"):
        wanted = {Comparable.TEXT, Comparable.SCALAR}
        wanted |= {Comparable.LABELS} if function == "has" else set()
        fitting = (ref for ref in known.columns if known.fields.comparable(ref) in wanted)
        texts = sorted(fitting, key=lambda ref: known.fields.type_of(ref) is not ColumnType.TEXT)
        yield from _columns(texts, known.fields)


def _class(name: Scalar, kind: str) -> Offer:
    return Offer(literal_text(Literal(name)), kind, "", str(name))


def _operator(name: str) -> Offer:
    return Offer(name, "operator", _COMPARISONS.get(name) or _TESTS[name], name)


def _word(text: str, detail: str) -> Offer:
    return Offer(text, "keyword", detail, text)


def _key(value: Value) -> str:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
