"""The terminal's summary fits, whatever the names."""

from __future__ import annotations

import pytest

from mispredict.report.overview import Overview
from mispredict.report.text import columns, render_text, shorten, width


def test_fits_a_terminal(view: Overview) -> None:
    lines = render_text(view).splitlines()
    assert max(width(line) for line in lines) <= 100
    assert len(lines) < 80


def test_says_what_matters(overviews: dict[str, Overview]) -> None:
    text = str(overviews["binary"])
    for part in ("accuracy", "95 % interval", "region = 'north'", "yes → no", "Next", "ev.report("):
        assert part in text
    assert "no probabilities" in str(overviews["binary without probabilities"])
    assert "Residual" in str(overviews["regression"])


def test_slices_come_before_single_conditions(overviews: dict[str, Overview]) -> None:
    text = str(overviews["binary"])
    places = [
        text.index(part)
        for part in ("Where it is wrong", "1. Where said mentions “rain”", "Single conditions")
    ]
    assert places == sorted(places)
    assert "has(said, 'rain') · p < 0.001" in text
    assert "Nothing significant" in str(overviews["multiclass"])


def test_columns_are_aligned() -> None:
    table = [["name", "n"], ["a", "1,200"], ["日本", "3"]]
    assert list(columns(table, right=[1])) == ["  name      n", "  a     1,200", "  日本      3"]


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [("short", 10, "short"), ("a\nb", 10, "a b"), ("abcdef", 4, "abc…"), ("日本語", 4, "日…")],
)
def test_shorten(text: str, most: int, expected: str) -> None:
    assert shorten(text, most) == expected
