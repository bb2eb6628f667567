"""Numbers are written the same everywhere."""

from __future__ import annotations

import pytest

from mispredict.report.wording import (
    brief,
    clip,
    harmless,
    metric_name,
    number,
    plural,
    quoted,
    share,
    shares,
)

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, "0"), (3.0, "3"), (0.04567, "0.0457"), (0.4567, "0.457"), (4.567, "4.57"),
        (45.67, "45.7"), (456.7, "457"), (12345.6, "12,346"), (2.5e9, "2,500,000,000"),
        (1.5e-7, "1.5e-07"), (-0.5, "-0.500"), (NAN, "–"), (None, "–"), (float("inf"), "–"),
    ],
)  # fmt: skip
def test_number(value: float | None, expected: str) -> None:
    assert number(value) == expected


def test_shares_keep_their_unit() -> None:
    assert share(0.9667) == "96.7\u00a0%"
    assert share(NAN) == "–"
    assert shares(0.1, 0.25) == "10.0 – 25.0\u00a0%"
    assert shares(NAN, 0.2) == ""


@pytest.mark.parametrize(
    ("value", "expected"), [(0.6, "0.6"), (0.2, "0.2"), (2500, "2,500"), (0, "0"), (-1.5, "-1.5")]
)
def test_brief(value: float, expected: str) -> None:
    assert brief(value) == expected


def test_clip_looks_at_the_beginning_only() -> None:
    assert clip("a\n  b", 10) == "a b"
    assert clip("x" * 10_000_000, 5) == "xxxxx…"
    assert clip("abc def", 4) == "abc…"


def test_names_and_plurals() -> None:
    assert metric_name("recall[Yes]") == "recall[Yes]"
    assert metric_name("f1_macro") == "F1, macro"
    assert (plural(1, "row"), plural(2000, "class")) == ("1 row", "2,000 classes")


def test_names_cannot_steer_the_reader() -> None:
    assert clip("a\x1b[31mb\u202ec\u2066d\x00", 20) == "a[31mbcd"
    assert harmless("x\x07\u2068name\u2069\n") == "x\u2068name\u2069\n"
    assert quoted("שלום") == "“\u2068שלום\u2069”"
    assert quoted("plain") == "“plain”"
