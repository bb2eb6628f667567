"""Changed and made-up inputs: the parts of `Evaluation` and `Workspace` that make them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, cast

from mispredict.core.predicate import Predicate
from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.perturb.advice import AugmentationAdvice
    from mispredict.perturb.fills import Fills
    from mispredict.perturb.perturbed import Perturbed
    from mispredict.perturb.synthesis_report import Synthetic
    from mispredict.perturb.template import Template
    from mispredict.workspace.workspace import Workspace


class Perturbing(View):
    """Perturbed rows, augmentation advice, and templates filled with the data's values."""

    def perturb(  # noqa: PLR0913 - each is a choice of what is changed
        self,
        names: Any,
        *,
        strength: float = 0.3,
        where: str | Predicate | None = None,
        rows: int | str | Sequence[int | str] | None = None,
        columns: str | Sequence[str] | None = None,
        limit: int | None = 1000,
        seed: int = 0,
        tolerance: float | None = None,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
        **options: Any,
    ) -> Perturbed:
        """Rows before and after a perturbation, and how many predictions it changes.

        `.to_frame()` lists the changed rows, those with another prediction first; `.share` has
        an interval; `.inputs` are the changed rows, to be kept as a dataset.

        Args:
            names: a perturbation, "a | b" or a list for one after the other.
            strength: from 0 to 1; mostly the share of places that change.
            where: the cohort whose rows are changed.
            rows: numbers or ids of rows instead.
            columns: those to change; by default all that the perturbation can.
            limit: rows, drawn by the seed; None for all.
            seed: of the draws; a row is changed alike whatever rows are beside it.
            tolerance: by how much a predicted number may differ; by default a tenth of the
                predictions' deviation.
            trust: allow to load a model that was kept as a pickle.
            **options: those of the perturbations, such as `group="hispanic"`;
                `synonyms="wordnet"` takes WordNet as it is installed.
        """
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.perturbing.perturbing import Wish, perturbed_of

        wish = Wish(names, strength, where, rows, columns, limit, tolerance, options)
        bounds = Bounds(seed=seed, trust=trust, progress=progress, cancel=cancel)
        return perturbed_of(self, wish, bounds)

    def augmentation_advice(  # noqa: PLR0913 - each is a choice of what is tried
        self,
        names: Any = None,
        *,
        strengths: Sequence[float] = (0.1, 0.3, 0.6),
        where: str | Predicate | None = None,
        columns: str | Sequence[str] | None = None,
        ceiling: str | None = None,
        votes: Any = None,
        sample: int | None = 500,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> AugmentationAdvice:
        """Which changed rows are realistic, still clear, and done poorly: worth adding to train on.

        Nothing is trained. Realism is how badly a classifier tells changed rows from real ones,
        clarity what a better model or people still get right, and both come with intervals.

        Args:
            names: perturbations, each tried alone ("a | b" is one); by default all that keep
                the label and change what the model takes.
            strengths: each from above 0 to 1.
            where: the cohort whose rows are changed.
            columns: those to change.
            ceiling: a model that was evaluated on the same dataset and is thought to know.
            votes: of people instead: a frame with `perturbation`, `strength`, `correct`.
            sample: rows, drawn by the seed; None for all.
            seed: of the draws.
            trust: allow to load a model that was kept as a pickle.
        """
        from mispredict.workspace.explaining.asking import Bounds
        from mispredict.workspace.perturbing.advice import AdviceWish, advice_of

        wish = AdviceWish(names, strengths, where, sample, columns, ceiling, votes)
        bounds = Bounds(seed=seed, trust=trust, progress=progress, cancel=cancel)
        return advice_of(self, wish, bounds)

    def fill(
        self,
        template: str | Template,
        n: int | None = 100,
        *,
        vary: str | None = None,
        where: str | Predicate | None = None,
        label: Any = None,
        seed: int = 0,
        **lexicons: Any,
    ) -> Fills:
        """Rows of a template, whose places such as `{column:City}` take the data's values.

        Args:
            template: a sentence or row with places, or what `mp.template` gives.
            n: how many; None for all.
            vary: a place whose words are all tried, the rest of the row being the same.
            where: the cohort whose values are taken.
            label: the right answer or its rule, as for `mp.template`.
            seed: of the draws.
            **lexicons: words by name.
        """
        from mispredict.workspace.perturbing.fills import fills_of

        return fills_of(
            self, template, n, vary=vary, where=where, label=label, seed=seed, lexicons=lexicons
        )


class Generating:
    """Rows that are made up like those of a dataset."""

    def synthesise(
        self,
        data: str,
        n: int | None = None,
        *,
        where: str | Predicate | None = None,
        columns: str | Sequence[str] | None = None,
        method: Any = "trees",
        seed: int = 0,
        name: str | None = None,
    ) -> Synthetic:
        """Rows like those of a dataset or a cohort of it, with a report of quality and privacy.

        A fifth of the rows is held out to judge by: are made-up rows told from them, and are
        they nearer to the rows that were learned from? `.frame` are the rows.

        Args:
            data: a dataset, such as "churn" or "churn@2".
            n: how many; as many as there are by default.
            where: learn from these rows only: a cohort of the dataset's columns.
            columns: those to make; by default all numbers, categories and truth values but ids.
            method: "trees", "copula", or an object with `fit(frame)` and `sample(n)`, such as a
                synthesizer of another library.
            seed: of the draws.
            name: keep the rows as a dataset of this name.

        Raises:
            BadDataset: too few rows to learn from, or no column that can be made up.
        """
        from mispredict.workspace.perturbing.rows import synthetic_of

        given = (columns,) if isinstance(columns, str) else columns
        return synthetic_of(
            cast("Workspace", self),
            data,
            n,
            where=where,
            columns=given,
            method=method,
            seed=seed,
            name=name,
        )
