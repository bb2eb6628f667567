"""What the model shall say instead, and how far an answer is from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, alternatives
from mispredict.core.options import shown
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.explain.counterfactuals.search_answers import Said, class_code

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
_LEAST_GAP = 1e-6


@dataclass(frozen=True, slots=True)
class Goal:
    """The prediction that is wanted: a class, any other class (`code` None), or a range."""

    code: int | None = None
    low: float = np.nan
    high: float = np.nan
    scale: float = 1.0
    name: str = ""

    @property
    def is_range(self) -> bool:
        return not np.isnan(self.low)

    def met(self, said: Said, before: Codes) -> Bools:
        """Which answers are what is wanted, of rows that were predicted as `before`."""
        if self.is_range:
            assert said.values is not None  # of a regression
            with np.errstate(invalid="ignore"):
                inside: Bools = (said.values >= self.low) & (said.values <= self.high)
            return inside
        if self.code is None:
            other: Bools = said.known & (said.codes != before)
            return other
        is_it: Bools = said.codes == self.code
        return is_it

    def gap(self, said: Said, before: Codes) -> Floats:
        """How far each answer is from what is wanted, 0 where it is met; inf where unknown."""
        met = self.met(said, before)
        if self.is_range:
            assert said.values is not None
            far = np.maximum(self.low - said.values, said.values - self.high) / self.scale
        elif said.probabilities is None:
            far = np.ones(len(said))
        else:
            far = self._lacking(said.probabilities, before)
        far = np.where(met, 0.0, np.maximum(np.nan_to_num(far, nan=np.inf), _LEAST_GAP))
        result: Floats = np.where(said.known, far, np.inf)
        return result

    def chance(self, said: Said, before: Codes) -> Floats:
        """Probability of what is wanted; NaN without probabilities and of ranges."""
        if said.probabilities is None or self.is_range:
            return np.full(len(said), np.nan)
        if self.code is not None:
            return said.probabilities[:, self.code]
        own: Floats = said.probabilities[np.arange(len(said)), np.maximum(before, 0)]
        return 1 - own

    def _lacking(self, probabilities: Floats, before: Codes) -> Floats:
        """By how much the best class that does not count beats the best that does."""
        wanted = np.zeros(probabilities.shape, dtype=bool)
        if self.code is None:
            wanted[:] = True
            wanted[np.arange(len(before)), np.maximum(before, 0)] = False
        else:
            wanted[:, self.code] = True
        inside = np.where(wanted, probabilities, -np.inf).max(axis=1)
        outside = np.where(wanted, -np.inf, probabilities).max(axis=1)
        with np.errstate(invalid="ignore"):
            lacking: Floats = outside - inside
        return lacking


def goal_of(task: Task, target: Any, values: Floats | None = None) -> Goal:
    """The goal that a target means.

    Args:
        task: of the evaluation.
        target: a class; None for any other than the one predicted; for a regression the least
            and largest value, None for no bound.
        values: what the model predicts over the data, for the scale of a regression.
    """
    if task.kind is TaskKind.REGRESSION:
        return _range(target, values)
    if not task.is_classification:
        raise BadOption(
            f"a {task.kind} evaluation has no single prediction to change.",
            known="Counterfactuals and flips are of classes, or of a range of values.",
            hint="ev.what_if(row, …)",
        )
    if target is None:
        return Goal(name="another class")
    code = class_code(task.classes, target)
    if code is None:
        raise BadOption(
            f"target={shown(target)} is no class.",
            known=alternatives(str(target), map(str, task.classes), "class"),
            hint=f"target={task.classes[-1]!r}",
        )
    return Goal(code, name=str(task.classes[code]))


def class_of(task: Task, target: Any) -> tuple[int, Scalar] | None:
    """The class whose probability an answer is about, positive by default; None of values."""
    if task.kind is TaskKind.REGRESSION:
        if target is not None:
            raise BadOption(
                f"target={shown(target)} cannot be used.",
                known="A regression predicts a value, and has no classes.",
                hint="leave target out",
            )
        return None
    if target is None:
        positive = task.positive if task.positive is not None else task.classes[-1]
        return task.classes.index(positive), positive
    code = class_code(task.classes, target)
    if code is None:
        raise BadOption(
            f"target={shown(target)} is no class.",
            known=alternatives(str(target), map(str, task.classes), "class"),
            hint=f"target={task.classes[-1]!r}",
        )
    return code, task.classes[code]


def _range(target: Any, values: Floats | None) -> Goal:
    is_pair = isinstance(target, (tuple, list)) and len(target) == 2
    try:
        low = -np.inf if not is_pair or target[0] is None else float(target[0])
        high = np.inf if not is_pair or target[1] is None else float(target[1])
    except (TypeError, ValueError):
        is_pair = False
    if not is_pair or not low <= high or (np.isinf(low) and np.isinf(high)):
        known = ""
        if values is not None and len(values):
            known = f" Predictions go from {values.min():.4g} to {values.max():.4g}."
        raise BadOption(
            f"target={shown(target)} is no range of values.",
            known=f"Of a regression it is the least and largest value that is wanted.{known}",
            hint="target=(10, 20), or target=(None, 20)",
        )
    spread = float(np.std(values)) if values is not None and len(values) else 1.0
    name = f"{low:g} to {high:g}"
    return Goal(None, low, high, spread or 1.0, name)
