"""Labels that are likely wrong: found by a job, reviewed by people, changed by a new version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Query, Response
from pydantic import Field

from mispredict.data.labels.results import LabelDecisions, LabelQueue
from mispredict.server.asking import Asked, E
from mispredict.server.asking_data import DS, AskedData
from mispredict.server.jobs.kinds_labelling import (
    CONSENSUS,
    CORRECTED,
    LABEL_ERRORS,
    ConsensusOptions,
    CorrectedOptions,
    LabelErrorsOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import Body, Where, given
from mispredict.server.shapes import DatasetMade, Job
from mispredict.workspace.testing.board import Board, board
from mispredict.workspace.testing.kept import keep_check

if TYPE_CHECKING:
    from mispredict.workspace import Dataset

router = APIRouter(tags=["labels"])

REVIEW = ("label_review",)
MOST_ROWS = 1_000


class LabelDecisionDraft(Body):
    """What a person decided of the labels of some rows."""

    rows: list[Annotated[int, Field(ge=0, strict=True)]] = Field(
        min_length=1, max_length=100_000, description="Numbers of the rows.", examples=[[7]]
    )
    decision: Literal["keep", "relabel", "unsure", "undo"] = Field(
        description="`undo` takes one's own decision back."
    )
    label: str | int | float | bool | None = Field(
        None, description="The right label, of `relabel`; the suggested one without it."
    )
    who: str = Field("", max_length=200, description="Who decides; the server's user without it.")
    note: str = Field("", max_length=10_000, description="Why.")
    audit: bool = Field(
        False, description="Whether the queue drew the rows from those that are not flagged."
    )


class LabelCheckDraft(Body):
    """Where a check of labels is kept, and of which rows it is."""

    suite: str = Field("labels", max_length=200, description="Name of the suite.")
    where: str | None = Field(None, max_length=100_000, description="A cohort of rows.")


class RelabelledDraft(Body):
    """The decisions that a new version of the dataset is made by."""

    decisions: str = Field(
        max_length=220, description="Their version, as they name it.", examples=["churn@3"]
    )


@router.get(
    f"{E}/label-errors",
    **told("label_errors", *LABEL_ERRORS.answers, also={202: [Job]},
           summary="Labels that are likely wrong, or the job that looks for them"),
)  # fmt: skip
async def label_errors(ask: Asked, options: Annotated[LabelErrorsOptions, Query()]) -> Response:
    return await ask.searched(LABEL_ERRORS, options)


@router.get(
    f"{E}/label-queue", **told("label_queue", LabelQueue, summary="Labels for a person to look at")
)
async def label_queue(
    ask: Asked,
    where: Where = None,
    order: Annotated[
        Literal["score", "cost", "class", "random"],
        Query(description="The likeliest error first, the costliest, label by label, or any."),
    ] = "score",
    limit: Annotated[int, Query(ge=0, le=MOST_ROWS, description="Most rows.")] = 50,
    audit: Annotated[
        int,
        Query(ge=0, le=MOST_ROWS, description="So many rows that are not flagged are mixed in."),
    ] = 0,
    decided: Annotated[bool, Query(description="Also rows that have a decision.")] = False,
    near: Annotated[
        float | None, Query(gt=0, le=1, description="Also rows whose inputs are so alike.")
    ] = None,
    seed: Annotated[int, Query(ge=0, lt=2**32, description="Seed of the draw.")] = 0,
) -> Response:
    def found(ev: Any) -> LabelQueue:
        return ev.label_queue(  # type: ignore[no-any-return]
            given(where),
            order=order,
            limit=limit,
            audit=audit,
            decided=decided,
            near=near,
            seed=seed,
        )

    return await ask.answer(found, kinds=REVIEW)


@router.post(
    f"{E}/label-decisions",
    **told("decide_labels", LabelDecisions, summary="Record what a person decided of labels"),
)
async def decide(ask: Asked, draft: LabelDecisionDraft) -> Response:
    return await ask.write(lambda ev: ev.decide_labels(**draft.model_dump()))


@router.post(
    f"{E}/label-errors/check",
    **told("label_errors_check", Board, status=201,
           summary="A check that not more labels look wrong than now, kept in a suite"),
)  # fmt: skip
async def keep(ask: Asked, draft: LabelCheckDraft) -> Response:
    def made(ev: Any) -> Board:
        check = ev.label_errors(given(draft.where), limit=0).to_check()
        return board(ev, keep_check(ev, check, draft.suite))

    return await ask.write(made, status=201)


@router.get(
    f"{E}/corrected-metrics",
    **told("corrected_metrics", *CORRECTED.answers, also={202: [Job]},
           summary="Metrics as they would be with right labels, or the job that corrects them"),
)  # fmt: skip
async def corrected(ask: Asked, options: Annotated[CorrectedOptions, Query()]) -> Response:
    return await ask.searched(CORRECTED, options)


@router.get(
    f"{DS}/label-decisions",
    **told("label_decisions", LabelDecisions, summary="What was decided of a dataset's labels"),
)
async def decisions(ask: AskedData) -> Response:
    return await ask.answer(lambda data: data.label_decisions())


@router.get(
    f"{DS}/consensus",
    **told("consensus", *CONSENSUS.answers, also={202: [Job]},
           summary="One label of several people's, how good each is, or the job"),
)  # fmt: skip
async def consensus(ask: AskedData, options: Annotated[ConsensusOptions, Query()]) -> Response:
    return await ask.searched(CONSENSUS, options)


@router.post(
    f"{DS}/relabelled",
    **told("relabel", DatasetMade, status=201,
           summary="A new version of the dataset with the labels that people chose"),
)  # fmt: skip
async def relabelled(ask: AskedData, draft: RelabelledDraft) -> Response:
    def made(data: Dataset) -> DatasetMade:
        found = data.relabelled(decisions=draft.decisions)
        spec = found.version.spec
        changed = int(spec["relabelled"])
        return DatasetMade(found.ref, found.n, data.ref, str(spec["decisions"]), changed)

    return await ask.write(made, status=201)
