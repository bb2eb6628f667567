"""The kinds of jobs that test a model: a suite's run, and checks proposed from findings."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from mispredict.checks.suites.editing import read_suite
from mispredict.expectations.verdict import Verdicts
from mispredict.server.jobs.kind import Kind, Work, registered
from mispredict.server.jobs.options import Options
from mispredict.server.opened import NAMES
from mispredict.workspace.testing.previews import ProposedChecks

if TYPE_CHECKING:
    from mispredict.workspace import Evaluation

Source = Literal["slices", "error_classes", "priorities", "cohorts"]
_LONGEST = 100_000


class SuiteRunDraft(Options):
    """What of a suite is run, and against what."""

    select: Annotated[
        list[Annotated[str, Field(max_length=500)]] | None,
        Field(max_length=1_000, description="Names or tags of checks; all without it."),
    ] = None
    baseline: Annotated[
        str | None,
        Field(max_length=220, description="A model to compare with; the suite's own without it."),
    ] = None


class SuiteRunOptions(SuiteRunDraft):
    """Options of a suite's run, as `ws.run` has them."""

    suite: Annotated[str, Field(max_length=200, description="Name of the suite.")]


class ProposalsOptions(Options):
    """Where proposed checks come from: findings, or one cohort."""

    sources: Annotated[
        list[Source],
        Field(
            default_factory=lambda: ["slices", "error_classes"],
            max_length=4,
            description="Findings to keep from getting worse.",
        ),
    ]
    where: Annotated[
        str | None, Field(max_length=_LONGEST, description="One cohort, instead of findings.")
    ] = None
    name: Annotated[str, Field(max_length=200, description="Name of the cohort's check.")] = ""
    limit: Annotated[int, Field(ge=1, le=50, description="Most checks from each source.")] = 10
    seed: Annotated[int, Field(ge=0, lt=2**32, description="Seed of what is drawn.")] = 0


def _run(work: Work) -> Verdicts:
    from mispredict.workspace.testing.suites import saved_text

    said = work.options
    return work.workspace.run(
        read_suite(saved_text(work.workspace.store, said.suite)),
        model=work.model,
        data=work.dataset,
        baseline=said.baseline,
        select=said.select,
        trust=work.trust,
        progress=work.progress,
        cancel=work.is_cancelled,
    )


def _proposals(work: Work) -> ProposedChecks:
    from mispredict.workspace.testing.previews import proposed_checks

    said = work.options
    return proposed_checks(
        work.ev, said.sources, where=said.where, name=said.name, limit=said.limit, seed=said.seed
    )


def _names_now(of: Evaluation, options: Options) -> str:
    """The state of tags and saved cohorts, which proposals speak of."""
    return of.workspace.store.revision(*NAMES)


SUITE_RUN = registered(
    Kind(
        "suite_run",
        "Run of a suite",
        SuiteRunOptions,
        _run,
        (Verdicts,),
        is_kept=False,
        lane="asking",
        needs_model=False,
    )
)
PROPOSALS = registered(
    Kind(
        "proposals",
        "Proposed checks",
        ProposalsOptions,
        _proposals,
        (ProposedChecks,),
        stands_on=_names_now,
    )
)
