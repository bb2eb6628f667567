"""What takes a search: slices, error tree, clusters, the map; and the jobs that do it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import ValidationError

from mispredict.compare.board import Reevaluated
from mispredict.core.errors import BadOption
from mispredict.report.overview import Overview
from mispredict.server.asking import Asked, E
from mispredict.server.jobs.events import events
from mispredict.server.jobs.kind import KINDS, Kind
from mispredict.server.jobs.kinds import CLUSTERS, EVALUATE, MAP, SLICES, TREE
from mispredict.server.jobs.options import (
    ClustersOptions,
    MapOptions,
    Options,
    SlicesOptions,
    TreeOptions,
)
from mispredict.server.misfits import misfit
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import JobDraft
from mispredict.server.security.headers import report_policy
from mispredict.server.service import service_of
from mispredict.server.shapes import EvaluationMade, Job, Jobs
from mispredict.server.wire import Encoded, json_response, respond

router = APIRouter(tags=["finding"])
jobs = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])

JobId = Annotated[str, Path(max_length=64, description="Id of a job.")]


@router.get(
    f"{E}/slices",
    **told("slices", *SLICES.answers, summary="Slices, or the job that finds them",
           also={202: [Job]}),
)  # fmt: skip
async def slices(ask: Asked, options: Annotated[SlicesOptions, Query()]) -> Response:
    return await ask.searched(SLICES, options)


@router.get(
    f"{E}/tree",
    **told("tree", *TREE.answers, summary="Error tree, or the job that grows it",
           also={202: [Job]}),
)  # fmt: skip
async def tree(ask: Asked, options: Annotated[TreeOptions, Query()]) -> Response:
    return await ask.searched(TREE, options)


@router.get(
    f"{E}/clusters",
    **told("clusters", *CLUSTERS.answers, summary="Clusters, or the job that finds them",
           also={202: [Job]}),
)  # fmt: skip
async def clusters(ask: Asked, options: Annotated[ClustersOptions, Query()]) -> Response:
    return await ask.searched(CLUSTERS, options)


@router.get(
    f"{E}/map",
    **told("map", *MAP.answers, summary="Rows as points, or the job that places them",
           also={202: [Job]}),
)  # fmt: skip
async def map_(ask: Asked, options: Annotated[MapOptions, Query()]) -> Response:
    return await ask.searched(MAP, options)


@jobs.get("", **told("jobs", Jobs, summary="All jobs"))
async def list_jobs(request: Request) -> Response:
    return json_response(Jobs(service_of(request).jobs.known()))


@jobs.post(
    "",
    **told("start_job", Job, summary="Start a job, or the one that runs already", status=202,
           also={200: [Job]}),
)  # fmt: skip
async def start_job(request: Request, draft: JobDraft) -> Response:
    service = service_of(request)
    kind = KINDS[draft.kind]
    options = _options(kind, draft.options)
    model, dataset = _about(kind, draft)

    def asked() -> tuple[Job, int]:
        if kind is EVALUATE:
            model_ref = str(service.workspace.store.version("model", model).ref)
            dataset_ref = str(service.workspace.store.version("dataset", dataset).ref)
        elif kind.about != "evaluation":
            model_ref, dataset_ref = "", ""
            if kind.about == "dataset":
                dataset_ref = str(service.workspace.store.version("dataset", dataset).ref)
        else:
            opened = service.evaluations.open(model, dataset)
            model_ref, dataset_ref = opened.evaluation.model, opened.evaluation.dataset.ref
        found = service.jobs.ask(kind, model_ref, dataset_ref, options, again=True)
        if isinstance(found, Encoded):
            return service.jobs.done(kind, model_ref, dataset_ref, options), 200
        return found, 202

    job, status = await service.pool.quick(asked)
    return json_response(job, status)


@jobs.get("/{id}", **told("job", Job, summary="A job"))
async def job(request: Request, id: JobId) -> Response:  # noqa: A002 - the path's word
    return json_response(service_of(request).jobs.find(id))


@jobs.get(
    "/{id}/result",
    **told("job_result", Overview, EvaluationMade, Reevaluated,
           summary="The result of a finished job"),
)  # fmt: skip
async def job_result(request: Request, id: JobId) -> Response:  # noqa: A002
    service = service_of(request)
    found = await service.pool.quick(lambda: service.jobs.result(id))
    answer = respond(request, found)
    if found.media_type.startswith("text/html"):
        answer.headers["Content-Security-Policy"] = report_policy()
    return answer


@jobs.get(
    "/{id}/events",
    **told("job_events", summary="A job's changes as server-sent events"),
    response_class=StreamingResponse,
)
async def job_events(request: Request, id: JobId) -> Response:  # noqa: A002
    service = service_of(request)
    service.jobs.find(id)
    return StreamingResponse(
        events(service.jobs, id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@jobs.delete("/{id}", **told("cancel_job", Job, summary="Cancel a job"))
async def cancel_job(request: Request, id: JobId) -> Response:  # noqa: A002
    service = service_of(request)
    return json_response(await service.pool.quick(lambda: service.jobs.cancel(id)))


def _options(kind: Kind, given: dict[str, Any]) -> Options:
    try:
        return kind.options(**given)
    except ValidationError as error:
        found = misfit(error.errors(), is_whole=False)
        raise BadOption(
            f"{found.name or 'options'} of the job cannot be used.",
            known=found.known,
            hint=f"options of {kind.name}: {', '.join(kind.options.model_fields)}",
        ) from None


def _about(kind: Kind, draft: JobDraft) -> tuple[str, str]:
    """Names of the model and the dataset that a job is about."""
    if kind.about == "workspace":
        return "", ""
    if kind.about == "dataset":
        return "", _dataset(draft)
    model, _, dataset = (draft.evaluation or "").partition("/")
    found = (draft.model or model, draft.dataset or dataset)
    if not all(found):
        raise BadOption(
            "a job is about a model and a dataset.",
            known=f"evaluation={draft.evaluation!r}, model={draft.model!r}, "
            f"dataset={draft.dataset!r}.",
            hint="evaluation='gbm@1/churn@2'",
        )
    return found


def _dataset(draft: JobDraft) -> str:
    """The dataset that a job is about; the last part of the evaluation, if only that is told."""
    found = draft.dataset or (draft.evaluation or "").rpartition("/")[2]
    if not found:
        raise BadOption("a job is about a dataset.", hint="dataset='churn@2'")
    return found
