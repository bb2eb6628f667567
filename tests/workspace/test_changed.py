"""Why a metric changed: what is crossed, how, and how often the parts are right."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import mispredict as mp
from mispredict.core.errors import BadOption, Cancelled, EmptyCohort, UnknownColumn

from .changed_truth import CASES, SHARES, answer, holds, people, relabelled, truth

CHANGED = {
    "nothing": {"within"},
    "mix": {"mix", "within"},
    "labels": {"labels"},
    "model": {"model"},
    "threshold": {"threshold"},
    "all": {"mix", "within", "labels", "model", "threshold"},
}


@pytest.mark.parametrize("case", CASES)
def test_only_what_differs_has_a_part(case: str, tmp_path: Path) -> None:
    found = answer(case, 7, tmp_path / "ws")
    assert {row.factor for row in found.rows if row.is_changed} == CHANGED[case]
    assert sum(row.value for row in found.rows) == pytest.approx(found.difference, abs=1e-12)
    assert found.difference == pytest.approx(found.value_after - found.value_before, abs=1e-12)
    for row in found.rows:
        if not row.is_changed:
            assert (row.value, row.low, row.high, row.is_certain) == (0.0, 0.0, 0.0, False)
            assert row.working
    assert found.orders == found.all_orders
    assert found.to_dict()["rows"][0].keys() >= {"factor", "value", "low", "high", "working"}


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
def test_each_part_is_within_its_interval(case: str) -> None:
    """In at least 86 % of 50 pairs; in 90 to 97 % of 100 pairs of each kind."""
    expected = truth(case)
    held = pd.DataFrame([holds(case, expected, 1_000 + seed) for seed in range(50)])
    for factor in held.columns:
        assert held[factor].mean() >= 0.86, factor


def two(ws: mp.Workspace, n: int = 1200) -> pd.DataFrame:
    """Two datasets, of which 800 rows are in both."""
    draw = np.random.default_rng(3)
    frame = pd.DataFrame(
        {"id": np.arange(n), "x": draw.normal(size=n), "z": draw.choice(["a", "b"], n)}
    )
    frame["y"] = np.where(frame["x"] + draw.normal(scale=0.7, size=n) > 0, "yes", "no")
    ws.add_dataset("d", frame.iloc[:1000], label="y", id="id", positive="yes")
    ws.add_dataset("d", frame.iloc[200:], label="y", id="id", positive="yes")
    return frame


def said(frame: pd.DataFrame, wrong: float, seed: int) -> pd.DataFrame:
    turned = np.random.default_rng(seed).random(len(frame)) < wrong
    other = frame["y"].map({"yes": "no", "no": "yes"})
    return pd.DataFrame({"id": frame["id"], "prediction": frame["y"].where(~turned, other)})


def test_nothing_changed_says_so(ws: mp.Workspace) -> None:
    frame = two(ws)
    ev = ws.add_predictions("m", "d@1", said(frame.iloc[:1000], 0.2, 0))
    found = ws.changed(ev, ev)
    assert found.difference == 0
    assert not any(row.is_changed for row in found.rows)
    assert found.verdict.endswith("rows, labels and answers are the same.")
    assert found.cohorts == ()


def test_models_that_cannot_be_crossed_are_joined_with_the_rows(ws: mp.Workspace) -> None:
    frame = two(ws)
    before = ws.add_predictions("m1", "d@1", said(frame.iloc[:1000], 0.1, 0))
    after = ws.add_predictions("m2", "d@2", said(frame.iloc[200:], 0.3, 1))
    found = ws.changed(before, after)
    (part,) = [row for row in found.rows if row.is_changed]
    assert part.factor == "within + model"
    assert part.value == pytest.approx(found.difference)
    reasons = {item.factor: item for item in found.left_out}
    assert "cannot be called from here" in reasons["m1@1 on d@2"].reason
    assert "cannot be told apart" in reasons["within + model"].reason


def test_one_crossing_is_enough_for_an_order(ws: mp.Workspace) -> None:
    frame = two(ws)
    before = ws.add_predictions("m1", "d@1", said(frame.iloc[:1000], 0.1, 0))
    after = ws.add_predictions("m2", "d@2", said(frame.iloc[200:], 0.3, 1))
    ws.add_predictions("m2", "d@1", said(frame.iloc[:1000], 0.3, 1))
    found = ws.changed(before, after)
    assert {row.factor for row in found.rows if row.is_changed} == {"within", "model"}
    assert (found.orders, found.all_orders) == (1, 2)
    assert "Only 1 of 2 orders" in found.note


def test_models_that_can_be_called_are_asked(ws: mp.Workspace) -> None:
    frame = two(ws)
    for number, c in enumerate((1.0, 1e-5), start=1):
        model = LogisticRegression(C=c).fit(frame[["x"]], frame["y"])
        ws.add_model("lr", model, version=str(number))
    before, after = ws.evaluate("lr@1", "d@1"), ws.evaluate("lr@2", "d@2")
    stored = len(ws.evaluations())
    found = ws.changed(before, after)
    assert found.orders == found.all_orders == 2
    assert any("asked again as lr@1" in item.how for item in found.crossings)
    assert len(ws.evaluations()) == stored, "asking keeps no evaluation"
    assert {fact.section for fact in found.facts} >= {"rows", "model"}
    fact = next(fact for fact in found.facts if fact.key == "parameters.C")
    assert (fact.before, fact.after) == (1.0, 1e-5)
    silent = ws.changed(before, after, calls=False)
    assert silent.left_out[0].reason.endswith("no model was to be called.")


def test_a_threshold_is_told_by_the_predictions(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    part = people(draw, 2000, SHARES["before"], 0)
    ws.add_dataset("d", part.frame, label="y", id="id", positive="yes")
    chance = part.chance["old"]
    for name, cut in (("m1", 0.5), ("m2", 0.3)):
        table = pd.DataFrame({"id": part.frame["id"], "p_yes": chance, "p_no": 1 - chance})
        table["prediction"] = np.where(chance >= cut, "yes", "no")
        ws.add_predictions(name, "d", table)
    found = ws.changed("m1/d", "m2/d")
    parts = found.factors
    assert parts["model"].value == 0.0, "both give the same probabilities"
    assert parts["threshold"].value == pytest.approx(found.difference)
    assert parts["threshold"].before == "0.5"
    assert float(parts["threshold"].after) == pytest.approx(0.3, abs=0.01)


def test_relabelled_rows_are_counted(ws: mp.Workspace) -> None:
    frame = two(ws)
    other = relabelled(np.random.default_rng(5), frame.iloc[:1000])
    ws.add_dataset("d", other, label="y", id="id", positive="yes")
    table = said(frame.iloc[:1000], 0.1, 0)
    before, after = ws.add_predictions("m", "d@1", table), ws.add_predictions("m", "d@3", table)
    found = ws.changed(before, after)
    changed = int((frame["y"].iloc[:1000] != other["y"]).sum())
    assert found.factors["labels"].n == changed
    assert found.factors["labels"].value == pytest.approx(found.difference)
    assert not found.factors["within"].is_changed


def test_the_same_model_that_says_something_else_is_the_environment(ws: mp.Workspace) -> None:
    frame = two(ws)
    ws.add_dataset("d", frame.iloc[:1000].assign(w=1), label="y", id="id", positive="yes")
    before = ws.add_predictions("m", "d@1", said(frame.iloc[:1000], 0.1, 0))
    after = ws.add_predictions("m", "d@3", said(frame.iloc[:1000], 0.2, 1))
    found = ws.changed(before, after)
    assert {row.factor for row in found.rows if row.is_changed} == {"environment"}
    assert found.factors["environment"].value == pytest.approx(found.difference)


def test_rows_without_an_id_belong_together_by_their_inputs(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"x": draw.normal(size=600), "y": draw.choice(["no", "yes"], 600)})
    again = frame.iloc[::-1].reset_index(drop=True)
    for part in (frame, again):
        ws.add_dataset("d", part, label="y")
        ws.add_predictions("m", "d", pd.DataFrame({"prediction": np.full(600, "no")}))
    found = ws.changed("m@1/d@1", "m@1/d@2")
    assert found.difference == 0
    assert not any(row.is_changed for row in found.rows)
    assert "their inputs are the same" in found.note


def test_edited_inputs_are_other_rows(ws: mp.Workspace) -> None:
    frame = two(ws)
    edited = frame.iloc[:1000].copy()
    edited.loc[edited.index[:100], "x"] += 1
    ws.add_dataset("d", edited, label="y", id="id", positive="yes")
    before = ws.add_predictions("m", "d@1", said(frame.iloc[:1000], 0.1, 0))
    after = ws.add_predictions("m", "d@3", said(edited, 0.1, 0))
    facts = {fact.key: fact.after for fact in ws.changed(before, after).facts}
    assert facts["inputs edited"] == 100


def test_the_cohort_that_carries_it_is_named(ws: mp.Workspace) -> None:
    frame = two(ws)
    rows = frame.iloc[:1000]
    before = ws.add_predictions("m1", "d@1", said(rows, 0.1, 0))
    bad = said(rows, 0.45, 1)
    table = said(rows, 0.1, 0)
    table["prediction"] = np.where(rows["z"] == "b", bad["prediction"], table["prediction"])
    found = ws.changed(before, ws.add_predictions("m2", "d@1", table))
    assert found.cohorts[0].where == "z = 'b'"
    assert found.cohorts[0].p_adjusted < 0.01
    assert found.cohorts[0].carried == pytest.approx(found.difference, abs=0.01)
    even = ws.changed(before, ws.add_predictions("m3", "d@1", said(rows, 0.3, 4)))
    assert even.difference < -0.1
    assert even.cohorts == (), "what falls everywhere alike is carried by no cohort"


def test_kinds_can_be_named(ws: mp.Workspace, tmp_path: Path) -> None:
    found = answer("mix", 1, tmp_path / "ws")
    assert found.by == ("kind",)
    with mp.open(tmp_path / "ws") as own:
        asked = own.changed(found.before, found.after, by="age")
        assert asked.by == ("age",)
        assert abs(asked.factors["mix"].value) < 0.01, "the age has nothing to do with it"
        with pytest.raises(UnknownColumn, match="no column 'kidn'"):
            own.changed(found.before, found.after, by="kidn")


@pytest.mark.parametrize(
    "metric", ["f1", "recall[yes]", "roc_auc", "log_loss", "mcc", "error_rate"]
)
def test_every_metric_is_divided(metric: str, tmp_path: Path) -> None:
    answer("all", 3, tmp_path / "ws", n=600)
    with mp.open(tmp_path / "ws") as own:
        found = own.changed("old@1/people@1", "new@1/people@2", metric)
        assert sum(row.value for row in found.rows) == pytest.approx(found.difference, abs=1e-12)
        measured = own.evaluation("new@1/people@2").metrics(metrics=[metric]).rows[0].value
        assert found.value_after == pytest.approx(measured)
        assert all(row.low < row.value < row.high for row in found.rows if row.is_changed)


def test_regression_by_its_error(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    frame = pd.DataFrame({"id": range(500), "x": draw.normal(size=500), "y": draw.normal(size=500)})
    ws.add_dataset("r", frame, label="y", id="id")
    for name, off in (("m1", 1.0), ("m2", 0.5)):
        ws.add_predictions(
            name, "r", pd.DataFrame({"id": frame["id"], "prediction": frame["y"] + off})
        )
    found = ws.changed("m1/r", "m2/r")
    assert found.metric == "mae"
    assert found.factors["model"].value == pytest.approx(-0.5)
    assert "fell by 0.5, for the better (1 → 0.5)" in found.verdict


def test_classes_of_both_sides_count(ws: mp.Workspace) -> None:
    draw = np.random.default_rng(0)
    first = pd.DataFrame(
        {"id": range(300), "x": draw.normal(size=300), "y": draw.choice(["a", "b", "c"], 300)}
    )
    second = first.assign(y=np.where(draw.random(300) < 0.2, "d", first["y"]))
    for part in (first, second):
        ws.add_dataset("d", part, label="y", id="id")
        ws.add_predictions("m", "d", pd.DataFrame({"id": part["id"], "prediction": first["y"]}))
    found = ws.changed("m@1/d@1", "m@1/d@2")
    assert found.factors["labels"].value == pytest.approx(found.difference)
    assert found.factors["labels"].n == int((first["y"] != second["y"]).sum())


@pytest.mark.parametrize(
    ("where", "column"),
    [("NOT correct", "correct"), ("confidence > 0.7", "confidence"), ("p('yes') > 0.5", "p_yes")],
)
def test_a_cohort_of_answers_is_refused(ws: mp.Workspace, where: str, column: str) -> None:
    table = said(two(ws).iloc[:1000], 0.1, 0)
    yes = (table["prediction"] == "yes") * 0.6 + 0.2
    of = ws.add_predictions("m", "d@1", table.assign(yes=yes, no=1 - yes))
    with pytest.raises(BadOption, match=f"depends on '{column}'"):
        ws.changed(of, of, where=where)


def test_a_cohort_is_looked_at_alone(ws: mp.Workspace) -> None:
    frame = two(ws)
    before = ws.add_predictions("m", "d@1", said(frame.iloc[:1000], 0.1, 0))
    after = ws.add_predictions("m", "d@2", said(frame.iloc[200:], 0.3, 1))
    found = ws.changed(before, after, where="z = 'a'")
    assert found.n_before == int(before.mask("z = 'a'").sum())
    with pytest.raises(EmptyCohort, match="no row of"):
        ws.changed(before, after, where="x > 99")
    with pytest.raises(BadOption, match="threshold needs probabilities"):
        ws.changed(before, after, threshold=0.5)
    with pytest.raises(BadOption, match=r"threshold=\(0\.1, 0\.2, 0\.3\) cannot be used"):
        ws.changed(before, after, threshold=(0.1, 0.2, 0.3))  # type: ignore[arg-type]


def test_a_metric_has_a_name(ev: mp.Evaluation) -> None:
    with pytest.raises(BadOption, match="metric=5 cannot be used"):
        ev.workspace.changed(ev, ev, 5)  # type: ignore[arg-type]


def test_other_tasks_are_refused(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    frame = pd.DataFrame({"x": np.arange(50.0), "y": np.arange(50.0)})
    ws.add_dataset("r", frame, label="y")
    of = ws.add_predictions("r", "r", pd.DataFrame({"prediction": frame["y"]}))
    with pytest.raises(BadOption, match="of different tasks"):
        ws.changed(of, ev)


def test_datasets_of_other_names_share_rows_by_their_id(ws: mp.Workspace) -> None:
    frame = two(ws)
    turned = frame["y"].where(frame.index % 10 > 0, frame["y"].map({"yes": "no", "no": "yes"}))
    ws.add_dataset("before", frame, label="y", id="id", positive="yes")
    ws.add_dataset("after", frame.assign(y=turned), label="y", id="id", positive="yes")
    strangers = frame.assign(x=frame["x"] + 100)
    ws.add_dataset("strangers", strangers, label="y", id="id", positive="yes")
    for name, wrong in (("before", 0.1), ("after", 0.1), ("strangers", 0.1)):
        ws.add_predictions("m", name, said(frame, wrong, 1))
    found = ws.changed("m/before", "m/after")
    parts = {row.factor: row.value for row in found.rows if row.is_changed}
    assert set(parts) == {"labels"}
    assert parts["labels"] == pytest.approx(found.difference)
    assert "Rows belong together by id." in str(found)
    assert "taken to be too" in str(ws.changed("m/before", "m/strangers"))


def test_it_says_how_far_it_is_and_can_be_stopped(ws: mp.Workspace) -> None:
    frame = two(ws)
    parts = {"d@1": frame.iloc[:1000], "d@2": frame.iloc[200:]}
    refs = [ws.add_predictions("m", d, said(part, 0.2, 0)).ref for d, part in parts.items()]
    stages: list[tuple[int, int]] = []
    ws.changed(*refs, progress=lambda done, total: stages.append((done, total)))
    assert stages == [(1, 4), (2, 4), (3, 4), (4, 4)]
    with pytest.raises(Cancelled):
        ws.changed(*refs, cancel=lambda: len(stages) == 4)
