"""The map of a workspace's evaluation: kept, shared by models, and lassoed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate, Cancelled, UnknownColumn
from mispredict.engine.query import matching
from mispredict.workspace.mapping import map_state

ROWS = 300
ALL = [(-1, -1), (101, -1), (101, 101), (-1, 101)]


def rows(**columns: object) -> pd.DataFrame:
    random = np.random.default_rng(0)
    topic = random.integers(0, 3, ROWS)
    words = np.array(
        [["fast", "engine", "wheel"], ["sweet", "cake", "tea"], ["war", "vote", "law"]]
    )
    common = np.array(["a", "the", "of", "and", "so"])
    text = [" ".join([*random.choice(words[t], 4), *random.choice(common, 4)]) for t in topic]
    frame = pd.DataFrame(
        {
            "id": np.arange(ROWS),
            "text": text,
            "size": random.normal(size=ROWS),
            "color": random.choice(["red", "blue"], ROWS),
            "label": random.choice(["bad", "good"], ROWS),
        }
    )
    return frame.assign(**columns)


def added(ws: mp.Workspace, frame: pd.DataFrame, model: str = "one") -> mp.Evaluation:
    random = np.random.default_rng(len(model))
    other = np.where(frame["label"] == "bad", "good", "bad")
    said = np.where(random.random(len(frame)) < 0.8, frame["label"], other)
    if "rows" not in {row.name for row in ws.datasets().rows}:
        ws.add_dataset("rows", frame, label="label", id="id")
    return ws.add_predictions(model, "rows", pd.DataFrame({"id": frame["id"], "prediction": said}))


@pytest.fixture
def ev(ws: mp.Workspace) -> mp.Evaluation:
    return added(ws, rows())


def test_a_map_gives_each_row_its_place(ev: mp.Evaluation) -> None:
    assert map_state(ev) == "possible"
    found = ev.map()
    assert map_state(ev) == "ready"
    assert (found.space, found.column, found.drawn) == ("text", "text", ROWS)
    assert found.source.of == ev.ref
    frame = ev.to_frame(["map_x", "map_y", "correct"])
    points = found.to_frame().set_index("row").sort_index()
    assert np.allclose(points[["x", "y"]], frame[["map_x", "map_y"]], atol=0.01)
    assert (points["error"] == ~frame["correct"]).all()
    assert {"map_x", "map_y"} <= set(ev.rows(limit=1).to_frame())
    assert ev.mask("map_x >= 0 AND map_y <= 100").all()
    assert len(ev.rows(order_by="map_x DESC", limit=3)) == 3


def test_lassos_are_cohorts_like_any_other(ev: mp.Evaluation) -> None:
    with pytest.raises(BadPredicate, match="there is no map yet") as caught:
        ev.lasso(ALL)
    assert caught.value.hint == "ev.map()"
    ev.map()
    assert ev.lasso(ALL) == "inside(-1, -1, 101, -1, 101, 101, -1, 101)"
    assert ev.mask(ev.lasso(ALL)).all()
    middle = float(ev.table.values("map_x").mean())
    left = ev.lasso([(-1, -1), (middle, -1), (middle, 101), (-1, 101)])
    assert np.array_equal(
        ev.mask(left), ev.table.values("map_x") < ev.predicate(left).corners[1][0]
    )
    n = int(ev.mask(left).sum())
    assert 0 < n < ROWS
    assert ev.rows(left).total == n
    assert ev.metrics(where=left).rows[0].n == n
    assert ev.metrics(by=[left, f"NOT {left}"]).rows
    assert len(ev.mistakes(where=left, limit=ROWS)) == ev.mask(f"{left} AND NOT correct").sum()
    assert ev.tag("left", left) == n
    assert ev.tags().to_frame().set_index("tag").loc["left", "n"] == n
    ev.workspace.save_cohort("left", left)
    assert np.array_equal(ev.mask("cohort('left')"), ev.mask("tag('left')"))
    assert np.array_equal(matching(ev.table, ev.predicate(left)), ev.mask(left))
    assert ev.slices(where=left).searched
    assert ev.cards(where=left).source.n == n


def test_a_drawn_line_becomes_a_short_text(ev: mp.Evaluation) -> None:
    ev.map()
    angle = np.linspace(0, 2 * np.pi, 500)
    text = ev.lasso(50 + 20 / 3 * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    assert len(ev.predicate(text).corners) <= 64  # type: ignore[attr-defined]
    assert len(text) < 64 * 2 * len("12.345, ")
    assert ev.predicate(text).text == text


@pytest.mark.parametrize(
    "points",
    [
        [],
        [(1, 2), (3, 4)],
        [1, 2, 3],
        [(1, 2, 3)] * 4,
        [(1, float("nan"))] * 3,
        "abc",
        [[1], [1, 2]],
    ],
    ids=["none", "two", "flat", "three numbers", "missing", "text", "ragged"],
)
def test_what_is_no_line_is_refused(ev: mp.Evaluation, points: object) -> None:
    with pytest.raises(BadOption, match="three points") as caught:
        ev.lasso(points)
    assert "ev.lasso" in caught.value.hint


def test_a_line_in_one_place_is_refused(ev: mp.Evaluation) -> None:
    ev.map()
    with pytest.raises(BadPredicate, match="1 different corners"):
        ev.lasso([(5, 5)] * 10)


def test_the_map_is_kept_for_all_models_of_the_rows(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    opened_before = added(ws, rows(), "another")
    first = ev.map()
    again = ev.map()
    assert np.array_equal(first.x, again.x)
    assert len(ws.store.versions("map")) == 1
    text = ev.lasso([(0, 0), (50, 0), (50, 100)])
    assert np.array_equal(ws.evaluation("another").mask(text), ev.mask(text))
    assert opened_before.map().note == first.note
    assert np.array_equal(opened_before.mask(text), ev.mask(text))
    with mp.open(ws.store.root) as elsewhere:
        assert np.array_equal(elsewhere.evaluation("one").mask(text), ev.mask(text))
    assert len(ws.store.versions("map")) == 1


def test_another_map_is_made_when_it_is_asked_for(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    first = ev.map()
    other = ev.map(seed=1)
    assert not np.array_equal(first.x, other.x)
    assert np.array_equal(ev.map().x, other.x)  # any map will do
    vectors = np.random.default_rng(0).normal(size=(ROWS, 5))
    given = ev.map(embedding=vectors)
    assert given.space == "array"
    assert len(ws.store.versions("map")) == 3
    ev.map(embedding=vectors.copy())
    assert len(ws.store.versions("map")) == 3
    assert ev.map(column="text").space == "text"
    own = np.random.default_rng(0).normal(size=(ROWS, 2)) * 1e6
    assert ev.map(embedding=own).method == "given"
    assert np.array_equal(ev.table.values("map_x"), own[:, 0])
    lasso = ev.lasso([(0, -5e6), (5e6, -5e6), (5e6, 5e6), (0, 5e6)])
    assert np.array_equal(ev.mask(lasso), own[:, 0] >= 0)


def test_functions_are_asked_each_time(ev: mp.Evaluation) -> None:
    calls = []

    def embed(texts: Sequence[str]) -> np.ndarray:
        calls.append(len(texts))
        return np.array([[text.count("cake"), text.count("law"), len(text)] for text in texts])

    assert ev.map(embedding=embed).space == "function"
    assert ev.map().space == "function"
    assert sum(calls) == ROWS
    ev.map(embedding=embed)
    assert sum(calls) == 2 * ROWS


def test_vectors_win_over_texts_and_tables_have_maps_too(ws: mp.Workspace) -> None:
    vectors = list(np.random.default_rng(0).normal(size=(ROWS, 4)))
    ev = added(ws, rows(vector=vectors))
    assert (ev.map().space, ev.map().column) == ("vectors", "vector")
    ws.add_dataset("table", rows().drop(columns="text"), label="label", id="id")
    said = pd.DataFrame({"id": np.arange(ROWS), "prediction": "bad"})
    found = ws.add_predictions("one", "table", said).map()
    assert (found.space, found.columns_used) == ("columns", ("size", "color"))


def test_texts_without_common_words_are_left_for_the_other_columns(ws: mp.Workspace) -> None:
    ev = added(ws, rows(text=[" ".join(f"w{i}x{k}" for k in range(20)) for i in range(ROWS)]))
    assert ev.dataset.schema["text"].type.value == "text"
    assert ev.map().space == "columns"
    with pytest.raises(BadOption, match="too few words in common"):
        ev.map(column="text")


def test_rows_without_a_text_have_no_place(ws: mp.Workspace) -> None:
    frame = rows()
    frame.loc[::10, "text"] = None
    ev = added(ws, frame)
    found = ev.map()
    assert (found.n, found.total) == (270, ROWS)
    assert "30 of 300 rows have no place" in found.note
    assert np.array_equal(ev.mask("map_x IS NULL"), np.arange(ROWS) % 10 == 0)
    lasso = ev.lasso(ALL)
    assert ev.mask(lasso).sum() == 270
    assert ev.mask(f"NOT {lasso}").sum() == 0


def test_a_dataset_may_bring_its_map(ws: mp.Workspace) -> None:
    random = np.random.default_rng(0)
    ev = added(ws, rows(map_x=random.normal(size=ROWS), map_y=random.normal(size=ROWS)))
    assert map_state(ev) == "ready"
    found = ev.map()
    assert (found.method, found.n) == ("given", ROWS)
    lasso = ev.lasso([(0, -9), (9, -9), (9, 9), (0, 9)])
    assert np.array_equal(ev.mask(lasso), ev.table.values("map_x") >= 0)
    assert not ws.store.versions("map")
    with pytest.raises(BadOption, match="map_x and map_y among its columns"):
        ev.map(column="text")


def test_half_a_map_is_refused(ws: mp.Workspace) -> None:
    ev = added(ws, rows(map_x="left"))
    with pytest.raises(BadOption, match="has map_x among its columns"):
        ev.map()
    with pytest.raises(BadPredicate):
        ev.mask("inside(0, 0, 1, 0, 1, 1)")


def test_evaluations_without_labels_or_with_losses_have_maps(ws: mp.Workspace) -> None:
    frame = rows().drop(columns="label")
    ws.add_dataset("unlabelled", frame, id="id")
    said = pd.DataFrame({"id": frame["id"], "loss": np.arange(ROWS, dtype=float)})
    ev = ws.add_predictions("scored", "unlabelled", said)
    found = ev.map()
    assert found.is_loss
    assert found.error.max() == 254


def test_progress_is_told_and_a_stop_leaves_nothing(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    seen: list[int] = []
    with pytest.raises(Cancelled):
        ev.map(progress=lambda done, total: seen.append(done), cancel=lambda: len(seen) > 3)
    assert not ws.store.versions("map")
    ev.map(progress=lambda done, total: seen.append(done))
    assert seen[-1] == 100


def test_unknown_columns_and_impossible_options_are_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(UnknownColumn, match="no column 'txt'"):
        ev.map(column="txt")
    with pytest.raises(BadOption, match="most=0"):
        ev.map(most=0)
    with pytest.raises(BadOption, match="seed=-1"):
        ev.map(seed=-1)
    with pytest.raises(BadOption, match="no texts or vectors"):
        ev.map(column="size")
