"""Bars and whiskers of one table row each; they are as wide as their cell."""

from __future__ import annotations

import math
from collections.abc import Sequence

from markupsafe import Markup

from mispredict.report.charts.svg import element
from mispredict.report.shapes import CardRow, Figure, FoundSlice


def whisker(figure: Figure, marks: Sequence[tuple[str, float]] = ()) -> Markup:
    """The value as a dot in its interval, with baselines as marks (class, value)."""
    if not math.isfinite(figure.value):
        return Markup("")
    low, high = _scale(figure, [value for _, value in marks])

    def at(value: float) -> str:
        return _percent((value - low) / (high - low))

    parts = [_line("0%", "100%", 9, "track")]
    if low < 0 < high:
        parts.append(element("line", x1=at(0), x2=at(0), y1=4, y2=14, class_="track"))
    parts += [
        element("line", x1=at(value), x2=at(value), y1=2, y2=16, class_=f"mark {kind}")
        for kind, value in marks
        if math.isfinite(value)
    ]
    if math.isfinite(figure.low) and math.isfinite(figure.high):
        parts.append(_line(at(figure.low), at(figure.high), 9, "range"))
    parts.append(element("circle", cx=at(figure.value), cy=9, r=4, class_="dot"))
    return _strip(18, *parts)


def rate_bar(card: CardRow, largest: float, kind: str) -> Markup:
    """The rate inside as a bar with its interval, and the rate elsewhere as a tick."""

    return _against_rest(card.rate, (card.low, card.high), card.rest, largest, kind)


def slice_bar(row: FoundSlice, largest: float) -> Markup:
    """The value inside as a bar, elsewhere as a tick, and from there the interval of the gap."""
    reach = (row.rest + row.low, row.rest + row.high)
    return _against_rest(row.value, reach, row.rest, largest, "wrong")


def share_bar(value: float, low: float, high: float, kind: str) -> Markup:
    """A share of 1 as a bar with its interval."""
    if not math.isfinite(value):
        return Markup("")
    parts = [
        element("rect", x="0", y=3, width="100%", height=10, rx=2, class_="groove"),
        element("rect", x="0", y=3, width=_percent(value), height=10, rx=2, class_=kind),
    ]
    if math.isfinite(low) and math.isfinite(high):
        parts.append(_line(_percent(low), _percent(high), 8, "whisker"))
    return _strip(16, *parts)


def _against_rest(
    value: float, interval: tuple[float, float], rest: float, largest: float, kind: str
) -> Markup:
    def at(place: float) -> str:
        return _percent(place / largest if largest > 0 else 0.0)

    parts = [
        element("rect", x="0", y=3, width="100%", height=10, rx=2, class_="groove"),
        element("rect", x="0", y=3, width=at(value), height=10, rx=2, class_=kind),
        _line(at(interval[0]), at(interval[1]), 8, "whisker"),
        element("line", x1=at(rest), x2=at(rest), y1=0, y2=16, class_="rest"),
    ]
    return _strip(16, *parts)


def _strip(height: int, *parts: Markup) -> Markup:
    return element("svg", *parts, class_="strip", height=height, aria_hidden="true")


def _line(x1: str, x2: str, y: int, class_: str) -> Markup:
    return element("line", x1=x1, x2=x2, y1=y, y2=y, class_=class_)


def _scale(figure: Figure, others: Sequence[float]) -> tuple[float, float]:
    """The range to draw on: what the metric can be, or what occurs where that is unbounded."""
    seen = [v for v in (figure.value, figure.low, figure.high, *others) if math.isfinite(v)]
    low = min(0.0, *seen) if figure.lowest < 0 else 0.0
    if math.isfinite(figure.highest) and figure.highest <= 1:
        high = figure.highest
        low = max(low, figure.lowest)
    else:
        high = max(seen) * 1.15
    return (low, high) if high > low else (low, low + 1.0)


def _percent(part: float) -> str:
    return f"{100 * min(1.0, max(0.0, part)):.2f}%"
