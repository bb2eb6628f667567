"""How rows change: drift between any two sets of rows, and performance without labels."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from mispredict.server.asking import Asked, E, job_or_result
from mispredict.server.jobs.kinds_drifting import (
    DRIFT,
    ESTIMATED,
    DriftOptions,
    EstimatedOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import Body, given
from mispredict.server.service import service_of
from mispredict.server.shapes import Job
from mispredict.workspace.testing.board import Board, board
from mispredict.workspace.testing.kept import drift_check

router = APIRouter(tags=["drift"])


class DriftCheckDraft(Body):
    """What must not drift, from where."""

    columns: list[str] = Field(min_length=1, max_length=1_000, description="Which columns.")
    reference: str = Field(
        max_length=220, description="The dataset to compare with.", examples=["churn@1"]
    )
    bound: float = Field(
        0.05, gt=0, le=1, description="The distance from which on a difference counts."
    )
    where: str | None = Field(None, max_length=100_000, description="Cohort of the rows.")
    reference_where: str | None = Field(
        None, max_length=100_000, description="Cohort of the reference rows."
    )


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


@router.post(
    f"{E}/drift-checks",
    **told("drift_check", Board, status=201,
           summary="A check that columns do not drift from a dataset, kept in a suite"),
)  # fmt: skip
async def keep(ask: Asked, draft: DriftCheckDraft) -> Response:
    def made(ev: Any) -> Board:
        reference = str(ev.workspace.dataset(draft.reference.rpartition("/")[2]).ref)
        suite = drift_check(
            ev,
            tuple(draft.columns),
            reference,
            bound=draft.bound,
            where=given(draft.where),
            reference_where=given(draft.reference_where),
        )
        return board(ev, suite)

    return await ask.write(made, status=201)
