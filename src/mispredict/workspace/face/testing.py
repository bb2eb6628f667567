"""Checks of one evaluation: the part of `Evaluation` that tests the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.expectations.check import Check, Kind
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.evaluation import Evaluation


class Testing(View):
    """Single checks, and checks proposed from what was found."""

    __test__ = False  # no test case, whatever pytest makes of the name

    def check(
        self,
        kind: str | Kind | Check,
        *,
        name: str = "",
        baseline: str | Evaluation | None = None,
        reference: str | None = None,
        seed: int = 0,
        trust: bool = False,
        **options: Any,
    ) -> Verdict:
        """The verdict of one check; nothing is kept of it.

        Args:
            kind: a kind of check, such as "metric", with its options; or a `Check`.
            name: what it is called.
            baseline: the model to compare with, where the kind does that.
            reference: the dataset to compare with, likewise.
            seed: of its draws.
            trust: whether a stored copy of the model may be loaded, which can run any code.
            **options: those of the kind, such as `metric="accuracy", min=0.8`.
        """
        from mispredict.workspace.testing.testing import judge_one

        return judge_one(
            self._whole,
            kind,
            name=name,
            baseline=baseline,
            reference=reference,
            seed=seed,
            trust=trust,
            options=options,
        )

    def propose_checks(self, from_: Any = None, *, limit: int = 15, seed: int = 0) -> Suite:
        """A suite that keeps what was found from getting worse; edit it, save it, run it.

        The bound of each check is the value of this evaluation less two and a half times the
        distance to its interval's end, so that a version which is as good passes, and a clearly
        worse one does not.

        Args:
            from_: "slices", "error_classes", "priorities" (tags), "cohorts" (saved ones) or
                "counterfactuals" (which asks the model), several of them, or such a result; all
                but the last by default, and the model as a whole.
            limit: most checks from each.
            seed: of what is drawn.

        Example:
            >>> ev.propose_checks("slices").save("churn.suite.yaml")  # doctest: +SKIP
        """
        from mispredict.workspace.testing.proposals import propose

        return propose(self._whole, from_, limit=limit, seed=seed)
