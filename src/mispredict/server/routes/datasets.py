"""A dataset as such, with or without models."""

from __future__ import annotations

from fastapi import APIRouter, Response

from mispredict.server.asking_data import DS, AskedData
from mispredict.server.routes.describing import told
from mispredict.server.shapes import DatasetFacts
from mispredict.server.summaries_data import dataset_facts

router = APIRouter(tags=["data"])


@router.get(DS, **told("dataset", DatasetFacts, summary="What there is to ask of a dataset"))
async def facts(ask: AskedData) -> Response:
    return await ask.answer(dataset_facts)
