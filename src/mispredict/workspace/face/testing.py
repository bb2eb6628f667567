"""Checks of one evaluation: the part of `Evaluation` that tests the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.checks.check import Check, Kind
    from mispredict.checks.verdict import Verdict
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
        seed: int = 0,
        trust: bool = False,
        **options: Any,
    ) -> Verdict:
        """The verdict of one check; nothing is kept of it.

        Args:
            kind: a kind of check, such as "metric", with its options; or a `Check`.
            name: what it is called.
            baseline: the model to compare with, where the kind does that.
            seed: of its draws.
            trust: whether a stored copy of the model may be loaded, which can run any code.
            **options: those of the kind, such as `metric="accuracy", min=0.8`.
        """
        from mispredict.workspace.testing import judge_one

        return judge_one(
            cast("Evaluation", self),
            kind,
            name=name,
            baseline=baseline,
            seed=seed,
            trust=trust,
            options=options,
        )
