"""Asks an application inside this process, as its pages do over HTTP."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mispredict.server.app import create_app
from mispredict.server.exporting.keys import Params
from mispredict.server.jobs.events import over
from mispredict.server.settings import Limits, ServerSettings

if TYPE_CHECKING:
    from starlette.types import Message

    from mispredict.workspace import Workspace

PATIENCE_S = 600.0  # for one answer, and for the job that gives it


class Inside:
    """An application of the workspace that is asked without a network."""

    def __init__(self, workspace: Workspace) -> None:
        limits = Limits(request_s=PATIENCE_S, answer_megabytes=0)
        self._app = create_app(workspace, ServerSettings(limits=limits))
        self._service = self._app.state.service

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Inside]:
        """Itself, with jobs running."""
        self._service.open()
        try:
            yield self
        finally:
            self._service.close()

    async def ask(self, path: str, params: Params | None = None) -> Any:
        """The answer of an endpoint, after its job where it takes one; None if it is refused."""
        status, value = await self._get(path, params)
        if status == 202:
            await over(self._service.jobs, value["id"], PATIENCE_S)
            status, value = await self._get(path, params)
        return value if status == 200 else None

    async def _get(self, path: str, params: Params | None) -> tuple[int, Any]:
        given = {name: value for name, value in (params or {}).items() if value is not None}
        status, body = 500, b""

        async def receive() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            nonlocal status, body
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                body += message.get("body", b"")

        await self._app(_scope(f"/api/v1/{path}", urlencode(given, doseq=True)), receive, send)
        return status, json.loads(body) if body else None


def _scope(path: str, query: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(b"host", b"localhost"), (b"accept", b"application/json")],
        "client": ("127.0.0.1", 0),
        "server": ("localhost", 80),
    }
