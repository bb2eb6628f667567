"""Problems and what changed: the parts of `Workspace` and `Evaluation` that close the loop."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from mispredict.core.predicate import Predicate
from mispredict.workspace.view import View

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from mispredict.compare.changed.changed import WhatChanged
    from mispredict.review.results import ProblemHistory, ProblemRecord, Problems, Triage
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


class Opening(View):
    """Problems opened from what an evaluation shows."""

    def open_problem(  # noqa: PLR0913 - each is a field of the problem
        self,
        finding: Any = None,
        *,
        title: str = "",
        where: str | Predicate | None = None,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
        name: str | None = None,
        description: str = "",
        expected: str = "",
        positive: Sequence[str] = (),
        negative: Sequence[str] = (),
        owner: str = "",
        harm: int | str = 3,
        users: str = "",
        metric: str | None = None,
        target: float | None = None,
        links: Sequence[str] = (),
        check: bool = True,
        who: str = "",
    ) -> ProblemRecord:
        """Open a problem from a finding, a cohort or rows, with a check that says when it is fixed.

        The check passes when the whole interval of the metric, in the cohort, is beyond the
        target: by default half way from what it is now to what all other rows have.

        Args:
            finding: a slice, card, error class, tag, cluster, check or verdict, a row that failed,
                a cohort's text, or numbers of rows.
            title: in a few words; the cohort's sentence by default.
            where: the cohort, instead of a finding.
            rows: numbers of rows, instead of a finding; they get a tag.
            name: that it is known by; made of the title by default.
            description: in words.
            expected: what the model should do.
            positive: patterns of examples that show the problem: cohorts, or words.
            negative: patterns of examples that are alike and no case of it.
            owner: who cares for it.
            harm: from 1 (hardly noticed) to 5 (danger to health, rights or the business), or the
                words of the scale.
            users: column that says whose a row is; the priority then counts users, not rows.
            metric: of the check; accuracy, or the mean error or loss.
            target: bound of the check.
            links: addresses of issues elsewhere.
            check: whether it gets a check.
            who: opens it, if not the account.
        """
        from mispredict.workspace.problems.problems import open_problem

        return open_problem(
            self._whole, finding, title=title, where=where, rows=rows, name=name,
            metric=metric, target=target, check=check, who=who, description=description,
            expected=expected, positive=positive, negative=negative, owner=owner, harm=harm,
            users=users, links=links,
        )  # fmt: skip

    def problems(self, *, status: str | None = None, owner: str | None = None) -> Problems:
        """The problems of this model and data, with their priority in this evaluation."""
        from mispredict.workspace.problems.problems import problems

        of = self._whole
        return problems(of.workspace, of, status=status, owner=owner)

    def triage(self, *, asks: bool = True, trust: bool = False) -> Triage:
        """Hold every problem against this evaluation: passing proposes *fixed*, failing reopens.

        It happens by itself when an evaluation is made, but for checks that ask the model.

        Args:
            asks: whether the model is asked, where a problem's check needs that.
            trust: whether a stored copy of the model may be loaded, which can run any code.
        """
        from mispredict.workspace.problems.triage import triage

        return triage(self._whole, asks=asks, trust=trust)


class Reviewing:
    """Problems of a workspace, and why a metric changed."""

    def problems(
        self,
        of: str | Evaluation | None = None,
        *,
        status: str | None = None,
        owner: str | None = None,
        sort: str = "priority",
    ) -> Problems:
        """All problems, the most urgent first, each with the working of its priority.

        Args:
            of: the evaluation by which they are judged; by default, for each problem, that of the
                newest version of its model on the newest version of its data.
            status: only those that are open, fixing, fixed, reopened, accepted, or `proposed` as
                fixed.
            owner: only those of this owner.
            sort: `priority`, `newest`, `harm` or `status`.
        """
        from mispredict.workspace.problems.problems import problems

        workspace = cast("Workspace", self)
        evaluation = workspace.evaluation(of) if isinstance(of, str) else of
        return problems(workspace, evaluation, status=status, owner=owner, sort=sort)

    def problem(self, name: str, of: str | Evaluation | None = None) -> ProblemRecord:
        """One problem with its priority, check, examples, comments, events and history.

        Args:
            name: of the problem.
            of: the evaluation by which it is judged; the newest of its model by default.
        """
        from mispredict.workspace.problems.problems import record

        workspace = cast("Workspace", self)
        evaluation = workspace.evaluation(of) if isinstance(of, str) else of
        return record(workspace, name, evaluation)

    def edit_problem(
        self, name: str, *, version: int | None = None, who: str = "", **changes: Any
    ) -> ProblemRecord:
        """Change fields of a problem: a new version of it.

        Args:
            name: of the problem.
            version: the version that you have seen. If somebody else has changed the problem
                since, nothing is written and you are told.
            who: changes it, if not the account.
            **changes: title, description, expected, where, owner, harm, status, positive,
                negative, links, users, target; and `reason`, why.

        Raises:
            Conflict: somebody else wrote first.
        """
        from mispredict.workspace.problems.problems import edit_problem

        workspace = cast("Workspace", self)
        return edit_problem(workspace, name, version=version, who=who, changes=changes)

    def comment_problem(self, name: str, text: str, *, who: str = "") -> ProblemRecord:
        """Say something about a problem; comments of several people never get lost."""
        from mispredict.workspace.problems.problems import comment_problem

        return comment_problem(cast("Workspace", self), name, text, who=who)

    def problem_history(self, name: str | None = None) -> ProblemHistory:
        """A problem, or each of them, over the versions of its model: what a chart is drawn of."""
        from mispredict.workspace.problems.problems import problem_history

        return problem_history(cast("Workspace", self), name)

    def export_problems(self, folder: str | Path) -> list[Path]:
        """Write each problem as a YAML file, to be reviewed and versioned with git."""
        from mispredict.workspace.problems.files import export_problems

        return export_problems(cast("Workspace", self), Path(folder))

    def import_problems(self, folder: str | Path) -> list[ProblemRecord]:
        """Save the problems of a folder of YAML files; all of them or, on an error, none."""
        from mispredict.workspace.problems.files import import_problems

        return import_problems(cast("Workspace", self), Path(folder))

    def changed(
        self,
        before: str | Evaluation,
        after: str | Evaluation,
        metric: str | None = None,
        *,
        by: str | Sequence[str] | None = None,
        where: str | Predicate | None = None,
        threshold: float | tuple[float, float] | None = None,
        calls: bool = True,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> WhatChanged:
        """Why a metric is another one now: its difference divided among what changed.

        Args:
            before: an evaluation.
            after: another one, of another model, other data, or both.
            metric: of the task; accuracy, or the mean error or loss, by default.
            by: columns by whose values rows are of one kind; those whose mix changed by default.
            where: only rows of this cohort.
            threshold: probability from which on a row is called positive; a pair where it is
                another one after. By default predictions are as they are.
            calls: whether models may be called where a crossing is missing.
            trust: whether stored copies of models may be loaded then.
            progress: called with (stages done, stages in all).
            cancel: asked between stages; True stops.
        """
        from mispredict.workspace.changing.changing import STAGES, changed
        from mispredict.workspace.stages import Stages

        workspace = cast("Workspace", self)
        pair = [
            workspace.evaluation(item) if isinstance(item, str) else item
            for item in (before, after)
        ]
        return changed(
            pair[0], pair[1], metric, by=by, where=where, threshold=threshold, calls=calls,
            trust=trust, step=Stages(progress, cancel, STAGES),
        )  # fmt: skip
