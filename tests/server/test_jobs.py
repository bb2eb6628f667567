"""Jobs: once, watched, cancelled, failed, and taken up again after a restart."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mispredict as mp
from mispredict.server.jobs.files import JobFiles, Record
from mispredict.server.jobs.kind import KINDS

E = "/api/v1/evaluations/tumours@1/patients@1"
EVALUATION = "tumours@1/patients@1"


class Model:
    """Says that all is benign, batch by batch, and waits at the second until it may go on."""

    def __init__(self) -> None:
        self.rows = 0
        self.is_waiting = threading.Event()
        self.go = threading.Event()

    def __call__(self, rows: Any) -> Any:
        if self.rows:
            self.is_waiting.set()
            assert self.go.wait(120)
        self.rows += len(rows)
        return np.full(len(rows), "benign")


@pytest.fixture
def model(ws: mp.Workspace) -> Iterator[Model]:
    made = Model()
    ws.add_model("slow", made, version="1")
    yield made
    made.go.set()


def test_the_same_asked_twice_is_one_job(client: Any) -> None:
    with occupied(client):
        first = client.get(f"{E}/slices?top=5").json()
        assert first["state"] == "waiting"
        assert client.get(f"{E}/slices?top=5").json()["id"] == first["id"]
        draft = {"kind": "slices", "evaluation": EVALUATION, "options": {"top": 5}}
        assert client.post("/api/v1/jobs", json=draft).json()["id"] == first["id"]
        assert client.get(f"{E}/slices?top=6").json()["id"] != first["id"]
    assert finished(client, first["id"])["state"] == "done"
    again = client.post("/api/v1/jobs", json=draft)
    assert (again.status_code, again.json()["state"]) == (200, "done")


def test_a_search_of_tagged_rows_is_another_one_after_tagging(client: Any) -> None:
    url = f"{E}/tree?where=NOT tag('rough')"
    first = client.get(url).json()
    finished(client, first["id"])
    assert client.get(url).status_code == 200
    client.post(f"{E}/tags/rough", json={"rows": [0, 1]})
    second = client.get(url)
    assert second.status_code == 202
    assert second.json()["id"] != first["id"]


def test_jobs_are_listed_newest_first(client: Any) -> None:
    with occupied(client):
        ids = [client.get(f"{E}/tree?seed={seed}").json()["id"] for seed in range(3)]
        rows = client.get("/api/v1/jobs").json()["rows"]
    assert [row["id"] for row in rows] == ids[::-1]
    assert {row["evaluation"] for row in rows} == {EVALUATION}


def test_events_tell_each_change_and_end(client: Any) -> None:
    job = client.get(f"{E}/slices").json()
    events = told(client, job["id"])
    assert {name for name, _ in events[:-1]} == {"progress"}
    name, last = events[-1]
    assert name == "end"
    assert last["state"] == "done"
    assert last["done"] == last["total"] > 0
    assert told(client, job["id"])[-1] == ("end", last)


def test_events_say_that_they_are_events(client: Any) -> None:
    id_ = client.get(f"{E}/tree").json()["id"]
    with client.stream("GET", f"/api/v1/jobs/{id_}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        assert stream.headers["cache-control"] == "no-store"
        assert "content-encoding" not in stream.headers
        stream.read()


def test_a_waiting_job_is_cancelled_and_started_again_when_asked(client: Any) -> None:
    with occupied(client):
        job = client.get(f"{E}/tree").json()
        cancelled = client.delete(f"/api/v1/jobs/{job['id']}").json()
        assert cancelled["state"] == "cancelled"
        assert cancelled["ended_at"]
    seen = client.get(f"{E}/tree")
    assert (seen.status_code, seen.json()["state"]) == (202, "cancelled")
    result = client.get(f"/api/v1/jobs/{job['id']}/result")
    assert (result.status_code, result.json()["code"]) == (409, "NoResult")
    draft = {"kind": "tree", "evaluation": EVALUATION}
    assert client.post("/api/v1/jobs", json=draft).status_code == 202
    assert finished(client, job["id"])["state"] == "done"
    assert client.delete(f"/api/v1/jobs/{job['id']}").json()["state"] == "done"


def test_a_running_evaluation_is_cancelled_and_goes_on_from_there(
    client: Any, ws: mp.Workspace, model: Model
) -> None:
    draft = {
        "kind": "evaluate", "model": "slow", "dataset": "patients", "options": {"batch_rows": 100},
    }  # fmt: skip
    job = client.post("/api/v1/jobs", json=draft).json()
    assert model.is_waiting.wait(30)
    running = client.get(f"/api/v1/jobs/{job['id']}").json()
    assert (running["state"], running["done"], running["total"]) == ("running", 100, 569)
    assert (running["evaluation"], running["result_url"]) == ("slow@1/patients@1", None)
    client.delete(f"/api/v1/jobs/{job['id']}")
    model.go.set()
    job = client.post("/api/v1/jobs", json=draft).json()
    job = finished(client, job["id"])
    assert job["state"] == "done"
    assert job["result_url"] == "/api/v1/evaluations/slow@1/patients@1"
    assert client.get(job["result_url"]).json()["n"] == 569
    made = client.get(f"/api/v1/jobs/{job['id']}/result").json()
    assert made["ref"] == "slow@1/patients@1"
    assert model.rows == 569  # none was asked twice


def test_an_evaluation_goes_on_after_a_restart(
    make_client: Any, ws: mp.Workspace, model: Model
) -> None:
    draft = {
        "kind": "evaluate", "model": "slow", "dataset": "patients", "options": {"batch_rows": 100},
    }  # fmt: skip
    first = make_client()
    id_ = first.post("/api/v1/jobs", json=draft).json()["id"]
    assert model.is_waiting.wait(30)
    jobs = first.app.state.service.jobs
    is_to_stop = jobs._runs[id_].is_unwanted
    closing = threading.Thread(target=jobs.close, kwargs={"wait_s": 60}, daemon=True)
    closing.start()
    assert is_to_stop.wait(30)
    model.go.set()  # in the middle of closing, which waits for what the model said
    closing.join(60)
    assert not closing.is_alive()
    assert model.rows == 200
    first.app.state.service.close()
    second = make_client()
    assert second.get(f"/api/v1/jobs/{id_}").json()["state"] in ("waiting", "running", "done")
    assert finished(second, id_)["state"] == "done"
    assert model.rows == 569


def test_closing_does_not_wait_for_a_model_that_hears_nothing(
    make_client: Any, ws: mp.Workspace, model: Model
) -> None:
    draft = {
        "kind": "evaluate", "model": "slow", "dataset": "patients", "options": {"batch_rows": 100},
    }  # fmt: skip
    client = make_client()
    client.post("/api/v1/jobs", json=draft)
    assert model.is_waiting.wait(30)
    client.app.state.service.jobs.close(wait_s=0.01)
    assert not model.go.is_set()
    assert model.rows == 100


def test_a_slow_model_keeps_no_other_one_waiting(
    client: Any, ws: mp.Workspace, model: Model
) -> None:
    ws.add_model("quick", lambda rows: np.full(len(rows), "benign"), version="1")
    draft = {"kind": "evaluate", "model": "slow", "dataset": "patients"}
    slow = client.post("/api/v1/jobs", json=draft | {"options": {"batch_rows": 100}}).json()
    assert model.is_waiting.wait(30)
    quick = client.post("/api/v1/jobs", json=draft | {"model": "quick"}).json()
    assert finished(client, quick["id"])["state"] == "done"
    again = client.post("/api/v1/jobs", json=draft | {"options": {"batch_rows": 50}}).json()
    assert again["state"] == "waiting"  # behind the first of the same model
    assert finished(client, client.get(f"{E}/tree").json()["id"])["state"] == "done"
    assert client.get(f"/api/v1/jobs/{slow['id']}").json()["state"] == "running"


def test_results_are_known_after_a_restart(make_client: Any) -> None:
    first = make_client()
    id_ = finished(first, first.get(f"{E}/slices").json()["id"])["id"]
    before = first.get(f"{E}/slices").json()
    first.app.state.service.close()
    second = make_client()
    assert second.get(f"{E}/slices").json() == before
    assert second.get(f"/api/v1/jobs/{id_}").json()["state"] == "done"
    assert second.get(f"/api/v1/jobs/{id_}/result").json() == before


def test_a_job_of_a_server_that_lives_is_left_to_it(make_client: Any) -> None:
    first = make_client()
    with occupied(first):
        id_ = first.get(f"{E}/tree").json()["id"]
        second = make_client()
        assert second.get(f"/api/v1/jobs/{id_}").status_code == 404
        first.app.state.service.jobs._files.close()  # as the system does when a process dies
        third = make_client()
        assert third.get(f"/api/v1/jobs/{id_}").status_code == 200
        assert finished(third, id_)["state"] == "done"


def test_a_result_that_was_cleared_away_is_found_again(client: Any, ws: mp.Workspace) -> None:
    id_ = finished(client, client.get(f"{E}/tree").json()["id"])["id"]
    ws.store.cache.clear()
    assert client.get(f"/api/v1/jobs/{id_}/result").status_code == 409
    assert client.get(f"{E}/tree").status_code == 202
    assert finished(client, id_)["state"] == "done"
    assert client.get(f"{E}/tree").status_code == 200


def test_clusters_that_others_replaced_are_not_answered_any_more(client: Any) -> None:
    finished(client, client.get(f"{E}/clusters?n=25").json()["id"])
    assert client.get(f"{E}/clusters?n=25").status_code == 200
    finished(client, client.get(f"{E}/clusters?n=3").json()["id"])
    assert client.get(f"{E}/clusters?n=3").status_code == 200
    assert client.get(f"{E}/clusters?n=25").status_code == 202


def test_a_failed_job_says_why_and_starts_again_only_when_asked(client: Any) -> None:
    url = f"{E}/slices?objective=colour"
    job = finished(client, client.get(url).json()["id"])
    assert job["state"] == "failed"
    assert job["error"]["code"] == "BadOption"
    answer = client.get(url)
    assert answer.status_code == 400
    assert answer.json() == job["error"]
    draft = {"kind": "slices", "evaluation": EVALUATION, "options": {"objective": "colour"}}
    assert client.post("/api/v1/jobs", json=draft).json()["error"] is None


def test_a_fault_in_a_job_is_an_id_and_no_more(
    client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(KINDS["tree"], run=lambda work: 1 // 0)
    jobs = client.app.state.service.jobs
    job = jobs.ask(broken, "tumours@1", "patients@1", broken.options())
    job = finished(client, job.id)
    assert job["error"]["code"] == "Fault"
    assert "ZeroDivisionError" not in json.dumps(job)
    assert "ZeroDivisionError" in caplog.text
    assert client.get(f"{E}/tree").status_code == 500


def test_too_many_waiting_jobs_are_refused(make_client: Any) -> None:
    client = make_client(job_queue=1)
    with occupied(client):
        assert client.get(f"{E}/tree?seed=1").status_code == 202
        full = client.get(f"{E}/tree?seed=2")
    assert (full.status_code, full.json()["code"]) == (503, "Busy")
    assert full.headers["retry-after"]


@pytest.mark.parametrize("kind", ["html", "markdown"])
def test_a_report_is_a_page_of_its_own(client: Any, kind: str) -> None:
    draft = {
        "kind": "report", "evaluation": EVALUATION,
        "options": {"format": kind, "where": "radius > 13"},
    }  # fmt: skip
    job = finished(client, client.post("/api/v1/jobs", json=draft).json()["id"])
    assert job["result_url"] == f"/api/v1/jobs/{job['id']}/result"
    answer = client.get(job["result_url"])
    assert answer.headers["content-type"] == f"text/{kind}; charset=utf-8"
    assert "radius" in answer.text
    if kind == "html":
        assert "sandbox" in answer.headers["content-security-policy"]


def test_an_overview_can_be_a_job(client: Any) -> None:
    draft = {"kind": "overview", "evaluation": EVALUATION}
    job = finished(client, client.post("/api/v1/jobs", json=draft).json()["id"])
    assert client.get(job["result_url"]).json()["figures"]


def test_a_folder_that_cannot_be_written_still_has_jobs(make_client: Any, ws: Any) -> None:
    (ws.store.root / "jobs").write_text("in the way")
    client = make_client()
    assert finished(client, client.get(f"{E}/tree").json()["id"])["state"] == "done"
    assert client.get(f"{E}/tree").status_code == 200


def test_files_that_are_no_jobs_are_passed_over(make_client: Any, ws: Any) -> None:
    folder = ws.store.root / "jobs"
    folder.mkdir()
    record = Record("0" * 20, "tree", "tumours@1", "patients@1", {}, "running", "2026-01-01")
    good = {name: getattr(record, name) for name in Record.__slots__}
    for place, text in enumerate([
        "", "{", "[]", "null", "{}", json.dumps(good | {"id": "1" * 20}),
        json.dumps(good | {"options": 3}), json.dumps(good | {"kind": "dance"}),
        json.dumps(good | {"options": {"depth": "deep"}}), json.dumps(good | {"model": ["x"]}),
    ]):  # fmt: skip
        (folder / f"{place:020x}.json").write_text(text)
    (folder / "notes.json").write_text("{}")
    client = make_client()
    assert client.get("/api/v1/jobs").json()["rows"] == []


def test_a_job_of_an_evaluation_that_is_gone_fails(make_client: Any, ws: Any) -> None:
    files = JobFiles(ws.store.root / "jobs")
    files.save(Record("a" * 20, "tree", "gone@1", "patients@1", {}, "running", "2026-01-01"))
    files.close()
    client = make_client()
    job = finished(client, "a" * 20)
    assert (job["state"], job["error"]["code"]) == ("failed", "UnknownName")


def test_only_the_newest_files_of_jobs_are_kept(tmp_path: Path) -> None:
    files = JobFiles(tmp_path)
    assert files.load() == []
    for place in range(203):
        files.save(Record(f"{place:020x}", "tree", "m@1", "d@1", {}, "done", f"{place:04}"))
    files.close()
    kept = JobFiles(tmp_path).load()
    assert len(kept) == 200
    assert kept[0].created_at == "0003"
    assert len(list(tmp_path.glob("*.json"))) == 200


@contextmanager
def occupied(client: Any) -> Iterator[None]:
    """The one thread of the jobs has something else to do."""
    go, is_there = threading.Event(), threading.Event()

    def wait() -> None:
        is_there.set()
        assert go.wait(120)

    client.app.state.service.jobs._threads.submit(wait)
    assert is_there.wait(60)
    try:
        yield
    finally:
        go.set()


def told(client: Any, id_: str) -> list[tuple[str, Any]]:
    """The events of a job, to the end."""
    found, name = [], ""
    with client.stream("GET", f"/api/v1/jobs/{id_}/events") as stream:
        for line in stream.iter_lines():
            kind, _, value = line.partition(": ")
            if kind == "event":
                name = value
            elif kind == "data":
                found.append((name, json.loads(value)))
    return found


def finished(client: Any, id_: str) -> Any:
    """The job, once it is over."""
    return told(client, id_)[-1][1]
