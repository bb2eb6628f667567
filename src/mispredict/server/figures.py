"""What the server counts of itself, in the text format of Prometheus; nothing is sent anywhere."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fastapi import Response
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

if TYPE_CHECKING:
    from mispredict.server.service import Service

_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Figures:
    """Counters of one server, in a registry of their own."""

    def __init__(self, service: Service) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "mispredict_requests",
            "Answers by route, method and status.",
            ("route", "method", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "mispredict_request_seconds",
            "Seconds until an answer was sent, by route.",
            ("route",),
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._registry.register(_Now(service))
        ProcessCollector(registry=self._registry)

    def page(self) -> Response:
        """All figures."""
        return Response(generate_latest(self._registry), media_type=_TYPE)


class Counting:
    """ASGI middleware that counts answers by the template of their route."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._figures.requests.labels(route, method, str(status)).inc()
            self._figures.seconds.labels(route).observe(time.perf_counter() - began)


_METHODS = frozenset({"GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT"})


class _Now(Collector):
    """Figures that are read when they are asked for."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        service = self._service
        jobs = GaugeMetricFamily("mispredict_jobs", "Jobs by state.", labels=["state"])
        for state, count in service.jobs.counts().items():
            jobs.add_metric([state], count)
        yield jobs
        yield GaugeMetricFamily(
            "mispredict_answers_pending", "Answers computed or waiting.", value=service.pool.busy
        )
        yield GaugeMetricFamily(
            "mispredict_answers_kept_bytes", "Bytes of answers kept.", value=service.answers.used
        )
        yield GaugeMetricFamily(
            "mispredict_evaluations_open", "Evaluations kept open.", value=len(service.evaluations)
        )
