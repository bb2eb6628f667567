"""Places of a table's rows, and the points that are drawn of them."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from mispredict.cohorts import places as module
from mispredict.cohorts.map import NO_CLASS, UNKNOWN, EmbeddingMap, draw
from mispredict.cohorts.places import Places, find_places, given_places
from mispredict.cohorts.tabular import read_columns
from mispredict.core.errors import BadOption, Cancelled
from mispredict.core.predicate import Fields
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.engine.jit import has_numba
from mispredict.engine.table import Table

from .tables import people, texts

SOURCE = Source("model@1/data@1", "", 100)
TYPES = ["age", "balance", "city", "member", "since"]
METHOD = "umap" if has_numba() else "pca"


def vectors(n: int, seed: int = 0, *, width: int = 60) -> tuple[Table, np.ndarray]:
    """Vectors around twelve centres, some missing, and which centre each is around; -1 for none."""
    random = np.random.default_rng(seed)
    group = random.integers(0, 12, n)
    values = random.normal(size=(12, width))[group] * 3 + random.normal(size=(n, width))
    group[random.random(n) < 0.05] = -1
    rows = [row.tolist() if g >= 0 else None for row, g in zip(values, group, strict=True)]
    fields = Fields(columns={"vector": ColumnType.VECTOR}, reserved={})
    columns = pa.table({"vector": pa.array(rows, pa.list_(pa.float32()))})
    return Table.from_arrow(columns, fields=fields, task=Task(TaskKind.SCORE)), group


def together(places: Places, group: np.ndarray) -> float:
    """Share of rows whose nearest other one on the map is of their group."""
    known = np.flatnonzero(np.isfinite(places.x))
    points = np.stack([places.x, places.y], axis=1)[known]
    squares = ((points[:, None] - points[None]) ** 2).sum(axis=2)
    np.fill_diagonal(squares, np.inf)
    return float((group[known][squares.argmin(axis=1)] == group[known]).mean())


def test_vectors_lie_with_their_like_and_missing_ones_nowhere() -> None:
    table, group = vectors(800)
    found = find_places(table, column="vector")
    assert np.array_equal(np.isfinite(found.x), group >= 0)
    assert np.array_equal(np.isfinite(found.y), group >= 0)
    assert together(found, group) > 0.99
    facts = found.facts
    assert (facts.method, facts.space, facts.column) == (METHOD, "vectors", "vector")
    assert facts.n == facts.fitted == (group >= 0).sum()
    assert 0.8 < facts.trustworthiness <= 1
    assert facts.judged == facts.n
    both = np.stack([found.x, found.y])
    assert np.nanmin(both) == 0
    assert np.nanmax(both) == pytest.approx(100, rel=1e-6)


def test_rows_that_were_not_laid_out_are_placed_among_those_that_were(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "FITTED", 500)
    monkeypatch.setattr(module, "JUDGED", 300)
    monkeypatch.setattr(module, "_AT_ONCE", 250)
    monkeypatch.setattr(module, "_READ", 100)
    table, group = vectors(1200)
    found = find_places(table, column="vector")
    assert (found.facts.fitted, found.facts.judged) == (500, 300)
    assert found.facts.n == (group >= 0).sum() == np.isfinite(found.x).sum()
    assert together(found, group) > 0.98
    assert found.facts.trustworthiness > 0.8


def test_texts_lie_with_their_topic() -> None:
    table, _, topic = texts(600, 0)
    found = find_places(table, column="text")
    assert found.facts.space == "text"
    assert together(found, topic) > 0.95


def test_tables_are_compared_by_their_columns() -> None:
    table = people(600)
    found = find_places(table, columns=TYPES)
    assert (found.facts.space, found.facts.column) == ("columns", "")
    assert found.facts.columns == tuple(TYPES)
    assert np.isfinite(found.x).all()
    cities = np.unique(table.column("city").to_pylist(), return_inverse=True)[1]
    assert together(found, cities) > 0.9
    assert found.facts.trustworthiness > 0.8


def test_each_column_has_an_equal_say() -> None:
    table = people(500)
    used, read = read_columns(table, [*TYPES, "note"]) or ((), None)
    assert used == tuple(TYPES)
    assert read is not None
    points = read(np.arange(500))
    assert np.allclose(points.mean(axis=0), 0, atol=1e-9)
    spread = points.var(axis=0)
    assert spread.sum() == pytest.approx(len(TYPES))
    age = table.values("age")
    known = np.isfinite(age)
    order = np.argsort(age[known], kind="stable")
    assert (np.diff(points[known, 0][order]) >= 0).all()
    assert np.allclose(points[~known, 0], points[~known, 0][0])


def test_functions_see_few_texts_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CALLED", 64)
    table, _, topic = texts(300, 0)
    sizes: list[int] = []

    def embed(given: Sequence[str]) -> np.ndarray:
        sizes.append(len(given))
        return np.array([[text.count(f"t{k}w") for k in range(12)] for text in given], np.float32)

    found = find_places(table, column="text", embedding=embed)
    assert max(sizes) == 64
    assert sum(sizes) == 300
    assert found.facts.space == "function"
    assert together(found, topic) == 1


def test_functions_are_not_called_for_endless_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CALLED", 100)
    table, _, _ = texts(300, 0)
    found = find_places(
        table, column="text", embedding=lambda given: [[len(text), 1, 0] for text in given]
    )
    assert np.isfinite(found.x).sum() == found.facts.n == 100


def test_arrays_are_taken_as_they_are() -> None:
    table, group = vectors(400)
    flat = np.eye(12)[group] + np.random.default_rng(0).normal(scale=0.01, size=(400, 12))
    assert find_places(table, embedding=flat).facts.space == "array"
    own = np.array([[5.0, -1e6], *[[i, i] for i in range(398)], [np.nan, 1]])
    given = find_places(table, embedding=own)
    assert given.facts.method == given.facts.space == "given"
    assert (given.x[0], given.y[0], given.facts.n) == (5, -1e6, 399)
    assert np.isnan([given.x[-1], given.y[-1], given.facts.trustworthiness]).all()


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"columns": ["note"]}, "nothing to make a map from"),
        ({"embedding": len}, "needs texts"),
        ({"embedding": np.zeros((3, 5))}, "does not fit"),
        ({"embedding": np.zeros((3, 2))}, "does not fit"),
        ({"embedding": np.array([["a", "b"]] * 400)}, "does not fit"),
        ({"embedding": [[1, 2, 3], [1]]}, "does not fit"),
        ({"embedding": np.full((400, 3), np.nan)}, "does not fit"),
        ({"column": "note", "embedding": lambda given: np.eye(len(given))}, "different lengths"),
        ({"column": "age"}, "no texts or vectors"),
    ],
    ids=["text", "function", "shape", "map", "words", "ragged", "missing", "widths", "numbers"],
)
def test_what_cannot_be_mapped_is_refused(
    options: dict[str, object], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_CALLED", 300)
    with pytest.raises(BadOption, match=problem) as caught:
        find_places(people(400), **options)  # type: ignore[arg-type]
    assert caught.value.known
    assert caught.value.hint


def test_two_rows_are_no_map() -> None:
    table, _ = vectors(2)
    with pytest.raises(BadOption, match="too few for a map"):
        find_places(table, column="vector")


def test_vectors_of_several_lengths_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FITTED", 100)
    fields = Fields(columns={"v": ColumnType.VECTOR}, reserved={})
    rows = pa.array([[1.0, 2.0, 3.0]] * 100 + [[1.0, 2.0]] * 100)
    table = Table.from_arrow(pa.table({"v": rows}), fields=fields, task=Task(TaskKind.SCORE))
    with pytest.raises(BadOption, match="differ in length"):
        find_places(table, column="v")


def test_progress_goes_to_the_end_and_a_stop_is_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FITTED", 200)
    monkeypatch.setattr(module, "_AT_ONCE", 50)
    table, _ = vectors(400)
    seen: list[tuple[int, int]] = []
    find_places(table, column="vector", progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[0] == (0, 100)
    assert seen[-1] == (100, 100)
    for stop in (0, 30, 80):
        asked = iter(seen)
        with pytest.raises(Cancelled):
            find_places(
                table, column="vector", cancel=lambda asked=asked, stop=stop: next(asked)[0] >= stop
            )


# ── what is drawn ────────────────────────────────────────────────────────────────────────


def drawn(n: int = 600, *, most: int = 100_000) -> tuple[EmbeddingMap, Table, np.ndarray]:
    table, target, _ = texts(n, 0)
    reserved = {**table.fields.reserved, "correct": ColumnType.BOOLEAN}
    table.fields = replace(table.fields, reserved=reserved)
    coordinates = np.random.default_rng(0).normal(size=(n, 2)) * [30, 5]
    coordinates[::50] = np.nan
    target = target.copy()
    target[1] = np.nan
    return draw(given_places(coordinates), table, target, source=SOURCE, most=most), table, target


def test_every_point_says_its_row_place_error_and_class() -> None:
    found, table, target = drawn()
    assert (found.total, found.n, found.drawn, len(found)) == (600, 588, 588, 588)
    assert not np.isin(np.arange(0, 600, 50), found.row).any()
    frame = found.to_frame().set_index("row")
    assert list(frame) == ["x", "y", "error", "class"]
    expected = np.random.default_rng(0).normal(size=(600, 2)) * [30, 5]
    step = np.ptp(expected, axis=0) / 65_535
    assert (np.abs(frame[["x", "y"]] - expected[frame.index]) <= step).all(axis=None)
    wrong = frame["error"].to_numpy()
    assert np.array_equal(wrong, target[frame.index], equal_nan=True)
    assert np.isnan(frame.loc[1, "error"])
    labels = np.array(table.column("label").to_pylist())
    assert (frame["class"] == labels[frame.index]).all()
    assert (found.coded, found.classes) == ("label", ("no", "yes"))
    is_wrong = found.error == 1
    assert not is_wrong[: (~is_wrong).sum()].any()  # the wrong ones lie on top


def test_wrong_rows_have_half_of_the_points() -> None:
    whole, _, target = drawn()
    wrong = int((whole.error == 1).sum())
    found, _, _ = drawn(most=wrong + 100)
    assert (found.drawn, (found.error == 1).sum()) == (wrong + 100, wrong)
    few, _, _ = drawn(most=40)
    assert (few.drawn, (few.error == 1).sum()) == (40, 20)
    assert len(np.unique(few.row)) == 40
    assert "40 of 588 points are drawn" in few.note
    assert np.isin(few.row[few.error == 1], np.flatnonzero(target == 1)).all()


def test_losses_are_told_by_their_rank() -> None:
    table = people(300)
    loss = np.random.default_rng(0).exponential(size=300)
    loss[:3] = np.nan
    found = draw(find_places(table, columns=TYPES), table, loss, source=SOURCE, most=100)
    assert found.is_loss
    assert found.coded == ""
    assert (found.code == NO_CLASS).all()
    known = found.error != UNKNOWN
    order = np.argsort(loss[found.row[known]])
    assert (np.diff(found.error[known][order].astype(int)) >= 0).all()
    largest = np.argsort(-np.nan_to_num(loss))[:29]
    assert np.isin(largest, found.row).all()
    assert found.to_frame()["error"].max() == 1


def test_json_packs_the_points_and_leaves_out_what_json_lacks() -> None:
    found, _, _ = drawn()
    value = json.loads(found.to_json())
    assert value["trustworthiness"] is None
    for name, kind in found.arrays.items():
        unpacked = np.frombuffer(base64.b64decode(value[name]), kind)
        assert np.array_equal(unpacked, getattr(found, name))
    assert value["bounds"] == list(found.bounds)
    assert value["source"] == {"of": SOURCE.of, "where": "", "n": 100}
    assert set(value) == set(found.__match_args__)
    assert str(found).startswith("Map\nA map that was given; 12 of 600 rows have no place.")
    assert "A map that was given" in found._repr_html_()


def test_a_hundred_thousand_points_are_small() -> None:
    n = 100_000
    columns = pa.table({"x": np.zeros(n)})
    fields = Fields(columns={"x": ColumnType.NUMERIC}, reserved={})
    table = Table.from_arrow(columns, fields=fields, task=Task(TaskKind.SCORE))
    places = given_places(np.random.default_rng(0).random((n, 2)))
    found = draw(places, table, np.full(n, np.nan), source=SOURCE)
    assert found.drawn == n
    assert (found.error == UNKNOWN).all()
    assert len(found.to_json()) < 1_500_000


def test_nothing_to_draw_is_an_empty_map() -> None:
    table = people(5)
    found = draw(given_places(np.full((5, 2), np.nan)), table, np.ones(5), source=SOURCE)
    assert (found.drawn, found.bounds) == (0, (0, 0, 0, 0))
    assert found.to_frame().empty
    assert json.loads(found.to_json())["row"] == ""
