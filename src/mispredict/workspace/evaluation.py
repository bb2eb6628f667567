"""What one model did on one dataset: the object that people ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, names, shown, whole
from mispredict.core.predicate import Predicate
from mispredict.core.task import Scalar
from mispredict.workspace.face.comparing import Compared
from mispredict.workspace.face.doubting import Doubting
from mispredict.workspace.face.drifting import Estimating
from mispredict.workspace.face.explaining import Explaining
from mispredict.workspace.face.labelling import Labelling
from mispredict.workspace.face.perturbing import Perturbing
from mispredict.workspace.face.reviewing import Opening
from mispredict.workspace.face.testing import Testing

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.cohorts.advice import FeatureAdvice
    from mispredict.cohorts.cards import Cards
    from mispredict.cohorts.ceiling import Ceiling
    from mispredict.cohorts.clusters import Clusters
    from mispredict.cohorts.errors import ErrorClasses
    from mispredict.cohorts.map import EmbeddingMap
    from mispredict.cohorts.priorities import Priorities
    from mispredict.cohorts.slices import ScoredSlices, Slices
    from mispredict.cohorts.tree import ErrorTree
    from mispredict.core.predicate.completion import Completion
    from mispredict.metrics.curves import (
        CalibrationTable,
        ConfusionTable,
        PrecisionRecallCurve,
        RocCurve,
    )
    from mispredict.metrics.measure import MetricTable
    from mispredict.metrics.threshold import ThresholdTable
    from mispredict.report.overview import Overview
    from mispredict.store import Version
    from mispredict.workspace.exploring.exploration import Exploration
    from mispredict.workspace.looking.example import Example
    from mispredict.workspace.looking.facts import CohortFacts
    from mispredict.workspace.looking.rows import Rows

ORDERS = {
    "confidence": "confidence DESC, loss DESC",
    "loss": "loss DESC",
    "near": "margin, loss DESC",
}


class Evaluation(
    Compared, Explaining, Perturbing, Testing, Labelling, Opening, Estimating, Doubting
):
    """One row per example of a model version × a dataset version.

    Every method takes `where`, a cohort in the cohort language (or a `Predicate`); without it
    the answer is about all rows.
    """

    def __str__(self) -> str:
        return str(self.overview())

    def _repr_html_(self) -> str:
        return str(self.overview()._repr_html_())

    # ── how good the model is ────────────────────────────────────────────────────────

    def metrics(
        self,
        by: str | Sequence[str | Predicate] | None = None,
        where: str | Predicate | None = None,
        metrics: str | Sequence[str] | None = None,
    ) -> MetricTable:
        """Every metric of the task with n and interval: overall, or per cohort.

        Args:
            by: a column, several columns (their crossing), or a list of cohorts. A number or time
                with more than 10 values is in at most 10 bins, of at least 30 rows; for bins of
                your own give cohorts: `by=["Age < 30", "Age >= 30"]`.
            where: the rows to look at.
            metrics: names of metrics; None for the usual ones of the task.
        """
        from mispredict.metrics.measure import MetricTable
        from mispredict.workspace.measuring import measured

        self._some(where)
        rows = measured(self, by=by, where=where, metrics=metrics)
        return MetricTable(rows, self.source(where))

    def confusion(self, where: str | Predicate | None = None) -> ConfusionTable:
        """Counts of each label and prediction, with shares of the label."""
        from mispredict.metrics.curves import confusion

        if not self.task.is_classification:
            raise BadOption(
                f"a {self.task.kind} evaluation has no confusion table.",
                known="It counts the labels and predictions of a classification.",
                hint="ev.mistakes() for the rows with the largest loss",
            )
        return self._sourced(confusion(self.outcomes, self._some(where)), where)

    def calibration(
        self, where: str | Predicate | None = None, *, bins: int = 15
    ) -> CalibrationTable:
        """Confidence against accuracy, in bins of confidence."""
        from mispredict.metrics.curves import calibration

        return self._sourced(calibration(self.outcomes, self._some(where), bins=bins), where)

    def roc(self, positive: Any = None, where: str | Predicate | None = None) -> RocCurve:
        """True-positive against false-positive rate over all thresholds."""
        from mispredict.metrics.curves import roc_curve

        index = self._class_index(positive)
        return self._sourced(roc_curve(self.outcomes, self._some(where), k=index), where)

    def precision_recall(
        self, positive: Any = None, where: str | Predicate | None = None
    ) -> PrecisionRecallCurve:
        """Precision against recall over all thresholds."""
        from mispredict.metrics.curves import precision_recall_curve

        index = self._class_index(positive)
        curve = precision_recall_curve(self.outcomes, self._some(where), k=index)
        return self._sourced(curve, where)

    def thresholds(
        self,
        *,
        cost_fp: float = 1.0,
        cost_fn: float = 1.0,
        review: tuple[float, float] | None = None,
        cost_review: float = 0.0,
        where: str | Predicate | None = None,
    ) -> ThresholdTable:
        """What each threshold on the positive class would cost, and the cheapest one."""
        from mispredict.metrics.threshold import Costs, threshold

        costs = Costs(
            false_positive=cost_fp, false_negative=cost_fn, review=review, review_cost=cost_review
        )
        return self._sourced(threshold(self.outcomes, costs, self._some(where)), where)

    def decide_threshold(self, threshold: float, *, who: str, reason: str) -> Version:
        """Record a chosen threshold with who signed it off and why."""
        return self._workspace.decide_threshold(self, threshold, who=who, reason=reason)

    def overview(
        self, where: str | Predicate | None = None, *, parts: Sequence[str] | None = None
    ) -> Overview:
        """Summary: metrics, slices, classes, calibration, baselines, mistakes, cards.

        Args:
            where: the rows to look at.
            parts: only these parts (metrics, confusion, slices, …), the others stay empty.
        """
        from mispredict.report.overview import overview

        return overview(self, where, parts)

    # ── where it is wrong ────────────────────────────────────────────────────────────

    def error_classes(
        self, where: str | Predicate | None = None, *, top: int | None = None
    ) -> ErrorClasses:
        """Which label is taken for which, most frequent first."""
        from mispredict.cohorts.errors import error_classes

        top = None if top is None else whole("top", top, 0)
        mask = self._some(where)
        return error_classes(self.table, source=self.source(where), mask=mask, top=top)

    def mistakes(
        self,
        order: str = "confidence",
        where: str | Predicate | None = None,
        limit: int = 20,
    ) -> Rows:
        """Wrong rows: the most confident first, by `loss`, or the `near` misses first."""
        choice("order", order, tuple(ORDERS))
        order_by = ORDERS[order]
        available = ["loss DESC"] if "confidence" not in self._kinds else [order_by]
        wrong = "NOT correct" if "correct" in self._kinds else "loss IS NOT NULL"
        return self.rows(self._both(where, wrong), order_by=", ".join(available), limit=limit)

    def near_misses(self, where: str | Predicate | None = None, limit: int = 20) -> Rows:
        """Wrong rows on which the model hesitated most."""
        return self.mistakes("near", where, limit)

    def outliers(self, where: str | Predicate | None = None, limit: int = 20) -> Rows:
        """Rows that are most unlike the others, with their `outlier_score`."""
        from mispredict.workspace.looking.rows import rows_at

        limit = whole("limit", limit, 0)
        scores = self._outlier_scores
        chosen = np.flatnonzero(self.mask(where))
        order = chosen[np.argsort(-scores[chosen], kind="stable")][:limit]
        extra = {"outlier_score": scores[order]}
        return rows_at(self, order, total=len(chosen), where=where, extra=extra)

    def cards(
        self,
        where: str | Predicate | None = None,
        *,
        columns: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        top: int | None = 50,
    ) -> Cards:
        """Values, tokens, labels and predictions that go with being wrong, or right."""
        from mispredict.cohorts.cards import KINDS, find_cards

        kinds = KINDS if kinds is None else names("kinds", kinds, hint="kinds=['value']")
        for kind in kinds:
            choice("kinds", kind, KINDS)
        top = None if top is None else whole("top", top, 0)
        return find_cards(
            self._table_with(columns),
            self.target,
            source=self.source(where),
            mask=self._some(where),
            weights=self.outcomes.weight,
            columns=list(self._searched(columns, ())),
            kinds=tuple(kinds or KINDS),
            top=top,
        )

    def slices(  # noqa: PLR0913 - each is a choice of the search
        self,
        top: int = 15,
        where: str | Predicate | None = None,
        *,
        objective: str | None = None,
        columns: Sequence[str] | None = None,
        skip: Sequence[str] = (),
        conditions: int = 3,
        min_share: float = 0.01,
        budget_s: float = 60.0,
        scoring: str = "significance",
        alpha: float = 0.95,
        seed: int = 0,
        progress: Callable[[int, int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Slices | ScoredSlices:
        """Groups of rows on which the model really fails, worst first; none is an answer.

        All conjunctions of up to `conditions` conditions are searched on one half of the rows;
        what is found is confirmed on the other half, corrected and merged.

        Args:
            top: most slices to return, at most 15.
            where: the rows to search in.
            objective: what is larger in a slice: `error`, `loss`, `false_positive[class]`,
                `false_negative[class]`, `overconfidence`, `overprediction`, `underprediction`.
            columns: columns to search with; the inputs and metadata by default.
            skip: columns not to search with, such as those that give the label away.
            conditions: most conditions of a slice, 1 to 4.
            min_share: least share of the rows in a slice.
            budget_s: seconds after which the best found so far is returned; compiling the search's
                loops, once on a machine, is not counted.
            scoring: `significance`, or `sliceline` for the score of the paper, unconfirmed.
            alpha: weight of the error against the size in SliceLine's score.
            seed: of the halves.
        """
        from mispredict.cohorts.objective import objective as objective_of
        from mispredict.cohorts.slices import SearchOptions, find_slices

        options = SearchOptions(
            columns=self._searched(columns, skip),
            top=top,
            conditions=conditions,
            min_share=min_share,
            budget_s=budget_s,
            scoring=scoring,
            alpha=alpha,
            seed=seed,
        )
        return find_slices(
            self._table_with(columns),
            objective_of(self.table, objective),
            options,
            source=self.source(where),
            mask=self._some(where),
            weights=self.outcomes.weight,
            progress=progress,
            cancel=cancel,
        )

    def rows(
        self,
        where: str | Predicate | None = None,
        order_by: str | None = None,
        limit: int = 20,
        offset: int = 0,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """Rows of a cohort: the id, the dataset's columns, then the reserved ones."""
        from mispredict.workspace.looking.rows import find_rows

        return find_rows(self, where, order_by, limit=limit, offset=offset, columns=columns)

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The whole evaluation table as pandas."""
        return self.rows(limit=self.n, columns=columns).to_frame()

    # ── looking around ───────────────────────────────────────────────────────────────

    def explore(
        self,
        where: str | Predicate | None = None,
        *,
        column: str | None = None,
        codes: Sequence[int] | None = None,
        mode: str = "replace",
        columns: Sequence[str] | None = None,
    ) -> Exploration:
        """Linked distributions of a cohort, after a click on bars, and what is special in it.

        Args:
            where: the cohort; the conditions about one column don't filter its distribution.
            column: whose conditions are to be changed.
            codes: of the bars that are to be selected in that column.
            mode: `replace` the column's conditions by the codes, `add` these, or `clear` them.
            columns: whose distributions are shown; all that have one by default.
        """
        from mispredict.workspace.exploring.exploring import explore

        return explore(self, where, column=column, codes=codes, mode=mode, columns=columns)

    def row(
        self,
        row: int,
        *,
        where: str | Predicate | None = None,
        order_by: str | None = None,
        slices: Iterable[str | Predicate] = (),
    ) -> Example:
        """Everything known of one row, the rows most like it, and those before and after it.

        Args:
            row: its number, from 0 in the dataset's order.
            where: the cohort in which it has a place.
            order_by: the order in which it has a place, such as `loss DESC`.
            slices: cohorts of which those that hold the row are named.
        """
        from mispredict.workspace.looking.reading import example_of

        return example_of(self, row, where=where, order_by=order_by, slices=slices)

    def complete(self, text: str, cursor: int | None = None) -> Completion:
        """What may stand at the cursor of a half-typed cohort (at its end by default)."""
        from mispredict.workspace.looking.completing import complete

        return complete(self, text, cursor)

    def cohort_facts(self, where: str | Predicate | None = None) -> CohortFacts:
        """A cohort's canonical text, sentence, conditions and number of rows."""
        from mispredict.workspace.looking.facts import facts_of

        return facts_of(self, where)

    # ── what to do first ─────────────────────────────────────────────────────────────

    def tags(
        self,
        ceiling: float | Ceiling | Mapping[str, float | Ceiling] | str | None = None,
        *,
        annotators: Sequence[str] | None = None,
        votes: Mapping[Scalar, str] | None = None,
        against: str = "others",
        metric: str | None = None,
        where: str | Predicate | None = None,
        sort: str = "gain",
    ) -> Priorities:
        """What to work on first: each tag's gap to its ceiling times its share of the data.

        Args:
            ceiling: the best value to be expected, for all tags or by tag; or `"best model"`,
                the best of the other models on the same rows. What `ws.set_tag` said of a tag
                wins over one number for all. Without any, perfection stands in.
            annotators: columns with one person's label each: people are the ceiling.
            votes: column with the number of people who chose each class, by class.
            against: compare each person with the `others`, or with the `label`.
            metric: `accuracy` or `loss`; accuracy where rows are right or wrong.
            where: the rows to look at.
            sort: by `gain`, or by `worth`: gain × importance × ease.
        """
        from mispredict.workspace.finding import priorities_of

        return priorities_of(
            self, ceiling=ceiling, annotators=annotators, votes=votes, against=against,
            metric=metric, where=where, sort=sort,
        )  # fmt: skip

    def error_tree(
        self,
        where: str | Predicate | None = None,
        *,
        depth: int = 3,
        min_share: float = 0.02,
        columns: Sequence[str] | None = None,
        skip: Sequence[str] = (),
        seed: int = 0,
    ) -> ErrorTree:
        """Nested conditions under which the model is wrong more or less often; each a cohort.

        Fitted on one half of the rows, measured and pruned on the other.
        """
        from mispredict.cohorts.tree import find_tree

        return find_tree(
            self._table_with(columns),
            self.target,
            source=self.source(where),
            columns=self._searched(columns, skip),
            mask=self._some(where),
            within=self.predicate(where),
            depth=depth,
            min_share=min_share,
            seed=seed,
        )

    def clusters(
        self,
        column: str | None = None,
        *,
        embedding: Callable[[Sequence[str]], Any] | npt.NDArray[Any] | None = None,
        n: int = 25,
        where: str | Predicate | None = None,
        seed: int = 0,
    ) -> Clusters:
        """Clusters of texts or vectors on which the model fails in a like way, confirmed.

        Afterwards `cluster` is a column, so that `cluster = 3` is a cohort.

        Args:
            column: texts or vectors; the first such column by default.
            embedding: a function from texts to vectors, or a vector per row; by default a
                vector column as it is, and TF-IDF with singular values for texts.
            n: clusters at most.
        """
        from mispredict.workspace.finding import clusters_of

        return clusters_of(
            self, column=column, embedding=embedding, components=n, where=where, seed=seed
        )

    def map(
        self,
        column: str | None = None,
        *,
        embedding: Callable[[Sequence[str]], Any] | npt.NDArray[Any] | None = None,
        seed: int = 0,
        most: int = 100_000,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> EmbeddingMap:
        """The rows as points, near to one another where they are alike.

        Afterwards `map_x` and `map_y` are columns of every evaluation of the dataset, so that
        `inside(…)`, a lasso, is a cohort. A map that is there already is given again, unless
        another column, embedding or seed is asked for; lassos on the old map then mean other
        rows, so tag the rows that should stay.

        Args:
            column: vectors or texts that rows are compared by; the first such column by
                default, vectors before texts. Where there is none, the input columns.
            embedding: a function from texts to vectors, or a vector per row; with two numbers
                per row it is the map itself.
            most: points to draw at most; wrong rows have half of them, if there are so many.
            progress: called with the percentage done, and 100.
            cancel: asked now and then; True stops.

        Raises:
            Cancelled: `cancel` said so.
        """
        from mispredict.workspace.mapping import map_of

        return map_of(
            self, column=column, embedding=embedding, seed=seed, most=most, progress=progress,
            cancel=cancel,
        )  # fmt: skip

    def lasso(self, points: Any) -> str:
        """The cohort of the rows inside a line drawn on the map, such as `inside(…)`.

        A closed line of any number of points becomes a polygon of at most 64 corners.

        Args:
            points: pairs of `map_x` and `map_y` along the line.
        """
        from mispredict.workspace.mapping import lasso_of

        return lasso_of(self, points)

    def feature_advice(
        self, where: str | Predicate | None = None, *, seed: int = 0
    ) -> FeatureAdvice:
        """Columns that are no inputs of the model but explain its errors on unseen rows."""
        from mispredict.workspace.finding import advice_of

        return advice_of(self, where=where, seed=seed)

    # ── naming what was found ────────────────────────────────────────────────────────

    def tag(
        self,
        name: str,
        where: str | Predicate | None = None,
        *,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    ) -> int:
        """Tag the rows of a cohort, or rows by their number; how many have the tag now."""
        return self._workspace.tag(name, self, where=where, rows=rows)

    def untag(
        self,
        name: str,
        where: str | Predicate | None = None,
        *,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    ) -> int:
        """Take the tag from the rows; how many have it now."""
        return self._workspace.tag(name, self, where=where, rows=rows, is_removed=True)

    def save_cohort(self, name: str, where: str | Predicate, *, note: str = "") -> Version:
        """Name a cohort, so that `cohort('name')` means it in this workspace."""
        return self._workspace.save_cohort(name, self.predicate(where), note=note)

    def report(self, path: str | Path, where: str | Predicate | None = None) -> Path:
        """Write the overview as one file, HTML or (`.md`) Markdown; its path."""
        from mispredict.report.html import write_html, write_text
        from mispredict.report.markdown import render_markdown

        if not isinstance(path, (str, os.PathLike)):
            raise BadOption(
                f"path={shown(path)} is not a path.",
                known="A report is written to a file.",
                hint="ev.report('report.html')",
            )
        if Path(path).suffix.lower() in (".md", ".markdown"):
            return write_text(render_markdown(self.overview(where)), Path(path))
        return write_html(self.overview(where), Path(path))

    def export_html(self, path: str | Path, *, rows: int = 500) -> Path:
        """Write the web workspace's screens as one file that opens without a server; its path.

        All of it that needs no server: Overview, distributions, slices, priorities, and rows,
        worst first and in the order of the data. Long texts are cut as in a report.

        Args:
            path: the file; send it to whom you like, it asks for nothing of a network.
            rows: how many rows of either order are in it, each with its own page.
        """
        if not isinstance(path, (str, os.PathLike)):
            raise BadOption(
                f"path={shown(path)} is not a path.",
                known="An export is written to a file.",
                hint="ev.export_html('export.html')",
            )
        # The server stands above the workspace, which knows it by name alone.
        write = import_module("mispredict.server.exporting").export_html
        return Path(write(self, path, rows=rows))

    def export_mlflow(
        self,
        *,
        experiment: str | None = None,
        run_id: str | None = None,
        tracking_uri: str | None = None,
        report: bool = False,
    ) -> str:
        """Write the figures into an MLflow run; its id.

        Metrics with their intervals and rows, the model's parameters, refs and content hashes
        as tags, the dataset as an input, and all metrics as JSON.

        Args:
            experiment: in which a new run is made; `MLFLOW_EXPERIMENT_NAME` by default, else
                "mispredict".
            run_id: of an existing run to write into instead.
            tracking_uri: where the run is; by default what MLflow is set to.
            report: also keep the HTML report there.
        """
        return self._workspace.export_mlflow(
            self,
            experiment=experiment,
            run_id=run_id,
            tracking_uri=tracking_uri,
            report=report,
        )
