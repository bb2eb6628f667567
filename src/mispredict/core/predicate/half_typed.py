"""What a half-typed cohort expects next: a small machine that walks over its tokens.

It is more lenient than the parser: quotes may be open, names unknown, and text that cannot
become a cohort ends in a place where nothing is expected.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from mispredict.core.errors import InputError
from mispredict.core.predicate.fields import Fields
from mispredict.core.predicate.lexer import FUNCTIONS
from mispredict.core.predicate.others import OF_MODELS, other_name
from mispredict.core.predicate.text import KEYWORDS
from mispredict.core.predicate.tree import ColumnRef, Length, Operand, Probability, Words

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    |(?P<string>'(?:[^']|'')*(?:'|$))
    |(?P<name>"(?:[^"]|"")*(?:"|$))
    |(?P<number>[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<op><>|!=|==|<=|>=|=|<|>)
    |(?P<mark>[(),])
    |(?P<stray>.)""",
    re.VERBOSE | re.DOTALL,
)


_QUOTED = ("string", "name", "moment")
_CALLED: Final = frozenset((*FUNCTIONS, *OF_MODELS))


class Expected(StrEnum):
    """What may stand at a place."""

    CONDITION = "condition"
    OPERATOR = "operator"
    NEGATED = "negated test"  # IN, BETWEEN or LIKE after NOT
    NULL = "null"  # after IS
    IS_NOT = "null after not"
    VALUE = "value"
    LIST = "list"  # the bracket after IN
    LIST_VALUE = "value of a list"
    LIST_NEXT = "next of a list"
    LOW = "low end"
    BETWEEN_AND = "AND of BETWEEN"
    HIGH = "high end"
    PATTERN = "pattern"
    JOIN = "join"
    OPEN = "open bracket"  # of a function
    ARGUMENT = "argument"
    COMMA = "comma"
    PHRASE = "phrase"
    CLOSE = "close bracket"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of the text: what kind it is, as written, and where."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def value(self) -> str:
        """What stands in the quotes, or the text itself."""
        if self.kind not in _QUOTED:
            return self.text
        quote, inner = self._quoted
        return (inner[:-1] if self.is_closed else inner).replace(quote * 2, quote)

    @property
    def is_closed(self) -> bool:
        """Whether it is no text in quotes that still goes on."""
        if self.kind not in _QUOTED:
            return True
        quote, inner = self._quoted
        return inner.endswith(quote) and inner.count(quote) % 2 == 1

    @property
    def _quoted(self) -> tuple[str, str]:
        """The quote, and what stands after it."""
        start = self.text.find("'") if self.kind == "moment" else 0
        return self.text[start], self.text[start + 1 :]

    def is_word(self, *words: str) -> bool:
        return self.kind in ("word", "mark") and self.text.upper() in words


@dataclass(slots=True)
class Place:
    """What is expected after some tokens, about which operand, inside of which brackets."""

    expected: Expected = Expected.CONDITION
    operand: Operand | None = None
    op: str = ""
    function: str = ""
    used: list[str] = field(default_factory=list)
    brackets: list[str] = field(default_factory=list)  # "(" or the name of a function
    is_right: bool = False  # of a comparison: what follows is its second operand


def pieces_of(text: str) -> list[Piece]:
    """The tokens of the text without the spaces; `DATE '…'` is one, and functions are marked."""
    found: list[Piece] = []
    for match in _TOKEN.finditer(text):
        kind, last = match.lastgroup or "", found[-1] if found else None
        if kind == "space":
            continue
        if last is not None and kind == "string" and last.is_word("DATE", "TIMESTAMP"):
            found[-1] = Piece("moment", text[last.start : match.end()], last.start)
        elif last is not None and match.group() == "(" and last.text.lower() in _CALLED:
            found[-1] = Piece("function", last.text, last.start)
            found.append(Piece(kind, "(", match.start()))
        else:
            found.append(Piece(kind, match.group(), match.start()))
    return found


def read(pieces: list[Piece], fields: Fields) -> Place:
    """What is expected after the tokens."""
    place = Place()
    for piece in pieces:
        _step(place, piece, fields)
        if place.expected is Expected.NOTHING:
            break
    return place


