"""Where in a cohort's text the fault lies that an error speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from mispredict.core.errors import InputError
from mispredict.core.predicate.lexer import Kind, Token

_PLACE = re.compile(r"at character (\d+)")


@contextmanager
def placed(tokens: Sequence[Token] = ()) -> Iterator[None]:
    """Errors of the block get the position that they name, or that of the name they speak of."""
    try:
        yield
    except InputError as error:
        if error.position is None:
            error.position = _position(error.problem, tokens)
        raise


def _position(problem: str, tokens: Sequence[Token]) -> int | None:
    said = _PLACE.search(problem)
    if said:
        return int(said[1]) - 1
    names = [token for token in tokens if token.kind in (Kind.NAME, Kind.VALUE)]
    spoken = [token for token in names if _speaks_of(problem, token)]
    if not spoken:
        return None
    return max(spoken, key=lambda token: (len(token.written), -token.start)).start


def _speaks_of(problem: str, token: Token) -> bool:
    """Whether the message has the token as it was written, or its value in quotes."""
    written, value = re.escape(token.written), str(token.value)
    as_written = re.search(rf"(?<![\w'\"]){written}(?![\w'\"])", problem, re.IGNORECASE)
    return bool(as_written) or repr(value) in problem
