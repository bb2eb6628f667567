"""Comparisons over HTTP: jobs about two evaluations and more, the board, models called again."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp

from .conftest import Client, patients, predictions, until

NEXT = "/api/v1/evaluations/tumours@2/patients@1"
BOARD = "/api/v1/datasets/patients/board"


def better(frame: pd.DataFrame) -> pd.DataFrame:
    """Predictions that are right where a tumour is large, and as before elsewhere."""
    said = predictions(frame)
    is_large = (frame["radius"] > 15).to_numpy()
    truth = frame["diagnosis"].to_numpy()
    chance = np.where(truth == "malignant", 0.95, 0.05)
    said["prediction"] = np.where(is_large, truth, said["prediction"])
    said["p_malignant"] = np.where(is_large, chance, said["p_malignant"])
    said["p_benign"] = 1 - said["p_malignant"]
    return said


@pytest.fixture(autouse=True)
def second(ws: mp.Workspace) -> mp.Evaluation:
    """The next version of the model, which is right about large tumours."""
    return ws.add_predictions("tumours@2", "patients", better(patients()))


def test_a_comparison_is_that_of_python(client: Client, ws: mp.Workspace) -> None:
    found = until(client, f"{NEXT}/compare", against="tumours@1", by="size").json()
    same = ws.compare("tumours@1", "tumours@2", data="patients@1", by="size").to_dict()
    for one in (found, same):
        one["seconds"] = 0
        one["pairs"][0]["search"] = None
    assert found == same
    [pair] = found["pairs"]
    assert (found["word"], pair["against"]) == ("better", "tumours@1")
    assert {row["cohort"] for row in pair["cohorts"]} == {
        "size = 'large'",
        "size = 'middle'",
        "size = 'small'",
    }
    assert sum(cell["n"] for cell in pair["losses"]["cells"]) == pair["losses"]["total"] == 569


def test_all_are_held_against_the_first(client: Client) -> None:
    against = ["tumours@1", "tumours@1/patients@1"]
    found = until(client, f"{NEXT}/compare", against=against, slices=False).json()
    assert [item["model"] for item in found["models"]] == ["tumours@1", "tumours@1", "tumours@2"]
    assert [pair["word"] for pair in found["pairs"]] == ["same", "better"]


def test_it_is_a_text_for_a_pull_request_too(client: Client) -> None:
    answer = until(client, f"{NEXT}/compare", against="tumours@1", format="markdown")
    assert answer.headers["content-type"].startswith("text/markdown")
    assert answer.text.startswith("## 🟢 tumours@2 is better than tumours@1")


def test_other_predictions_of_the_other_make_it_anew(client: Client, ws: mp.Workspace) -> None:
    before = until(client, f"{NEXT}/compare", against="tumours@1", slices=False).json()
    ws.add_predictions("tumours@1", "patients", better(patients()))
    after = until(client, f"{NEXT}/compare", against="tumours@1", slices=False).json()
    assert (before["word"], after["word"]) == ("better", "same")


def test_the_change_is_divided_among_its_causes(client: Client) -> None:
    found = until(client, f"{NEXT}/changed", before="tumours@1").json()
    parts = {row["factor"]: row["value"] for row in found["rows"] if row["is_changed"]}
    assert parts == {"model": pytest.approx(found["difference"])}
    assert found["before"] == "tumours@1/patients@1"


@pytest.mark.parametrize(
    ("path", "params", "status", "said"),
    [
        pytest.param("compare", {}, 422, "against", id="against nothing"),
        pytest.param("compare", {"against": "tumors@1"}, 400, "tumors@1", id="unknown model"),
        pytest.param("compare", {"against": "a@1", "threshold": 2}, 422, "threshold", id="bound"),
        pytest.param("changed", {}, 422, "before", id="before what"),
        pytest.param("changed", {"before": "tumors@1"}, 400, "tumors@1", id="unknown before"),
    ],
)
def test_what_cannot_be_compared_is_said(
    client: Client, path: str, params: dict[str, Any], status: int, said: str
) -> None:
    answer = client.get(f"{NEXT}/{path}", params=params)
    assert answer.status_code == status
    assert said in answer.json()["message"]


def test_numbers_of_different_rows_are_not_put_side_by_side(
    client: Client, ws: mp.Workspace
) -> None:
    frame = patients()[100:]
    ws.add_dataset("patients", frame, label="diagnosis", metadata=["note"], types={"note": "text"})
    ws.add_predictions("tumours@2", "patients@2", better(frame))
    place = "/api/v1/evaluations/tumours@2/patients@2/compare"
    params: dict[str, Any] = {"against": "tumours@1/patients@1", "slices": False}
    job = client.get(place, params=params).json()
    client.get(f"/api/v1/jobs/{job['id']}/events")
    refused = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert "different rows" in refused["error"]["message"]
    found = until(client, place, **params, common=True).json()
    assert found["common"]["n"] == 469
    board = client.get(BOARD).json()
    assert [item["dataset"] for item in board["datasets"]] == ["patients@2", "patients@1"]
    assert "different rows" in board["notes"][0]
    common = client.get(BOARD, params={"common": True}).json()
    assert {row["n"] for row in common["rows"] if row["evaluation"]} == {469}


def test_the_board_has_a_row_per_model(client: Client, ws: mp.Workspace) -> None:
    found = client.get(BOARD).json()
    assert found == ws.board("patients").to_dict()
    assert found["models"] == ["tumours@1", "tumours@2"]
    answer = client.get("/board/patients.json?metric=f1", follow_redirects=False)
    assert answer.headers["location"] == f"{BOARD}?metric=f1"
    assert client.get(BOARD.replace("patients", "nobody")).status_code == 404
    assert client.get(BOARD, params={"metric": "acuracy"}).status_code == 400


def test_models_are_called_again_by_a_job(client: Client) -> None:
    body = {"kind": "reevaluate", "dataset": "patients@1", "options": {}}
    job = client.post("/api/v1/jobs", json=body).json()
    client.get(f"/api/v1/jobs/{job['id']}/events")
    found = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert (found["state"], found["evaluation"]) == ("done", "patients@1"), found
    result = client.get(found["result_url"]).json()
    assert {row["outcome"] for row in result["rows"]} == {"known"}


@pytest.mark.parametrize("screen", ["compare", "problems"])
def test_the_screens_have_a_json_twin(client: Client, screen: str) -> None:
    answer = client.get(f"/e/tumours@2/patients@1/{screen}.json?a=b", follow_redirects=False)
    assert answer.headers["location"] == f"{NEXT}/{screen}?a=b"


def test_columns_and_cohorts_are_asked_for_together(client: Client) -> None:
    by = ["size", "cohort('large')"]
    found = until(client, f"{NEXT}/compare", against="tumours@1", by=by, slices=False).json()
    cohorts = {row["cohort"] for row in found["pairs"][0]["cohorts"]}
    assert cohorts == {"size = 'large'", "size = 'middle'", "size = 'small'", "cohort('large')"}
