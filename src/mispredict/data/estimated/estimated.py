"""Metrics without labels: confidence-based performance estimation.

A calibrated probability says how often such rows are of each class; a prediction with it is
right so often. Summed over rows this gives the expected counts of the confusion table, and with
them every metric that is made of it (CBPE, as NannyML's documentation describes it; Kivimäki et
al. 2025 for its variance). It holds while rows that look alike have the same labels as before:
it sees a change of inputs, never a change of what inputs mean.

The interval is for the metric that labels would give: the chance of labels, and the uncertainty
of the calibration, which is refitted to resampled reference rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import choice
from mispredict.core.task import Task, TaskKind
from mispredict.core.words import counted
from mispredict.data.doubt.calibrating import Calibration, calibrate
from mispredict.data.estimated.expected import BINARY, LOSSES, MULTICLASS, Soft, expect

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int32]

DRAWS = 40
MOST_ROWS = 5_000  # that resampled calibrations are read at
FEWEST = 50  # reference rows with a label
USUAL = ("accuracy", "roc_auc", "f1")


@dataclass(frozen=True, eq=False)
class Judged:
    """Predictions of rows: (n, K) probabilities, places of the predicted class and the label.

    `weight` is what each row counts, None where they all count alike.
    """

    raw: Floats
    prediction: Codes
    label: Codes
    positive: int = 1
    weight: Floats | None = None

    def take(self, rows: npt.NDArray[np.bool_] | slice) -> Judged:
        """Some of the rows."""
        weight = None if self.weight is None else self.weight[rows]
        return Judged(
            self.raw[rows], self.prediction[rows], self.label[rows], self.positive, weight
        )


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated metric with the interval of the real one."""

    value: float
    low: float
    high: float


class Estimator:
    """Estimates metrics of rows from their probabilities."""

    def __init__(self, reference: Judged, *, level: float = 0.95, seed: int = 0) -> None:
        known = reference.label >= 0
        if reference.weight is not None:
            known &= reference.weight > 0
        if int(known.sum()) < FEWEST:
            raise BadOption(
                f"the reference has {counted(int(known.sum()), 'row')} with a label.",
                known=f"Probabilities are calibrated on at least {FEWEST}.",
                hint="a reference with more labels",
            )
        chosen = reference.take(known)
        self.calibration: Calibration = calibrate(chosen.raw, chosen.label, chosen.weight)
        rng = np.random.default_rng(seed)
        self._others = [self.calibration.again(rng) for _ in range(DRAWS)]
        self.level = level

    def __call__(self, rows: Judged, metrics: Sequence[str]) -> dict[str, Estimate]:
        """The estimate of each metric."""
        soft = self._soft(rows, self.calibration)
        found = {name: expect(name, soft) for name in metrics}
        # How the calibration moves a metric does not need all rows to be known.
        few = rows.take(slice(None, None, max(1, soft.n // MOST_ROWS)))
        others = [self._soft(few, other) for other in self._others]
        return {
            name: self._with_interval(
                name,
                item.value,
                item.variance + float(np.var([expect(name, other).value for other in others])),
                soft.effective,
            )
            for name, item in found.items()
        }

    def _soft(self, rows: Judged, calibration: Calibration) -> Soft:
        return Soft(calibration(rows.raw), rows.prediction, rows.raw, rows.positive, rows.weight)

    def _with_interval(self, name: str, value: float, variance: float, n: float) -> Estimate:
        from mispredict.metrics.intervals import share_bounds, z_of

        error = float(np.sqrt(variance))
        if name == "log_loss":
            half = z_of(self.level) * error
            return Estimate(value, max(value - half, 0.0), value + half)
        low, high = share_bounds(np.array([value]), np.array([error]), np.array([n]), self.level)
        return Estimate(value, float(low[0]), float(high[0]))


def usual_metrics(task: Task) -> tuple[str, ...]:
    """The metrics that are estimated unless others are asked for."""
    return USUAL if task.kind is TaskKind.BINARY else ("accuracy", "f1_macro")


def known_metrics(task: Task, asked: Sequence[str] | None) -> tuple[str, ...]:
    """The metrics asked for, which must be among those that can be estimated."""
    allowed = BINARY if task.kind is TaskKind.BINARY else MULTICLASS
    if asked is None:
        return usual_metrics(task)
    return tuple(choice("metrics", name, allowed) for name in asked)


def verdict_of(name: str, estimate: Estimate, threshold: float) -> str:
    """Alarm where the estimate is surely worse than the threshold."""
    if not np.isfinite(estimate.value):
        return "unsure"
    if name in LOSSES:
        if estimate.low > threshold:
            return "alarm"
        return "fine" if estimate.high <= threshold else "unsure"
    if estimate.high < threshold:
        return "alarm"
    return "fine" if estimate.low >= threshold else "unsure"
