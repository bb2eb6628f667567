"""Several people at one problem: none loses what another wrote."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import mispredict as mp
from mispredict.core.errors import Conflict
from mispredict.workspace.problems.keeping import change

from .cases import version


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
    start = threading.Barrier(12, timeout=60)

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
