"""Labels that are likely wrong: the parts of `Evaluation`, `Dataset` and `Workspace` for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.labels.results import LabelErrors
    from mispredict.workspace.evaluation import Evaluation


class Labelling(View):
    """Label errors of an evaluation, their review, and metrics corrected for them."""

    def label_errors(
        self,
        where: str | Predicate | None = None,
        *,
        method: str = "noise_rate",
        groups: Sequence[Sequence[int]] | None = None,
        limit: int | None = 1000,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> LabelErrors:
        """Labels that are likely wrong, the likeliest first, with reasons; nothing is changed.

        By confident learning (Northcutt, Jiang & Chuang 2021) on the model's probabilities,
        which must come from a model that did not learn from these rows: `ws.cross_validate`
        makes such. Afterwards `label_error` and `suggested_label` are columns, so that
        `label_error AND label = 'yes'` is a cohort.

        Args:
            where: the rows to look at; the columns are kept when it is all of them.
            method: `noise_rate` flags as many rows of each pair of classes as are estimated to
                be wrong; `confident` every row that surely is of another class; `disagreement`
                every row with another likeliest class.
            groups: numbers of rows that are nearly equal to each other, such as duplicates:
                where their labels differ, the rarer one is in doubt too.
            limit: most rows to list; None for all.
            progress: called with (classes looked at, twice their number).
            cancel: asked for each class; True stops.

        Raises:
            BadOption: it is no classification, or there are no probabilities.
        """
        from mispredict.workspace.labels import label_errors_of

        return label_errors_of(
            cast("Evaluation", self), where=where, method=method, groups=groups, limit=limit,
            progress=progress, cancel=cancel,
        )  # fmt: skip
