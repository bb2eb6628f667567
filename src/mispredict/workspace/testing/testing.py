"""Suites run in a workspace: all that they name is looked up, then the model is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from mispredict.checks.catalog import Check, Kind
from mispredict.checks.suites.checking import check_names
from mispredict.checks.suites.suite import Suite
from mispredict.expectations.verdict import Verdict, Verdicts
from mispredict.workspace.testing.given import GivenSuite, check_of, suite_of
from mispredict.workspace.testing.history import keep_run
from mispredict.workspace.testing.target import (
    Target,
    evaluation_names,
    names_of,
    stored_evaluation,
    target_of,
)

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Prepared:
    """A suite of which all is known to be there: what is left is to ask the model."""

    suite: Suite
    target: Target
    selected: tuple[str, ...] = ()


def prepare(
    workspace: Workspace,
    suite: GivenSuite,
    *,
    model: str | None = None,
    data: str | None = None,
    baseline: str | None = None,
    reference: str | None = None,
    select: str | Sequence[str] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Prepared:
    """The suite with what it is run on, after everything that it names was looked up.

    Raises:
        BadSuite: its file has a fault; the model was not called.
    """
    whole = suite_of(suite, parameters)
    target = target_of(
        workspace, whole, model=model, data=data, baseline=baseline, reference=reference
    )
    check_names(whole, names_of(workspace, target))
    chosen = whole.select(select)
    selected = tuple(check.name for check in chosen.checks) if select is not None else ()
    return Prepared(chosen, target, selected)


def run(
    workspace: Workspace,
    prepared: Prepared,
    *,
    fail_fast: bool = False,
    trust: bool = False,
    workers: int = 1,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdicts of a prepared suite, which the workspace keeps; see `Workspace.run`.

    `workers` are processes that ask the model at a time, each with a copy of it.
    """
    from mispredict.models.parallel import asked_by

    target = prepared.target
    if not target.model:
        return _run_on_data(workspace, prepared, fail_fast, progress, cancel)
    is_new = stored_evaluation(workspace, target.dataset, target.model) is None
    of = _evaluated(workspace, target.dataset, target.model, trust, cancel)
    other = None
    if target.baseline:
        other = _evaluated(workspace, target.dataset, target.baseline, trust, cancel)
    with asked_by(workers):
        verdicts = judge(
            prepared.suite,
            of,
            baseline=other,
            reference=_reference_view(workspace, target),
            is_checked=not is_new,
            fail_fast=fail_fast,
            trust=trust,
            progress=progress,
            cancel=cancel,
        )
    suite = None if prepared.selected else prepared.suite
    keep_run(workspace.store, of, verdicts, selected=prepared.selected, suite=suite)
    return verdicts


def judge(
    suite: Suite,
    of: Evaluation,
    *,
    baseline: Evaluation | None = None,
    reference: DataView | None = None,
    is_checked: bool = False,
    fail_fast: bool = False,
    trust: bool = False,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Verdicts:
    """The verdicts of a suite on an evaluation; nothing is kept of them.

    `is_checked` says that what it names was looked up in this evaluation already.
    """
    from mispredict.checks.running import run_checks
    from mispredict.workspace.testing.subject import EvaluationSubject

    if not is_checked:
        names = evaluation_names(
            of.workspace,
            of.dataset,
            of,
            has_baseline=baseline is not None,
            has_reference=reference is not None,
        )
        check_names(suite, names)
    with EvaluationSubject(
        of, baseline=baseline, reference=reference, trust=trust, cancel=cancel
    ) as subject:
        verdicts = run_checks(
            suite.checks, subject, fail_fast=fail_fast, progress=progress, cancel=cancel
        )
    return replace(verdicts, suite=suite.name)


def judge_one(
    of: Evaluation,
    kind: str | Kind | Check,
    *,
    name: str = "",
    baseline: str | Evaluation | None = None,
    reference: str | None = None,
    seed: int = 0,
    trust: bool = False,
    options: Mapping[str, Any],
) -> Verdict:
    """The verdict of one check on an evaluation; see `Evaluation.check`."""
    check = check_of(kind, name=name, seed=seed, options=options)
    if isinstance(baseline, str):
        baseline = _evaluated(of.workspace, of.dataset, baseline, trust, None)
    view = None
    if reference is not None:
        from mispredict.workspace.inspecting.view import stored_view

        view = stored_view(of.workspace, of.workspace.dataset(reference))
    suite = Suite("check", (check,))
    return judge(suite, of, baseline=baseline, reference=view, trust=trust).rows[0]


def _run_on_data(
    workspace: Workspace,
    prepared: Prepared,
    fail_fast: bool,
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
) -> Verdicts:
    """The verdicts of checks that need the rows alone."""
    from mispredict.workspace.inspecting.running import judge_data
    from mispredict.workspace.inspecting.view import stored_view

    target = prepared.target
    view = stored_view(workspace, target.dataset, reference=_reference_view(workspace, target))
    verdicts = judge_data(
        prepared.suite, view, fail_fast=fail_fast, progress=progress, cancel=cancel
    )
    suite = None if prepared.selected else prepared.suite
    keep_run(workspace.store, target.dataset, verdicts, selected=prepared.selected, suite=suite)
    return verdicts


def _reference_view(workspace: Workspace, target: Target) -> DataView | None:
    from mispredict.workspace.inspecting.view import stored_view

    return None if target.reference is None else stored_view(workspace, target.reference)


def _evaluated(
    workspace: Workspace,
    dataset: Dataset,
    model: str,
    trust: bool,
    cancel: Callable[[], bool] | None,
) -> Evaluation:
    """The stored evaluation of the model version on the rows, made now if there is none."""
    version = str(workspace.store.version("model", model).ref)
    found = stored_evaluation(workspace, dataset, version)
    return found or workspace.evaluate(version, dataset.ref, trust=trust, cancel=cancel)
