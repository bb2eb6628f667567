"""Probabilities that mean what they say, learnt from rows with labels.

Isotonic regression of each class against the rest (Zadrozny & Elkan 2002), the classes made to
add up to 1 afterwards. Scores are gathered in at most 1,000 steps first, so that a million rows
cost as little as a thousand, and the fit can be repeated to know how sure it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

MOST_STEPS = 1_000


@dataclass(frozen=True, eq=False)
class Steps:
    """Scores of one class gathered in steps: their mean score, rows, and rows of the class."""

    score: Floats
    rows: Floats
    hits: Floats

    def fitted(self, hits: Floats | None = None, rows: Floats | None = None) -> Floats:
        """The rising share of hits at each step."""
        from scipy.optimize import isotonic_regression

        weight = self.rows if rows is None else rows
        gained = self.hits if hits is None else hits
        share = np.divide(gained, weight, out=np.zeros_like(weight), where=weight > 0)
        result = isotonic_regression(share, weights=np.maximum(weight, 1e-9))
        return np.asarray(result.x, np.float64)

    def read(self, fitted: Floats, scores: Floats) -> Floats:
        """The calibrated probability of scores, straight between the steps."""
        found: Floats = np.interp(scores, self.score, fitted)
        return found


def steps_of(
    scores: Floats, is_class: npt.NDArray[np.bool_], weight: Floats | None = None
) -> Steps:
    """The scores of a class gathered, by what the rows count.

    With weights the rows of all steps are as many as would say as much with equal ones (Kish),
    so that a fit that is repeated moves as far as it should.
    """
    values, place = np.unique(scores, return_inverse=True)
    if len(values) > MOST_STEPS:
        edges = np.quantile(scores, np.linspace(0, 1, MOST_STEPS + 1)[1:-1])
        place = np.searchsorted(np.unique(edges), scores, side="right")
    own = np.ones(len(scores)) if weight is None else weight * (weight.sum() / (weight @ weight))
    rows = np.bincount(place, weights=own).astype(np.float64)
    used = rows > 0
    mean = np.bincount(place, weights=own * scores)[used] / rows[used]
    hits = np.bincount(place, weights=own * is_class)[used].astype(np.float64)
    return Steps(mean, rows[used], hits)


@dataclass(frozen=True, eq=False)
class Calibration:
    """Calibrated probabilities of all classes from raw ones."""

    steps: tuple[Steps, ...]
    fits: tuple[Floats, ...]

    def __call__(self, raw: Floats) -> Floats:
        """Calibrated (n, K) probabilities of raw ones."""
        return _read(self.steps, self.fits, raw)

    def again(self, rng: np.random.Generator) -> Calibration:
        """The calibration of other reference rows of the same kind (a bootstrap of the rows)."""
        return Calibration(self.steps, tuple(_resampled(step, rng) for step in self.steps))


def calibrate(
    raw: Floats, label: npt.NDArray[np.int32], weight: Floats | None = None
) -> Calibration:
    """The calibration of (n, K) probabilities against labels 0 … K − 1.

    Of two classes only the second is fitted; the first is the rest.
    """
    k = raw.shape[1]
    classes = [1] if k == 2 else range(k)
    steps = tuple(steps_of(raw[:, code], label == code, weight) for code in classes)
    return Calibration(steps, tuple(step.fitted() for step in steps))


def _read(steps: tuple[Steps, ...], fits: tuple[Floats, ...], raw: Floats) -> Floats:
    if len(steps) == 1:
        second = steps[0].read(fits[0], raw[:, 1])
        return np.column_stack([1 - second, second])
    columns = [
        step.read(fit, raw[:, code])
        for code, (step, fit) in enumerate(zip(steps, fits, strict=True))
    ]
    found = np.column_stack(columns)
    total = found.sum(axis=1, keepdims=True)
    calibrated: Floats = np.divide(found, total, out=raw.copy(), where=total > 0)
    return calibrated


def _resampled(step: Steps, rng: np.random.Generator) -> Floats:
    total = float(step.rows.sum())
    rows = rng.multinomial(round(total), step.rows / total).astype(np.float64)
    share = np.divide(step.hits, step.rows, out=np.zeros_like(step.hits), where=step.rows > 0)
    hits = rng.binomial(rows.astype(np.int64), np.clip(share, 0, 1)).astype(np.float64)
    return step.fitted(hits, np.where(rows > 0, rows, 1e-9))
