"""Numbers as people read them: enough digits, aligned, with their interval."""

from __future__ import annotations

import math
from typing import Any

from mispredict.core import figures

NOTHING = "–"


def count(value: float | None) -> str:
    """A number of rows, such as `12,345`."""
    if value is None or math.isnan(value):
        return NOTHING
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def figure(value: float | None, digits: int | None = None) -> str:
    """A metric's value: three decimals below 10, fewer above, 2 figures where it is tiny."""
    if value is None or math.isnan(value):
        return NOTHING
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    places = decimals(value) if digits is None else digits
    if value and abs(value) < 0.5 * 10**-places:
        return f"{value:.1e}"
    return f"{value:,.{places}f}"


def decimals(value: float) -> int:
    """How many decimals a figure of this size gets."""
    size = abs(value)
    return 3 if size < 10 else 2 if size < 100 else 1 if size < 1000 else 0


def interval(value: float | None, low: float | None, high: float | None) -> str:
    """A value with its interval: `0.791 [0.776, 0.806]`."""
    if value is None or math.isnan(value):
        return NOTHING
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return figure(value)
    places = decimals(max(abs(value), abs(low) if math.isfinite(low) else 0))
    return f"{figure(value, places)} [{figure(low, places)}, {figure(high, places)}]"


def percent(share: float | None) -> str:
    """A share such as `12.3 %`."""
    if share is None or math.isnan(share):
        return NOTHING
    return f"{100 * share:.1f} %"


def percent_interval(share: float, low: float, high: float) -> str:
    """A share with its interval, as exact as that is: `0.02 % [0.004, 0.11]`."""
    if math.isnan(share) or math.isnan(low) or math.isnan(high):
        return NOTHING if math.isnan(share) else f"{figures.figure(100 * share)} %"
    value, least, most = figures.rounded(100 * share, 100 * low, 100 * high)
    return f"{value} % [{least}, {most}]"


def chance(p: float | None) -> str:
    """A p-value; very small ones are only said to be so."""
    if p is None or math.isnan(p):
        return NOTHING
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def size(amount: float) -> str:
    """Bytes such as `1.2 MB`."""
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.0f} {unit}" if unit == "B" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} TB"


def cell(value: Any) -> str:
    """A value of a dataset on one line; whole numbers as they are, since many are ids."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}" if not value.is_integer() or abs(value) >= 1e15 else f"{value:.0f}"
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    if isinstance(value, (list, tuple)):
        shown = ", ".join(cell(item) for item in value[:8])
        return f"[{shown}, … {len(value):,} in all]" if len(value) > 8 else f"[{shown}]"
    text = value.isoformat(sep=" ") if hasattr(value, "isoformat") and hasattr(value, "hour") else (
        str(value)
    )  # fmt: skip
    return one_line(text.removesuffix(" 00:00:00"))


def one_line(text: str) -> str:
    """The text without line breaks and without characters that steer a terminal."""
    head = text[:2000]
    if head.isprintable():
        return head
    return "".join(char if char.isprintable() else " " for char in head)
