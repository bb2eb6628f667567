"""The loop: opened from a finding, checked, mended by a new model, back with the next."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

import mispredict as mp
from mispredict.core.errors import BadOption, Conflict, EmptyCohort, UnknownName
from mispredict.review.webhook import Delivery, Webhook
from mispredict.workspace.problems import news as problems_news
from mispredict.workspace.problems.keeping import KIND, change

N = 600


def visits(seed: int = 0) -> pd.DataFrame:
    """Visits of 200 people, two thirds of whom are young."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(N),
            "person": np.arange(N) % 200,
            "age": draw.integers(18, 90, N),
            "city": draw.choice(["Rome", "Oslo"], N),
            "y": draw.choice(["no", "yes"], N),
        }
    )


def said(frame: pd.DataFrame, wrong: np.ndarray, seed: int = 1) -> pd.DataFrame:
    """Predictions that are wrong with the given chance of each row."""
    is_wrong = np.random.default_rng(seed).random(len(frame)) < wrong
    other = frame["y"].map({"no": "yes", "yes": "no"})
    return pd.DataFrame({"id": frame["id"], "prediction": frame["y"].where(~is_wrong, other)})


def version(ws: mp.Workspace, number: int, bad: float) -> mp.Evaluation:
    """A version of the model that is wrong about the old as often as is said."""
    frame = visits()
    made = ws.store.commit("model", "m", spec={"kind": "predictions", "place": None, "describe": {},
                                                "fingerprint": str(number)})  # fmt: skip
    wrong = np.where(frame["age"] > 60, bad, 0.03)
    return ws.add_predictions(str(made.ref), "visits", said(frame, wrong))


@pytest.fixture
def ev(ws: mp.Workspace) -> mp.Evaluation:
    ws.add_dataset("visits", visits(), label="y", id="id", positive="yes")
    return version(ws, 1, 0.6)


