"""A column's codes as the bars of a distribution, whatever is selected.

A value has a bar if it is among the most frequent ones in the whole. Numbers and times that are
coded in bins of like counts are joined to bars of near-equal width: the narrowest width that
gives few enough bars is taken, so that a far outlier is one wide bar at the end and does not
flatten the rest.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.codebook import MISSING, Codebook
from mispredict.workspace.exploring.edits import is_ordered
from mispredict.workspace.exploring.labels import range_labels

MOST_BARS = 24

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Layout:
    """Bars by the codes `first` to `last` that they cover, missing last if there is any.

    `low` and `high` are NaN for bars that are no range. `codes` are those of all bars, those of
    each bar beginning at a place of `starts`; `hidden` codes have no bar.
    """

    kind: str
    first: Ints
    last: Ints
    low: Floats
    high: Floats
    label: tuple[str, ...]
    codes: NDArray[np.intp]
    starts: NDArray[np.intp]
    hidden: NDArray[np.intp]


def layout(book: Codebook, whole: Ints, selected: NDArray[np.bool_]) -> Layout:
    """The bars of a column with `whole` rows per code; a selected value has one before others."""
    has_missing = bool(whole[MISSING] > 0 or selected[MISSING])
    room = MOST_BARS - has_missing
    is_range = is_ordered(book) and (book.kind == "bins" or book.size - 1 > room)
    if is_range:
        edges = _edges(book)
        starts = _starts(edges, room)
        first, last = starts + 1, np.append(starts[1:], len(edges) - 1)
        low, high = edges[starts], edges[last]
        labels = range_labels(book, first, last)
    else:
        first = last = _most_frequent(book, whole, selected, room)
        low = high = _numbers(book, first)
        labels = tuple(book.describe(code) for code in first.tolist())
    if has_missing:
        first, last = np.append(first, MISSING), np.append(last, MISSING)
        low, high = np.append(low, np.nan), np.append(high, np.nan)
        labels = (*labels, book.describe(MISSING))
    codes = [np.arange(a, b + 1) for a, b in zip(first.tolist(), last.tolist(), strict=True)]
    ends = np.cumsum([0, *map(len, codes)])
    together = np.concatenate([np.empty(0, np.intp), *codes])
    hidden = np.setdiff1d(np.arange(1, book.size), together)
    kind = "bins" if is_range else "values"
    return Layout(kind, first, last, low, high, labels, together, ends[:-1], hidden)


def _most_frequent(
    book: Codebook, whole: Ints, selected: NDArray[np.bool_], room: int
) -> NDArray[np.intp]:
    """The codes to show: all in their order, or those with the most rows, most first.

    Selected ones come before others, as many as there is room for.
    """
    if book.size - 1 <= room and book.other is None:
        return np.arange(1, book.size)
    rows = whole[1:].copy()
    if book.other is not None:
        rows[-1] = -1  # what has no code of its own is many values
    order = np.argsort(-rows, kind="stable") + 1
    chosen = order[selected[order]][:room]
    others = order[~selected[order]][: room - len(chosen)]
    shown = np.concatenate([chosen, others])
    return shown[np.argsort(-rows[shown - 1], kind="stable")]


def _numbers(book: Codebook, codes: NDArray[np.intp]) -> Floats:
    """The values of codes as numbers; NaN where they are none."""
    if not len(codes) or not is_ordered(book):
        return np.full(len(codes), np.nan)
    return (np.asarray(book.points, np.float64) * _scale(book))[codes - 1]


def _edges(book: Codebook) -> Floats:
    """Edges of the codes as numbers, times in seconds; whole numbers reach up to the next."""
    points = np.asarray(book.points, np.float64) * _scale(book)
    if book.kind == "values":
        step = float(np.min(np.diff(points))) if len(points) > 1 else 1.0
        return np.append(points, points[-1] + step)
    if book.storage in ("int64", "uint64") and len(points):
        points[-1] += 1.0  # the last bin has both ends, and a whole number is as wide as one
    return points


def _scale(book: Codebook) -> float:
    """Seconds of one step of a time; 1 for plain numbers."""
    if book.storage.startswith("date32"):
        return 86_400.0
    if book.storage.startswith("timestamp"):
        return 1e-9 if "[ns]" in book.storage else 1e-6
    return 1.0


def _starts(edges: Floats, most: int) -> NDArray[np.intp]:
    """Places of the edges at which bars begin: the narrowest bars of one width that fit."""
    widths = np.diff(edges)
    if len(widths) <= most:
        return np.arange(len(widths))
    finite = widths[np.isfinite(widths)]
    low, high = 0.0, float(finite.sum()) if len(finite) else 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if len(_cut(widths, middle)) > most:
            low = middle
        else:
            high = middle
    return _cut(widths, high)


def _cut(widths: Floats, width: float) -> NDArray[np.intp]:
    """Where bars begin when codes are joined until they are about as wide as `width`."""
    starts, gathered = [0], 0.0
    for place, own in enumerate(widths.tolist()):
        if place and gathered + own / 2 > width:
            starts.append(place)
            gathered = 0.0
        gathered += own
    return np.array(starts, np.intp)
