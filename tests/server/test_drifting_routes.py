"""Drift over HTTP: jobs about two sides, kept by what both are, and checks made of it."""

from __future__ import annotations

import pytest

import mispredict as mp

from .conftest import Client, E, patients, predictions, until

SIDES = {
    "reference": "tumours@1/patients@1",
    "current": "tumours@1/patients@1",
    "where": "texture > 19",
    "reference_where": "texture <= 19",
}


def test_drift_is_that_of_python(client: Client, ws: mp.Workspace) -> None:
    found = until(client, "/api/v1/drift", **SIDES, columns=["radius", "size"]).json()
    same = ws.drift(**SIDES, columns=["radius", "size"]).to_dict()
    assert {**found, "seconds": 0} == {**same, "seconds": 0}
    assert {row["column"] for row in found["rows"]} == {"radius", "size"}


def test_the_job_is_about_both_sides_and_its_result_is_kept(client: Client) -> None:
    first = client.get("/api/v1/drift", params=SIDES)
    assert first.status_code == 202
    job = first.json()
    assert (job["kind"], job["evaluation"]) == ("drift", "")
    client.get(f"/api/v1/jobs/{job['id']}/events")
    job = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert job["state"] == "done", job
    assert client.get(job["result_url"]).json()["reference"]["where"] == "texture <= 19"
    body = {"kind": "drift", "options": job["options"]}
    again = client.post("/api/v1/jobs", json=body)
    assert (again.status_code, again.json()["id"]) == (200, job["id"])


def test_a_tag_that_is_spoken_of_makes_it_anew(client: Client) -> None:
    sides = {**SIDES, "where": "tag('rough')", "reference_where": "NOT tag('rough')"}
    before = until(client, "/api/v1/drift", **sides).json()
    client.post(f"{E}/tags/rough", json={"where": "radius > 20"})
    after = until(client, "/api/v1/drift", **sides).json()
    assert after["source"]["n"] > before["source"]["n"]


def test_a_new_version_is_compared_with_the_one_before(client: Client, ws: mp.Workspace) -> None:
    frame = patients()
    frame["radius"] = frame["radius"] * 1.5
    ws.add_dataset("patients", frame, label="diagnosis", metadata=["note"], types={"note": "text"})
    ws.add_predictions("tumours", "patients", predictions(frame))
    found = until(
        client, "/api/v1/drift", reference="patients@1", current="patients@2", cohorts=2
    ).json()
    assert found["verdict"] == "drift"
    assert "radius" in found["drifted"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"reference": "none@1"}, "UnknownName", id="no such dataset"),
        pytest.param({"where": "nothing > 1"}, "UnknownColumn", id="no such column"),
        pytest.param({"where": "radius > 999"}, "EmptyCohort", id="no rows"),
        pytest.param({"windows": "fortnight", "by": "texture"}, "BadOption", id="no such window"),
    ],
)
def test_what_cannot_be_compared_is_told(client: Client, change: dict[str, str], code: str) -> None:
    answer = until(client, "/api/v1/drift", **(SIDES | change))
    assert answer.status_code == 400, answer.text
    assert answer.json()["code"] == code


def test_both_sides_are_needed(client: Client) -> None:
    answer = client.get("/api/v1/drift", params={"reference": "patients@1"})
    assert answer.status_code == 422
    assert set(answer.json()) == {"code", "message", "hint", "position"}


def test_performance_is_estimated_in_windows(client: Client) -> None:
    found = until(
        client, f"{E}/estimated-performance", by="row", windows="3", metrics=["accuracy"]
    ).json()
    assert len(found["windows"]) == 4  # and all rows
    row = found["rows"][0]
    assert row["low"] <= row["value"] <= row["high"]
    assert row["reference_low"] <= row["reference"] <= row["reference_high"]


def test_drift_of_a_column_is_kept_as_a_check(client: Client) -> None:
    draft = {"columns": ["radius"], "reference": "patients@1", "where": "texture > 19"}
    answer = client.post(f"{E}/drift-checks", json=draft)
    assert answer.status_code == 201, answer.text
    found = answer.json()
    assert found["suite"] == "no-drift-from-patients-1"
    assert "reference: patients@1" in found["text"]
    other = client.post(f"{E}/drift-checks", json={**draft, "columns": ["label"]}).json()
    assert [row["kind"] for row in other["rows"]] == ["drift", "drift"]
    run = client.post(f"{E}/suites/{found['suite']}/run", json={})
    client.get(f"/api/v1/jobs/{run.json()['id']}/events")
    board = client.get(f"{E}/suites/{found['suite']}").json()
    words = {row["verdict"]["verdict"] for row in board["rows"]}
    assert words <= {"pass", "fail", "unsure"}, board["rows"]
