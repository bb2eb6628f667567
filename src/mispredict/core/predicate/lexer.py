"""Tokens of a cohort's text, and the limits that make hostile text cheap to refuse.

One regular expression reads the text from left to right, so the time is linear. What the
language doesn't have (comments, brackets, casts, subqueries …) ends here, before the parser.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mispredict.core.errors import BadPredicate, alternatives
from mispredict.core.predicate.literal import Value, checked_text
from mispredict.core.predicate.moments import read_moment
from mispredict.core.predicate.others import OF_MODELS
from mispredict.core.predicate.text import FORBIDDEN, KEYWORDS, string_text

MAX_CHARACTERS: Final = 20_000
MAX_TOKENS: Final = 4_000
FUNCTIONS: Final = {
    "has": "has(text, 'phrase')",
    "tag": "tag('name')",
    "cohort": "cohort('name')",
    "input": 'input("name")',
    "length": "length(text)",
    "words": "words(text)",
    "p": "p('class')",
    "inside": "inside(x1, y1, x2, y2, x3, y3)",
}
_OPENS = re.compile(r"\s*\(")
_SPELLINGS = {"!=": "<>", "==": "="}
_PAIRS = ("--", "/*", "//", "::")
_MAX_DIGITS = 400
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<comment>--|/\*|\#|//)
    |(?P<string>'(?:[^']|'')*')
    |(?P<name>"(?:[^"]|"")*")
    |(?P<number>[-+]?\s*(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)
    |(?P<word>[^\W\d]\w*)
    |(?P<op><>|!=|==|<=|>=|=|<|>)
    |(?P<mark>[(),])""",
    re.VERBOSE,
)


class Kind(StrEnum):
    """What a token is."""

    VALUE = "value"
    NAME = "name"
    FUNCTION = "function"
    KEYWORD = "keyword"
    OP = "operator"
    MARK = "mark"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text: as written, where, and the value it stands for."""

    kind: Kind
    written: str
    start: int
    value: Value = ""

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords, brackets or commas."""
        return self.kind in (Kind.KEYWORD, Kind.MARK) and self.value in words


def tokens_of(text: str) -> list[Token]:
    """The tokens of the text.

    Raises:
        BadPredicate: it is empty, too long, or holds what the language doesn't have.
    """
    if len(text) > MAX_CHARACTERS:
        raise _too_long(f"{len(text):,} characters", f"{MAX_CHARACTERS:,}")
    checked_text(text)
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup == "comment":
            raise _stray(text, place)
        if found.lastgroup != "space":
            tokens.append(_token(found, text, tokens))
            if len(tokens) > MAX_TOKENS:
                raise _too_long(f"more than {MAX_TOKENS:,} words and signs", f"{MAX_TOKENS:,}")
        place = found.end()
    return _with_moments(tokens)


def near(token: Token) -> str:
    """Where the token stands, for messages."""
    return f"{token.written[:60]!r} at character {token.start + 1}"


def _token(found: re.Match[str], text: str, before: list[Token]) -> Token:
    written, start = found.group(), found.start()
    match found.lastgroup:
        case "string":
            _check_apart(found, text)
            return Token(Kind.VALUE, written, start, written[1:-1].replace("''", "'"))
        case "name":
            _check_apart(found, text)
            return Token(Kind.NAME, written, start, written[1:-1].replace('""', '"'))
        case "number":
            return _number(found, text, before)
        case "op":
            return Token(Kind.OP, written, start, _SPELLINGS.get(written, written))
        case "mark":
            return Token(Kind.MARK, written, start, written)
        case _:
            return _word(found, text)


def _word(found: re.Match[str], text: str) -> Token:
    written, start = found.group(), found.start()
    upper = written.upper()
    if upper in ("TRUE", "FALSE"):
        return Token(Kind.VALUE, written, start, upper == "TRUE")
    if upper in KEYWORDS:
        return Token(Kind.KEYWORD, written, start, upper)
    if upper in FORBIDDEN:
        raise _foreign(written, start)
    if not _OPENS.match(text, found.end()):
        return Token(Kind.NAME, written, start, written)
    if written.lower() not in FUNCTIONS and written.lower() not in OF_MODELS:
        known = alternatives(written, FUNCTIONS, "function", most=len(FUNCTIONS))
        unknown = BadPredicate(
            f"no function {written!r}.",
            known=known,
            hint=f"one of {', '.join(FUNCTIONS.values())}",
        )
        unknown.position = start
        raise unknown
    return Token(Kind.FUNCTION, written, start, written.lower())


