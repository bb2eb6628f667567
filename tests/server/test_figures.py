"""Figures of the server itself, for Prometheus."""

from __future__ import annotations

import sys
from typing import Any

import pytest

E = "/api/v1/evaluations/tumours@1/patients@1"


def figures(client: Any) -> dict[str, float]:
    """Each figure with its labels, and its value."""
    lines = client.get("/metrics").text.splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    return {name: float(value) for name, value in pairs}


def test_answers_are_counted_by_the_template_of_their_route(client: Any) -> None:
    for query in ("", "?by=size", "?where=nothing > 1"):
        client.get(f"{E}/metrics{query}")
    client.get("/", headers={"Host": "evil.example"})
    found = figures(client)
    route = "/api/v1/evaluations/{model}/{dataset}/metrics"
    assert found[f'mispredict_requests_total{{method="GET",route="{route}",status="200"}}'] == 2
    assert found[f'mispredict_requests_total{{method="GET",route="{route}",status="400"}}'] == 1
    assert found['mispredict_requests_total{method="GET",route="none",status="403"}'] == 1
    assert found[f'mispredict_request_seconds_count{{route="{route}"}}'] == 3
    assert not any("tumours" in name or "size" in name for name in found)


def test_methods_that_nobody_knows_are_one(client: Any) -> None:
    for method in ("FROB", "NICATE"):
        client.request(method, "/health")
    found = figures(client)
    assert sum(value for name, value in found.items() if 'total{method="other"' in name) == 2
    assert not any("FROB" in name for name in found)


def test_jobs_and_what_is_kept_are_figures(client: Any) -> None:
    before = figures(client)
    assert before['mispredict_jobs{state="done"}'] == 0
    id_ = client.get(f"{E}/tree").json()["id"]
    client.get(f"/api/v1/jobs/{id_}/events")
    after = figures(client)
    assert after['mispredict_jobs{state="done"}'] == 1
    assert after["mispredict_evaluations_open"] == 1
    client.get(f"{E}/metrics")
    assert figures(client)["mispredict_answers_kept_bytes"] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="is read from /proc")
def test_the_memory_of_the_process_is_a_figure(client: Any) -> None:
    assert figures(client)["process_resident_memory_bytes"] > 1e7


def test_two_servers_count_apart(make_client: Any) -> None:
    one, two = make_client(), make_client()
    one.get("/health")
    assert not any("/health" in name for name in figures(two))
