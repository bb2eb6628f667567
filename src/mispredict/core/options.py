"""Arguments as the type and range that they must have, or an error that says which."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from mispredict.core.errors import BadOption

MOST = 2**63 - 1  # what 64 bits hold: the largest number of rows, seeds and the like
_SHOWN = 60  # letters of a value in a message


def whole(name: str, value: Any, low: int, high: int = MOST, *, hint: str = "") -> int:
    """The value as a whole number from `low` to `high`.

    Example:
        >>> whole("limit", 20, 0)
        20

    Raises:
        BadOption: it is none, or out of the range.
    """
    try:
        found = None if isinstance(value, bool) else int(operator.index(value))
    except TypeError:
        found = None
    if found is None or not low <= found <= high:
        span = f"from {low:,} to {high:,}" if high < MOST else f"of {low:,} or more"
        raise BadOption(
            f"{name}={shown(value)} cannot be used.",
            known=f"{name} is a whole number {span}.",
            hint=hint or f"{name}={min(max(low, 10), high)}",
        )
    return found


def number(
    name: str,
    value: Any,
    low: float = -math.inf,
    high: float = math.inf,
    *,
    is_above: bool = False,
    is_endless: bool = False,
    hint: str = "",
) -> float:
    """The value as a number from `low` to `high`, which is neither NaN nor (mostly) infinite.

    Args:
        is_above: whether `low` itself is too low.
        is_endless: whether infinity is a value.
    """
    try:
        found = math.nan if isinstance(value, (bool, str, bytes)) else float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    is_inside = low <= found <= high and not (is_above and found == low)
    if not is_inside or (math.isinf(found) and not is_endless):
        raise BadOption(
            f"{name}={shown(value)} cannot be used.",
            known=f"{name} is a {_kind(low, high, is_above, is_endless)}.",
            hint=hint or f"{name}={_example(low, high)}",
        )
    return found


def names(name: str, value: Any, *, hint: str = "") -> tuple[str, ...]:
    """The names that were given: a text alone is one name.

    Raises:
        BadOption: something in it is not a text.
    """
    given = one_or_many(name, value, hint=hint)
    for item in given:
        if not isinstance(item, str):
            raise BadOption(
                f"{name} has {shown(item)} in it, which is not a name.",
                known=f"{name} is a text, or a list of texts.",
                hint=hint or f"{name}=['a name']",
            )
    return given


def some_names(name: str, value: Any, *, hint: str = "") -> tuple[str, ...]:
    """The names that were given, of which there must be one.

    Raises:
        BadOption: there is none, or something in it is not a text.
    """
    given = names(name, value, hint=hint)
    if not given:
        raise BadOption(
            f"{name}={shown(value)} names nothing.",
            known=f"Without {name}, all are taken.",
            hint=hint or f"{name}=['a name'], or leave it out",
        )
    return given


def one_or_many(name: str, value: Any, *, hint: str = "") -> tuple[Any, ...]:
    """The items of a list, or the one text that was given instead of a list."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return tuple(value)
    raise BadOption(
        f"{name}={shown(value)} cannot be used.",
        known=f"{name} is a text, or a list of texts.",
        hint=hint or f"{name}=['a name']",
    )


def choice(name: str, value: Any, allowed: Sequence[str]) -> str:
    """The value, which must be one of `allowed`."""
    if not isinstance(value, str) or value not in allowed:
        raise BadOption.choice(name, value, allowed)
    return value


def text(name: str, value: Any, *, hint: str = "") -> str:
    """The value, which must be a text."""
    if not isinstance(value, str):
        raise BadOption(
            f"{name}={shown(value)} cannot be used.",
            known=f"{name} is a text.",
            hint=hint or f"{name}='…'",
        )
    return value


def shown(value: object) -> str:
    """The value for a message: its repr, cut where it is long."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 - of numbers with thousands of digits, and of strangers
        text = f"<{type(value).__name__}>"
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _kind(low: float, high: float, is_above: bool, is_endless: bool) -> str:
    kind = "number" if is_endless else "finite number"
    if math.isfinite(high):
        if is_above and math.isfinite(low):
            return f"{kind} above {low:g}, up to {high:g}"
        return (
            f"{kind} from {low:g} to {high:g}" if math.isfinite(low) else f"{kind} up to {high:g}"
        )
    if math.isfinite(low):
        return f"{kind} {'above' if is_above else 'from'} {low:g}{'' if is_above else ' up'}"
    return kind


def _example(low: float, high: float) -> str:
    if math.isfinite(low) and math.isfinite(high):
        return f"{(low + high) / 2:g}"
    return f"{low + 1:g}" if math.isfinite(low) else "1"
