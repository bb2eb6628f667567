"""Rows are not explained twice, and a budget or a stop loses nothing of what was explained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

import mispredict as mp
from mispredict.core.errors import BadOption, ModelError
from mispredict.explain.counterfactuals.search_calls import Budget
from mispredict.models import Cancelled

from .conftest import INPUTS, black_box, people


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


def test_another_process_reads_what_was_explained(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.explain()
    expected = ev.table.values("shap_age")
    with mp.open(Path(ws.store.root)) as other:
        found = other.evaluation("people")
        np.testing.assert_array_equal(found.table.values("shap_age"), expected)
        assert found.mask("shap_age > 0").any()


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
