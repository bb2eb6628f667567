"""An example with other values beside the example as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, MispredictError, ModelError, UnknownColumn
from mispredict.explain.what_if.what_if import Change

from .people import evaluated, lender, loans


def test_variants_are_what_the_model_says_of_the_changed_rows(ev: mp.Evaluation) -> None:
    row = 3
    result = ev.what_if(row, [{"income": 80.0}, {"debt": 60.0, "city": "Oslo"}])
    frame = loans().iloc[[row, row, row]].reset_index(drop=True)
    frame.loc[1, "income"] = 80.0
    frame.loc[2, ["debt", "city"]] = [60.0, "Oslo"]
    expected = lender(frame)["yes"]
    table = result.to_frame()
    np.testing.assert_allclose(table["p_yes"], expected)
    assert table["prediction"].tolist() == np.where(expected > 0.5, "yes", "no").tolist()
    assert [len(item.changes) for item in result.rows] == [0, 1, 2]
    label = frame["granted"][0]
    np.testing.assert_allclose(
        table["loss"], -np.log(np.where(label == "yes", expected, 1 - expected))
    )
    as_is = table["prediction"][0]
    assert table["is_flipped"].tolist() == [name != as_is for name in table["prediction"]]
    assert result.queries.rows + result.queries.remembered == 3
    assert result.id == "p3"


def test_lists_of_values_are_variants_and_several_are_combined(ev: mp.Evaluation) -> None:
    assert len(ev.what_if(0, age=[20, 30, 40])) == 4
    assert len(ev.what_if(0, age=[20, 30], city=["Rome", "Oslo"])) == 5
    assert len(ev.what_if(0, [{"age": 20}, {"age": 30}], member=True)) == 3


def test_row_by_its_id(ev: mp.Evaluation) -> None:
    assert ev.what_if("p17", age=30).row == 17
    with pytest.raises(BadOption, match="no row has the person 'p999'"):
        ev.what_if("p999", age=30)


def test_nearest_row_has_another_prediction_and_none_is_nearer(ev: mp.Evaluation) -> None:
    result = ev.what_if(5, age=30)
    near = result.nearest
    assert near is not None
    predictions = ev.to_frame(["prediction"])["prediction"]
    assert predictions[near.row] != predictions[5]
    assert ev.mask(result.where).sum() == 1
    assert {item.column for item in near.differences} <= {*loans().columns}
    assert near.distance > 0


@pytest.mark.parametrize(
    ("changes", "problem", "known", "hint"),
    [
        ({"agee": 3}, "no column 'agee'", "'age'", "'age'"),
        ({"granted": "yes"}, "'granted' is no input", "role is label", "'age'"),
        ({"age": "old"}, "age='old' cannot", "a number, in the data from 18", "age="),
        ({"age": 30.5}, "age=30.5 cannot", "a whole number", "age=30"),
        ({"age": None}, "age cannot be missing", "All 300 rows", "unseen=True"),
        ({"city": "Roma"}, "city='Roma' is no value", "'Rome'", "unseen=True"),
        ({"member": "perhaps"}, "member='perhaps' cannot", "true or false", "member=True"),
        ({"since": "soon"}, "since='soon' cannot", "a time", "since="),
        ({}, "nothing was changed", "Columns: ", "ev.what_if(row, "),
    ],
    ids=["name", "label", "word", "half", "missing", "category", "boolean", "time", "nothing"],
)
def test_values_that_cannot_be_are_refused_in_three_parts(
    ev: mp.Evaluation, changes: dict[str, Any], problem: str, known: str, hint: str
) -> None:
    with pytest.raises((BadOption, UnknownColumn)) as error:
        ev.what_if(0, changes)
    assert problem in error.value.problem
    assert known in error.value.known
    assert hint in error.value.hint


@pytest.mark.parametrize(
    ("changes", "value"),
    [
        ({"age": "30"}, 30),
        ({"age": 30.0}, 30),
        ({"member": "yes"}, True),
        ({"member": 0}, False),
        ({"income": None}, None),
        ({"since": "2024-02-03"}, "2024-02-03T00:00:00"),
        ({"city": np.str_("Oslo")}, "Oslo"),
    ],
    ids=["text", "float", "word", "digit", "missing", "time", "numpy"],
)
def test_values_are_read_as_the_column_has_them(
    ev: mp.Evaluation, changes: dict[str, Any], value: Any
) -> None:
    rows = (4, 5, 6, 7)  # of which at least one has another value already
    found = [change for row in rows for change in ev.what_if(row, changes).rows[1].changes]
    assert {change.after for change in found} == {value}


@pytest.mark.parametrize("row", [-1, 300, 1.5, None, True], ids=str)
def test_rows_that_are_not_there_are_refused(ev: mp.Evaluation, row: Any) -> None:
    with pytest.raises(BadOption, match="there is no row"):
        ev.what_if(row, age=30)


def test_values_beyond_the_data_are_said_to_be(ev: mp.Evaluation) -> None:
    variants = ev.what_if(0, age=[30, 130]).rows
    assert variants[1].note == ""
    assert variants[2].note.startswith("age is beyond the data (18 to 79)")
    assert ev.what_if(0, city="Paris", unseen=True).rows[1].changes[0].after == "Paris"


def test_a_model_that_fails_on_a_variant_is_told_and_not_fatal(ws: mp.Workspace) -> None:
    def picky(frame: pd.DataFrame) -> pd.DataFrame:
        if (frame["age"] > 100).any():
            raise ValueError("nobody is that old")
        return lender(frame)

    result = evaluated(ws, picky).what_if(0, age=[50, 150])
    assert [row.prediction is None for row in result.rows] == [False, False, True]
    assert result.rows[2].note == "The model failed on it."
    assert result.queries.failed == 1
    assert "nobody is that old" in result.queries.failure
    assert result.to_dict()["rows"][2]["confidence"] is None


def test_a_model_that_fails_on_the_row_itself_says_so(ws: mp.Workspace) -> None:
    state = {"fails": False}

    def moody(frame: pd.DataFrame) -> pd.DataFrame:
        if state["fails"]:
            raise ValueError("not today")
        return lender(frame)

    ev = evaluated(ws, moody)
    ws.store.cache.clear()
    state["fails"] = True
    with pytest.raises(ModelError, match="fails on row 0 as it is") as error:
        ev.what_if(0, age=50)
    assert "not today" in error.value.known


def test_predictions_alone_cannot_be_asked_and_say_how_to_add_a_model(ws: mp.Workspace) -> None:
    frame = loans()
    ws.add_dataset("loans", frame, label="granted", id="person")
    said = pd.DataFrame({"person": frame["person"], "prediction": frame["granted"]})
    ev = ws.add_predictions("old", "loans", said)
    for ask in (
        lambda: ev.what_if(0, age=30),
        lambda: ev.effects("age"),
        lambda: ev.flips("city"),
        lambda: ev.flip_points(0),
        lambda: ev.counterfactuals(0),
    ):
        with pytest.raises(MispredictError) as error:
            ask()
        assert "cannot be asked about other rows" in error.value.problem
        assert "Only its predictions are known" in error.value.known
        assert "ws.add_model('old', model)" in error.value.hint


def test_of_a_regression_the_value_and_its_move_are_told(ws: mp.Workspace) -> None:
    frame = loans().assign(price=lambda rows: rows["age"] * 2.0)
    ws.add_dataset("prices", frame, label="price", id="person", metadata=["granted"])
    ws.add_model("linear", lambda rows: rows["age"].to_numpy() * 2.0, version="1")
    result = ws.evaluate("linear", "prices").what_if(0, age=[30, 40])
    assert [row.prediction for row in result.rows][1:] == [60.0, 80.0]
    assert result.rows[2].shift == 80.0 - result.rows[0].prediction
    assert result.nearest is None
    assert "regression" in result.note


def test_answers_are_remembered_for_the_next_time(ev: mp.Evaluation) -> None:
    first = ev.what_if(11, age=[20, 21, 22, 23])
    again = ev.what_if(11, age=[20, 21, 22, 23])
    assert again.queries.calls == 0
    assert first.to_frame().equals(again.to_frame())


def test_columns_that_the_model_does_not_take_are_named(ws: mp.Workspace) -> None:
    from sklearn.linear_model import LogisticRegression

    frame = loans()
    model = LogisticRegression().fit(frame[["age", "debt"]], frame["granted"])
    result = (evaluated_with(ws, model)).what_if(0, city="Bern", debt=1.0)
    assert "The model does not take city." in result.rows[1].note


def evaluated_with(ws: mp.Workspace, model: Any) -> mp.Evaluation:
    ws.add_dataset("loans", loans(), label="granted", id="person")
    ws.add_model("own", model)
    return ws.evaluate("own", "loans")


def test_a_pickled_model_is_loaded_by_who_trusts_it(tmp_path: Path) -> None:
    from sklearn.linear_model import LogisticRegression

    frame = loans()
    model = LogisticRegression().fit(frame[["age", "debt"]], frame["granted"])
    with mp.open(tmp_path / "w") as ws:
        ws.add_dataset("loans", frame, label="granted", id="person")
        ws.add_model("own", model, copy=True)
        ws.evaluate("own", "loans")
    with mp.open(tmp_path / "w") as ws:
        with pytest.raises(BadOption, match="is a pickle"):
            ws.evaluation("own").what_if(0, age=30)
        assert len(ws.evaluation("own").what_if(0, age=30, trust=True)) == 2


def test_multilabel_predictions_are_sets(ws: mp.Workspace) -> None:
    frame = loans().drop(columns="granted")
    frame["poor"] = (frame["income"].fillna(0) < 30).astype(int)
    frame["young"] = (frame["age"] < 40).astype(int)

    def both(rows: pd.DataFrame) -> np.ndarray:
        poor = (rows["income"].fillna(0) < 30).to_numpy(float)
        return np.column_stack([poor, (rows["age"] < 40).to_numpy(float)])

    ws.add_dataset("people", frame, label=["poor", "young"], id="person")
    ws.add_model("both", both, version="1", classes=["poor", "young"])
    result = ws.evaluate("both", "people").what_if(0, income=10.0, age=[20, 70])
    assert [row.prediction for row in result.rows][1:] == [["poor", "young"], ["poor"]]
    with pytest.raises(BadOption, match="no single prediction"):
        ws.evaluation("both").counterfactuals(0)


def endless() -> pd.DataFrame:
    frame = loans()
    frame.loc[3, "income"], frame.loc[4, "income"] = np.inf, -np.inf
    return frame


def capped(frame: pd.DataFrame) -> pd.DataFrame:
    return lender(frame.assign(income=frame["income"].clip(-1_000, 1_000)))


def test_infinity_is_a_value_and_no_missing_one(ws: mp.Workspace) -> None:
    ws.add_dataset("loans", endless(), label="granted", id="person", infinities="keep")
    ws.add_model("capped", capped, version="1")
    ev = ws.evaluate("capped", "loans")
    for row, word in ((3, "inf"), (4, "-inf")):
        variant = ev.what_if(row, income=5.0).rows[1]
        assert str(variant.changes[0]) == f"income: {word} → 5"
        assert ev.what_if(row, income=5.0).to_dict()["rows"][1]["changes"][0]["before"] == word
        point = ev.flip_points(row, columns=["income"]).rows[0]
        assert point.flips
        assert point.distance == 1.0
        found = ev.counterfactuals(row, vary=["income"], tries=400).rows
        assert found
        assert all(np.isfinite(answer.distance) for answer in found)
        assert found[0].changes[0].before == word


def fickle(answers: list[str]) -> Any:
    """A model that first answers as the lender does, then always the first of the answers."""

    def predict(frame: pd.DataFrame) -> Any:
        if answers:
            return np.array(answers[:1] * len(frame))
        return np.where(lender(frame)["yes"] > 0.5, "yes", "no")

    return predict


def test_a_model_that_changed_since_is_told(ws: mp.Workspace) -> None:
    answers: list[str] = []
    ev = evaluated(ws, fickle(answers))
    row = int(np.flatnonzero(ev.to_frame(["prediction"])["prediction"] == "no")[0])
    assert ev.what_if(row, age=30).note == ""
    answers.append("yes")
    result = ev.what_if(row, age=31.0)
    if result.rows[0].prediction == "yes":
        assert "now predicts yes for the row as it is, the evaluation says no" in result.note
    assert result.nearest is not None
    assert result.nearest.prediction != result.rows[0].prediction


def test_a_model_of_other_classes_is_an_error(ws: mp.Workspace) -> None:
    answers: list[str] = []
    ev = evaluated(ws, fickle(answers))
    answers.append("zzz")
    for ask in (
        lambda: ev.what_if(0, age=33),
        lambda: ev.effects("age", sample=40),
        lambda: ev.flips("city", sample=40),
        lambda: ev.flip_points(0),
    ):
        with pytest.raises(ModelError, match="knows none of the data's classes; it answers 'zzz'"):
            ask()


def test_a_change_that_is_given_twice_is_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="'age' was given twice"):
        ev.what_if(0, {"age": 30}, age=40)


def test_numbers_are_told_apart_by_their_digits() -> None:
    assert str(Change("a", 25765.4, 25765.41)) == "a: 25765.4 → 25765.41"
    assert str(Change("a", 1.0, 2.5)) == "a: 1 → 2.5"
    assert str(Change("a", 0.1, 0.1 + 1e-12)) == "a: 0.1 → 0.100000000001"
