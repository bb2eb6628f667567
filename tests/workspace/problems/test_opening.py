"""What a problem is opened from, and what is said of it then."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, EmptyCohort, UnknownName

from .cases import version


def test_every_kind_of_finding_opens_one(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.tag("odd", where="age > 80")
    findings = {
        "slice": ev.slices(seed=1).rows[0],
        "card": ev.cards().rows[0],
        "error class": ev.error_classes().rows[0],
        "tag": ev.tags().rows[0],
        "row": ev.row(3),
        "cohort": "age > 61",
        "rows": [1, 2, 3],
    }
    for kind, finding in findings.items():
        made = ev.open_problem(finding, title=f"from {kind}", check=kind != "row")
        assert made.origin.kind == kind
        assert made.priority is not None
        assert made.priority.n > 0
        assert made.origin.sentence
    assert len(ws.problems()) == len(findings)


def test_a_check_and_its_verdict_bring_their_check(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    from mispredict.checks.kinds.metric import MetricCheck

    check = mp.Check("the old", MetricCheck(metric="accuracy", min=0.9, where="age > 60"))
    verdict = ws.run([check], model="m", data="visits").rows[0]
    for name, finding in (("one", check), ("two", verdict)):
        made = ev.open_problem(finding, name=name, title="old")
        assert made.where == "age > 60"
        assert made.check is not None
        assert "min: 0.9" in made.check.yaml
    loose = ev.check("metric", metric="accuracy", min=0.5, where="age > 60", name="nowhere kept")
    with pytest.raises(BadOption, match="is in no suite"):
        ev.open_problem(loose)


def test_rows_that_are_wrong_by_definition_stay_the_same_rows(
    ws: mp.Workspace, ev: mp.Evaluation
) -> None:
    """`NOT correct` would be other rows for another model, and never mended."""
    made = ev.open_problem(where="NOT correct AND age > 60", title="wrong and old")
    n = int(ev.mask("NOT correct AND age > 60").sum())
    assert made.where == "tag('problem wrong-and-old')"
    assert made.origin.sentence == "Rows where the prediction is wrong and age is more than 60."
    better = version(ws, 2, 0.0)
    found = ws.problem(made.name)
    assert found.current is not None
    assert (found.current.evaluation, found.current.n) == (better.ref, n)


def test_error_classes_are_the_whole_label_which_can_be_mended(ev: mp.Evaluation) -> None:
    worst = ev.error_classes().rows[0]
    made = ev.open_problem(worst, title="confused")
    assert made.where == f"label = '{worst.label}'"
    assert made.current is not None
    assert 0 < made.current.value < 1


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "is opened from one finding"),
        ({"where": "age > 60", "rows": [1]}, "is opened from one finding"),
        ({"finding": 3.5}, "cannot be opened from 3.5"),
        ({"rows": []}, "are not numbers of rows"),
        ({"rows": [0.5]}, "are not numbers of rows"),
        ({"rows": [10_000]}, "there is no row 10,000"),
        ({"rows": [2**63]}, "are not numbers of rows"),
        ({"where": "age > 60", "harm": 9}, "not on the scale of harm"),
        ({"where": "age > 60", "links": ["javascript:x"]}, "cannot be used"),
        ({"where": "agge > 60"}, "no column 'agge'"),
        ({"where": "age > 60", "metric": "accuraccy"}, "no metric 'accuraccy'"),
    ],
)
def test_what_cannot_open_one(
    ws: mp.Workspace, ev: mp.Evaluation, given: dict[str, object], message: str
) -> None:
    with pytest.raises((BadOption, UnknownName), match=message):
        ev.open_problem(**given)  # type: ignore[arg-type]
    assert len(ws.problems()) == 0


def test_a_cohort_without_rows_opens_none(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    with pytest.raises(EmptyCohort, match="meets age > 200"):
        ev.open_problem(where="age > 200")
    assert len(ws.problems()) == 0


def test_names_are_unique(ev: mp.Evaluation) -> None:
    assert [ev.open_problem(where="age > 60", title="old").name for _ in range(3)] == [
        "old", "old-2", "old-3",
    ]  # fmt: skip
    with pytest.raises(BadOption, match="there is a problem 'old' already"):
        ev.open_problem(where="age > 60", name="old")


def test_patterns_are_counted_where_they_are_cohorts(ev: mp.Evaluation) -> None:
    made = ev.open_problem(
        where="age > 60", title="old", positive=["age > 70", "people who retired"],
        negative=["age > 60 AND correct"],
    )  # fmt: skip
    cohort, words, right = made.patterns
    assert (cohort.where, cohort.is_positive, cohort.n) == (
        "age > 70",
        True,
        int(ev.mask("age > 70").sum()),
    )
    assert (words.where, words.n) == ("", 0)
    assert (right.is_positive, right.value) == (False, 0.0)


def test_examples_are_the_worst_rows_and_some_that_are_right(ev: mp.Evaluation) -> None:
    made = ev.open_problem(where="age > 60", title="old")
    shown = {
        is_positive: [e for e in made.examples if e.is_positive is is_positive]
        for is_positive in (True, False)
    }
    assert len(shown[True]) == len(shown[False]) == 5
    assert all(example.label != example.prediction for example in shown[True])
    assert all(example.label == example.prediction for example in shown[False])
    assert all(example.values["age"] > 60 for example in made.examples)


def test_a_target_of_ones_own_is_the_bound(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    made = ev.open_problem(where="age > 60", title="old", target=0.9)
    assert made.current is not None
    assert made.current.bound == 0.9
    moved = ws.edit_problem("old", target=0.35)
    assert moved.current is not None
    assert (moved.current.bound, moved.current.verdict) != (0.9, made.current.verdict)


def test_regression_is_held_against_a_constant(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"id": range(400), "x": draw.normal(size=400), "y": draw.normal(size=400)})
    ws.add_dataset("nums", frame, label="y", id="id")
    wrong = frame["y"] + np.where(frame["x"] > 0.5, 3, 0.1)
    of = ws.add_predictions("r", "nums", pd.DataFrame({"id": frame["id"], "prediction": wrong}))
    made = of.open_problem(where="x > 0.5", title="far")
    assert made.metric == "mae"
    assert made.priority is not None
    assert made.priority.error == 1.0
    assert made.current is not None
    assert made.current.verdict == "fail"
    assert made.current.expected.startswith("≤")


@pytest.mark.parametrize(
    ("metric", "target"), [("accuracy", 72.2), ("accuracy", -0.1), ("log_loss", -1.0)]
)
def test_a_target_beyond_the_metric_is_refused(
    ev: mp.Evaluation, metric: str, target: float
) -> None:
    with pytest.raises(BadOption, match=f"is no value of {metric}") as caught:
        ev.open_problem(where="age > 60", metric=metric, target=target)
    assert caught.value.known.startswith("It goes from")
    assert not ev.workspace.problems().rows
    problem = ev.open_problem(where="age > 60", target=0.9)
    with pytest.raises(BadOption, match="is no value of accuracy"):
        ev.workspace.edit_problem(problem.name, target=90)
