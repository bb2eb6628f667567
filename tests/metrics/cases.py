"""Random outcomes, degenerate ones included, and scikit-learn's metrics under our names."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from sklearn import metrics as sk

from mispredict.core.task import Task, TaskKind
from mispredict.metrics import Groups, Outcomes

CLASSES = ("a", "b", "c", "d")


@dataclass(frozen=True)
class Case:
    """Outcomes with the arrays they were made of, and three groups of which one is empty."""

    outcomes: Outcomes
    groups: Groups
    label: np.ndarray
    prediction: np.ndarray
    proba: np.ndarray | None
    weight: np.ndarray | None

    def group(self, g: int) -> tuple[np.ndarray, ...]:
        rows = (self.groups.codes == g) & self.counted
        parts = (self.label, self.prediction, self.proba, self.weight)
        return tuple(None if part is None else part[rows] for part in parts)

    @property
    def counted(self) -> np.ndarray:
        if self.label.dtype.kind == "f":
            return ~np.isnan(self.label)
        return self.label >= 0 if self.label.ndim == 1 else np.ones(len(self.label), bool)


def single_label(n_classes: int) -> st.SearchStrategy[Case]:
    """Cases of a task with one label per row."""

    @st.composite
    def draw(draw: Callable) -> Case:
        rng, n, groups, weight = _common(draw)
        kinds = draw(st.sampled_from(["random", "one label", "right", "one prediction"]))
        label = rng.integers(0, n_classes, n)
        prediction = np.where(rng.random(n) < 0.5, label, rng.integers(0, n_classes, n))
        if kinds == "one label":
            label[:] = draw(st.integers(0, n_classes - 1))
        if kinds == "right":
            prediction = label.copy()
        if kinds == "one prediction":
            prediction[:] = draw(st.integers(0, n_classes - 1))
        steps = draw(st.sampled_from([1, 2, 5, 1000]))  # 1: constant, 2 and 5: many ties
        proba = rng.integers(1, steps + 1, (n, n_classes)).astype(float)
        proba /= proba.sum(axis=1, keepdims=True)
        label[rng.random(n) < draw(st.sampled_from([0.0, 0.2]))] = -1
        kind = TaskKind.BINARY if n_classes == 2 else TaskKind.MULTICLASS
        outcomes = Outcomes.of(
            Task(kind, CLASSES[:n_classes]), label, prediction, probabilities=proba, weight=weight
        )
        return Case(outcomes, groups, label, prediction, proba, weight)

    return draw()


@st.composite
def multilabel(draw: Callable) -> Case:
    rng, n, groups, weight = _common(draw)
    share = draw(st.sampled_from([0.0, 0.3, 1.0]))
    label = rng.random((n, 3)) < share
    prediction = label ^ (rng.random((n, 3)) < draw(st.sampled_from([0.0, 0.3])))
    proba = rng.integers(0, 6, (n, 3)) / 5
    outcomes = Outcomes.of(
        Task(TaskKind.MULTILABEL, CLASSES[:3]),
        label,
        prediction,
        probabilities=proba,
        weight=weight,
    )
    return Case(outcomes, groups, label, prediction, proba, weight)


@st.composite
def regression(draw: Callable) -> Case:
    rng, n, groups, weight = _common(draw)
    shift, scale = draw(st.sampled_from([(0.0, 1.0), (1e4, 1.0), (-3.0, 1e-3), (5.0, 0.0)]))
    label = shift + scale * rng.standard_normal(n)
    prediction = label + draw(st.sampled_from([0.0, 0.1, 10.0])) * rng.standard_normal(n)
    label[rng.random(n) < draw(st.sampled_from([0.0, 0.2]))] = np.nan
    outcomes = Outcomes.of(Task(TaskKind.REGRESSION), label, prediction, weight=weight)
    return Case(outcomes, groups, label, prediction, None, weight)


def _common(draw: Callable) -> tuple[np.random.Generator, int, Groups, np.ndarray | None]:
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n = draw(st.sampled_from([1, 2, 3, 5, 8, 13, 40, 100]))
    dtype = draw(st.sampled_from([np.uint8, np.uint16, np.int32, np.int64]))
    codes = rng.integers(0, draw(st.sampled_from([1, 2])), n).astype(dtype)
    weight = rng.integers(1, 9, n) / 4 if draw(st.booleans()) else None
    return rng, n, Groups(("x", "y", "empty"), codes), weight


def quiet(function: Callable[..., float], *args: object, **options: object) -> float:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return float(function(*args, **options))


def averaged(function: Callable[..., float], average: str) -> Callable[..., float]:
    """scikit-learn's average, missing where no class has the score."""

    def score(y: np.ndarray, p: np.ndarray, _: object, w: np.ndarray | None) -> float:
        options = {"average": average, "sample_weight": w}
        if average == "weighted" and y.ndim == 2 and not y.any():  # nothing to weigh by
            return np.nan
        if average != "samples" and np.isnan(
            quiet(function, y, p, zero_division=np.nan, **options)
        ):
            return np.nan
        return quiet(function, y, p, **options)

    return score


