"""Sufficient statistics: all that a metric may know of the rows, per group.

A metric is a pure function of these, so any engine that can supply them gives the same metric:
`arrays.ArrayStatistics` by compiled loops, `query.QueryStatistics` by SQL. Every array has the
groups as its first axis; G groups, K classes, B bins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from mispredict.core.task import Task
from mispredict.engine.kernels.names import JOINT, MOMENTS, RANKED
from mispredict.metrics.outcomes import Array


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """A metric's value and interval in every group; NaN where there is none."""

    value: Array
    low: Array
    high: Array


@dataclass(frozen=True, slots=True, eq=False)
class Confusion:
    """Rows by label (second axis) and prediction (third): number, Σw and Σw², `(G, K, K)`."""

    rows: Array
    sums: Array
    squares: Array

    def by_class(self) -> ClassCounts:
        """Each class against the rest."""
        return ClassCounts(*(_against_rest(part) for part in (self.rows, self.sums, self.squares)))

    def spread(self, hit: Array, predicted: Array, actual: Array) -> Array:
        """See `Statistics.spread`."""
        score = predicted[:, None, :] + actual[:, :, None]
        diagonal = np.arange(score.shape[1])
        score[:, diagonal, diagonal] += hit
        summed: Array = np.einsum("gjk,gjk->g", self.squares, score**2)
        return summed


@dataclass(frozen=True, slots=True, eq=False)
class ClassCounts:
    """Each class against the rest: number, Σw and Σw², `(4, G, K)` as tp, fp, fn, tn."""

    rows: Array
    sums: Array
    squares: Array


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """Central moments of a column, `(G,)` each; see `engine.kernels.groups.moments`."""

    n: Array
    weight: Array
    weight2: Array
    mean: Array
    second: Array
    noise: Array
    third: Array

    @classmethod
    def of(cls, table: Array) -> Moments:
        return cls(**dict(zip(MOMENTS, table.T, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Central moments of two columns together, `(G,)` each; see `engine.kernels.groups.joint`."""

    n: Array
    weight: Array
    weight2: Array
    x: Array
    y: Array
    xx: Array
    xy: Array
    yy: Array
    x2: Array
    xy2: Array
    y2: Array
    x3: Array
    x2y: Array
    xyy: Array
    x4: Array
    x2y2: Array
    y4: Array

    @classmethod
    def of(cls, table: Array) -> Joint:
        return cls(**dict(zip(JOINT, table.T, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """Sums over a ranking by score, `(G,)` each; see `engine.kernels.ranked`."""

    positive: Array
    negative: Array
    positive2: Array
    negative2: Array
    n_positive: Array
    n_negative: Array
    lost: Array
    lost_positive: Array
    lost_positive2: Array
    lost_negative: Array
    lost_negative2: Array
    precision: Array
    pull_positive: Array
    pull_positive2: Array
    pull_negative2: Array

    @classmethod
    def of(cls, table: Array) -> Ranked:
        return cls(**dict(zip(RANKED, table.T, strict=True)))


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """Rows by equal-width bins of confidence, `(G, B)` each.

    `confident` and `correct` are sums of w × confidence and of w where correct; `noise` is
    Σ w² (correct − confidence)².
    """

    rows: Array
    weight: Array
    confident: Array
    correct: Array
    noise: Array


class Statistics(Protocol):
    """What an engine supplies; each method is computed at most once."""

    @property
    def task(self) -> Task: ...

    @property
    def positive(self) -> int:
        """Index of the positive class."""

    @property
    def n_groups(self) -> int: ...

    def rows(self) -> Array:
        """Rows that count per group."""

    def confusion(self) -> Confusion:
        """Labels by predictions (single-label tasks)."""

    def by_class(self) -> ClassCounts:
        """Each class against the rest."""

    def spread(self, hit: Array, predicted: Array, actual: Array) -> Array:
        """Σ w² (Σ over classes of hit·tp + predicted·p + actual·y)² of coefficients `(G, K)`."""

    def moments(self, column: str) -> Moments:
        """Central moments of a column of `columns.COLUMNS`."""

    def joint(self, x: str, y: str) -> Joint:
        """Central moments of two columns together."""

    def ranked(self, k: int, *, precise: bool) -> Ranked:
        """Sums over the ranking by the probability of class `k`; `precise` fills all of them."""

    def ranked_spread(self, aucs: Sequence[Ranked]) -> Array:
        """Variance of the mean over classes of one-against-rest ROC AUC."""

    def calibration(self, bins: int) -> Bins:
        """Confidence in the predicted class against correctness."""

    def quantiles(self, column: str, q: Array) -> Array:
        """Quantiles of a column `(G, Q)`, for `q` `(G, Q)`, NaN where `q` is outside (0, 1)."""

    def maximum(self, column: str) -> Array:
        """Largest value of a column."""


def _against_rest(part: Array) -> Array:
    hits = np.diagonal(part, axis1=1, axis2=2)
    predicted, actual = part.sum(axis=1), part.sum(axis=2)
    rest = part.sum(axis=(1, 2))[:, None] - predicted - actual + hits
    return np.stack([hits, predicted - hits, actual - hits, rest])
