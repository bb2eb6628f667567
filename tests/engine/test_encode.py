"""Codes mean what their book says, for every type of column."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.engine.codebook import Codebook
from mispredict.engine.encode import Coded, Limits, encode, encode_all

NUMERIC, CATEGORICAL = ColumnType.NUMERIC, ColumnType.CATEGORICAL
BOOLEAN, DATETIME = ColumnType.BOOLEAN, ColumnType.DATETIME
FINE = Limits(distinct=0, bins=4)


def coded(values: object, kind: ColumnType, limits: Limits | None = None) -> Coded:
    found = encode(values, kind, limits=limits or Limits())
    assert found is not None
    return found


def described(found: Coded) -> list[str]:
    return [found.book.describe(int(code)) for code in found.codes]


def test_text_is_ordered_by_frequency_and_missing_is_zero() -> None:
    found = coded(pa.array(["b", None, "a", "b", "c", "a", "b"]), CATEGORICAL)
    assert found.book.points == ("b", "a", "c")
    assert found.codes.tolist() == [1, 0, 2, 1, 3, 2, 1]
    assert found.codes.dtype == np.uint8


@pytest.mark.parametrize(
    ("array", "kind", "expected"),
    [
        pytest.param(
            pa.array(["x", "y", None]).cast(pa.large_string()),
            CATEGORICAL,
            "x y missing",
            id="large",
        ),
        pytest.param(
            pa.array(["x", "y", None]).dictionary_encode(),
            CATEGORICAL,
            "x y missing",
            id="dictionary",
        ),
        pytest.param(
            pa.chunked_array([["x"], [], ["y", None]], pa.string()),
            CATEGORICAL,
            "x y missing",
            id="chunks",
        ),
        pytest.param(pa.array([True, None, False]), BOOLEAN, "true missing false", id="boolean"),
        pytest.param(
            pa.array([Decimal("1.50"), None, Decimal("2.00")]),
            NUMERIC,
            "1.5 missing 2",
            id="decimal",
        ),
        pytest.param(
            pa.array([0.0, -0.0, math.nan, math.inf, -math.inf]),
            NUMERIC,
            "0 0 missing ∞ -∞",
            id="special floats",
        ),
        pytest.param(
            pa.array([2**63 - 1, 2**63 - 2]),
            NUMERIC,
            f"{2**63 - 1} {2**63 - 2}",
            id="large integers",
        ),
        pytest.param(
            pa.array([2**64 - 1, 2**64 - 2], pa.uint64()),
            NUMERIC,
            f"{2**64 - 1} {2**64 - 2}",
            id="unsigned",
        ),
        pytest.param(pa.array([7, 5, 7], pa.int8()), CATEGORICAL, "7 5 7", id="codes as numbers"),
        pytest.param(pa.nulls(2), NUMERIC, "missing missing", id="all missing"),
        pytest.param(pa.nulls(2), DATETIME, "missing missing", id="all missing times"),
        pytest.param(pa.array([], pa.string()), CATEGORICAL, "", id="no rows"),
        pytest.param(pa.chunked_array([], pa.float64()), NUMERIC, "", id="no chunks"),
        pytest.param(pa.array([date(2024, 2, 29)]), DATETIME, "2024-02-29", id="date"),
    ],
)
def test_few_values_have_a_code_each(array: pa.Array, kind: ColumnType, expected: str) -> None:
    assert " ".join(described(coded(array, kind))) == expected


def test_times_of_any_zone_are_utc() -> None:
    moment = datetime(2024, 1, 1, 12, tzinfo=UTC)
    zoned = pa.array([moment, None], pa.timestamp("ms", "Europe/Paris"))
    assert described(coded(zoned, DATETIME)) == ["2024-01-01 12:00:00", "missing"]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_are_binned_in_any_unit(unit: str) -> None:
    days = pa.array(
        [datetime(2024, 1, 1) + timedelta(days=i) for i in range(8)], pa.timestamp(unit)
    )
    found = coded(days, DATETIME, FINE)
    assert found.codes.tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert found.book.describe(1) == "[2024-01-01, 2024-01-03)"
    assert found.book.describe(4) == "[2024-01-07, 2024-01-08]"


def test_nanoseconds_are_binned_at_whole_microseconds() -> None:
    steps = pa.array([1_000, 1_001, 2_500, 3_999, None], pa.int64()).cast(pa.timestamp("ns"))
    found = coded(steps, DATETIME, Limits(bins=2))
    assert found.book.kind == "bins"
    assert [point % 1_000 for point in found.book.points[:-1]] == [0] * (found.book.size - 1)
    assert found.codes.tolist() == [1, 1, 2, 2, 0]


def test_whole_numbers_beyond_2_to_53_stay_exact() -> None:
    start = 2**60
    found = coded(pa.array([None, *(start + i for i in range(100))]), NUMERIC, Limits(bins=10))
    assert found.book.points[:3] == (start, start + 10, start + 20)
    assert found.codes[:12].tolist() == [0, *[1] * 10, 2]


def test_a_common_value_has_its_own_bin() -> None:
    values = np.concatenate([np.zeros(500), np.arange(1, 501)])
    found = coded(pa.array(values), NUMERIC)
    assert found.book.describe(1) == "[0, 1)"
    assert (found.codes == 1).sum() == 500


def test_infinite_values_fall_into_the_outer_bins() -> None:
    found = coded(pa.array([-math.inf, *range(100), math.inf], pa.float64()), NUMERIC)
    assert found.codes[0] == 1
    assert found.codes[-1] == found.book.size - 1
    assert found.book.describe(1).startswith("[-∞, ")


def test_rare_values_share_the_last_code() -> None:
    found = coded(pa.array(["a", "b", "a", "c", "b", "d"]), CATEGORICAL, Limits(codes=3))
    assert described(found) == ["a", "b", "a", "other values", "b", "other values"]
    assert found.book.other == 3


def test_many_values_take_two_bytes() -> None:
    found = coded(pa.array([str(i) for i in range(70_000)]), CATEGORICAL)
    assert found.codes.dtype == np.uint16
    assert found.book.size == 65_535
    assert (found.codes == found.book.other).sum() == 70_000 - 65_533


def test_mostly_missing_columns_are_binned_by_what_is_there() -> None:
    rows = [None] * 300_000
    rows[1000:1100] = range(100)
    found = coded(pa.array(rows, pa.int64()), NUMERIC, Limits(bins=10, sample=1000))
    assert np.bincount(found.codes)[1:].tolist() == [10] * 10


@pytest.mark.parametrize("kind", [ColumnType.TEXT, ColumnType.VECTOR, ColumnType.OTHER])
def test_other_types_have_no_codes(kind: ColumnType) -> None:
    assert encode(pa.array(["a"]), kind) is None


def test_all_columns_are_encoded_by_name() -> None:
    columns = {"a": (pa.array([1, 2]), NUMERIC), "b": (pa.array(["x", "y"]), ColumnType.TEXT)}
    assert list(encode_all(columns)) == ["a"]


def test_a_code_outside_the_book_is_refused() -> None:
    book = coded(pa.array(["a"]), CATEGORICAL).book
    with pytest.raises(BadOption, match="no code 9"):
        book.describe(9)
    with pytest.raises(BadOption, match="not a bin"):
        book.interval(1)


numbers = st.one_of(
    st.none(), st.floats(width=32, allow_nan=True), st.sampled_from([0.0, -0.0, 1.0, math.inf])
)


@given(st.lists(numbers, max_size=60), st.integers(1, 6), st.integers(1, 9))
def test_each_number_lies_in_its_bin(values: list[float | None], bins: int, sample: int) -> None:
    found = coded(pa.array(values, pa.float64()), NUMERIC, Limits(1, bins, sample=sample))
    last = found.book.size - 1
    for value, code in zip(values, found.codes.tolist(), strict=True):
        if value is None or math.isnan(value):
            assert code == 0
        elif found.book.kind == "values":
            assert found.book.value(code) == value
        else:
            low, high = found.book.interval(code)
            assert low <= value < high or (code == last and value == high)


@given(st.lists(numbers, max_size=60), st.integers(0, 4))
def test_a_book_survives_json(values: list[float | None], distinct: int) -> None:
    book = coded(pa.array(values, pa.float64()), NUMERIC, Limits(distinct, 4)).book
    text = json.dumps(book.to_dict(), allow_nan=False)
    assert Codebook.from_dict(json.loads(text)) == book


def test_bins_of_whole_numbers_read_as_people_say_them() -> None:
    values = np.r_[np.zeros(500, np.int64), np.arange(1, 301)]
    book = encode(pa.chunked_array([values]), ColumnType.NUMERIC, limits=Limits(bins=5)).book
    texts = [book.describe(code) for code in range(1, book.size)]
    wheres = [book.condition("x", code).text for code in range(1, book.size)]
    assert texts[0] == "0"
    assert wheres[0] == "x = 0"
    low, _, high = texts[1].partition(" to ")
    assert wheres[1] == f"x BETWEEN {low} AND {high}"
    assert texts[-1].endswith("to 300")