def test_the_loop(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    made = ev.open_problem(ev.slices(seed=1).rows[0], title="The old are misjudged", harm=4)
    assert (made.name, made.status, made.version) == ("the-old-are-misjudged", "open", 1)
    assert made.origin.kind == "slice"
    assert "held-out rows wrong" in made.origin.sentence
    assert made.current is not None
    assert made.current.verdict == "fail", "what is to be mended fails"
    better = version(ws, 2, 0.05)
    found = ws.problem(made.name)
    assert (found.status, found.proposal, found.proposed_by) == ("open", "fixed", better.ref)
    fixed = ws.edit_problem(made.name, status="fixed", version=found.version, reason="more data")
    assert (fixed.status, fixed.fixed_in, fixed.proposal) == ("fixed", "m@2", "")
    worse = version(ws, 3, 0.5)
    again = ws.problem(made.name)
    assert (again.status, again.fixed_in) == ("reopened", "")
    assert again.events[0].who == "mispredict"
    assert again.events[0].evaluation == worse.ref
    assert [row.verdict for row in again.rows] == ["fail", "pass", "fail"]
    assert [row.model for row in again.rows] == ["m@1", "m@2", "m@3"]
    assert [event.what for event in again.events] == ["status", "status", "proposed_by", "opened"]


def test_a_list_judged_by_an_old_model_names_the_one_that_passes(
    ws: mp.Workspace, ev: mp.Evaluation
) -> None:
    ev.open_problem(where="age > 60", title="old")
    better = version(ws, 2, 0.05)
    old, new = (ws.problems(of=of).rows[0] for of in (ev.ref, better.ref))
    assert (old.verdict, old.evaluation, old.proposed_by) == ("fail", ev.ref, better.ref)
    assert (new.verdict, new.evaluation, new.proposed_by) == ("pass", better.ref, better.ref)


def test_a_model_that_is_as_bad_proposes_nothing(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    name = ev.open_problem(where="age > 60", title="old").name
    version(ws, 2, 0.55)
    assert ws.problem(name).proposal == ""


def test_a_proposal_is_withdrawn_by_a_worse_model(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    name = ev.open_problem(where="age > 60", title="old").name
    version(ws, 2, 0.05)
    assert ws.problem(name).proposal == "fixed"
    version(ws, 3, 0.6)
    assert (ws.problem(name).proposal, ws.problem(name).status) == ("", "open")


def test_an_old_model_that_is_evaluated_late_reopens_nothing(
    ws: mp.Workspace, ev: mp.Evaluation
) -> None:
    name = ev.open_problem(where="age > 60", title="old").name
    version(ws, 2, 0.05)
    ws.edit_problem(name, status="fixed")
    frame = visits()
    ws.add_dataset("visits", frame.assign(city="Rome"), label="y", id="id", positive="yes")
    ws.add_predictions("m@1", "visits@2", said(frame, np.where(frame["age"] > 60, 0.6, 0.03)))
    assert ws.problem(name).status == "fixed"
    triage = ws.evaluation("m@1/visits@2").triage()
    assert not triage.rows[0].is_changed
    assert "a newer version was evaluated" in triage.rows[0].sentence


def test_the_list_is_sorted_by_urgency_with_its_working(
    ws: mp.Workspace, ev: mp.Evaluation
) -> None:
    ev.open_problem(where="age > 60", title="old", harm=2)
    ev.open_problem(where="age <= 60", title="young", harm=5)
    ev.open_problem(where="age > 75", title="very old", harm=5, owner="Ada")
    ws.edit_problem("very-old", status="accepted")
    found = ws.problems()
    assert [row.problem for row in found.rows] == ["old", "young", "very-old"]
    assert found.counts == {"open": 2, "fixing": 0, "fixed": 0, "reopened": 0, "accepted": 1}
    for row in found.rows:
        assert row.priority == pytest.approx(20 * row.harm * row.share * row.error)
        assert f"harm {row.harm} of 5" in row.working
    assert [row.problem for row in ws.problems(owner="Ada").rows] == ["very-old"]
    assert [row.problem for row in ws.problems(status="open", sort="harm").rows] == ["young", "old"]
    assert json.loads(found.to_json())["rows"][0]["problem"] == "old"


def test_priorities_are_those_of_each_evaluation(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old")
    better = version(ws, 2, 0.05)
    before, after = ev.problems().rows[0], better.problems().rows[0]
    assert after.priority < before.priority / 4
    assert (after.before, after.verdict) == ("fail", "pass")
    assert ws.problems().rows[0].evaluation == better.ref
    assert ws.problems(ev.ref).rows[0].evaluation == ev.ref


def test_users_are_counted_by_their_column(ev: mp.Evaluation) -> None:
    made = ev.open_problem(where="age > 60", title="old", users="person")
    assert made.priority is not None
    people = visits().query("age > 60")["person"].nunique()
    assert made.priority.affected == people
    assert made.priority.share == pytest.approx(people / 200)
    with pytest.raises(UnknownName, match="no column 'persn'"):
        ev.open_problem(where="age > 60", title="other", users="persn")


# ── what a problem is opened from ────────────────────────────────────────────────────


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


# ── several people ───────────────────────────────────────────────────────────────────


def test_the_later_of_two_writers_is_told(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    seen = ev.open_problem(where="age > 60", title="old")
    ws.edit_problem("old", version=seen.version, owner="Ada", who="Ada")
    with pytest.raises(Conflict, match="was changed by Ada in the meantime") as caught:
        ws.edit_problem("old", version=seen.version, owner="Bob", harm=5, who="Bob")
    assert "version 2, and yours was made on 1" in caught.value.known
    found = ws.problem("old")
    assert (found.owner, found.harm, found.version) == ("Ada", 3, 2)


def test_writers_at_once_lose_nothing(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    """Each of 12 writers edits what it has seen: one version per success, Conflict for the rest."""
    ev.open_problem(where="age > 60", title="old")
    start = threading.Barrier(12)

    def write(number: int) -> bool:
        with mp.open(ws.store.root) as own:
            seen = own.problem("old").version
            start.wait()
            try:
                own.edit_problem("old", version=seen, description=f"by {number}", who=f"w{number}")
            except Conflict:
                return False
            return True

    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(write, range(12)))
    found = ws.problem("old")
    assert sum(done) == 1, "all have seen the same version"
    assert found.version == 2
    assert found.description == f"by {done.index(True)}"


def test_comments_at_once_are_all_kept(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old")

    def say(number: int) -> None:
        with mp.open(ws.store.root) as own:
            own.comment_problem("old", f"comment {number}", who=f"w{number}")

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(say, range(12)))
    found = ws.problem("old")
    assert {comment.text for comment in found.comments} == {f"comment {n}" for n in range(12)}
    assert [comment.number for comment in found.comments] == list(range(1, 13))
    assert found.version == 13


def test_a_triage_between_is_a_conflict_too(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    seen = ev.open_problem(where="age > 60", title="old").version
    version(ws, 2, 0.05)  # which proposes that it is fixed
    with pytest.raises(Conflict, match="was changed by mispredict"):
        ws.edit_problem("old", version=seen, status="accepted")


def test_what_changes_nothing_makes_no_version(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old", owner="Ada")
    assert ws.edit_problem("old", owner="Ada").version == 1
    assert change(ws.store, "old", lambda _: None) is None


def test_events_say_who_did_what(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old", who="Ada")
    ws.edit_problem("old", status="fixing", owner="Bob", reason="mine", who="Bob")
    ws.comment_problem("old", "looking at it", who="Bob")
    said = [event.sentence for event in ws.problem("old").events]
    assert said[0] == "Bob commented: looking at it"
    assert "Bob set it from open to fixing: mine" in said
    assert "Bob changed owner from '' to 'Bob'." in said
    assert said[-1] == "Ada opened it."


# ── files, cache, errors ─────────────────────────────────────────────────────────────


def test_files_carry_problems_to_another_workspace(
    ws: mp.Workspace, ev: mp.Evaluation, tmp_path: Path
) -> None:
    ev.open_problem(where="age > 60", title="Größe: \"alt\"", harm=5, positive=["age > 70"],
                    links=["https://github.com/a/b/issues/1"])  # fmt: skip
    ev.open_problem(where="city = 'Oslo'", title="oslo")
    ws.comment_problem("oslo", "a\nb")
    folder = tmp_path / "problems"
    paths = ws.export_problems(folder)
    assert sorted(path.name for path in paths) == ["größe-alt.yaml", "oslo.yaml"]
    with mp.open(tmp_path / "other") as other:
        other.import_problems(folder)
        assert other.store.version(KIND, "oslo").spec == ws.store.version(KIND, "oslo").spec
        assert other.problems().rows[0].note == "It was not evaluated yet."
        assert len(other.import_problems(folder)) == 2
        assert other.problem("oslo").version == 1, "the same file again changes nothing"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [", "is not valid YAML"),
        ("problem: x", "is not a problem"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\nhram: 3", "is not a problem"),
        ("problem: x\ntitle: t\nwhere: age >\ndataset: d", "y.yaml"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\nstatus: new", "is not a choice"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\nharm: 7", "scale of harm"),
        ("problem: x\ntitle: t\nwhere: age > 60\ndataset: d\ncheck: 'checks: []'", "y.yaml"),
        ("problem: ../x\ntitle: t\nwhere: age > 60\ndataset: d", "cannot be a name"),
    ],
)
def test_a_bad_file_imports_nothing(
    ws: mp.Workspace, tmp_path: Path, text: str, message: str
) -> None:
    good = {"problem": "good", "title": "t", "where": "age > 60", "dataset": "d"}
    (tmp_path / "a.yaml").write_text(yaml.safe_dump(good))
    (tmp_path / "y.yaml").write_text(text)
    with pytest.raises(BadOption, match=message):
        ws.import_problems(tmp_path)
    assert len(ws.problems()) == 0


def test_an_unknown_problem_names_those_like_it(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old people")
    for ask in (ws.problem, ws.problem_history, lambda name: ws.edit_problem(name, harm=1)):
        with pytest.raises(UnknownName, match="no problem 'old-peple'"):
            ask("old-peple")
    with pytest.raises(UnknownName, match="no field of a problem 'hrm'"):
        ws.edit_problem("old-people", hrm=1)


def test_a_problem_whose_column_is_gone_says_so(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="city = 'Oslo'", title="oslo")
    frame = visits().drop(columns="city")
    ws.add_dataset("visits", frame, label="y", id="id", positive="yes")
    ws.add_predictions("m@1", "visits@2", said(frame, np.full(N, 0.1)))
    found = ws.problem("oslo")
    assert found.current is not None
    assert "no column 'city'" in found.note
    assert ws.problems().rows[0].verdict == ""


def test_what_is_measured_is_kept_and_follows_tags(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    made = ev.open_problem(rows=[1, 2, 3], title="three")
    assert made.priority is not None
    ws.tag("problem three", ev, rows=[4])
    assert made.priority.n == 3
    again = ws.problem("three").priority
    assert again is not None
    assert again.n == 4


def test_the_history_of_all_is_what_a_chart_needs(ws: mp.Workspace, ev: mp.Evaluation) -> None:
    ev.open_problem(where="age > 60", title="old")
    ev.open_problem(where="city = 'Oslo'", title="oslo")
    version(ws, 2, 0.05)
    found = ws.problem_history()
    assert [(row.problem, row.model) for row in found.rows] == [
        ("old", "m@1"), ("old", "m@2"), ("oslo", "m@1"), ("oslo", "m@2"),
    ]  # fmt: skip
    assert set(found.to_frame().columns) >= {"value", "low", "high", "bound", "priority", "verdict"}


# ── news ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, dict[str, object]]]]:
    """What would go to the webhook."""
    got: list[tuple[str, dict[str, object]]] = []

    def send(hook: Webhook, event: str, value: object) -> Delivery:
        got.append((event, json.loads(json.dumps(value))))
        return Delivery(True, 204, 1)

    box = problems_news.Outbox(send)
    monkeypatch.setattr(problems_news, "_OUTBOX", box)
    monkeypatch.setenv("MISPREDICT_WEBHOOK_URL", "https://hooks.example/x")
    monkeypatch.setenv("MISPREDICT_WEBHOOK_SECRET", "sixteen letters or more")
    yield got
    assert box.flush(5)


def test_news_are_told_in_order_and_hold_no_rows(
    ws: mp.Workspace, ev: mp.Evaluation, sent: list[tuple[str, dict[str, object]]]
) -> None:
    ev.open_problem(where="age > 60", title="old", owner="Ada")
    ws.comment_problem("old", "hm")
    version(ws, 2, 0.05)
    ws.edit_problem("old", status="fixed")
    version(ws, 3, 0.6)
    ws.edit_problem("old", harm=5)
    assert problems_news.outbox().flush(5)
    assert [event for event, _ in sent] == [
        "problem.opened", "problem.commented", "problem.proposed", "problem.fixed",
        "problem.reopened", "problem.edited",
    ]  # fmt: skip
    last = sent[4][1]
    assert (last["problem"], last["status"], last["owner"]) == ("old", "reopened", "Ada")
    assert "person" not in json.dumps(sent)


def test_a_webhook_that_cannot_be_used_keeps_nobody_from_writing(
    ev: mp.Evaluation, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MISPREDICT_WEBHOOK_URL", "ftp://hooks.example")
    with caplog.at_level(logging.WARNING):
        assert ev.open_problem(where="age > 60", title="old").version == 1
    assert "The webhook cannot be used" in caplog.text


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
