"""Rows sorted by codes and numbers: as the query engine sorts them."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.core.predicate import ColumnRef, Fields, Length, Probability
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine import query, sorting
from mispredict.engine.order import Order
from mispredict.engine.sorting import sort_rows
from mispredict.engine.table import Table

from .strategies import tables

OPERANDS = (
    *(ColumnRef(name) for name in ("number", "whole", "unsigned", "few", "name", "zip", "flag")),
    *(ColumnRef(name) for name in ("moment", "nano", "day", "loss", "prediction", "row")),
    ColumnRef("label", True),
    Probability("yes"),
)
orders = st.lists(
    st.builds(Order, st.sampled_from(OPERANDS), st.booleans()),
    min_size=1,
    max_size=3,
    unique_by=lambda order: order.operand,
).map(tuple)


@settings(deadline=None, max_examples=60)
@given(tables(), orders, st.data())
def test_as_the_query_engine(table: Table, order: tuple[Order, ...], data: st.DataObject) -> None:
    found = sort_rows(table, order)
    if found is None:  # a column whose rarer values share a code
        return
    assert found.tolist() == query.rows(table, None, order).tolist()
    mask = np.array(data.draw(st.lists(st.booleans(), min_size=table.n, max_size=table.n)), bool)
    rows = np.flatnonzero(mask).astype(np.int32)
    some = sort_rows(table, order, rows)
    assert some is not None
    assert some.tolist() == [row for row in found.tolist() if mask[row]]


@pytest.mark.parametrize("operand", [ColumnRef("text"), Length(ColumnRef("name"))], ids=str)
@settings(deadline=None, max_examples=5)
@given(table=tables())
def test_texts_are_left_to_the_query_engine(operand: object, table: Table) -> None:
    assert sort_rows(table, (Order(operand),)) is None  # type: ignore[arg-type]


@pytest.mark.parametrize("descending", [False, True], ids=["ascending", "descending"])
def test_large_columns_are_sorted_bin_by_bin(
    descending: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "_WORTH_THREADS", 0)
    random = np.random.default_rng(0)
    values = np.round(random.normal(size=5000), 2)
    values[::7] = np.nan
    fields = Fields({"x": ColumnType.NUMERIC}, {})
    table = Table.from_arrow(pa.table({"x": values}), fields=fields, task=Task(TaskKind.SCORE))
    found = sort_rows(table, (Order(ColumnRef("x"), descending),))
    assert found is not None
    key = np.where(np.isnan(values), np.inf, -values if descending else values)
    assert found.tolist() == np.argsort(key, kind="stable").tolist()
