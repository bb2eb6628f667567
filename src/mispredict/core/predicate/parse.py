"""Text of a cohort → predicate.

The text is read in three steps. The lexer refuses what the language doesn't have. `_check`
bounds the nesting and refuses neighbours that cannot be. What is left goes to sqlglot as
structure only: each value and name is replaced by its place among the tokens, so that no
quirk of a dialect can change a value. Its tree is then read against an allow-list.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate.lexer import FUNCTIONS, Kind, Token, near, tokens_of
from mispredict.core.predicate.position import placed
from mispredict.core.predicate.text import name_text
from mispredict.core.predicate.tree import MAX_DEPTH, Predicate, too_deep

if TYPE_CHECKING:
    from sqlglot.expressions import Expression

    from mispredict.core.predicate.fields import Fields

# A tree of the greatest depth has this many brackets; sqlglot takes 19 frames for each.
MAX_NESTING: Final = MAX_DEPTH + 2
_TESTS = ("IS", "IN", "BETWEEN", "LIKE")
_STARTS = (Kind.VALUE, Kind.NAME, Kind.FUNCTION)


def parse(text: str, fields: Fields | None = None) -> Predicate:
    """The predicate that the text says; with `fields` it is bound to them.

    Raises:
        BadPredicate: the text is no condition of the cohort language, or compares values of
            the wrong type.
        UnknownColumn: it names a column that `fields` doesn't have.

    Example:
        >>> parse("not(Age<=60) and Geography in ('Germany')").text
        "Age > 60 AND Geography = 'Germany'"
    """
    from mispredict.core.predicate.convert import Converter

    if not isinstance(text, str):
        raise BadPredicate(
            f"a cohort is text, not {type(text).__name__}.", known="", hint='"Age > 60"'
        )
    with placed():
        tokens = tokens_of(text)
    with placed(tokens):
        _check(tokens, fields.names if fields is not None else ())
        predicate = Converter(tokens).predicate(_structure(tokens))
        return predicate.bind(fields) if fields is not None else predicate


def _structure(tokens: list[Token]) -> Expression:
    from sqlglot import exp, parse_one
    from sqlglot.errors import SqlglotError

    sql = " ".join(_piece(token, place) for place, token in enumerate(tokens))
    try:
        # Of all dialects the neutral one adds least to the grammar.
        tree: Expression = parse_one(sql, into=exp.Condition)  # type: ignore[assignment, unused-ignore]
        return tree
    except (SqlglotError, RecursionError) as error:
        raise _unreadable(tokens, sql, error) from None


def _piece(token: Token, place: int) -> str:
    match token.kind:
        case Kind.VALUE:
            return f"'{place}'"
        case Kind.NAME:
            return f'"{place}"'
        case Kind.FUNCTION:
            return f"mp_{token.value}"
        case _:
            return str(token.value)


def _check(tokens: list[Token], names: Sequence[str]) -> None:
    if not tokens:
        raise BadPredicate(
            "the cohort is empty.", known="A cohort is a condition.", hint="TRUE for all rows"
        )
    open_, nots, is_open = [0], 0, True
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        if _is_spaced_name(before, token, is_open=is_open):
            raise _unquoted(tokens, place, names)
        _check_neighbours(before, token, is_open=is_open)
        is_open = _opens(token, is_open)
        nots = nots + 1 if token.is_word("NOT") else 0 if not token.is_word("(") else nots
        if token.is_word("("):
            open_.append(open_[-1] + nots + 1)
            nots = 0
        elif token.is_word(")") and len(open_) > 1:
            open_.pop()
        elif token.is_word(")"):
            raise _unbalanced(f"the bracket {near(token)} closes none.")
        if open_[-1] + nots > MAX_NESTING:
            raise too_deep()
    if len(open_) > 1:
        unclosed = _unbalanced("a bracket '(' is not closed.")
        unclosed.position = _unclosed(tokens).start
        raise unclosed
    if tokens[-1].is_word("NOT"):
        raise _unreadable_near(tokens[-1])


def _unclosed(tokens: list[Token]) -> Token:
    """The last bracket that nothing closes."""
    open_: list[Token] = []
    for token in tokens:
        if token.is_word("("):
            open_.append(token)
        elif token.is_word(")") and open_:
            open_.pop()
    return open_[-1]


def _check_neighbours(before: Token | None, token: Token, *, is_open: bool) -> None:
    """Refuses what cannot follow; `is_open` says that a value should come, not a joiner."""
    if is_open and (token.kind is Kind.OP or token.is_word("AND", "OR", *_TESTS)):
        raise BadPredicate(
            f"nothing stands before {near(token)}.",
            known="A comparison is: column, one of = <> < <= > >=, value.",
            hint="Age > 60 AND Geography IN ('Germany', 'France')",
        )
    if before is None:
        return
    if not is_open and (token.kind in _STARTS or token.is_word("(")):
        raise BadPredicate(
            f"nothing joins {before.written[:60]!r} and {near(token)}.",
            known="Conditions are joined by AND or OR; text stands in single quotes.",
            hint=_join_hint(before, token),
        )
    if before.is_word("NOT") and not is_open and not token.is_word(*_TESTS):
        raise _unreadable_near(token)  # older versions of sqlglot take `a NOT` for `NOT a`
    if token.is_word("NOT") and (before.kind is Kind.OP or before.is_word("IN", "BETWEEN", "LIKE")):
        raise BadPredicate(
            f"NOT cannot follow {before.written!r} at character {token.start + 1}.",
            known="NOT stands before a condition, or before IN, BETWEEN, LIKE and NULL.",
            hint="NOT Age > 60, or Active = FALSE",
        )


def _is_spaced_name(before: Token | None, token: Token, *, is_open: bool) -> bool:
    """Whether two bare words stand side by side, as in a name or text without its quotes."""
    pair = (before, token)
    return not is_open and all(item is not None and _is_bare(item) for item in pair)


def _is_bare(token: Token) -> bool:
    return token.kind is Kind.NAME and not token.written.startswith('"')


def _unquoted(tokens: list[Token], place: int, names: Sequence[str]) -> BadPredicate:
    """A name of several words needs double quotes, text single ones."""
    before, token = tokens[place - 1], tokens[place]
    start = place - 1
    words = [item.written for item in takewhile(_is_bare, tokens[start:])]
    both = " ".join(words)
    meant = [name for name in names if " " in name and _begins(both, name)]
    after_value = start > 0 and tokens[start - 1].kind is Kind.OP
    hint = f"'{both}'" if after_value else f'"{both}"'
    return BadPredicate(
        f"nothing joins {before.written[:60]!r} and {near(token)}.",
        known="Conditions are joined by AND or OR; names of several words stand in double quotes,"
        " text in single ones.",
        hint=name_text(max(meant, key=len)) if meant else hint[:80],
    )


def _begins(words: str, name: str) -> bool:
    return f"{words} ".casefold().startswith(f"{name} ".casefold())


def _opens(token: Token, was_open: bool) -> bool:
    """Whether a value or a condition should come after the token."""
    if token.kind in (Kind.VALUE, Kind.NAME) or token.is_word(")", "NULL"):
        return False
    # In `a NOT IN`, NOT follows a value and a test comes next.
    return was_open or not token.is_word("NOT")


def _join_hint(before: Token, token: Token) -> str:
    return f"… {before.written[:40]} AND {token.written[:40]} …"


def _unbalanced(problem: str) -> BadPredicate:
    return BadPredicate(problem, known="Brackets come in pairs.", hint="(A OR B) AND C")


def _unreadable(tokens: list[Token], sql: str, error: Exception) -> BadPredicate:
    if isinstance(error, RecursionError):
        return too_deep()
    details = getattr(error, "errors", None) or [{}]
    column = details[0].get("col") or len(sql)
    place = min(sql.count(" ", 0, max(column - 1, 0)), len(tokens) - 1)
    return _unreadable_near(tokens[place])


def _unreadable_near(token: Token) -> BadPredicate:
    return BadPredicate(
        f"the cohort cannot be read near {near(token)}.",
        known="A condition is: column, comparison, value; or a function such as "
        f"{FUNCTIONS['has']}.",
        hint="Geography = 'Germany' AND Age BETWEEN 50 AND 65",
    )
