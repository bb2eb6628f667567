"""Models beside one another: the parts of `Workspace` and `Evaluation` that compare."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from mispredict.core.predicate import Predicate
from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.compare.board import ModelBoard, Reevaluated
    from mispredict.compare.diff.diff import Comparison
    from mispredict.workspace.comparing.comparing import Threshold
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


class Comparing:
    """Comparisons of models, and the board of all of them."""

    def compare(  # noqa: PLR0913 - each is a choice of what is compared
        self,
        *models: str | Evaluation,
        data: str | None = None,
        baseline: str | Evaluation | None = None,
        metrics: str | Sequence[str] | None = None,
        by: str | Sequence[str | Predicate] | None = None,
        where: str | Predicate | None = None,
        threshold: Threshold = None,
        common: bool = False,
        slices: bool = True,
        columns: Sequence[str] | None = None,
        skip: Sequence[str] = (),
        conditions: int = 3,
        min_share: float = 0.01,
        budget_s: float = 60.0,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Comparison:
        """Models on the same rows: what got better, what got worse, and in which cohorts.

        Every difference is paired, with interval and test. Slices of the difference are found
        on one half of the rows and confirmed on the other, regressed ones first. A model that
        was not evaluated on the dataset yet is evaluated first.

        Args:
            *models: two or more, such as "gbm@1", "gbm@2", or evaluations; all are held
                against the first.
            data: the dataset; the newest that all were evaluated on by default.
            baseline: what all are held against instead of the first: one of them, or another.
            metrics: names, the first of which decides; the task's usual ones by default.
            by: columns or cohorts that are compared one by one, as in `ev.metrics`.
            where: the rows to look at, in the language of the last model's evaluation.
            threshold: from which probability on a row is called positive: one for all models,
                or by model.
            common: where the evaluations are of different dataset versions, compare the rows
                that all of them have.
            slices: whether to search for cohorts in which the models differ.
            columns: columns to search with; the inputs and metadata by default.
            skip: columns not to search with.
            conditions: most conditions of a slice, 1 to 4.
            min_share: least share of the rows in a slice.
            budget_s: seconds of the search.
            seed: of the halves.
            trust: allow to load a model that was kept as a pickle.

        Raises:
            BadOption: the evaluations are of different rows, and `common` is false.

        Example:
            >>> ws.compare("gbm@1", "gbm@2", data="churn", by="Geography")  # doctest: +SKIP
        """
        from mispredict.workspace.comparing.comparing import Wish, compared_models

        wish = Wish(
            _listed(metrics), by, where, threshold, common, slices, columns, skip, conditions,
            min_share, budget_s, seed, progress, cancel,
        )  # fmt: skip
        return compared_models(
            cast("Workspace", self), models, data, wish, baseline=baseline, trust=trust
        )

    def reevaluate(
        self,
        data: str,
        *,
        models: Sequence[str] | None = None,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Reevaluated:
        """Evaluate all models on a dataset version; which were, and which cannot be, and why.

        Args:
            data: the dataset; its newest version by default.
            models: only these; of a name without version all versions.
            trust: allow to load models that were kept as pickles.
            progress: called with (models done, models in all).
            cancel: asked between calls of a model; True stops.
        """
        from mispredict.workspace.comparing.board import reevaluated

        return reevaluated(
            cast("Workspace", self), data, models, trust=trust, progress=progress, cancel=cancel
        )

    def board(
        self,
        data: str | None = None,
        *,
        metric: str | None = None,
        models: Sequence[str] | None = None,
        where: str | Predicate | None = None,
        common: bool = False,
    ) -> ModelBoard:
        """Models × versions of a dataset; what is of different rows is told apart.

        Args:
            data: a dataset, of which all versions are shown, or one version; by default the
                dataset that was evaluated last.
            metric: its name; accuracy, mean absolute error or loss by default.
            models: only these; of a name without version all versions.
            where: only rows of this cohort.
            common: only the rows that all versions have, by the labels of the newest.
        """
        from mispredict.workspace.comparing.board import board

        return board(
            cast("Workspace", self), data, metric=metric, models=models, where=where, common=common
        )


class Compared(View):
    """One evaluation beside another."""

    def compare(
        self,
        other: str | Evaluation,
        *,
        metrics: str | Sequence[str] | None = None,
        by: str | Sequence[str | Predicate] | None = None,
        where: str | Predicate | None = None,
        threshold: Threshold = None,
        common: bool = False,
        **search: Any,
    ) -> Comparison:
        """This evaluation held against another one, of the same rows: see `ws.compare`.

        Args:
            other: a model that was evaluated on the same dataset, or an evaluation.
            metrics: names, the first of which decides.
            by: columns or cohorts that are compared one by one.
            where: the rows to look at.
            threshold: from which probability on a row is called positive.
            common: compare the rows that both have, where the datasets differ.
            **search: how slices of the difference are searched, as in `ws.compare`.
        """
        from mispredict.workspace.comparing.comparing import Wish, compared, evaluations_of

        of = self._whole
        wish = Wish(_listed(metrics), by, where, threshold, common, **search)
        data = None if not isinstance(other, str) or "/" in other else of.dataset.ref
        before = evaluations_of(of.workspace, [other], data, wish=wish)[0]
        return compared([before, of], wish)


def _listed(metrics: str | Sequence[str] | None) -> tuple[str, ...]:
    if metrics is None:
        return ()
    return (metrics,) if isinstance(metrics, str) else tuple(metrics)