def _step(place: Place, piece: Piece, fields: Fields) -> None:
    steps = {
        Expected.CONDITION: _condition,
        Expected.OPERATOR: _operator,
        Expected.VALUE: _value,
        Expected.LIST_VALUE: _list_value,
        Expected.LIST_NEXT: _list_next,
        Expected.JOIN: _join,
        Expected.OPEN: _open,
        Expected.ARGUMENT: _argument,
        Expected.CLOSE: _close,
    }
    if not piece.is_closed or piece.kind == "stray":
        place.expected = Expected.NOTHING
    elif place.expected in steps:
        steps[place.expected](place, piece, fields)
    else:
        _fixed(place, piece)


def _condition(place: Place, piece: Piece, fields: Fields) -> None:
    if piece.is_word("NOT"):
        return
    if piece.is_word("("):
        place.brackets.append("(")
    elif piece.is_word("TRUE", "FALSE"):
        place.expected = Expected.JOIN
    elif _is_function(piece):
        place.function, place.expected = piece.text.lower(), Expected.OPEN
    elif _is_name(piece):
        _take_operand(place, _resolved(ColumnRef(piece.value), fields))
    else:
        place.expected = Expected.NOTHING


def _operator(place: Place, piece: Piece, fields: Fields) -> None:
    if piece.kind == "op":
        place.op, place.expected = piece.text, Expected.VALUE
    elif piece.is_word("AND", "OR", ")"):
        _join(place, piece, fields)
    else:
        _test(place, piece)


def _test(place: Place, piece: Piece) -> None:
    words = {
        "IN": Expected.LIST,
        "BETWEEN": Expected.LOW,
        "LIKE": Expected.PATTERN,
        "IS": Expected.NULL,
        "NOT": Expected.NEGATED,
    }
    place.expected = words.get(piece.text.upper(), Expected.NOTHING)


def _value(place: Place, piece: Piece, fields: Fields) -> None:
    if _is_value(piece):
        place.expected = Expected.JOIN
    elif _is_function(piece):
        place.function, place.is_right = piece.text.lower(), True
        place.expected = Expected.OPEN
    else:
        is_column = _is_name(piece) and _resolved(ColumnRef(piece.value), fields) is not None
        place.expected = Expected.JOIN if is_column else Expected.NOTHING


def _list_value(place: Place, piece: Piece, fields: Fields) -> None:
    place.used.append(piece.value)
    place.expected = Expected.LIST_NEXT if _is_value(piece) else Expected.NOTHING


def _list_next(place: Place, piece: Piece, fields: Fields) -> None:
    if piece.is_word(","):
        place.expected = Expected.LIST_VALUE
    else:
        place.expected = Expected.JOIN if piece.is_word(")") else Expected.NOTHING


def _join(place: Place, piece: Piece, fields: Fields) -> None:
    if piece.is_word("AND", "OR"):
        place.expected, place.operand, place.is_right = Expected.CONDITION, None, False
        place.used.clear()
    elif piece.is_word(")") and place.brackets:
        place.brackets.pop()
        place.expected = Expected.JOIN
    else:
        place.expected = Expected.NOTHING


def _open(place: Place, piece: Piece, fields: Fields) -> None:
    place.brackets.append(place.function)
    place.expected = Expected.ARGUMENT if piece.is_word("(") else Expected.NOTHING


def _argument(place: Place, piece: Piece, fields: Fields) -> None:
    """The first argument of the function whose bracket is open."""
    function = place.brackets[-1]
    is_text = piece.kind == "string" or (function == "p" and _is_value(piece))
    if function in OF_MODELS or (function == "p" and _has_class(place)):
        _take_model(place, piece, fields)
    elif function in ("tag", "cohort", "p"):
        place.expected = Expected.CLOSE if is_text else Expected.NOTHING
        if function == "p":
            place.operand = _probability(piece, fields)
            is_class = place.operand is not None
            place.expected = Expected.CLOSE if is_class else Expected.NOTHING
    elif function == "inside":
        place.expected = Expected.ARGUMENT
        if piece.is_word(")"):
            _finish(place)
    elif _is_function(piece) and piece.text.lower() == "input" and function != "input":
        place.function, place.expected = "input", Expected.OPEN
    elif _is_name(piece):
        _take_operand(place, _resolved(ColumnRef(piece.value, function == "input"), fields))
        if place.operand is not None:
            place.expected = Expected.COMMA if function == "has" else Expected.CLOSE
    else:
        place.expected = Expected.NOTHING