def _number(found: re.Match[str], text: str, before: list[Token]) -> Token:
    written, start = found.group(), found.start()
    if written[0] in "+-" and before and _ends_value(before[-1]):
        raise BadPredicate(
            f"arithmetic is not part of the cohort language ({written[0]!r} at character"
            f" {start + 1}).",
            known="A comparison has a column on one side and a value on the other.",
            hint="add the computed value to the dataset as a column",
        )
    following = text[found.end() : found.end() + 1]
    digits = re.sub(r"\s", "", written)
    if following.isalnum() or following in ("_", ".", "'", '"') or len(digits) > _MAX_DIGITS:
        raise BadPredicate(
            f"{(written + following)[:60]!r} at character {start + 1} is not a number.",
            known="Numbers are written 5, -2.5 or 1e6; names that begin with a digit in quotes.",
            hint=f'"{written[:20]}…" for a column, {string_text(written[:20] + "…")} for text',
        )
    whole = re.fullmatch(r"[-+]?\d+", digits)
    return Token(Kind.VALUE, written, start, int(digits) if whole else float(digits))


def _ends_value(token: Token) -> bool:
    return token.kind in (Kind.VALUE, Kind.NAME) or token.is_word(")", "NULL")


def _with_moments(tokens: list[Token]) -> list[Token]:
    """The tokens with `DATE '…'` and `TIMESTAMP '…'` as one value each."""
    joined: list[Token] = []
    for token in tokens:
        last = joined[-1] if joined else None
        is_text = token.kind is Kind.VALUE and isinstance(token.value, str)
        if last is not None and is_text and _names_moment(last):
            joined[-1] = _moment(last, token)
        else:
            joined.append(token)
    return joined


def _moment(name: Token, text: Token) -> Token:
    written = f"{name.written} {text.written}"
    return Token(Kind.VALUE, written, name.start, read_moment(str(text.value)))


def _names_moment(token: Token) -> bool:
    is_bare = token.kind is Kind.NAME and not token.written.startswith('"')
    return is_bare and token.written.upper() in ("DATE", "TIMESTAMP")


def _check_apart(found: re.Match[str], text: str) -> None:
    # SQL reads x'…', b'…' and "a"'b' as other things; nobody means them here.
    before, after = text[found.start() - 1 : found.start()], text[found.end() : found.end() + 1]
    if before.isalnum() or before in ("_", "'", '"') or after.isalnum() or after in ("_", "'", '"'):
        raise BadPredicate(
            f"{found.group()[:60]} at character {found.start() + 1} touches what stands beside it.",
            known="Text stands in single quotes, a quote inside it is written twice.",
            hint="a space between them",
        )


def _too_long(size: str, most: str) -> BadPredicate:
    return BadPredicate(
        f"the cohort has {size}.",
        known=f"The most is {most}.",
        hint="a tag on the rows, or parts saved as cohorts and joined by cohort('name')",
    )


def _stray(text: str, place: int) -> BadPredicate:
    where = f"at character {place + 1}"
    sign = text[place]
    if sign in "'\"":
        return BadPredicate(
            f"the quote {where} is not closed.",
            known="Text stands in single quotes, names in double quotes.",
            hint="'it''s' for a quote inside text",
        )
    if sign in "‘’“”`":
        return BadPredicate(
            f"{sign!r} {where} is not a quote of SQL.",
            known="Text stands in single quotes ('…'), names in double quotes (\"…\").",
            hint="straight quotes",
        )
    pair = text[place : place + 2]
    shown = pair if pair in _PAIRS else sign
    return BadPredicate(
        f"{shown!r} {where} is not part of the cohort language.",
        known="It has comparisons, AND, OR, NOT, IN, BETWEEN, LIKE, IS NULL and brackets ( ).",
        hint="\"…\" around a name with special characters, '…' around text",
    )


def _foreign(written: str, start: int) -> BadPredicate:
    word = written.upper()
    hints = {
        "ILIKE": "has(column, 'words'), which ignores case",
        "ESCAPE": "has(column, 'words')",
        "REGEXP": "has(column, 'words') or LIKE",
        "SIMILAR": "has(column, 'words') or LIKE",
    }
    return BadPredicate(
        f"{word} at character {start + 1} is not part of the cohort language.",
        known="A cohort is one condition: comparisons joined by AND, OR and NOT.",
        hint=hints.get(word, f'"{written}" in double quotes, if it is a column'),
    )
