"""What a model said of many rows, in the form that searches look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.core.task import Scalar
from mispredict.models.protocol import Floats

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Said:
    """What a model says about n rows.

    `codes` are numbers of predictions: equal for equal predictions, -1 where the row failed or
    was not asked; for single classes the place in `classes`. `probabilities` is (n, K) over
    `classes`, `values` is (n,), both NaN where unknown; `sets` is (n, K) for multilabel.
    """

    codes: Codes
    classes: tuple[Scalar, ...]
    probabilities: Floats | None = None
    values: Floats | None = None
    sets: Bools | None = None

    def __len__(self) -> int:
        return len(self.codes)

    @property
    def known(self) -> Bools:
        """Which rows were answered."""
        known: Bools = self.codes != UNKNOWN
        return known

    def take(self, rows: Codes | slice | Bools) -> Said:
        """What was said of these rows."""
        return Said(
            self.codes[rows],
            self.classes,
            None if self.probabilities is None else self.probabilities[rows],
            None if self.values is None else self.values[rows],
            None if self.sets is None else self.sets[rows],
        )

    def prediction(self, row: int) -> Scalar | tuple[Scalar, ...] | None:
        """The prediction of one row: a class, a number, several classes, or None if unknown."""
        if self.codes[row] == UNKNOWN:
            return None
        if self.values is not None:
            return float(self.values[row])
        if self.sets is not None:
            return tuple(self.classes[at] for at in np.flatnonzero(self.sets[row]))
        return self.classes[int(self.codes[row])]

    def chance(self, code: int) -> Floats:
        """Probability of a class; without probabilities 1 where it is predicted, else 0."""
        if self.probabilities is not None:
            return self.probabilities[:, code]
        is_it = self.sets[:, code] if self.sets is not None else self.codes == code
        return np.where(self.known, is_it.astype(np.float64), np.nan)


def class_code(classes: Sequence[Scalar], name: Scalar) -> int | None:
    """Place of the class that equals the name, or else whose text does; None of neither."""
    for same in (lambda item: item == name, lambda item: str(item) == str(name)):
        for code, item in enumerate(classes):
            if same(item):
                return code
    return None
