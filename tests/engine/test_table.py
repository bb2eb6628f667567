"""A table gives columns, numbers, classes, codes and masks, each loaded once."""

from __future__ import annotations

import threading
from datetime import datetime

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.errors import BadOption, BadPredicate, UnknownColumn, UnknownName
from mispredict.core.predicate import Fields, parse
from mispredict.core.schema import ColumnType
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.engine.cache import Cache
from mispredict.engine.table import Table

COLUMNS = {
    "age": pa.array([30, None, 50, 60]),
    "city": pa.array(["x", "y", None, "x"]),
    "at": pa.array([datetime(1970, 1, 2), None, datetime(1970, 1, 3), datetime(1970, 1, 4)]),
    "note": pa.array(["a", "b", "c", "d"]),
    "on": pa.array([True, None, False, True]),
    'input("label")': pa.array(["hidden"] * 4),
    "label": pa.array(["b", "a", None, "b"]),
    "loss": pa.array([0.5, float("nan"), 2.0, 1.0]),
}
FIELDS = Fields(
    columns={
        "age": ColumnType.NUMERIC,
        "city": ColumnType.CATEGORICAL,
        "at": ColumnType.DATETIME,
        "note": ColumnType.TEXT,
        "on": ColumnType.BOOLEAN,
        "label": ColumnType.TEXT,
    },
    reserved={
        "row": ColumnType.NUMERIC,
        "label": ColumnType.CATEGORICAL,
        "loss": ColumnType.NUMERIC,
    },
    classes=("a", "b"),
)
TASK = Task(TaskKind.BINARY, ("a", "b"), "b")


@pytest.fixture
def table() -> Table:
    return Table.from_arrow(
        pa.table(COLUMNS),
        fields=FIELDS,
        task=TASK,
        tags={"seen": np.array([True, False, True, False])},
        cohorts={
            "old": parse("age > 40", FIELDS),
            "round": parse("cohort('trip')"),
            "trip": parse("cohort('round') OR age > 1"),
        },
    )


def test_names_are_the_datasets_then_the_reserved(table: Table) -> None:
    assert table.names == ("age", "city", "at", "note", "on", "label", "row", "loss")
    assert (len(table), table.n, table.classes) == (4, 4, ("a", "b"))
    assert repr(table) == "<Table of 4 rows and 8 columns>"


def test_a_reserved_name_wins_over_an_input(table: Table) -> None:
    assert table.column("label").to_pylist() == ["b", "a", None, "b"]
    assert table.column("label", is_input=True).to_pylist() == ["hidden"] * 4


def test_row_numbers_need_no_loader(table: Table) -> None:
    assert table.column("row").to_pylist() == [0, 1, 2, 3]


def test_nan_is_null(table: Table) -> None:
    assert table.column("loss").null_count == 1


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("age", [30, np.nan, 50, 60]),
        ("on", [1, np.nan, 0, 1]),
        ("at", [86_400, np.nan, 172_800, 259_200]),
        ("loss", [0.5, np.nan, 2, 1]),
    ],
)
def test_values_are_floats(table: Table, name: str, expected: list[float]) -> None:
    np.testing.assert_array_equal(table.values(name), expected)


def test_text_has_neither_numbers_nor_codes(table: Table) -> None:
    with pytest.raises(BadOption, match="'note' has no numbers"):
        table.values("note")
    with pytest.raises(BadOption, match="'note' has no groups or bins"):
        table.coded("note")
    assert table.find_coded("note") is None


def test_unknown_names_are_refused(table: Table) -> None:
    with pytest.raises(UnknownColumn, match="no column 'aeg'"):
        table.column("aeg")
    with pytest.raises(UnknownName, match="no tag 'sen'"):
        table.tag("sen")
    with pytest.raises(UnknownName, match="no cohort 'olt'"):
        table.mask(parse("cohort('olt')"))


@pytest.mark.parametrize(
    ("classes", "array"),
    [
        (("a", "b"), pa.array(["b", None, "a"])),
        ((0, 1), pa.array([1, None, 0], pa.int8())),
        ((False, True), pa.array([True, None, False])),
        (("a", "b"), pa.array(["b", None, "a"]).dictionary_encode()),
    ],
    ids=["text", "whole", "boolean", "dictionary"],
)
def test_classes_are_numbered(classes: tuple[Scalar, ...], array: pa.Array) -> None:
    fields = Fields({}, {"label": ColumnType.CATEGORICAL}, classes)
    task = Task(TaskKind.BINARY, classes, classes[1])
    table = Table.from_arrow(pa.table({"label": array}), fields=fields, task=task)
    assert table.class_codes("label").tolist() == [1, -1, 0]
    assert table.class_codes("label").dtype == np.int32


def test_regression_has_no_classes() -> None:
    fields = Fields({}, {"label": ColumnType.NUMERIC})
    numbers = pa.table({"label": [1.5]})
    table = Table.from_arrow(numbers, fields=fields, task=Task(TaskKind.REGRESSION))
    with pytest.raises(BadOption, match="has no classes"):
        table.class_codes("label")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tag('seen')", [0, 2]),
        ("NOT tag('seen') AND age > 0", [3]),
        ("cohort('old') AND city = 'x'", [3]),
        ("NOT cohort('old')", [0]),
        ("input(label) = 'hidden' AND label = 'b'", [0, 3]),
        ("loss > 0.7", [2, 3]),
    ],
)
def test_masks(table: Table, text: str, expected: list[int]) -> None:
    for name in ("age", "city", "loss"):
        table.coded(name)
    mask = table.mask(parse(text, FIELDS))
    assert np.flatnonzero(mask).tolist() == expected


def test_cohorts_in_a_circle_are_refused(table: Table) -> None:
    with pytest.raises(BadPredicate, match="defined by itself"):
        table.mask(parse("cohort('round')"))


def test_shared_arrays_cannot_be_written(table: Table) -> None:
    for array in (table.values("age"), table.class_codes("label"), table.mask(parse("age > 1"))):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


def test_rows_come_in_the_order_asked_for(table: Table) -> None:
    assert table.rows(np.array([3, 0]), ["row", "age"]).to_pydict() == {
        "row": [3, 0],
        "age": [60, 30],
    }


def test_the_cache_forgets_what_was_used_least_recently() -> None:
    cache: Cache[str] = Cache(4, len)
    for key in ("aa", "bb", "aa", "cc"):
        cache.get(key, lambda key=key: key)  # type: ignore[misc]
    assert ("aa" in cache, "bb" in cache, "cc" in cache, cache.used) == (True, False, True, 4)
    cache.get("large", lambda: "x" * 9)
    assert ("large" in cache, cache.used) == (True, 9)


def test_threads_get_the_same_thing(table: Table) -> None:
    barrier, found = threading.Barrier(4), []

    def work() -> None:
        barrier.wait(60)
        found.append(table.column("age"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len({id(column) for column in found}) == 1
