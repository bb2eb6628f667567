"""How good the model is: overview, metrics, tables and curves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from mispredict.metrics.curves import (
    CalibrationTable,
    ConfusionTable,
    PrecisionRecallCurve,
    RocCurve,
)
from mispredict.metrics.measure import MetricTable
from mispredict.metrics.threshold import ThresholdTable
from mispredict.report.overview import Overview
from mispredict.server.asking import Asked, E
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import DecisionDraft, Names, Where, given
from mispredict.server.shapes import DecisionMade, EvaluationFacts
from mispredict.server.summaries import callable_now, decision_of, facts_of

router = APIRouter(tags=["measuring"])

_BAND = "An end of the band of probabilities in which people look themselves."
Positive = Annotated[
    str | None, Query(description="The class to speak of; the task's positive one by default.")
]


@router.get(E, **told("evaluation", EvaluationFacts, summary="What there is to ask"))
async def evaluation(ask: Asked) -> Response:
    opened, trust = await ask.opened(), ask.service.settings.trust
    return await ask.answer(
        lambda ev: facts_of(ev, opened.content, trust=trust),
        uses_names=True,
        also=[str(callable_now(opened.evaluation, trust=trust))],
    )


@router.get(f"{E}/overview", **told("overview", Overview, summary="Summary of rows, in parts"))
async def overview(ask: Asked, where: Where = None, parts: Names = None) -> Response:
    return await ask.answer(
        lambda ev: ev.overview(given(where), parts=parts),
        kinds=("evaluation", "threshold"),
        is_kept=not where,
    )


@router.get(f"{E}/metrics", **told("metrics", MetricTable, summary="Metrics with intervals"))
async def metrics(
    ask: Asked, by: Names = None, where: Where = None, metrics: Names = None
) -> Response:
    return await ask.answer(lambda ev: ev.metrics(by or None, given(where), metrics or None))


@router.get(f"{E}/confusion", **told("confusion", ConfusionTable, summary="Labels × predictions"))
async def confusion(ask: Asked, where: Where = None) -> Response:
    return await ask.answer(lambda ev: ev.confusion(given(where)))


@router.get(
    f"{E}/calibration",
    **told("calibration", CalibrationTable, summary="Confidence against accuracy"),
)
async def calibration(ask: Asked, where: Where = None) -> Response:
    return await ask.answer(lambda ev: ev.calibration(given(where)))


@router.get(f"{E}/roc", **told("roc", RocCurve, summary="True- against false-positive rate"))
async def roc(ask: Asked, positive: Positive = None, where: Where = None) -> Response:
    return await ask.answer(lambda ev: ev.roc(positive, given(where)))


@router.get(
    f"{E}/precision-recall",
    **told("precision_recall", PrecisionRecallCurve, summary="Precision against recall"),
)
async def precision_recall(ask: Asked, positive: Positive = None, where: Where = None) -> Response:
    return await ask.answer(lambda ev: ev.precision_recall(positive, given(where)))


@router.get(
    f"{E}/thresholds",
    **told("thresholds", ThresholdTable, summary="What each threshold would cost"),
)
async def thresholds(
    ask: Asked,
    cost_fp: Annotated[float, Query(description="Cost of a false positive.")] = 1.0,
    cost_fn: Annotated[float, Query(description="Cost of a false negative.")] = 1.0,
    review_low: Annotated[float | None, Query(description=_BAND)] = None,
    review_high: Annotated[float | None, Query(description=_BAND)] = None,
    cost_review: Annotated[float, Query(description="Cost of a look at one row.")] = 0.0,
    where: Where = None,
) -> Response:
    review = None
    if review_low is not None or review_high is not None:
        review = (review_low or 0.0, 1.0 if review_high is None else review_high)
    return await ask.answer(
        lambda ev: ev.thresholds(
            cost_fp=cost_fp,
            cost_fn=cost_fn,
            review=review,
            cost_review=cost_review,
            where=given(where),
        )
    )


@router.post(
    f"{E}/thresholds/decisions",
    **told("decide_threshold", DecisionMade, summary="Record who chose a threshold", status=201),
)
async def decide_threshold(ask: Asked, draft: DecisionDraft) -> Response:
    return await ask.write(
        lambda ev: decision_of(
            ev.decide_threshold(draft.threshold, who=draft.who, reason=draft.reason)
        ),
        status=201,
    )
