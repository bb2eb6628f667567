"""Suites run in a workspace, and what it keeps of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline

import mispredict as mp
from mispredict.checks.catalog import Check
from mispredict.checks.kinds.metric import MetricCheck
from mispredict.core.errors import (
    BadOption,
    BadSuite,
    Cancelled,
    UnknownColumn,
    UnknownName,
)

SUITE = """\
suite: gate
dataset: people
model: logistic
parameters: {floor: 0.6}
checks:
  - name: good enough
    kind: metric
    metric: accuracy
    min: ${floor}
    tags: [quick]
  - name: perfect
    kind: metric
    metric: accuracy
    min: 0.999
    severity: warn
  - name: Oslo
    kind: metric
    metric: accuracy
    where: city = 'Oslo' AND age > 40
    min: 0.5
"""


_NO_WORSE = "kind: regression\n    metric: accuracy\n    max_drop: 0.01"
_TYPOS = "kind: augmentation\n    perturbations: [typo_drop, typo_swop]"
_UNIT = "kind: unit\n    values: {aged: [20, 30]}\n    label: perhaps"


class Counting:
    """A model that counts how many rows it was asked about."""

    def __init__(self, model: Pipeline) -> None:
        self.model = model
        self.asked = 0

    def __call__(self, rows: pd.DataFrame) -> Any:
        self.asked += len(rows)
        return self.model.predict_proba(rows[["age", "city"]])


@pytest.fixture
def counting(pipeline: Pipeline) -> Counting:
    return Counting(pipeline)


@pytest.fixture
def ready(tmp_path: Path, frame: pd.DataFrame, counting: Counting) -> Iterator[mp.Workspace]:
    """A workspace with a dataset and a model that was not evaluated yet."""
    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("people", frame, label="churn", metadata=["note"])
        workspace.add_model("logistic", counting, classes=["no", "yes"])
        yield workspace


def test_a_suite_is_run_and_kept(ready: mp.Workspace) -> None:
    verdicts = ready.run(SUITE)
    assert list(verdicts.to_frame()["verdict"]) == ["pass", "fail", "pass"]
    assert list(verdicts.to_frame().columns[:9]) == [
        *("check", "kind", "verdict", "value", "low", "high", "n", "bound", "seconds")
    ]
    assert verdicts.is_passed  # what fails only warns
    assert verdicts.of == "logistic@1/people@1"
    (run,) = ready.runs().rows
    assert (run.run, run.model, run.dataset) == ("gate@1", "logistic@1", "people@1")
    assert (run.is_passed, run.passed, run.failed) == (True, 2, 1)
    kept = ready.verdicts("gate@1")
    assert kept.to_json() == verdicts.to_json()


def test_what_is_kept_survives_the_process(ready: mp.Workspace) -> None:
    verdicts = ready.run(SUITE)
    with mp.open(ready.store.root) as again:
        assert again.verdicts("gate").to_json() == verdicts.to_json()


def test_a_file_a_text_a_suite_and_checks_are_suites(ready: mp.Workspace, tmp_path: Path) -> None:
    from mispredict.checks.suites.suite import Suite

    path = tmp_path / "gate.suite.yaml"
    path.write_text(SUITE, encoding="utf-8")
    made = Suite.load(path)
    for given in (path, str(path), SUITE, made):
        assert len(ready.run(given)) == 3
    for checks in (list(made.checks), made.checks, made.checks[0]):
        assert ready.run(checks, model="logistic", data="people").suite == "suite"


def test_selection_parameters_and_fail_fast(ready: mp.Workspace) -> None:
    assert [row.check for row in ready.run(SUITE, select="quick").rows] == ["good enough"]
    verdicts = ready.run(SUITE, parameters={"floor": 0.99}, fail_fast=True)
    assert verdicts["good enough"].verdict == "fail"
    assert verdicts.skipped == ("perfect", "Oslo")
    assert not verdicts.is_passed


def test_without_names_the_newest_evaluation_is_meant(ready: mp.Workspace) -> None:
    ready.evaluate("logistic", "people")
    text = SUITE.replace("dataset: people\nmodel: logistic\n", "")
    assert ready.run(text).of == "logistic@1/people@1"


def test_a_baseline_is_evaluated_too(ready: mp.Workspace, pipeline: Pipeline) -> None:
    ready.add_model("other", pipeline)
    assert ready.run(SUITE, baseline="other").baseline == "other@1/people@1"
    assert ready.runs().rows[0].baseline == "other@1"


def test_progress_counts_checks(ready: mp.Workspace) -> None:
    seen: list[tuple[int, int]] = []
    ready.run(SUITE, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (3, 3)


def test_a_cancelled_run_is_not_kept(ready: mp.Workspace) -> None:
    with pytest.raises(Cancelled):
        ready.run(SUITE, cancel=lambda: True)
    assert not ready.runs().rows


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("dataset: people", "dataset: peple"),
            "suite:2:10: no dataset 'peple'.\n  Datasets like it: 'people'.\n  Try: ws.datasets()",
        ),
        (
            ("model: logistic", "model: logistics"),
            "suite:3:8: no model 'logistics'.\n  Models like it: 'logistic'.\n  Try: ws.models()",
        ),
        (
            ("model: logistic", "model: logistic\nbaseline: logistic@7"),
            "suite:4:11: no model 'logistic@7'.\n  Models like it: 'logistic@1'",
        ),
        (
            ("AND age > 40", "AND aged > 40"),
            "suite:19:30: no column 'aged'.\n  Columns like it: 'age'.\n  Try: one of these names",
        ),
        (
            ("AND age > 40", "AND lost > 40"),
            "suite:19:30: no column 'lost'.\n  Columns like it: 'loss'",
        ),
        (
            ("min: 0.5", "min: 50"),
            "suite:20:10: min=50 is out of the range of 'accuracy'.\n"
            "  accuracy is from 0 to 1.\n"
            "  Try: min: 0.5",
        ),
        (
            ("kind: metric\n    metric: accuracy\n    min: 0.999", _NO_WORSE),
            "suite:12:11: the check 'perfect' compares with a baseline, and there is none.\n"
            "  It is another model, or another version.\n"
            "  Try: baseline: gbm@1 at the top of the file, or --baseline gbm@1",
        ),
        (
            ("kind: metric\n    metric: accuracy\n    min: 0.999", _TYPOS),
            "suite:13:32: no perturbation 'typo_swop'.\n  Perturbations like it: 'typo_swap'",
        ),
        (
            ("kind: metric\n    metric: accuracy\n    min: 0.999", _UNIT),
            "suite:13:14: no column 'aged' in dataset 'people@1'.\n  Columns like it: 'age'",
        ),
        (
            ("kind: metric\n    metric: accuracy\n    min: 0.999", _UNIT.replace("aged", "age")),
            "suite:14:12: no class 'perhaps'.\n  Known classes: 'no', 'yes'.",
        ),
    ],
    ids=[
        *("dataset", "model", "baseline", "column", "reserved", "threshold", "no baseline"),
        *("perturbation", "feature", "label"),
    ],
)
def test_faults_are_found_before_the_model_is_called(
    ready: mp.Workspace, counting: Counting, change: tuple[str, str], message: str
) -> None:
    with pytest.raises(BadSuite) as caught:
        ready.run(SUITE.replace(*change))
    assert str(caught.value).startswith(message)
    assert counting.asked == 0
    assert not ready.evaluations().rows


def test_what_the_caller_names_has_no_place(ready: mp.Workspace) -> None:
    with pytest.raises(UnknownName) as caught:
        ready.run(SUITE, model="lgbm")
    assert str(caught.value).startswith("no model 'lgbm'.")
    with pytest.raises(UnknownColumn, match=r"check 'a': no column 'Aage'"):
        ready.run(
            Check("a", MetricCheck(metric="accuracy", min=0.5, where="Aage > 1")),
            model="logistic",
            data="people",
        )


def test_nothing_to_run_on(ready: mp.Workspace) -> None:
    with pytest.raises(BadOption) as caught:
        ready.run(SUITE.replace("dataset: people\nmodel: logistic\n", ""))
    assert str(caught.value) == (
        "the suite 'gate' names no model and no dataset, and there is no evaluation.\n"
        "  There is none at all.\n"
        "  Try: model='gbm' and data='churn', or both names at the top of the file"
    )


@pytest.mark.parametrize("given", [None, 7, [], {"a": 1}])
def test_what_is_no_suite(ready: mp.Workspace, given: Any) -> None:
    with pytest.raises(BadOption, match="cannot be run"):
        ready.run(given)


def test_history_by_model_version(ready: mp.Workspace, frame: pd.DataFrame) -> None:
    ready.run(SUITE)
    ready.add_predictions("coin", "people", _guesses(frame, seed=1))
    ready.add_model("logistic", _always_no, classes=["no", "yes"])
    ready.run(SUITE)
    ready.run(SUITE, select="quick")
    ready.run(SUITE, model="coin")
    history = ready.check_history("gate")
    rows = {(row.check, row.model): row for row in history.rows}
    assert len(rows) == 9
    assert [row.model for row in history.rows[:3]] == ["logistic@1", "logistic@2", "coin@1"]
    after = rows["good enough", "logistic@2"]
    assert (after.before, after.verdict, after.run) == ("pass", "fail", "gate@3")
    assert rows["good enough", "coin@1"].before == ""
    assert {row.check for row in history.regressed} == {"good enough", "Oslo"}
    assert not history.fixed
    table = history.wide()
    assert list(table.columns) == ["logistic@1", "logistic@2", "coin@1"]
    assert table.loc["good enough", "logistic@1"] == "pass"
    assert len(ready.check_history("gate", "perfect")) == 3


def test_history_that_is_not_there(ready: mp.Workspace) -> None:
    assert not ready.runs().rows
    with pytest.raises(UnknownName):
        ready.verdicts("gate")
    with pytest.raises(UnknownName):
        ready.check_history("gate")
    with pytest.raises(UnknownName):
        ready.runs("gate")
    ready.run(SUITE)
    with pytest.raises(UnknownName) as caught:
        ready.check_history("gate", checks="prefect")
    assert str(caught.value) == (
        "no check 'prefect'.\n  Checks like it: 'perfect'.\n  Try: ws.check_history('gate')"
    )


def test_a_run_is_a_version_like_others(ready: mp.Workspace) -> None:
    ready.run(SUITE)
    assert "evaluation:logistic/1/people/1@1" in ready.lineage("run", "gate").parents
    assert ready.doctor().is_healthy


def test_examples_that_are_kept_are_few_and_short(ready: mp.Workspace) -> None:
    from mispredict.expectations.verdict import FailingRow, Verdict, Verdicts
    from mispredict.workspace.testing.history import keep_run

    of = ready.evaluate("logistic", "people")
    many = tuple(FailingRow(row=n, inputs=(("note", "x" * 9_000),)) for n in range(500))
    verdict = Verdict("a", "metric", "fail", 0, 0, 1, 9, 1, 0, failing=500, examples=many)
    keep_run(ready.store, of, Verdicts((verdict,), of=of.ref, suite="big"))
    (kept,) = ready.verdicts("big").rows
    assert (len(kept.examples), kept.failing) == (10, 500)
    assert len(kept.examples[0].inputs[0][1]) == 500


def test_one_check_of_an_evaluation(ev: mp.Evaluation) -> None:
    verdict = ev.check("metric", metric="accuracy", min=0.6, where="city = 'Rome'")
    assert (verdict.check, verdict.verdict) == ("metric", "pass")
    made = ev.check(Check("mine", MetricCheck(metric="accuracy", min=0.999)))
    assert (made.check, made.verdict) == ("mine", "fail")
    assert not ev.workspace.runs().rows


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            {"kind": "metrics"},
            "kind='metrics' is not a choice.",
        ),
        (
            {"kind": "metric", "metric": "accuracy", "mim": 1},
            "no option 'mim'.\n  Options like it: 'min'.\n  Try: 'min'",
        ),
        (
            {"kind": "metric", "min": 0.5},
            "a check of kind 'metric' needs metric.\n"
            "  It is text.\n"
            "  Try: ev.check('metric', metric='…')",
        ),
        (
            {"kind": 7},
            "kind=7 cannot be used.\n"
            "  A check is named by its kind.\n"
            "  Try: ev.check('metric', metric='accuracy', min=0.8)",
        ),
    ],
    ids=["kind", "option", "missing", "type"],
)
def test_a_check_that_cannot_be(ev: mp.Evaluation, call: dict[str, Any], message: str) -> None:
    with pytest.raises(mp.MispredictError) as caught:
        ev.check(**call)
    assert str(caught.value).startswith(message)


def _always_no(rows: pd.DataFrame) -> Any:
    return np.tile([0.6, 0.4], (len(rows), 1))


def _guesses(frame: pd.DataFrame, *, seed: int) -> pd.DataFrame:
    draw = np.random.default_rng(seed)
    said = draw.choice(["no", "yes"], len(frame))
    return pd.DataFrame({"user_id": frame["user_id"], "prediction": said})


def test_a_model_that_wants_to_exit_is_an_error_of_its_check(
    tmp_path: Path, frame: pd.DataFrame, counting: Counting
) -> None:
    def leaves(rows: pd.DataFrame) -> Any:
        if len(rows) == 1:
            raise SystemExit(0)
        return counting(rows)

    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("people", frame, label="churn", metadata=["note"])
        workspace.add_model("leaving", leaves, classes=["no", "yes"])
        found = workspace.evaluate("leaving", "people").check("latency", max_ms=1_000)
    assert (found.verdict, found.sentence) == ("error", "It could not be run: SystemExit: 0")
