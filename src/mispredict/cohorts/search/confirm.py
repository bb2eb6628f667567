"""Whether a found slice holds on rows that the search never saw.

The rows are split in two by a hash. What was found on one part is tested on the other, so that
the test does not know what the search looked at; p-values are corrected for the number of slices
tested, and the search itself needs no correction. Two checks of the search beside it use its own
rows: a union bound over all slices there are, and the best score on shuffled errors.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import Errors, Weights, top
from mispredict.cohorts.search.space import Mask, Space
from mispredict.core.results import Interval
from mispredict.metrics.intervals import wilson

Floats = NDArray[np.float64]
_FEW = 100
_SHUFFLES = 4_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """A group of rows against others: sizes, mean errors, their difference, one-sided p."""

    n: int
    rest_n: int
    value: float
    rest: float
    interval: Interval
    p: float

    @property
    def difference(self) -> float:
        return self.value - self.rest


NOTHING = Comparison(0, 0, math.nan, math.nan, Interval(math.nan, math.nan), 1.0)


def searched_part(
    n: int, *, share: float = 0.5, seed: int = 0, keys: NDArray[np.integer] | None = None
) -> Mask:
    """Which rows are searched; the others confirm.

    A hash of each row's key (its number, if no keys are given) and the seed decides, so a row
    stays on its side whatever the order of the rows.
    """
    numbers = np.arange(n, dtype=np.uint64) if keys is None else keys.astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = _mix(numbers + np.uint64(0x9E3779B97F4A7C15) * np.uint64(2 * seed + 1))
    return mixed < np.uint64(min(int(share * 2.0**64), 2**64 - 1))


def compare(
    inside: Mask,
    outside: Mask,
    errors: Errors,
    weights: Weights | None = None,
    *,
    level: float = 0.95,
) -> Comparison:
    """Whether errors are larger inside than outside.

    Errors of 0 and 1: Fisher's exact test, interval of the difference after Newcombe (1998,
    method 10: from two Wilson intervals). Others, and weighted rows: Welch's test and interval;
    in small groups, whose skewness the t distribution ignores, the larger of its p and that of a
    permutation test.
    """
    first, second = errors[inside].astype(np.float64), errors[outside].astype(np.float64)
    if len(first) < 2 or len(second) < 2:
        return NOTHING
    is_binary = bool(((errors == 0) | (errors == 1)).all())
    if weights is None and is_binary:
        return _binary(first, second, level)
    w1 = np.ones(len(first)) if weights is None else weights[inside]
    w2 = np.ones(len(second)) if weights is None else weights[outside]
    return _welch(first, w1, second, w2, level)


def corrected(
    p: Sequence[float], method: Literal["holm", "benjamini-yekutieli"] = "holm"
) -> tuple[float, ...]:
    """P-values corrected for their number, whatever their dependence.

    Holm (1979) bounds the chance of any false finding, Benjamini-Yekutieli (2001) the share of
    false ones among the findings.
    """
    values = np.asarray(p, dtype=np.float64)
    m = len(values)
    order = np.argsort(values, kind="stable")
    adjusted = np.empty(m)
    if method == "holm":
        steps = values[order] * np.arange(m, 0, -1)
        adjusted[order] = np.maximum.accumulate(steps)
    else:
        harmonic = (1 / np.arange(1, m + 1)).sum()
        steps = values[order] * m * harmonic / np.arange(1, m + 1)
        adjusted[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return tuple(np.minimum(adjusted, 1.0).tolist())


def union_bound(score: float) -> float:
    """Bound on the chance that luck alone gives any slice such a score in the searched rows.

    The score is a log-likelihood ratio less the logarithm of the number of slices, and a ratio
    of x comes by luck with a chance of about exp(-x) at most.
    """
    return min(1.0, math.exp(-score)) if score > -700 else 1.0


def permutation_bound(
    space: Space,
    errors: Errors,
    score: float,
    *,
    options: Options,
    repeats: int = 99,
    seed: int = 0,
) -> float:
    """Chance that the best slice of shuffled errors scores as high: Westfall and Young's max-T.

    Exact whatever the columns have in common, but it repeats the whole search.
    """
    rng = np.random.default_rng(seed)
    best = replace(options, k=1, floor=None)
    higher = 0
    for _ in range(repeats):
        found = top(space, rng.permutation(errors), options=best)
        higher += bool(found.slices and found.slices[0].score >= score)
    return (1 + higher) / (1 + repeats)


def _binary(first: Floats, second: Floats, level: float) -> Comparison:
    from scipy.stats import hypergeom

    n, m = len(first), len(second)
    k, other = int(first.sum()), int(second.sum())
    p = float(hypergeom.sf(k - 1, n + m, k + other, n))
    a, b = wilson(k, n, level=level), wilson(other, m, level=level)
    value, rest = k / n, other / m
    low = value - rest - math.hypot(value - a.low, b.high - rest)
    high = value - rest + math.hypot(a.high - value, rest - b.low)
    return Comparison(n, m, value, rest, Interval(low, high, level), min(max(p, 0.0), 1.0))


def _welch(first: Floats, w1: Floats, second: Floats, w2: Floats, level: float) -> Comparison:
    from scipy.stats import t

    mean1, variance1, n1 = _mean(first, w1)
    mean2, variance2, n2 = _mean(second, w2)
    variance = variance1 + variance2
    difference = mean1 - mean2
    if variance <= 0:
        p = 0.0 if difference > 0 and min(n1, n2) > _FEW else 1.0
        return Comparison(
            len(first), len(second), mean1, mean2, Interval(difference, difference, level), p
        )
    freedom = variance**2 / (variance1**2 / max(n1 - 1, 1) + variance2**2 / max(n2 - 1, 1))
    spread = math.sqrt(variance)
    p = float(t.sf(difference / spread, freedom))
    if min(n1, n2) < _FEW:
        p = max(p, _permutation(first * w1, second * w2, len(first)))
    half = float(t.ppf((1 + level) / 2, freedom)) * spread
    interval = Interval(difference - half, difference + half, level)
    return Comparison(len(first), len(second), mean1, mean2, interval, p)


def _mean(values: Floats, weights: Floats) -> tuple[float, float, float]:
    """Weighted mean, its variance, and how many equally weighted rows tell as much."""
    total = float(weights.sum())
    mean = float((weights * values).sum()) / total
    squares = float((weights**2).sum())
    n = total**2 / squares
    variance = float((weights**2 * (values - mean) ** 2).sum()) / total**2
    return mean, variance * n / max(n - 1, 1), n


def _permutation(first: Floats, second: Floats, n: int) -> float:
    """Chance that n rows drawn from all have so large a sum; at least 1 / (draws + 1)."""
    rng = np.random.default_rng(0)
    together = np.concatenate([first, second])
    target = first.sum() * (1 - 1e-12)
    sums = np.array(
        [rng.choice(together, n, replace=False, shuffle=False).sum() for _ in range(_SHUFFLES)]
    )
    return float((1 + (sums >= target).sum()) / (1 + _SHUFFLES))


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Splitmix64's finaliser: every bit of the result depends on every bit of the value."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed
