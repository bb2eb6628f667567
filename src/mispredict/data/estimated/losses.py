"""Errors of a regression without labels: direct loss estimation.

A second model learns from the reference, where labels are known, how large the error of each row
is, from its inputs and the prediction; its mean over other rows is the error to expect there
(direct loss estimation, DLE, as NannyML's documentation describes it). Here it is cross-fitted:
each reference row is told by models that did not learn from it, which says how far they are off
on average, and by that the estimate is corrected.

It sees that rows have come which are harder, never that what inputs mean has changed. And it
knows nothing of rows unlike any of the reference: the correction counts reference rows by how
much more often such a row is met among the others (a classifier's odds), and where too few of
them are like the others, nothing is estimated.

The interval is for the metric that labels would give: the chance of each row's error, its
variance learned too; the correction; and the models, by the models without each fold (jackknife
of groups, Kott 2001).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, Cancelled
from mispredict.core.options import choice
from mispredict.data.doubt.weighing import effective_rows
from mispredict.data.estimated.estimated import Estimate
from mispredict.metrics.learnable import learnable

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

METRICS = ("mae", "mse", "rmse")
USUAL = ("mae", "rmse")
FOLDS = 5
FEWEST = 200  # reference rows with a label
MOST = 50_000  # that are learned from
_TOLD = 5_000  # rows of each side that are told apart
UNKNOWN = Estimate(float("nan"), float("nan"), float("nan"))
_LEAVES = 15
_ROUNDS = 60


@dataclass(frozen=True, eq=False)
class Answered:
    """Rows with what their errors are learned from.

    Attributes:
        features: (n, d) numbers, or codes of categories, NaN for missing.
        categories: (d,) which features are codes, from 0 to 254.
        prediction: (n,) of the model.
        label: (n,), NaN where unknown.
        weight: what each row counts, None where they all count alike.
    """

    features: Floats
    categories: Bools
    prediction: Floats
    label: Floats
    weight: Floats | None = None

    @property
    def n(self) -> int:
        return len(self.prediction)

    @property
    def counting(self) -> Floats:
        """What each row counts."""
        return np.ones(self.n) if self.weight is None else self.weight

    @property
    def known_by(self) -> Floats:
        """The features and the prediction."""
        return np.column_stack([self.features, self.prediction])

    def take(self, rows: Any) -> Answered:
        """Some of the rows."""
        weight = None if self.weight is None else self.weight[rows]
        return Answered(
            self.features[rows], self.categories, self.prediction[rows], self.label[rows], weight
        )


class LossEstimator:
    """Estimates errors of rows from their inputs and predictions."""

    def __init__(
        self,
        reference: Answered,
        metrics: Sequence[str] = USUAL,
        *,
        level: float = 0.95,
        seed: int = 0,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        known = np.isfinite(reference.label) & np.isfinite(reference.prediction)
        rows = np.flatnonzero(known & (reference.counting > 0))
        if len(rows) < FEWEST:
            raise BadOption(
                f"the reference has {len(rows):,} rows with a label and a prediction.",
                known=f"How large errors are is learned from at least {FEWEST}.",
                hint="a reference with more labels",
            )
        if len(rows) > MOST:
            rows = np.sort(np.random.default_rng(seed).choice(rows, MOST, replace=False))
        chosen = reference.take(rows)
        away = chosen.label - chosen.prediction
        losses = {"mae": np.abs(away), "mse": away**2}
        wanted = dict.fromkeys("mse" if name == "rmse" else name for name in metrics)
        self.level = level
        self._reference, self._seed = chosen, seed
        self._learned = {name: _Learned(chosen, losses[name], seed, cancel) for name in wanted}

    def __call__(self, rows: Answered, metrics: Sequence[str]) -> dict[str, Estimate]:
        """The estimate of each metric; NaN where too few reference rows are like these."""
        rows = rows.take(np.isfinite(rows.prediction) & (rows.counting > 0))
        if not rows.n:
            return dict.fromkeys(metrics, UNKNOWN)
        ratio = likeness(self._reference, rows, self._seed)
        if support(ratio, self._reference.counting) < FEWEST:
            return dict.fromkeys(metrics, UNKNOWN)
        return {name: self._estimate(rows, name, ratio) for name in metrics}

    def _estimate(self, rows: Answered, metric: str, ratio: Floats) -> Estimate:
        from mispredict.metrics.intervals import z_of

        value, error = self._learned["mse" if metric == "rmse" else metric](rows, ratio)
        # errors are above 0 and skewed: the interval is that of their logarithm
        times = float(np.exp(z_of(self.level) * error / value)) if value > 0 else np.inf
        found = np.array([value, value / times, value * times])
        return Estimate(*(np.sqrt(found) if metric == "rmse" else found).tolist())


class _Learned:
    """Models of one loss, each without a fold of the reference."""

    def __init__(
        self, reference: Answered, loss: Floats, seed: int, cancel: Callable[[], bool] | None
    ) -> None:
        known_by, weight = reference.known_by, reference.counting
        categories = np.append(reference.categories, False)
        told = np.empty(reference.n)
        self._models = []
        for fold in _folds(reference.n, seed):
            if cancel is not None and cancel():
                raise Cancelled("the estimate was cancelled.", known="Models were being fitted.")
            model = _booster(reference.n, categories, seed)
            model.fit(learnable(known_by[~fold]), loss[~fold], weight[~fold])
            told[fold] = model.predict(known_by[fold])
            self._models.append(model)
        self._away = loss - told
        self._weight = weight
        shift = float(np.average(self._away, weights=weight))
        self._spread = _booster(reference.n, categories, seed)
        self._spread.fit(learnable(known_by), (self._away - shift) ** 2, weight)
        self._least = float(loss.min())

    def __call__(self, rows: Answered, ratio: Floats) -> tuple[float, float]:
        """The mean loss of the rows, and the standard error of the real one about it.

        `ratio` says of each reference row how much more often such a row is among these.
        """
        known_by, weight = rows.known_by, rows.counting
        like = ratio * self._weight
        shift = float(np.average(self._away, weights=like))
        shift_error2 = float(((like * (self._away - shift)) ** 2).sum() / like.sum() ** 2)
        total = float(weight.sum())
        each = np.array([weight @ model.predict(known_by) / total for model in self._models])
        spread = np.maximum(self._spread.predict(known_by), 0.0)
        chance = float((weight**2 * spread).sum()) / total**2
        models = float((FOLDS - 1) / FOLDS * ((each - each.mean()) ** 2).sum())
        value = max(float(each.mean()) + shift, self._least)
        return value, float(np.sqrt(chance + shift_error2 + models))


def likeness(reference: Answered, rows: Answered, seed: int) -> Floats:
    """How much more often each reference row is met among other rows, by a classifier.

    The odds of being one of the others, by models that did not see the row (Bickel, Brückner and
    Scheffer 2009).
    """
    draw = np.random.default_rng(seed)
    some = np.sort(draw.choice(rows.n, min(rows.n, _TOLD), replace=False))
    theirs, ours = rows.take(some), reference.known_by
    categories = np.append(reference.categories, False)
    odds = np.empty(reference.n)
    for fold in _folds(reference.n, seed):
        own = draw.permutation(np.flatnonzero(~fold))[:_TOLD]
        model = _booster(len(own) + theirs.n, categories, seed, is_classifier=True)
        known_by = np.concatenate([ours[own], theirs.known_by])
        is_other = np.repeat([0, 1], [len(own), theirs.n])
        counts = (reference.counting[own], theirs.counting)
        weight = np.concatenate([part / part.mean() / len(part) for part in counts])
        weight *= len(weight) / 2  # both sides weigh alike
        model.fit(learnable(known_by), is_other, weight)
        chance = np.clip(model.predict_proba(ours[fold])[:, 1], 1e-4, 1 - 1e-4)
        odds[fold] = chance / (1 - chance)
    return odds


def support(ratio: Floats, weight: Floats) -> float:
    """How many reference rows of equal weight are like the others.

    Ratios average 1 where the reference has all that the others have, less where it lacks some.
    """
    covered = min(float(np.average(ratio, weights=weight)), 1.0)
    return effective_rows(ratio * weight) * covered


def known_losses(asked: Sequence[str] | None) -> tuple[str, ...]:
    """The metrics asked for, which must be among those that can be estimated."""
    return USUAL if asked is None else tuple(choice("metrics", name, METRICS) for name in asked)


def _folds(n: int, seed: int) -> Iterator[Bools]:
    place = np.random.default_rng(seed).permutation(n) % FOLDS
    return (place == fold for fold in range(FOLDS))


def _booster(n: int, categories: Bools, seed: int, *, is_classifier: bool = False) -> Any:
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    kind = HistGradientBoostingClassifier if is_classifier else HistGradientBoostingRegressor
    return kind(
        max_iter=_ROUNDS // 2 if is_classifier else _ROUNDS,
        max_leaf_nodes=_LEAVES,
        min_samples_leaf=max(20, n // 500),
        l2_regularization=1.0,
        early_stopping=False,
        categorical_features=categories if categories.any() else None,
        random_state=seed,
    )
