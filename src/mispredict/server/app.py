"""The factory of the server: a workspace and settings in, an application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI

from mispredict.server import failures
from mispredict.server.document import document
from mispredict.server.figures import Counting
from mispredict.server.routes import (
    comparing,
    data_pages,
    datasets,
    doubting,
    drifting,
    explaining,
    finding,
    generating,
    inspecting,
    labelling,
    looking,
    measuring,
    naming,
    pages,
    problems,
    session,
    testing,
    workspace,
)
from mispredict.server.security.guard import Guard
from mispredict.server.service import Service
from mispredict.server.settings import ServerSettings

if TYPE_CHECKING:
    from mispredict.workspace import Workspace

_CALM_S = 1.5  # until the first page is drawn, which needs no compiled loop
_SILENT: Any = {
    "tracing": False, "metrics": False, "logs": False, "operation_spans": False,
    "auto_configure": False,
}  # fmt: skip
_ROUTERS = (
    workspace.router, session.router, measuring.router, looking.router, naming.router,
    finding.router, explaining.router, testing.router, generating.router, datasets.router,
    inspecting.router, labelling.router, drifting.router, doubting.router, problems.router,
    comparing.router, finding.jobs, data_pages.router, pages.router,
)  # fmt: skip


def create_app(workspace: Workspace, settings: ServerSettings | None = None) -> FastAPI:
    """An application that serves the workspace.

    It neither opens nor closes the workspace. Jobs run from the start of its lifespan to the
    end.
    """
    from mispredict import __version__

    service = Service(workspace, settings or ServerSettings())
    app = FastAPI(
        title="mispredict",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        lifespan=_lifespan,
        redirect_slashes=False,
        telemetry=_SILENT,  # older versions of FastAPI have none, and pass this over
    )
    app.state.service = service
    failures.install(app)
    for router in _ROUTERS:
        app.include_router(router)
    app.add_middleware(Guard, service=service)
    app.add_middleware(Counting, figures=service.figures)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """Warm the compiled loops and run jobs while the server runs."""
    from mispredict.engine.warm import warm

    service: Service = app.state.service
    warm(after_s=_CALM_S)
    service.open()
    try:
        yield {}
    finally:
        service.close()
