"""How sure a model may be: errors by doubt, spread under noise, sets of classes, sanity."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response

from mispredict.server.asking import Asked, E
from mispredict.server.jobs.kind import Kind
from mispredict.server.jobs.kinds_doubting import (
    CONFORMAL,
    SANITY,
    SPREAD,
    UNCERTAINTY,
    ConformalOptions,
    SanityOptions,
    SpreadOptions,
    UncertaintyOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.shapes import Job

router = APIRouter(tags=["doubt"])


def _told(kind: Kind, summary: str) -> dict[str, Any]:
    return told(kind.name, *kind.answers, also={202: [Job]}, summary=f"{summary}, or the job")


@router.get(
    f"{E}/uncertainty", **_told(UNCERTAINTY, "Errors among the rows that the model is surest of")
)
async def uncertainty(ask: Asked, options: Annotated[UncertaintyOptions, Query()]) -> Response:
    return await ask.searched(UNCERTAINTY, options)


@router.get(f"{E}/spread", **_told(SPREAD, "How far predictions move under small noise"))
async def spread(ask: Asked, options: Annotated[SpreadOptions, Query()]) -> Response:
    return await ask.searched(SPREAD, options)


@router.get(
    f"{E}/conformal", **_told(CONFORMAL, "Sets that hold the label with a chance, by cohort")
)
async def conformal(ask: Asked, options: Annotated[ConformalOptions, Query()]) -> Response:
    return await ask.searched(CONFORMAL, options)


@router.get(f"{E}/sanity", **_told(SANITY, "Whether the model does what any model should"))
async def sanity(ask: Asked, options: Annotated[SanityOptions, Query()]) -> Response:
    return await ask.searched(SANITY, options)
