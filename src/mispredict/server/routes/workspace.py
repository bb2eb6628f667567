"""The workspace, and what says that the server lives."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response

from mispredict.server.routes.describing import told
from mispredict.server.service import service_of
from mispredict.server.shapes import ServerHealth, VersionFacts, WorkspaceSummary
from mispredict.server.summaries import summary_of
from mispredict.server.wire import json_response

router = APIRouter(tags=["workspace"])


@router.get("/health", **told("health", ServerHealth, summary="That the server answers"))
async def health() -> Response:
    return json_response(ServerHealth("ok"))


@router.get("/version", **told("version", VersionFacts, summary="Which mispredict serves"))
async def version(request: Request) -> Response:
    return json_response(VersionFacts(service_of(request).version, "v1"))


@router.get("/metrics", include_in_schema=False)
async def metrics(request: Request) -> Response:
    return service_of(request).figures.page()


@router.get(
    "/api/v1/workspace",
    **told("workspace", WorkspaceSummary, summary="What the workspace holds"),
)
async def workspace(request: Request) -> Response:
    service = service_of(request)
    return await service.answer(request, lambda: summary_of(service.workspace))
