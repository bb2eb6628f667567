"""A metric of two models on the same rows: the difference, paired, with interval and test.

Rows that both have right or wrong do not say which model is better, so their noise is not in
the interval of the difference, as it would be in that of two independent figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.columns import Columns, split_name
from mispredict.metrics.intervals import mean_bounds, t_of, z_of
from mispredict.metrics.measure import MetricRow, measure_statistics
from mispredict.metrics.outcomes import Groups, Outcomes
from mispredict.metrics.paired_errors import Errors, errors_of, of_both
from mispredict.metrics.paired_means import Spread
from mispredict.metrics.registry import METRICS, Asked, resolve

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

LEVEL = 0.95
# Metrics that are means of rows, with the column of their rows.
MEANS = {
    "accuracy": "correct",
    "error_rate": "correct",
    "loss": "loss",
    "log_loss": "log_loss",
    "brier_score": "brier",
    "mae": "absolute",
    "mse": "squared",
    "hamming_loss": "hamming",
    "f1_samples": "f1_samples",
}
_SHARES = ("accuracy", "error_rate")


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric after less the same metric before, in one cohort; NaN where it is not defined.

    `p` is that of no difference. `fixed` rows are right after and were wrong before, `broken`
    ones the reverse (-1 where rows are not right or wrong).
    """

    cohort: str
    metric: str
    before: float
    after: float
    value: float
    low: float
    high: float
    n: int
    p: float
    fixed: int = -1
    broken: int = -1


@dataclass(frozen=True, slots=True)
class Drop:
    """By how much a metric is worse than the baseline's: above 0 is worse.

    `relative` is the drop over the baseline's value. `p` is that of no difference; `lost` rows
    are right for the baseline alone, `won` ones for the new model alone (-1: not counted).
    """

    new: float
    base: float
    value: float
    low: float
    high: float
    relative: float
    relative_low: float
    relative_high: float
    n: int
    p: float
    lost: int = -1
    won: int = -1


def differences(
    after: Outcomes | Columns,
    before: Outcomes | Columns,
    groups: Groups,
    *,
    metrics: Sequence[str] | None = None,
    level: float = LEVEL,
) -> tuple[Difference, ...]:
    """Differences of metrics in every group, on the rows that count for both; group by group.

    Shares of right rows have the interval of Bonett and Price (2012) and McNemar's exact test;
    other means of rows Student's t of the rows' differences, corrected for skewness; areas
    under curves DeLong's covariance or the like (influence functions); all else the jackknife
    over blocks of rows, which are left out for both models at once (Kott 2001).

    Args:
        after: outcomes of the model that is looked at, or their columns.
        before: those of the one it is compared with, row for row.
        groups: which group each row is in.
        metrics: names; the task's usual ones for None.
        level: of the intervals.
    """
    sides = tuple(part if isinstance(part, Columns) else Columns(part) for part in (after, before))
    both = sides[0].counted() & sides[1].counted()
    inside = groups if both.all() else Groups(groups.names, np.where(both, groups.codes, -1))
    stats = ArrayStatistics(sides[0], inside), ArrayStatistics(sides[1], inside)
    return paired(*stats, metrics=metrics, level=level)


def paired(
    after: ArrayStatistics,
    before: ArrayStatistics,
    *,
    metrics: Sequence[str] | None = None,
    level: float = LEVEL,
) -> tuple[Difference, ...]:
    """`differences` from statistics of the same groups, in which each row counts for both."""
    task, groups = after.task, after.groups
    asked = resolve(
        metrics,
        task,
        positive=after.positive if task.classes else -1,
        has_probabilities=all(s.columns.outcomes.has_probabilities for s in (after, before)),
        level=level,
    )
    sides = after.columns, before.columns
    means = {item.name: _means(item, sides, groups, level) for item in asked if _is_mean(item)}
    others = [item for item in asked if not _is_mean(item)]
    errors = errors_of(after, before, others)
    new, old = (
        {(row.cohort, row.metric): row for row in rows}
        for rows in of_both(
            lambda part: measure_statistics(part, groups.names, others), after, before
        )
    )
    return tuple(
        means[item.name][cohort]
        if item.name in means
        else _by_error(new[cohort, item.name], old[cohort, item.name], errors, level)
        for cohort in groups.names
        for item in asked
    )


def drop_of(
    metric: str, new: Outcomes, base: Outcomes, mask: Bools, *, level: float = LEVEL
) -> Drop | None:
    """The drop of a metric on the rows of a mask that count for both; None without any.

    Its interval and test are those of `differences`.

    Raises:
        BadOption: the metric has no better direction.
    """
    sign = direction(metric)
    rows = np.flatnonzero(mask & Columns(new).counted() & Columns(base).counted())
    if len(rows) < 2:
        return None
    new, base = new.take(rows), base.take(rows)
    found = differences(new, base, Groups.whole(len(rows)), metrics=[metric], level=level)[0]
    low, high = (found.low, found.high) if sign < 0 else (-found.high, -found.low)
    share = -sign * found.value / found.before if found.before else float("nan")
    near, far = _relative(metric, new, base, share, level)
    return Drop(
        found.after, found.before, -sign * found.value, low, high, share, near, far,
        found.n, found.p, found.broken, found.fixed,
    )  # fmt: skip


