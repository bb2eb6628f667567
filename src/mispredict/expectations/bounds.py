"""How an estimate becomes a verdict: its interval is held against a bound.

The interval on the good side is a pass, on the bad side a fail, and unsure in between: a check
never passes for want of data. Proportions have the exact interval of Clopper and Pearson (1934),
whose error is at most what it says at any n, also near 0 and 1 where most bounds are: a true
value at the bound fails in at most 2.5 % of samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mispredict.core.figures import figure, rounded
from mispredict.expectations.subject import Bools, Estimate, Floats, Numbers
from mispredict.expectations.verdict import NAN, FailingRow, Judged, Word
from mispredict.metrics.intervals import mean_bounds

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Bound:
    """The least and largest good value; `is_exact` lets the value alone decide."""

    low: float | None = None
    high: float | None = None
    is_exact: bool = False

    @property
    def words(self) -> str:
        """The bound as text, such as "≥ 0.8"."""
        parts = [] if self.low is None else [f"≥ {figure(self.low)}"]
        parts += [] if self.high is None else [f"≤ {figure(self.high)}"]
        return " and ".join(parts)

    def word(self, found: Estimate) -> Word:
        """The verdict on an estimate."""
        if not found.n or math.isnan(found.value):
            return "unsure"
        least = most = found.value
        if not self.is_exact:
            least, most = found.low, found.high
            if math.isnan(least) or math.isnan(most):
                return "unsure"
        if self._holds(least) and self._holds(most):
            return "pass"
        is_below = self.low is not None and most < self.low
        is_above = self.high is not None and least > self.high
        return "fail" if is_below or is_above else "unsure"

    def nearest(self, value: float) -> float:
        """The bound that a value is held against first: the one it breaks, or is closer to."""
        bounds = [bound for bound in (self.low, self.high) if bound is not None]
        if math.isnan(value) or not bounds:
            return bounds[0] if bounds else NAN
        return min(bounds, key=lambda bound: abs(bound - value))

    def judged(
        self,
        found: Estimate,
        subject: str,
        *,
        unit: str = "rows",
        more: str = "",
        examples: Sequence[FailingRow] = (),
        failing: int = 0,
        word: Word | None = None,
    ) -> Judged:
        """What is said of an estimate: verdict and sentence.

        Args:
            found: the estimate.
            subject: what it is of, the beginning of the sentence.
            unit: what `n` counts.
            more: a sentence to add.
            examples: rows that do not hold.
            failing: how many do not.
            word: the verdict where more than this estimate decides.
        """
        word = word or self.word(found)
        return Judged(
            word,
            _sentence(self, found, subject, word, unit, more),
            found.value,
            found.low,
            found.high,
            found.n,
            self.nearest(found.value),
            self.words,
            tuple(examples),
            failing,
        )

    def _holds(self, value: float) -> bool:
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


def exact_share(successes: float, n: float, *, level: float = LEVEL) -> tuple[float, float]:
    """Exact interval of a proportion (Clopper & Pearson 1934); of fractions by the same beta.

    Example:
        >>> low, high = exact_share(95, 100)
        >>> round(low, 3), round(high, 3)
        (0.887, 0.984)
    """
    from scipy.special import betaincinv

    if n <= 0:
        return NAN, NAN
    tail = (1 - level) / 2
    x = min(max(successes, 0.0), n)
    low = 0.0 if x <= 0 else float(betaincinv(x, n - x + 1, tail))
    high = 1.0 if x >= n else float(betaincinv(x + 1, n - x, 1 - tail))
    return low, high


def share(holds: Bools, groups: Numbers | None = None, *, level: float = LEVEL) -> Estimate:
    """The share of tests that hold, with its exact interval.

    Tests that come from the same row are not independent. Their number then counts as many as
    independent ones would give the same variance (Korn & Graubard 1998), at most as many as
    there are tests, and as many as there are rows where all tests agree.

    Args:
        holds: of each test, whether it holds.
        groups: the row (or other source) of each test; None where each has its own.
        level: of the interval.
    """
    n = len(holds)
    if not n:
        return Estimate(NAN, NAN, NAN, 0)
    value = float(holds.mean())
    worth = float(n) if groups is None else _worth(holds, groups, value)
    low, high = exact_share(value * worth, worth, level=level)
    return Estimate(value, low, high, n)


def mean(values: Floats, *, level: float = LEVEL) -> Estimate:
    """The mean of the known values with the interval of Student's t, corrected for skewness."""
    known = values[~np.isnan(values)]
    n = len(known)
    if n < 2:
        return Estimate(float(known.mean()) if n else NAN, NAN, NAN, n)
    value, spread = float(known.mean()), float(known.std(ddof=1))
    error = spread / math.sqrt(n)
    skew = float(((known - value) ** 3).mean()) / spread**3 / math.sqrt(n) if spread else 0.0
    low, high = mean_bounds(
        np.array([value]), np.array([error]), np.array([skew]), np.array([n - 1.0]), level
    )
    return Estimate(value, float(low[0]), float(high[0]), n)


def worst_of(words: Sequence[Word]) -> Word:
    """The verdict on several estimates that must all be good."""
    for word in ("error", "fail", "unsure"):
        if word in words:
            return word
    return "pass" if words else "unsure"


def _worth(holds: Bools, groups: Numbers, value: float) -> float:
    """How many independent tests the tests are worth."""
    _, inverse = np.unique(groups, return_inverse=True)
    rows = int(inverse.max()) + 1
    if rows == len(holds):
        return float(rows)
    if value in (0.0, 1.0) or rows < 2:
        return float(rows)
    sums = np.bincount(inverse, holds - value, rows)
    variance = float((sums**2).sum()) / len(holds) ** 2 * rows / (rows - 1)
    if variance <= 0:
        return float(len(holds))
    return min(max(value * (1 - value) / variance, 1.0), float(len(holds)))


def _sentence(bound: Bound, found: Estimate, subject: str, word: Word, unit: str, more: str) -> str:
    if not found.n:
        return f"{subject} is not known: there are no {unit}."
    if math.isnan(found.value):
        return f"{subject} is not known from {found.n:,} {unit}."
    held = tuple(end for end in (bound.low, bound.high) if end is not None)
    value, low, high = rounded(found.value, found.low, found.high, held)
    interval = "" if math.isnan(found.low) else f" [{low}, {high}]"
    said = f"{subject} is {value}{interval} ({found.n:,} {unit})"
    reason = {
        "pass": f"as expected: {bound.words}",
        "fail": f"expected: {bound.words}",
        "unsure": f"which does not say whether it is {bound.words}",
    }[word]
    return f"{said}, {reason}.{f' {more}' if more else ''}"
