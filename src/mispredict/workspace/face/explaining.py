"""Why a model answers as it does: the part of `Evaluation` that calls the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.predicate import Predicate
from mispredict.core.task import Scalar
from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.explain.counterfactuals.results import Counterfactuals
    from mispredict.explain.counterfactuals.search_calls import Budget
    from mispredict.explain.effects.effects import Effects
    from mispredict.explain.effects.flips import Flips
    from mispredict.explain.explanation import Explanation
    from mispredict.explain.text_changes.text_changes import TextEdits
    from mispredict.explain.what_if.flip_points import FlipPoints
    from mispredict.explain.what_if.what_if import WhatIf


class Explaining(View):
    """Explanations, what-if, effects, counterfactuals and text edits of an evaluation."""

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
        from mispredict.workspace.explaining.explaining import Wish, explanation_of

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
        from mispredict.workspace.explaining.what_if import what_if_of

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
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
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
            progress: called with rows asked and rows that may be asked.
            cancel: asked before each call of the model; True stops.
        """
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.explaining.what_if import flip_points_of

        bounds = Bounds(tries, trust=trust, progress=progress, cancel=cancel)
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
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.explaining.what_if import effects_of

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
            values: that rows are set to; all categories, or up to 10 different numbers, by default.
            where: the rows.
            sample: rows that are drawn; None for all.
            target: the class whose probability is followed; the positive one by default.
            seed: of the draw.
            trust: allow to load a model that was kept as a pickle.
            progress: called with rows asked and rows to ask.
            cancel: asked before each call of the model; True stops.
        """
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.explaining.what_if import flips_of

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
        from mispredict.explain.counterfactuals.limits import Rules
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.explaining.search import counterfactuals_of

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
        from mispredict.explain.text_changes.search import TextRules
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.explaining.search import text_edits_of

        return text_edits_of(
            self, row, where=where, sample=sample, column=column, target=target,
            rules=TextRules(kinds, synonyms, embedding, similarity, most_edits),
            bounds=Bounds(tries, seconds, seed, trust, progress, cancel),
        )  # fmt: skip
