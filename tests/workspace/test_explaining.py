"""`ev.explain`: rows, columns that stay, budgets, and what is not explained twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestRegressor
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder

import mispredict as mp
from mispredict.core.errors import BadOption, EmptyCohort, ModelError, UnknownColumn
from mispredict.explain.counterfactuals.search_calls import Budget
from mispredict.models import Cancelled

N = 500
INPUTS = ["age", "city", "debt", "noise"]


def people(rows: int = N, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "user_id": [f"u{i}" for i in range(rows)],
            "age": random.integers(18, 90, rows).astype(float),
            "city": random.choice(["Rome", "Oslo", "Bern"], rows),
            "debt": random.normal(size=rows),
            "noise": random.normal(size=rows),
        }
    )
    logit = (frame["age"] - 50) / 12 + np.where(frame["city"] == "Oslo", 1.5, 0) + frame["debt"]
    frame["churn"] = np.where(random.random(rows) < 1 / (1 + np.exp(-logit)), "yes", "no")
    return frame


def trees() -> Pipeline:
    codes = make_column_transformer(
        (OrdinalEncoder(), ["city"]), ("passthrough", ["age", "debt", "noise"])
    )
    boosting = HistGradientBoostingClassifier(
        max_iter=30, categorical_features=[0], random_state=0, min_samples_leaf=50
    )
    train = people(2000, seed=1)
    return make_pipeline(codes, boosting).fit(train[INPUTS], train["churn"])


@pytest.fixture(scope="module")
def model() -> Pipeline:
    return trees()


@pytest.fixture
def ev(ws: mp.Workspace, model: Pipeline) -> mp.Evaluation:
    ws.add_dataset("people", people(), label="churn", id="user_id")
    ws.add_model("gbm", model)
    return ws.evaluate("gbm", "people")


def black_box(model: Pipeline, log: list[int] | None = None) -> Callable[[pd.DataFrame], Any]:
    def predict(frame: pd.DataFrame) -> pd.DataFrame:
        if log is not None:
            log.append(len(frame))
        return pd.DataFrame(model.predict_proba(frame), columns=list(model.classes_))

    return predict


@pytest.fixture
def called(ws: mp.Workspace, model: Pipeline) -> tuple[mp.Evaluation, list[int]]:
    """An evaluation of a model that is known by its answers, and how many rows it was asked."""
    log: list[int] = []
    ws.add_dataset("people", people(), label="churn", id="user_id")
    ws.add_model("box", black_box(model, log), version="1")
    ev = ws.evaluate("box", "people")
    log.clear()
    return ev, log


def test_trees_in_a_pipeline_are_explained_exactly(ev: mp.Evaluation, model: Pipeline) -> None:
    result = ev.explain()
    assert result.about.method == "tree"
    assert result.about.is_exact
    assert result.about.output == "log-odds of 'yes'"
    assert result.about.additivity_error < 1e-10
    assert result.about.sampling_error == 0
    assert result.about.n == result.source.n == N
    assert [row.feature for row in result.rows[:3]] == ["age", "debt", "city"] or [
        row.feature for row in result.rows[:3]
    ] == ["age", "city", "debt"]
    assert sum(row.share for row in result.rows) == pytest.approx(1)
    assert all(row.low <= row.importance <= row.high for row in result.rows)
    frame = result.attributions()
    margin = model.decision_function(people()[INPUTS])
    np.testing.assert_allclose(frame[INPUTS].sum(axis=1) + frame["base"], margin, atol=1e-9)
    np.testing.assert_allclose(frame["output"], margin, atol=1e-9)
    assert result.faithfulness is not None
    assert result.faithfulness.holds
    json.loads(result.to_json())
    assert "What moves the model" in str(result)
    assert "age" in result._repr_html_()


def test_attributions_are_columns(ev: mp.Evaluation) -> None:
    with pytest.raises(UnknownColumn):
        ev.mask("shap_age > 0.2")
    frame = ev.explain().attributions()
    inside = ev.mask("shap_age > 0.2")
    np.testing.assert_array_equal(inside, frame["age"] > 0.2)
    rows = ev.rows("shap_age > 0.2", order_by="shap_age DESC", columns=["age", "shap_age"], limit=5)
    assert rows.total == inside.sum()
    assert rows.to_frame()["shap_age"].is_monotonic_decreasing
    assert "shap_age" not in ev.rows(limit=1).columns
    again = ev.workspace.evaluation("people")
    np.testing.assert_array_equal(again.mask("shap_age > 0.2"), inside)
    assert ev.cards(columns=["shap_age"], kinds=["value"]).rows
    assert ev.slices(columns=["shap_age"], budget_s=5).searched
    assert ev.error_tree(columns=["shap_age"]).rows
    assert ev.explain("shap_age > 0.2").about.n == inside.sum()


def test_a_cohort_is_compared_with_the_rest(ev: mp.Evaluation) -> None:
    result = ev.explain("city = 'Oslo'")
    outside = int((~ev.mask("city = 'Oslo'")).sum())
    row = next(row for row in result.rows if row.feature == "city")
    assert row.rest_n == outside
    assert row.difference == pytest.approx(row.importance - row.rest)
    assert row.difference_low > 0
    assert row.p_adjusted < 0.01
    noise = next(row for row in result.rows if row.feature == "noise")
    assert noise.p_adjusted > 0.01
    assert np.isnan(ev.explain().rows[0].rest)


def test_one_row(ev: mp.Evaluation) -> None:
    by_number, by_id = ev.explain(rows=7).local(), ev.explain(rows="u7").local()
    assert by_number.rows == by_id.rows
    assert (by_number.row, by_number.id) == (7, "u7")
    assert by_number.prediction in ("yes", "no")
    total = by_number.base + sum(row.attribution for row in by_number.rows)
    assert total == pytest.approx(by_number.output)
    sizes = [abs(row.attribution) for row in by_number.rows]
    assert sizes == sorted(sizes, reverse=True)
    value = next(row for row in by_number.rows if row.feature == "city").value
    assert value == people()["city"][7]
    assert all(row.low == row.attribution == row.high for row in by_number.rows)
    several = ev.explain(rows=[3, 9])
    assert several.source.where == "row IN (3, 9)"
    assert several.local(9).row == 9
    with pytest.raises(BadOption, match="not among"):
        several.local(4)
    json.loads(by_number.to_json())


def test_the_other_class_is_the_mirror_image(ev: mp.Evaluation) -> None:
    yes, no = ev.explain(rows=[1, 2, 3]), ev.explain(rows=[1, 2, 3], target="no")
    np.testing.assert_allclose(yes.attributions()[INPUTS], -no.attributions()[INPUTS])
    assert no.about.output == "log-odds of 'no'"
    with pytest.raises(BadOption, match="is not a choice"):
        ev.explain(target="perhaps")


def test_dependence_and_interactions(ev: mp.Evaluation) -> None:
    result = ev.explain()
    age = result.dependence("age", bins=5)
    assert sum(row.n for row in age.rows) == N
    assert age.rows[0].attribution < 0 < age.rows[-1].attribution
    assert all(row.low <= row.attribution <= row.high for row in age.rows)
    cities = {row.value: row.attribution for row in result.dependence("city").rows}
    assert cities["Oslo"] > 0 > max(cities["Rome"], cities["Bern"])
    pairs = result.interactions(top=2, sample=100)
    assert len(pairs.rows) == 2
    assert pairs.rows[0].strength >= pairs.rows[1].strength
    with pytest.raises(UnknownColumn):
        result.dependence("agee")
    for part in (age, pairs):
        json.loads(part.to_json())


def test_against_chosen_rows(ev: mp.Evaluation) -> None:
    given = people(50, seed=9)[INPUTS]
    result = ev.explain(rows=[0, 1], background=given)
    assert result.about.facts["background"]["rows"] == 50
    assert result.about.facts["background"]["origin"] == "given rows"
    assert result.about.additivity_error < 1e-10
    drawn = ev.explain(rows=[0, 1], background=20, seed=3).about.facts["background"]
    assert (drawn["rows"], drawn["seed"]) == (20, 3)
    other = ev.explain(rows=[0, 1], background=20, seed=4).about.facts["background"]
    assert drawn["hash"] != other["hash"]
    with pytest.raises(UnknownColumn):
        ev.explain(background=given.drop(columns="age"))


def test_sampled_attributions_agree_with_exact_ones(
    called: tuple[mp.Evaluation, list[int]], model: Pipeline
) -> None:
    ev, log = called
    result = ev.explain(rows=list(range(30)))
    assert result.about.method == "enumeration"  # four features
    assert result.about.output == "probability of 'yes'"
    assert result.about.model_rows == sum(log)
    sampled = ev.explain(rows=list(range(30)), method="permutation", samples=50)
    assert not sampled.about.is_exact
    assert sampled.about.sampling_error > 0
    exact, near = (item.attributions()[INPUTS].to_numpy() for item in (result, sampled))
    assert np.abs(exact - near).max() < 0.1
    local = sampled.local(5)
    assert any(row.low < row.attribution < row.high for row in local.rows)


def test_rows_are_not_explained_twice(called: tuple[mp.Evaluation, list[int]]) -> None:
    ev, _ = called
    first = ev.explain(sample=40, method="permutation")
    assert first.about.n == 40
    assert first.about.kept == 0
    second = ev.explain(sample=40, method="permutation")
    assert second.rows == first.rows
    assert second.about.kept == 40
    only_held = second.about.model_rows  # to see whether they hold
    assert first.about.model_rows > only_held + 40 * 25 * 6
    more = ev.explain(sample=60, method="permutation")
    assert more.about.n == 60
    assert 0 < more.about.kept < 60


def test_equal_rows_of_a_later_version_are_known_by_content(
    ws: mp.Workspace, model: Pipeline
) -> None:
    log: list[int] = []
    ws.add_model("box", black_box(model, log), version="1")
    ws.add_dataset("people", people(60), label="churn", id="user_id")
    background = people(30, seed=5)[INPUTS]
    first = ws.evaluate("box", "people").explain(method="permutation", background=background)
    wider = pd.concat([people(60), people(70, seed=8).tail(10)], ignore_index=True)
    wider["user_id"] = [f"u{i}" for i in range(70)]
    ws.add_dataset("people", wider, label="churn", id="user_id")
    ev = ws.evaluate("box", "people")
    log.clear()
    second = ev.explain(method="permutation", background=background)
    assert second.about.kept == 0
    assert second.about.n == 70
    same = second.attributions(60)[INPUTS].to_numpy()
    np.testing.assert_array_equal(same, first.attributions()[INPUTS].to_numpy())
    assert second.about.model_rows < first.about.model_rows


def test_the_newest_way_gives_the_columns(called: tuple[mp.Evaluation, list[int]]) -> None:
    ev, _ = called
    ev.explain(method="permutation", sample=30)
    assert ev.mask("shap_age IS NOT NULL").sum() == 30
    ev.explain(method="enumeration", sample=20)
    assert ev.mask("shap_age IS NOT NULL").sum() == 20
    ev.explain(method="permutation", sample=30)
    assert ev.mask("shap_age IS NOT NULL").sum() == 30


def test_a_budget_leaves_rows_unexplained_and_says_so(
    called: tuple[mp.Evaluation, list[int]],
) -> None:
    ev, log = called
    result = ev.explain(method="permutation", sample=100, budget=1500)
    assert sum(log) <= 1500
    assert 0 < result.about.n < 100
    assert result.about.is_budget_spent
    assert "could not be explained" in result.note
    assert "The budget was over" in result.note
    narrow = ev.explain(method="permutation", sample=20, budget=Budget(rows=2500))
    assert narrow.about.n == 20
    with pytest.raises(BadOption):
        ev.explain(budget=0)
    with pytest.raises(BadOption):
        ev.explain(budget=-1.0)
    with pytest.raises(ModelError, match="none of 5 rows"):
        ev.explain(rows=[1, 2, 3, 4, 5], method="permutation", budget=50, seed=9)


def test_a_stop_keeps_what_is_done(called: tuple[mp.Evaluation, list[int]]) -> None:
    ev, _ = called
    done: list[int] = []
    with pytest.raises(Cancelled):
        ev.explain(
            method="permutation",
            sample=400,
            progress=lambda n, total: done.append(n),
            cancel=lambda: bool(done) and done[-1] > 100,
        )
    result = ev.explain(method="permutation", sample=400)
    assert result.about.kept == done[-1]
    assert result.about.n == 400


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


def test_bad_arguments_say_what_to_try(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="cannot explain"):
        ev.explain(method="tokens")
    with pytest.raises(BadOption, match="holds no texts"):
        ev.explain(column="age")
    with pytest.raises(UnknownColumn):
        ev.explain(column="agee")
    with pytest.raises(BadOption):
        ev.explain(sample=0)
    with pytest.raises(BadOption):
        ev.explain(seed=-1)
    with pytest.raises(BadOption):
        ev.explain(rows=99999)
    with pytest.raises(EmptyCohort):
        ev.explain(rows=[])
    with pytest.raises(EmptyCohort):
        ev.explain("age > 500")


def test_another_process_reads_what_was_explained(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.explain()
    expected = ev.table.values("shap_age")
    with mp.open(Path(ws.store.root)) as other:
        found = other.evaluation("people")
        np.testing.assert_array_equal(found.table.values("shap_age"), expected)
        assert found.mask("shap_age > 0").any()


def test_a_column_of_that_name_is_the_datasets_own(ws: mp.Workspace, model: Pipeline) -> None:
    frame = people().assign(shap_age=1.0)
    ws.add_dataset("people", frame, label="churn", id="user_id", metadata=["shap_age"])
    ws.add_model("gbm", model)
    ev = ws.evaluate("gbm", "people")
    ev.explain()
    assert ev.mask("shap_age = 1").all()
    assert ev.mask("shap_debt > 0").any()


def test_rows_and_a_cohort_at_once_are_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="give either rows or where"):
        ev.explain(where="age > 30", rows=[1])


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
