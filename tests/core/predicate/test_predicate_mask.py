"""Rows that a cohort selects, for every kind of stored column."""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.errors import BadPredicate, UnknownName
from mispredict.core.predicate import mask, parse

from .cohorts import Columns

NAN, BIG = math.nan, 2**53 + 1
JAN, FEB = dt.datetime(2024, 1, 1), dt.datetime(2024, 2, 1, 12)

MASKS: dict[str, tuple[Any, str, str]] = {
    "NaN is missing": (pa.array([1.0, NAN, None]), "NOT a > 5", "100"),
    "NaN is null": (pa.array([1.0, NAN, None]), "a IS NULL", "011"),
    "float32": (pa.array([0.5, NAN], pa.float32()), "a = 0.5", "10"),
    "minus zero": (pa.array([-0.0, 0.0, 1.0]), "a IN (0, 2)", "110"),
    "infinity": (pa.array([math.inf, -math.inf, 1.0]), "a < 1e999", "011"),
    "whole and float": (pa.array([1, 2, 3], pa.int8()), "a > 1.5", "011"),
    "whole is no half": (pa.array([1, None]), "a <> 1.5", "10"),
    "whole up to a half": (pa.array([1, 2, 3]), "a <= 2.5", "110"),
    "negative half": (pa.array([-3, -2, -1]), "a < -1.5", "110"),
    "no rounding": (pa.array([BIG, BIG - 1]), f"a = {BIG}", "10"),
    "beyond the type": (pa.array([1, None], pa.int8()), "a < 300", "10"),
    "beyond 64 bits": (pa.array([1, None]), "a > -1e30", "10"),
    "infinite bound": (pa.array([1, None]), "a <= 1e999", "10"),
    "unsigned": (pa.array([2**64 - 1, 0], pa.uint64()), "a = 18446744073709551615", "10"),
    "unsigned and negative": (pa.array([2**64 - 1, 0], pa.uint64()), "a > -1", "11"),
    "list of numbers": (pa.array([1, 2, None]), "a IN (1, 1.5, 1e30)", "100"),
    "not in a list": (pa.array([1, 2, None]), "a NOT IN (1, 5)", "010"),
    "decimal": (pa.array([Decimal("1.50"), None]), "a BETWEEN 1.5 AND 2", "10"),
    "text order is bytewise": (pa.array(["Z", "a", "ä"]), "a > 'Z'", "011"),
    "empty text": (pa.array(["", None, " "]), "a = ''", "100"),
    "large text": (pa.array(["x", None], pa.large_string()), "a IN ('x', 'y')", "10"),
    "text view": (pa.array(["x", None], pa.string_view()), "a <> 'y'", "10"),
    "dictionary": (pa.array(["x", None, "y"]).dictionary_encode(), "a = 'y'", "001"),
    "dictionary of numbers": (pa.array([5, None]).dictionary_encode(), "a = 5", "10"),
    "chunks": (pa.chunked_array([["x"], [], [None, "y"]]), "NOT a = 'x'", "001"),
    "no chunks": (pa.chunked_array([], pa.string()), "a = 'x'", ""),
    "nothing known": (pa.nulls(2), "a = 'x' OR NOT a > 1 OR a IN (1, 2)", "00"),
    "boolean": (pa.array([True, False, None]), "a", "100"),
    "not boolean": (pa.array([True, False, None]), "NOT a", "010"),
    "boolean value": (pa.array([True, False, None]), "a <> TRUE", "010"),
    "boolean list": (pa.array([True, False, None]), "a IN (TRUE, FALSE)", "110"),
    "like": (pa.array(["a%", "ab\n", "b", "a\\"]), "a LIKE 'a_'", "1001"),
    "like with line breaks": (pa.array(["ab\nc", None]), "a LIKE 'a%c'", "10"),
    "like escapes nothing": (pa.array(["a\\%", "a%"]), "a LIKE 'a\\%'", "10"),
    "like is exact in case": (pa.array(["A", "a"]), "a LIKE 'a%'", "01"),
    "like has no regular expressions": (pa.array(["a.c", "abc"]), "a LIKE 'a.c'", "10"),
    "phrase": (pa.array(["My ID, please", "idea", "ID", None]), "has(a, 'id')", "1010"),
    "not the phrase": (pa.array(["my id", "idea", None]), "NOT has(a, 'id')", "010"),
    "phrase over punctuation": (pa.array(["Not, good", "not so good"]), "has(a, 'not good')", "10"),
    "phrase with a quote": (pa.array(["I don't", "don t"]), "has(a, 'DON''T')", "10"),
    "phrase in other letters": (pa.array(["Größe!", "Größen"]), "has(a, 'GRÖSSE')", "00"),
    "phrase in other case": (pa.array(["GRÖẞE", "l'ÉTÉ", "ÉTÉ"]), "has(a, 'été')", "001"),
    "phrase of signs": (pa.array(["a C++ b", "C+"]), "has(a, 'c++')", "10"),
    "characters": (pa.array(["", "äöü", "日本", None]), "length(a) >= 2", "0110"),
    "words": (pa.array(["", "a b", "a, b_c d'e!", None]), "words(a) < 3", "1100"),
    "date and moment": (pa.array([JAN.date(), None]), "a <= TIMESTAMP '2024-01-01 00:00:01'", "10"),
    "nanoseconds": (pa.array([JAN, FEB], pa.timestamp("ns")), "a > DATE '2024-01-01'", "01"),
    "beyond nanoseconds": (
        pa.array([JAN, None], pa.timestamp("ns")),
        "a < DATE '9999-01-01'",
        "10",
    ),
    "seconds": (
        pa.array([JAN, FEB], pa.timestamp("s")),
        "a >= TIMESTAMP '2024-01-01 00:00:00.5'",
        "01",
    ),
    "moments in a list": (
        pa.array([JAN, FEB, None], pa.timestamp("ms")),
        "a IN (DATE '2024-01-01', DATE '2024-01-02')",
        "100",
    ),
    "zone": (
        pa.array([JAN, FEB], pa.timestamp("us", tz="Europe/Berlin")),
        "a = TIMESTAMP '2024-02-01 13:00:00+01:00'",
        "01",
    ),
    "labels": (pa.array([["x", "y"], [], None, ["xy"]]), "has(a, 'x')", "1000"),
    "not the label": (pa.array([["x", "y"], [], None, ["xy"]]), "NOT has(a, 'x')", "0101"),
    "chunked labels": (pa.chunked_array([[["y"]], [["x"], None]]), "has(a, 'x')", "010"),
    "missing labels": (pa.array([["x"], None]), "a IS NULL", "01"),
}


