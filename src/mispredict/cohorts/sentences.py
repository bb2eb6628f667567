"""The priority table in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.cohorts.tag_settings import MIDDLE
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.cohorts.priorities import Priority

ALL_OTHERS = "all others"
PERFECT = "perfection"


def plain(value: float, digits: int = 4) -> str:
    """A number as people write it: thousands whole and apart, else so many digits.

    Example:
        >>> plain(57299.4), plain(0.045678), plain(1234.5, 3)
        ('57,299', '0.04568', '1,234')
    """
    return f"{value:,.0f}" if 1000 <= abs(value) < 1e15 else f"{value:.{digits}g}"


def priority_sentence(row: Priority, metric: str) -> str:
    """What is to gain in the tag, in one sentence."""
    name = "all other rows" if row.tag == ALL_OTHERS else f"“{row.tag}”"
    if not row.n:
        return f"There is no row of {name}."
    if not math.isfinite(row.ceiling):
        return f"What is to gain in {name} is unknown: it has no ceiling yet."
    value, ceiling = (_number(part, metric) for part in (row.value, row.ceiling))
    if not row.gain > 0:
        return (
            f"Nothing to gain in {name}: {metric} {value}, ceiling {ceiling}"
            f" ({row.ceiling_source})."
        )
    verb = "raise" if metric == "accuracy" else "lower"
    doubt = "" if row.is_certain else "; the gap may be chance"
    return (
        f"Bringing {name} from {value} to {ceiling} ({row.ceiling_source}) would {verb} the"
        f" {metric} of all rows by {_points(row, metric)}{doubt}.{_circular([row], metric)}"
    )


def explain(rows: Sequence[Priority], *, metric: str, sort: str, n: int, overlap: int) -> str:
    """How the table is sorted, what its ceilings are, and what to mind."""
    if not rows:
        return "There is no tag yet. Tag what you want to compare: a cohort, a slice, single rows."
    change = "rise" if metric == "accuracy" else "fall"
    order = "possible gain"
    if sort == "worth":
        order = f"gain × importance × ease ({MIDDLE} where not set)"
    parts = [
        f"Sorted by {order}; the gain is how much the {metric} of all {n:,} rows would {change}"
        " if the tag reached its ceiling (gap × share of the data)."
    ]
    if all(row.ceiling_source == PERFECT for row in rows if row.n):
        parts.append(
            "No ceiling is known, so perfection stands in and the order is that of the shares of"
            " all errors: give a ceiling, or measure one from annotators or another model."
        )
    else:
        parts.append(_certainty(rows))
    if overlap:
        parts.append(
            f"{counted(overlap, 'row has', 'rows have')} several tags, so gains do not add up."
        )
    return " ".join(parts) + _circular(rows, metric)


def _circular(rows: Sequence[Priority], metric: str) -> str:
    """What to mind of tags that hold mistakes only, such as those tagged while reading these."""
    if metric != "accuracy":
        return ""
    made = [f"“{row.tag}”" for row in rows if row.n and row.tag != ALL_OTHERS and row.value == 0]
    if not made:
        return ""
    is_, its = ("is", "its") if len(made) == 1 else ("are", "their")
    return f" {', '.join(made)} {is_} made of mistakes: {its} error rate says nothing."


def _certainty(rows: Sequence[Priority]) -> str:
    tested = [row for row in rows if math.isfinite(row.p_adjusted)]
    certain = sum(row.is_certain for row in tested)
    said = f"{certain} of {len(tested)} gaps are more than chance (5 %, corrected for all tags)."
    unknown = sum(not math.isfinite(row.ceiling) for row in rows if row.n)
    return f"{said} {unknown} without a ceiling come last." if unknown else said


def _points(row: Priority, metric: str) -> str:
    if metric == "accuracy":
        gain, low, high = (100 * part for part in (row.gain, row.low, row.high))
        return f"{gain:.2f} points ({low:.2f} to {high:.2f})"
    return f"{plain(row.gain)} ({plain(row.low)} to {plain(row.high)})"


def _number(value: float, metric: str) -> str:
    return f"{100 * value:.1f} %" if metric == "accuracy" else plain(value)
