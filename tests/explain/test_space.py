"""The features that a search moves in: rows there and back, distances, plausibility."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.core.schema import ColumnType
from mispredict.explain.counterfactuals import search_near
from mispredict.explain.counterfactuals.search_plausible import Crowd
from mispredict.explain.counterfactuals.search_space import Space
from mispredict.models.sheet import Sheet

TYPES = {
    "whole": ColumnType.NUMERIC,
    "gaps": ColumnType.NUMERIC,
    "small": ColumnType.NUMERIC,
    "word": ColumnType.CATEGORICAL,
    "code": ColumnType.CATEGORICAL,
    "flag": ColumnType.BOOLEAN,
    "maybe": ColumnType.BOOLEAN,
    "time": ColumnType.DATETIME,
    "text": ColumnType.TEXT,
}


def table(rows: int = 60) -> pa.Table:
    random = np.random.default_rng(1)
    gaps = random.integers(0, 9, rows).astype(object)
    gaps[3] = None
    maybe = random.choice([True, False, None], rows)
    return pa.table(
        {
            "whole": pa.array(random.integers(0, 100, rows)),
            "gaps": pa.array(gaps, pa.int32()),
            "small": pa.array(np.round(random.normal(0, 1, rows), 2), pa.float32()),
            "word": pa.array(random.choice(["a", "b", "c"], rows)),
            "code": pa.array(random.choice([10, 20], rows)),
            "flag": pa.array(random.random(rows) < 0.5),
            "maybe": pa.array(maybe.tolist(), pa.bool_()),
            "time": pa.array(pd.date_range("2024-01-01", periods=rows, freq="h").to_numpy()),
            "text": pa.array([f"text {i}" for i in range(rows)]),
        }
    )


@pytest.fixture(scope="module")
def space() -> Space:
    return Space.of(table(), TYPES)


def test_texts_are_no_features(space: Space) -> None:
    assert "text" not in space.names
    assert len(space) == 8


def test_a_row_alone_looks_as_it_does_among_all(space: Space) -> None:
    whole = Sheet(table()).frame(np.arange(table().num_rows))
    part = Sheet(table()).frame(np.array([5, 7]))
    assert part.dtypes.to_dict() == whole.dtypes.to_dict()
    pd.testing.assert_frame_equal(part, whole.iloc[[5, 7]].reset_index(drop=True))


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_decoding_puts_in_what_differs_and_keeps_the_rest(
    space: Space, data: st.DataObject
) -> None:
    rows = table()
    base = Sheet(rows).frame(np.arange(rows.num_rows))
    own = space.encode(rows)
    owner = np.array(data.draw(st.lists(st.integers(0, 59), min_size=1, max_size=6)))
    others = np.array(data.draw(st.lists(st.integers(0, 59), min_size=len(owner), max_size=6)))
    others = others[: len(owner)]
    takes = np.array(
        data.draw(st.lists(st.lists(st.booleans(), min_size=8, max_size=8), min_size=6, max_size=6))
    )[: len(owner)]
    matrix = np.where(takes, own[others], own[owner])
    made = space.decode(matrix, base, owner, own)
    for at, name in enumerate(space.names):
        expected = [
            base[name].iloc[int(o if t else i)]
            for i, o, t in zip(owner, others, takes[:, at], strict=True)
        ]
        for found, wanted in zip(made[name].tolist(), expected, strict=True):
            assert found == wanted or (pd.isna(found) and pd.isna(wanted))
    assert made["text"].tolist() == base["text"].iloc[owner].tolist()
    assert [str(t) for t in made.dtypes] == [str(t) for t in base.dtypes]


def test_the_loop_and_numpy_find_the_same_neighbours(
    space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    matrix = space.encode(table())
    weights = np.array([1, 0, 2, 1, 1, 0.5, 1, 1.0])
    fast, fast_far = search_near.nearest(space, matrix[:20], matrix[20:], 4, weights)
    monkeypatch.setenv("MISPREDICT_NUMBA", "0")
    _, slow_far = search_near.nearest(space, matrix[:20], matrix[20:], 4, weights)
    np.testing.assert_allclose(fast_far, slow_far)
    exact = space.distances(matrix[:20], matrix[20:], weights)
    np.testing.assert_allclose(np.take_along_axis(exact, fast, axis=1), fast_far)


def test_distances_are_a_metric(space: Space) -> None:
    matrix = space.encode(table())
    far = space.distances(matrix, matrix)
    np.testing.assert_allclose(far, far.T)
    assert (np.diag(far) == 0).all()
    assert (far[:, None, :] <= far[:, :, None] + far[None, :, :] + 1e-9).all()


def test_ordinary_rows_are_plausible_and_far_ones_are_not() -> None:
    random = np.random.default_rng(0)
    values = random.normal(0, 1, (800, 3))
    rows = pa.table({name: values[:, at] for at, name in enumerate("abc")})
    space = Space.of(rows, dict.fromkeys("abc", ColumnType.NUMERIC))
    crowd = Crowd(space, np.arange(400), values.__getitem__)
    fresh = crowd.plausibility(values[400:])
    assert 0.4 < fresh.mean() < 0.6  # of rows like the others it is even
    assert crowd.plausibility(np.full((1, 3), 9.0))[0] < 0.01
    assert crowd.plausibility(np.zeros((1, 3)))[0] > 0.8
    assert crowd.remoteness(np.zeros((1, 3)))[0] == 0 < crowd.remoteness(np.full((1, 3), 9.0))[0]


def test_a_crowd_of_nobody_says_nothing(space: Space) -> None:
    rows = space.encode(table())
    crowd = Crowd(space, np.empty(0, dtype=np.int64), rows.__getitem__)
    row = rows[:1]
    assert np.isnan(crowd.plausibility(row)[0])
    assert crowd.nearest_number(row).tolist() == [-1]
    assert crowd.neighbours(row, 3, np.ones(8)).shape == (1, 0, 8)