def direction(metric: str) -> int:
    """1 where a higher value is better, -1 where a lower one is.

    Raises:
        BadOption: the metric has no better direction.
    """
    found = METRICS[split_name(metric)[0]].higher_is_better
    if found is None:
        raise BadOption(
            f"the metric {metric!r} has no better direction.",
            known="A drop is a change for the worse.",
            hint="metric='mae'",
        )
    return 1 if found else -1


def paired_share(fixed: int, broken: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Interval of (fixed − broken) / n: the adjusted one of Bonett and Price (2012)."""
    if n <= 0:
        return float("nan"), float("nan")
    one, other = (fixed + 1) / (n + 2), (broken + 1) / (n + 2)
    half = z_of(level) * float(np.sqrt((one + other - (one - other) ** 2) / (n + 2)))
    return max(one - other - half, -1.0), min(one - other + half, 1.0)


def mcnemar(fixed: int, broken: int) -> float:
    """P of McNemar's exact test: among rows that differ, either way is as likely.

    Example:
        >>> round(mcnemar(3, 12), 4)
        0.0352
    """
    from scipy.special import bdtr

    n = fixed + broken
    return min(1.0, 2 * float(bdtr(min(fixed, broken), n, 0.5))) if n else 1.0


def _is_mean(item: Asked) -> bool:
    return split_name(item.name)[0] in MEANS


def _means(
    item: Asked, sides: tuple[Columns, Columns], groups: Groups, level: float
) -> dict[str, Difference]:
    """Differences of a metric that is a mean of rows, by cohort."""
    name = split_name(item.name)[0]
    new, old = (side.column(MEANS[name]) for side in sides)
    if name == "error_rate":
        new, old = 1 - new, 1 - old
    codes = groups.codes.astype(np.int64)
    kept = (codes >= 0) & (codes < groups.n) & ~np.isnan(new) & ~np.isnan(old)
    codes, new, old = codes[kept], new[kept], old[kept]
    weight = sides[0].weight[kept] if sides[0].weight.size else np.ones(len(codes))
    spread = Spread.of(codes, new - old, weight, groups.n)
    before, after = (
        np.bincount(codes, weight * part, groups.n) / spread.weight for part in (old, new)
    )
    low, high = mean_bounds(spread.mean, spread.error, spread.skew, spread.freedom, level)
    p = spread.p()
    is_share = name in _SHARES
    sign = -1 if name == "error_rate" else 1
    fixed = np.bincount(codes[sign * (new - old) > 0], minlength=groups.n)
    broken = np.bincount(codes[sign * (new - old) < 0], minlength=groups.n)
    found = {}
    for g, cohort in enumerate(groups.names):
        counts = (int(fixed[g]), int(broken[g])) if is_share else (-1, -1)
        bounds, chance = (float(low[g]), float(high[g])), float(p[g])
        if is_share and not sides[0].weight.size and spread.n[g]:
            ends = paired_share(*counts, int(spread.n[g]), level)
            bounds = ends if sign > 0 else (-ends[1], -ends[0])
            chance = mcnemar(*counts)
        found[cohort] = Difference(
            cohort, item.name, float(before[g]), float(after[g]), float(spread.mean[g]), *bounds,
            int(spread.n[g]), chance, *counts,
        )  # fmt: skip
    return found


def _by_error(
    new: MetricRow, old: MetricRow, errors: Mapping[tuple[str, str], Errors], level: float
) -> Difference:
    """A difference with a standard error of known degrees of freedom."""
    from scipy.special import stdtr

    found = errors[new.cohort, new.metric]
    value = new.value - old.value
    n = min(new.n, old.n)
    width = float(t_of(level, np.array(found.freedom))) * found.error
    p = float(value == 0) if value == value else float("nan")  # noqa: PLR0124 - NaN
    if found.error > 0:
        p = float(2 * stdtr(found.freedom, -abs(value) / found.error))
    return Difference(
        new.cohort, new.metric, old.value, new.value, value, value - width, value + width, n, p
    )


def _relative(
    metric: str, new: Outcomes, base: Outcomes, share: float, level: float
) -> tuple[float, float]:
    """Interval of the drop over the baseline's value."""
    sign, groups = direction(metric), Groups.whole(new.n)
    item = resolve(
        [metric],
        new.task,
        positive=new.positive if new.task.classes else -1,
        has_probabilities=new.has_probabilities,
        level=level,
    )[0]
    sides = (Columns(new), Columns(base))
    if not _is_mean(item):
        stats = ArrayStatistics(sides[0], groups), ArrayStatistics(sides[1], groups)
        found = errors_of(*stats, [item])["all", item.name]
        width = float(t_of(level, np.array(found.freedom))) * found.relative
        return share - width, share + width
    mine, theirs = (side.column(MEANS[split_name(metric)[0]]) for side in sides)
    if split_name(metric)[0] == "error_rate":
        mine, theirs = 1 - mine, 1 - theirs
    kept = ~np.isnan(mine) & ~np.isnan(theirs)
    mine, theirs = mine[kept], theirs[kept]
    weight = sides[0].weight[kept] if sides[0].weight.size else np.ones(len(mine))
    of = float((weight * theirs).sum() / weight.sum())
    if not of:
        return float("nan"), float("nan")
    worse = sign * (theirs - mine)
    spread = Spread.of(np.zeros(len(mine), np.int64), (worse - share * theirs) / of, weight, 1)
    low, high = mean_bounds(spread.mean, spread.error, spread.skew, spread.freedom, level)
    least = z_of(level) / (len(mine) * abs(of))  # never narrower than one row's worth
    return share + min(float(low[0]), -least), share + max(float(high[0]), least)
