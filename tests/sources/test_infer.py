from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from mispredict.core.errors import BadDataset, BadOption, UnknownColumn
from mispredict.core.schema import ColumnType
from mispredict.sources.infer import infer_columns, looks_like_id

SENTENCE = "the quick brown fox number {} jumps over the lazy dog"


def inferred(values: Any, given: str | None = None) -> tuple[ColumnType, pa.ChunkedArray, str]:
    types = {"x": given} if given else None
    table, (column,) = infer_columns(pa.table({"x": values}), types)
    return column.type, table["x"], column.note


@pytest.mark.parametrize(
    ("values", "kind", "storage"),
    [
        ([1, 2, None], ColumnType.NUMERIC, "int64"),
        ([1.5, float("nan")], ColumnType.NUMERIC, "double"),
        ([True, None], ColumnType.BOOLEAN, "bool"),
        ([0, 1, 1], ColumnType.NUMERIC, "int64"),
        (["1", " 2 ", None], ColumnType.NUMERIC, "int64"),
        (["1.5", "", " "], ColumnType.NUMERIC, "double"),
        (["00123", "00456"], ColumnType.CATEGORICAL, "large_string"),
        (["2024-01-01", "2024-02-30"[:8] + "28"], ColumnType.DATETIME, "timestamp[us]"),
        (["2024-01-01T10:00:00Z", None], ColumnType.DATETIME, "timestamp[us]"),
        ([datetime(2024, 1, 1, tzinfo=UTC)], ColumnType.DATETIME, "timestamp[us]"),
        ([date(2024, 1, 1)], ColumnType.DATETIME, "timestamp[us]"),
        (["yes", "no", "yes"], ColumnType.CATEGORICAL, "large_string"),
        ([SENTENCE.format(i) for i in range(80)], ColumnType.TEXT, "large_string"),
        ([SENTENCE.format(i % 3) for i in range(80)], ColumnType.CATEGORICAL, "large_string"),
        ([f"user{i}" for i in range(200)], ColumnType.CATEGORICAL, "large_string"),
        (["a/1.png", "b/2.jpg"], ColumnType.IMAGE, "large_string"),
        (["a.wav"], ColumnType.AUDIO, "large_string"),
        ([b"\x89PNG...."], ColumnType.IMAGE, "binary"),
        ([b"RIFF\0\0\0\0WAVEfmt "], ColumnType.AUDIO, "binary"),
        ([["a", "b"], []], ColumnType.LABELS, "list<item: string>"),
        ([[0.5, 1.0]], ColumnType.VECTOR, "list<item: double>"),
        ([None, None], ColumnType.CATEGORICAL, "large_string"),
        ([{"a": 1}], ColumnType.OTHER, "struct<a: int64>"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_types(values: list[Any], kind: ColumnType, storage: str) -> None:
    found, array, _ = inferred(values)
    assert found is kind
    assert str(array.type) == storage


def test_nan_is_missing_and_blank_numbers_too() -> None:
    assert inferred([1.5, float("nan")])[1].to_pylist() == [1.5, None]
    assert inferred(["1", " ", None])[1].to_pylist() == [1, None, None]


def test_pandas_categories_keep_their_values() -> None:
    kind, array, _ = inferred(pa.array(pd.Series(["u", "v", None], dtype="category")))
    assert kind is ColumnType.CATEGORICAL
    assert array.to_pylist() == ["u", "v", None]


def test_words_among_numbers_are_an_error_that_counts_them() -> None:
    values = [str(i) for i in range(99)] + ["?"]
    with pytest.raises(BadDataset) as caught:
        inferred(values)
    assert caught.value.problem == "column 'x' mixes numbers and text."
    assert "'?' (1 ×), first at row 99" in caught.value.known
    assert "missing=['?']" in caught.value.hint
    assert inferred(values, "categorical")[0] is ColumnType.CATEGORICAL


@pytest.mark.parametrize(
    ("values", "given", "kind"),
    [
        ([1, 2], "categorical", ColumnType.CATEGORICAL),
        (["a", "b"], "text", ColumnType.TEXT),
        (["007"], "numeric", ColumnType.NUMERIC),
        (["2024-01-01"], "datetime", ColumnType.DATETIME),
    ],
)
def test_a_given_type_wins(values: list[Any], given: str, kind: ColumnType) -> None:
    assert inferred(values, given)[0] is kind


def test_a_given_type_must_fit_and_exist() -> None:
    with pytest.raises(BadDataset, match="cannot be read as datetime"):
        inferred([[1.0]], "datetime")
    with pytest.raises(BadOption, match="'number' is not a choice"):
        inferred([1], "number")
    with pytest.raises(UnknownColumn, match="no column 'y'"):
        infer_columns(pa.table({"x": [1]}), {"y": "text"})


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("id", [1, 2, 3], True),
        ("CustomerId", [5, 3, 9], True),
        ("user_id", ["a", "b", "c"], True),
        ("id", [1, 1, 2], False),
        ("id", [1, None, 2], False),
        ("paid", [1, 2, 3], False),
        ("grid", [1, 2, 3], False),
        ("amount", [1, 2, 3], False),
    ],
)
def test_ids_are_found_by_name_and_values(name: str, values: list[Any], expected: bool) -> None:
    _, (column,) = infer_columns(pa.table({name: values}))
    assert looks_like_id(column, 3) is expected


def test_long_whole_numbers_are_exact() -> None:
    kind, array, note = inferred([str(2**53 + 1), "+5"])
    assert (kind, array.to_pylist(), note) == (
        ColumnType.NUMERIC,
        [2**53 + 1, 5],
        "numbers stored as text",
    )
    huge = [str(2**63), str(2**63 + 1), None]
    for values in (huge, pa.array([2**63, 2**63 + 1, None], pa.uint64())):
        kind, array, note = inferred(values)
        assert (kind, array.to_pylist()) == (ColumnType.CATEGORICAL, huge)
        assert note == "too large for whole numbers"
    assert inferred(huge, "numeric")[1].to_pylist() == [2.0**63, 2.0**63, None]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([Decimal(2**53 + 1)], pa.decimal128(20, 0)), [2**53 + 1]),
        (pa.array([Decimal(10**30)], pa.decimal128(31, 0)), [str(10**30)]),
        (pa.array([Decimal("1.5")]), [1.5]),
    ],
    ids=["fits", "huge", "fraction"],
)
def test_decimals_without_fraction_are_exact(values: pa.Array, expected: list[Any]) -> None:
    assert inferred(values)[1].to_pylist() == expected


