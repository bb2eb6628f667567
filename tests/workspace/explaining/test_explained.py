"""`ev.explain`: what moves a model on all rows, on some and on one; columns that stay."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.pipeline import Pipeline

import mispredict as mp
from mispredict.core.errors import BadOption, EmptyCohort, UnknownColumn

from .conftest import INPUTS, N, people


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


def test_a_column_of_that_name_is_the_datasets_own(ws: mp.Workspace, model: Pipeline) -> None:
    frame = people().assign(shap_age=1.0)
    ws.add_dataset("people", frame, label="churn", id="user_id", metadata=["shap_age"])
    ws.add_model("gbm", model)
    ev = ws.evaluate("gbm", "people")
    ev.explain()
    assert ev.mask("shap_age = 1").all()
    assert ev.mask("shap_debt > 0").any()


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


def test_rows_and_a_cohort_at_once_are_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="give either rows or where"):
        ev.explain(where="age > 30", rows=[1])
