"""What prepares the inputs, told apart from what predicts: where it can be, and how truly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer, MinMaxScaler, OneHotEncoder, StandardScaler

import mispredict as mp
from mispredict.compare.changed.changed import WhatChanged

from .changed_steps import CASES, INPUTS, PARTS, answer, estimator, holds, people, steps, truth


@pytest.mark.parametrize("case", CASES)
def test_only_what_differs_has_a_part(case: str, tmp_path: Path) -> None:
    found = answer(case, 3, tmp_path / "ws")
    assert {row.factor for row in found.rows if row.is_changed} == PARTS[case]
    assert sum(row.value for row in found.rows) == pytest.approx(found.difference, abs=1e-12)
    assert found.orders == found.all_orders
    assert found.left_out == ()
    for factor, part in truth(case).items():
        assert abs(found.factors[factor].value - part) < 0.04


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_each_part_is_within_its_interval(case: str) -> None:
    """In at least 86 % of 50 pairs."""
    held = pd.DataFrame([holds(case, 1_000 + seed) for seed in range(50)])
    for factor in held.columns:
        assert held[factor].mean() >= 0.86, factor


def test_what_is_the_same_is_said(tmp_path: Path) -> None:
    only_steps = answer("preprocessing", 1, tmp_path / "a").factors
    assert only_steps["preprocessing"].before == "SimpleImputer of lr@1"
    assert only_steps["preprocessing"].low > 0.02
    assert only_steps["model"].working == "The estimator is the same."
    only_estimator = answer("model", 1, tmp_path / "b").factors
    assert only_estimator["preprocessing"].working == "The inputs are prepared in the same way."


def test_crossings_say_whose_parts_answer(tmp_path: Path) -> None:
    found = answer("both", 1, tmp_path / "ws")
    how = {item.swapped: item.how for item in found.crossings}
    assert how["preprocessing",] == "asked: steps of lr@2, estimator of lr@1"
    assert how["model",] == "asked: steps of lr@1, estimator of lr@2"
    rows = people(10_001, 1500)
    said = estimator(False).predict(steps(-2.0).transform(rows[INPUTS]))
    value = next(item.value for item in found.crossings if item.swapped == ("preprocessing",))
    assert value == pytest.approx(float((said == rows["y"]).mean()))


def changed(ws: mp.Workspace, *models: Any, frame: pd.DataFrame, **options: Any) -> WhatChanged:
    """What changed from the first model to the second one on the same rows."""
    ws.add_dataset("d", frame, label="y", positive="yes")
    for model in models:
        ws.add_model("m", model, **options)
        ws.evaluate("m", "d")
    return ws.changed("m@1/d", "m@2/d")


def fitted(*parts: Any, frame: pd.DataFrame) -> Pipeline:
    return make_pipeline(*parts).fit(frame.drop(columns="y"), frame["y"])


def places(n: int = 900) -> pd.DataFrame:
    draw = np.random.default_rng(0)
    x = draw.normal(50, 10, n)
    label = np.where(x + draw.normal(0, 4, n) > 50, "yes", "no")
    return pd.DataFrame({"x": x, "place": draw.choice(["a", "b", "c"], n), "y": label})


def left_out(found: WhatChanged) -> dict[str, str]:
    return {item.factor: item.reason for item in found.left_out}


def test_features_of_other_names_stay_joined(ws: mp.Workspace) -> None:
    frame = places()

    def made(rows: pd.DataFrame, c: float) -> Pipeline:
        encoded = make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), ["place"]), remainder="passthrough"
        )
        return fitted(encoded, LogisticRegression(C=c), frame=rows)

    other = frame.assign(place=frame["place"].replace({"c": "d"}))
    found = changed(ws, made(frame, 1.0), made(other, 0.1), frame=frame)
    assert {row.factor for row in found.rows if row.is_changed} == {"preprocessing + model"}
    assert found.factors["preprocessing + model"].value == pytest.approx(found.difference)
    said = left_out(found)["preprocessing + model"]
    assert "other features: m@1 alone gives 'onehotencoder__place_c'" in said
    assert "m@2 alone gives 'onehotencoder__place_d'" in said


def test_another_number_of_features_stays_joined(ws: mp.Workspace) -> None:
    frame = places().drop(columns="place")
    models = [
        fitted(StandardScaler(), LogisticRegression(), frame=frame),
        fitted(FunctionTransformer(twice), LogisticRegression(), frame=frame),
    ]
    said = left_out(changed(ws, *models, frame=frame))["preprocessing + model"]
    assert "the steps of m@1 give 1 features, those of m@2 2" in said.lower()


def twice(rows: Any) -> Any:
    return np.hstack([np.asarray(rows), np.asarray(rows)])


def test_steps_and_estimator_made_for_one_another_stay_joined(ws: mp.Workspace) -> None:
    frame = places().drop(columns="place")
    models = [
        fitted(scaler, LogisticRegression(C=100), frame=frame)
        for scaler in (StandardScaler(), MinMaxScaler())
    ]
    found = changed(ws, *models, frame=frame)
    assert {row.factor for row in found.rows if row.is_changed} == {"preprocessing + model"}
    said = left_out(found)["preprocessing + model"]
    assert "Each estimator was fitted to its own steps: new steps before the old estimator" in said
    assert found.factors["preprocessing + model"].value == pytest.approx(found.difference)


def test_without_calls_parts_that_both_differ_stay_joined(ws: mp.Workspace) -> None:
    rows = people(5, 800)
    ws.add_dataset("d", rows, label="y", id="id", positive="yes")
    for fill, is_new in ((0.0, False), (-2.0, True)):
        ws.add_model("m", Pipeline([("fill", steps(fill)), ("lr", estimator(is_new))]))
        ws.evaluate("m", "d")
    found = ws.changed("m@1/d", "m@2/d", calls=False)
    assert {row.factor for row in found.rows if row.is_changed} == {"preprocessing + model"}
    assert left_out(found)["preprocessing + model"].endswith("no model was to be called.")
    assert [item.is_uncalled for item in found.left_out] == [True]
    both = ws.changed("m@1/d", "m@2/d", "roc_auc")
    assert {row.factor for row in both.rows if row.is_changed} == {"preprocessing", "model"}
    assert sum(row.value for row in both.rows) == pytest.approx(both.difference, abs=1e-12)


def always(rows: pd.DataFrame) -> np.ndarray:
    return np.full(len(rows), "yes")


def never(rows: pd.DataFrame) -> np.ndarray:
    return np.full(len(rows), "no")


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (never, "The code of the functions differs."),
        (always, "The functions have the same code; what they call and read may differ."),
    ],
    ids=["other code", "same code"],
)
def test_functions_are_swapped_whole_and_their_code_is_compared(
    ws: mp.Workspace, second: Any, said: str
) -> None:
    frame = places()
    ws.add_dataset("d", frame, label="y", positive="yes")
    for number, function in enumerate((always, second), start=1):
        ws.add_model("m", function, version=str(number))
        ws.evaluate("m", "d")
    reason = left_out(ws.changed("m@1/d", "m@2/d"))["preprocessing"]
    assert "m@1 is a model of the kind callable, which is swapped as a whole" in reason
    assert reason.endswith(said)


@pytest.mark.parametrize("is_pipeline", [False, True], ids=["estimator", "predictions"])
def test_a_model_without_steps_says_so(ws: mp.Workspace, is_pipeline: bool) -> None:
    frame = places().drop(columns="place").assign(id=range(900))
    ws.add_dataset("d", frame, label="y", id="id", positive="yes")
    model = fitted(StandardScaler(), LogisticRegression(), frame=frame.drop(columns="id"))
    ws.add_model("m", model)
    before = ws.evaluate("m", "d")
    if is_pipeline:
        said = frame[["id"]].assign(prediction="yes")
        after = ws.add_predictions("n", "d", said)
        reason = "of n@1 only the predictions are known"
    else:
        ws.add_model("n", LogisticRegression().fit(frame[["x"]], frame["y"]))
        after = ws.evaluate("n", "d")
        reason = "n@1 is no pipeline of scikit-learn with steps before its estimator"
    found = ws.changed(before, after)
    assert {row.factor for row in found.rows if row.is_changed} == {"model"}
    assert "preprocessing" not in found.factors
    assert left_out(found)["preprocessing"] == f"It is counted with the model: {reason}."
