"""Where the model is wrong and what to do first: the part of `Evaluation` that finds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.options import choice, names, whole
from mispredict.core.predicate import Predicate
from mispredict.core.task import Scalar
from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.cohorts.advice import FeatureAdvice
    from mispredict.cohorts.cards import Cards
    from mispredict.cohorts.ceiling import Ceiling
    from mispredict.cohorts.clusters import Clusters
    from mispredict.cohorts.errors import ErrorClasses
    from mispredict.cohorts.priorities import Priorities
    from mispredict.cohorts.slices import ScoredSlices, Slices
    from mispredict.cohorts.tree import ErrorTree
    from mispredict.workspace.looking.rows import Rows


ORDERS = {
    "confidence": "confidence DESC, loss DESC",
    "loss": "loss DESC",
    "near": "margin, loss DESC",
}


class Finding(View):
    """Error classes, mistakes, cards, slices, clusters, priorities and advice."""

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
        return self._whole.rows(
            self._both(where, wrong), order_by=", ".join(available), limit=limit
        )

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
        return rows_at(self._whole, order, total=len(chosen), where=where, extra=extra)

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
            self._whole, ceiling=ceiling, annotators=annotators, votes=votes, against=against,
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
            self._whole,
            column=column,
            embedding=embedding,
            components=n,
            where=where,
            seed=seed,
        )

    def feature_advice(
        self, where: str | Predicate | None = None, *, seed: int = 0
    ) -> FeatureAdvice:
        """Columns that are no inputs of the model but explain its errors on unseen rows."""
        from mispredict.workspace.finding import advice_of

        return advice_of(self._whole, where=where, seed=seed)