def of_class(function: Callable[..., float], k: int) -> Callable[..., float]:
    def score(y: np.ndarray, p: np.ndarray, _: object, w: np.ndarray | None) -> float:
        y, p = (y[:, k], p[:, k]) if y.ndim == 2 else (y == k, p == k)
        return quiet(function, y, p, sample_weight=w, zero_division=np.nan)

    return score


def labels(function: Callable[..., float]) -> Callable[..., float]:
    return lambda y, p, _, w: quiet(function, y, p, sample_weight=w)


def _specificity(y: np.ndarray, p: np.ndarray, **options: object) -> float:
    return sk.recall_score(~y, ~p, **options)


def _jaccard(y: np.ndarray, p: np.ndarray, *, zero_division: float, **options: object) -> float:
    """scikit-learn's, which takes no NaN for what is not defined."""
    return sk.jaccard_score(y, p, **options) if (y | p).any() else zero_division


def _mcc(y: np.ndarray, p: np.ndarray, _: object, w: np.ndarray | None) -> float:
    if len(np.unique(y)) < 2:
        return np.nan
    return quiet(sk.matthews_corrcoef, y, p, sample_weight=w)


def _median(y: np.ndarray, p: np.ndarray, *, sample_weight: np.ndarray | None) -> float:
    """scikit-learn's, which averages the two middle values of weighted rows from 1.8 on only."""
    if sk.median_absolute_error([0, 0], [1, 2], sample_weight=[1, 1]) == 1.5:
        return sk.median_absolute_error(y, p, sample_weight=sample_weight)
    weight = np.ones(len(y)) if sample_weight is None else sample_weight
    order = np.argsort(abs(y - p))
    order = order[weight[order] > 0]
    upto, errors = np.cumsum(weight[order]), abs(y - p)[order]
    middle = [np.searchsorted(upto, upto[-1] / 2, side) for side in ("left", "right")]
    return float(errors[middle].mean())


def scores(k: int, function: Callable[..., float]) -> Callable[..., float]:
    def score(y: np.ndarray, _: object, proba: np.ndarray, w: np.ndarray | None) -> float:
        hit = y[:, k] if y.ndim == 2 else y == k
        return quiet(function, hit.astype(int), proba[:, k], sample_weight=w)

    return score


def one_vs_rest(function: Callable[..., float]) -> Callable[..., float]:
    def score(y: np.ndarray, p: object, proba: np.ndarray, w: np.ndarray | None) -> float:
        classes = range(proba.shape[1])
        return float(np.mean([scores(k, function)(y, p, proba, w) for k in classes]))

    return score


def _average_precision(y: np.ndarray, scores: np.ndarray, **options: object) -> float:
    return sk.average_precision_score(y, scores, **options) if y.any() else np.nan


