"""Labels over HTTP: found by a job, decided on, corrected metrics, a new version by a call."""

from __future__ import annotations

from typing import Any

import pytest

import mispredict as mp

from .conftest import Client, E, until

DS = "/api/v1/datasets/patients@1"


def decide(client: Client, row: int, decision: str, **more: Any) -> Any:
    body = {"rows": [row], "decision": decision, "who": "Ada", **more}
    answer = client.post(f"{E}/label-decisions", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_dataset_says_what_it_has(client: Client) -> None:
    found = client.get(DS).json()
    assert (found["ref"], found["n"], found["label"], found["id"]) == (
        "patients@1", 569, "diagnosis", None,
    )  # fmt: skip
    assert found["task"]["classes"] == ["benign", "malignant"]
    assert [item["ref"] for item in found["versions"]] == ["patients@1"]
    [evaluation] = found["evaluations"]
    assert (evaluation["model"], evaluation["has_probabilities"]) == ("tumours@1", True)
    assert client.get("/api/v1/datasets/patients").json()["ref"] == "patients@1"


def test_a_dataset_that_is_not_there_is_not_found(client: Client) -> None:
    answer = client.get("/api/v1/datasets/none@1")
    assert (answer.status_code, answer.json()["code"]) == (404, "UnknownName")


def test_label_errors_are_those_of_python_and_become_a_column(
    client: Client, ws: mp.Workspace
) -> None:
    found = until(client, f"{E}/label-errors", limit=5).json()
    same = ws.evaluation("tumours@1/patients@1").label_errors(limit=5).to_dict()
    assert {**found, "seconds": 0} == {**same, "seconds": 0}
    assert found["flagged"] > 0
    where = "label_error AND label = 'benign'"
    assert client.get(f"{E}/cohort", params={"where": where}).json()["n"] > 0


def test_a_decision_is_kept_and_taken_back(client: Client) -> None:
    queue = client.get(f"{E}/label-queue", params={"limit": 3}).json()
    row = queue["rows"][0]["row"]
    found = decide(client, row, "relabel", note="seen the picture")
    assert [(item["row"], item["who"], item["note"]) for item in found["rows"]] == [
        (row, "Ada", "seen the picture")
    ]
    after = client.get(f"{E}/label-queue", params={"limit": 3}).json()
    assert (after["done"], after["left"]) == (1, queue["left"] - 1)
    assert row not in [item["row"] for item in after["rows"]]
    assert client.get(f"{DS}/label-decisions").json() == found
    assert decide(client, row, "undo")["rows"] == []


def test_label_errors_tell_what_was_decided(client: Client) -> None:
    first = until(client, f"{E}/label-errors", limit=1).json()
    assert first["review"]["reviewed"] == 0
    decide(client, first["rows"][0]["row"], "keep")
    again = until(client, f"{E}/label-errors", limit=1).json()
    assert (again["review"]["reviewed"], again["rows"][0]["decision"]) == (1, "keep")


def test_a_new_version_has_the_labels_that_people_chose(client: Client, ws: mp.Workspace) -> None:
    row = client.get(f"{E}/label-queue").json()["rows"][0]
    version = decide(client, row["row"], "relabel")["version"]
    answer = client.post(f"{DS}/relabelled", json={"decisions": version})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["ref"], made["before"], made["relabelled"]) == ("patients@2", "patients@1", 1)
    labels = [ws.dataset(ref).column("diagnosis")[row["row"]].as_py() for ref in
              ("patients@1", "patients@2")]  # fmt: skip
    assert labels == [row["given"], row["suggested"]]


def test_without_a_row_to_relabel_there_is_no_new_version(client: Client) -> None:
    row = client.get(f"{E}/label-queue").json()["rows"][0]["row"]
    version = decide(client, row, "keep")["version"]
    answer = client.post(f"{DS}/relabelled", json={"decisions": version})
    assert answer.status_code == 400
    assert "relabel no row" in answer.json()["message"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        pytest.param({"rows": [9_999], "decision": "keep"}, "no row 9999", id="a row too far"),
        pytest.param(
            {"rows": [0], "decision": "relabel", "label": "x"}, "'x'", id="a class there is not"
        ),
        pytest.param({"rows": [0], "decision": "keep", "label": "benign"}, "no label", id="both"),
    ],
)
def test_a_decision_that_cannot_be_is_refused(
    client: Client, body: dict[str, Any], says: str
) -> None:
    answer = client.post(f"{E}/label-decisions", json=body)
    assert answer.status_code == 400
    assert says in answer.json()["message"]


def test_a_write_from_elsewhere_is_forbidden(client: Client) -> None:
    body = {"rows": [0], "decision": "keep"}
    headers = {"origin": "http://elsewhere.example"}
    assert client.post(f"{E}/label-decisions", json=body, headers=headers).status_code == 403


def test_metrics_are_corrected(client: Client) -> None:
    found = until(client, f"{E}/corrected-metrics", metrics=["accuracy"], noise="estimated").json()
    [row] = found["rows"]
    assert row["corrected_low"] <= row["corrected"] <= row["corrected_high"]


def test_what_was_found_is_kept_as_a_check(client: Client) -> None:
    answer = client.post(f"{E}/label-errors/check", json={})
    assert answer.status_code == 201, answer.text
    [row] = answer.json()["rows"]
    assert (answer.json()["suite"], row["kind"]) == ("labels", "label_errors")
    again = client.post(f"{E}/label-errors/check", json={}).json()
    assert len(again["rows"]) == 1


@pytest.mark.parametrize(
    ("screen", "endpoint"),
    [
        pytest.param(
            "/e/tumours@1/patients@1/data.json?tab=labels&where=radius%20%3E%2014&row=3",
            f"{E}/label-errors?where=radius+%3E+14",
            id="labels",
        ),
        pytest.param("/data/patients@1.json?tab=labels&evaluation=none", DS, id="without a model"),
        pytest.param("/data/patients@1.json?tab=versions", DS, id="a dataset"),
        pytest.param(
            "/data/patients@1.json?tab=drift&where=radius%20%3E%2014",
            "/api/v1/drift?reference=patients%401&current=patients%401&where=radius+%3E+14",
            id="drift",
        ),
    ],
)
def test_tabs_of_the_data_screen_have_json_twins(
    client: Client, screen: str, endpoint: str
) -> None:
    answer = client.get(screen)
    assert (answer.status_code, answer.headers["location"]) == (307, endpoint)
    assert client.get(endpoint).status_code in (200, 202)
