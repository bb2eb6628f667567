"""How rows change: the parts of `Workspace` and `Evaluation` that compare sets of rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.drift.results import Drift
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


class Drifting:
    """Drift and coverage between any two sets of rows."""

    def drift(
        self,
        reference: str | Dataset | Evaluation,
        current: str | Dataset | Evaluation,
        *,
        columns: Sequence[str] | None = None,
        where: str | Predicate | None = None,
        reference_where: str | Predicate | None = None,
        bound: float = 0.05,
    ) -> Drift:
        """How far each column differs between two sets of rows, and what that costs a model.

        Args:
            reference: the dataset (`churn@1`) or evaluation (`gbm@1/churn@1`) to compare with.
            current: the dataset or evaluation that may have drifted.
            columns: the columns to compare; all inputs, metadata, label and prediction by default.
            where: cohort of the current rows, such as a window of time.
            reference_where: cohort of the reference rows.
            bound: the Hellinger distance from which on a difference counts.
        """
        from mispredict.workspace.drifting import drift_of

        return drift_of(
            cast("Workspace", self), reference, current, where=where,
            reference_where=reference_where, columns=columns, bound=bound,
        )  # fmt: skip
