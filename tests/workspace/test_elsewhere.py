"""What a model said of the same rows in another dataset version."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import InputError, MispredictError


def rows() -> pd.DataFrame:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"id": np.arange(600), "x": draw.normal(size=600)})
    return frame.assign(y=np.where(frame["x"] + draw.normal(size=600) > 0, "yes", "no"))


def said(frame: pd.DataFrame, seed: int, wrong: float) -> pd.DataFrame:
    truth = rows().set_index("id")["y"]
    turned = np.random.default_rng(seed).random(600) < wrong
    answer = np.where(turned, np.where(truth == "yes", "no", "yes"), truth)
    chance = np.where(answer == "yes", 0.9, 0.1)
    table = pd.DataFrame({"prediction": answer, "p_yes": chance, "p_no": 1 - chance})
    return table.loc[frame["id"]].assign(id=frame["id"].to_numpy()).reset_index(drop=True)


@pytest.fixture(params=["id", "content"])
def two(request: pytest.FixtureRequest, ws: mp.Workspace) -> mp.Workspace:
    """Two versions with 400 rows in common, in another order, of which 20 were relabelled."""
    frame = rows()
    first = frame.iloc[:500]
    second = frame.iloc[100:].sample(frac=1, random_state=1).copy()
    if request.param == "id":
        some = second["id"].between(100, 119)
        second["y"] = second["y"].mask(some, second["y"].map({"yes": "no", "no": "yes"}))
    for part in (first, second):
        key = "id" if request.param == "id" else None
        ws.add_dataset("d", part, label="y", id=key, metadata=["id"] if key is None else ())
    for model, version, part, seed in (("old", "1", first, 1), ("new", "2", second, 2)):
        table = said(part, seed, 0.25)
        ws.add_predictions(model, f"d@{version}", table if key else table.drop(columns="id"))
    return ws


def test_groups_of_common_rows_are_cohorts(two: mp.Workspace) -> None:
    found = two.compare("old@1/d@1", "new@1/d@2", common=True, slices=False)
    after = two.evaluation("new@1/d@2")
    assert found.common is not None and found.common.n == 400
    assert "have in common" in found.notes[0]
    for group in found.pair.groups:
        assert "old@1/d@1" in group.where
        assert int(after.mask(group.where).sum()) == group.n
    assert sum(group.n for group in found.pair.groups) == 400
    for cell in found.pair.confusion:
        assert int(after.mask(cell.where).sum()) == cell.came
        assert int(after.mask(cell.where_left).sum()) == cell.left


def test_answers_stand_beside_the_row_that_they_are_of(two: mp.Workspace) -> None:
    after = two.evaluation("new@1/d@2")
    columns = ["id", "prediction('old@1/d@1')", "correct('old@1/d@1')", "loss('old@1/d@1')"]
    found = after.rows("TRUE", columns=[*columns, "label"], limit=600).to_frame()
    truth = said(rows().iloc[:500], 1, 0.25).set_index("id")["prediction"]
    is_there = found["id"] < 500
    expected = truth.loc[found.loc[is_there, "id"]].to_numpy()
    assert (found.loc[is_there, columns[1]].to_numpy() == expected).all()
    assert found.loc[~is_there, columns[1:]].isna().all(axis=None)
    right = found.loc[is_there, columns[1]] == found.loc[is_there, "label"]
    assert (found.loc[is_there, columns[2]].astype(bool) == right).all()
    by_probability = after.mask("p('yes', 'old@1/d@1') > 0.5")
    assert by_probability.sum() == (found[columns[1]] == "yes").sum()


def test_losses_of_rows_with_another_label_are_missing(two: mp.Workspace) -> None:
    after = two.evaluation("new@1/d@2")
    of_old = int(after.mask("loss('old@1/d@1') IS NOT NULL").sum())
    relabelled = 20 if after.dataset.id else 0
    assert of_old == 400 - relabelled


def test_the_cohort_names_the_versions(two: mp.Workspace) -> None:
    after = two.evaluation("new@1/d@2")
    assert after.predicate("correct('old/d@1')").text == "correct('old@1/d@1')"
    with pytest.raises(InputError):
        after.predicate("correct('nobody/d@1')")


def test_all_are_held_against_the_baseline(ws: mp.Workspace) -> None:
    frame = rows()
    ws.add_dataset("d", frame, label="y", id="id")
    for name, seed in (("a", 1), ("b", 2), ("c", 3)):
        ws.add_predictions(name, "d", said(frame, seed, 0.1 * seed))
    found = ws.compare("a", "b", "c", baseline="b", slices=False)
    assert [pair.model for pair in found.pairs] == ["a@1", "c@1"]
    assert {pair.against for pair in found.pairs} == {"b@1"}
    plain = ws.compare("b", "a", "c", slices=False)
    assert found.rows == plain.rows
    other = ws.compare("a", baseline="b", slices=False)
    assert (other.pair.model, other.pair.against) == ("a@1", "b@1")
    with pytest.raises(MispredictError, match="needs two models"):
        ws.compare("a", baseline="a")
