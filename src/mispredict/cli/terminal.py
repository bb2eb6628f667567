"""The edge of the console: text that others wrote is shown, never obeyed, nor taken for an answer.

Names of models, checks and problems and values of rows may hold control characters, by which a
terminal is told to move, to rename its window or to hide what stands before. They are printed as
escapes, here alone: every line of every command goes through `printable`. What a model prints
while it is asked goes to standard error, where it is in nobody's way.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import TextIO

import click

# All control characters but newline and tab, and those that turn the direction of text around.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_answers: TextIO | None = None  # where answers go while nothing else does


@contextmanager
def for_answers_alone() -> Iterator[None]:
    """Block in which standard output is for answers; what others print goes to standard error."""
    global _answers  # noqa: PLW0603 - as sys.stdout is one for the whole process
    before, _answers = _answers, stdout()
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        _answers = before
        sys.stderr.flush()  # so that what was printed stands before what follows


def stdout() -> TextIO:
    """Standard output, also while it is for answers alone."""
    return _answers or sys.stdout


def printable(text: str) -> str:
    r"""The text with its control characters as escapes.

    Example:
        >>> print(printable("name\x1b[2J"))
        name\x1b[2J
    """
    return _CONTROL.sub(lambda found: _escape(found.group()), text)


def printable_json(text: str) -> str:
    """JSON with the control characters that it may hold as they are as its own escapes."""
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def echo(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print a text for people."""
    click.echo(printable(text), file=None if err else _answers, err=err, nl=nl)


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
