"""How much each feature moves what the model says, over many rows, in a cohort and the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.metrics.intervals import mean_bounds

Floats = npt.NDArray[np.float64]
NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Importance:
    """The mean size of a feature's attributions.

    `importance` is the mean of |attribution| over `n` rows, from `low` to `high`, `share` its
    part of all features' sum, `mean` the mean attribution with its sign. Of a cohort, `rest` is
    the same outside, and `difference` what the cohort has more, with `p_adjusted` for all
    features looked at. Of tokens, rows without the token count as 0, and `n` is how many have it.
    """

    feature: str
    importance: float
    low: float
    high: float
    n: int
    share: float
    mean: float
    rest: float = NAN
    rest_low: float = NAN
    rest_high: float = NAN
    rest_n: int = 0
    difference: float = NAN
    difference_low: float = NAN
    difference_high: float = NAN
    p_adjusted: float = NAN


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean with its interval, its standard error and the number of rows."""

    value: float
    low: float
    high: float
    error: float
    n: int


def mean_of(values: Floats, *, zeros: int = 0) -> Mean:
    """Mean of the known values and so many zeros, with a 95 % interval (Hall 1992)."""
    values = values[np.isfinite(values)]
    n = len(values) + zeros
    if not n:
        return Mean(NAN, NAN, NAN, NAN, 0)
    mean = float(values.sum() / n)
    second = float((((values - mean) ** 2).sum() + zeros * mean**2) / max(n - 1, 1))
    error = float(np.sqrt(second / n))
    third = float((((values - mean) ** 3).sum() - zeros * mean**3) / n)
    skew = third / (n**2 * error**3) if error > 0 else 0.0
    low, high = mean_bounds(
        np.array([mean]), np.array([error]), np.array([skew]), np.array([n - 1.0]), 0.95
    )
    return Mean(mean, float(low[0]), float(high[0]), error, n)


def importances(
    features: Sequence[str],
    read: Callable[[str], Floats],
    rest: Callable[[str], Floats] | None = None,
) -> tuple[Importance, ...]:
    """Every feature's importance, the largest first; beside that of the rest where it is given."""
    found = []
    for name in features:
        values = read(name)
        signed = values[np.isfinite(values)]
        other = None if rest is None else mean_of(np.abs(rest(name)))
        mean = float(signed.mean()) if len(signed) else NAN
        found.append((name, mean_of(np.abs(values)), mean, other))
    return ranked(found)


def ranked(
    found: Sequence[tuple[str, Mean, float, Mean | None]], counts: Sequence[int] | None = None
) -> tuple[Importance, ...]:
    """Importances from means, the largest first, with shares and differences.

    Args:
        found: per feature its name, mean size, mean with sign, and mean size in the rest.
        counts: rows to name as `n` instead of those of the mean.
    """
    total = sum(size.value for _, size, _, _ in found if size.value > 0)
    p = adjusted([difference_p(size, other) for _, size, _, other in found])
    rows = []
    for at, (name, size, mean, other) in enumerate(found):
        row = Importance(
            name, size.value, size.low, size.high, size.n if counts is None else counts[at],
            size.value / total if total > 0 else 0.0, mean,
        )  # fmt: skip
        rows.append(row if other is None else _beside(row, size, other, p[at]))
    return tuple(sorted(rows, key=lambda row: (-_size(row.importance), row.feature)))


def adjusted(p: Sequence[float] | Floats) -> Floats:
    """p corrected for having looked at all of them (Benjamini & Yekutieli 2001); NaN stays."""
    from scipy import stats

    found = np.asarray(p, dtype=np.float64)
    known = np.isfinite(found)
    if known.any():
        found[known] = stats.false_discovery_control(found[known], method="by")
    return found


def difference_p(one: Mean, other: Mean | None) -> float:
    """Two-sided p of "both means are equal" (Welch); NaN where there is nothing to compare."""
    from scipy import stats

    if other is None or one.n < 2 or other.n < 2:
        return NAN
    error = float(np.hypot(one.error, other.error))
    if error == 0:
        return 1.0 if one.value == other.value else 0.0
    return float(2 * stats.t.sf(abs(one.value - other.value) / error, _freedom(one, other)))


def _beside(row: Importance, size: Mean, other: Mean, p: float) -> Importance:
    from dataclasses import replace

    from scipy import stats

    error = float(np.hypot(size.error, other.error))
    half = NAN
    if size.n > 1 and other.n > 1:
        half = float(stats.t.ppf(0.975, _freedom(size, other)) * error) if error > 0 else 0.0
    gap = size.value - other.value
    return replace(
        row, rest=other.value, rest_low=other.low, rest_high=other.high, rest_n=other.n,
        difference=gap, difference_low=gap - half, difference_high=gap + half,
        p_adjusted=float(p),
    )  # fmt: skip


def _freedom(one: Mean, other: Mean) -> float:
    """Degrees of freedom of the difference of two means (Welch 1947)."""
    first, second = one.error**2, other.error**2
    bottom = first**2 / (one.n - 1) + second**2 / (other.n - 1)
    return (first + second) ** 2 / bottom if bottom > 0 else float(one.n + other.n - 2)


def _size(value: float) -> float:
    return value if np.isfinite(value) else -1.0