@pytest.mark.parametrize(("column", "text", "expected"), MASKS.values(), ids=MASKS)
def test_mask(column: Any, text: str, expected: str) -> None:
    selected = mask(parse(text), Columns({"a": column}))
    assert selected.dtype == np.bool_
    assert "".join(map(str, selected.astype(int))) == expected


COLUMNS: dict[str, tuple[Any, Any, str]] = {
    "numbers": (pa.array([1, 2, None]), pa.array([1.0, NAN, 1.0]), "100"),
    "widths": (pa.array([1, 2], pa.int8()), pa.array([1, 3], pa.uint64()), "10"),
    "texts": (
        pa.array(["x", "y"]).dictionary_encode(),
        pa.array(["x", "z"], pa.large_string()),
        "10",
    ),
    "chunks": (pa.chunked_array([["x"], ["y"]]), pa.array(["x", "z"]), "10"),
    "moments": (
        pa.array([JAN, FEB], pa.timestamp("s")),
        pa.array([JAN, JAN], pa.timestamp("ns")),
        "10",
    ),
    "nothing": (pa.nulls(2), pa.array([1, 2]), "00"),
}


@pytest.mark.parametrize(("left", "right", "expected"), COLUMNS.values(), ids=COLUMNS)
def test_two_columns(left: Any, right: Any, expected: str) -> None:
    rows = Columns({"a": left, "b": right})
    assert "".join(map(str, mask(parse("a = b"), rows).astype(int))) == expected
    assert not (mask(parse("a <> b"), rows) & mask(parse("a = b"), rows)).any()


