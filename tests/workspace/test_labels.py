"""Label errors in a workspace: found, reviewed, corrected, and never changed by themselves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

import mispredict as mp
from mispredict.core.errors import BadLabel, BadOption, Cancelled, ModelError, UnknownName

ROWS = 900
WRONG = 45


def clouds(seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Rows in two clouds, of which some have the other's label; which ones."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 2, ROWS)
    wrong = np.zeros(ROWS, bool)
    wrong[rng.choice(ROWS, WRONG, replace=False)] = True
    frame = pd.DataFrame(
        {
            "name": [f"r{i}" for i in range(ROWS)],
            "x": truth * 3.5 + rng.normal(size=ROWS),
            "z": rng.normal(size=ROWS),
            "owner": [f"o{i % 60}" for i in range(ROWS)],
            "label": np.where(truth ^ wrong, "yes", "no"),
        }
    )
    return frame, wrong


@pytest.fixture
def ws(tmp_path: object) -> Iterator[mp.Workspace]:
    with mp.open(f"{tmp_path}/ws") as workspace:
        frame, _ = clouds()
        workspace.add_dataset("clouds", frame, label="label", id="name", metadata=["owner"])
        yield workspace


def numeric(ws: mp.Workspace) -> None:
    frame, _ = clouds()
    frame = frame[["name", "x", "z", "label"]]
    ws.add_dataset("numbers", frame, label="label", id="name")


@pytest.fixture
def numbers(ws: mp.Workspace) -> mp.Evaluation:
    numeric(ws)
    return ws.cross_validate(LogisticRegression(), "numbers", name="logistic-cv")


def test_planted_errors_are_found_with_reasons(numbers: mp.Evaluation) -> None:
    _, wrong = clouds()
    found = numbers.label_errors(limit=None)
    rows = np.array([row.row for row in found.rows])
    assert found.flagged == len(rows)
    assert wrong[rows].mean() > 0.8
    assert wrong[rows].sum() > 0.7 * WRONG
    assert found.low <= WRONG / ROWS <= found.high
    first = found.rows[0]
    assert first.id == f"r{first.row}"
    assert (first.given, first.suggested) in {("no", "yes"), ("yes", "no")}
    assert f"The model gives ‘{first.given}’" in first.reason
    assert found.warnings == ()
    [cost] = found.costs
    assert cost.difference == pytest.approx(found.flagged / ROWS)
    json.loads(found.to_json())
    assert "in doubt" in str(found)


def test_flags_are_columns_of_cohorts(ws: mp.Workspace, numbers: mp.Evaluation) -> None:
    found = numbers.label_errors()
    assert numbers.mask(found.where).sum() == found.flagged
    for pair in found.pairs:
        assert numbers.mask(pair.where).sum() == pair.flagged
    for row in found.classes:
        assert numbers.mask(row.where).sum() == row.flagged
    again = ws.evaluation(numbers.ref)
    assert again.mask("label_error AND suggested_label = 'yes'").any()
    some = numbers.label_errors("x > 1")
    assert some.where == "x > 1 AND label_error"
    assert numbers.mask("label_error").sum() == found.flagged  # of all rows still


def test_groups_of_nearly_equal_rows_add_suspects(numbers: mp.Evaluation) -> None:
    _, wrong = clouds()
    labels = numbers.rows(limit=ROWS, columns=["label"]).to_frame()["label"].to_numpy()
    right = np.flatnonzero(~wrong)
    same = right[labels[right] == "no"][:3]
    other = right[labels[right] == "yes"][0]
    found = numbers.label_errors(groups=[[*same, other]], limit=None)
    [group] = found.groups
    assert group.majority == "no"
    [row] = [row for row in found.rows if row.row == other]
    assert row.found_by == "neighbours" and row.suggested == "no"
    assert "3 of 4 rows nearly equal to it are labelled ‘no’" in row.reason


def test_review_changes_nothing_until_it_is_asked(ws: mp.Workspace, numbers: mp.Evaluation) -> None:
    data = ws.dataset("numbers")
    before = data.to_frame()
    queue = numbers.label_queue(limit=3, audit=2)
    assert (queue.done, queue.left) == (0, queue.total)
    first, second, third = queue.rows
    assert first.choices[0].is_suggested and first.choices[1].is_given
    assert {choice.label: choice.key for choice in first.choices} == {"no": "1", "yes": "2"}
    assert dict(first.inputs).keys() == {"x", "z"}

    made = numbers.decide_labels(first.row, "relabel", who="ada")
    assert made.rows[0].label == first.suggested
    numbers.decide_labels(second.id, "keep", who="ada", note="looked twice")
    numbers.decide_labels([third.row], "unsure", who="ada")
    decided = data.label_decisions()
    assert (decided.kept, decided.relabelled, decided.unsure) == (1, 1, 1)
    assert numbers.label_queue(limit=0, audit=2).done == 3
    assert [row.decision for row in numbers.label_errors().rows[:1]] == ["relabel"]
    assert numbers.label_errors().review.reviewed == 3
    pd.testing.assert_frame_equal(ws.dataset("numbers").to_frame(), before)

    new = data.relabelled(decisions=decided.version)
    after = new.to_frame()
    assert new.ref == "numbers@2"
    assert after["label"][first.row] == first.suggested
    assert (after["label"] != before["label"]).sum() == 1
    assert {"dataset:numbers@1", "label_review:numbers@3"} <= set(
        ws.lineage("dataset", "numbers@2").parents
    )
    assert [row.row for row in new.label_decisions().rows] == sorted([second.row, third.row])


def test_people_may_disagree_and_take_back(ws: mp.Workspace, numbers: mp.Evaluation) -> None:
    data = ws.dataset("numbers")
    data.decide_labels(7, "keep", who="ada")
    found = data.decide_labels(7, "relabel", label="yes", who="bob")
    assert [row.decision for row in found.rows] == ["conflict"] and found.rows[0].people == 2
    with pytest.raises(BadOption, match="relabel no row"):
        data.relabelled(decisions=found.version)
    found = data.decide_labels(7, "unsure", who="bob")
    assert found.rows[0].decision == "keep"
    found = data.decide_labels("r7", "undo", who="ada")
    assert found.rows[0].decision == "unsure"
    assert data.label_decisions("numbers@1").rows[0].decision == "keep"


@pytest.mark.parametrize(
    ("rows", "decision", "label", "problem"),
    [
        (ROWS, "keep", None, "there is no row 900"),
        ("nobody", "keep", None, "no row 'nobody'"),
        (0, "delete", None, "decision='delete' is not a choice"),
        (0, "keep", "yes", "takes no label"),
        (0, "relabel", None, "not as what"),
        (0, "relabel", "maybe", "label='maybe' is not a choice"),
        ([], "keep", None, "no rows were given"),
    ],
)
def test_bad_decisions_are_refused(
    ws: mp.Workspace, rows: object, decision: str, label: str | None, problem: str
) -> None:
    data = ws.dataset("clouds")
    with pytest.raises((BadOption, UnknownName), match=problem):
        data.decide_labels(rows, decision, label=label)
    assert data.label_decisions().rows == ()


def test_decisions_of_others_are_refused(ws: mp.Workspace) -> None:
    numeric(ws)
    ws.dataset("numbers").decide_labels(0, "relabel", label="yes")
    with pytest.raises(BadOption, match="about another dataset"):
        ws.dataset("clouds").relabelled(decisions="numbers@1")
    with pytest.raises(UnknownName, match="no decisions 'clouds@1'"):
        ws.dataset("clouds").relabelled(decisions="clouds@1")


def test_corrected_metrics_come_nearer_to_the_truth(
    ws: mp.Workspace, numbers: mp.Evaluation
) -> None:
    _, wrong = clouds()
    frame = numbers.rows(limit=ROWS, columns=["label", "prediction"]).to_frame()
    truth = np.where(wrong, np.where(frame["label"] == "yes", "no", "yes"), frame["label"])
    right = float((truth == frame["prediction"]).mean())
    estimated = numbers.corrected_metrics("accuracy").rows[0]
    assert estimated.value < right
    for row in numbers.label_queue(limit=ROWS, audit=60).rows:
        is_audit = row.kind == "audit"
        if truth[row.row] == row.given:
            numbers.decide_labels(row.row, "keep", audit=is_audit)
        else:
            numbers.decide_labels(row.row, "relabel", label=truth[row.row], audit=is_audit)
    found = numbers.corrected_metrics(["accuracy", "recall", "roc_auc"])
    accuracy, recall, auc = found.rows
    assert found.method == "reviewed" and found.warnings == ()
    assert accuracy.corrected_low <= right <= accuracy.corrected_high
    assert accuracy.value < accuracy.relabelled
    assert recall.corrected > recall.value
    assert np.isnan(auc.corrected) and auc.relabelled > auc.value
    known = numbers.corrected_metrics("accuracy", noise=[[0.95, 0.05], [0.05, 0.95]])
    assert known.rows[0].corrected_low <= right <= known.rows[0].corrected_high
    with pytest.raises(BadOption, match="no label of 'clouds@1' was reviewed"):
        ws.cross_validate(LogisticRegression(), "clouds", name="x").corrected_metrics(
            noise="reviewed"
        )


def test_probabilities_across_folds(ws: mp.Workspace) -> None:
    numeric(ws)
    steps: list[tuple[int, int]] = []
    found = ws.cross_validate(
        LogisticRegression(), "numbers", folds=3, seed=1, progress=lambda *at: steps.append(at)
    )
    assert found.model == "logisticregression-cv@1"
    assert steps == [(1, 3), (2, 3), (3, 3)]
    assert found.version.spec["how"] == "cross_validation"
    assert 0.85 < found.metrics(metrics="accuracy").rows[0].value < 1
    frame, _ = clouds()
    ws.add_model("logistic", LogisticRegression().fit(frame[["x", "z"]], frame["label"]))
    again = ws.cross_validate("logistic", "numbers", folds=3, seed=1)
    assert again.model == "logistic-cv@1"
    pd.testing.assert_series_equal(
        again.to_frame(["p_yes"])["p_yes"], found.to_frame(["p_yes"])["p_yes"]
    )
    assert "model:logistic@1" in ws.lineage("evaluation", again.ref).parents


def test_rows_of_a_group_stay_together(ws: mp.Workspace) -> None:
    """A model that remembers owners is right only where it saw the owner."""
    frame, _ = clouds()
    frame["label"] = np.where(frame["owner"].str[1:].astype(int) % 2, "yes", "no")
    frame["place"] = frame["owner"].str[1:].astype(int)
    ws.add_dataset("owned", frame[["name", "place", "owner", "label"]], label="label", id="name",
                   metadata=["owner"])  # fmt: skip
    from sklearn.tree import DecisionTreeClassifier

    def accuracy(**options: object) -> float:
        found = ws.cross_validate(DecisionTreeClassifier(random_state=0), "owned", **options)
        return float(found.metrics(metrics="accuracy").rows[0].value)

    assert accuracy() > 0.95
    assert accuracy(group="owner") < 0.8


def test_models_that_cannot_learn_anew_are_refused(ws: mp.Workspace) -> None:
    ws.add_model("function", lambda frame: ["yes"] * len(frame))
    with pytest.raises(ModelError, match="'function' cannot be fitted again"):
        ws.cross_validate("function", "clouds")
    with pytest.raises(UnknownName, match="no model 'nobody'"):
        ws.cross_validate("nobody", "clouds")
    with pytest.raises(BadOption, match="whole number from 2 to 100"):
        ws.cross_validate(LogisticRegression(), "clouds", folds=1000)
    with pytest.raises(Cancelled):
        ws.cross_validate(LogisticRegression(), "clouds", cancel=lambda: True)
    assert ws.evaluations().rows == ()


def test_a_model_that_saw_the_rows_is_told(ws: mp.Workspace) -> None:
    frame, _ = clouds()
    frame = frame[["name", "x", "z", "label"]].assign(part="train")
    ws.add_dataset("seen", frame, label="label", id="name", split="part")
    chances = np.where(frame["label"] == "yes", 0.99, 0.01)
    seen = pd.DataFrame({"name": frame["name"], "prediction": frame["label"], "p_yes": chances})
    ev = ws.add_predictions("memory", "seen", seen.assign(p_no=1 - chances))
    found = ev.label_errors()
    assert found.flagged == 0
    assert "900 of the rows are of the split 'train'" in found.warnings[0]
    ws.add_dataset("unsaid", frame.drop(columns="part"), label="label", id="name")
    ev = ws.add_predictions("memory", "unsaid", seen.assign(p_no=1 - chances))
    assert "repeats their labels" in ev.label_errors().warnings[0]


def test_predictions_without_probabilities_are_refused(ws: mp.Workspace) -> None:
    frame, _ = clouds()
    ev = ws.add_predictions("bare", "clouds", pd.DataFrame(
        {"name": frame["name"], "prediction": frame["label"]}))  # fmt: skip
    with pytest.raises(BadOption, match="has no probabilities"):
        ev.label_errors()
    ws.add_dataset("values", frame[["name", "x", "z"]], label="x", id="name")
    ev = ws.add_predictions("mean", "values", pd.DataFrame(
        {"name": frame["name"], "prediction": 0.0}))  # fmt: skip
    with pytest.raises(BadOption, match="label errors of a regression"):
        ev.label_errors()


def test_the_check_of_label_errors(numbers: mp.Evaluation) -> None:
    found = numbers.label_errors()
    assert numbers.check("label_errors", max=0.15).verdict == "pass"
    failed = numbers.check("label_errors", max=0.005)
    assert failed.verdict == "fail" and failed.failing == found.flagged
    assert failed.examples[0].row == found.rows[0].row
    check = found.to_check()
    assert numbers.check(check).verdict == "pass"
    of_yes = numbers.check("label_errors", max=0.2, label="yes")
    assert of_yes.n == (clouds()[0]["label"] == "yes").sum()


def test_a_consensus_in_every_form(ws: mp.Workspace) -> None:
    frame, _ = clouds()
    rng = np.random.default_rng(1)
    for name, chance in (("ann", 0.95), ("ben", 0.8), ("cem", 0.7)):
        other = np.where(frame["label"] == "yes", "no", "yes")
        frame[name] = np.where(rng.random(ROWS) < chance, frame["label"], other)
    people = ["ann", "ben", "cem"]
    data = ws.add_dataset("rated", frame, label="label", id="name", annotations=people)
    found = data.consensus()
    assert [person.annotator for person in found.annotators] == people
    assert found.n == ROWS and found.votes == 3 * ROWS
    long = frame.melt(id_vars="name", value_vars=people, var_name="annotator", value_name="said")
    long = long.rename(columns={"said": "label"})
    same = data.consensus(table=long)
    assert [row.label for row in same.rows] == [row.label for row in found.rows]
    for name in ("yes", "no"):
        frame[f"votes_{name}"] = (frame[people] == name).sum(axis=1)
    counted = ws.add_dataset("counted", frame.drop(columns=people), label="label", id="name")
    votes = counted.consensus(votes={"yes": "votes_yes", "no": "votes_no"}, method="majority")
    assert votes.annotators == ()
    alpha = {row.measure: row.value for row in found.agreement}["krippendorff_alpha"]
    assert votes.agreement[0].value == pytest.approx(alpha)
    with pytest.raises(BadOption, match="there are no annotators"):
        ws.dataset("clouds").consensus()


@pytest.mark.parametrize("form", ["columns", "table", "counts"])
def test_votes_of_no_class_never_become_one_by_themselves(ws: mp.Workspace, form: str) -> None:
    frame = pd.DataFrame({"x": np.arange(60.0), "label": ["yes", "no"] * 30})
    frame["ann"], frame["ben"] = frame["label"], frame["label"]
    frame.loc[:4, "ben"] = "skip"
    frame.loc[5, "ben"] = "Yes"
    given: dict[str, Any] = {}
    if form == "table":
        long = frame.reset_index(names="row")
        given = {
            "table": long.drop(columns="label").melt("row", ["ann", "ben"], "annotator", "label")
        }
    if form == "counts":
        for name in ("yes", "no", "skip", "Yes"):
            frame[f"n {name}"] = (frame[["ann", "ben"]] == name).sum(axis=1)
        given = {"votes": {name: f"n {name}" for name in ("yes", "no", "skip", "Yes")}}
    data = ws.add_dataset(f"strange-{form}", frame, label="label", annotations=["ann", "ben"])
    with pytest.raises(BadLabel, match="'skip', which is no class") as caught:
        data.consensus(**given)
    assert "'skip' (5), 'Yes' (1)" in caught.value.known
    left = data.consensus(**given, unknown="leave_out", limit=None)
    assert {row.label for row in left.rows} == {"yes", "no"}
    assert left.votes == 114 and any("6 votes left out" in words for words in left.warnings)
    more = data.consensus(**given, unknown="class", method="majority")
    assert set(map(str, more.classes)) == {"yes", "no", "skip", "Yes"} and more.votes == 120
    with pytest.raises(BadOption, match="unknown="):
        data.consensus(**given, unknown="ignore")


def test_numbers_of_classes_are_known_with_missing_votes(ws: mp.Workspace) -> None:
    """A missing vote makes floats of whole numbers: 1.0 is class 1."""
    frame = pd.DataFrame({"x": np.arange(40.0), "label": [0, 1] * 20})
    frame["ann"], frame["ben"] = frame["label"], frame["label"].astype(float)
    frame.loc[3, "ben"] = np.nan
    data = ws.add_dataset("numbered", frame, label="label", annotations=["ann", "ben"])
    found = data.consensus(limit=None)
    assert set(found.classes) == {0, 1} and found.votes == 79
    assert found.differs == 0


def test_rows_that_are_alike_are_found(ws: mp.Workspace) -> None:
    frame, _ = clouds()
    frame = frame[["x", "z", "label"]]
    same = frame.iloc[[5] * 4].assign(label=["yes", "yes", "no", "yes"])
    ws.add_dataset("twice", pd.concat([frame.drop(index=5), same]), label="label")
    found = ws.cross_validate(LogisticRegression(), "twice").label_errors(near=1.0, limit=None)
    [group] = found.groups
    assert group.rows == (ROWS - 1, ROWS, ROWS + 1, ROWS + 2) and group.majority == "yes"
    assert ROWS + 1 in [row.row for row in found.rows if row.found_by != "model"]


def test_a_long_log_stays_small(ws: mp.Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    from mispredict.workspace.labelling import review as labels_review

    monkeypatch.setattr(labels_review, "MOST_PARTS", 3)
    data = ws.dataset("clouds")
    for row in range(8):
        found = data.decide_labels(row, "keep", who="ada")
    assert [row.row for row in found.rows] == list(range(8))
    assert len(ws.store.version("label_review", found.version).role("table")) <= 3
    assert [row.row for row in data.label_decisions("clouds@3").rows] == [0, 1, 2]


def test_costs_and_corrections_count_rows_by_their_weight(ws: mp.Workspace) -> None:
    frame, _ = clouds()
    weight = np.where(abs(frame["x"] - 1.75) < 1, 10.0, 1.0)
    frame = frame[["name", "x", "z", "label"]].assign(weight=weight)
    ws.add_dataset("heavy", frame, label="label", id="name", weight="weight")
    ev = ws.cross_validate(LogisticRegression(), "heavy", name="heavy-cv")
    value = ev.metrics(metrics="accuracy").rows[0].value
    assert abs(value - ev.mask("correct").mean()) > 0.02
    found = ev.label_errors()
    (cost,) = found.costs
    assert cost.value == pytest.approx(value)
    assert cost.low < value < cost.high
    assert cost.difference == pytest.approx(cost.suggested - cost.value)
    ev.decide_labels([row.row for row in found.rows], "keep", who="ada")
    (row,) = ev.corrected_metrics(["accuracy"]).rows
    assert row.corrected == pytest.approx(value)
    assert "as by the given labels" in ev.corrected_metrics(["accuracy"]).sentence


def test_votes_of_no_row_are_told_and_counts_are_checked(ws: mp.Workspace) -> None:
    frame = clouds()[0][["x", "label"]].assign(votes=0.5)
    data = ws.add_dataset("plain", frame, label="label")
    votes = pd.DataFrame(
        {"row": [0, 0, 9_999, 1], "annotator": ["a", "b", "a", None], "label": ["yes", "no"] * 2}
    )
    found = data.consensus(table=votes)
    assert found.sentence.startswith("2 votes on 1 row; ")
    assert "2 votes left out, of no row or of no label." in found.warnings
    with pytest.raises(BadOption, match="holds no counts of votes") as caught:
        data.consensus(votes={"yes": "votes"})
    assert caught.value.known.startswith("Row 0 has 0.5")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"votes": {}}, "votes={} cannot be used"),
        ({"votes": "many"}, "votes='many' cannot be used"),
        ({"votes": ["many"]}, "cannot be used"),
        ({"votes": {"yes": 1}}, "cannot be used"),
        ({"votes": {"yes": "many", "no": "few"}}, "count more than 100,000,000 votes"),
        ({"votes": {"yes": "endless"}}, "'endless' holds no counts"),
        ({"annotators": ["few", "few"]}, "there is one annotator"),
        ({"table": {"row": ["x"], "annotator": ["a"], "label": ["yes"]}}, "no numbers of rows"),
        ({"table": {"row": [0.5], "annotator": ["a"], "label": ["yes"]}}, "no numbers of rows"),
        ({"table": {"row": [0], "annotator": ["a"], "label": [["yes"]]}}, "holds no labels"),
    ],
    ids=lambda item: "" if isinstance(item, str) else str(item)[:40],
)
def test_votes_that_are_none_are_refused(
    ws: mp.Workspace, given: dict[str, Any], message: str
) -> None:
    frame = clouds()[0][["x", "label"]].assign(many=60_000_000, few=1, endless=1e18)
    data = ws.add_dataset("plain", frame, label="label")
    with pytest.raises(BadOption, match=message) as caught:
        data.consensus(**given)
    assert caught.value.known
    assert caught.value.hint


def test_a_correction_without_review_comes_with_a_caution(numbers: mp.Evaluation) -> None:
    found = numbers.corrected_metrics("accuracy")
    assert any("No label was reviewed" in warning for warning in found.warnings)


def test_estimates_are_not_called_reviewed(numbers: mp.Evaluation) -> None:
    numbers.decide_labels(0, "keep", who="ada")
    found = numbers.corrected_metrics("accuracy", noise="estimated")
    assert found.sentence.startswith("If labels go wrong with the estimated chances")
    assert not any("No label was reviewed" in warning for warning in found.warnings)
    assert numbers.corrected_metrics("accuracy").sentence.startswith("By 1 reviewed labels")
