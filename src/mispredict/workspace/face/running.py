"""Suites of checks: the part of `Workspace` that runs them and keeps what they came to."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.expectations.check import Check
    from mispredict.expectations.verdict import Verdicts
    from mispredict.workspace.testing.history import CheckHistory, Runs
    from mispredict.workspace.workspace import Workspace


class Running:
    """Runs of suites, and the history of their checks."""

    def run(  # noqa: PLR0913 - each is a choice of the run
        self,
        suite: str | os.PathLike[str] | Suite | Check | Sequence[Check],
        *,
        model: str | None = None,
        data: str | None = None,
        baseline: str | None = None,
        reference: str | None = None,
        select: str | Sequence[str] | None = None,
        parameters: Mapping[str, Any] | None = None,
        fail_fast: bool = False,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Verdicts:
        """Run a suite of checks; the verdicts, which the workspace keeps as a version.

        Everything that the suite names is looked up before the model is called. A model that
        was not evaluated on the dataset yet is evaluated first. A suite that only checks data
        needs no model.

        Args:
            suite: a YAML file, a YAML text, a Suite, or checks.
            model: the model, if not the one that the suite names; without either, the newest
                evaluation, or none where all checks are of data.
            data: the dataset, likewise.
            baseline: the model to compare with, likewise.
            reference: the dataset that the data are held against, likewise.
            select: tags, names or patterns of names (`"seniors*"`) of the checks to run.
            parameters: values for the parameters of the file.
            fail_fast: stop after the first check that blocks.
            trust: whether a stored copy of a model may be loaded, which can run any code.
            progress: called with (checks judged, checks in all).
            cancel: asked between checks and calls of the model; True stops.

        Raises:
            BadSuite: the file has a fault, which the message names with line and column.
        """
        from mispredict.workspace.testing.testing import prepare, run

        workspace = cast("Workspace", self)
        prepared = prepare(
            workspace,
            suite,
            model=model,
            data=data,
            baseline=baseline,
            reference=reference,
            select=select,
            parameters=parameters,
        )
        return run(
            workspace,
            prepared,
            fail_fast=fail_fast,
            trust=trust,
            progress=progress,
            cancel=cancel,
        )

    def runs(self, suite: str | None = None) -> Runs:
        """All runs of suites, or those of one suite, the newest first."""
        from mispredict.workspace.testing.history import runs

        return runs(cast("Workspace", self).store, suite)

    def verdicts(self, run: str) -> Verdicts:
        """The verdicts of a run such as `churn-gate@3`; of a suite's newest run by its name."""
        from mispredict.workspace.testing.history import stored_verdicts

        return stored_verdicts(cast("Workspace", self).store, run)

    def check_history(self, suite: str, checks: str | Sequence[str] | None = None) -> CheckHistory:
        """What each check of a suite came to for each version of a model, by its last run.

        Args:
            suite: its name.
            checks: names of checks; all by default.
        """
        from mispredict.core.options import names
        from mispredict.workspace.testing.history import check_history

        asked = None if checks is None else names("checks", checks)
        return check_history(cast("Workspace", self).store, suite, checks=asked)
