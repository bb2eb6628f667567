"""Lassos: which points a polygon holds, what is one polygon, and drawn lines with few corners."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mispredict.core.errors import BadPredicate
from mispredict.core.predicate import Fields, Predicate, from_dict, inside, mask, parse
from mispredict.core.predicate.polygon import contains, simplified
from mispredict.core.schema import ColumnType

from .cohorts import Columns, polygons

quick = settings(max_examples=60, deadline=None)

Corners = list[tuple[float, float]]
SQUARE: Corners = [(0, 0), (2, 0), (2, 2), (0, 2)]
STAR: Corners = [
    (math.sin(4 * math.pi * i / 5), math.cos(4 * math.pi * i / 5)) for i in range(5)
]  # a pentagram, drawn in one line


def held(corners: Corners, *points: tuple[float, float]) -> list[bool]:
    x, y = np.array(points, dtype=float).T
    found: list[bool] = contains(corners, x, y).tolist()
    return found


@pytest.mark.parametrize(
    ("point", "is_inside"),
    [
        pytest.param((1, 1), True, id="middle"),
        pytest.param((0, 1), True, id="left side"),
        pytest.param((1, 0), True, id="lower side"),
        pytest.param((0, 0), True, id="lower left corner"),
        pytest.param((2, 1), False, id="right side"),
        pytest.param((1, 2), False, id="upper side"),
        pytest.param((2, 0), False, id="lower right corner"),
        pytest.param((0, 2), False, id="upper left corner"),
        pytest.param((3, 0), False, id="beside a level side"),
        pytest.param((-1, 0), False, id="before a level side"),
        pytest.param((math.nan, 1), False, id="no x"),
        pytest.param((1, math.nan), False, id="no y"),
        pytest.param((math.inf, 1), False, id="infinite"),
        pytest.param((1, -math.inf), False, id="infinitely low"),
    ],
)
def test_sides_and_corners_of_a_square(point: tuple[float, float], is_inside: bool) -> None:
    assert held(SQUARE, point) == [is_inside]
    assert held(SQUARE[::-1], point) == [is_inside]


def test_lines_that_cross_themselves_are_read_by_the_even_odd_rule() -> None:
    assert held(STAR, (0, 0)) == [False]  # encircled twice
    assert held(STAR, (0, 0.8), (0.7, 0.2)) == [True, True]
    bow: Corners = [(0, 0), (4, 4), (4, 0), (0, 4)]
    assert held(bow, (1, 2), (3, 2), (2, 1), (2, 3)) == [True, True, False, False]
    assert held([*SQUARE, *SQUARE], (1, 1)) == [False]


_whole = st.integers(-6, 6)
_corners = st.lists(st.tuples(_whole, _whole), min_size=3, max_size=20)
_points = st.lists(st.tuples(_whole, _whole), min_size=1, max_size=30)


@quick
@given(_corners, _points)
def test_points_are_held_as_in_exact_arithmetic(corners: Corners, points: Corners) -> None:
    shifted = [(x + 0.5, y + 0.25) for x, y in points]
    for point, found in zip([*points, *shifted], held(corners, *points, *shifted), strict=True):
        crossings = exact_crossings(corners, *point)
        if all(point[0] != x for x in crossings):  # on a slanted side rounding decides
            assert found == (sum(point[0] < x for x in crossings) % 2 == 1), point


def exact_crossings(corners: Corners, x: float, y: float) -> list[Fraction]:
    """Where the sides cross the height of the point; lower ends belong to a side."""
    found = []
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        (a, low), (b, high) = sorted((one, other), key=lambda corner: corner[1])
        if low <= y < high:
            share = (Fraction(y) - Fraction(low)) / (Fraction(high) - Fraction(low))
            found.append(Fraction(a) + share * (Fraction(b) - Fraction(a)))
    return found


@quick
@given(_points)
def test_neighbouring_polygons_share_no_point_and_miss_none(points: Corners) -> None:
    whole: Corners = [(-5, -4), (5, -3), (6, 6), (-4, 5)]
    middle = (1 / 3, 0.7)
    parts = [[one, whole[(i + 1) % 4], middle] for i, one in enumerate(whole)]
    x, y = np.array([*points, middle, *whole], dtype=float).T
    counts = np.sum([contains(part, x, y) for part in parts], axis=0)
    assert (counts == contains(whole, x, y)).all()


@quick
@given(polygons(), st.integers(0, 11), st.booleans())
def test_beginning_and_direction_do_not_matter(
    lasso: Predicate, start: int, is_reversed: bool
) -> None:
    corners = list(lasso.corners)  # type: ignore[attr-defined]
    start %= len(corners)
    turned = [*corners[start:], *corners[:start]]
    again = inside(turned[::-1] if is_reversed else turned)
    assert again == lasso
    assert hash(again) == hash(lasso)
    random = np.random.default_rng(0)
    x, y = random.integers(-8, 8, (2, 200)) / 2
    assert (contains(corners, x, y) == contains(turned, x, y)).all()


def test_another_order_of_corners_is_another_cohort() -> None:
    bow: Corners = [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]
    assert inside(bow) != inside(SQUARE)


CANONICAL = {
    "inside(0,0, 10.0,0, 10,10)": "inside(0, 0, 10, 0, 10, 10)",
    "INSIDE( 0, 0, 1, 0, 1, 1, 0, 0 )": "inside(0, 0, 1, 0, 1, 1)",
    "inside(0, 0, 0, 0, 1, 0, 1, 0, 1, 1)": "inside(0, 0, 1, 0, 1, 1)",
    "inside(1.23456789, -0.0, 1e-20, 2.5e1, 1e6, .1)": ("inside(1.234568, 0, 0, 25, 1000000, 0.1)"),
    "NOT inside(-1, -2, +3, -4, 5, 6.50)": "NOT inside(-1, -2, 3, -4, 5, 6.5)",
}


@pytest.mark.parametrize(("text", "canonical"), CANONICAL.items())
def test_canonical_text_is_short_and_stays(text: str, canonical: str) -> None:
    found = parse(text)
    assert found.text == canonical
    assert parse(found.text).text == canonical
    assert from_dict(found.to_dict()) == found


REFUSED = {
    "two corners": ("inside(0, 0, 1, 1)", "inside() cannot have 2 different corners."),
    "one place": ("inside(1, 1, 1, 1, 1, 1)", "inside() cannot have 1 different corners."),
    "rounded to one": (
        "inside(1, 1, 1, 1, 1.00000001, 1)",
        "inside() cannot have 1 different corners.",
    ),
    "many corners": (
        f"inside({', '.join(f'{i}, {i * i}' for i in range(65))})",
        "inside() cannot have 65 different corners.",
    ),
    "infinite": ("inside(0, 0, 1e999, 0, 1, 1)", "inside() has 'inf' as a coordinate."),
    "too large": ("inside(0, 0, 2e15, 0, 1, 1)", "inside() has '2000000000000000.0' as a"),
    "text": ("inside('0', 0, 1, 0, 1, 1)", "inside() has '0' as a coordinate."),
    "boolean": ("inside(TRUE, 0, 1, 0, 1, 1)", "inside() has 'True' as a coordinate."),
    "date": ("inside(DATE '2024-01-01', 0, 1, 0, 1, 1)", "inside() has '2024-01-01 00:00:00' as"),
    "odd": ("inside(0, 0, 1, 0, 1, 1, 2)", "inside() has the wrong arguments."),
    "nothing": ("inside()", "inside() has the wrong arguments."),
    "column": ("inside(map_x, 0, 1, 0, 1, 1)", "the column map_x stands where a value is needed."),
    "compared": ("inside(0, 0, 1, 0, 1, 1) = 1", "inside() is a condition, not a value."),
}


@pytest.mark.parametrize(("text", "problem"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_polygon_is_refused(text: str, problem: str) -> None:
    with pytest.raises(BadPredicate) as caught:
        parse(text)
    assert caught.value.problem.startswith(problem)
    assert caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize(
    "corners",
    [[[0, 0], [1, 0]], [[0, 0], [1, 0], [1]], [0, 0, 1], [["0", 0], [1, 0], [1, 1]], "x"],
    ids=["two", "half a corner", "flat", "text", "no list"],
)
def test_json_that_is_no_polygon_is_refused(corners: object) -> None:
    with pytest.raises(BadPredicate):
        from_dict({"op": "inside", "corners": corners})


def test_without_a_map_there_is_no_lasso() -> None:
    with pytest.raises(BadPredicate) as caught:
        parse("inside(0, 0, 1, 0, 1, 1)", Fields({"map_x": ColumnType.NUMERIC}, {}))
    assert caught.value.problem == "inside() asks for a place on the map, and there is no map yet."
    assert caught.value.known == "A map gives each row the columns map_x and map_y."
    assert caught.value.hint == "ev.map()"
    with pytest.raises(BadPredicate, match=r"inside\(\) needs numbers") as caught:
        types = {"map_x": ColumnType.TEXT, "map_y": ColumnType.NUMERIC}
        parse("inside(0, 0, 1, 0, 1, 1)", Fields(types, {}))
    assert caught.value.known == "map_x is text."


def test_rows_without_a_place_are_neither_inside_nor_outside() -> None:
    rows = Columns(
        {
            "map_x": pa.array([1.0, None, 1.0, math.nan, 9.0]),
            "map_y": pa.array([1, 1, None, 1, 1], pa.int32()),
        }
    )
    lasso = inside(SQUARE)
    assert mask(lasso, rows).tolist() == [True, False, False, False, False]
    assert mask(~lasso, rows).tolist() == [False, False, False, False, True]
    assert not mask(lasso, Columns({"map_x": pa.nulls(2), "map_y": pa.nulls(2)})).any()
    texts = Columns({"map_x": pa.array(["a"]), "map_y": pa.array([1.0])})
    with pytest.raises(BadPredicate, match="map_x is none"):
        mask(lasso, texts)


def area(corners: np.ndarray) -> float:
    x, y = corners.T
    return float(abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2)


def test_a_drawn_line_keeps_its_shape_with_few_corners() -> None:
    angle = np.linspace(0, 2 * np.pi, 1000, endpoint=False)
    wave = 40 + 10 * np.sin(5 * angle)
    line = 50 + np.stack([wave * np.cos(angle), wave * np.sin(angle)], axis=1)
    few = simplified(line)
    assert len(few) == 64
    assert area(few) == pytest.approx(area(line), rel=0.02)
    random = np.random.default_rng(0)
    x, y = random.uniform(0, 100, (2, 20_000))
    differing = contains(few.tolist(), x, y) != contains(line.tolist(), x, y)
    assert differing.mean() < 0.01


def test_corners_are_kept_and_straight_lines_are_not() -> None:
    sides = [np.linspace(one, other, 50, endpoint=False) for one, other in
             zip(SQUARE, [*SQUARE[1:], SQUARE[0]], strict=True)]  # fmt: skip
    few = simplified(np.concatenate(sides))
    assert {tuple(corner) for corner in few} == set(SQUARE)
    short = np.array(SQUARE, dtype=float)
    assert simplified(short) is short


@quick
@given(st.integers(65, 300), st.integers(0, 2**32), st.sampled_from([3, 8, 64]))
def test_simplified_lines_are_points_of_the_line_in_order(n: int, seed: int, most: int) -> None:
    line = np.random.default_rng(seed).integers(-3, 4, (n, 2)).astype(float)
    assume(len(np.unique(line, axis=0)) > 2)
    few = simplified(line, most)
    assert 2 <= len(few) <= most
    twice = [tuple(point) for point in np.concatenate([line, line])]
    place = -1
    for corner in few.tolist():
        place = twice.index(tuple(corner), place + 1)
