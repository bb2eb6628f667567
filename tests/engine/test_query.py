"""Rows sorted and grouped by DuckDB, and what it is kept from."""

from __future__ import annotations

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.core.errors import BadOption, InputError, UnknownColumn
from mispredict.core.predicate import ColumnRef, Fields, Length, Probability, parse
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine import query
from mispredict.engine.order import Order, parse_order
from mispredict.engine.table import Table

FIELDS = Fields(
    columns={
        "Age": ColumnType.NUMERIC,
        "city, state": ColumnType.CATEGORICAL,
        "text": ColumnType.TEXT,
        "labels": ColumnType.LABELS,
    },
    reserved={"loss": ColumnType.NUMERIC, "p_yes": ColumnType.NUMERIC, "row": ColumnType.NUMERIC},
    classes=("no", "yes"),
)


@pytest.fixture
def table() -> Table:
    columns = {
        "Age": [40, 30, None, 40, 20],
        "city, state": ["b", "a", "b", None, "a"],
        "text": ["xxx", "x", "xx", None, ""],
        "labels": [["a"], [], None, ["b"], []],
        "loss": [1.0, math.inf, math.nan, 1.0, -math.inf],
        "p_yes": [0.1, 0.2, 0.3, 0.4, 0.5],
    }
    task = Task(TaskKind.BINARY, ("no", "yes"), "yes")
    return Table.from_arrow(pa.table(columns), fields=FIELDS, task=task)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2, 3, 4]),
        ("Age", [4, 1, 0, 3, 2]),
        ("Age DESC", [0, 3, 1, 4, 2]),
        ("loss desc, row DESC", [1, 3, 0, 4, 2]),
        ('"city, state" ASC, Age DESC', [1, 4, 0, 2, 3]),
        ("p('yes') DESC", [4, 3, 2, 1, 0]),
        ("length(text)", [4, 1, 2, 0, 3]),
        ('length(input("text")), Age', [4, 1, 2, 0, 3]),
    ],
)
def test_rows_are_sorted_with_missing_last(table: Table, text: str, expected: list[int]) -> None:
    found = query.rows(table, order_by=parse_order(text, FIELDS))
    assert found.tolist() == expected
    assert found.dtype == np.int64


def test_rows_are_filtered_and_paged(table: Table) -> None:
    where, order = parse("Age >= 30", FIELDS), parse_order("Age", FIELDS)
    assert query.rows(table, where, order).tolist() == [1, 0, 3]
    assert query.rows(table, where, order, limit=1, offset=1).tolist() == [0]
    assert query.rows(table, where, limit=1, offset=1).tolist() == [1]
    with pytest.raises(BadOption, match="negative"):
        query.rows(table, offset=-1)


def test_the_first_of_the_same_columns_counts() -> None:
    assert parse_order("Age DESC, loss, Age", FIELDS) == (
        Order(ColumnRef("Age"), True),
        Order(ColumnRef("loss")),
    )


def test_order_is_read_from_text() -> None:
    assert parse_order("loss DESC, length(text), p('yes') asc", FIELDS) == (
        Order(ColumnRef("loss"), True),
        Order(Length(ColumnRef("text"))),
        Order(Probability("yes")),
    )


@pytest.mark.parametrize(
    "text",
    [
        "Age,",
        ",",
        "Age DOWN",
        "Age > 3",
        "Age; DROP",
        "'Age'",
        '"Age',
        "Age IS NULL OR Age",
        "(SELECT 1)",
    ],
)
def test_bad_orders_are_refused(text: str) -> None:
    with pytest.raises(BadOption, match="cannot sort by") as caught:
        parse_order(text, FIELDS)
    assert "loss DESC, Age" in caught.value.hint


def test_unknown_columns_are_named() -> None:
    with pytest.raises(UnknownColumn, match="no column 'aeg'"):
        parse_order("aeg DESC", FIELDS)


def test_lists_have_no_order(table: Table) -> None:
    with pytest.raises(BadOption, match="sorted by a list"):
        query.rows(table, order_by=(Order(ColumnRef("labels")),))


