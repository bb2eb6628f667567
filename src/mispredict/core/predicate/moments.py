"""Dates and times written as text."""

from __future__ import annotations

from datetime import datetime

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate.literal import Literal


def read_moment(text: str) -> datetime:
    """The moment that ISO 8601 text names, in UTC and without a zone.

    Raises:
        BadPredicate: the text is no date or time.
    """
    try:
        moment = Literal(datetime.fromisoformat(text.strip())).value
    except (ValueError, OverflowError):
        raise BadPredicate(
            f"{text[:60]!r} is not a date.",
            known="Dates are written as in ISO 8601: year, month, day, then the time if any.",
            hint="'2024-01-31' or '2024-01-31 13:30:00'",
        ) from None
    assert isinstance(moment, datetime)
    return moment
