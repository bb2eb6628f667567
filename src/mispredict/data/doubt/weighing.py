"""Shares of rows that count by their weights."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mispredict.expectations.bounds import LEVEL, exact_share
from mispredict.expectations.subject import Bools, Estimate, Floats


def unequal(weight: npt.NDArray[np.floating] | None) -> Floats | None:
    """The weights, unless there are none or all are the same."""
    if weight is None or not len(weight) or bool((weight == weight[0]).all()):
        return None
    return np.asarray(weight, np.float64)


def effective_rows(weight: Floats) -> float:
    """How many rows of equal weight give a mean of the same variance (Kish 1965).

    Example:
        >>> round(effective_rows(np.array([1.0, 1.0, 2.0])), 2)
        2.67
    """
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares else 0.0


def weighted_share(holds: Bools, weight: Floats | None, *, level: float = LEVEL) -> Estimate:
    """The share of the weight of rows that hold; `n` is the number of rows.

    The interval is the exact one for as many rows as the weights are worth (Korn and Graubard
    1998).

    Example:
        >>> round(weighted_share(np.array([True, False]), np.array([3.0, 1.0])).value, 2)
        0.75
    """
    n = len(holds)
    if weight is None:
        weight = np.ones(n)
    total, worth = float(weight.sum()), effective_rows(weight)
    if not total:
        return Estimate(float("nan"), float("nan"), float("nan"), n)
    value = float(weight[holds].sum()) / total
    return Estimate(value, *exact_share(value * worth, worth, level=level), n)
