"""How sure a model is of each row, by its probabilities."""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

Floats = npt.NDArray[np.float64]
Measure = Literal["confidence", "margin", "entropy"]
MEASURES: tuple[Measure, ...] = ("confidence", "margin", "entropy")
LESS_IS_SURE = ("entropy", "spread", "noise_flips", "set_size", "disagreement")


def sureness(probabilities: Floats, measure: Measure) -> Floats:
    """The measure of each row, larger where the model is surer.

    Args:
        probabilities: (n, K).
        measure: largest probability, its lead over the second, or the entropy (negated).
    """
    if measure == "entropy":
        negated: Floats = xlogy(probabilities, probabilities).sum(axis=1)
        return negated
    if measure == "confidence" or probabilities.shape[1] < 2:
        return np.asarray(probabilities.max(axis=1), np.float64)
    top = np.partition(probabilities, -2, axis=1)
    lead: Floats = top[:, -1] - top[:, -2]
    return lead
