"""Checks of data run without a model: on stored rows, or on those that are to be stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mispredict.checks.suites.checking import Names, check_names
from mispredict.checks.suites.suite import Suite
from mispredict.core.errors import BadOption
from mispredict.core.task import Task, TaskKind

if TYPE_CHECKING:
    from mispredict.expectations.check import Check, Kind
    from mispredict.expectations.verdict import Verdict, Verdicts
    from mispredict.workspace.inspecting.view import RowsView
    from mispredict.workspace.workspace import Workspace

Progress = Callable[[int, int], None]


def judge_data(
    suite: Suite,
    data: RowsView,
    *,
    fail_fast: bool = False,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdicts of a suite on rows; nothing is kept of them."""
    from mispredict.checks.running import run_checks
    from mispredict.workspace.inspecting.subject import DatasetSubject

    verdicts = run_checks(
        suite.checks, DatasetSubject(data), fail_fast=fail_fast, progress=progress, cancel=cancel
    )
    return replace(verdicts, suite=suite.name)


def judge_one_of_data(
    data: RowsView,
    kind: str | Kind | Check,
    workspace: Workspace,
    *,
    name: str = "",
    seed: int = 0,
    options: Mapping[str, Any],
) -> Verdict:
    """The verdict of one check on rows; see `Dataset.check`."""
    from mispredict.workspace.testing.given import check_of

    suite = Suite("check", (check_of(kind, name=name, seed=seed, options=options),))
    check_data(suite, data, workspace)
    return judge_data(suite, data).rows[0]


def check_data(suite: Suite, data: RowsView, workspace: Workspace) -> None:
    """Refuse a suite that needs more than rows, or names what they do not have.

    Raises:
        BadOption: a check asks a model.
        BadSuite: a fault of its file.
    """
    for check in suite.checks:
        if check.kind.needs != "data":
            raise BadOption(
                f"the check {check.name!r} needs more than data.",
                known=f"Checks of kind {check.kind.name!r} need "
                + ("a model." if check.kind.needs == "model" else "predictions."),
                hint="a suite of its own for checks of data, or ws.run(suite, model='gbm')",
            )
    check_names(suite, data_names(data, workspace, has_reference=data.reference is not None))


def data_names(data: RowsView, workspace: Workspace, *, has_reference: bool) -> Names:
    """What checks of these rows may name."""
    return Names(
        of=data.ref,
        fields=data.table.fields,
        task=data.task or Task(TaskKind.SCORE),
        tags=data.tags,
        cohorts=workspace.cohort_predicates(),
        has_probabilities=False,
        has_reference=has_reference,
    )
