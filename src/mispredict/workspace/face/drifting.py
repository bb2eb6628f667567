"""How rows change: the parts of `Workspace` and `Evaluation` that compare sets of rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.coverage_results import Coverage
    from mispredict.data.drift.results import Drift
    from mispredict.data.estimated.results import EstimatedPerformance
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


class Drifting:
    """Drift and coverage between any two sets of rows."""

    def drift(  # noqa: PLR0913 - each is a choice of the comparison
        self,
        reference: str | Dataset | Evaluation,
        current: str | Dataset | Evaluation,
        *,
        columns: Sequence[str] | None = None,
        where: str | Predicate | None = None,
        reference_where: str | Predicate | None = None,
        by: str | None = None,
        windows: str | int | None = None,
        bound: float = 0.05,
        cohorts: int = 5,
        joint: bool = False,
        performance: bool = True,
        seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Drift:
        """How far each column differs between two sets of rows, and what that costs a model.

        Sides that are evaluations say more than datasets: predictions are compared too, columns
        are ranked by what their change adds to the error rate, and performance is estimated.

        Args:
            reference: the dataset (`churn@1`) or evaluation (`gbm@1/churn@1`) to compare with.
            current: the dataset or evaluation that may have drifted.
            columns: the columns to compare; all inputs, metadata, label and prediction by default.
            where: cohort of the current rows, such as a window of time.
            reference_where: cohort of the reference rows.
            by: compare the current rows in windows of this time or number, or in groups of this
                column, each with the whole reference; the time column where only `windows` is
                given, else the order of the rows.
            windows: how long a window is (`hour`, `day`, `week`, `month`, `quarter`, `year`), or
                how many of a like number of rows.
            bound: the Hellinger distance from which on a difference counts.
            cohorts: how many cohorts that carry the drift are searched for; 0 for none.
            joint: also ask whether whole rows can be told apart, which finds changes of how
                columns go together.
            performance: also estimate what the model's metrics are now.
            seed: of samples and folds.
            progress: called with (parts done, parts in all).
            cancel: asked between parts; True stops.
        """
        from mispredict.workspace.drifting.drifting import DriftOptions, drift_of

        options = DriftOptions(
            columns=columns, by=by, windows=windows, bound=bound, cohorts=cohorts, joint=joint,
            performance=performance, seed=seed, progress=progress, cancel=cancel,
        )  # fmt: skip
        return drift_of(
            cast("Workspace", self), reference, current, where=where,
            reference_where=reference_where, options=options,
        )  # fmt: skip

    def coverage(
        self,
        reference: str | Dataset | Evaluation | None,
        current: str | Dataset | Evaluation,
        *,
        columns: Sequence[str] | None = None,
        where: str | Predicate | None = None,
        reference_where: str | Predicate | None = None,
        bound: float = 0.01,
        search: bool = True,
        seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Coverage:
        """Regions of the current rows that the reference lacks, and how wrong the model is there.

        Args:
            reference: the dataset or evaluation that ought to cover, such as the training data.
                None takes one with the same task and inputs: the version before, else the
                dataset that is called training data, else the only one.
            current: the rows to be covered, such as a test set or production.
            columns: the inputs to look at; all of them by default.
            where: cohort of the current rows.
            reference_where: cohort of the reference rows.
            bound: share of uncovered rows from which on there are gaps.
            search: also look for combinations of values that are rare in the reference, and for
                rows that are far from all of its rows.
            seed: of samples and halves.
            progress: called with (steps done, steps in all).
            cancel: asked between steps; True stops.
        """
        from mispredict.workspace.drifting.coverage import coverage_of
        from mispredict.workspace.stages import Stages

        return coverage_of(
            cast("Workspace", self), reference, current, where=where,
            reference_where=reference_where, columns=columns, bound=bound,
            search=search, seed=seed, step=Stages(progress, cancel),
        )  # fmt: skip


class Estimating(View):
    """Performance without labels: the part of `Evaluation` that estimates it."""

    def estimated_performance(
        self,
        reference: str | Evaluation | None = None,
        *,
        by: str | None = None,
        windows: str | int | None = None,
        metrics: str | Sequence[str] | None = None,
        where: str | Predicate | None = None,
        reference_where: str | Predicate | None = None,
        fall: float = 0.02,
        seed: int = 0,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> EstimatedPerformance:
        """Metrics of these rows as the model's own probabilities say, without their labels.

        Probabilities are calibrated on the reference, where labels are known. Of a regression,
        a second model learns there how large errors are, from inputs and predictions (direct
        loss estimation). Where these rows have labels too, the real metrics stand beside.

        Args:
            reference: an evaluation of the same model with labels; this one by default, which
                is of use with `reference_where`.
            by: the time or number that windows are made of, or a column whose values are
                groups; the time column by default, else the order of the rows.
            windows: how long a window is (`hour`, `day`, `week`, `month`, `quarter`, `year`), or
                how many of a like number of rows.
            metrics: names of metrics; accuracy, roc_auc and f1 by default, mae and rmse of a
                regression.
            where: cohort of these rows.
            reference_where: cohort of the reference rows.
            fall: by how much a metric may fall (or a loss rise) before it is an alarm; of a
                regression the share of it.
            seed: of the resampled calibrations.
            progress: called with (windows done, windows in all).
            cancel: asked between windows; True stops.
        """
        from mispredict.workspace.drifting.estimated import estimated_of

        return estimated_of(
            self._whole, reference, by=by, windows=windows, metrics=metrics,
            where=where, reference_where=reference_where, fall=fall, seed=seed,
            progress=progress, cancel=cancel,
        )  # fmt: skip
