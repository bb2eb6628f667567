"""Perturbations by a text: a name, or a name with options, `shift(down=true)`."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial, update_wrapper
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption
from mispredict.core.options import shown

if TYPE_CHECKING:
    from mispredict.perturb.registry import Perturbation

_CALL = re.compile(r"([^()=,]+?)\s*\(([^()|]*)\)")
Scalar = str | int | float | bool


def parted(text: str) -> tuple[str, dict[str, Scalar]]:
    """The name in a text and the options after it.

    Raises:
        BadOption: an option without a value.

    Example:
        >>> parted("name_swap(group=hispanic)")
        ('name_swap', {'group': 'hispanic'})
    """
    found = _CALL.fullmatch(text.strip())
    if found is None:
        return text.strip(), {}
    options: dict[str, Scalar] = {}
    for item in filter(str.strip, found[2].split(",")):
        key, equals, value = item.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise BadOption(
                f"{item.strip()!r} in {text.strip()!r} says no value.",
                known="An option is written NAME=VALUE.",
                hint=f"{found[1]}(down=true)",
            )
        options[key.strip()] = _scalar(value.strip())
    return found[1], options


def written(name: str, options: Mapping[str, Scalar]) -> str:
    """The text that means the perturbation with these options.

    Raises:
        BadOption: a value that cannot stand in it.
    """
    if not options:
        return name
    for key, value in options.items():
        if isinstance(value, str) and (re.search(r"[(),|=]", value) or _scalar(value) != value):
            raise BadOption(
                f"{key}={shown(value)} cannot be written as a text.",
                known="Brackets, commas, bars and equal signs have a meaning there.",
                hint="another value, or the option in Python",
            )
    return f"{name}({', '.join(f'{key}={_word(value)}' for key, value in options.items())})"


def with_options(item: Perturbation, given: Mapping[str, Scalar]) -> Perturbation:
    """The perturbation that does its change with these options.

    Raises:
        BadOption: it has no such option, or that takes no such value.
    """
    if not given:
        return item
    options = {key: _checked(item, key, value) for key, value in given.items()}
    change = update_wrapper(partial(item.change, **options), item.change)
    rest = {key: default for key, default in item.options.items() if key not in options}
    return replace(item, name=written(item.name, options), change=change, options=rest)


def _checked(item: Perturbation, key: str, value: Scalar) -> Scalar:
    """The value in the type of the option: files and functions cannot be named in a text."""
    if key not in item.options:
        listed = ", ".join(item.options)
        raise BadOption(
            f"{item.name!r} has no option {key!r}.",
            known=f"Options: {listed}." if listed else "It has none.",
            hint=f"{item.name!r} alone" if not listed else "",
        )
    default = item.options[key]
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if isinstance(default, bool):
        wanted, is_good = "true or false", isinstance(value, bool)
    elif isinstance(default, str):
        return value if isinstance(value, str) else _word(value)
    else:
        wanted, is_good = "a number", is_number
    if not is_good:
        raise BadOption(
            f"{key}={shown(value)} cannot be used in {item.name!r}.",
            known=f"{key} is {wanted}, here; functions and files are given in Python.",
            hint=f"{item.name}({key}={'true' if isinstance(default, bool) else '1'})",
        )
    return value


def _scalar(text: str) -> Scalar:
    if text in ("true", "false"):
        return text == "true"
    try:
        number = float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number.is_integer() and re.fullmatch(r"-?\d+", text) else number


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
