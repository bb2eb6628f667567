"""Why the model says what it says: attributions, what-if, effects, flips, counterfactuals.

Each answers with the result, or with 202 and the job that will have it where the model is slow.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from mispredict.server.asking import Asked, E
from mispredict.server.inputs import inputs_of
from mispredict.server.jobs.kind import Kind
from mispredict.server.jobs.kinds_why import (
    COUNTERFACTUALS,
    DEPENDENCE,
    EFFECTS,
    EXPLANATION,
    FLIP_POINTS,
    FLIPS,
    INTERACTIONS,
    ROW_EXPLANATION,
    TEXT_EDITS,
    WHAT_IF,
)
from mispredict.server.jobs.options import Options
from mispredict.server.jobs.options_why import (
    CounterfactualsDraft,
    DependenceOptions,
    EffectsOptions,
    ExplanationOptions,
    FlipPointsQuery,
    FlipsOptions,
    HowExplained,
    InteractionsOptions,
    TextEditsDraft,
    WhatIfDraft,
    about_row,
)
from mispredict.server.routes.describing import told
from mispredict.server.routes.looking import Number
from mispredict.server.shapes import Job, ModelInputs

router = APIRouter(tags=["explaining"])


@router.get(
    f"{E}/inputs", **told("inputs", ModelInputs, summary="What the model takes, and its values")
)
async def inputs(ask: Asked) -> Response:
    trust = ask.service.settings.trust
    return await ask.answer(lambda ev: inputs_of(ev, trust=trust))


@router.get(
    f"{E}/explanation",
    **told("explanation", *EXPLANATION.answers, also={202: [Job]},
           summary="What moves the model, and what misleads it"),
)  # fmt: skip
async def explanation(ask: Asked, options: Annotated[ExplanationOptions, Query()]) -> Response:
    return await ask.searched(EXPLANATION, options)


@router.get(
    f"{E}/dependence",
    **told("dependence", *DEPENDENCE.answers, also={202: [Job]},
           summary="A feature's values against its attributions"),
)  # fmt: skip
async def dependence(ask: Asked, options: Annotated[DependenceOptions, Query()]) -> Response:
    return await ask.searched(DEPENDENCE, options)


@router.get(
    f"{E}/interactions",
    **told("interactions", *INTERACTIONS.answers, also={202: [Job]},
           summary="Pairs of features that act together"),
)  # fmt: skip
async def interactions(ask: Asked, options: Annotated[InteractionsOptions, Query()]) -> Response:
    return await ask.searched(INTERACTIONS, options)


@router.get(
    f"{E}/effects",
    **told("effects", *EFFECTS.answers, also={202: [Job]},
           summary="How the prediction moves with a feature"),
)  # fmt: skip
async def effects(ask: Asked, options: Annotated[EffectsOptions, Query()]) -> Response:
    return await ask.searched(EFFECTS, options)


@router.get(
    f"{E}/flips",
    **told("flips", *FLIPS.answers, also={202: [Job]},
           summary="How many predictions change if one attribute alone is another"),
)  # fmt: skip
async def flips(ask: Asked, options: Annotated[FlipsOptions, Query()]) -> Response:
    return await ask.searched(FLIPS, options)


@router.get(
    f"{E}/rows/{{row}}/explanation",
    **told("row_explanation", *ROW_EXPLANATION.answers, also={202: [Job]},
           summary="What moved the model on one row"),
)  # fmt: skip
async def row_explanation(
    ask: Asked, row: Number, options: Annotated[HowExplained, Query()]
) -> Response:
    return await _of_row(ask, ROW_EXPLANATION, row, options)


@router.post(
    f"{E}/rows/{{row}}/what-if",
    **told("what_if", *WHAT_IF.answers, also={202: [Job]},
           summary="A row with other values, predicted again; nothing is stored of it"),
)  # fmt: skip
async def what_if(ask: Asked, row: Number, draft: WhatIfDraft) -> Response:
    return await _of_row(ask, WHAT_IF, row, draft)


@router.get(
    f"{E}/rows/{{row}}/flip-points",
    **told("flip_points", *FLIP_POINTS.answers, also={202: [Job]},
           summary="The smallest change of each single feature that flips the prediction"),
)  # fmt: skip
async def flip_points(
    ask: Asked, row: Number, options: Annotated[FlipPointsQuery, Query()]
) -> Response:
    return await _of_row(ask, FLIP_POINTS, row, options)


@router.post(
    f"{E}/rows/{{row}}/counterfactuals",
    **told("counterfactuals", *COUNTERFACTUALS.answers, also={202: [Job]},
           summary="The smallest plausible changes that give another prediction"),
)  # fmt: skip
async def counterfactuals(ask: Asked, row: Number, draft: CounterfactualsDraft) -> Response:
    return await _of_row(ask, COUNTERFACTUALS, row, draft)


@router.post(
    f"{E}/rows/{{row}}/text-edits",
    **told("text_edits", *TEXT_EDITS.answers, also={202: [Job]},
           summary="The fewest edits of a text that give another prediction"),
)  # fmt: skip
async def text_edits(ask: Asked, row: Number, draft: TextEditsDraft) -> Response:
    return await _of_row(ask, TEXT_EDITS, row, draft)


async def _of_row(ask: Asked, kind: Kind, row: int, given: Options) -> Response:
    await ask.check_row(row)
    return await ask.searched(kind, about_row(kind.options, row, given))