def _close(place: Place, piece: Piece, fields: Fields) -> None:
    if piece.is_word(")"):
        _finish(place)
    elif piece.is_word(",") and place.brackets[-1] == "p" and _has_class(place):
        place.expected = Expected.ARGUMENT
    else:
        place.expected = Expected.NOTHING


def _take_model(place: Place, piece: Piece, fields: Fields) -> None:
    """The name of another model, whose column or probability is meant."""
    place.expected = Expected.NOTHING
    if piece.kind != "string":
        return
    if place.brackets[-1] == "p" and isinstance(place.operand, Probability):
        place.operand = Probability(place.operand.class_, piece.value)
        place.expected = Expected.CLOSE
        return
    name = other_name(place.brackets[-1], piece.value)
    place.operand = _resolved(ColumnRef(name), fields)
    place.expected = Expected.CLOSE if place.operand is not None else Expected.NOTHING


def _has_class(place: Place) -> bool:
    """Whether the class of the probability that is being written stands there already."""
    operand = place.operand
    return isinstance(operand, Probability) and not operand.model and not place.is_right


def _finish(place: Place) -> None:
    """What follows a function whose bracket was closed."""
    function = place.brackets.pop()
    outer = place.brackets[-1] if place.brackets else "("
    if function == "input" and outer in ("has", "length", "words"):
        place.expected = Expected.COMMA if outer == "has" else Expected.CLOSE
    elif function in ("has", "tag", "cohort", "inside") or place.is_right:
        place.expected = Expected.JOIN
    else:
        if function in ("length", "words") and isinstance(place.operand, ColumnRef):
            ref = place.operand
            place.operand = Length(ref) if function == "length" else Words(ref)
        place.expected = Expected.OPERATOR


def _fixed(place: Place, piece: Piece) -> None:
    """Places where only one thing can stand."""
    value = _is_value(piece)
    after = {
        Expected.LIST: (piece.is_word("("), Expected.LIST_VALUE),
        Expected.LOW: (value, Expected.BETWEEN_AND),
        Expected.BETWEEN_AND: (piece.is_word("AND"), Expected.HIGH),
        Expected.HIGH: (value, Expected.JOIN),
        Expected.PATTERN: (piece.kind == "string", Expected.JOIN),
        Expected.IS_NOT: (piece.is_word("NULL"), Expected.JOIN),
        Expected.COMMA: (piece.is_word(","), Expected.PHRASE),
        Expected.PHRASE: (piece.kind == "string", Expected.CLOSE),
    }
    if place.expected is Expected.NULL:
        words = {"NULL": Expected.JOIN, "NOT": Expected.IS_NOT}
        place.expected = words.get(piece.text.upper(), Expected.NOTHING)
    elif place.expected is Expected.NEGATED:
        _test(place, piece)
        if not piece.is_word("IN", "BETWEEN", "LIKE"):
            place.expected = Expected.NOTHING
    else:
        is_right, following = after[place.expected]
        place.expected = following if is_right else Expected.NOTHING


def _take_operand(place: Place, operand: Operand | None) -> None:
    place.operand = operand
    place.expected = Expected.OPERATOR if operand is not None else Expected.NOTHING


def _probability(piece: Piece, fields: Fields) -> Operand | None:
    try:
        return Probability(fields.class_named(piece.value, place="p({})"))
    except InputError:
        return None


def _resolved(ref: ColumnRef, fields: Fields) -> ColumnRef | None:
    try:
        return fields.resolve(ref)
    except InputError:
        return None


def _is_function(piece: Piece) -> bool:
    return piece.kind == "function"


def _is_name(piece: Piece) -> bool:
    return piece.kind == "name" or (piece.kind == "word" and piece.text.upper() not in KEYWORDS)


def _is_value(piece: Piece) -> bool:
    return piece.kind in ("string", "number", "moment") or piece.is_word("TRUE", "FALSE")
