"""Problems: opened from what an evaluation shows, listed by priority, edited and talked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from mispredict.core.errors import UnknownName
from mispredict.review.results import ProblemHistory, ProblemRecord, Problems, Triage
from mispredict.server.asking import Asked, E
from mispredict.server.failures import NotFound
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import Body
from mispredict.server.service import service_of
from mispredict.server.wire import encoded, respond

router = APIRouter(tags=["problems"])

Status = Literal["open", "fixing", "fixed", "reopened", "accepted"]
Shown = Literal["open", "fixing", "fixed", "reopened", "accepted", "proposed"]
Sort = Literal["priority", "newest", "harm", "status"]
Words = Annotated[str, Field(max_length=20_000)]
Several = Annotated[list[Words], Field(max_length=1_000)]
ProblemName = Annotated[
    str, Path(max_length=200, description="Name of a problem.", examples=["seniors-misjudged"])
]
Judged = Annotated[
    str | None,
    Query(
        max_length=500,
        description="The evaluation that it is judged by; the newest of its model without it.",
        examples=["gbm@1/churn@2"],
    ),
]
OfStatus = Annotated[Shown | None, Query(description="Only these.")]
OfOwner = Annotated[str | None, Query(description="Only those of this owner.")]
_STANDS_ON = ("problem", "evaluation", "dataset", "run")


class FindingDraft(Body):
    """What a problem is opened from: a cohort or rows, with the kind of finding in words."""

    kind: str = Field("cohort", max_length=50, description="Such as slice, card or row.")
    where: str | None = Field(None, max_length=100_000, description="Its cohort.")
    rows: list[Annotated[int, Field(strict=True, ge=0, lt=2**53)]] | None = Field(
        None, max_length=100_000, description="Numbers of rows, instead of a cohort."
    )
    sentence: Words = Field("", description="What was found, in words.")


class ProblemDraft(Body):
    """A problem to be opened; all but what it is opened from can be said later."""

    finding: FindingDraft = Field(description="What it is opened from.")
    title: Words = Field("", description="In a few words; the cohort's sentence without it.")
    description: Words = Field("", description="In words.")
    expected: Words = Field("", description="What the model should do.")
    positive: Several = Field(default_factory=list, description="Patterns that show it.")
    negative: Several = Field(default_factory=list, description="Patterns that are no case of it.")
    owner: Words = Field("", description="Who cares for it.")
    harm: int = Field(3, ge=1, le=5, description="From 1, hardly noticed, to 5, danger.")
    users: str = Field("", max_length=500, description="Column that says whose a row is.")
    target: float | None = Field(None, description="Bound of its check.")
    links: Several = Field(default_factory=list, description="Addresses of issues elsewhere.")


class ProblemChange(Body):
    """What is changed of a problem; what is left out stays."""

    version: int = Field(ge=1, description="The version that was seen; 409 if it is older.")
    title: Words | None = Field(None, description="In a few words.")
    description: Words | None = Field(None, description="In words.")
    expected: Words | None = Field(None, description="What the model should do.")
    where: str | None = Field(None, max_length=100_000, description="Its cohort.")
    owner: Words | None = Field(None, description="Who cares for it.")
    harm: int | None = Field(None, ge=1, le=5, description="From 1 to 5.")
    status: Status | None = Field(None, description="What is done about it.")
    positive: Several | None = Field(None, description="Patterns that show it.")
    negative: Several | None = Field(None, description="Patterns that are no case of it.")
    links: Several | None = Field(None, description="Addresses of issues elsewhere.")
    users: str | None = Field(None, max_length=500, description="Column of users.")
    target: float | None = Field(None, description="Bound of its check.")
    reason: Words | None = Field(None, description="Why it is changed.")


class CommentDraft(Body):
    """Something that is said of a problem."""

    text: Words = Field(min_length=1, description="The comment.")


@router.get("/api/v1/problems", **told("problems", Problems, summary="Problems by priority"))
async def problems(
    request: Request,
    of: Judged = None,
    status: OfStatus = None,
    owner: OfOwner = None,
    sort: Annotated[Sort, Query(description="What comes first.")] = "priority",
) -> Response:
    service = service_of(request)
    return await service.answer(
        request, lambda: service.workspace.problems(of, status=status, owner=owner, sort=sort)
    )


@router.get(
    f"{E}/problems",
    **told("evaluation_problems", Problems, summary="Problems as this evaluation shows them"),
)
async def of_evaluation(ask: Asked, status: OfStatus = None, owner: OfOwner = None) -> Response:
    return await ask.answer(
        lambda ev: ev.problems(status=status, owner=owner), uses_names=True, kinds=_STANDS_ON
    )


@router.post(
    f"{E}/problems",
    **told("open_problem", ProblemRecord, summary="Open a problem from a finding", status=201),
)
async def opened(ask: Asked, draft: ProblemDraft) -> Response:
    said = draft.model_dump(exclude={"finding"})
    found = {key: value for key, value in draft.finding.model_dump().items() if value is not None}
    return await ask.write(lambda ev: ev.open_problem(found, **said), status=201)


@router.post(
    f"{E}/triage", **told("triage", Triage, summary="Hold every problem against the evaluation")
)
async def triaged(ask: Asked) -> Response:
    return await ask.write(lambda ev: ev.triage(asks=False))


@router.get(
    "/api/v1/history/problems",
    **told("problem_history", ProblemHistory, summary="All problems over the versions of models"),
)
async def history(request: Request) -> Response:
    service = service_of(request)
    return await service.answer(request, service.workspace.problem_history)


@router.get(
    "/api/v1/problems/{name}",
    **told("problem", ProblemRecord, summary="One problem with all that is known of it"),
)
async def one_problem(request: Request, name: ProblemName, of: Judged = None) -> Response:
    service = service_of(request)
    return await service.answer(request, _in_path(lambda: service.workspace.problem(name, of)))


@router.patch(
    "/api/v1/problems/{name}",
    **told("edit_problem", ProblemRecord, summary="Change what is said of a problem"),
)
async def edited(request: Request, name: ProblemName, change: ProblemChange) -> Response:
    said = {
        key: value
        for key in change.model_fields_set - {"version"}
        if (value := getattr(change, key)) is not None or key == "target"
    }
    workspace = service_of(request).workspace
    return await _written(
        request, lambda: workspace.edit_problem(name, version=change.version, **said)
    )


@router.post(
    "/api/v1/problems/{name}/comments",
    **told("comment_problem", ProblemRecord, summary="Say something of a problem", status=201),
)
async def commented(request: Request, name: ProblemName, draft: CommentDraft) -> Response:
    workspace = service_of(request).workspace
    return await _written(request, lambda: workspace.comment_problem(name, draft.text), status=201)


async def _written(request: Request, made: Callable[[], Any], *, status: int = 200) -> Response:
    found = await service_of(request).pool.heavy(lambda: encoded(_in_path(made)()))
    return respond(request, found, status=status)


def _in_path(made: Callable[[], Any]) -> Callable[[], Any]:
    """The same, where an unknown problem is that of the path."""

    def found() -> Any:
        try:
            return made()
        except UnknownName as error:
            raise NotFound(error) from error

    return found
