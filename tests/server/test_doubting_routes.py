"""Doubt over HTTP: the results of Python, as jobs; columns that a job adds count at once."""

from __future__ import annotations

from typing import Any

import pytest

import mispredict as mp
from mispredict.data.found_checks import check_of_yaml

from .conftest import Client, E
from .test_drifting_routes import until


def test_uncertainty_is_that_of_python(client: Client, ws: mp.Workspace) -> None:
    found = until(client, f"{E}/uncertainty", where="radius > 12").json()
    assert found == ws.evaluation().uncertainty("radius > 12").to_dict()
    last = found["curve"][-1]
    assert last["low"] < last["value"] < last["high"]
    assert last["value"] == pytest.approx(found["rows"][0]["value"])


def test_one_measure_and_shares(client: Client) -> None:
    found = until(client, f"{E}/uncertainty", by="entropy", shares=[1.0, 0.5]).json()
    assert (found["measure"], len(found["rows"])) == ("entropy", 2)
    assert [row["measure"] for row in found["measures"]] == ["entropy"]


def test_its_check_is_one_of_a_suite(client: Client) -> None:
    text = until(client, f"{E}/uncertainty").json()["check"]
    assert check_of_yaml(text).kind.name == "selective"
    saved = client.post(f"{E}/suites", json={"text": "suite: doubt\nchecks:\n  - " + "\n    ".join(
        text.splitlines())})  # fmt: skip
    assert saved.status_code in (200, 201), saved.text


def test_sets_are_judged_by_each_column_alone(client: Client, ws: mp.Workspace) -> None:
    found = until(client, f"{E}/conformal", by=["size", "texture > 20"], target=0.8).json()
    names = [row["cohort"] for row in found["rows"]]
    assert names[0] == "all"
    assert {"size = 'large'", "size = 'small'", "texture > 20"} <= set(names)
    same = ws.evaluation().conformal(target=0.8, by=names[1:])
    rows = {row.cohort: row.covered for row in same.rows}
    assert rows == {row["cohort"]: row["covered"] for row in found["rows"]}


def test_without_columns_label_and_inputs_are_judged(client: Client) -> None:
    found = until(client, f"{E}/conformal").json()
    names = [row["cohort"] for row in found["rows"]]
    assert "label = 'malignant'" in names
    assert any(name.startswith("smoothness") for name in names)
    assert not any("note" in name or "patient" in name for name in names)


def test_sizes_of_sets_are_cohorts_of_the_newest_sets(client: Client) -> None:
    small = until(client, f"{E}/conformal", target=0.8).json()
    large = until(client, f"{E}/conformal", target=0.99).json()
    assert small["sizes"] != large["sizes"]
    again = until(client, f"{E}/conformal", target=0.8).json()
    assert again["rows"] == small["rows"]
    for row in again["sizes"]:
        n = client.get(f"{E}/cohort", params={"where": row["where"]}).json()["n"]
        assert n == row["n"]


def test_sanity_without_a_model_says_what_was_not_done(client: Client) -> None:
    found = until(client, f"{E}/sanity", train="radius > 15").json()
    verdicts = {row["test"]: row["verdict"] for row in found["rows"]}
    assert verdicts["beats_constant"] in ("pass", "fail", "unsure")
    assert verdicts["train_gap"] != "skipped"
    assert verdicts["input_ablation"] == verdicts["label_shuffle"] == "skipped"
    assert all(row["check"] for row in found["rows"] if row["verdict"] != "skipped")


def test_a_model_that_is_not_there_cannot_be_put_under_noise(client: Client) -> None:
    answer = client.get(f"{E}/spread")
    assert answer.status_code == 400
    assert answer.json()["code"] == "ModelError"


def test_spread_of_all_rows_becomes_a_measure(ws: mp.Workspace) -> None:
    from sklearn.linear_model import LogisticRegression

    from .conftest import client_of, patients

    frame = patients()[["patient", "texture", "smoothness", "diagnosis"]]
    frame["texture"] = frame["texture"].fillna(19.0)
    model = LogisticRegression(C=1e6).fit(frame[["texture", "smoothness"]], frame["diagnosis"])
    ws.add_dataset("measures", frame, label="diagnosis", id="patient")
    ws.add_model("line", model)
    ws.evaluate("line", "measures")
    place = "/api/v1/evaluations/line@1/measures@1"
    with client_of(ws) as client:
        before = until(client, f"{place}/uncertainty").json()
        assert "noise_spread" not in {row["measure"] for row in before["measures"]}
        few = until(client, f"{place}/spread", sample=50, copies=3).json()
        assert (few["n"], few["columns_kept"]) == (50, [])
        found = until(client, f"{place}/spread", copies=3).json()
        assert found["columns_kept"] == ["noise_spread", "noise_flips"]
        after: Any = until(client, f"{place}/uncertainty").json()
        assert "noise_spread" in {row["measure"] for row in after["measures"]}
        n = client.get(f"{place}/cohort", params={"where": found["where"]}).json()["n"]
        assert n / found["n"] == pytest.approx(found["flipped"])


@pytest.mark.parametrize(
    ("path", "params", "code"),
    [
        pytest.param("uncertainty", {"by": "nothing"}, "UnknownColumn", id="no such measure"),
        pytest.param("uncertainty", {"where": "radius > 999"}, "EmptyCohort", id="no rows"),
        pytest.param("conformal", {"by": "nothing"}, "UnknownColumn", id="no such column"),
        pytest.param("conformal", {"method": "absolute"}, "BadOption", id="ranges of classes"),
        pytest.param("sanity", {"train": "nothing > 1"}, "UnknownColumn", id="no such cohort"),
    ],
)
def test_what_cannot_be_answered_is_told(
    client: Client, path: str, params: dict[str, str], code: str
) -> None:
    answer = until(client, f"{E}/{path}", **params)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


@pytest.mark.parametrize("target", [0, 1, 2, "much"])
def test_a_target_that_is_no_chance_is_refused(client: Client, target: object) -> None:
    assert client.get(f"{E}/conformal", params={"target": target}).status_code == 422
