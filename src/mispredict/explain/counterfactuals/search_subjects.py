"""The rows that a search is about, and the data beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.counterfactuals.goal import Goal

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Subjects:
    """The rows whose predictions are to change: as frame and as matrix, and their names."""

    frame: pd.DataFrame
    matrix: Floats
    numbers: Codes
    ids: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """What the model predicted of all rows of the data; `matrix` gives the inputs of some."""

    matrix: Callable[[Codes], Floats]
    codes: Codes
    values: Floats | None = None

    def met(self, goal: Goal, before: int) -> Bools:
        """Which rows are predicted as wanted by someone who is predicted as `before`."""
        if goal.is_range:
            values = np.full(len(self.codes), np.nan) if self.values is None else self.values
            with np.errstate(invalid="ignore"):
                inside: Bools = (values >= goal.low) & (values <= goal.high)
            return inside
        if goal.code is not None:
            is_it: Bools = self.codes == goal.code
            return is_it
        other: Bools = (self.codes >= 0) & (self.codes != before)
        return other