def _log_loss(y: np.ndarray, _: object, proba: np.ndarray, w: np.ndarray | None) -> float:
    names = list(range(proba.shape[1]))
    return quiet(sk.log_loss, y, proba, labels=names, sample_weight=w)


def _brier(y: np.ndarray, _: object, proba: np.ndarray, w: np.ndarray | None) -> float:
    squared = ((proba - np.eye(proba.shape[1])[y]) ** 2).sum(axis=1)
    return float(np.average(squared, weights=w)) / (2 if proba.shape[1] == 2 else 1)


def _ece(y: np.ndarray, p: np.ndarray, proba: np.ndarray, w: np.ndarray | None) -> float:
    w = np.ones(len(y)) if w is None else w
    confidence = proba[np.arange(len(y)), p]
    bins = np.clip(np.ceil(confidence * 15) - 1, 0, 14).astype(int)
    gaps = [abs((w * ((y == p) - confidence))[bins == b].sum()) for b in range(15)]
    return sum(gaps) / w.sum()


_AVERAGES = {
    f"{name}_{average}": averaged(getattr(sk, f"{name}_score"), average)
    for name in ("precision", "recall", "f1")
    for average in ("macro", "micro", "weighted")
}
_CLASS_SCORES = {
    "precision": sk.precision_score,
    "recall": sk.recall_score,
    "f1": sk.f1_score,
    "jaccard": _jaccard,
    "specificity": _specificity,
}
PER_CLASS = {
    f"{name}[{CLASSES[k]}]": of_class(function, k)
    for name, function in _CLASS_SCORES.items()
    for k in range(2)
} | {
    "roc_auc[b]": scores(1, sk.roc_auc_score),
    "average_precision[b]": scores(1, _average_precision),
    "roc_auc_macro": one_vs_rest(sk.roc_auc_score),
    "average_precision_macro": one_vs_rest(_average_precision),
}
CLASSIFICATION = {
    "accuracy": labels(sk.accuracy_score),
    "error_rate": labels(sk.zero_one_loss),
    "hamming_loss": labels(sk.hamming_loss),
    "balanced_accuracy": labels(sk.balanced_accuracy_score),
    "mcc": _mcc,
    "cohen_kappa": lambda y, p, _, w: quiet(
        sk.cohen_kappa_score, y, p, labels=list(range(4)), sample_weight=w
    ),
    "log_loss": _log_loss,
    "brier_score": _brier,
    "ece": _ece,
    **_AVERAGES,
    **PER_CLASS,
}
BINARY = CLASSIFICATION | {
    "precision": of_class(sk.precision_score, 1),
    "recall": of_class(sk.recall_score, 1),
    "f1": of_class(sk.f1_score, 1),
    "jaccard": of_class(_jaccard, 1),
    "specificity": of_class(_specificity, 1),
    "roc_auc": scores(1, sk.roc_auc_score),
    "average_precision": scores(1, _average_precision),
}
MULTILABEL = {
    "accuracy": labels(sk.accuracy_score),
    "hamming_loss": labels(sk.hamming_loss),
    "f1_samples": averaged(sk.f1_score, "samples"),
    **_AVERAGES,
    **PER_CLASS,
}
REGRESSION = {
    "mae": labels(sk.mean_absolute_error),
    "mse": labels(sk.mean_squared_error),
    "rmse": labels(sk.root_mean_squared_error),
    "r2": labels(sk.r2_score),
    "median_absolute_error": labels(_median),
    "mape": labels(sk.mean_absolute_percentage_error),
    "explained_variance": labels(sk.explained_variance_score),
    "bias": lambda y, p, _, w: float(np.average(y - p, weights=w)),
    "max_error": lambda y, p, _, w: quiet(sk.max_error, y, p),
    "pinball[0.9]": lambda y, p, _, w: quiet(
        sk.mean_pinball_loss, y, p, alpha=0.9, sample_weight=w
    ),
}
