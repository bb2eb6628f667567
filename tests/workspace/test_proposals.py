"""Checks that are proposed from findings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, EmptyCohort


def predicted(ws: mp.Workspace, name: str, share_wrong: float, *, seed: int = 0) -> mp.Evaluation:
    """An evaluation that is wrong for a share of the rows, and three times as often for Oslo."""
    draw = np.random.default_rng(seed)
    n = 3000
    city = np.array(["Rome", "Oslo", "Bern"])[np.arange(n) % 3]
    label = np.array(["no", "yes"])[(np.arange(n) // 3) % 2]
    wrong = draw.random(n) < np.where(city == "Oslo", 3 * share_wrong, share_wrong)
    said = np.where(wrong, np.where(label == "yes", "no", "yes"), label)
    ids = np.arange(n)
    rows = pd.DataFrame({"id": ids, "city": city, "size": draw.random(n), "label": label})
    ws.add_dataset("towns", rows.assign(size=np.arange(n) % 17), label="label", id="id")
    return ws.add_predictions(name, "towns", pd.DataFrame({"id": ids, "prediction": said}))


@pytest.fixture
def found(ws: mp.Workspace) -> mp.Evaluation:
    ev = predicted(ws, "old", 0.1)
    ev.save_cohort("small", "size < 5", note="small ones")
    ev.tag("reviewed", "size > 12")
    return ev


def test_all_findings_are_checks_that_pass_now(found: mp.Evaluation) -> None:
    suite = found.propose_checks()
    assert (suite.name, suite.model, suite.dataset) == ("old-towns", "old", "towns")
    tags = {tag for check in suite.checks for tag in check.tags}
    assert tags == {"overall", "slice", "error", "tag", "cohort"}
    assert any(check.name.startswith("slice city = 'Oslo'") for check in suite.checks)
    assert all(check.reason for check in suite.checks)
    verdicts = found.workspace.run(suite)
    assert verdicts.is_passed
    assert verdicts.counts["pass"] == len(suite)


def test_a_bound_is_the_value_less_its_interval(found: mp.Evaluation) -> None:
    (check,) = found.propose_checks("cohorts").checks
    now = found.check("metric", metric="accuracy", min=0, where="cohort('small')")
    assert check.kind.min == pytest.approx(now.value - 2.5 * (now.value - now.low), abs=0.001)  # type: ignore[attr-defined]
    assert check.reason == "small ones"


@pytest.mark.parametrize("seed", range(5))
def test_a_version_that_is_as_good_passes_and_a_worse_one_does_not(
    ws: mp.Workspace, seed: int
) -> None:
    suite = predicted(ws, "old", 0.1).propose_checks(["slices", "error_classes"])
    predicted(ws, "same", 0.1, seed=10 + seed)
    predicted(ws, "worse", 0.16, seed=20 + seed)
    assert ws.run(suite, model="same").is_passed
    assert not ws.run(suite, model="worse").is_passed


def test_a_result_proposes_too(found: mp.Evaluation) -> None:
    for result in (found.slices(), found.error_classes(), found.tags(), found.workspace.cohorts()):
        assert len(found.propose_checks(result))


def test_counterfactuals_propose_attacks(ev: mp.Evaluation) -> None:
    found = ev.counterfactuals(where="age > 30 AND age < 50", vary=["city"], sample=300, tries=200)
    suite = ev.propose_checks(found)
    assert {check.name for check in suite.checks} == {"not turned to no", "not turned to yes"}
    for check in suite.checks:
        assert check.kind.name == "adversarial"
        assert check.kind.vary == ("city",)  # type: ignore[attr-defined]
        assert ev.check(check).verdict == "pass"


def test_a_regression_has_upper_bounds(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    rows = pd.DataFrame({"id": range(500), "x": draw.random(500), "y": draw.random(500) * 1e4})
    ws.add_dataset("prices", rows, label="y", id="id")
    said = rows[["id"]].assign(prediction=rows["y"] + draw.normal(0, 200, 500))
    ev = ws.add_predictions("line", "prices", said)
    ev.save_cohort("half", "x > 0.5")
    suite = ev.propose_checks("cohorts")
    assert suite.checks[0].kind.metric == "mae"  # type: ignore[attr-defined]
    assert suite.checks[0].kind.max > 100  # type: ignore[attr-defined]
    assert ws.run(suite).is_passed


@pytest.mark.parametrize("from_", ["slice", ["slices", "tag"], 7, {"a": 1}])
def test_what_proposes_nothing(found: mp.Evaluation, from_: Any) -> None:
    with pytest.raises(BadOption, match="from_="):
        found.propose_checks(from_)


def test_nothing_found_says_so(ws: mp.Workspace) -> None:
    with pytest.raises(EmptyCohort) as caught:
        predicted(ws, "old", 0.1).propose_checks("cohorts")
    assert str(caught.value) == (
        "there is nothing to propose checks from in old@1/towns@1.\n"
        "  0 findings were looked at; those of few rows say too little.\n"
        "  Try: ev.save_cohort('seniors', 'Age > 60'), or another from_="
    )
