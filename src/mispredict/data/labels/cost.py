"""What wrong labels cost in a metric: as it is, and if the suggestions were right."""

from __future__ import annotations

import numpy as np

from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import LabelCost
from mispredict.metrics.intervals import wilson, z_of

LEVEL = 0.95


def accuracy_cost(
    label: Array, prediction: Array, corrected: Array, weight: Array | None = None
) -> LabelCost | None:
    """What the accuracy would be with other labels, on the same rows; None without predictions.

    The interval of the difference is that of a mean of paired differences, widened to what
    Wilson's interval says where hardly any row changes.

    Args:
        label: class of each row as given, -1 where there is none.
        prediction: class that the model says, -1 where it says none.
        corrected: class of each row as it might be.
        weight: what each row counts; all alike if None.
    """
    known = (label >= 0) & (prediction >= 0)
    n = int(known.sum())
    if not n:
        return None
    before, after = (labels[known] == prediction[known] for labels in (label, corrected))
    own = np.ones(n) if weight is None else np.asarray(weight, np.float64)[known]
    if not own.any():
        return None
    rows = float(own.sum() ** 2 / (own @ own))  # of equal weight that say as much (Kish)
    own = own / own.sum()
    value, other = float(own @ before), float(own @ after)
    first, second = (wilson(share * rows, rows, level=LEVEL) for share in (value, other))
    gain = after.astype(np.int8) - before.astype(np.int8)
    difference = float(own @ gain)
    low, high = _difference(rows * float(own @ (gain > 0)), rows * float(own @ (gain < 0)), rows)
    return LabelCost(
        "accuracy", value, first.low, first.high, other, second.low, second.high,
        difference, low, high, n, _sentence(value, other, difference, low, high),
    )  # fmt: skip


def _difference(gained: float, lost: float, n: float) -> tuple[float, float]:
    """Interval of the difference of two paired shares, from both discordant counts."""
    if not gained or not lost:
        found = wilson(gained + lost, n, level=LEVEL)
        return (found.low, found.high) if not lost else (-found.high, -found.low)
    moved = (gained + lost) / n
    value = (gained - lost) / n
    error = float(np.sqrt(max(moved - value**2, 0.0) / n))
    half = z_of(LEVEL) * error
    return value - half, value + half


def _sentence(value: float, other: float, difference: float, low: float, high: float) -> str:
    if not difference:
        return "The accuracy would be the same with the suggested labels."
    way = "rises" if difference > 0 else "falls"
    low, high = sorted((abs(low), abs(high))) if low * high > 0 else (low, high)
    points = f"{100 * abs(difference):.1f} points ({100 * low:.1f} to {100 * high:.1f})"
    return (
        f"If all suggestions are right, the accuracy {way} from {100 * value:.1f} % to "
        f"{100 * other:.1f} %, by {points}: "
        "at most so much of the measured error is the labels'."
    )
