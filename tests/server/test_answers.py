"""Every endpoint's good answer, and that it is what the OpenAPI document says."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest

E = "/api/v1/evaluations/tumours@1/patients@1"
DS = "/api/v1/datasets/patients@1"
GOOD = [
    ("health", "/health"),
    ("version", "/version"),
    ("session", "/api/v1/session"),
    ("workspace", "/api/v1/workspace"),
    ("cohorts", "/api/v1/cohorts"),
    ("jobs", "/api/v1/jobs"),
    ("evaluation", E),
    ("overview", f"{E}/overview"),
    ("overview", f"{E}/overview?parts=metrics&parts=mistakes&where=radius > 12"),
    ("metrics", f"{E}/metrics"),
    ("metrics", f"{E}/metrics?by=size&metrics=accuracy&metrics=recall&where=texture > 15"),
    ("metrics", f"{E}/metrics?by=tag('rough')&by=cohort('large')"),
    ("confusion", f"{E}/confusion?where=radius > 12"),
    ("calibration", f"{E}/calibration"),
    ("roc", f"{E}/roc?positive=benign"),
    ("precision_recall", f"{E}/precision-recall"),
    ("thresholds", f"{E}/thresholds?cost_fn=5&review_low=0.4&review_high=0.6&cost_review=0.1"),
    ("error_classes", f"{E}/error-classes"),
    ("cards", f"{E}/cards?top=5&kinds=value&columns=size"),
    ("cards", f"{E}/cards"),
    ("mistakes", f"{E}/mistakes?order=loss&limit=3"),
    ("near_misses", f"{E}/near-misses?limit=3"),
    ("outliers", f"{E}/outliers?limit=3"),
    ("explore", f"{E}/explore"),
    ("explore", f"{E}/explore?where=size = 'large'&column=size&codes=0&mode=add"),
    ("rows", f"{E}/rows?limit=5&order_by=loss DESC&columns=patient&columns=loss"),
    ("rows", f"{E}/rows?where=FALSE"),
    ("rows", f"{E}/rows?where=radius > 12&column=size&codes=0&limit=5"),
    ("mask", f"{E}/mask?where=radius > 15"),
    ("row", f"{E}/rows/0?where=radius > 12&order_by=loss DESC"),
    ("cohort", f"{E}/cohort?where=radius > 12 AND tag('rough')"),
    ("cohort", f"{E}/cohort"),
    ("complete", f"{E}/complete?text=rad&cursor=2"),
    ("priorities", f"{E}/priorities?ceiling=0.95&sort=worth"),
    ("suites", "/api/v1/suites"),
    ("runs", f"{E}/runs"),
    ("perturbations", f"{E}/perturbations"),
    ("check_kinds", f"{E}/check-kinds"),
    ("lexicons", "/api/v1/lexicons"),
    ("problems", "/api/v1/problems"),
    ("evaluation_problems", f"{E}/problems"),
    ("problem_history", "/api/v1/history/problems"),
    ("dataset", DS),
    ("dataset_rows", f"{DS}/rows?where=radius > 12&limit=2"),
    ("label_decisions", f"{DS}/label-decisions"),
    ("model_board", "/api/v1/datasets/patients/board"),
]
ELSEWHERE = {  # in the tests of their own routes: most are jobs first
    "slices", "tree", "clusters", "map", "job", "job_result", "job_events", "suite", "problem",
    "augmentation_advice", "changed", "compare", "conflicts", "conformal", "consensus",
    "corrected_metrics", "coverage", "data_health", "data_proposals", "dataset_diff", "drift",
    "duplicates",
    "estimated_performance", "label_errors", "label_queue", "leakage", "sanity", "spread",
    "uncertainty",
}  # fmt: skip


@pytest.mark.parametrize(("operation", "url"), GOOD, ids=[url for _, url in GOOD])
def test_a_good_answer_is_what_the_document_says(shared: Any, operation: str, url: str) -> None:
    answer = shared.get(url)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    check(shared, operation, 200, answer.json())


def test_every_operation_that_reads_has_a_good_answer_here(shared: Any) -> None:
    asking = "explaining"  # those are in `why`
    known = {item["operationId"] for item in gets(document(shared)) if item["tags"] != [asking]}
    assert known == {operation for operation, _ in GOOD} | ELSEWHERE


@pytest.mark.parametrize("kind", ["slices", "tree", "clusters", "map"])
def test_a_search_is_answered_by_a_job_and_then_by_its_result(client: Any, kind: str) -> None:
    first = client.get(f"{E}/{kind}?seed=1")
    assert first.status_code == 202, first.text
    check(client, kind, 202, first.json())
    job = finished(client, first.json()["id"])
    assert job["state"] == "done", job
    assert job["result_url"] == f"{E}/{kind}?seed=1"
    check(client, "job", 200, job)
    second = client.get(job["result_url"])
    assert second.status_code == 200
    check(client, kind, 200, second.json())
    again = client.get(job["result_url"], headers={"If-None-Match": second.headers["etag"]})
    assert again.status_code == 304


def test_sliceline_scores_are_described_too(client: Any) -> None:
    first = client.get(f"{E}/slices?scoring=sliceline&conditions=1")
    finished(client, first.json()["id"])
    answer = client.get(f"{E}/slices?scoring=sliceline&conditions=1").json()
    assert {"score", "max_error"} <= set(answer["rows"][0])
    check(client, "slices", 200, answer)


def test_a_decision_is_recorded(client: Any, ws: Any) -> None:
    draft = {"threshold": 0.4, "who": "Ada", "reason": "missing a tumour is worse"}
    answer = client.post(f"{E}/thresholds/decisions", json=draft)
    assert answer.status_code == 201
    check(client, "decide_threshold", 201, answer.json())
    assert ws.store.version("threshold", "tumours").spec["who"] == "Ada"


def test_rows_are_tagged_by_cohort_and_by_number_and_untagged(client: Any) -> None:
    answer = client.post(f"{E}/tags/seen", json={"where": "radius > 20"})
    check(client, "tag_rows", 200, answer.json())
    count = answer.json()["n"]
    assert count > 0
    more = client.post(f"{E}/tags/seen", json={"rows": [400, 401]}).json()["n"]
    assert more == count + 2
    less = client.post(f"{E}/tags/seen", json={"rows": [400], "remove": True}).json()["n"]
    assert less == count + 1
    assert client.get(f"{E}/cohort?where=tag('seen')").json()["n"] == count + 1


def test_what_is_said_of_a_tag_stays_until_it_is_taken_back(client: Any) -> None:
    said = client.patch(f"{E}/tags/rough", json={"ease": 2, "note": "by hand"})
    check(client, "set_tag", 200, said.json())
    client.patch(f"{E}/tags/rough", json={"ceiling": 0.9})
    now = client.patch(f"{E}/tags/rough", json={"ease": None}).json()
    assert (now["ease"], now["ceiling"], now["note"]) == (None, 0.9, "by hand")
    assert client.patch(f"{E}/tags/rough", json={"note": None}).json()["note"] == ""


def test_a_cohort_is_saved_and_can_be_used_at_once(client: Any) -> None:
    draft = {"name": "small ones", "where": "radius < 12", "evaluation": "tumours@1/patients@1"}
    answer = client.post("/api/v1/cohorts", json=draft)
    assert answer.status_code == 201
    check(client, "save_cohort", 201, answer.json())
    found = client.get(f"{E}/cohort?where=cohort('small ones')").json()
    assert found["n"] == client.get(f"{E}/cohort?where=radius < 12").json()["n"]
    assert "small ones" in {row["name"] for row in client.get("/api/v1/cohorts").json()["rows"]}


def test_the_facts_say_what_there_is_to_ask(shared: Any) -> None:
    facts = shared.get(E).json()
    views = {column["name"]: column["view"] for column in facts["columns"]}
    assert views["radius"] == "bins"
    assert views["size"] == "values"
    assert views["note"] == "text"
    assert [item["name"] for item in facts["cohorts"]] == ["large"]
    assert [item["name"] for item in facts["tags"]] == ["rough"]
    assert facts["task"] == {
        "kind": "binary", "classes": ["benign", "malignant"], "positive": "malignant",
    }  # fmt: skip
    assert (facts["can_call_model"], facts["is_loss"], facts["map"]) == (False, False, "possible")


def test_the_workspace_shows_each_evaluation_with_its_first_metric(shared: Any) -> None:
    (entry,) = shared.get("/api/v1/workspace").json()["evaluations"]
    assert entry["ref"] == "tumours@1/patients@1"
    assert entry["headline"]["metric"] == "accuracy"
    assert entry["headline"]["low"] < entry["headline"]["value"] < entry["headline"]["high"]


def test_only_the_parts_that_were_asked_for_are_there(shared: Any) -> None:
    answer = shared.get(f"{E}/overview?parts=error_classes").json()
    assert answer["error_classes"]
    assert answer["figures"] == []
    assert (answer["slices"], answer["mistakes"], answer["cards"]) == (None, None, None)


def test_a_row_names_the_slices_that_were_found(client: Any) -> None:
    assert client.get(f"{E}/rows/0").json()["slices"] == []
    finished(client, client.get(f"{E}/slices").json()["id"])
    wheres = [row["where"] for row in client.get(f"{E}/slices").json()["rows"]]
    assert wheres
    for where in wheres:
        inside = client.get(f"{E}/rows?where={where}&limit=1&columns=row").json()["rows"]
        assert where in client.get(f"{E}/rows/{inside[0]['row']}").json()["slices"]


def finished(client: Any, id_: str) -> dict[str, Any]:
    """The job, once it is over."""
    with client.stream("GET", f"/api/v1/jobs/{id_}/events") as stream:
        for line in stream.iter_lines():
            if line == "event: end":
                break
    job: dict[str, Any] = client.get(f"/api/v1/jobs/{id_}").json()
    return job


def check(client: Any, operation: str, status: int, value: Any) -> None:
    """That a value is what the document says of an operation's answer."""
    made = document(client)
    (found,) = (item for item in operations(made) if item["operationId"] == operation)
    schema = found["responses"][str(status)]["content"]["application/json"]["schema"]
    whole = {**schema, "components": made["components"]}
    jsonschema.Draft202012Validator(whole).validate(value)


def document(client: Any) -> Any:
    return _parsed(client.get("/openapi.json").text)


@cache
def _parsed(text: str) -> Any:
    return json.loads(text)


def operations(made: Any) -> list[dict[str, Any]]:
    return [item for path in made["paths"].values() for item in path.values()]


def gets(made: Any) -> list[dict[str, Any]]:
    return [path["get"] for path in made["paths"].values() if "get" in path]
