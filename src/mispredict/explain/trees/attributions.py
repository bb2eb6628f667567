"""Attributions of tree models: exact Shapley values of the margin, in milliseconds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import EXPLAINERS, Batch, Subject, Unsuited
from mispredict.explain.estimators import Parts, is_unknown, refuse_mixed, take_apart
from mispredict.explain.trees.kernels import DEEPEST
from mispredict.explain.trees.reading import Reading, Unreadable, read_trees
from mispredict.explain.trees.trees import EXP, SIGMOID, SOFTMAX

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

SCALES = {SIGMOID: "log-odds", SOFTMAX: "score before softmax", EXP: "log of the value"}


@EXPLAINERS.register("tree")
def tree(subject: Subject) -> TreeExplainer:
    """The explainer of a model whose last step is trees."""
    parts = take_apart(subject)
    try:
        reading = read_trees(parts.last)
    except Unreadable as reason:
        raise Unsuited(
            f"the trees of {type(parts.last).__name__} cannot be read: {reason}"
        ) from None
    if reading is None:
        raise Unsuited(f"{type(parts.last).__name__} has no trees")
    if reading.trees.deepest > DEEPEST:
        raise Unsuited(f"its paths have over {DEEPEST} different features")
    player = parts.player[reading.column_of]
    refuse_mixed(player, np.unique(reading.trees.feature[reading.trees.feature >= 0]))
    explainer = TreeExplainer(subject, parts, reading, player)
    explainer.check()
    return explainer


@dataclass(frozen=True, eq=False)
class TreeExplainer:
    """Shapley values of trees before their link, summed over encoded columns."""

    subject: Subject
    parts: Parts
    reading: Reading
    player: Codes

    method = "tree"
    is_exact = True

    @property
    def features(self) -> tuple[str, ...]:
        return self.subject.features

    @property
    def scale(self) -> str:
        is_classes = self.subject.task.is_classification
        return SCALES.get(self.reading.trees.link, "probability" if is_classes else "value")

    @property
    def facts(self) -> dict[str, Any]:
        if not self.subject.background.is_given:
            return {"against": "the shares of the training rows in the trees"}
        return {"against": "background rows", "background": self.subject.background.facts()}

    @property
    def why(self) -> str:
        inside = " inside a pipeline" if len(self.parts.encoding.origins) and self._is_piped else ""
        return f"exact, since the model is trees ({self.reading.title}){inside}"

    @property
    def _is_piped(self) -> bool:
        return self.parts.last is not self.parts.model.estimator

    def check(self) -> None:
        """Refuse trees that do not answer as the model does."""
        rows = self._prepared(self.subject.background.frame)
        trees = self.reading.trees
        self.parts.check(trees.answers(trees.margins(rows)))

    def cost(self, rows: pd.DataFrame) -> float:
        return 0.0

    def explain(self, rows: pd.DataFrame, targets: Codes) -> Batch:
        numbers = self._prepared(rows)
        n, width = len(numbers), len(self.features)
        values, base, output = np.zeros((n, width)), np.zeros(n), np.zeros(n)
        margins = self.reading.trees.margins(numbers)
        for target in np.unique(targets).tolist():
            mine = np.flatnonzero(targets == target)
            if is_unknown(self.parts, target):
                values[mine], base[mine], output[mine] = np.nan, np.nan, np.nan
                continue
            column, sign = self._output(target)
            values[mine] = sign * self._values(numbers[mine], column)
            base[mine] = sign * self._base(column)
            output[mine] = sign * margins[mine, column]
        return Batch(values, base, output)

    def interactions(self, rows: pd.DataFrame, target: int) -> Floats:
        """Shapley interactions (n, features, features) of one class, path-dependent."""
        column, sign = self._output(target)
        width = len(self.features)
        found = self.reading.trees.interactions(
            self._prepared(rows), column, player=self._places(), players=width + 1
        )
        return np.asarray(sign * found[:, :width, :width])

    def _prepared(self, rows: pd.DataFrame) -> Floats:
        return self.reading.prepare(self.parts.encode(rows))

    def _output(self, target: int) -> tuple[int, float]:
        """The column of the margins for a class, and -1 where it is the other one's."""
        trees = self.reading.trees
        if trees.n_outputs == 1:
            is_other = trees.link == SIGMOID and int(self.parts.class_column[target]) == 0
            return 0, -1.0 if is_other else 1.0
        return int(self.parts.class_column[target]), 1.0

    def _places(self) -> npt.NDArray[np.int32]:
        """The player of each feature of the trees; one beyond the last for none."""
        width = len(self.features)
        return np.where(self.player >= 0, self.player, width).astype(np.int32)

    def _values(self, numbers: Floats, column: int) -> Floats:
        width = len(self.features)
        found = self.reading.trees.shapley(
            numbers, column, player=self._places(), players=width + 1, background=self._background
        )
        return found[:, :width]

    def _base(self, column: int) -> float:
        return self.reading.trees.expected(column, self._background)

    @property
    def _background(self) -> Floats | None:
        background = self.subject.background
        return self._prepared(background.frame) if background.is_given else None
