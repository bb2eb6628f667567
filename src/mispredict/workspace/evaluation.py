"""What one model did on one dataset: the object that people ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, names, shown, whole
from mispredict.core.predicate import Predicate
from mispredict.core.task import Scalar
from mispredict.workspace.view import View

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
    from mispredict.explain.counterfactual_results import Counterfactuals
    from mispredict.explain.effects import Effects
    from mispredict.explain.explanation import Explanation
    from mispredict.explain.flips import Flips
    from mispredict.explain.search_calls import Budget
    from mispredict.explain.text_changes import TextEdits
    from mispredict.explain.what_if import WhatIf
    from mispredict.explain.what_if_flip_points import FlipPoints
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
    from mispredict.workspace.example import Example
    from mispredict.workspace.exploration import Exploration
    from mispredict.workspace.facts import CohortFacts
    from mispredict.workspace.rows import Rows

ORDERS = {
    "confidence": "confidence DESC, loss DESC",
    "loss": "loss DESC",
    "near": "margin, loss DESC",
}


class Evaluation(View):
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
            by: a column, several columns (their crossing), or a list of cohorts.
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
        from mispredict.workspace.rows import rows_at

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
            budget_s: seconds after which the best found so far is returned.
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
        from mispredict.workspace.rows import find_rows

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
        from mispredict.workspace.exploring import explore

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
        from mispredict.workspace.reading import example_of

        return example_of(self, row, where=where, order_by=order_by, slices=slices)

    def complete(self, text: str, cursor: int | None = None) -> Completion:
        """What may stand at the cursor of a half-typed cohort (at its end by default)."""
        from mispredict.workspace.completing import complete

        return complete(self, text, cursor)

    def cohort_facts(self, where: str | Predicate | None = None) -> CohortFacts:
        """A cohort's canonical text, sentence, conditions and number of rows."""
        from mispredict.workspace.facts import facts_of

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

    # ── why: what moves the model's answers ──────────────────────────────────────────

    def explain(  # noqa: PLR0913 - each is a choice of how to explain
        self,
        where: str | Predicate | None = None,
        rows: int | str | Sequence[int | str] | npt.NDArray[np.integer[Any]] | None = None,
        method: str | None = None,
        *,
        column: str | None = None,
        target: Scalar | None = None,
        background: Any = None,
        sample: int | None = None,
        samples: int | None = None,
        budget: int | float | Budget | None = None,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Explanation:
        """How much each feature, or token, moved the model's answers; what misleads the model.

        Exact for trees and linear models, also inside pipelines, sampled for any other model
        that can be called. Afterwards `shap_<feature>` are columns, so that `shap_age > 0.2` is
        a cohort. Rows that were explained in the same way are not explained again.

        Args:
            where: the rows to explain; the rest is explained too, to be compared with.
            rows: numbers or ids of rows instead; they become no columns.
            method: `tree`, `linear`, `permutation`, `enumeration` or `lime`; of texts `tokens`,
                `leave-one-out` or `lime-tokens`; the best one that fits by default.
            column: the text column whose tokens are explained, of a model of several columns.
            target: the class that is explained; the positive one of a binary task, else the one
                predicted for each row.
            background: against what a feature counts as unknown: rows (a frame, or how many to
                draw), by default 100 drawn ones, for trees the training rows as the trees know
                them; for tokens the text that stands for a token taken out, else it is left away.
            sample: explain so many rows, drawn by the seed; 200 by default where attributions
                are sampled, else all.
            samples: permutations (or LIME's masks) per row, the more the narrower the intervals.
            budget: most rows that the model is asked for, or (a float) seconds; 60.0 by default.
            seed: of all that is drawn.
            trust: allow to load a model that was kept as a pickle.
        """
        from mispredict.workspace.explaining import Wish, explanation_of

        wish = Wish(
            where, rows, method, column, target, background, sample, samples, budget, seed, trust,
            progress, cancel,
        )  # fmt: skip
        return explanation_of(self, wish)

    # ── why: asking the model about other rows ───────────────────────────────────────

    def what_if(
        self,
        row: int | str,
        changes: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None,
        *,
        unseen: bool = False,
        trust: bool = False,
        **edits: Any,
    ) -> WhatIf:
        """The row with other values, predicted again and set beside what it was.

        Args:
            row: number of the row; as text its id.
            changes: column and value, or a list of such dictionaries for several variants.
            unseen: allow categories and missing values that no row has.
            trust: allow to load a model that was kept as a pickle.
            edits: columns by name, as in `what_if(7, Age=35)`. A list of values stands for a
                variant each; several lists are combined.
        """
        from mispredict.workspace.asking_what_if import what_if_of

        return what_if_of(self, row, changes, edits, unseen=unseen, trust=trust)

    def flip_points(
        self,
        row: int | str,
        *,
        columns: Sequence[str] | None = None,
        target: Any = None,
        ranges: Mapping[str, Any] | None = None,
        tries: int = 10_000,
        trust: bool = False,
    ) -> FlipPoints:
        """The smallest change of each single feature that gives another prediction.

        Args:
            row: number of the row; as text its id.
            columns: features to look at; all by default.
            target: the class that is wanted, any other by default; of a regression the least
                and largest value.
            ranges: how far each feature may go; as far as the data does by default.
            tries: rows that the model may be asked about.
            trust: allow to load a model that was kept as a pickle.
        """
        from mispredict.workspace.asking import Bounds
        from mispredict.workspace.asking_what_if import flip_points_of

        bounds = Bounds(tries, trust=trust)
        return flip_points_of(
            self, row, columns=columns, target=target, ranges=ranges, bounds=bounds
        )

    def effects(  # noqa: PLR0913 - each is a choice of the picture
        self,
        feature: str,
        other: str | None = None,
        *,
        where: str | Predicate | None = None,
        kind: str = "pdp",
        target: Any = None,
        sample: int | None = 500,
        grid: int | Sequence[Any] | Mapping[str, Any] = 20,
        tries: int | None = None,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Effects:
        """How the prediction moves with a feature, or with two, and where there is data for it.

        Args:
            feature: what is varied.
            other: a second feature, for a pair.
            where: the rows that are asked about with other values.
            kind: `pdp` for the mean over rows, `ice` with a curve for each, `ale` for effects
                accumulated from small moves, which hold where features go together.
            target: the class whose probability is followed; the positive one by default.
            sample: rows that are drawn; None for all.
            grid: how many values, or which; by feature for a pair. For `ale` how many bins.
            tries: rows that the model may be asked about.
            seed: of the draw.
            trust: allow to load a model that was kept as a pickle.
            progress: called with rows asked and rows to ask.
            cancel: asked before each call of the model; True stops.
        """
        from mispredict.workspace.asking import Bounds
        from mispredict.workspace.asking_what_if import effects_of

        return effects_of(
            self, feature, other, where=where, kind=kind, target=target, sample=sample, grid=grid,
            bounds=Bounds(tries, None, seed, trust, progress, cancel),
        )  # fmt: skip

    def flips(
        self,
        column: str,
        values: Sequence[Any] | None = None,
        *,
        where: str | Predicate | None = None,
        sample: int | None = 1000,
        target: Any = None,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Flips:
        """How many predictions change if one attribute alone is another, such as the sex.

        Args:
            column: the attribute.
            values: that rows are set to; all categories by default.
            where: the rows.
            sample: rows that are drawn; None for all.
            target: the class whose probability is followed; the positive one by default.
            seed: of the draw.
            trust: allow to load a model that was kept as a pickle.
            progress: called with rows asked and rows to ask.
            cancel: asked before each call of the model; True stops.
        """
        from mispredict.workspace.asking import Bounds
        from mispredict.workspace.asking_what_if import flips_of

        return flips_of(
            self, column, values, where=where, sample=sample, target=target,
            bounds=Bounds(None, None, seed, trust, progress, cancel),
        )  # fmt: skip

    def counterfactuals(  # noqa: PLR0913 - each is a rule or a bound of the search
        self,
        row: int | str | Sequence[int | str] | None = None,
        *,
        where: str | Predicate | None = None,
        sample: int | None = 100,
        target: Any = None,
        vary: Sequence[str] | None = None,
        immutable: Sequence[str] = (),
        ranges: Mapping[str, Any] | None = None,
        monotone: Mapping[str, str] | None = None,
        integer: Sequence[str] = (),
        costs: Mapping[str, float] | None = None,
        k: int = 3,
        tries: int = 1000,
        seconds: float | None = None,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Counterfactuals:
        """The smallest plausible changes that give another prediction, and how often there are any.

        Args:
            row: number of a row, its id as text, or a list of them; without it a cohort.
            where: the cohort.
            sample: rows of the cohort that are searched for; None for all.
            target: the class that is wanted, any other by default; of a regression the least
                and largest value, such as `(None, 20)`.
            vary: columns that may change; all inputs by default.
            immutable: columns that may not.
            ranges: `{"Age": (18, 65), "Country": ["Spain"]}`; the data's own by default.
            monotone: `{"Age": "increase"}`, or "decrease".
            integer: columns that stay whole, beyond those that are whole in the data.
            costs: how much a change of a column counts; 1 by default.
            k: answers per row that change different things.
            tries: rows that the model may be asked about for each row.
            seconds: after which the best found so far is returned.
            seed: of the search.
            trust: allow to load a model that was kept as a pickle.
            progress: called with rows asked and rows that may be asked.
            cancel: asked before each call of the model; True stops.
        """
        from mispredict.explain.counterfactual_limits import Rules
        from mispredict.workspace.asking import Bounds
        from mispredict.workspace.asking_search import counterfactuals_of

        return counterfactuals_of(
            self, row, where=where, sample=sample, target=target,
            rules=Rules(vary, immutable, ranges, monotone, integer, costs), k=k,
            bounds=Bounds(tries, seconds, seed, trust, progress, cancel),
        )  # fmt: skip

    def text_edits(  # noqa: PLR0913 - each is a rule or a bound of the search
        self,
        row: int | str | Sequence[int | str] | None = None,
        *,
        where: str | Predicate | None = None,
        sample: int | None = 100,
        column: str | None = None,
        target: Any = None,
        kinds: Sequence[str] | None = None,
        synonyms: Any = None,
        embedding: Callable[[Sequence[str]], Any] | None = None,
        similarity: float = 0.75,
        most_edits: int = 6,
        tries: int = 500,
        seconds: float | None = None,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> TextEdits:
        """The fewest edits of texts that give another prediction, their meaning kept.

        Args:
            row: number of a row, its id as text, or a list of them; without it a cohort.
            where: the cohort.
            sample: rows of the cohort that are edited; None for all.
            column: the text; the first one by default.
            target: the class that is wanted, any other by default.
            kinds: of `typo`, `synonym`, `delete` and `insert`; all that can be had by default.
            synonyms: a function from a word to words, a dictionary, or a folder of WordNet;
                WordNet by default, where it is on the machine.
            embedding: a function from texts to vectors, by which similarity is measured; by
                default by TF-IDF of letters.
            similarity: to the text as it is, at least.
            most_edits: words of a text that are edited, at most 30 % of them.
            tries: rows that the model may be asked about for each row.
            seconds: after which the search ends.
            seed: of typos.
            trust: allow to load a model that was kept as a pickle.
            progress: called with rows asked and rows that may be asked.
            cancel: asked before each call of the model; True stops.
        """
        from mispredict.explain.text_changes_search import TextRules
        from mispredict.workspace.asking import Bounds
        from mispredict.workspace.asking_search import text_edits_of

        return text_edits_of(
            self, row, where=where, sample=sample, column=column, target=target,
            rules=TextRules(kinds, synonyms, embedding, similarity, most_edits),
            bounds=Bounds(tries, seconds, seed, trust, progress, cancel),
        )  # fmt: skip

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