MISMATCHES = {
    "number for text": (pa.array(["x"]), "a = 1", "text in single quotes: '1'"),
    "text for number": (pa.array([1]), "a > '1'", "1 without quotes"),
    "text for a moment": (
        pa.array([JAN]),
        "a > '2024-01-01'",
        "parse(text, fields), which reads dates",
    ),
    "boolean for number": (pa.array([1]), "a IN (TRUE, 1)", "a value of the column's type"),
    "number alone": (pa.array([1]), "a", "a IS NOT NULL"),
    "phrase in numbers": (pa.array([1]), "has(a, 'x')", "a column of text"),
    "list": (pa.array([["x"]]), "a = 'x'", "x without quotes"),
}


@pytest.mark.parametrize(("column", "text", "hint"), MISMATCHES.values(), ids=MISMATCHES)
def test_values_of_another_type(column: Any, text: str, hint: str) -> None:
    with pytest.raises(BadPredicate) as caught:
        mask(parse(text), Columns({"a": column}))
    assert caught.value.known and caught.value.hint == hint


def test_unlike_columns() -> None:
    rows = Columns({"a": pa.array([1]), "b": pa.array(["x"])})
    with pytest.raises(BadPredicate, match="a < b compares unlike columns"):
        mask(parse("a < b"), rows)


def test_tags_probabilities_and_hidden_inputs() -> None:
    rows = Columns(
        {
            "p_yes": pa.array([0.2, 0.8]),
            "label": pa.array(["x", "y"]),
            "input label": pa.array([1, 2]),
        },
        tags={"t": [True, False]},
    )
    assert mask(parse("NOT tag('t') AND p('yes') > 0.5"), rows).tolist() == [False, True]
    assert mask(parse("label = 'x' OR input(label) = 2"), rows).tolist() == [True, True]


def test_all_and_none_of_no_rows() -> None:
    rows = Columns({"a": pa.array([], pa.int64())})
    assert mask(parse("TRUE"), rows).shape == mask(parse("a > 1 OR FALSE"), rows).shape == (0,)


def test_cohorts_in_cohorts() -> None:
    cohorts = {"big": "a > 2", "even": "a IN (2, 4)", "both": "cohort('big') AND cohort('even')"}
    rows = Columns({"a": pa.array([1, 2, 3, 4, None])}, cohorts=cohorts)
    assert mask(parse("cohort('both')"), rows).tolist() == [False, False, False, True, False]
    assert mask(parse("NOT cohort('big')"), rows).tolist() == [True, True, False, False, False]
    with pytest.raises(UnknownName, match="no cohort 'bigg'"):
        mask(parse("cohort('bigg')"), rows)


def test_cohorts_in_a_circle() -> None:
    cohorts = {"x": "a OR cohort('y')", "y": "NOT cohort('x')", "me": "cohort('me')"}
    rows = Columns({"a": pa.array([True])}, cohorts=cohorts)
    with pytest.raises(BadPredicate, match="cohort 'x' is defined by itself") as caught:
        mask(parse("cohort('x')"), rows)
    assert caught.value.known == "The circle: x → y → x."
    with pytest.raises(BadPredicate, match="defined by itself"):
        mask(parse("cohort('me')"), rows)


def test_a_long_chain_of_cohorts() -> None:
    cohorts = {str(n): f"a AND NOT cohort('{n + 1}')" for n in range(500)}
    rows = Columns({"a": pa.array([True])}, cohorts=cohorts)
    with pytest.raises(BadPredicate, match="too long a chain"):
        mask(parse("cohort('0')"), rows)
