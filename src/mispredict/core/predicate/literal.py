"""Values that stand in a cohort."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, TypeAlias

from mispredict.core.errors import BadPredicate

Value: TypeAlias = str | int | float | bool | datetime

_UNTOUCHED = (str, bool, int, float, datetime)


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, number, boolean or point in time (UTC, without a zone).

    A date is its midnight, a NumPy scalar its Python value. Never missing: `IsNull` says that.
    """

    value: Value

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", _plain(self.value))


def _plain(value: Any) -> Value:
    if type(value) not in _UNTOUCHED and hasattr(value, "item"):
        value = value.item()
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**64 else _wide(value)
    if isinstance(value, float):
        return _number(float(value))
    if isinstance(value, str):
        return checked_text(str(value))
    if isinstance(value, date):
        return _moment(value)
    raise BadPredicate(
        f"{str(value)[:80]!r} cannot stand in a cohort.",
        known=f"It is of type {type(value).__name__}.",
        hint="a text, number, boolean or date; IS NULL for missing values",
    )


def checked_text(value: str) -> str:
    """The text itself, unless it holds what no encoding can carry.

    Raises:
        BadPredicate: it holds a NUL or half of a surrogate pair.
    """
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise BadPredicate(
            f"the text {value[:80]!a} cannot stand in a cohort.",
            known="It holds a NUL or half of a surrogate pair.",
            hint="the text without that character",
        )
    return value


def _wide(value: int) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _number(value: float) -> float:
    if math.isnan(value):
        raise BadPredicate(
            "NaN cannot stand in a cohort.",
            known="NaN is a missing value, and no comparison with it is true.",
            hint="column IS NULL",
        )
    return value + 0.0  # -0.0 and 0.0 are one number


def _moment(value: date) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    if value != value:  # noqa: PLR0124 - pandas' NaT is a datetime that differs from itself
        return _moment_missing()
    if value.tzinfo is not None:
        value = value.astimezone(UTC)
    parts = (value.year, value.month, value.day, value.hour, value.minute, value.second)
    return datetime(*parts, value.microsecond)


def _moment_missing() -> datetime:
    raise BadPredicate(
        "a missing date cannot stand in a cohort.",
        known="No comparison with it is true.",
        hint="column IS NULL",
    )
