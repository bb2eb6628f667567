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
