"""Metrics of rows whose labels are known only as probabilities, and how sure they are.

Each metric is a smooth function of the (soft) labels; its value at the probabilities is the
estimate, and its gradient says how far the labels' chance moves it: with labels drawn from the
probabilities its variance is Σ Var(gradient · label) (delta method). ROC AUC has its gradient
too, from the ranks of the scores.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

BINARY = (
    "accuracy", "precision", "recall", "f1", "specificity", "roc_auc", "log_loss", "brier_score",
)  # fmt: skip
MULTICLASS = ("accuracy", "precision_macro", "recall_macro", "f1_macro", "log_loss")
LOSSES = ("log_loss", "brier_score")
_LEAST = 1e-15


@dataclass(frozen=True, eq=False)
class Soft:
    """Rows with predictions, raw scores and the probability of each class.

    `positive` is the place of the positive class of two.
    """

    chance: Floats
    prediction: Codes
    raw: Floats
    positive: int = 1

    @property
    def n(self) -> int:
        return len(self.chance)

    def take(self, rows: npt.NDArray[np.bool_] | slice) -> Soft:
        """Some of the rows."""
        return Soft(self.chance[rows], self.prediction[rows], self.raw[rows], self.positive)


@dataclass(frozen=True, eq=False)
class Expected:
    """The value of a metric and the variance that the labels' chance gives it."""

    value: float
    variance: float


def expect(metric: str, soft: Soft) -> Expected:
    """The expected value of a metric; NaN where it is not defined."""
    if not soft.n:
        return Expected(float("nan"), float("nan"))
    return METRICS[metric](soft)


def _moved(value: float, gradient: Floats, soft: Soft) -> Expected:
    """The variance from a gradient (n, K) by the label of each row."""
    first = (soft.chance * gradient).sum(axis=1)
    second = (soft.chance * gradient**2).sum(axis=1)
    return Expected(float(value), float(np.maximum(second - first**2, 0.0).sum()))


def _along(value: float, gradient: Floats, soft: Soft) -> Expected:
    """The variance from a gradient (n,) by whether a row is positive."""
    p = soft.chance[:, soft.positive]
    return Expected(float(value), float((p * (1 - p) * gradient**2).sum()))


def _accuracy(soft: Soft) -> Expected:
    right = soft.chance[np.arange(soft.n), soft.prediction]
    return Expected(float(right.mean()), float((right * (1 - right)).sum()) / soft.n**2)


def _counts(soft: Soft) -> tuple[Floats, npt.NDArray[np.bool_], float, float, float]:
    p = soft.chance[:, soft.positive]
    said = soft.prediction == soft.positive
    return p, said, float(p[said].sum()), float(said.sum()), float(p.sum())


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
    rejected = float((1 - p)[~said].sum())
    gradient = (said.astype(np.float64) - 1) / absent + rejected / absent**2
    return _along(rejected / absent, gradient, soft)


def _roc_auc(soft: Soft) -> Expected:
    p = soft.chance[:, soft.positive]
    actual = float(p.sum())
    absent = soft.n - actual
    if actual <= 0 or absent <= 0:
        return Expected(float("nan"), float("nan"))
    _, place = np.unique(soft.raw[:, soft.positive], return_inverse=True)
    absent_at = np.bincount(place, weights=1 - p)
    actual_at = np.bincount(place, weights=p)
    below = np.cumsum(absent_at) - absent_at / 2
    above = actual - np.cumsum(actual_at) + actual_at / 2
    value = float((p * below[place]).sum() / (actual * absent))
    pull = (below - above)[place] / (actual * absent) - value * (1 / actual - 1 / absent)
    return _along(value, pull, soft)


def _log_loss(soft: Soft) -> Expected:
    logs = -np.log(np.clip(soft.raw, _LEAST, 1.0)) / soft.n
    return _moved(float((soft.chance * logs).sum()), logs, soft)


def _brier(soft: Soft) -> Expected:
    score = soft.raw[:, soft.positive]
    hit, miss = (1 - score) ** 2 / soft.n, score**2 / soft.n
    p = soft.chance[:, soft.positive]
    return _along(float((p * hit + (1 - p) * miss).sum()), hit - miss, soft)


def _macro(soft: Soft, name: str) -> Expected:
    """The mean over classes of precision, recall or F1."""
    k = soft.chance.shape[1]
    said = soft.prediction[:, None] == np.arange(k)
    hits = (soft.chance * said).sum(axis=0)
    claimed, actual = said.sum(axis=0).astype(np.float64), soft.chance.sum(axis=0)
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
