"""How much a slice stands out, from its size and its errors alone.

A scoring here has two properties, on which all pruning stands:

1. for a given size the score grows with the errors;
2. the least errors that reach a given score are a *concave* function of the size.

From (2) the chords between points of that contour lie below it, so a box whose errors lie below
the chords cannot reach the score, and neither can any part of a set of rows whose errors lie
below the contour at both ends of the sizes that the part may have. `docs/decisions/010` has the
proofs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.kernels.slices import LINES, Bounds

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over all rows of a search: size, errors, and squared errors, in the same units.

    `effective` is the number of equally weighted rows that tell as much (Kish 1965).
    """

    size: float
    errors: float
    squares: float
    effective: float

    @property
    def mean(self) -> float:
        return self.errors / self.size

    @property
    def variance(self) -> float:
        """Variance of the errors of single rows."""
        return max(self.squares / self.size - self.mean**2, 0.0)


class Scoring(Protocol):
    """Score of slices, and its contours."""

    @property
    def floor(self) -> float:
        """Slices must score above it."""
        ...

    def score(self, size: Floats, errors: Floats, conditions: int) -> Floats:
        """Score of slices with these sums and this many conditions."""
        ...

    def needed(self, size: Floats, target: float, conditions: int) -> Floats:
        """A lower bound of the errors that a slice of this size needs to reach the target."""
        ...


@dataclass(frozen=True, slots=True)
class Significance:
    """Log-likelihood ratio of "worse inside than outside", less the price of the search.

    Kulldorff's scan statistic: Bernoulli (1997) for errors of 0 and 1, normal (2009) for other
    losses. `prices[c]` is the logarithm of how many slices of c conditions there are: exp(-ratio)
    bounds the chance of such a slice by luck, so exp(-score) is that chance times the number of
    slices it was picked from. The ratio is a convex function of size and errors, which gives
    both properties of a scoring.
    """

    totals: Totals
    prices: tuple[float, ...]
    is_binary: bool
    floor: float = -math.inf

    def score(self, size: Floats, errors: Floats, conditions: int) -> Floats:
        return self._ratio(size, errors) - self.prices[conditions]

    def needed(self, size: Floats, target: float, conditions: int) -> Floats:
        ratio = target + self.prices[conditions]
        if ratio <= 0:
            return size * self.totals.mean
        return self._needed_binary(size, ratio) if self.is_binary else self._needed(size, ratio)

    def _ratio(self, size: Floats, errors: Floats) -> Floats:
        return self._binary(size, errors) if self.is_binary else self._normal(size, errors)

    def _binary(self, size: Floats, errors: Floats) -> Floats:
        from scipy.special import xlogy

        all_size, all_errors = self.totals.size, self.totals.errors
        other, other_errors = all_size - size, all_errors - errors
        mean = self.totals.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            inside = xlogy(errors, errors / (size * mean))
            inside += xlogy(size - errors, (size - errors) / (size * (1 - mean)))
            outside = xlogy(other_errors, other_errors / (other * mean))
            outside += xlogy(other - other_errors, (other - other_errors) / (other * (1 - mean)))
        ratio = (inside + outside) * (self.totals.effective / all_size)
        is_worse = (errors > size * mean) & (other > 0)
        return np.where(is_worse, ratio, -math.inf)

    def _normal(self, size: Floats, errors: Floats) -> Floats:
        excess = errors - size * self.totals.mean
        with np.errstate(divide="ignore", invalid="ignore"):
            explained = excess**2 / (self._scatter * size * (1 - size / self.totals.size))
        explained = np.clip(np.nan_to_num(explained), 0.0, 1 - 1e-12)
        ratio = -self.totals.effective / 2 * np.log1p(-explained)
        return np.where(excess > 0, ratio, -math.inf)

    @property
    def _scatter(self) -> float:
        """Sum of squared deviations of the errors from their mean."""
        return max(self.totals.squares - self.totals.errors * self.totals.mean, 1e-300)

    def _needed(self, size: Floats, ratio: float) -> Floats:
        explained = -np.expm1(-2 * ratio / self.totals.effective)
        spread = explained * self._scatter * size * (1 - size / self.totals.size)
        needed: Floats = size * self.totals.mean + np.sqrt(np.maximum(spread, 0.0))
        return needed

    def _needed_binary(self, size: Floats, ratio: float) -> Floats:
        low = size * self.totals.mean
        high = np.minimum(size, self.totals.errors)
        for _ in range(45):
            middle = (low + high) / 2
            is_below = self._binary(size, middle) < ratio
            low = np.where(is_below, middle, low)
            high = np.where(is_below, high, middle)
        return low


@dataclass(frozen=True, slots=True)
class SliceLine:
    """The score of Sagadeeva & Boehm (SIGMOD 2021), equation (1).

    alpha * (mean inside / mean of all - 1) - (1 - alpha) * (all rows / rows inside - 1).
    Slices must score above 0. Its contours are straight lines, hence concave.
    """

    totals: Totals
    alpha: float = 0.95
    floor: float = 0.0

    def score(self, size: Floats, errors: Floats, conditions: int) -> Floats:
        relative = errors / size / self.totals.mean
        rarity = self.totals.size / size
        score: Floats = self.alpha * (relative - 1) - (1 - self.alpha) * (rarity - 1)
        return score

    def needed(self, size: Floats, target: float, conditions: int) -> Floats:
        slope = target + 2 * self.alpha - 1
        needed: Floats = (slope * size + (1 - self.alpha) * self.totals.size) * (
            self.totals.mean / self.alpha
        )
        return needed


def bounds(
    scoring: Scoring, target: float, conditions: int, smallest: int, totals: Totals
) -> Bounds:
    """Lines below the contour of a target score: chords between sizes a constant factor apart."""
    nodes = np.geomspace(smallest, max(totals.size, smallest + 1), LINES + 1)
    needed = scoring.needed(nodes, target, conditions)
    # More than what rounding does to sums of this size.
    needed -= 1e-9 * np.abs(needed) + 1e-6
    slope = np.diff(needed) / np.diff(nodes)
    chord = (needed[1:] - needed[0]) / (nodes[1:] - nodes[0])
    return Bounds(
        smallest,
        slope,
        needed[:-1] - slope * nodes[:-1],
        chord,
        needed[0] - chord * nodes[0],
        nodes[1:],
    )
