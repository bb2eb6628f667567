"""Metrics of rows whose labels are known only as probabilities, and how sure they are.

Each metric is a smooth function of the (soft) labels; its value at the probabilities is the
estimate, and its gradient says how far the labels' chance moves it: with labels drawn from the
probabilities its variance is Σ Var(gradient · label) (delta method). ROC AUC has its gradient
too, from the ranks of the scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

BINARY = (
    "accuracy", "precision", "recall", "f1", "specificity", "roc_auc", "log_loss", "brier_score",
)  # fmt: skip
MULTICLASS = ("accuracy", "precision_macro", "recall_macro", "f1_macro", "log_loss")
LOSSES = ("log_loss", "brier_score", "mae", "mse", "rmse")
_LEAST = 1e-15


@dataclass(frozen=True, eq=False)
class Soft:
    """Rows with predictions, raw scores and the probability of each class.

    `positive` is the place of the positive class of two; `weight` what each row counts, with a
    mean of 1 (`counting`).
    """

    chance: Floats
    prediction: Codes
    raw: Floats
    positive: int = 1
    weight: Floats | None = None

    @property
    def n(self) -> int:
        return len(self.chance)

    def take(self, rows: npt.NDArray[np.bool_] | slice) -> Soft:
        """Some of the rows."""
        weight = None if self.weight is None else self.weight[rows]
        return Soft(self.chance[rows], self.prediction[rows], self.raw[rows], self.positive, weight)

    @cached_property
    def counting(self) -> Floats:
        """What each row counts, with a mean of 1."""
        if self.weight is None:
            return np.ones(self.n)
        total = float(self.weight.sum())
        return self.weight * (self.n / total) if total > 0 else np.zeros(self.n)

    @property
    def effective(self) -> float:
        """How many rows of equal weight would say as much (Kish)."""
        square = float((self.counting**2).sum())
        return self.n**2 / square if square > 0 else 0.0


@dataclass(frozen=True, eq=False)
class Expected:
    """The value of a metric and the variance that the labels' chance gives it."""

    value: float
    variance: float


def expect(metric: str, soft: Soft) -> Expected:
    """The expected value of a metric; NaN where it is not defined."""
    if not soft.effective:
        return Expected(float("nan"), float("nan"))
    return METRICS[metric](soft)


def _moved(value: float, gradient: Floats, soft: Soft) -> Expected:
    """The variance from a gradient (n, K) by the label of each row."""
    pull = soft.counting[:, None] * gradient
    first = (soft.chance * pull).sum(axis=1)
    second = (soft.chance * pull**2).sum(axis=1)
    return Expected(float(value), float(np.maximum(second - first**2, 0.0).sum()))


def _along(value: float, gradient: Floats, soft: Soft) -> Expected:
    """The variance from a gradient (n,) by whether a row is positive."""
    p = soft.chance[:, soft.positive]
    return Expected(float(value), float((p * (1 - p) * (soft.counting * gradient) ** 2).sum()))


def _accuracy(soft: Soft) -> Expected:
    right = soft.chance[np.arange(soft.n), soft.prediction]
    own = soft.counting
    variance = float((own**2 * right * (1 - right)).sum()) / soft.n**2
    return Expected(float((own * right).mean()), variance)


def _counts(soft: Soft) -> tuple[Floats, npt.NDArray[np.bool_], float, float, float]:
    p, own = soft.chance[:, soft.positive], soft.counting
    said = soft.prediction == soft.positive
    hits = float((own * p)[said].sum())
    return p, said, hits, float(own[said].sum()), float((own * p).sum())


def _precision(soft: Soft) -> Expected:
    _, said, hits, claimed, _ = _counts(soft)
    if not claimed:
        return Expected(float("nan"), float("nan"))
    return _along(hits / claimed, said / claimed, soft)


def _recall(soft: Soft) -> Expected:
    _, said, hits, _, actual = _counts(soft)
    if actual <= 0:
        return Expected(float("nan"), float("nan"))
    return _along(hits / actual, said / actual - hits / actual**2, soft)


def _f1(soft: Soft) -> Expected:
    _, said, hits, claimed, actual = _counts(soft)
    both = claimed + actual
    return _along(2 * hits / both, 2 * said / both - 2 * hits / both**2, soft)


def _specificity(soft: Soft) -> Expected:
    p, said, _, _, actual = _counts(soft)
    absent = soft.n - actual
    if absent <= 0:
        return Expected(float("nan"), float("nan"))
    rejected = float((soft.counting * (1 - p))[~said].sum())
    gradient = (said.astype(np.float64) - 1) / absent + rejected / absent**2
    return _along(rejected / absent, gradient, soft)


def _roc_auc(soft: Soft) -> Expected:
    p, own = soft.chance[:, soft.positive], soft.counting
    actual = float((own * p).sum())
    absent = soft.n - actual
    if actual <= 0 or absent <= 0:
        return Expected(float("nan"), float("nan"))
    _, place = np.unique(soft.raw[:, soft.positive], return_inverse=True)
    absent_at = np.bincount(place, weights=own * (1 - p))
    actual_at = np.bincount(place, weights=own * p)
    below = np.cumsum(absent_at) - absent_at / 2
    above = actual - np.cumsum(actual_at) + actual_at / 2
    value = float((own * p * below[place]).sum() / (actual * absent))
    pull = (below - above)[place] / (actual * absent) - value * (1 / actual - 1 / absent)
    return _along(value, pull, soft)


def _log_loss(soft: Soft) -> Expected:
    logs = -np.log(np.clip(soft.raw, _LEAST, 1.0)) / soft.n
    return _moved(float((soft.counting @ (soft.chance * logs)).sum()), logs, soft)


def _brier(soft: Soft) -> Expected:
    score = soft.raw[:, soft.positive]
    hit, miss = (1 - score) ** 2 / soft.n, score**2 / soft.n
    p = soft.chance[:, soft.positive]
    value = float((soft.counting * (p * hit + (1 - p) * miss)).sum())
    return _along(value, hit - miss, soft)


def _macro(soft: Soft, name: str) -> Expected:
    """The mean over classes of precision, recall or F1."""
    k = soft.chance.shape[1]
    said = soft.prediction[:, None] == np.arange(k)
    own = soft.counting
    hits, claimed, actual = own @ (soft.chance * said), own @ said, own @ soft.chance
    if name == "precision":
        weight = np.maximum(claimed, 1e-12)
        return _moved(float((hits / weight).mean()), said / weight / k, soft)
    if name == "recall":
        weight = np.maximum(actual, 1e-12)
        gradient = (said / weight - hits / weight**2) / k
        return _moved(float((hits / weight).mean()), gradient, soft)
    both = np.maximum(claimed + actual, 1e-12)
    gradient = 2 * (said / both - hits / both**2) / k
    return _moved(float((2 * hits / both).mean()), gradient, soft)


METRICS: Mapping[str, Callable[[Soft], Expected]] = {
    "accuracy": _accuracy,
    "precision": _precision,
    "recall": _recall,
    "f1": _f1,
    "specificity": _specificity,
    "roc_auc": _roc_auc,
    "log_loss": _log_loss,
    "brier_score": _brier,
    "precision_macro": lambda soft: _macro(soft, "precision"),
    "recall_macro": lambda soft: _macro(soft, "recall"),
    "f1_macro": lambda soft: _macro(soft, "f1"),
}
