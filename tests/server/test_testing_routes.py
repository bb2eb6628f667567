"""Suites over HTTP: saved after a look, run by jobs, shown check by check, edited in place."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import mispredict as mp

from .conftest import Client, E

SUITE = """\
# what must hold
suite: gate
parameters: {floor: 0.99}
checks:
  - name: good enough  # for now
    kind: metric
    metric: accuracy
    min: ${floor}

  # few rows
  - name: huge ones
    kind: metric
    metric: accuracy
    where: radius > 15
    min: 0.5
    severity: warn
    tags: [size]
"""

CHECK = "name: {}\nkind: metric\nmetric: accuracy\nmin: 0.5"


@pytest.fixture
def saved(client: Client) -> Client:
    """A client of a workspace with a suite."""
    assert client.post(f"{E}/suites", json={"text": SUITE}).status_code == 201
    return client


def run(client: Client, **options: Any) -> Any:
    """The job of a run, once it is over."""
    answer = client.post(f"{E}/suites/gate/run", json=options)
    assert answer.status_code == 202, answer.text
    id_ = answer.json()["id"]
    client.get(f"/api/v1/jobs/{id_}/events")
    return client.get(f"/api/v1/jobs/{id_}").json()


def board(client: Client) -> Any:
    return client.get(f"{E}/suites/gate").json()


def test_a_saved_suite_is_listed_and_shown_before_it_ran(saved: Client) -> None:
    [entry] = saved.get("/api/v1/suites").json()["rows"]
    assert (entry["suite"], entry["checks"], entry["is_saved"], entry["runs"]) == (
        "gate", 2, True, [],
    )  # fmt: skip
    found = board(saved)
    assert found["summary"] == "Not run on this evaluation yet."
    assert not found["is_passed"]
    assert [row["verdict"] for row in found["rows"]] == [None, None]
    assert found["rows"][0]["yaml"].startswith("name: good enough  # for now\nkind: metric")
    assert "few rows" not in found["rows"][0]["yaml"]


def test_a_run_gives_verdicts_what_fails_first(saved: Client) -> None:
    job = run(saved)
    assert (job["state"], job["done"], job["total"]) == ("done", 2, 2)
    found = board(saved)
    first, second = found["rows"]
    assert (first["check"], first["verdict"]["verdict"], first["good"]) == (
        "good enough", "fail", "above",
    )  # fmt: skip
    assert (first["where"], second["where"]) == ("", "radius > 15")
    assert (first["axis_low"], first["axis_high"]) == (0, 1)
    assert found["counts"]["fail"] == 1
    assert found["summary"].startswith("Not passed: ")
    assert [item["model"] for item in second["history"]] == ["tumours@1"]
    assert saved.get(f"{E}/runs").json()["rows"][0]["run"] == "gate@1"
    result = saved.get(job["result_url"]).json()
    assert result["suite"] == "gate"


def test_a_part_is_run_again_and_the_rest_stays(saved: Client) -> None:
    run(saved)
    run(saved, select=["size"])
    runs = {row["check"]: row["run"] for row in board(saved)["rows"]}
    assert runs == {"good enough": "gate@1", "huge ones": "gate@2"}


def test_one_check_is_changed_in_place(saved: Client) -> None:
    body = {"check": "good enough", "text": "name: good enough\nkind: metric\nmetric: f1\nmin: 0.1"}
    found = saved.patch(f"{E}/suites/gate", json=body).json()
    assert "metric: f1" in found["text"]
    assert found["text"].startswith("# what must hold\nsuite: gate\nparameters: {floor: 0.99}\n")
    assert "  # few rows\n  - name: huge ones" in found["text"]


def test_a_check_is_taken_out(saved: Client) -> None:
    found = saved.patch(f"{E}/suites/gate", json={"check": "huge ones", "text": None}).json()
    assert [row["check"] for row in found["rows"]] == ["good enough"]


def test_a_fault_is_told_by_line_and_column(client: Client) -> None:
    text = SUITE.replace("radius > 15", "radiuss > 15")
    answer = client.post(f"{E}/suites", json={"text": text})
    assert answer.status_code == 400
    said = answer.json()
    assert said["code"] == "BadSuite"
    assert said["message"].startswith("line 14, column 12: no column 'radiuss'.")
    assert text[said["position"] :].startswith("radiuss")


@pytest.mark.parametrize(
    ("head", "name"), [("dataset", "patience"), ("dataset", "patients@7"), ("model", "tumour"),
                       ("baseline", "tumours@0"), ("reference", "nobody")],
)  # fmt: skip
def test_a_suite_of_what_there_is_not_is_not_saved(client: Client, head: str, name: str) -> None:
    text = SUITE.replace("suite: gate\n", f"suite: gate\n{head}: {name}\n")
    answer = client.post(f"{E}/suites", json={"text": text})
    assert answer.status_code == 400
    said = answer.json()
    assert (said["code"], said["hint"] != "") == ("BadSuite", True)
    assert said["message"].startswith(f"line 3, column {len(head) + 3}: ")
    assert text[said["position"] :].startswith(name)
    assert client.get("/api/v1/suites").json()["rows"] == []


def test_a_suite_of_what_there_is_is_saved(client: Client) -> None:
    text = SUITE.replace("suite: gate\n", "suite: gate\ndataset: patients@1\nmodel: tumours\n")
    assert client.post(f"{E}/suites", json={"text": text}).status_code == 201


def test_a_fault_in_one_check_is_told_by_its_own_lines(saved: Client) -> None:
    text = "name: huge ones\nkind: metric\nmetric: acuracy\nmin: 0.5"
    answer = saved.patch(f"{E}/suites/gate", json={"check": "huge ones", "text": text})
    said = answer.json()
    assert said["message"].startswith("line 3, column 9: ")
    assert text[said["position"] :].startswith("acuracy")


def test_a_suite_that_somebody_else_changed_is_not_overwritten(saved: Client) -> None:
    mine = {"text": SUITE.replace("0.99", "0.8"), "was": SUITE}
    saved.post(f"{E}/suites/gate/checks", json={"checks": [CHECK.format("theirs")]})
    late = saved.post(f"{E}/suites", json=mine)
    assert (late.status_code, late.json()["message"]) == (
        409,
        "suite 'gate' was changed by somebody in the meantime. Nothing was saved.",
    )
    now = saved.get(f"{E}/suites/gate").json()["text"]
    assert "theirs" in now
    assert saved.post(f"{E}/suites", json={**mine, "was": now}).status_code == 201


def test_a_new_suite_does_not_take_the_place_of_another(saved: Client) -> None:
    late = saved.post(f"{E}/suites", json={"text": SUITE, "was": ""})
    assert (late.status_code, late.json()["hint"]) == (
        409,
        "another name after suite:, or edit the one there is",
    )


def test_checks_that_are_added_at_once_are_all_there(client: Client) -> None:
    def add(name: str) -> int:
        added = {"checks": [CHECK.format(name)]}
        return int(client.post(f"{E}/suites/race/checks", json=added).status_code)

    names = [f"check {n}" for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(add, names)) == {201}
    board = client.get(f"{E}/suites/race").json()
    assert sorted(row["check"] for row in board["rows"]) == names


def test_an_unknown_column_in_one_check_is_told_by_its_own_lines(saved: Client) -> None:
    text = "name: huge ones\nkind: metric\nmetric: accuracy\nwhere: radiuss > 1\nmin: 0.5"
    answer = saved.patch(f"{E}/suites/gate", json={"check": "huge ones", "text": text})
    assert answer.json()["message"].startswith("line 4, column 8: ")


def test_no_file_is_read(client: Client, tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text("checks: []")
    text = f"include: [{tmp_path / 'other.yaml'}]\n{SUITE}"
    answer = client.post(f"{E}/suites", json={"text": text})
    assert answer.status_code == 400
    assert answer.json()["message"].startswith("line 1, column 1: files are not included here.")
    assert client.post(f"{E}/suites", json={"text": "other.yaml"}).status_code == 400


def test_checks_are_proposed_and_added(client: Client) -> None:
    url = f"{E}/checks/proposals"
    body = {"sources": ["error_classes", "cohorts"]}
    job = client.post(url, json=body)
    assert job.status_code == 202
    client.get(f"/api/v1/jobs/{job.json()['id']}/events")
    found = client.post(url, json=body).json()
    assert {row["verdict"]["verdict"] for row in found["rows"]} == {"pass"}
    texts = [row["yaml"] for row in found["rows"]]
    made = client.post(f"{E}/suites/kept/checks", json={"checks": texts[:1]})
    assert made.status_code == 201
    more = client.post(f"{E}/suites/kept/checks", json={"checks": texts[1:]}).json()
    assert len(more["rows"]) == len(texts)
    again = client.post(f"{E}/suites/kept/checks", json={"checks": texts[:1]})
    assert again.status_code == 400
    assert "there is already a check" in again.json()["message"]


def test_a_cohort_becomes_a_check(client: Client) -> None:
    body = {"where": "radius > 15", "name": "large ones"}
    job = client.post(f"{E}/checks/proposals", json=body)
    client.get(f"/api/v1/jobs/{job.json()['id']}/events")
    [row] = client.post(f"{E}/checks/proposals", json=body).json()["rows"]
    assert row["check"] == "large ones"
    assert "where: radius > 15" in row["yaml"]


def test_a_suite_of_a_file_is_known_by_its_runs(ws: mp.Workspace, client: Client) -> None:
    ws.run(SUITE.replace("gate", "elsewhere"))
    [entry] = client.get("/api/v1/suites").json()["rows"]
    assert (entry["suite"], entry["is_saved"], entry["checks"]) == ("elsewhere", False, 2)
    found = client.get(f"{E}/suites/elsewhere").json()
    assert found["text"].startswith("suite: elsewhere")
    assert found["rows"][0]["verdict"]["verdict"] == "fail"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "suites/nothing", None),
        ("post", "suites/nothing/run", {}),
        ("patch", "suites/nothing", {"check": "a", "text": None}),
    ],
    ids=["board", "run", "change"],
)
def test_an_unknown_suite_is_not_found(shared: Client, method: str, path: str, body: Any) -> None:
    answer = shared.request(method, f"{E}/{path}", json=body)
    assert answer.status_code == 404, answer.text


def test_a_baseline_that_there_is_not_is_told_before_a_job_begins(saved: Client) -> None:
    before = [job["id"] for job in saved.get("/api/v1/jobs").json()["rows"]]
    answer = saved.post(f"{E}/suites/gate/run", json={"baseline": "nobody"})
    assert answer.status_code == 400
    assert [job["id"] for job in saved.get("/api/v1/jobs").json()["rows"]] == before


def test_kinds_of_checks_say_what_they_may_be_told(shared: Client) -> None:
    found = shared.get(f"{E}/check-kinds").json()
    kinds = {row["name"]: row for row in found["rows"]}
    assert len(kinds) > 60
    fields = {item["name"]: item for item in kinds["adversarial"]["fields"]}
    assert kinds["adversarial"]["needs"] == "model"
    assert (fields["target"]["names"], fields["target"]["is_required"]) == ("label", True)
    assert (fields["vary"]["kind"], fields["vary"]["names"]) == ("list", "column")
    assert (fields["how"]["kind"], fields["how"]["choices"]) == ("choice", ["draws", "search"])
    assert (fields["min_share"]["minimum"], fields["min_share"]["maximum"]) == (0, 1)
    assert fields["where"]["names"] == "cohort"
    assert fields["severity"]["is_common"]
    offered = found["offered"]
    assert {"radius", "texture"} <= set(offered["column"])
    assert offered["label"] == ["benign", "malignant"]
    assert offered["metric"][0] == "accuracy"


@pytest.mark.parametrize(
    ("form", "text"),
    [
        (
            {"name": "good", "kind": "metric", "values": {"metric": "f1", "min": 0.5, "where": ""}},
            "name: good\nkind: metric\nmetric: f1\nmin: 0.5",
        ),
        (
            {"name": "tried", "kind": "adversarial", "texts": {"ranges": "{radius: [1, 2]}"},
             "values": {"target": "benign", "vary": ["radius"], "tries": 50, "sample": None}},
            "name: tried\nkind: adversarial\ntarget: benign\nsample: null\nvary: [radius]\n"
            "ranges: {radius: [1, 2]}",
        ),
        (
            {"name": "floor", "kind": "metric", "values": {"metric": "f1", "min": "${floor}"}},
            "name: floor\nkind: metric\nmetric: f1\nmin: ${floor}",
        ),
        (
            {"name": "two", "kind": "unit", "texts": {"values": "radius: 3\ntexture: [1, null]"},
             "values": {"label": "benign"}},
            "name: two\nkind: unit\nvalues: {radius: 3, texture: [1, null]}\nlabel: benign",
        ),
    ],
    ids=["plain", "yaml", "parameter", "block"],
)  # fmt: skip
def test_a_form_becomes_text_and_text_a_form(shared: Client, form: Any, text: str) -> None:
    made = shared.post("/api/v1/checks/text", json=form)
    assert made.json() == {"text": text}
    again = shared.post("/api/v1/checks/form", json={"text": text}).json()
    assert (again["name"], again["kind"]) == (form["name"], form["kind"])
    third = shared.post("/api/v1/checks/text", json=again | {"texts": {}}).json()
    assert third == {"text": text}


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("text", {"name": "x", "kind": "matric"}, "no kind of check 'matric'"),
        ("text", {"name": "x", "kind": "metric", "values": {"mim": 1}}, "no option 'mim'"),
        ("text", {"name": "x", "kind": "unit", "texts": {"values": "{a: ["}}, "values: "),
        ("form", {"text": "name: [1"}, "line 1"),
        ("form", {"text": "- a"}, "a check is a block of names and values"),
    ],
    ids=["kind", "option", "yaml", "text", "list"],
)
def test_a_bad_form_is_told(shared: Client, path: str, body: Any, says: str) -> None:
    answer = shared.post(f"/api/v1/checks/{path}", json=body)
    assert answer.status_code in (400, 404), answer.text
    assert says in answer.json()["message"]
