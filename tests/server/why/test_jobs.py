"""A model that is slow, fails, or may not be loaded: the server lives, and says what is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import joblib
import numpy as np
import pytest

import mispredict as mp

E = "/api/v1/evaluations/{}@1/patients@1"
SLOW = E.format("slow")
CLASSES = ["benign", "malignant"]
Make = Callable[..., Any]


@pytest.fixture
def client(make_why: Make, slow: Any) -> Any:
    """A server that waits a moment for a model that takes its time."""
    return make_why(wait_s=0.05)


def test_a_slow_model_leaves_the_server_alive_and_can_be_stopped(client: Any, slow: Any) -> None:
    url = f"{SLOW}/explanation?sample=40&samples=40"
    job = client.get(url)
    assert job.status_code == 202, job.text
    id_ = job.json()["id"]
    progress = watched(client, id_)
    until(lambda: slow.calls > 3)
    slow.go.clear()
    for quick in ("/health", f"{SLOW}/metrics", f"{SLOW}/explore", f"{SLOW}/rows/3", url):
        assert client.get(quick).status_code in (200, 202)
    first = client.get("/api/v1/jobs").json()["rows"][0]
    assert (first["id"], first["state"]) == (id_, "running")
    cancelled = client.delete(f"/api/v1/jobs/{id_}").json()
    assert cancelled["state"] == "cancelled"
    slow.go.set()
    progress.join(60)
    assert not progress.is_alive()
    idle = threading.Event()
    client.app.state.service.jobs._asking.submit(idle.set)
    assert idle.wait(60)  # the thread is free: nothing is asked any more
    calls = slow.calls
    seen = client.get(url)
    assert (seen.status_code, seen.json()["state"]) == (202, "cancelled")
    assert slow.calls == calls


def test_a_slow_what_if_is_a_job_that_is_not_listed_once_it_is_over(client: Any, slow: Any) -> None:
    body = {"changes": {"radius": 9.5}}
    slow.go.clear()
    first = client.post(f"{SLOW}/rows/3/what-if", json=body)
    assert first.status_code == 202
    job = first.json()
    assert (job["kind"], job["options"]["row"]) == ("what_if", 3)
    assert job["id"] in listed(client)
    slow.go.set()
    done = finished(client, job["id"])
    assert done["state"] == "done"
    assert job["id"] not in listed(client)
    calls = slow.calls
    answer = client.post(f"{SLOW}/rows/3/what-if", json=body)
    assert answer.status_code == 200
    assert client.get(done["result_url"]).json() == answer.json()
    assert slow.calls == calls


def test_a_stopped_search_of_one_row_starts_again_when_asked_again(client: Any, slow: Any) -> None:
    url = f"{SLOW}/rows/3/flip-points"
    slow.go.clear()
    id_ = client.get(url).json()["id"]
    client.delete(f"/api/v1/jobs/{id_}")
    assert client.get(url).json()["state"] == "cancelled"  # as who follows the job is told
    assert client.get(url).json()["state"] in ("waiting", "running")
    slow.go.set()
    assert finished(client, id_)["state"] == "done"
    assert client.get(url).status_code == 200


def test_a_long_search_does_not_keep_quick_questions_waiting(client: Any, slow: Any) -> None:
    explanation = client.get(f"{SLOW}/explanation?sample=40&samples=40").json()
    job = client.get(f"{SLOW}/rows/3/flip-points?columns=radius").json()
    assert finished(client, job["id"])["state"] == "done"
    assert client.get(f"/api/v1/jobs/{explanation['id']}").json()["state"] == "running"
    client.delete(f"/api/v1/jobs/{explanation['id']}")


def test_an_explanation_goes_on_after_a_restart_and_progress_is_told(
    make_why: Make, slow: Any
) -> None:
    url = f"{SLOW}/explanation?sample=12&samples=8"
    first = make_why(wait_s=0.05)
    id_ = first.get(url).json()["id"]
    until(lambda: first.get(f"/api/v1/jobs/{id_}").json()["done"] > 0)
    stopped = threading.Event()
    first.app.state.service.jobs._asking.submit(stopped.set)
    first.app.state.service.close()
    assert stopped.wait(60)
    slow.delay_s = 0.0
    second = make_why(wait_s=0.05)
    job = finished(second, id_)
    assert (job["state"], job["done"], job["total"]) == ("done", job["total"], job["total"])
    assert second.get(job["result_url"]).json() == second.get(url).json()
    answer = second.get(url).json()
    assert answer["about"]["n"] == 12
    assert answer["about"]["kept"] > 0  # those that were explained before the stop
    calls = slow.calls
    third = make_why()
    assert third.get(url).json() == answer
    assert slow.calls == calls


def test_counterfactuals_are_a_job_with_progress(client: Any, slow: Any) -> None:
    url, body = f"{SLOW}/rows/3/counterfactuals", {"k": 1, "tries": 600}
    job = client.post(url, json=body).json()
    done = finished(client, job["id"])
    assert (done["state"], done["total"]) == ("done", 600)
    assert done["done"] > 0
    answer = client.post(url, json=body)
    assert (answer.status_code, answer.json()["found"]) == (200, 1)
    again = client.post(
        "/api/v1/jobs",
        json={"kind": job["kind"], "evaluation": job["evaluation"], "options": job["options"]},
    )
    assert (again.status_code, again.json()["id"]) == (200, job["id"])


def test_a_cohort_is_searched_by_a_job(make_why: Make) -> None:
    client = make_why()
    draft = {
        "kind": "counterfactuals", "evaluation": "trees@1/patients@1",
        "options": {"where": "radius > 20", "sample": 3, "k": 1, "tries": 200},
    }  # fmt: skip
    job = finished(client, client.post("/api/v1/jobs", json=draft).json()["id"])
    assert client.get(job["result_url"]).json()["asked"] == 3


def test_a_model_that_went_away_is_said_so_and_asked_again(make_why: Make, slow: Any) -> None:
    client = make_why(wait_s=60)
    url, body = f"{SLOW}/rows/3/what-if", {"changes": {"radius": 9.5}}
    client.app.state.service.workspace.model("slow")._client = None  # nothing is held open
    estimator, slow.estimator = slow.estimator, Broken()
    failed = client.post(url, json=body)
    assert (failed.status_code, failed.json()["code"]) == (400, "ModelError")
    slow.estimator = estimator
    assert client.post(url, json=body).status_code == 200


@pytest.mark.parametrize("fault", [ValueError, SystemExit, MemoryError], ids=lambda f: f.__name__)
def test_a_model_that_fails_on_every_row_is_said_so(
    make_why: Make, ws: mp.Workspace, fault: Any
) -> None:
    client = make_why(wait_s=60)
    model = Choosy()
    ws.add_model("choosy", model)
    ws.evaluate("choosy", "patients")
    model.refuses, model.fault = lambda frame: len(frame) > 0, fault
    for method, path, body in (
        ("GET", "explanation?method=permutation&sample=3&budget_s=2", None),
        ("GET", "rows/3/explanation?method=permutation&budget_s=2", None),
        ("POST", "rows/3/what-if", {"changes": {"radius": 9.5}}),
        ("GET", "rows/3/flip-points", None),
        ("GET", "effects?feature=radius&sample=10", None),
        ("GET", "flips?column=size&sample=10", None),
    ):
        answer = client.request(method, f"{E.format('choosy')}/{path}", json=body)
        assert answer.status_code == 400, (path, answer.text)
        assert answer.json()["code"] == "ModelError"
        assert "no thanks" in answer.text, path
        assert answer.json()["hint"]
    told = client.post(f"{E.format('choosy')}/rows/3/counterfactuals", json={}).json()
    assert (told["rows"], told["asked"]) == ([], 0)
    assert "The model answered for no row." in told["note"]


def test_a_model_that_fails_on_some_changes_is_reported_and_goes_on(
    make_why: Make, ws: mp.Workspace
) -> None:
    client = make_why(wait_s=60)
    model = Choosy()
    ws.add_model("choosy", model)
    ws.evaluate("choosy", "patients")
    model.refuses = lambda frame: (frame["radius"] > 20).any()
    place = E.format("choosy")
    row = next(
        item["row"]
        for item in client.get(f"{place}/rows?where=radius < 12&columns=row").json()["rows"]
    )
    told = client.post(f"{place}/rows/{row}/what-if", json={"changes": {"radius": [9, 25]}}).json()
    assert [variant["prediction"] is None for variant in told["rows"]] == [False, False, True]
    effects = client.get(f"{place}/effects?feature=radius&sample=10&where=radius < 12")
    assert effects.status_code == 200
    assert effects.json()["queries"]["failed"] > 0
    explained = client.get(
        f"{place}/rows/{row}/explanation?method=permutation&samples=5&budget_s=10"
    )
    assert explained.status_code in (200, 400)
    assert explained.status_code == 400 or explained.json()["about"]["failed"] > 0


def test_pickles_are_loaded_only_by_a_server_that_was_told_so(
    make_why: Make, ws: mp.Workspace, tmp_path: Any
) -> None:
    with mp.open(ws.store.root) as other:
        frame = other.dataset("patients").read().to_pandas()
        from sklearn.linear_model import LogisticRegression

        fitted = LogisticRegression().fit(frame[["radius", "smoothness"]], frame["diagnosis"])
        other.add_model("kept", fitted, copy=True)
        other.evaluate("kept", "patients")
    place = E.format("kept")
    careful = make_why(wait_s=60)
    assert careful.get(place).json()["can_call_model"] is False
    for path in ("rows/3/explanation", "inputs", "effects?feature=radius"):
        refused = careful.get(f"{place}/{path}")
        assert (refused.status_code, refused.json()["code"]) == (400, "ModelError")
        assert "a pickle, which can run any code" in refused.json()["message"]
        assert refused.json()["hint"] == "mispredict serve --trust"
    trusting = make_why(wait_s=60, trust=True)
    assert trusting.get(place).json()["can_call_model"] is True
    assert trusting.get(f"{place}/rows/3/explanation").json()["rows"]


def test_a_model_of_another_process_is_said_so(make_why: Make, ws: mp.Workspace) -> None:
    with mp.open(ws.store.root) as other:
        other.add_model("gone", Choosy())
        other.evaluate("gone", "patients")
    client = make_why(wait_s=60)
    answer = client.get(f"{E.format('gone')}/rows/3/explanation")
    assert (answer.status_code, answer.json()["code"]) == (400, "ModelError")
    assert "an object in another process" in answer.json()["message"]
    assert "mispredict add model gone" in answer.json()["hint"]


def test_a_copy_that_was_damaged_is_no_fault(make_why: Make, ws: mp.Workspace) -> None:
    with mp.open(ws.store.root) as other:
        other.add_model("kept", Constant(), copy=True)
        other.evaluate("kept", "patients")
        part = other.store.version("model", "kept").role("copy")[0]
        path = other.store.path(part)
    path.chmod(0o644)
    path.write_bytes(joblib.hash("other").encode())
    client = make_why(wait_s=60, trust=True)
    answer = client.get(f"{E.format('kept')}/rows/3/explanation")
    assert answer.json()["code"] not in ("Fault", "")
    assert answer.json()["hint"]


class Constant:
    """Says benign of everything."""

    classes_ = CLASSES

    def predict_proba(self, frame: Any) -> Any:
        return np.tile([0.7, 0.3], (len(frame), 1))

    def predict(self, frame: Any) -> Any:
        return np.full(len(frame), "benign")


class Choosy(Constant):
    """Fails on the rows that it refuses."""

    refuses: Any = None
    fault: Any = ValueError

    def predict_proba(self, frame: Any) -> Any:
        if self.refuses is not None and self.refuses(frame):
            raise self.fault("no thanks")
        p = 1 / (1 + np.exp(14 - frame["radius"].to_numpy()))
        return np.column_stack([1 - p, p])

    def predict(self, frame: Any) -> Any:
        return np.where(self.predict_proba(frame)[:, 1] > 0.5, "malignant", "benign")


class Broken:
    """Answers with what is no answer."""

    def predict_proba(self, frame: Any) -> Any:
        return np.zeros((0, 2))


def listed(client: Any) -> list[str]:
    return [row["id"] for row in client.get("/api/v1/jobs").json()["rows"]]


def until(is_so: Callable[[], bool]) -> None:
    """Ask again until it is so."""
    ended = time.monotonic() + 120
    while not is_so():
        assert time.monotonic() < ended
        threading.Event().wait(0.01)


def watched(client: Any, id_: str) -> threading.Thread:
    """A thread that follows the job to its end."""
    thread = threading.Thread(target=lambda: finished(client, id_), daemon=True)
    thread.start()
    return thread


def finished(client: Any, id_: str) -> Any:
    """The job, once it is over."""
    for line in lines(client, id_):
        if line == "event: end":
            break
    return client.get(f"/api/v1/jobs/{id_}").json()


def lines(client: Any, id_: str) -> Iterator[str]:
    with client.stream("GET", f"/api/v1/jobs/{id_}/events") as stream:
        yield from stream.iter_lines()


@pytest.mark.parametrize(
    ("method", "path", "body", "problem"),
    [
        ("get", "flips?column=size&target=nope", None, "target='nope' is no class"),
        ("get", "effects?feature=radius&where=nope > 1", None, "no column 'nope'"),
        ("get", "rows/3/flip-points?target=nope", None, "target='nope' is no class"),
        ("get", "rows/3/flip-points?columns=nope", None, "no column 'nope'"),
        ("post", "rows/3/what-if", {"changes": {"nope": 1}}, "no column 'nope'"),
        ("post", "rows/3/counterfactuals", {"vary": ["nope"]}, "no column 'nope'"),
        ("post", "rows/3/counterfactuals", {"costs": {"radius": 0}}, "costs['radius']=0.0"),
        ("post", "rows/3/counterfactuals", {"ranges": {"size": ["big"]}}, "'big', which no row"),
        ("post", "rows/3/text-edits", {"target": "nope"}, "target='nope' is no class"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_waits_for_no_turn(
    client: Any, slow: Any, method: str, path: str, body: Any, problem: str
) -> None:
    slow.calls = 0
    before = [job["id"] for job in client.get("/api/v1/jobs").json()["rows"]]
    answer = client.request(method, f"{E.format('slow')}/{path}", json=body)
    assert answer.status_code == 400
    assert problem in answer.json()["message"]
    assert [job["id"] for job in client.get("/api/v1/jobs").json()["rows"]] == before
    assert slow.calls == 0
