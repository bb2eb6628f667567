"""Arguments and options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def evaluation_argument(function: F) -> F:
    """`[EVALUATION]`: model/dataset, either with or without @version, or one of the names."""
    return click.argument("evaluation", required=False, metavar="[EVALUATION]")(function)


def where_option(function: F) -> F:
    """`--where COHORT`, the rows that the answer is about."""
    words = "Only these rows, in the cohort language: \"Age > 60 AND has(text, 'refund')\"."
    return click.option("--where", metavar="COHORT", help=words)(function)


def trust_option(function: F) -> F:
    """`--trust`, whether a stored copy of the model may be loaded."""
    words = "Load a pickle, which can run any code."
    return click.option("--trust", is_flag=True, help=words)(function)


def rows_option(function: F) -> F:
    """`--row N`, rows one by one."""
    words = "A row by its number, from 0."
    return click.option("--row", "rows", type=int, multiple=True, help=words)(function)


def limit_option(default: int, of: str = "rows") -> Callable[[F], F]:
    """`--limit N`, how many to show."""

    def add(function: F) -> F:
        words = f"How many {of} to show."
        return click.option(
            "--limit", "-n", type=click.IntRange(0), default=default, show_default=True, help=words
        )(function)

    return add


REF = "REF is a name, name@version, name@label or model/dataset; 'dataset:churn@3' where a name\
 is used twice."


def as_class(text: str) -> str | int | bool:
    """The class as the type its label has: whole numbers and truth values are not words."""
    if text in ("true", "false"):
        return text == "true"
    return int(text) if text.lstrip("-").isdecimal() and str(int(text)) == text else text


def imported_function(text: str) -> Callable[..., Any]:
    """The function that `module:function` names, found in the current folder too.

    Raises:
        BadOption: there is none.
    """
    from importlib import import_module

    from mispredict.core.errors import BadOption

    module, _, name = text.partition(":")
    try:
        found: Any = getattr(import_module(module), name)
    except Exception as error:  # a module of somebody else's, which may raise anything
        raise BadOption(
            f"{text!r} cannot be imported: {type(error).__name__}: {error}",
            hint="module:function, with the module on PYTHONPATH",
        ) from error
    if not callable(found):
        raise BadOption(
            f"{text!r} is no function.",
            known=f"It is a value of type {type(found).__name__}.",
            hint="module:function",
        )
    function: Callable[..., Any] = found
    return function
