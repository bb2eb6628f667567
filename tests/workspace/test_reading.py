"""One row: what is known of it, its neighbours, and its place in an order."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate
from mispredict.workspace.looking import likeness, reading

from .kinds import KINDS, binary


@pytest.fixture(scope="module", params=KINDS, ids=[name.replace(" ", "-") for name in KINDS])
def any_ev(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    with mp.open(tmp_path_factory.mktemp("kinds") / "ws") as workspace:
        yield KINDS[request.param](workspace, frame)


@pytest.fixture(scope="module")
def people(
    tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame
) -> Iterator[mp.Evaluation]:
    with mp.open(tmp_path_factory.mktemp("people") / "ws") as workspace:
        yield binary(workspace, frame)


def test_every_row_can_be_read(any_ev: mp.Evaluation) -> None:
    for row in {0, any_ev.n // 2, any_ev.n - 1}:
        found = any_ev.row(row)
        json.dumps(found.to_dict(), allow_nan=False)
        cells = any_ev.rows(limit=1, offset=row).records()[0]
        assert found.number == row
        assert found.prediction == cells.get("prediction")
        assert found.correct == cells.get("correct")
        assert (found.position, found.total) == (row, any_ev.n)
        values = {item.column: item.value for item in found.values}
        for name in any_ev.dataset.schema.names:
            if name in cells and name != any_ev.dataset.id:
                assert values[name] == cells[name]
        assert row not in [near.row for near in found.neighbours]
        distances = [near.distance for near in found.neighbours]
        assert distances == sorted(distances)
        assert all(0 <= distance <= 1 for distance in distances)
        assert found.to_frame() is not None


def test_what_is_said_of_values(people: mp.Evaluation, frame: pd.DataFrame) -> None:
    row = int(frame["age"].first_valid_index() or 0)
    found = {item.column: item for item in people.row(row).values}
    age = frame["age"].dropna()
    expected = ((age < frame["age"][row]).sum() + (age == frame["age"][row]).sum() / 2) / len(age)
    assert found["age"].percentile == pytest.approx(expected)
    assert found["age"].share is None
    assert found["city"].percentile is None
    assert found["city"].share == pytest.approx((frame["city"] == frame["city"][row]).mean())
    assert (found["note"].percentile, found["note"].share) == (None, None)
    assert (found["age"].type, found["age"].role) == ("numeric", "input")


def test_percentiles_of_large_columns_are_near(
    people: mp.Evaluation, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = {row: people.row(row) for row in range(0, 60, 7)}
    monkeypatch.setattr(reading, "EXACT_ROWS", 0)
    for row, wanted in exact.items():
        for mine, other in zip(people.row(row).values, wanted.values, strict=True):
            if other.percentile is None:
                assert mine == other
            else:
                assert mine.percentile == pytest.approx(other.percentile, abs=0.03)


def test_missing_values_have_a_share(people: mp.Evaluation, frame: pd.DataFrame) -> None:
    row = int(np.flatnonzero(frame["age"].isna())[0])
    found = {item.column: item for item in people.row(row).values}["age"]
    assert (found.value, found.percentile) == (None, None)
    assert found.share == pytest.approx(frame["age"].isna().mean())


def test_probabilities_loss_and_error_class(people: mp.Evaluation) -> None:
    wrong = people.rows("NOT correct", "loss DESC", limit=1, columns=["row", "loss", "error_class"])
    cells = wrong.records()[0]
    found = people.row(cells["row"])
    assert found.probabilities[0].name == found.prediction
    assert sum(item.value for item in found.probabilities) == pytest.approx(1)
    assert found.loss == cells["loss"]
    same = people.mask(f"loss = {found.loss!r}").sum()
    assert found.loss_percentile == pytest.approx(1 - same / 2 / people.n)
    assert found.error_class == cells["error_class"]
    assert found.error_class_n == people.mask(f"error_class = '{found.error_class}'").sum()
    right = people.row(int(np.flatnonzero(people.mask("correct"))[0]))
    assert (right.error_class, right.error_class_n) == (None, 0)


def test_the_place_in_an_order(people: mp.Evaluation) -> None:
    numbers = people.rows("member", "loss DESC", limit=600, columns=["row"]).to_frame()["row"]
    for place in (0, 1, len(numbers) - 1):
        found = people.row(int(numbers[place]), where="member", order_by="loss DESC")
        assert (found.position, found.total) == (place, len(numbers))
        assert found.previous == (int(numbers[place - 1]) if place else None)
        assert found.next == (int(numbers[place + 1]) if place + 1 < len(numbers) else None)
    outside = int(np.flatnonzero(~people.mask("member"))[0])
    found = people.row(outside, where="member")
    assert (found.position, found.previous, found.next) == (None, None, None)
    assert found.total == len(numbers)


def test_tags_cohorts_and_slices(ws: mp.Workspace, frame: pd.DataFrame) -> None:
    ev = binary(ws, frame)
    ev.tag("odd", rows=[3, 5, 7])
    ev.tag("first", rows=[0])
    ev.save_cohort("members", "member")
    ev.save_cohort("others", "NOT cohort('members')")
    ws.save_cohort("elsewhere", "height > 3")
    found = ev.row(5, slices=["age > 0", "age <= 0 AND tag('odd')", "tag('odd')"])
    assert found.tags == ("odd",)
    assert found.cohorts == (("members",) if frame["member"][5] else ("others",))
    assert "tag('odd')" in found.slices and "age <= 0 AND tag('odd')" not in found.slices
    ev.untag("odd", rows=[5])
    assert ev.row(5).tags == ()
    assert ev.row(0).tags == ("first",)


def test_neighbours_are_the_nearest(ws: mp.Workspace) -> None:
    rows = pd.DataFrame(
        {
            "x": [1.0, 1.1, 50, 51, 52, 90, 91, None, None, 30],
            "name": ["a", "a", "b", "b", "b", "c", "c", "c", None, "a"],
            "y": [0, 1] * 5,
        }
    )
    ws.add_dataset("few", rows, label="y")
    ev = ws.add_predictions("m", "few", pd.DataFrame({"prediction": [0] * 10}))
    found = ev.row(3)
    assert [near.row for near in found.neighbours][:2] == [2, 4]
    near = found.neighbours[0]
    assert near.differences[0].column == "x"
    assert (near.differences[0].value, near.differences[0].other) == (51.0, 50.0)
    assert (near.label, near.prediction, near.correct) == (0, 0, True)
    assert found.neighbours_by == "quantile ranks and equal values of 2 columns"
    missing = ev.row(7).neighbours
    assert {near.row for near in missing[:3]} == {5, 6, 8}


def test_texts_are_compared_by_their_words(
    ws: mp.Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["my card was stolen", "the weather is nice", "a stolen card", "nice weather", "", None]
    rows = pd.DataFrame(
        {"text": [f"{text} " * 5 if text else text for text in texts], "y": [0, 1] * 3}
    )
    ws.add_dataset("texts", rows, label="y", types={"text": "text"})
    ev = ws.add_predictions("m", "texts", pd.DataFrame({"prediction": [0] * 6}))
    found = ev.row(0)
    assert found.neighbours[0].row == 2
    assert found.neighbours_by == "words of text"
    assert ev.row(4).neighbours[0].row == 5
    monkeypatch.setattr(likeness, "MOST_TEXTS", 3)
    some = ws.evaluation(ev.ref).row(0)
    assert "3 evenly spaced rows" in some.neighbours_by
    assert {near.row for near in some.neighbours} <= {0, 2, 5}


def test_vectors_are_compared_by_their_angle(ws: mp.Workspace) -> None:
    vectors = [[1.0, 0.0], [0.0, 1.0], [0.9, 0.1], None, [0.0, 0.0]]
    rows = pd.DataFrame({"vector": vectors, "y": [0, 1, 0, 1, 0]})
    ws.add_dataset("vectors", rows, label="y", types={"vector": "vector"})
    ev = ws.add_predictions("m", "vectors", pd.DataFrame({"prediction": [0] * 5}))
    found = ev.row(0)
    assert [near.row for near in found.neighbours][:2] == [2, 1]
    assert found.neighbours_by == "the angle between vectors of vector"
    assert all(near.distance == 1 for near in ev.row(3).neighbours)


@pytest.mark.parametrize("row", [-1, 600, "0", None, 1.5])
def test_rows_that_are_none(people: mp.Evaluation, row: object) -> None:
    with pytest.raises(BadOption, match="row="):
        people.row(row)  # type: ignore[arg-type]


def test_bad_cohorts(people: mp.Evaluation) -> None:
    with pytest.raises(BadPredicate):
        people.row(0, where="age >")
    with pytest.raises(BadPredicate):
        people.row(0, slices=["age >"])
