"""Problems over HTTP: opened from a finding, listed, edited by those who saw the newest version."""

from __future__ import annotations

from typing import Any

import pytest

from .conftest import Client, E

FINDING = {"kind": "slice", "where": "radius > 15", "sentence": "Large ones are misjudged."}


def draft(**said: Any) -> dict[str, Any]:
    return {"finding": FINDING, "title": "large ones are misjudged", **said}


@pytest.fixture
def opened(client: Client) -> Any:
    answer = client.post(f"{E}/problems", json=draft(owner="ana", harm=4))
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_problem_is_opened_from_a_finding(opened: Any) -> None:
    assert opened["title"] == "large ones are misjudged"
    assert (opened["where"], opened["status"], opened["owner"]) == ("radius > 15", "open", "ana")
    assert opened["origin"]["kind"] == "slice"
    assert opened["check"]["kind"] == "metric"
    priority = opened["priority"]
    assert priority["low"] <= priority["value"] <= priority["high"]
    assert "harm 4 of 5" in priority["working"]


def test_rows_are_opened_as_a_problem_by_their_numbers(client: Client) -> None:
    answer = client.post(f"{E}/problems", json={"finding": {"kind": "row", "rows": [0, 7]}})
    assert answer.status_code == 201, answer.text
    assert answer.json()["priority"]["n"] == 2


def test_problems_are_listed_in_the_workspace_and_in_the_evaluation(
    client: Client, opened: Any
) -> None:
    for place in ("/api/v1/problems", f"{E}/problems"):
        found = client.get(place).json()
        assert [row["problem"] for row in found["rows"]] == [opened["name"]]
        assert found["counts"]["open"] == 1
    assert client.get("/api/v1/problems?status=fixed").json()["rows"] == []
    assert client.get(f"{E}/problems?owner=bob").json()["rows"] == []


def test_an_edit_needs_the_version_that_was_seen(client: Client, opened: Any) -> None:
    place = f"/api/v1/problems/{opened['name']}"
    edit = {"version": opened["version"], "status": "fixing", "reason": "data is on its way"}
    answer = client.patch(place, json=edit)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["status"], answer.json()["version"]) == ("fixing", opened["version"] + 1)
    late = client.patch(place, json={**edit, "status": "accepted"})
    assert late.status_code == 409
    assert client.get(place).json()["status"] == "fixing"


def test_what_is_said_is_kept_with_the_problem(client: Client, opened: Any) -> None:
    place = f"/api/v1/problems/{opened['name']}"
    answer = client.post(f"{place}/comments", json={"text": "seen again today"})
    assert answer.status_code == 201, answer.text
    assert [item["text"] for item in answer.json()["comments"]] == ["seen again today"]


def test_triage_and_history_speak_of_each_problem(client: Client, opened: Any) -> None:
    [row] = client.post(f"{E}/triage").json()["rows"]
    assert row["problem"] == opened["name"]
    [point] = client.get("/api/v1/history/problems").json()["rows"]
    assert point["problem"] == opened["name"]
    assert point["is_current"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        pytest.param({}, 422, "finding", id="nothing"),
        pytest.param(draft(harm=9), 422, "harm", id="harm"),
        pytest.param({"finding": {"where": "radiu > 15"}}, 400, "radiu", id="unknown column"),
        pytest.param({"finding": {"where": "radius > 1e9"}}, 400, "no row", id="empty cohort"),
        pytest.param({"finding": {"rows": []}}, 400, "rows", id="no rows"),
        pytest.param({"finding": {"rows": [10**9]}}, 400, "row", id="row out of range"),
        pytest.param(draft(links=["javascript:alert(1)"]), 400, "link", id="link"),
        pytest.param(draft(users="nobody"), 400, "nobody", id="users"),
    ],
)
def test_what_cannot_be_opened_is_told(client: Client, body: Any, status: int, said: str) -> None:
    answer = client.post(f"{E}/problems", json=body)
    assert answer.status_code == status, answer.text
    assert said in answer.json()["message"]
    assert client.get("/api/v1/problems").json()["rows"] == []


@pytest.mark.parametrize("place", ["/api/v1/problems/none", "/api/v1/problems?of=none@1/x@1"])
def test_unknown_names_are_told(client: Client, place: str) -> None:
    answer = client.get(place)
    assert answer.status_code in (400, 404)
    assert "none" in answer.json()["message"]
