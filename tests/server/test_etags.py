"""What was answered is not sent again; what changed is."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

E = "/api/v1/evaluations/tumours@1/patients@1"


@pytest.mark.parametrize(
    "url",
    ["/api/v1/workspace", "/api/v1/cohorts", E, f"{E}/metrics?by=size", f"{E}/rows?limit=3"],
)
def test_who_has_the_answer_gets_304(shared: Any, url: str) -> None:
    first = shared.get(url)
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = shared.get(url, headers={"If-None-Match": given})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert shared.get(url, headers={"If-None-Match": '"other"'}).status_code == 200


def test_the_tag_differs_by_address_and_parameters(shared: Any) -> None:
    one, two = (shared.get(f"{E}/complete?text={text}") for text in ("a%26cursor=1", "a&cursor=1"))
    assert one.headers["etag"] != two.headers["etag"]
    urls = [E, f"{E}/metrics", f"{E}/metrics?by=size", f"{E}/metrics?where=TRUE", f"{E}/cards"]
    assert len({shared.get(url).headers["etag"] for url in urls}) == len(urls)


@pytest.mark.parametrize(
    ("url", "is_other"),
    [
        (E, True),
        (f"{E}/explore", True),
        (f"{E}/priorities", True),
        (f"{E}/complete?text=tag", True),
        (f"{E}/metrics?where=tag('rough')", True),
        (f"{E}/metrics?where=t%61g('rough')", True),
        (f"{E}/metrics?by=TAG('rough')", True),
        (f"{E}/rows?where=cohort('large')", True),
        (f"{E}/metrics", False),
        (f"{E}/overview", False),
        (f"{E}/rows?order_by=loss", False),
    ],
)
def test_a_new_tag_changes_what_depends_on_tags(client: Any, url: str, is_other: bool) -> None:
    before = client.get(url).headers["etag"]
    client.post(f"{E}/tags/rough", json={"rows": [1, 2, 3]})
    assert (client.get(url).headers["etag"] != before) is is_other


def test_a_cohort_saved_anew_means_the_new_rows_at_once(client: Any) -> None:
    url = f"{E}/cohort?where=cohort('large')"
    before = client.get(url).json()["n"]
    client.post("/api/v1/cohorts", json={"name": "large", "where": "radius > 20"})
    assert 0 < client.get(url).json()["n"] < before


def test_predictions_made_anew_are_seen_at_once(client: Any, ws: Any) -> None:
    before = client.get(f"{E}/metrics")
    frame = ws.dataset("patients").to_frame(["patient", "diagnosis"])
    right = frame.rename(columns={"diagnosis": "prediction"})
    ws.add_predictions("tumours@1", "patients", right)
    after = client.get(f"{E}/metrics")
    assert after.headers["etag"] != before.headers["etag"]
    (accuracy,) = (row for row in after.json()["rows"] if row["metric"] == "accuracy")
    assert accuracy["value"] == 1


def test_clusters_become_a_column_at_once(client: Any, ws: Any) -> None:
    tag = client.get(E).headers["etag"]
    ws.evaluation("tumours").clusters("note")
    facts = client.get(E)
    assert facts.headers["etag"] != tag
    assert "cluster" in {column["name"] for column in facts.json()["columns"]}


def test_only_as_many_evaluations_stay_open_as_the_settings_say(make_client: Any, ws: Any) -> None:
    frame = ws.dataset("patients").to_frame(["patient", "diagnosis"])
    right = frame.rename(columns={"diagnosis": "prediction"})
    for name in ("one", "two", "three"):
        ws.add_predictions(name, "patients", right)
    client = make_client(open_evaluations=2)
    for name in ("one", "two", "three", "one"):
        assert client.get(f"/api/v1/evaluations/{name}@1/patients@1/metrics").status_code == 200
    assert len(client.app.state.service.evaluations) == 2


def test_answers_are_kept_up_to_their_memory(make_client: Any) -> None:
    client = make_client(answer_megabytes=1)
    for limit in range(200, 260):
        client.get(f"{E}/rows?limit={limit}")
    assert 0 < client.app.state.service.answers.used <= 1 << 20


@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_answers_are_compressed_for_who_takes_it(
    shared: Any, accepted: str, is_packed: bool
) -> None:
    headers = {"Accept-Encoding": accepted}
    with shared.stream("GET", f"{E}/rows?limit=100", headers=headers) as answer:
        raw = b"".join(answer.iter_raw())
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (answer.headers.get("content-encoding") == "gzip") is is_packed
    assert b'"columns"' in (gzip.decompress(raw) if is_packed else raw)


def test_short_answers_are_sent_as_they_are(shared: Any) -> None:
    answer = shared.get("/health", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in answer.headers


def test_an_overview_tells_a_decision_that_was_made_since(client: Any) -> None:
    url = f"{E}/overview?parts=metrics&parts=threshold"
    before = client.get(url)
    assert before.json()["threshold"]["decision"] is None
    draft = {"threshold": 0.4, "who": "Ada", "reason": "missing a tumour is worse"}
    assert client.post(f"{E}/thresholds/decisions", json=draft).status_code == 201
    after = client.get(url, headers={"If-None-Match": before.headers["etag"]})
    assert after.status_code == 200
    assert after.json()["threshold"]["decision"]["who"] == "Ada"


def test_an_overview_is_there_when_the_server_starts_anew(make_client: Any) -> None:
    url = f"{E}/overview?parts=metrics"
    first = make_client().get(url)
    assert make_client().get(url).json()["seconds"] == first.json()["seconds"]  # not measured again


@pytest.mark.parametrize(
    "url", [f"{E}/metrics?by=nothing", f"{E}/rows/99999", f"{E}/cohort?where=("]
)
def test_there_is_no_answer_to_have_of_a_question_that_is_an_error(shared: Any, url: str) -> None:
    status = shared.get(url).status_code
    assert status >= 400
    assert shared.get(url, headers={"If-None-Match": "*"}).status_code == status
