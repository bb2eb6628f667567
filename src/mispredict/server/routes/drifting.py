"""How rows change: drift between any two sets of rows, and performance without labels."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from mispredict.server.asking import Asked, E, job_or_result
from mispredict.server.jobs.kinds_drifting import (
    DRIFT,
    ESTIMATED,
    DriftOptions,
    EstimatedOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.service import service_of
from mispredict.server.shapes import Job

router = APIRouter(tags=["drift"])


@router.get(
    "/api/v1/drift",
    **told("drift", *DRIFT.answers, also={202: [Job]},
           summary="Drift between two sets of rows, or the job that compares them"),
)  # fmt: skip
async def drift(request: Request, options: Annotated[DriftOptions, Query()]) -> Response:
    service = service_of(request)
    found = await service.pool.quick(lambda: service.jobs.ask(DRIFT, "", "", options))
    return job_or_result(request, found)


@router.get(
    f"{E}/estimated-performance",
    **told("estimated_performance", *ESTIMATED.answers, also={202: [Job]},
           summary="Metrics as the model's probabilities say, without labels, or the job"),
)  # fmt: skip
async def estimated(ask: Asked, options: Annotated[EstimatedOptions, Query()]) -> Response:
    return await ask.searched(ESTIMATED, options)
