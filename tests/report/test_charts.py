"""Charts draw what they are given, inside their frame."""

from __future__ import annotations

import math
import re

import pytest
from markupsafe import Markup

from mispredict.report.charts.bars import rate_bar, whisker
from mispredict.report.charts.matrix import heat_map
from mispredict.report.charts.svg import Frame, element, ticks
from mispredict.report.shapes import CardRow, ConfusionPart, Figure

NAN = float("nan")


def figure(value: float, low: float, high: float, *, lowest: float, highest: float) -> Figure:
    return Figure("m", value, low, high, 10, lowest, highest, True, "")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.0, 1.0, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (0.0, 1150.0, (0, 250, 500, 750, 1000)),
        (-3.0, 3.0, (-2, 0, 2)),
        (5.0, 5.0, (5.0,)),
        (0.0, math.inf, (0.0,)),
    ],
)
def test_ticks(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert ticks(low, high) == pytest.approx(expected)


def test_text_and_attributes_are_escaped() -> None:
    made = element("text", "<a> & b", class_='x" onload="y', fill_opacity=0.30000001)
    assert made == (
        '<text class="x&#34; onload=&#34;y" fill-opacity="0.3">&lt;a&gt; &amp; b</text>'
    )
    assert element("g", Markup("<b/>")) == "<g><b/></g>"


@pytest.mark.parametrize(
    "given",
    [
        figure(0.5, 0.4, 0.6, lowest=0, highest=1),
        figure(-0.9, -1.0, -0.7, lowest=-1, highest=1),
        figure(12.0, 10.0, 14.0, lowest=0, highest=math.inf),
        figure(-5.0, -6.0, -4.0, lowest=-math.inf, highest=math.inf),
        figure(-40.0, NAN, NAN, lowest=-math.inf, highest=1),
        figure(0.0, 0.0, 0.0, lowest=0, highest=math.inf),
    ],
    ids=["share", "negative", "loss", "bias", "r2", "zero"],
)
def test_whisker_stays_inside(given: Figure) -> None:
    drawn = whisker(given, [("previous", given.value), ("constant", NAN)])
    places = [float(x) for x in re.findall(r'(?:cx|x1|x2)="([\d.]+)%"', drawn)]
    assert places and all(0 <= place <= 100 for place in places)


def test_undefined_metric_is_not_drawn() -> None:
    assert whisker(figure(NAN, NAN, NAN, lowest=0, highest=1)) == ""


def test_rate_bar_marks_the_rest() -> None:
    card = CardRow("value", "c", "v", "c = 'v'", 10, 0.1, 5, 0.5, 0.3, 0.7, 0.25, 2.0, 0.01)
    drawn = rate_bar(card, 1.0, "wrong")
    assert 'width="50.00%"' in drawn
    assert '<line x1="25.00%" x2="25.00%" y1="0" y2="16" class="rest"/>' in drawn


def test_heat_map_of_unused_classes() -> None:
    drawn = heat_map(ConfusionPart(("a", "<b>"), ((0, 0), (3, 1)), 2, 4))
    assert "&lt;b&gt; → a: 3 rows" in drawn
    assert drawn.count("<rect") == 4


def test_frame_maps_its_corners() -> None:
    frame = Frame((0, 10), (0, 1), width=200, height=100, left=20, right=10, top=5, bottom=15)
    assert (frame.px(0), frame.px(10)) == (20, 190)
    assert (frame.py(0), frame.py(1)) == (85, 5)
