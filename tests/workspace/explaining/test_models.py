"""How models of each kind are explained, and what is told where one cannot be."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

import mispredict as mp
from mispredict.core.errors import BadOption, ModelError

from .conftest import INPUTS, N, black_box, people


def test_classes_are_explained_for_what_was_predicted(ws: mp.Workspace) -> None:
    train, frame = people(1500, seed=2), people(300)
    for part in (train, frame):
        part["kind"] = np.where(
            part["debt"] > 0.7, "high", np.where(part["age"] > 60, "old", "low")
        )
    codes = make_column_transformer(
        (OneHotEncoder(), ["city"]), ("passthrough", ["age", "debt", "noise"])
    )
    boosted = make_pipeline(codes, HistGradientBoostingClassifier(max_iter=15, random_state=0))
    boosted.fit(train[INPUTS], train["kind"])
    ws.add_dataset("kinds", frame.drop(columns="churn"), label="kind", id="user_id")
    ws.add_model("gbm", boosted)
    ev = ws.evaluate("gbm", "kinds")
    result = ev.explain()
    assert result.about.output == "score before softmax of the predicted class"
    assert result.about.additivity_error < 1e-9
    margins = boosted.decision_function(frame[INPUTS])
    np.testing.assert_allclose(result.attributions()["output"], margins.max(axis=1), atol=1e-9)
    assert {row.feature for row in result.rows[:2]} == {"age", "debt"}
    high = ev.explain(target="high")
    assert high.about.output == "score before softmax of 'high'"
    assert high.rows[0].feature == "debt"
    assert high.to_dict()["about"]["facts"]


def test_a_linear_model_of_values(ws: mp.Workspace) -> None:
    frame = people()
    frame["price"] = 2 * frame["debt"] + (frame["city"] == "Oslo") + 0.01 * frame["age"]
    from sklearn.linear_model import LinearRegression

    codes = make_column_transformer(
        (OneHotEncoder(), ["city"]), ("passthrough", ["age", "debt", "noise"])
    )
    model = make_pipeline(codes, LinearRegression()).fit(frame[INPUTS], frame["price"])
    ws.add_dataset("prices", frame.drop(columns="churn"), label="price", id="user_id")
    ws.add_model("line", model)
    result = ws.evaluate("line", "prices").explain()
    assert (result.about.method, result.about.output) == ("linear", "value")
    values = result.attributions()
    slope = np.polyfit(frame["debt"], values["debt"], 1)[0]
    assert slope == pytest.approx(2)
    assert np.abs(values["noise"]).max() < 1e-9
    city = values.groupby(frame["city"])["city"].first()
    assert city["Oslo"] - city["Rome"] == pytest.approx(1)


def test_a_forest_of_values(ws: mp.Workspace) -> None:
    frame = people()
    frame["price"] = 2 * frame["debt"] + np.random.default_rng(0).normal(size=N)
    model = RandomForestRegressor(20, random_state=0, min_samples_leaf=5)
    model.fit(frame[["age", "debt", "noise"]], frame["price"])
    ws.add_dataset("prices", frame.drop(columns="churn"), label="price", id="user_id")
    ws.add_model("forest", model)
    result = ws.evaluate("forest", "prices").explain()
    assert (result.about.method, result.about.output) == ("tree", "value")
    assert result.rows[0].feature == "debt"
    assert {row.feature for row in result.rows} == {"age", "debt", "noise"}
    assert result.mispredictive is not None
    assert result.mispredictive.tested == 3


def test_what_a_probability_model_is_made_of_decides(ws: mp.Workspace) -> None:
    from sklearn.calibration import CalibratedClassifierCV

    train, frame = people(600, seed=1), people(200)
    inner = LogisticRegression()
    model = CalibratedClassifierCV(inner, method="isotonic")
    model.fit(train[["age", "debt", "noise"]], train["churn"])
    ws.add_dataset("people", frame, label="churn", id="user_id")
    ws.add_model("calibrated", model)
    result = ws.evaluate("calibrated", "people").explain(sample=10)
    assert result.about.method == "enumeration"  # neither trees nor linear in its answers
    assert result.rows[0].feature == "age"


def test_texts_are_explained_by_tokens(ws: mp.Workspace) -> None:
    random = np.random.default_rng(0)
    words = np.array(["fine", "table", "good", "bad", "chair", "day"])
    texts = [" ".join(random.choice(words, 6)) for _ in range(300)]
    score = np.array([text.count("good") - text.count("bad") for text in texts])
    frame = pd.DataFrame({"text": texts, "mood": np.where(score > 0, "up", "down")})

    def model(rows: list[str]) -> pd.DataFrame:
        own = np.array([text.count("good") - text.count("bad") for text in rows])
        p = 1 / (1 + np.exp(-2.0 * own + 1))
        return pd.DataFrame({"down": 1 - p, "up": p})

    ws.add_dataset("moods", frame, label="mood", types={"text": "text"}, positive="up")
    ws.add_model("words", model, input="text", version="1")
    ev = ws.evaluate("words", "moods")
    result = ev.explain(sample=80)
    assert result.about.method == "tokens"
    assert result.about.facts["against"] == "tokens left away"
    assert {row.feature for row in result.rows[:2]} == {"good", "bad"}
    assert sum(row.importance > 1e-9 for row in result.rows) == 2
    local = result.local()
    assert local.text
    for row in local.rows:
        assert local.text[row.start : row.end] == row.feature
    assert [row.start for row in local.rows] == sorted(row.start for row in local.rows)
    masked = ev.explain(rows=0, background="table")
    assert masked.about.facts["against"] == "tokens replaced by 'table'"
    again = ev.explain(sample=80)
    assert again.about.kept == 80
    assert again.rows == result.rows
    assert len(result.attributions()) == sum(len(t.split()) for t in result.attributions()["token"])
    assert not [name for name in ev.fields.reserved if name.startswith("shap_")]
    assert result.faithfulness is not None
    assert result.faithfulness.holds
    with pytest.raises(BadOption):
        result.interactions()


def test_predictions_alone_say_how_to_add_a_model(ws: mp.Workspace, model: Pipeline) -> None:
    frame = people()
    ws.add_dataset("people", frame, label="churn", id="user_id")
    said = pd.DataFrame({"user_id": frame["user_id"], "prediction": model.predict(frame[INPUTS])})
    ev = ws.add_predictions("gbm", "people", said)
    with pytest.raises(ModelError) as error:
        ev.explain()
    assert error.value.problem
    assert "predictions" in error.value.known
    assert "ws.add_model('gbm', model)" in error.value.hint


def test_a_model_that_fails_on_changed_rows(ws: mp.Workspace, model: Pipeline) -> None:
    predict = black_box(model)

    def fragile(frame: pd.DataFrame) -> pd.DataFrame:
        rows = set(zip(frame["age"], frame["debt"], strict=True))
        if len(rows - known) > 0 and any(age > 80 and debt < -1.2 for age, debt in rows - known):
            raise RuntimeError("this cannot be")
        return predict(frame)

    frame = people()
    known = set(zip(frame["age"], frame["debt"], strict=True))
    ws.add_dataset("people", frame, label="churn", id="user_id")
    ws.add_model("fragile", fragile, version="1")
    ev = ws.evaluate("fragile", "people")
    result = ev.explain(sample=40, method="permutation")
    assert result.about.failed > 0
    assert "RuntimeError: this cannot be" in result.note
    assert result.about.n > 35


def test_rows_without_any_attribution_are_an_error_with_its_reason(ws: mp.Workspace) -> None:
    frame = people(60)

    def picky(rows: pd.DataFrame) -> pd.DataFrame:
        if (rows[["age", "debt", "noise"]] < -99).any(axis=None):
            raise ValueError("unknown age")
        p = np.full(len(rows), 0.5)
        return pd.DataFrame({"no": 1 - p, "yes": p})

    ws.add_dataset("same", frame, label="churn", id="user_id")
    ws.add_model("picky", picky, version="1")
    ev = ws.evaluate("picky", "same")
    other = people(20, seed=3)[INPUTS].assign(age=-100.0, debt=-100.0, noise=-100.0)
    with pytest.raises(ModelError, match="none of 2 rows could be explained") as error:
        ev.explain(rows=[1, 2], background=other, method="lime", samples=8)
    assert "unknown age" in error.value.known
