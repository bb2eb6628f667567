"""The loop: opened from a finding, checked, mended by a new model, back with the next."""

from __future__ import annotations

import json

import numpy as np
import pytest

import mispredict as mp
from mispredict.core.errors import UnknownName

from .cases import N, said, version, visits


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
