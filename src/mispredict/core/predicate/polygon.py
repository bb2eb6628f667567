"""Polygons: which points lie inside, and a drawn line with few corners.

Inside is decided by the even-odd rule. Every renderer asks the same sides in the same arithmetic,
so that points on a side or a corner are answered alike: left and lower ones belong to the
polygon, right and upper ones to its neighbour.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Corner: TypeAlias = tuple[float, float]
Floats = NDArray[np.float64]

MOST_CORNERS: Final = 64
DIGITS: Final = 7  # of a coordinate
LARGEST: Final = 1e15  # beyond it, sides would have slopes that no number holds


@dataclass(frozen=True, slots=True)
class Side:
    """A side from height `low` up to, but without, `high`; `x` is where it begins.

    Written from its lower end, so that it is the same number for number in both directions.
    """

    low: float
    high: float
    x: float
    slope: float


def sides_of(corners: Sequence[Corner]) -> tuple[Side, ...]:
    """The sides that are not level; a point is inside if an odd number lies to its right."""
    found = []
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        (x, low), (end, high) = sorted((one, other), key=lambda corner: (corner[1], corner[0]))
        if low < high:
            found.append(Side(low, high, x, (end - x) / (high - low)))
    return tuple(found)


def contains(corners: Sequence[Corner], x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Which points lie in the polygon; none with a NaN does.

    Sorted by height, each side is asked only of the points beside it: 60 sides cost about as
    much as four.
    """
    inside = np.zeros(len(x), np.bool_)
    near = np.flatnonzero(_is_near(corners, x, y))
    order = near[np.argsort(y[near])]
    xs, ys = x[order], y[order]
    is_odd = np.zeros(len(order), np.bool_)
    for side in sides_of(corners):
        start, stop = np.searchsorted(ys, (side.low, side.high))
        crossing = side.x + (ys[start:stop] - side.low) * side.slope
        is_odd[start:stop] ^= xs[start:stop] < crossing
    inside[order] = is_odd
    return inside


def rounded(value: float) -> float:
    """The coordinate with as many digits as a cohort's text has."""
    short = float(f"{value:.{DIGITS}g}")
    return short + 0.0 if abs(short) * LARGEST > 1 else 0.0


def coordinate_text(value: float) -> str:
    """The coordinate as it stands in a cohort."""
    return f"{value:.{DIGITS}g}"


def without_repeats(corners: Sequence[Corner]) -> list[Corner]:
    """The corners without those that stand where the one before does, the last included."""
    kept = [
        corner for place, corner in enumerate(corners) if not place or corner != corners[place - 1]
    ]
    while len(kept) > 1 and kept[0] == kept[-1]:
        kept.pop()
    return kept


def canonical(corners: Sequence[Corner]) -> tuple[Corner, ...]:
    """The same polygon from its least corner on, in the direction that sorts first."""
    least = min(corners)
    turns = [
        (*way[start:], *way[:start])
        for way in (tuple(corners), tuple(reversed(corners)))
        for start, corner in enumerate(way)
        if corner == least
    ]
    return min(turns)


def simplified(points: Floats, most: int = MOST_CORNERS) -> Floats:
    """At most `most` of the points of a closed line, those that give it its shape.

    The corners that Douglas and Peucker (1973) would take first: again and again the point that
    lies farthest from the line so far, between the two points that are farthest from each other.

    Args:
        points: (n, 2) coordinates along the line.
    """
    if len(points) <= most:
        return points
    start = int(np.argmax(np.hypot(*(points - points[0]).T)))
    line = np.roll(points, -start, axis=0)
    middle = int(np.argmax(np.hypot(*(line - line[0]).T)))
    line = np.concatenate([line, line[:1]])
    spans = [_farthest(line, 0, middle), _farthest(line, middle, len(line) - 1)]
    kept = {0, middle}
    while len(kept) < most:
        distance, at, first, last = max(spans)
        if distance <= 0:
            break
        spans.remove((distance, at, first, last))
        spans += [_farthest(line, first, at), _farthest(line, at, last)]
        kept.add(at)
    return line[sorted(kept)]


def _farthest(line: Floats, first: int, last: int) -> tuple[float, int, int, int]:
    """The distance and place of the point farthest from the chord between two places."""
    between, chord = line[first + 1 : last] - line[first], line[last] - line[first]
    if not len(between):
        return 0.0, first, first, last
    along = np.clip(between @ chord / max(float(chord @ chord), 1e-300), 0, 1)
    distance = np.hypot(*(between - along[:, None] * chord).T)
    at = int(np.argmax(distance))
    return float(distance[at]), first + 1 + at, first, last


def _is_near(corners: Sequence[Corner], x: Floats, y: Floats) -> NDArray[np.bool_]:
    """Points that can be inside; others have an even number of sides to their right."""
    xs, ys = zip(*corners, strict=True)
    left, right = min(xs), max(xs)
    slack = 1e-6 * (right - left + max(abs(left), abs(right)))  # rounding moves a side's end
    near: NDArray[np.bool_] = (y >= min(ys)) & (y < max(ys))
    near &= (x > left - slack) & (x < right + slack)
    return near
