"""A dataset looked over by HTTP: what Python says, with and without models, and checks of it."""

from __future__ import annotations

from typing import Any

import pytest

import mispredict as mp

from .conftest import Client, E, patients, predictions, until

DS = "/api/v1/datasets/patients@1"
OWN = "tumours@1/patients@1"


@pytest.fixture
def newer(ws: mp.Workspace) -> str:
    """A second version: a value changed, rows gone, rows twice, one of these with another label."""
    import pandas as pd

    frame = patients().iloc[5:].reset_index(drop=True)
    frame.loc[:9, "radius"] = -999.0
    frame.loc[::7, "texture"] = None
    twice = frame.iloc[20:24].copy()
    twice.loc[20, "diagnosis"] = "benign" if frame.loc[20, "diagnosis"] != "benign" else "malignant"
    frame = pd.concat([frame, twice], ignore_index=True)
    made = ws.add_dataset(
        "patients", frame, label="diagnosis", metadata=["note"], types={"note": "text"}
    )
    ws.add_predictions("tumours", "patients", predictions(frame))
    return made.ref


def until_good(client: Client, path: str, **params: Any) -> Any:
    """What the answer says once its job is done."""
    answer = until(client, path, **params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def same(found: dict[str, Any], result: Any) -> bool:
    return {**found, "seconds": 0} == {**result.to_dict(), "seconds": 0}


def test_health_is_that_of_python(client: Client, ws: mp.Workspace, newer: str) -> None:
    ref = f"tumours@1/{newer}"
    found = until_good(client, f"/api/v1/datasets/{newer}/health", evaluation=ref)
    assert same(found, ws.dataset(newer).health(evaluation=ws.evaluation(ref)))
    assert found["evaluation"] == ref
    texture = next(row for row in found["rows"] if row["column"] == "texture")
    assert (texture["kind"], texture["where"]) == ("missing", "texture IS NULL")
    assert texture["cost_low"] <= texture["cost"] <= texture["cost_high"]


def test_health_needs_no_model(client: Client) -> None:
    found = until_good(client, f"{DS}/health")
    assert (found["evaluation"], found["measure"]) == ("", "")
    assert all(row["cost"] is None for row in found["rows"])


def test_health_is_held_against_another_version(client: Client, newer: str) -> None:
    found = until_good(client, f"/api/v1/datasets/{newer}/health", reference="patients@1")
    assert found["reference"] == "patients@1"
    assert {column["column"] for column in found["column_facts"]} >= {"radius", "texture"}


def test_duplicates_and_contradictions(client: Client, ws: mp.Workspace, newer: str) -> None:
    path = f"/api/v1/datasets/{newer}"
    found = until_good(client, f"{path}/duplicates")
    assert same(found, ws.dataset(newer).duplicates())
    assert (found["extra"], found["conflicts"]) == (4, 1)
    contradicting = until_good(client, f"{path}/conflicts")
    assert contradicting["wrong"] == 1
    assert "kind: conflicting_labels" in contradicting["check"]


def test_duplicates_of_another_version_are_those_by_the_columns_of_both(
    client: Client, ws: mp.Workspace
) -> None:
    frame = patients().assign(ward="A")
    made = ws.add_dataset("wards", frame, label="diagnosis", types={"note": "text"})
    found = until_good(client, f"/api/v1/datasets/{made.ref}/duplicates", against="patients@1")
    assert found["extra"] == len(frame)
    assert "ward" not in found["columns_used"]


def test_leaks_with_the_score_of_each_column(client: Client, newer: str) -> None:
    found = until_good(client, f"/api/v1/datasets/{newer}/leakage", against="patients@1")
    exact = next(row for row in found["rows"] if row["leak"] == "exact")
    assert exact["rows"] > 400
    scores = found["scores"]
    assert [item["value"] for item in scores] == sorted((s["value"] for s in scores), reverse=True)
    assert all(item["low"] <= item["value"] <= item["high"] for item in scores)


def test_what_changed_between_versions(client: Client, ws: mp.Workspace, newer: str) -> None:
    found = until_good(client, f"/api/v1/datasets/{newer}/diff", other="patients@1")
    assert same(found, ws.dataset(newer).diff("patients@1"))
    assert (found["before"], found["after"]) == ("patients@1", newer)


def test_coverage_tells_how_wrong_the_model_is_there(client: Client, ws: mp.Workspace) -> None:
    sides = {"reference": "patients@1", "current": OWN, "reference_where": "radius < 14"}
    found = until_good(client, "/api/v1/coverage", **sides)
    same_ = ws.coverage("patients@1", OWN, reference_where="radius < 14")
    assert same(found, same_)
    assert found["verdict"] == "gaps"
    assert found["error_n"] > 0


def test_what_ought_to_cover_is_the_version_before(client: Client, newer: str) -> None:
    found = until_good(client, "/api/v1/coverage", current=newer)
    assert found["reference"]["of"] == "patients@1"
    alone = client.get("/api/v1/coverage", params={"current": "patients@1"})
    assert alone.status_code == 400, alone.text
    assert "patients@1" in alone.json()["message"]


def test_a_saved_cohort_that_changes_makes_coverage_anew(client: Client) -> None:
    body = {"name": "small", "where": "radius < 12", "evaluation": OWN}
    client.post("/api/v1/cohorts", json=body)
    sides = {"reference": "patients@1", "current": OWN, "reference_where": "cohort('small')"}
    before = until_good(client, "/api/v1/coverage", **sides)
    client.post("/api/v1/cohorts", json={**body, "where": "radius < 15"})
    after = until_good(client, "/api/v1/coverage", **sides)
    assert after["reference"]["n"] > before["reference"]["n"]


def test_rows_are_read_without_a_model(client: Client) -> None:
    found = client.get(f"{DS}/rows", params={"where": "texture IS NULL", "limit": 2}).json()
    assert (len(found["rows"]), found["total"]) == (2, 15)
    assert [row["row"] for row in found["rows"]] == [0, 40]
    assert found["rows"][0]["texture"] is None
    more = {"where": "row IN (7, 3)", "columns": ["radius"], "offset": 1}
    assert [row["row"] for row in client.get(f"{DS}/rows", params=more).json()["rows"]] == [7]


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        pytest.param("rows", {"where": "nothing = 1"}, "UnknownColumn", id="a cohort of nothing"),
        pytest.param("rows", {"columns": ["nothing"]}, "UnknownColumn", id="no such column"),
        pytest.param("rows", {"limit": 10**6}, "BadOption", id="too many rows"),
    ],
)
def test_what_cannot_be_read_is_refused(
    client: Client, path: str, params: dict[str, Any], code: str
) -> None:
    answer = client.get(f"{DS}/{path}", params=params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_reference_that_is_not_there_is_refused(client: Client) -> None:
    answer = client.get(f"{DS}/health", params={"reference": "none@1"})
    assert (answer.status_code, answer.json()["code"]) == (400, "UnknownName")


def test_checks_are_proposed_kept_and_run(client: Client, ws: mp.Workspace) -> None:
    found = until_good(client, f"{DS}/checks/proposals")
    assert {row["verdict"]["verdict"] for row in found["rows"]} == {"pass"}
    body = {"suite": found["suite"], "checks": [row["yaml"] for row in found["rows"]]}
    made = client.post(f"{DS}/checks", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["checks"] == len(found["rows"])
    board = client.get(f"{E}/suites/{found['suite']}").json()
    assert len(board["rows"]) == len(found["rows"])
    run = client.post(f"{E}/suites/{found['suite']}/run", json={}).json()
    client.get(f"/api/v1/jobs/{run['id']}/events")
    rows = client.get(f"{E}/suites/{found['suite']}").json()["rows"]
    assert {row["verdict"]["verdict"] for row in rows} == {"pass"}


def test_a_finding_is_kept_once(client: Client, newer: str) -> None:
    path = f"/api/v1/datasets/{newer}"
    [finding] = [r for r in until_good(client, f"{path}/health")["rows"] if r["kind"] == "missing"]
    body = {"suite": "patients-data", "checks": [finding["check"]]}
    assert client.post(f"{path}/checks", json=body).json()["checks"] == 1
    assert client.post(f"{path}/checks", json=body).json()["checks"] == 1
    two = {**body, "checks": ["name: twice\nkind: duplicates"]}
    assert client.post(f"{path}/checks", json=two).json()["checks"] == 2


@pytest.mark.parametrize(
    "check",
    [
        pytest.param("kind: nothing", id="no such kind"),
        pytest.param("kind: missing\ncolumn: nothing", id="no such column"),
        pytest.param("kind: metric\nmetric: accuracy\nmin: 0.9", id="needs a model"),
    ],
)
def test_a_check_that_cannot_be_is_refused(client: Client, check: str) -> None:
    answer = client.post(f"{DS}/checks", json={"suite": "s", "checks": [check]})
    assert answer.status_code == 400, answer.text
    assert client.get("/api/v1/suites").json()["rows"] == []


def test_a_write_from_elsewhere_is_forbidden(client: Client) -> None:
    body = {"suite": "s", "checks": ["kind: duplicates"]}
    headers = {"origin": "http://elsewhere.example"}
    assert client.post(f"{DS}/checks", json=body, headers=headers).status_code == 403


def test_a_dataset_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get("/api/v1/datasets/none@1/health").status_code == 404


@pytest.mark.parametrize(
    ("screen", "endpoint"),
    [
        pytest.param(
            "/e/tumours@1/patients@1/data.json",
            f"{DS}/health?evaluation=tumours%401%2Fpatients%401",
            id="health first",
        ),
        pytest.param("/data/patients@1.json?evaluation=none", f"{DS}/health", id="no model"),
        pytest.param(
            "/data/patients@1.json?tab=duplicates&near=0.9&against=patients@1",
            f"{DS}/duplicates?against=patients%401&near=0.9",
            id="duplicates",
        ),
        pytest.param(
            "/data/patients@1.json?tab=versions&against=patients@1&key=radius",
            f"{DS}/diff?other=patients%401&key=radius",
            id="versions",
        ),
        pytest.param(
            "/e/tumours@1/patients@1/data.json?tab=coverage&against=patients@1",
            "/api/v1/coverage?reference=patients%401&current=tumours%401%2Fpatients%401",
            id="coverage",
        ),
        pytest.param(
            "/data/NEWER.json?tab=coverage",
            "/api/v1/coverage?current=NEWER",
            id="coverage by what fits",
        ),
    ],
)
def test_tabs_have_json_twins(client: Client, screen: str, endpoint: str, newer: str) -> None:
    screen, endpoint = screen.replace("NEWER", newer), endpoint.replace("NEWER", newer)
    endpoint = endpoint if "current=" not in endpoint else endpoint.replace("@", "%40")
    answer = client.get(screen)
    assert (answer.status_code, answer.headers["location"]) == (307, endpoint)
    assert client.get(endpoint).status_code in (200, 202)
