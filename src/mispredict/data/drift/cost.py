"""What a change of a column's values alone would add to the error rate.

If rows with like values stay as hard as they are in the reference, the error rate changes by
Σ (q_v − p_v) e_v. The interval is by the delta method: e_v are rates of the reference's rows and
q_v shares of the current ones, both with their noise. It is a what-if of one column at a time;
columns that move together tell the same rows twice, so costs do not add up.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mispredict.data.drift.cells import Places, sums
from mispredict.data.drift.counting import Counted
from mispredict.metrics.intervals import z_of


@dataclass(frozen=True, slots=True)
class Cost:
    """A change of the error rate or mean loss, with interval; NaN where unknown."""

    value: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")


def cost_of(counted: Counted, cells: Places, *, level: float) -> Cost:
    """The change of the mean error; values that the reference lacks count as hard as its mean."""
    if counted.judged is None or counted.errors is None or counted.second is None:
        return Cost()
    judged, errors, second = (
        sums(values, cells) for values in (counted.judged, counted.errors, counted.second)
    )
    n, m = judged.sum(), float(counted.current.sum())
    if n < 2 or m < 2:
        return Cost()
    p, q = judged / n, sums(counted.current, cells) / m
    mean = errors.sum() / n
    filled = np.maximum(judged, 1.0)
    rate = np.where(judged > 0, errors / filled, mean)
    value = float(((q - p) * rate).sum())
    noise = np.where(judged > 0, np.maximum(second / filled - rate**2, 0.0), 0.0)
    ratio = np.divide(q, p, out=np.zeros_like(q), where=p > 0)
    # Of a reference row: (q/p) (y − e) − (y − mean), with y − mean = (y − e) + (e − mean).
    within = (p * (ratio - 1) ** 2 * noise).sum()
    between = (p * (rate - mean) ** 2).sum()
    now = (q * rate**2).sum() - (q * rate).sum() ** 2
    half = z_of(level) * float(np.sqrt((within + between) / n + max(now, 0.0) / m))
    return Cost(value, value - half, value + half)
