"""Suites of checks: kept as text, run by jobs, their verdicts and history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import Field

from mispredict.checks.suites.forms import CheckForm, CheckText, form_of, text_of
from mispredict.core.errors import BadSuite, Conflict, UnknownName
from mispredict.server.asking import Asked, E
from mispredict.server.failures import NotFound
from mispredict.server.jobs.kinds_testing import (
    PROPOSALS,
    SUITE_RUN,
    ProposalsOptions,
    SuiteRunDraft,
    SuiteRunOptions,
)
from mispredict.server.routes.describing import told
from mispredict.server.routes.parameters import Body
from mispredict.server.service import service_of
from mispredict.server.shapes import Job
from mispredict.server.wire import json_response
from mispredict.workspace.testing.board import Board, board
from mispredict.workspace.testing.forms import CheckKinds, check_kinds
from mispredict.workspace.testing.history import Runs
from mispredict.workspace.testing.suites import (
    SuiteList,
    add_checks,
    change_check,
    save_suite,
    saved_text,
    suites,
)

router = APIRouter(tags=["testing"])

LONGEST = 200_000
_PLACE = re.compile(r"(?:suite|check):(\d+):(\d+): ")
SuiteName = Annotated[
    str, Path(max_length=200, description="Name of a suite.", examples=["churn-gate"])
]
Yaml = Annotated[str, Field(min_length=1, max_length=LONGEST)]


class SuiteDraft(Body):
    """A suite to be saved in the workspace."""

    text: Yaml = Field(description="Its YAML; a place in it is told by `position`.")
    was: str | None = Field(
        None,
        max_length=LONGEST,
        description="The text that it was made of, empty for a new suite; 409 where the suite is"
        " another by now. Without it whatever there is is replaced.",
    )


class ChecksDraft(Body):
    """Checks to be added to a suite."""

    checks: list[Yaml] = Field(
        min_length=1,
        max_length=500,
        description="The YAML of each check, without the dash before it.",
    )


class CheckChange(Body):
    """Another text for one check of a suite."""

    check: str = Field(max_length=500, description="Name of the check as it is now.")
    text: Yaml | None = Field(description="Its YAML without the dash; null takes it out.")


class CheckDraft(Body):
    """A check as YAML."""

    text: Yaml = Field(description="The check, without the dash before it.")


class FormDraft(Body):
    """A check as values."""

    name: str = Field(max_length=500, description="Name of the check.")
    kind: str = Field(max_length=100, description="Kind of the check.")
    values: dict[Annotated[str, Field(max_length=100)], Any] = Field(
        default_factory=dict, max_length=100, description="Options by name, as JSON."
    )
    texts: dict[Annotated[str, Field(max_length=100)], Annotated[str, Field(max_length=20_000)]] = (
        Field(default_factory=dict, max_length=100, description="Options by name, as YAML.")
    )


@router.get("/api/v1/suites", **told("suites", SuiteList, summary="Suites of the workspace"))
async def list_suites(request: Request) -> Response:
    service = service_of(request)
    return await service.answer(request, lambda: suites(service.workspace.store))


@router.get(f"{E}/runs", **told("runs", Runs, summary="Runs of suites on the evaluation"))
async def runs(
    ask: Asked, suite: Annotated[str | None, Query(description="Of this suite alone.")] = None
) -> Response:
    def found(ev: Any) -> Runs:
        rows = ev.workspace.runs(suite).rows
        about = (ev.model, ev.dataset.ref)
        return Runs(tuple(row for row in rows if (row.model, row.dataset) == about))

    return await ask.answer(found, kinds=("run",))


@router.get(
    f"{E}/suites/{{suite}}",
    **told("suite", Board, summary="A suite's checks with their newest verdicts and history"),
)
async def one_suite(ask: Asked, suite: SuiteName) -> Response:
    return await ask.answer(_in_path(lambda ev: board(ev, suite)), kinds=("run", "suite"))


@router.post(
    f"{E}/suites/{{suite}}/run",
    **told("run_suite", Job, summary="Run a suite, or some of its checks, by a job", status=202),
)
async def run_suite(ask: Asked, suite: SuiteName, draft: SuiteRunDraft) -> Response:
    opened, service = await ask.opened(), ask.service
    of = opened.evaluation
    options = SuiteRunOptions(suite=suite, **draft.model_dump())

    def started() -> Any:
        _check_runnable(of, options)
        return service.jobs.ask(SUITE_RUN, of.model, of.dataset.ref, options, again=True)

    return json_response(await service.pool.quick(started), 202)


@router.post(
    f"{E}/suites", **told("save_suite", Board, summary="Save a suite, after a look", status=201)
)
async def save(ask: Asked, draft: SuiteDraft) -> Response:
    def made(ev: Any) -> Board:
        with _placed(draft.text):
            return board(ev, save_suite(ev, draft.text, was=draft.was))

    return await ask.write(made, status=201)


@router.post(
    f"{E}/suites/{{suite}}/checks",
    **told("add_checks", Board, summary="Add checks to a suite, or begin one", status=201),
)
async def add(ask: Asked, suite: SuiteName, draft: ChecksDraft) -> Response:
    def made(ev: Any) -> Board:
        with _placed("\n".join(draft.checks)):
            return board(ev, add_checks(ev, suite, draft.checks))

    return await ask.write(made, status=201)


@router.patch(
    f"{E}/suites/{{suite}}",
    **told("change_check", Board, summary="Change one check of a suite, or take it out"),
)
async def change(ask: Asked, suite: SuiteName, draft: CheckChange) -> Response:
    def made(ev: Any) -> Board:
        with _placed(draft.text or ""):
            return board(ev, change_check(ev, suite, draft.check, draft.text))

    return await ask.write(_in_path(made))


@router.get(
    f"{E}/check-kinds",
    **told("check_kinds", CheckKinds, summary="Kinds of checks with what they may be told"),
)
async def kinds(ask: Asked) -> Response:
    trust = ask.service.settings.trust
    return await ask.answer(lambda ev: check_kinds(ev, trust=trust), uses_names=True)


@router.post(
    "/api/v1/checks/form",
    **told("check_form", CheckForm, summary="The values of a check's YAML"),
)
async def form(request: Request, draft: CheckDraft) -> Response:
    def found() -> CheckForm:
        with _placed(draft.text):
            return form_of(draft.text)

    return json_response(await service_of(request).pool.quick(found))


@router.post(
    "/api/v1/checks/text",
    **told("check_text", CheckText, summary="The YAML of a check's values"),
)
async def text(request: Request, draft: FormDraft) -> Response:
    said = CheckForm(draft.name, draft.kind, draft.values, draft.texts)
    return json_response(await service_of(request).pool.quick(lambda: text_of(said)))


@router.post(
    f"{E}/checks/proposals",
    **told("proposals", *PROPOSALS.answers, also={202: [Job]},
           summary="Checks that would keep what was found from getting worse; nothing is saved"),
)  # fmt: skip
async def proposals(ask: Asked, options: ProposalsOptions) -> Response:
    return await ask.searched(PROPOSALS, options)


def _check_runnable(of: Any, options: SuiteRunOptions) -> None:
    """Look up all that the suite names, so that its faults are told before a job begins."""
    from mispredict.checks.suites.editing import read_suite
    from mispredict.workspace.testing.testing import prepare

    try:
        text = saved_text(of.workspace.store, options.suite)
    except UnknownName as error:
        raise NotFound(error) from error
    if not text:
        raise Conflict(
            f"the workspace has no text of the suite {options.suite!r}.",
            known="It ran from a file, before texts were kept.",
            hint="run it from its file once more, or save its YAML here",
        )
    with _placed(text):
        prepare(
            of.workspace,
            read_suite(text),
            model=of.model,
            data=of.dataset.ref,
            baseline=options.baseline,
            select=options.select,
        )


def _in_path(made: Callable[[Any], Board]) -> Callable[[Any], Board]:
    """The same, where an unknown name is that of the path."""

    def found(ev: Any) -> Board:
        try:
            return made(ev)
        except UnknownName as error:
            raise NotFound(error) from error

    return found


@contextmanager
def _placed(text: str) -> Iterator[None]:
    """A fault of the text is told by line and column, and by its position in the text."""
    try:
        yield
    except BadSuite as error:
        at = _PLACE.match(error.problem)
        if at is None:
            raise
        line, column = int(at[1]), int(at[2])
        said = f"line {line}, column {column}: {error.problem[at.end() :]}"
        placed = BadSuite(said, known=error.known, hint=error.hint)
        before = text.split("\n")[: line - 1]
        placed.position = min(sum(len(item) + 1 for item in before) + column - 1, len(text))
        raise placed from error
