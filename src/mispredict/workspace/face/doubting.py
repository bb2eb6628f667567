"""Doubt: the part of `Evaluation` that asks how sure a model may be, and whether it is sane."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mispredict.workspace.view import View

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.doubt.conformal_results import ConformalSets
    from mispredict.data.doubt.sanity import Sanity
    from mispredict.data.doubt.uncertainty_results import Spread, Uncertainty
    from mispredict.workspace.evaluation import Evaluation

SHARES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1)


class Doubting(View):
    """Uncertainty, spread under noise, conformal sets, sanity."""

    def uncertainty(
        self,
        where: str | Predicate | None = None,
        *,
        by: str | Sequence[str] | None = None,
        members: Sequence[str] | None = None,
        doubted: float = 0.1,
        shares: Sequence[float] = SHARES,
    ) -> Uncertainty:
        """Errors among the rows that the model is surest of, and which unsure rows are wrong.

        Args:
            where: the rows to look at.
            by: a measure (`confidence`, `margin`, `entropy`), or a numeric column of which more
                is less sure; all that there are by default.
            members: models of an ensemble, each with an evaluation of this dataset, whose
                `disagreement` becomes a measure.
            doubted: share of the rows, the least sure ones, that count as unsure.
            shares: of the rows, the surest ones, whose errors are told.

        """
        from mispredict.workspace.doubting.doubting import uncertainty_of

        return uncertainty_of(
            self._whole, where, by=by, members=members, doubted=doubted,
            shares=shares,
        )  # fmt: skip

    def spread(
        self,
        where: str | Predicate | None = None,
        *,
        noise: float = 0.05,
        perturbation: str | None = None,
        copies: int = 10,
        sample: int | None = 1000,
        limit: int = 20,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Spread:
        """How far predictions move under small noise of the inputs; asks the model.

        Of all rows (`sample=None`) it becomes the columns `noise_spread` and `noise_flips`.

        Args:
            where: the rows to look at.
            noise: its strength; of numbers the deviation over the column's. 0 asks for the same
                inputs again, past all memory, which is for models that draw (MC dropout).
            perturbation: what is done; `noise` on numbers by default, `typo_swap` on texts.
            copies: of each row.
            sample: number of rows that are drawn; None for all.
            limit: rows that are listed.
            seed: of the draws.
            trust: whether a stored copy of the model may be loaded, which can run any code.
            progress: called with (rows done, rows in all).
            cancel: asked between questions; True stops.
        """
        from mispredict.workspace.doubting.noise import Noise, spread_of
        from mispredict.workspace.explaining.asking import Bounds

        bounds = Bounds(seed=seed, trust=trust, progress=progress, cancel=cancel)
        given = Noise.of(noise, perturbation, copies)
        return spread_of(self._whole, where, given, sample=sample, limit=limit, bounds=bounds)

    def conformal(
        self,
        where: str | Predicate | None = None,
        *,
        target: float = 0.9,
        method: str | None = None,
        calibration: str | Predicate | Evaluation | None = None,
        within: str | None = None,
        by: str | Sequence[str | Predicate] | None = None,
        scale: str | None = None,
        seed: int = 0,
    ) -> ConformalSets:
        """Sets that hold the label with the chance `target`, and how often they do, by cohort.

        Of all rows it becomes the columns `set_size` (or the width of a range) and `in_set`.

        Args:
            where: the rows to look at.
            target: chance that a set holds the label.
            method: `lac` (smallest sets), `aps` or `raps` (sets that grow with doubt) of
                classes; `absolute` or `scaled` of values.
            calibration: a cohort to calibrate on, or another evaluation of the model; a random
                half by default. The other rows are judged.
            within: a column (such as `prediction`) of which each value is calibrated apart, so
                that each is covered.
            by: a column, columns or cohorts to judge apart.
            scale: of `scaled` ranges, the column that says how wide each is.
            seed: of the halves, and of the draws of `aps` and `raps`.
        """
        from mispredict.workspace.doubting.sets import sets_of

        return sets_of(
            self._whole, where, target=target, method=method,
            calibration=calibration, within=within, by=by, scale=scale, seed=seed,
        )  # fmt: skip

    def sanity(
        self,
        *,
        train: str | Predicate | Evaluation | None = None,
        tests: Sequence[str] | None = None,
        sample: int = 1000,
        seed: int = 0,
        trust: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Sanity:
        """Whether the model beats a constant, learns, and does not hang on one input.

        Args:
            train: the cohort of the rows that it learned from, or the evaluation of its
                training data; `split = 'train'` if there is such a column.
            tests: of `beats_constant`, `train_gap`, `input_ablation`, `overfits_batch` and
                `label_shuffle`; all by default. The last two fit a copy of the model anew,
                where it can be fitted.
            sample: rows that are asked or learned from.
            seed: of the draws.
            trust: whether a stored copy of the model may be loaded, which can run any code.
            progress: called with (tests done, tests in all).
            cancel: asked between tests; True stops.
        """
        from mispredict.workspace.doubting.sanity import sanity_of

        return sanity_of(
            self._whole, train=train, tests=tests, sample=sample, seed=seed,
            trust=trust, progress=progress, cancel=cancel,
        )  # fmt: skip
