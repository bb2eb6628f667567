"""A column of both sides as the bars of a picture."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mispredict.data.drift.counting import Counted, scale
from mispredict.data.drift.grown import predicate_of
from mispredict.data.drift.results import DriftDistribution
from mispredict.engine.codebook import MISSING

MOST_BARS = 24

Floats = npt.NDArray[np.float64]


def distribution(counted: Counted) -> DriftDistribution:
    """At most 24 bars: values, the most frequent first, or ranges of near-equal width."""
    together = counted.reference + counted.current
    room = MOST_BARS - int(together[MISSING] > 0)
    size = counted.book.size
    is_range = counted.is_ordered and (counted.book.kind == "bins" or size - 1 > room)
    if is_range:
        edges = _edges(counted)
        starts = _starts(edges, room)
        ends = np.append(starts[1:], len(edges) - 1)
        bars = [np.arange(a + 1, b + 1) for a, b in zip(starts, ends, strict=True)]
        low, high = edges[starts], edges[ends]
    else:
        order = np.arange(1, size)
        if size - 1 > room:
            order = np.argsort(-together[1:], kind="stable")[:room] + 1
        bars = [np.array([code]) for code in order.tolist()]
        low = high = np.full(len(bars), np.nan)
    if together[MISSING] > 0:
        bars.append(np.array([MISSING]))
        low, high = np.append(low, np.nan), np.append(high, np.nan)
    shown = sum(len(bar) for bar in bars)
    more = max(size - shown - int(together[MISSING] == 0), 0)
    return _drawn(counted, bars, low, high, "bins" if is_range else "values", more)


def _drawn(
    counted: Counted, bars: list[npt.NDArray[np.intp]], low: Floats, high: Floats, kind: str,
    more: int,
) -> DriftDistribution:  # fmt: skip
    n, m = max(int(counted.reference.sum()), 1), max(int(counted.current.sum()), 1)
    mine = [int(counted.reference[bar].sum()) for bar in bars]
    theirs = [int(counted.current[bar].sum()) for bar in bars]
    return DriftDistribution(
        column=counted.column.key,
        type=counted.book.type.value,
        kind=kind,
        label=tuple(_label(counted, bar) for bar in bars),
        low=tuple(low.tolist()),
        high=tuple(high.tolist()),
        reference=tuple(count / n for count in mine),
        current=tuple(count / m for count in theirs),
        reference_n=tuple(mine),
        current_n=tuple(theirs),
        rate=tuple(_rate(counted, bar) for bar in bars),
        where=tuple(predicate_of(counted, bar).text for bar in bars),
        more=more,
    )


def _rate(counted: Counted, bar: npt.NDArray[np.intp]) -> float:
    if counted.judged is None or counted.errors is None or not counted.judged[bar].sum():
        return float("nan")
    return float(counted.errors[bar].sum() / counted.judged[bar].sum())


def _label(counted: Counted, bar: npt.NDArray[np.intp]) -> str:
    book, first, last = counted.book, int(bar[0]), int(bar[-1])
    if first == last:
        return book.describe(first)
    low, high = book.describe(first), book.describe(last)
    if book.kind == "values":
        return f"{low} to {high}"
    left = low.split(" to ")[0].lstrip("[").split(", ")[0]
    if book.whole_top(last) is not None:
        return f"{left} to {high.split(' to ')[-1]}"
    return f"[{left}, {high.split(', ')[-1]}" if ", " in high else f"{left} to {high}"


def _edges(counted: Counted) -> Floats:
    """Edges of the codes as numbers; whole numbers reach up to the next."""
    book = counted.book
    points = np.asarray(book.points, np.float64) * scale(book)
    if book.kind == "values":
        step = float(np.min(np.diff(points))) if len(points) > 1 else 1.0
        return np.append(points, points[-1] + step)
    if book.storage in ("int64", "uint64") and len(points):
        points[-1] += 1.0
    return points


def _starts(edges: Floats, most: int) -> npt.NDArray[np.intp]:
    """Where bars begin: the narrowest bars of one width that fit."""
    widths = np.diff(edges)
    if len(widths) <= most:
        return np.arange(len(widths))
    finite = widths[np.isfinite(widths)]
    low, high = 0.0, float(finite.sum()) if len(finite) else 1.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if len(_cut(widths, middle)) > most else (low, middle)
    return _cut(widths, high)


def _cut(widths: Floats, width: float) -> npt.NDArray[np.intp]:
    starts, gathered = [0], 0.0
    for place, own in enumerate(widths.tolist()):
        if place and gathered + own / 2 > width:
            starts.append(place)
            gathered = 0.0
        gathered += own
    return np.array(starts, np.intp)