@pytest.mark.parametrize(
    "values",
    [
        pa.array([2**60], pa.timestamp("s")),
        pa.array([2**58], pa.timestamp("us")),
        pa.array([2**31 - 1], pa.date32()),
        pa.array([2**60], pa.date64()),
    ],
    ids=lambda values: str(values.type),
)
def test_times_do_not_wrap(values: pa.Array) -> None:
    with pytest.raises(BadDataset, match="column 'x' has times outside") as caught:
        inferred(values)
    assert caught.value.known
    assert caught.value.hint


def test_nanoseconds_are_cut() -> None:
    assert inferred(pa.array([1_999], pa.timestamp("ns")))[1].cast(pa.int64()).to_pylist() == [1]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (pa.array([(1, 2, 3), None], pa.month_day_nano_interval()), 2),
        (pa.array([{}, None], pa.struct([])), 2),
        (pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array(["a", "b"])] * 2), 2),
        (pc.run_end_encode(pa.array(["a", "a", "b"])), 3),
        (pa.array([{"a": {}}], pa.struct([("a", pa.struct([]))])), 1),
    ],
    ids=lambda value: str(getattr(value, "type", ""))[:20],
)
def test_types_that_parquet_lacks_become_text(values: pa.Array, expected: int) -> None:
    _, array, _ = inferred(values)
    assert str(array.type) == "large_string"
    assert len(array) == expected


@pytest.mark.parametrize(
    ("values", "given", "expected"),
    [
        (["yes", "No", " TRUE ", "0", "", None], "boolean", [True, False, True, False, None, None]),
        ([0, 1, None], "boolean", [False, True, None]),
        ([0.0, 1.0], "boolean", [False, True]),
        ([[1, 2]], "labels", [["1", "2"]]),
        ([[1, 2]], "vector", [[1, 2]]),
        ([1.5, 2], "text", ["1.5", "2"]),
        ([True], "numeric", [1.0]),
        (["a/b", None], "image", ["a/b", None]),
        (["2024-01-01", ""], "datetime", [datetime(2024, 1, 1), None]),
    ],
    ids=str,
)
def test_a_given_type_converts(values: Any, given: str, expected: list[Any]) -> None:
    kind, array, note = inferred(values, given)
    assert (kind.value, array.to_pylist(), note) == (given, expected, "given")


@pytest.mark.parametrize(
    ("values", "given", "known"),
    [
        (["2024-01-01", "soon"], "datetime", "Row 1 holds 'soon'"),
        ([20240101], "datetime", "Row 0 holds 20240101"),
        (["a", "b"], "vector", "Row 0 holds 'a'"),
        ([["a"]], "vector", "Row 0 holds ['a']"),
        (["a", "b"], "labels", "Row 0 holds 'a'"),
        ([[0.5]], "labels", "Row 0 holds [0.5]"),
        ([None, "Rome"], "image", "Row 1 holds 'Rome'"),
        ([5], "audio", "Row 0 holds 5"),
        (["yes", "maybe"], "boolean", "Row 1 holds 'maybe'"),
        ([0, 1, 2], "boolean", "Row 2 holds 2"),
        ([[True]], "boolean", "Row 0 holds [True]"),
        ([[1.0]], "numeric", "Row 0 holds [1.0]"),
        ([[1.0]], "categorical", "Row 0 holds [1.0]"),
        ([b"x"], "text", "Row 0 holds b'x'"),
    ],
    ids=str,
)
def test_values_that_do_not_fit_a_given_type(values: Any, given: str, known: str) -> None:
    with pytest.raises(BadDataset, match=f"column 'x' cannot be read as {given}") as caught:
        inferred(values, given)
    assert known in caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize("types", [["text"], "text", 5], ids=str)
def test_types_are_a_dictionary(types: Any) -> None:
    with pytest.raises(BadOption, match="not a dictionary"):
        infer_columns(pa.table({"x": [1]}), types)


def test_choices_of_types_are_words() -> None:
    with pytest.raises(BadOption) as caught:
        inferred([1], "number")
    assert "'numeric', 'categorical'" in caught.value.known


def test_views_of_lists_are_lists() -> None:
    assert inferred(pa.array([[1], [2]], pa.list_view(pa.int64())))[0] is ColumnType.VECTOR
