"""Attributions of linear models: each coefficient times the distance from the background's mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import EXPLAINERS, Batch, Subject, Unsuited
from mispredict.explain.estimators import Parts, is_unknown, refuse_mixed, take_apart
from mispredict.explain.trees.trees import EXP, IDENTITY, SIGMOID, SOFTMAX

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

_MODULES = ("sklearn.linear_model", "sklearn.svm._classes")
_SCALES = {SIGMOID: "log-odds", SOFTMAX: "score before softmax", EXP: "log of the value"}


@EXPLAINERS.register("linear")
def linear(subject: Subject) -> LinearExplainer:
    """The explainer of a model whose last step is linear."""
    parts = take_apart(subject)
    coefficients = getattr(parts.last, "coef_", None)
    module = type(parts.last).__module__
    if not module.startswith(_MODULES) or coefficients is None:
        raise Unsuited(f"{type(parts.last).__name__} is not linear")
    if hasattr(coefficients, "toarray"):
        coefficients = coefficients.toarray()
    weights = np.atleast_2d(np.asarray(coefficients, dtype=np.float64))
    if weights.shape[1] != len(parts.player):
        raise Unsuited(f"{type(parts.last).__name__} has no coefficient per column")
    refuse_mixed(parts.player, np.flatnonzero((weights != 0).any(axis=0)))
    start = np.resize(np.asarray(parts.last.intercept_, dtype=np.float64), len(weights))
    encoded = _columns(parts.encode(subject.background.frame))
    mean = np.asarray(encoded.mean(axis=0), dtype=np.float64).ravel()
    explainer = LinearExplainer(subject, parts, weights, start, mean, _link(parts))
    parts.check(explainer.answers(encoded))
    return explainer


@dataclass(frozen=True, eq=False)
class LinearExplainer:
    """Exact attributions, summed over encoded columns: what is added up by the model itself."""

    subject: Subject
    parts: Parts
    weights: Floats
    start: Floats
    mean: Floats
    link: str

    method = "linear"
    is_exact = True

    @property
    def features(self) -> tuple[str, ...]:
        return self.subject.features

    @property
    def scale(self) -> str:
        return _SCALES.get(self.link, "value" if self.link == IDENTITY else "decision value")

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "against": "the mean of background rows",
            "background": self.subject.background.facts(),
        }

    @property
    def why(self) -> str:
        return f"exact, since the model is linear ({type(self.parts.last).__name__})"

    def answers(self, encoded: Any) -> Floats:
        """The model's answers from its coefficients."""
        margins = np.asarray(encoded @ self.weights.T) + self.start
        if self.link == SIGMOID:
            positive = 1 / (1 + np.exp(-margins[:, :1]))
            return np.hstack([1 - positive, positive])
        if self.link == SOFTMAX:
            powers = np.exp(margins - margins.max(axis=1, keepdims=True))
            return np.asarray(powers / powers.sum(axis=1, keepdims=True))
        if self.link == EXP:
            return np.exp(margins)
        if self.link == "labels":
            wide = np.hstack([-margins, margins]) if margins.shape[1] == 1 else margins
            return np.asarray(wide == wide.max(axis=1, keepdims=True), dtype=np.float64)
        return margins

    def cost(self, rows: pd.DataFrame) -> float:
        return 0.0

    def explain(self, rows: pd.DataFrame, targets: Codes) -> Batch:
        encoded = _columns(self.parts.encode(rows))
        n, width = len(rows), len(self.features)
        values, base, output = np.zeros((n, width)), np.zeros(n), np.zeros(n)
        for target in np.unique(targets).tolist():
            mine = np.flatnonzero(targets == target)
            if is_unknown(self.parts, target):
                values[mine], base[mine], output[mine] = np.nan, np.nan, np.nan
                continue
            at, sign = self._output(target)
            weights = sign * self.weights[at]
            for feature in range(width):
                own = np.flatnonzero(self.parts.player == feature)
                moved = np.asarray(encoded[mine][:, own] @ weights[own], dtype=np.float64)
                values[mine, feature] = moved - self.mean[own] @ weights[own]
            base[mine] = sign * self.start[at] + self.mean @ weights
            output[mine] = np.asarray(encoded[mine] @ weights) + sign * self.start[at]
        return Batch(values, base, output)

    def _output(self, target: int) -> tuple[int, float]:
        """The row of the coefficients for a class, and -1 where it is the other one's."""
        if len(self.weights) > 1:
            return int(self.parts.class_column[target]), 1.0
        is_other = self.link in (SIGMOID, "labels") and int(self.parts.class_column[target]) == 0
        return 0, -1.0 if is_other else 1.0


def _columns(encoded: Any) -> Any:
    """A matrix also where a model, or the step before it, works on frames."""
    return encoded.to_numpy(np.float64) if hasattr(encoded, "to_numpy") else encoded


def _link(parts: Parts) -> str:
    """From sums to answers; `labels` for those that only say which is the largest."""
    if not hasattr(parts.last, "classes_"):
        is_log = type(parts.last).__name__ in ("PoissonRegressor", "GammaRegressor")
        return EXP if is_log else IDENTITY
    if not hasattr(parts.last, "predict_proba"):
        return "labels"
    return SIGMOID if len(parts.last.classes_) == 2 else SOFTMAX
