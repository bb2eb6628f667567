"""Rows that are quickly taken and hashed are those that pandas and Arrow would make."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.models.caching import row_keys, schema_key
from mispredict.models.copies import Copies, form, frame_of, joined
from mispredict.models.sheet import Sheet

N = 300
DRAW = np.random.default_rng(0)


def some(values: list[object]) -> list[object]:
    return [values[at] for at in DRAW.integers(0, len(values), N)]


COLUMNS = {
    "whole": pa.array(DRAW.integers(0, 9, N)),
    "small": pa.array(DRAW.integers(0, 9, N).astype(np.int8)),
    "whole with missing": pa.array(some([1, 2, None])),
    "decimals": pa.array(some([0.5, -0.0, None, 3.25])),
    "single": pa.array(DRAW.random(N).astype(np.float32)),
    "truth": pa.array(some([True, False])),
    "truth with missing": pa.array(some([True, False, None])),
    "words": pa.array(some(["a", "bb", None])),
    "odd words": pa.array(some(["a", "\0missing", "\1"])),
    "large words": pa.array(some(["a", "é", None]), pa.large_string()),
    "texts": pa.array([f"text {at}" for at in range(N)]),
    "category": pa.array(some(["x", "y", None])),
    "dictionary": pa.array(some(["x", "y"])).dictionary_encode(),
    "days": pa.array(some([dt.date(2024, 1, 1), None])),
    "times": pa.array(some([dt.datetime(2024, 1, 1), dt.datetime(2024, 5, 1)])),
    "lists": pa.array(some([[1.0, 2.0], None])),
    "bytes": pa.array(some([b"1", b"22"])),
    "nothing": pa.nulls(N),
}
TABLE = pa.table(COLUMNS)
SHEET = Sheet(TABLE, ["category"])


def taken(table: pa.Table, rows: list[int]) -> pd.DataFrame:
    """The rows, made by pandas of the whole table."""
    whole = table.to_pandas()
    if "category" in whole:
        known = whole["category"].dropna().sort_values().unique()
        whole["category"] = whole["category"].astype(pd.CategoricalDtype(known))
    return whole.iloc[rows].reset_index(drop=True)


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("rows", [[], [7], [5, 5, 0, 299], list(range(N))], ids=len)
def test_rows_of_a_sheet_are_those_of_the_table(name: str, rows: list[int]) -> None:
    numbers = np.array(rows, dtype=np.int64)
    sheet = Sheet(TABLE.select([name]), [name] if name == "category" else [])
    wanted = taken(TABLE.select([name]), rows)
    found = sheet.frame(numbers)
    pd.testing.assert_frame_equal(found, wanted, check_index_type=False)
    assert (Copies(sheet, numbers).keys() == row_keys(wanted)).all()
    assert form(Copies(sheet, numbers)) == schema_key(wanted)


ROWS = st.lists(st.integers(0, N - 1), min_size=1, max_size=40)


@settings(deadline=None)
@given(ROWS, ROWS)
def test_copies_are_asked_as_their_frame_would_be(one: list[int], two: list[int]) -> None:
    first, second = (Copies(SHEET, np.array(rows)) for rows in (one, two))
    first = first.assign({"decimals": np.linspace(0, 1, len(one))})
    second = second.assign(
        {
            "whole": np.arange(len(two)),
            "words": SHEET["words"].take(first.rows)[np.arange(len(two)) % len(one)],
        }
    )
    both = joined([first, second])
    wanted = pd.concat([frame_of(first), frame_of(second)], ignore_index=True)
    pd.testing.assert_frame_equal(both.frame(), wanted, check_index_type=False)
    assert (both.keys() == row_keys(wanted)).all()
    places = np.arange(0, len(both), 2)
    pd.testing.assert_frame_equal(
        both.frame(places), wanted.iloc[places].reset_index(drop=True), check_index_type=False
    )
    part = both.take(places)
    assert (part.keys() == both.keys()[places]).all()


def test_a_model_that_writes_to_its_batch_changes_nothing_else() -> None:
    copies = Copies(SHEET, np.arange(4)).assign({"decimals": np.zeros(4)})
    before = copies.keys()
    batch = copies.frame()
    batch.loc[:, ["decimals", "whole"]] = 1
    batch.loc[1, "truth"] = True
    batch["words"] = "other"
    assert (copies.keys() == before).all()
    assert (copies.column("decimals") == 0).all()


def test_hashes_do_not_depend_on_the_rows_beside() -> None:
    rows = np.arange(N).repeat(100)  # more than are hashed at once
    keys = Copies(SHEET, rows).keys()
    assert (keys[::100] == Copies(SHEET, np.arange(N)).keys()).all()
    assert (keys[::100] == keys[99::100]).all()