def test_groups_are_sorted_and_missing_is_one(table: Table) -> None:
    found = query.aggregate(
        table,
        {
            "n": ("count", None),
            "ages": ("count", "Age"),
            "mean": ("mean", "Age"),
            "most": ("max", "Age"),
        },
        by=["city, state"],
    )
    assert found.to_pylist() == [
        {"city, state": "a", "n": 2, "ages": 2, "mean": 25.0, "most": 30},
        {"city, state": "b", "n": 2, "ages": 1, "mean": 40.0, "most": 40},
        {"city, state": None, "n": 1, "ages": 1, "mean": 40.0, "most": 40},
    ]


def test_the_mean_of_no_row_is_missing(table: Table) -> None:
    found = query.aggregate(table, {"mean": ("mean", "Age")}, where=parse("Age > 99", FIELDS))
    assert found.to_pylist() == [{"mean": None}]
    with pytest.raises(BadOption, match="'median' is not a choice"):
        query.aggregate(table, {"x": ("median", "Age")})


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "COPY rows TO 'out.csv'",
        "ATTACH 'other.db'",
        "SET enable_external_access = true",
        "SET memory_limit = '64GB'",
        "INSTALL httpfs",
    ],
)
def test_a_session_is_locked_down(table: Table, statement: str) -> None:
    import duckdb

    with (
        query._session(table, [ColumnRef("Age")], (), query.DEFAULT_LIMITS) as session,
        pytest.raises(duckdb.Error),
    ):
        session.raw.execute(statement)


def test_a_long_query_is_interrupted() -> None:
    numbers = pa.table({"Age": np.random.default_rng(0).random(3_000_000)})
    fields = Fields({"Age": ColumnType.NUMERIC}, {})
    table = Table.from_arrow(numbers, fields=fields, task=Task(TaskKind.SCORE))
    limits = query.QueryLimits(threads=1, timeout_s=0.001)
    with pytest.raises(InputError, match=r"did not end within 0\.001 s"):
        query.rows(table, order_by=(Order(ColumnRef("Age")),), limits=limits)


_cells = st.lists(
    st.tuples(
        st.one_of(st.none(), st.floats(allow_nan=False), st.sampled_from([0.0, -0.0, 1.0])),
        st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs",)), max_size=2)),
    ),
    max_size=20,
)


@settings(max_examples=30, deadline=None)
@given(_cells, st.booleans(), st.booleans())
def test_sorting_equals_pythons(
    cells: list[tuple[float | None, str | None]], first: bool, second: bool
) -> None:
    columns = {
        "a": pa.array([a for a, _ in cells], pa.float64()),
        "b": pa.array([b for _, b in cells], pa.string()),
    }
    fields = Fields({"a": ColumnType.NUMERIC, "b": ColumnType.CATEGORICAL}, {})
    table = Table.from_arrow(pa.table(columns), fields=fields, task=Task(TaskKind.SCORE))
    order = (Order(ColumnRef("a"), first), Order(ColumnRef("b"), second))
    expected = list(range(len(cells)))
    for place, descending in ((1, second), (0, first)):
        values = [cells[i][place] for i in range(len(cells))]
        present = sorted(
            (i for i in expected if values[i] is not None),
            key=lambda i, values=values: values[i],  # type: ignore[misc]
            reverse=descending,
        )
        expected = present + [i for i in expected if values[i] is None]
    assert query.rows(table, order_by=order).tolist() == expected


def test_limits_of_a_block_hold_for_queries_without_their_own(table: Table) -> None:
    with (
        query.limited(query.QueryLimits(threads=1)),
        query._session(table, [ColumnRef("Age")], (), None) as session,
    ):
        assert session.raw.execute("SELECT current_setting('threads')").fetchall() == [(1,)]
    with query._session(table, [ColumnRef("Age")], (), None) as session:
        assert session.raw.execute("SELECT current_setting('threads')").fetchall() == [(2,)]
