"""The options of a kind of check: what its fields may hold, read from the class itself.

A kind is a dataclass, and its fields are its options. A field's type and metadata say what it may
hold, its docstring's `Attributes` what it means; readers of suites, the JSON schema and the
reference page stand on the same.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import MISSING, Field, field, fields
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from mispredict.core.errors import BadOption
from mispredict.core.options import shown

_RANGE = ("minimum", "maximum", "exclusive_minimum", "exclusive_maximum")
_NAMES = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def option(default: Any = MISSING, **about: Any) -> Any:
    """A field of a kind with what is to be known of its values.

    Args:
        default: its value when left out; without one the option is required.
        about: `minimum`, `maximum`, `exclusive_minimum`, `exclusive_maximum` of numbers (and of
            the numbers in a list or mapping); `cohort`, `tag`, `column`, `perturbation`,
            `label`, `metric` = True says what its text names.
    """
    return field(default=default, metadata=about)


def check_options(kind: Any) -> None:
    """Raise where a value has another type than its option, or is out of its range.

    Raises:
        BadOption: with the name of the option, what it may hold, and an example.
    """
    known: Any = type(kind)
    hints = _hints(known)
    for item in fields(kind):
        value, hint = getattr(kind, item.name), hints[item.name]
        if not fits(value, hint):
            raise BadOption(
                f"{item.name}={shown(value)} cannot be used.",
                known=f"{item.name} is {_article(type_words(hint))}.",
                hint=f"{item.name}=[{shown(value)}]" if fits([value], hint) else _hint(item, hint),
            )
        _check_range(item, hint, value)


@cache
def _hints(kind: Any) -> Mapping[str, Any]:
    return get_type_hints(kind)


def fits(value: Any, hint: Any) -> bool:
    """Whether a value is of a type: whole numbers are numbers, lists are tuples."""
    origin, inside = get_origin(hint), get_args(hint)
    if hint is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(fits(value, part) for part in inside)
    if origin is Literal:
        return any(type(value) is type(item) and value == item for item in inside)
    if origin is tuple:
        if not isinstance(value, (tuple, list)):
            return False
        wanted = [inside[0]] * len(value) if inside[-1] is Ellipsis else list(inside)
        return len(wanted) == len(value) and all(map(fits, value, wanted))
    if origin is not None and issubclass(origin, Mapping):
        return isinstance(value, Mapping) and all(
            fits(key, inside[0]) and fits(item, inside[1]) for key, item in value.items()
        )
    if hint is None or hint is type(None):
        return value is None
    if hint is float:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)


def type_words(hint: Any) -> str:
    """A type in words."""
    origin, inside = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        parts = [type_words(part) for part in inside if part is not type(None)]
        return " or ".join(dict.fromkeys(parts))
    if origin is Literal:
        return f"one of {', '.join(map(repr, inside))}"
    if origin is tuple:
        return f"list of {_plural(type_words(inside[0]))}"
    if origin is not None and issubclass(origin, Mapping):
        return f"mapping of names to {type_words(inside[1])}"
    return _NAMES.get(hint, "anything")


def listed(kind: Any) -> None:
    """Make tuples of the lists that a kind was given: a frozen thing holds nothing that changes."""
    for item in fields(kind):
        value = getattr(kind, item.name)
        if isinstance(value, list):
            object.__setattr__(kind, item.name, tuple(_frozen(part) for part in value))
        elif isinstance(value, Mapping):
            frozen = {key: _frozen(part) for key, part in value.items()}
            object.__setattr__(kind, item.name, types.MappingProxyType(frozen))


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _check_range(item: Field[Any], hint: Any, value: Any) -> None:
    about = item.metadata
    if not any(name in about for name in _RANGE):
        return
    parts = list(value) if isinstance(value, (tuple, list)) else [value]
    parts = list(value.values()) if isinstance(value, Mapping) else parts
    for part in parts:
        is_number = isinstance(part, (int, float)) and not isinstance(part, bool)
        if is_number and not is_inside(part, about):
            raise BadOption(
                f"{item.name}={shown(value)} cannot be used.",
                known=f"{item.name} is {range_words(about)}.",
                hint=_hint(item, hint),
            )


def is_inside(value: float, about: Mapping[str, Any]) -> bool:
    """Whether a number is in the range that is said of an option; NaN never is."""
    return (
        value == value  # noqa: PLR0124 - NaN is not
        and value >= about.get("minimum", value)
        and value <= about.get("maximum", value)
        and ("exclusive_minimum" not in about or value > about["exclusive_minimum"])
        and ("exclusive_maximum" not in about or value < about["exclusive_maximum"])
    )


def range_words(about: Mapping[str, Any]) -> str:
    """A range in words, such as "from 0 to 1"."""
    words = []
    if "minimum" in about and "maximum" in about:
        return f"from {about['minimum']:g} to {about['maximum']:g}"
    for name, word in zip(_RANGE, ("at least", "at most", "above", "below"), strict=True):
        if name in about:
            words.append(f"{word} {about[name]:g}")
    return " and ".join(words)


def _hint(item: Field[Any], hint: Any) -> str:
    if item.default is not MISSING and item.default not in (None, (), ""):
        return f"{item.name}={item.default!r}"
    if get_origin(hint) is Literal:
        return f"{item.name}={get_args(hint)[0]!r}"
    low, high = item.metadata.get("minimum"), item.metadata.get("maximum")
    if low is not None and high is not None:
        return f"{item.name}={(low + high) / 2:g}"
    return ""


def _article(words: str) -> str:
    return words if words.startswith(("one of", "true", "text", "anything")) else f"a {words}"


def _plural(words: str) -> str:
    return {"text": "texts"}.get(words, words if " " in words else f"{words}s")
