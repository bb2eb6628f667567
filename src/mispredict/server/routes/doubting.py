"""How sure a model may be: errors by doubt, spread under noise, sets of classes, sanity."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import Field

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
from mispredict.server.routes.parameters import Body
from mispredict.server.shapes import Job
from mispredict.workspace.testing.board import Board, board
from mispredict.workspace.testing.kept import keep_text

router = APIRouter(tags=["doubt"])


class FoundCheckDraft(Body):
    """A check that a finding came with."""

    suite: str = Field(min_length=1, max_length=200, description="Name of the suite.")
    check: str = Field(
        min_length=1,
        max_length=200_000,
        description="Its lines, without the dash before them.",
        examples=["name: knows its errors\nkind: knows_errors\nmin: 0.7"],
    )


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


@router.post(
    f"{E}/found-checks",
    **told("keep_found_check", Board, status=201,
           summary="Keep the check of a finding in a suite, in place of one of the same name"),
)  # fmt: skip
async def keep(ask: Asked, draft: FoundCheckDraft) -> Response:
    return await ask.write(
        lambda ev: board(ev, keep_text(ev, draft.check, draft.suite)), status=201
    )
