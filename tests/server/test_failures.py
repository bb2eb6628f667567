"""Bad requests: the status, and the three parts of the text."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

import pytest

from mispredict.engine import query

E = "/api/v1/evaluations/tumours@1/patients@1"

BAD = [
    (f"{E}/metrics?where=radios > 3", 400, "UnknownColumn", "'radius'"),
    (f"{E}/metrics?where=radius >", 400, "BadPredicate", "near '>' at character 8"),
    (f"{E}/metrics?where=radius > 1e9", 400, "EmptyCohort", "a wider cohort"),
    (f"{E}/metrics?metrics=acuracy", 400, "UnknownName", "'accuracy'"),
    (f"{E}/metrics?by=note", 400, "BadOption", "note"),
    (f"{E}/cohort?where=tag('ruff')", 400, "UnknownName", "'rough'"),
    (f"{E}/overview?parts=metriks", 400, "BadOption", "'metrics'"),
    (f"{E}/roc?positive=maybe", 400, "BadOption", "'benign'"),
    (f"{E}/thresholds?cost_fp=-1", 400, "BadOption", "cost"),
    (f"{E}/thresholds?cost_fp=cheap", 422, "InvalidRequest", "cost_fp"),
    (f"{E}/rows?order_by=radios", 400, "UnknownColumn", "'radius'"),
    (f"{E}/rows?order_by=radius; DROP TABLE rows", 400, "BadOption", "loss DESC, Age"),
    (f"{E}/rows?columns=radios", 400, "UnknownColumn", "'radius'"),
    (f"{E}/rows?limit=1001", 400, "BadOption", "limit: 1000, and further pages"),
    (f"{E}/mistakes?limit=1001", 400, "BadOption", "limit: 1000, and further pages"),
    (f"{E}/rows?limit=-1", 422, "InvalidRequest", "limit"),
    (f"{E}/rows?cursor=nonsense", 400, "BadOption", "the first page again"),
    (f"{E}/rows?cursor=%F0%9F%98%80", 400, "BadOption", "the first page again"),
    (f"{E}/rows/569", 404, "UnknownName", "rows/0"),
    (f"{E}/rows/x", 422, "InvalidRequest", "row"),
    (f"{E}/explore?column=radios&codes=1", 400, "UnknownColumn", "radius"),
    (f"{E}/explore?mode=swap", 422, "InvalidRequest", "mode"),
    (f"{E}/mistakes?order=random", 422, "InvalidRequest", "order"),
    (f"{E}/cards?kinds=colour", 400, "BadOption", "'value'"),
    (f"{E}/priorities?ceiling=high", 400, "BadOption", "ceiling: 0.95"),
    (f"{E}/complete?text=a&cursor=-1", 422, "InvalidRequest", "cursor"),
    (f"{E}/slices?conditions=9", 422, "InvalidRequest", "conditions"),
    (f"{E}/slices?speed=9", 422, "InvalidRequest", "speed"),
    ("/api/v1/evaluations/tumours@2/patients@1", 404, "UnknownName", "tumours@1/patients@1"),
    (
        "/api/v1/evaluations/none/patients@1/rows",
        404,
        "UnknownName",
        "the evaluations of the first page",
    ),
    (
        "/api/v1/evaluations/t@prod/patients@1/rows",
        404,
        "UnknownName",
        "the evaluations of the first page",
    ),
    ("/api/v1/jobs/0123", 404, "UnknownName", "GET /api/v1/jobs"),
    ("/api/v1/jobs/0123/result", 404, "UnknownName", "GET /api/v1/jobs"),
    ("/api/v1/jobs/0123/events", 404, "UnknownName", "GET /api/v1/jobs"),
    ("/api/v1/nothing", 404, "UnknownAddress", "GET /openapi.json"),
    ("/api", 404, "UnknownAddress", "GET /openapi.json"),
]


@pytest.mark.parametrize(
    ("url", "status", "code", "said"), BAD, ids=[url.removeprefix(E) for url, *_ in BAD]
)
def test_a_bad_request_is_answered_in_three_parts(
    shared: Any, url: str, status: int, code: str, said: str
) -> None:
    answer = shared.get(url)
    found = answer.json()
    assert (answer.status_code, found["code"]) == (status, code), answer.text
    assert set(found) == {"code", "message", "hint", "position"}
    assert found["message"]
    assert found["hint"]
    assert said in f"{found['message']} {found['hint']}"
    assert answer.headers["cache-control"] == "no-store"


def test_what_cannot_be_read_of_a_cohort_is_said_with_its_place(shared: Any) -> None:
    found = shared.get(f"{E}/cohort", params={"where": "radius > 3 AND ; 'x'"}).json()
    assert found["code"] == "BadPredicate"
    assert found["position"] == 15


BAD_WRITES = [
    ("post", f"{E}/tags/seen", {}, 400, "BadOption", "where: a cohort"),
    ("post", f"{E}/tags/seen", {"where": "radius > 3", "rows": [1]}, 400, "BadOption", "Both"),
    ("post", f"{E}/tags/seen", {"rows": [569]}, 400, "BadOption", "Rows go from 0 to 568"),
    ("post", f"{E}/tags/seen", {"rows": ["a"]}, 422, "InvalidRequest", "rows"),
    ("post", f"{E}/tags/seen", {"when": "now"}, 422, "InvalidRequest", "when"),
    ("post", f"{E}/tags/s%20%20", {"rows": [1]}, 400, "BadOption", "Names have"),
    ("patch", f"{E}/tags/none", {"ease": 1}, 404, "UnknownName", "'rough'"),
    ("patch", f"{E}/tags/rough", {"ease": 9}, 400, "BadOption", "ease: 3"),
    ("post", "/api/v1/cohorts", {"name": "x"}, 422, "InvalidRequest", "where"),
    ("post", "/api/v1/cohorts", {"name": "", "where": "a > 1"}, 400, "BadOption", "Names have"),
    ("post", "/api/v1/cohorts", {"name": "x", "where": "a >"}, 400, "BadPredicate", "near"),
    ("post", "/api/v1/cohorts", {"name": "x", "where": "cohort('x')"}, 400, "BadPredicate",
     "itself"),
    ("post", "/api/v1/cohorts", {"name": "x", "where": "a > 1", "evaluation": "tumours"}, 400,
     "UnknownColumn", "'a'"),
    ("post", f"{E}/thresholds/decisions", {"threshold": 2, "who": "A", "reason": "b"}, 400,
     "BadOption", "threshold"),
    ("post", f"{E}/thresholds/decisions", {"threshold": 0.5, "who": "", "reason": "b"}, 400,
     "BadOption", "who"),
    ("post", "/api/v1/jobs", {"kind": "slice"}, 400, "UnknownName", "'slices'"),
    ("post", "/api/v1/jobs", {"kind": "slices"}, 400, "BadOption", "evaluation: gbm@1/churn@2"),
    ("post", "/api/v1/jobs", {"kind": "slices", "evaluation": "a/b"}, 400, "UnknownName", "a/b"),
    ("post", "/api/v1/jobs", {"kind": "tree", "evaluation": "tumours@1/patients@1",
                              "options": {"depth": 99}}, 400, "BadOption", "min_share"),
    ("post", "/api/v1/jobs", {"kind": "evaluate", "model": "x", "dataset": "patients"}, 400,
     "UnknownName", "tumours"),
    ("delete", "/api/v1/jobs/0123", None, 404, "UnknownName", "GET /api/v1/jobs"),
    ("put", E, {}, 405, "WrongMethod", "GET /openapi.json"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "code", "said"),
    BAD_WRITES,
    ids=[f"{method} {url.removeprefix(E)} {body}" for method, url, body, *_ in BAD_WRITES],
)
def test_a_bad_write_is_answered_in_three_parts(
    shared: Any, method: str, url: str, body: Any, status: int, code: str, said: str
) -> None:
    answer = shared.request(method, url, json=body)
    found = answer.json()
    assert (answer.status_code, found["code"]) == (status, code), answer.text
    assert found["hint"]
    assert said in f"{found['message']} {found['hint']}"


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"where=TRUE", "text/plain")],
    ids=["half", "no text", "no JSON"],
)
def test_a_body_that_is_no_json_is_refused(shared: Any, body: bytes, kind: str) -> None:
    answer = shared.post(f"{E}/tags/seen", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422
    assert answer.json()["code"] == "InvalidRequest"


def test_a_fault_says_nothing_but_an_id_under_which_it_is_logged(
    make_client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_client()
    service = client.app.state.service
    service.evaluations.open("tumours@1", "patients@1").evaluation.__dict__["table"] = None
    with caplog.at_level(logging.ERROR, "mispredict.server"):
        answer = client.get(f"{E}/metrics")
    found = answer.json()
    assert (answer.status_code, found["code"]) == (500, "Fault")
    id_ = found["message"].rsplit(" ", 1)[1].rstrip(".")
    assert id_ in caplog.text
    assert "NoneType" in caplog.text
    assert "NoneType" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_an_answer_that_takes_too_long_is_given_up_and_kept_for_later(make_client: Any) -> None:
    client = make_client(request_s=1e-6)
    answer = client.get(f"{E}/metrics")
    assert answer.status_code == 504
    assert answer.json()["code"] == "TooSlow"
    assert "POST /api/v1/jobs" in answer.json()["hint"]


def test_who_comes_when_the_queue_is_full_is_told_when_to_come_again(make_client: Any) -> None:
    client = make_client(heavy_threads=1, queue=1)
    pool = client.app.state.service.pool
    go = threading.Event()

    async def occupy() -> list[asyncio.Task[bool]]:
        tasks = [asyncio.create_task(pool.heavy(lambda: go.wait(60))) for _ in range(2)]
        await asyncio.sleep(0)
        return tasks

    tasks = client.portal.call(occupy)
    answer = client.get(f"{E}/metrics")
    go.set()
    client.portal.call(lambda: asyncio.wait(tasks, timeout=60))
    assert answer.status_code == 503
    assert answer.json()["code"] == "Busy"
    assert int(answer.headers["retry-after"]) > 0
    assert client.get(f"{E}/metrics").status_code == 200


def test_two_who_ask_the_same_at_once_share_one_computation(make_client: Any) -> None:
    client = make_client()
    pool = client.app.state.service.pool
    go, calls = threading.Event(), []

    def work() -> int:
        calls.append(1)
        assert go.wait(60)
        return 7

    async def ask() -> list[int]:
        both = [asyncio.create_task(pool.heavy(work, key="same")) for _ in range(2)]
        await asyncio.sleep(0)
        go.set()
        return await asyncio.gather(*both)

    assert client.portal.call(ask) == [7, 7]
    assert len(calls) == 1


def test_a_long_address_and_a_long_body_are_too_large(make_client: Any) -> None:
    client = make_client(text_bytes=200, body_bytes=300)
    long = client.get(f"{E}/cohort", params={"where": "radius > 1 OR " * 30 + "TRUE"})
    assert (long.status_code, long.json()["code"]) == (413, "TooLarge")
    body = client.post(f"{E}/tags/x", json={"rows": list(range(200))})
    assert (body.status_code, body.json()["code"]) == (413, "TooLarge")
    chunked = client.post(f"{E}/tags/x", content=(b" " * 100 for _ in range(9)))
    assert (chunked.status_code, chunked.json()["code"]) == (413, "TooLarge")


def test_queries_have_the_limits_of_the_settings(make_client: Any) -> None:
    client = make_client(query_memory="123MB", query_s=4)
    pool = client.app.state.service.pool
    limits = client.portal.call(pool.heavy, query._LIMITS.get)
    assert (limits.memory, limits.timeout_s) == ("123MB", 4)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ('{"rows":', "the body cannot be used. It is no JSON at character"),
        ('{"rows":' + "[" * 100_000, "the body cannot be used. It is no JSON"),
        ("rows=1", "the body cannot be used. It is no JSON"),
        ("[1]", "the body cannot be used. It is no JSON object."),
        ('{"rows":[true]}', "rows.0 cannot be used."),
        ('{"rows":["1"]}', "rows.0 cannot be used."),
    ],
    ids=["broken", "deep", "form", "list", "true", "text"],
)  # fmt: skip
def test_a_body_that_cannot_be_read_is_said_in_three_parts(
    shared: Any, body: str, problem: str
) -> None:
    answer = shared.post(
        "/api/v1/evaluations/tumours@1/patients@1/tags/x",
        content=body, headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(problem)
    assert answer.json()["hint"]


@pytest.mark.parametrize(
    ("template", "place"),
    [([], "template.template"), ({"column": 0, "template": "x"}, "template.column")],
    ids=["list", "number"],
)
def test_a_field_within_a_field_is_said_in_three_parts(
    shared: Any, template: Any, place: str
) -> None:
    body = {"template": template if isinstance(template, dict) else {"template": template}}
    answer = shared.post("/api/v1/evaluations/tumours@1/patients@1/generated/check", json=body)
    assert answer.status_code == 422
    assert answer.json()["message"].startswith(f"{place} cannot be used. ")
    assert answer.json()["hint"] == "see template of this address in /openapi.json"


@pytest.mark.parametrize("row", ["1_0", "+3", "1.0", "\u0663", "%20"])
def test_a_row_is_named_by_digits(shared: Any, row: str) -> None:
    assert shared.get(f"/api/v1/evaluations/tumours@1/patients@1/rows/{row}").status_code == 422


@pytest.mark.parametrize("value", ["NaN", '{"a": 1}'])
def test_values_that_cannot_be_are_told_in_our_words(shared: Any, value: str) -> None:
    answer = shared.post(
        "/api/v1/evaluations/tumours@1/patients@1/rows/3/what-if",
        content=f'{{"changes": {{"radius": {value}}}}}',
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["message"].startswith("changes.radius cannot be used. It is ")
    assert "union" not in answer.text
