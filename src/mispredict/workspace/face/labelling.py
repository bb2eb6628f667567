"""Labels that are likely wrong: the parts of `Evaluation`, `Dataset` and `Workspace` for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.core.task import Scalar
    from mispredict.data.labels.errors import Suspects
    from mispredict.data.labels.results import (
        CorrectedMetrics,
        LabelDecisions,
        LabelErrors,
        LabelQueue,
    )


class Labelling(View):
    """Label errors of an evaluation, their review, and metrics corrected for them."""

    _suspects: tuple[tuple[str, float | None], Suspects] | None = None  # found last

    def label_errors(
        self,
        where: str | Predicate | None = None,
        *,
        method: str = "noise_rate",
        groups: Sequence[Sequence[int]] | None = None,
        near: float | None = None,
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
            near: look for such rows whose inputs are at least so alike, from above 0 to 1.
            limit: most rows to list; None for all.
            progress: called with (steps done, steps).
            cancel: asked at each step; True stops.

        Raises:
            BadOption: it is no classification, or there are no probabilities.
        """
        from mispredict.workspace.labelling.labels import label_errors_of

        return label_errors_of(
            self._whole, where=where, method=method, groups=groups, near=near,
            limit=limit, progress=progress, cancel=cancel,
        )  # fmt: skip

    def label_queue(
        self,
        where: str | Predicate | None = None,
        *,
        order: str = "score",
        limit: int = 50,
        audit: int = 0,
        decided: bool = False,
        columns: Sequence[str] | None = None,
        groups: Sequence[Sequence[int]] | None = None,
        near: float | None = None,
        seed: int = 0,
    ) -> LabelQueue:
        """The next rows whose label a person should look at, with reasons and choices.

        Args:
            where: the rows to look at.
            order: `score`, the likeliest error first; `cost`, first those whose correction
                changes the accuracy; `class`, one label after the other; `random`, which a
                corrected metric stands on best.
            limit: most rows.
            audit: so many rows are drawn from those not flagged and mixed in, which tells how
                many errors were missed.
            decided: also the rows that have a decision.
            columns: what is shown of a row; inputs and metadata by default, never the label.
            groups: numbers of rows that are nearly equal to each other.
            near: look for such rows whose inputs are at least so alike, from above 0 to 1.
            seed: of the draw.
        """
        from mispredict.workspace.labelling.queue import queue_of

        return queue_of(
            self._whole, where=where, order=order, limit=limit, audit=audit,
            is_all=decided, columns=columns, groups=groups, near=near, seed=seed,
        )  # fmt: skip

    def decide_labels(
        self,
        rows: int | str | Sequence[int | str],
        decision: str,
        *,
        label: Scalar | None = None,
        who: str = "",
        note: str = "",
        audit: bool = False,
    ) -> LabelDecisions:
        """Record what a person decided of rows' labels; the data stay as they are.

        Args:
            rows: numbers of rows, an id as text, or a list of either.
            decision: `keep`, `relabel`, `unsure`; `undo` takes one's own decision back.
            label: the right one, for `relabel`; the suggested one by default.
            who: decides; the user of this process by default.
            note: why.
            audit: whether the rows were drawn by the queue from those not flagged, as their
                `kind` says: only such rows tell how many errors were missed.
        """
        from mispredict.workspace.labelling.labels import suggested_labels
        from mispredict.workspace.labelling.review import decide

        suggested = suggested_labels(self._whole) if decision == "relabel" else None
        return decide(
            self._workspace.store, self.dataset, rows, decision, label=label, suggested=suggested,
            who=who, note=note, audit=audit,
        )  # fmt: skip

    def corrected_metrics(
        self,
        metrics: str | Sequence[str] | None = None,
        *,
        noise: str | Sequence[Sequence[float]] | None = None,
        where: str | Predicate | None = None,
        seed: int = 0,
    ) -> CorrectedMetrics:
        """Metrics as they would be with right labels, beside those by the given ones.

        The interval holds both that the rows are a sample and how little is known of wrong
        labels. Metrics that need probabilities are only given with the decided labels.

        Args:
            metrics: names of metrics; those of labels and predictions by default.
            noise: `reviewed` stands on decisions about labels, best of rows in the queue's
                order `random` with an `audit`; `estimated` on confident learning; a matrix
                on chances that you know, row i of which says how often a row of class i gets
                each label. What there is by default, in this order.
            where: the rows to look at.
            seed: of the draws behind the intervals.
        """
        from mispredict.workspace.labelling.corrected import corrected_of

        return corrected_of(self._whole, metrics=metrics, noise=noise, where=where, seed=seed)
