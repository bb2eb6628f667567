"""How much worse a model is than another on the same rows: paired, with interval and test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.expectations.bounds import LEVEL, mean
from mispredict.expectations.subject import Bools, Floats
from mispredict.metrics import METRICS, measure
from mispredict.metrics.columns import Columns, split_name
from mispredict.metrics.intervals import t_of, z_of
from mispredict.metrics.outcomes import Groups, Outcomes

# Metrics that are means of rows, with the column of their rows.
_MEANS = {
    "accuracy": "correct",
    "error_rate": "correct",
    "loss": "loss",
    "log_loss": "log_loss",
    "brier_score": "brier",
    "mae": "absolute",
    "mse": "squared",
}
_BLOCKS = 40


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


def drop_of(
    metric: str, new: Outcomes, base: Outcomes, mask: Bools, *, level: float = LEVEL
) -> Drop | None:
    """The drop of a metric on the rows of a mask that count for both; None without any.

    Shares of right rows have the interval of Bonett and Price (2012) and McNemar's exact test;
    other means of rows Student's t of the differences, corrected for skewness; all else the
    jackknife over 40 blocks of rows, which are left out for both models at once.

    Raises:
        BadOption: the metric has no better direction.
    """
    name, _ = split_name(metric)
    sign = _direction(metric)
    rows = np.flatnonzero(mask & Columns(new).counted() & Columns(base).counted())
    if len(rows) < 2:
        return None
    new, base = new.take(rows), base.take(rows)
    if name in _MEANS and new.weight is None:
        return _mean_drop(name, new, base, sign, level)
    return _jackknife(metric, new, base, sign, level)


def _direction(metric: str) -> int:
    """1 where a higher value is better, -1 where a lower one is."""
    found = METRICS[split_name(metric)[0]].higher_is_better
    if found is None:
        raise BadOption(
            f"the metric {metric!r} has no better direction.",
            known="A drop is a change for the worse.",
            hint="metric='mae'",
        )
    return 1 if found else -1


def _mean_drop(name: str, new: Outcomes, base: Outcomes, sign: int, level: float) -> Drop:
    columns = [Columns(part).column(_MEANS[name]).astype(np.float64) for part in (new, base)]
    if name == "error_rate":
        columns = [1 - column for column in columns]
    kept = ~np.isnan(columns[0]) & ~np.isnan(columns[1])
    mine, theirs = columns[0][kept], columns[1][kept]
    worse = sign * (theirs - mine)
    n, of = len(worse), float(theirs.mean())
    if _MEANS[name] == "correct":
        lost, won = int((worse > 0).sum()), int((worse < 0).sum())
        low, high = _paired_share(lost, won, n, level)
        p = _mcnemar(lost, won)
    else:
        lost = won = -1
        low, high = _mean_interval(worse, level)
        p = _t_test(worse)
    value = float(worse.mean())
    relative = value / of if of else float("nan")
    near, far = _relative(worse, theirs, relative, of, level)
    return Drop(float(mine.mean()), of, value, low, high, relative, near, far, n, p, lost, won)


def _relative(
    worse: Floats, theirs: Floats, relative: float, of: float, level: float
) -> tuple[float, float]:
    """Interval of the drop over the baseline's value, by the delta method."""
    if not of:
        return float("nan"), float("nan")
    low, high = _mean_interval((worse - relative * theirs) / of, level)
    least = z_of(level) / (len(worse) * abs(of))  # never narrower than one row's worth
    return relative + min(low, -least), relative + max(high, least)


def _mean_interval(values: Floats, level: float) -> tuple[float, float]:
    found = mean(values, level=level)
    return found.low, found.high


def _paired_share(lost: int, won: int, n: int, level: float) -> tuple[float, float]:
    """Interval of (lost − won) / n: the adjusted interval of Bonett and Price (2012)."""
    one, other = (lost + 1) / (n + 2), (won + 1) / (n + 2)
    half = z_of(level) * np.sqrt((one + other - (one - other) ** 2) / (n + 2))
    return max(one - other - half, -1.0), min(one - other + half, 1.0)


def _mcnemar(lost: int, won: int) -> float:
    """McNemar's exact test: among rows that differ, either way is as likely."""
    from scipy.stats import binomtest

    return 1.0 if lost + won == 0 else float(binomtest(lost, lost + won).pvalue)


def _t_test(values: Floats) -> float:
    from scipy.special import stdtr

    error = float(values.std(ddof=1)) / np.sqrt(len(values))
    if error <= 0:
        return 1.0 if not values.any() else 0.0
    return float(2 * stdtr(len(values) - 1, -abs(float(values.mean()) / error)))


def _jackknife(metric: str, new: Outcomes, base: Outcomes, sign: int, level: float) -> Drop:
    """The drop with the delete-a-group jackknife's interval (Kott 2001)."""
    from scipy.special import stdtr

    def value(of: Outcomes) -> float:
        return measure(of, Groups.whole(of.n), metrics=[metric])[0].value

    blocks = min(_BLOCKS, new.n)
    block = np.random.default_rng(0).permutation(new.n) % blocks
    mine, theirs = value(new), value(base)
    drops, shares = np.empty(blocks), np.empty(blocks)
    for number in range(blocks):
        rest = np.flatnonzero(block != number)
        of = value(base.take(rest))
        drops[number] = sign * (of - value(new.take(rest)))
        shares[number] = drops[number] / of if of else np.nan
    drop = sign * (theirs - mine)
    relative = drop / theirs if theirs else float("nan")
    width = float(t_of(level, np.array(blocks - 1.0)))
    error, share_error = (_jackknife_error(part) for part in (drops, shares))
    p = float(2 * stdtr(blocks - 1, -abs(drop) / error)) if error > 0 else float(drop == 0)
    return Drop(
        mine, theirs, drop, drop - width * error, drop + width * error,
        relative, relative - width * share_error, relative + width * share_error, new.n, p,
    )  # fmt: skip


def _jackknife_error(values: Floats) -> float:
    known = values[~np.isnan(values)]
    if len(known) < len(values) / 2:
        return float("nan")
    spread = float(((known - known.mean()) ** 2).sum())
    return float(np.sqrt((len(known) - 1) / len(known) * spread))
