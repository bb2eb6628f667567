"""Tags, saved cohorts and the priorities that are made of them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response

from mispredict.cohorts.priorities import Priorities
from mispredict.core.errors import UnknownName
from mispredict.server.asking import Asked, E
from mispredict.server.failures import NotFound
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import (
    CohortDraft,
    Names,
    TagChange,
    TagSettingsChange,
    Where,
    given,
)
from mispredict.server.service import service_of
from mispredict.server.shapes import SavedCohort, SavedCohorts, TagState
from mispredict.server.summaries import saved_cohort, saved_cohorts, tag_state
from mispredict.server.wire import encoded, respond

router = APIRouter(tags=["naming"])

TagName = Annotated[str, Path(max_length=200, description="Name of a tag.", examples=["reviewed"])]


@router.post(f"{E}/tags/{{tag}}", **told("tag_rows", TagState, summary="Tag rows, or untag them"))
async def tag_rows(ask: Asked, tag: TagName, change: TagChange) -> Response:
    def made(ev: Any) -> TagState:
        mark = ev.untag if change.remove else ev.tag
        return tag_state(ev, tag, mark(tag, change.where, rows=change.rows))

    return await ask.write(made)


@router.patch(
    f"{E}/tags/{{tag}}",
    **told("set_tag", TagState, summary="Say how easy and important a tag is"),
)
async def set_tag(ask: Asked, tag: TagName, change: TagSettingsChange) -> Response:
    said = {name: getattr(change, name) for name in change.model_fields_set}
    if said.get("note", "") is None:
        said["note"] = ""

    def made(ev: Any) -> TagState:
        try:
            ev.workspace.set_tag(tag, **said)
        except UnknownName as error:
            raise NotFound(error) from error
        return tag_state(ev, tag)

    return await ask.write(made)


@router.get(f"{E}/priorities", **told("priorities", Priorities, summary="What to work on first"))
async def priorities(
    ask: Asked,
    ceiling: Annotated[
        str | None, Query(description="The best to be expected: a number, or `best model`.")
    ] = None,
    where: Where = None,
    sort: Annotated[
        Literal["gain", "worth"], Query(description="By gain, or gain × importance × ease.")
    ] = "gain",
    metric: Annotated[str | None, Query(description="`accuracy` or `loss`.")] = None,
    annotators: Names = None,
    against: Annotated[
        Literal["others", "label"], Query(description="What each annotator is compared with.")
    ] = "others",
) -> Response:
    return await ask.answer(
        lambda ev: ev.tags(
            _number(ceiling),
            where=given(where),
            sort=sort,
            metric=metric,
            annotators=annotators or None,
            against=against,
        ),
        uses_names=True,
    )


@router.get("/api/v1/cohorts", **told("cohorts", SavedCohorts, summary="Saved cohorts"))
async def cohorts(request: Request) -> Response:
    service = service_of(request)
    return await service.answer(request, lambda: saved_cohorts(service.workspace))


@router.post(
    "/api/v1/cohorts", **told("save_cohort", SavedCohort, summary="Save a cohort", status=201)
)
async def save_cohort(request: Request, draft: CohortDraft) -> Response:
    service = service_of(request)

    def made() -> SavedCohort:
        workspace = service.workspace
        if draft.evaluation is None:
            version = workspace.save_cohort(draft.name, draft.where, note=draft.note)
        else:
            of = workspace.evaluation(draft.evaluation)
            version = of.save_cohort(draft.name, draft.where, note=draft.note)
        return saved_cohort(version)

    found = await service.pool.heavy(lambda: encoded(made()))
    return respond(request, found, status=201)


def _number(ceiling: str | None) -> float | str | None:
    try:
        return None if ceiling is None else float(ceiling)
    except ValueError:
        return ceiling
