"""Models beside one another: compared, their change divided among its causes, the board."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from mispredict.compare.board import ModelBoard
from mispredict.server.asking import Asked, DatasetName, E
from mispredict.server.asking_data import DS, AskedData
from mispredict.server.jobs.kinds_comparing import (
    CHANGED,
    COMPARE,
    ChangedOptions,
    CompareOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import Names, Where, given
from mispredict.server.shapes import Job

router = APIRouter(tags=["comparing"])


@router.get(
    f"{E}/compare",
    **told("compare", *COMPARE.answers, also={202: [Job]},
           summary="The evaluation held against others, or the job that does it"),
)  # fmt: skip
async def compare(ask: Asked, options: Annotated[CompareOptions, Query()]) -> Response:
    return await ask.searched(COMPARE, options)


@router.get(
    f"{E}/changed",
    **told("changed", *CHANGED.answers, also={202: [Job]},
           summary="Why a metric is another one than in an evaluation before, or the job"),
)  # fmt: skip
async def changed(ask: Asked, options: Annotated[ChangedOptions, Query()]) -> Response:
    return await ask.searched(CHANGED, options)


@router.get(
    f"{DS}/board", **told("model_board", ModelBoard, summary="Models × versions of a dataset")
)
async def board(
    ask: AskedData,
    dataset: DatasetName,
    metric: Annotated[
        str | None, Query(max_length=100, description="Its name; the task's usual one without it.")
    ] = None,
    models: Names = None,
    where: Where = None,
    common: Annotated[
        bool, Query(description="Only the rows that all versions have, by the newest's labels.")
    ] = False,
) -> Response:
    workspace = ask.service.workspace
    return await ask.answer(
        lambda _: workspace.board(
            dataset, metric=metric or None, models=models, where=given(where), common=common
        )
    )
