from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pyarrow as pa
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
