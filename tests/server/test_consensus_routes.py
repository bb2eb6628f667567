"""Consensus over HTTP: from columns of people, from counts of votes, and where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import mispredict as mp

from .conftest import Client
from .test_drifting_routes import until

N = 300


def said() -> pd.DataFrame:
    """Three people, of whom the third is often wrong."""
    rng = np.random.default_rng(3)
    truth = rng.random(N) < 0.4
    people = {}
    for name, error in (("anna", 0.05), ("bob", 0.08), ("carl", 0.3)):
        wrong = rng.random(N) < error
        people[name] = np.where(truth ^ wrong, "yes", "no")
    frame = pd.DataFrame({"size": rng.normal(size=N), **people})
    yes = sum((frame[name] == "yes").astype(int) for name in people)
    return frame.assign(votes_yes=yes, votes_no=3 - yes, label=np.where(yes > 1, "yes", "no"))


@pytest.fixture
def voted(ws: mp.Workspace) -> mp.Workspace:
    frame = said()
    people = ["anna", "bob", "carl"]
    counts = ["votes_yes", "votes_no"]
    ws.add_dataset("people", frame.drop(columns=counts), label="label", annotations=people)
    ws.add_dataset("counts", frame.drop(columns=people), label="label")
    return ws


def test_people_are_weighed_as_in_python(voted: mp.Workspace, client: Client) -> None:
    assert client.get("/api/v1/datasets/people@1").json()["annotators"] == ["anna", "bob", "carl"]
    found = until(client, "/api/v1/datasets/people@1/consensus").json()
    assert found == voted.dataset("people@1").consensus(limit=100).to_dict()
    assert [person["annotator"] for person in found["annotators"]][-1] == "carl"
    assert all(
        person["low"] < person["accuracy"] < person["high"] for person in found["annotators"]
    )
    page = client.get(
        "/api/v1/datasets/people@1/rows", params={"where": found["where"], "limit": 0}
    )
    assert page.json()["total"] == found["disagreed"] > 0


def test_counts_of_votes_are_found_by_their_names(voted: mp.Workspace, client: Client) -> None:
    facts = client.get("/api/v1/datasets/counts@1").json()
    assert set(facts["annotators"]) == {"votes_yes", "votes_no"}
    found = until(client, "/api/v1/datasets/counts@1/consensus").json()
    frame = said()
    assert found["votes"] == 3 * N
    assert found["disagreed"] == int(((frame.votes_yes > 0) & (frame.votes_no > 0)).sum())
    params = {"where": found["where"], "limit": 0}
    page = client.get("/api/v1/datasets/counts@1/rows", params=params)
    assert page.json()["total"] == found["disagreed"]
    told = until(
        client, "/api/v1/datasets/counts@1/consensus", votes=["no=votes_no", "yes=votes_yes"]
    ).json()
    assert told == found


def test_without_any_there_is_none(client: Client) -> None:
    assert client.get("/api/v1/datasets/patients@1").json()["annotators"] == []
    answer = until(client, "/api/v1/datasets/patients@1/consensus")
    assert (answer.status_code, answer.json()["code"]) == (400, "BadOption")


def test_a_count_without_its_class_is_refused(voted: mp.Workspace, client: Client) -> None:
    answer = until(client, "/api/v1/datasets/counts@1/consensus", votes=["votes_yes"])
    assert (answer.status_code, answer.json()["code"]) == (400, "BadOption")
