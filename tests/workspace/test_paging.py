"""Pages of rows: what `ev.rows` gives, wherever they are read from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import mispredict as mp
from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.workspace import stored_rows
from mispredict.workspace.looking.paging import ordered, page

from .kinds import KINDS, binary

WHERES = ("", "member", "age > 60 AND city = 'Oslo'", "has(note, 'bad')", "age > 500", "tag('odd')")
ORDERS = (
    *("", "loss DESC", "age", "age DESC, user_id", "city", "city DESC, loss", "note", "member"),
    *("p('yes') DESC", "since DESC, age", "length(note), row DESC", "error_class", "row DESC"),
)
COLUMNS = (None, ["user_id", "loss"], ["note", "row", "city", "confidence"])


@pytest.fixture(scope="module")
def people(
    tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    with mp.open(tmp_path_factory.mktemp("people") / "ws") as workspace:
        found = binary(workspace, frame)
        found.tag("odd", "row > 100 AND row < 300")
        yield found


@settings(deadline=None, max_examples=80)
@given(
    where=st.sampled_from(WHERES),
    order=st.sampled_from(ORDERS),
    offset=st.integers(0, 700),
    limit=st.integers(0, 120),
    columns=st.sampled_from(COLUMNS),
)
def test_as_ev_rows(
    people: mp.Evaluation,
    where: str,
    order: str,
    offset: int,
    limit: int,
    columns: list[str] | None,
) -> None:
    found = page(people, where, order or None, offset=offset, limit=limit, columns=columns)
    wanted = people.rows(where or None, order or None, limit=limit, offset=offset, columns=columns)
    assert found.table.equals(wanted.table)
    assert (found.total, found.source) == (wanted.total, wanted.source)


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind(ws: mp.Workspace, frame: pd.DataFrame, kind: str) -> None:
    ev = KINDS[kind](ws, frame)
    assert page(ev, limit=1000).table.equals(ev.rows(limit=1000).table)
    found = page(ev, order_by="loss DESC", offset=1, limit=3)
    assert found.table.equals(ev.rows(order_by="loss DESC", offset=1, limit=3).table)


@pytest.mark.parametrize("loaded", [10**9, 0], ids=["loaded", "unpacked"])
@pytest.mark.parametrize("most_groups", [0, 1, 99], ids=["none", "one", "all"])
def test_large_tables_are_looked_up(
    tmp_path: Path,
    frame: pd.DataFrame,
    monkeypatch: pytest.MonkeyPatch,
    loaded: int,
    most_groups: int,
) -> None:
    """However the rows are found, they are the same."""
    monkeypatch.setattr("mispredict.store.tables.ROWS_PER_GROUP", 64)
    with mp.open(tmp_path / "ws") as workspace:
        rows = frame.assign(
            big=np.arange(600, dtype=np.uint64) + np.uint64(2**63),
            lists=[[i, i + 1] if i % 5 else None for i in range(600)],
        )
        ev = binary(workspace, rows)
        wanted = {order: ev.rows(order_by=order, limit=600).table for order in ("row", "loss DESC")}
        monkeypatch.setattr(stored_rows, "SMALL_ROWS", 0)
        monkeypatch.setattr(stored_rows, "LOADED_ROWS", loaded)
        monkeypatch.setattr(stored_rows, "MOST_GROUPS", most_groups)
        again = workspace.evaluation(ev.ref)
        for order, table in wanted.items():
            for offset in (0, 130, 590):
                found = page(again, order_by=order, offset=offset, limit=40)
                assert found.table.equals(table.slice(offset, 40).combine_chunks())
        assert again.mask("age > 33.3 AND loss < 1.2345").tolist() == (
            ev.mask("age > 33.3 AND loss < 1.2345").tolist()
        )
    files = list((tmp_path / "ws" / "cache" / "columns").glob("*/*"))
    assert bool(files) == (loaded == 0 and most_groups != 99)


def test_a_cache_that_cannot_be_written(
    tmp_path: Path, frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored_rows, "SMALL_ROWS", 0)
    monkeypatch.setattr(stored_rows, "LOADED_ROWS", 0)
    monkeypatch.setattr(stored_rows, "MOST_GROUPS", 0)
    with mp.open(tmp_path / "ws") as workspace:
        ev = binary(workspace, frame)
        (tmp_path / "ws" / "cache" / "columns").write_text("in the way")
        found = page(ev, order_by="loss DESC", limit=5)
        assert len(found) == 5


def test_orders_are_kept_and_follow_tags(people: mp.Evaluation) -> None:
    where = people.predicate("tag('odd') AND member")
    first = ordered(people, where, "loss DESC")
    assert ordered(people, where, "loss DESC") is first
    people.tag("odd", rows=[0, 1, 2])
    again = ordered(people, where, "loss DESC")
    assert again.tolist() != first.tolist()
    people.untag("odd", rows=[0, 1, 2])


def test_clusters_found_later_can_be_sorted_by(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ev = binary(ws, frame)
    page(ev, order_by="loss")
    ev.clusters("note", n=2)
    found = page(ev, order_by="cluster DESC", limit=600, columns=["cluster"])
    assert found.table.equals(
        ev.rows(order_by="cluster DESC", limit=600, columns=["cluster"]).table
    )


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"limit": -1}, BadOption),
        ({"offset": -1}, BadOption),
        ({"order_by": 3}, BadOption),
        ({"order_by": "face["}, BadOption),
        ({"order_by": "nothing"}, UnknownColumn),
        ({"columns": ["nothing"]}, UnknownColumn),
    ],
)
def test_what_cannot_be_asked(people: mp.Evaluation, asked: dict, kind: type[Exception]) -> None:
    with pytest.raises(kind):
        page(people, **asked)


def test_long_texts_are_not_loaded_for_a_page(
    tmp_path: Path, frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mispredict.store.tables.ROWS_PER_GROUP", 64)
    monkeypatch.setattr(stored_rows, "LARGE_BYTES", 20_000)
    with mp.open(tmp_path / "ws") as workspace:
        ev = binary(workspace, frame)
        found = page(ev, order_by="loss DESC", offset=100)
        assert ("note", True) not in ev.table._columns
        assert ("age", True) in ev.table._columns
        assert found.table.equals(ev.rows(order_by="loss DESC", offset=100, limit=100).table)
