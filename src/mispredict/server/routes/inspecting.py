"""A dataset looked over: health, duplicates, leaks, differences, coverage, and checks of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import Field

from mispredict.server.asking import job_or_result
from mispredict.server.asking_data import DS, AskedData
from mispredict.server.jobs.kind import Kind
from mispredict.server.jobs.kinds_inspecting import (
    CONFLICTS,
    COVERAGE,
    DATA_PROPOSALS,
    DIFF,
    DUPLICATES,
    HEALTH,
    LEAKAGE,
    ConflictsOptions,
    CoverageOptions,
    DataProposalsOptions,
    DiffOptions,
    DuplicatesOptions,
    HealthOptions,
    LeakageOptions,
)
from mispredict.server.paging import page_size
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import Body, Where, given
from mispredict.server.service import service_of
from mispredict.server.shapes import Job, RowsPage
from mispredict.workspace.inspecting.rows import rows_of_data
from mispredict.workspace.inspecting.suites import KeptChecks, keep_data_checks

if TYPE_CHECKING:
    from mispredict.workspace import Dataset

router = APIRouter(tags=["data"])

_LONGEST = 200_000


class DataChecksDraft(Body):
    """Checks of data to be kept in a suite."""

    suite: str = Field(min_length=1, max_length=200, description="Name of the suite.")
    checks: list[Annotated[str, Field(min_length=1, max_length=_LONGEST)]] = Field(
        min_length=1,
        max_length=1_000,
        description="The YAML of each check, without the dash before it.",
        examples=[["kind: duplicates"]],
    )
    reference: str | None = Field(
        None, max_length=220, description="The data that a new suite compares with."
    )


def _path(kind: Kind) -> str:
    return f"{DS}/{kind.path}"


def _told(kind: Kind, summary: str) -> dict[str, Any]:
    name = "data_health" if kind is HEALTH else kind.name  # `health` is that of the server
    return told(name, *kind.answers, also={202: [Job]}, summary=f"{summary}, or the job")


@router.get(_path(HEALTH), **_told(HEALTH, "What is wrong with the data"))
async def health(ask: AskedData, options: Annotated[HealthOptions, Query()]) -> Response:
    return await ask.searched(HEALTH, options)


@router.get(_path(DUPLICATES), **_told(DUPLICATES, "Rows that are the same, or nearly so"))
async def duplicates(ask: AskedData, options: Annotated[DuplicatesOptions, Query()]) -> Response:
    return await ask.searched(DUPLICATES, options)


@router.get(_path(CONFLICTS), **_told(CONFLICTS, "Same inputs with different labels"))
async def conflicts(ask: AskedData, options: Annotated[ConflictsOptions, Query()]) -> Response:
    return await ask.searched(CONFLICTS, options)


@router.get(_path(LEAKAGE), **_told(LEAKAGE, "Ways in which the right answers may be known"))
async def leakage(ask: AskedData, options: Annotated[LeakageOptions, Query()]) -> Response:
    return await ask.searched(LEAKAGE, options)


@router.get(_path(DIFF), **_told(DIFF, "What changed from another version to this one"))
async def diff(ask: AskedData, options: Annotated[DiffOptions, Query()]) -> Response:
    return await ask.searched(DIFF, options)


@router.get(_path(DATA_PROPOSALS), **_told(DATA_PROPOSALS, "Checks that data like these pass"))
async def proposals(ask: AskedData, options: Annotated[DataProposalsOptions, Query()]) -> Response:
    return await ask.searched(DATA_PROPOSALS, options)


@router.post(
    f"{DS}/checks",
    **told("keep_data_checks", KeptChecks, status=201,
           summary="Keep checks of data in a suite, or begin one"),
)  # fmt: skip
async def keep(ask: AskedData, draft: DataChecksDraft) -> Response:
    def made(data: Dataset) -> KeptChecks:
        return keep_data_checks(
            data, draft.suite, draft.checks, reference=given(draft.reference) or ""
        )

    return await ask.write(made, status=201)


@router.get(
    f"{DS}/rows", **told("dataset_rows", RowsPage, summary="Rows of the dataset by themselves")
)
async def rows(
    ask: AskedData,
    where: Where = None,
    limit: Annotated[int, Query(ge=0, description="Most rows.")] = 100,
    offset: Annotated[int, Query(ge=0, description="How many rows come before.")] = 0,
    columns: Annotated[list[str] | None, Query(description="Columns; all without it.")] = None,
) -> Response:
    most = ask.service.settings.limits.rows_per_page

    def found(data: Dataset) -> RowsPage:
        page = rows_of_data(
            data, given(where), limit=page_size(limit, most), offset=offset, columns=columns
        )
        said = page.to_dict()
        return RowsPage(page.columns, tuple(said["rows"]), page.source, page.total, offset, None)

    return await ask.answer(found)


@router.get(
    "/api/v1/coverage",
    **told("coverage", *COVERAGE.answers, also={202: [Job]},
           summary="Regions of rows that other rows do not cover, or the job"),
)  # fmt: skip
async def coverage(request: Request, options: Annotated[CoverageOptions, Query()]) -> Response:
    service = service_of(request)
    found = await service.pool.quick(lambda: service.jobs.ask(COVERAGE, "", "", options))
    return job_or_result(request, found)
