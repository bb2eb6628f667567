"""How much a problem matters in an evaluation: share of users × error × harm, with its working.

Share × error is one quantity, the share of all rows that are in the cohort *and* wrong, so its
interval is that of one proportion (Wilson's, with Kish's effective number under weights) or one
mean, and not a product of two guesses.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from mispredict.core.figures import rounded
from mispredict.expectations.bounds import mean
from mispredict.metrics.intervals import wilson_bounds
from mispredict.review.results import NAN, ProblemPriority
from mispredict.review.state import MOST_HARM, harm_words

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Errors:
    """What the rows of an evaluation are worth and how wrong they are.

    Attributes:
        error: of each row: 1 wrong and 0 right, or its loss; NaN where it is not known.
        is_share: whether it is 0 or 1.
        weight: of each row; None for one each.
        users: the user of each row as a number from 0, -1 where not known; None for none.
        users_column: what the column of users is called.
    """

    error: Floats
    is_share: bool
    weight: Floats | None = None
    users: npt.NDArray[np.int64] | None = None
    users_column: str = ""


def priority_of(
    rows: Errors, mask: Bools, *, harm: int, scale: float = 1.0, evaluation: str = ""
) -> ProblemPriority:
    """The priority of a cohort, from 0 (nobody, or never wrong) to 100 (all, always, danger).

    Args:
        rows: of the evaluation.
        mask: which of them are in the cohort.
        harm: from 1 to 5.
        scale: the loss that counts as an error of 1; for shares it is 1.
        evaluation: what it is called.
    """
    known = ~np.isnan(rows.error)
    inside = mask & known
    size = np.clip(rows.error / scale, 0.0, 1.0)
    weight = np.ones(len(mask)) if rows.weight is None else rows.weight
    total, own = float(weight[known].sum()), float(weight[inside].sum())
    error = float((weight * size)[inside].sum() / own) if own > 0 else NAN
    error_low, error_high = _interval(size[inside], weight[inside], rows.is_share)
    if rows.users is None:
        share = own / total if total > 0 else NAN
        affected = int(inside.sum())
        joint = np.where(mask, size, 0.0)[known]
        low, high = _interval(joint, weight[known], rows.is_share)
    else:
        share, affected, low, high = _of_users(rows, inside, error, (error_low, error_high))
    worth = 100 * harm / MOST_HARM
    value = worth * share * error if own > 0 else 0.0 * share
    bounds = (worth * low, worth * high) if own > 0 else (NAN, NAN)
    made = ProblemPriority(
        value, *bounds, share, error, error_low, error_high, harm, harm_words(harm),
        int(inside.sum()), affected, scale, rows.is_share, rows.users_column, evaluation, "",
    )  # fmt: skip
    return _with_working(made)


def _of_users(
    rows: Errors, inside: Bools, error: float, bounds: tuple[float, float]
) -> tuple[float, int, float, float]:
    """Share and number of the users who have a row there, and an interval of share × error."""
    assert rows.users is not None
    users = rows.users[rows.users >= 0]
    everybody = len(np.unique(users))
    touched = len(np.unique(rows.users[inside & (rows.users >= 0)]))
    if not everybody:
        return NAN, 0, NAN, NAN
    share = touched / everybody
    least, most = wilson_bounds(np.array([share]), np.array([float(everybody)]), 0.95)
    low, high = _product(share, (float(least[0]), float(most[0])), error, bounds)
    return share, touched, low, high


def _product(
    a: float, of_a: tuple[float, float], b: float, of_b: tuple[float, float]
) -> tuple[float, float]:
    """Interval of a product of two independent estimates, from theirs (Zou & Donner 2008)."""
    down = math.hypot(b * (a - of_a[0]), a * (b - of_b[0]))
    up = math.hypot(b * (of_a[1] - a), a * (of_b[1] - b))
    return max(a * b - down, 0.0), min(a * b + up, 1.0)


def _interval(values: Floats, weight: Floats, is_share: bool) -> tuple[float, float]:
    """Interval of a weighted mean of values from 0 to 1."""
    total = float(weight.sum())
    if len(values) == 0 or total <= 0:
        return NAN, NAN
    share = float((weight * values).sum()) / total
    worth = total**2 / float((weight**2).sum())  # Kish's effective number of rows
    if is_share:
        low, high = wilson_bounds(np.array([share]), np.array([worth]), 0.95)
        return float(low[0]), float(high[0])
    found = mean(share + weight * len(values) / total * (values - share))
    return max(found.low, 0.0), min(found.high, 1.0)


def _with_working(made: ProblemPriority) -> ProblemPriority:
    if math.isnan(made.value) or not made.n:
        return replace(made, working="no rows of it here, so nothing is affected.")
    whom = f"of users ({made.users})" if made.users else "of rows"
    error = f"error (mean loss over {made.scale:.4g}) {made.error:.3g}"
    if made.is_share:
        error = f"error rate {100 * made.error:.1f} %"
    value, low, high = rounded(made.value, made.low, made.high)
    said = (
        f"{100 * made.share:.1f} % {whom} × {error} × harm "
        f"{made.harm} of {MOST_HARM} ({made.harm_words}) = {value} of 100"
    )
    interval = "" if math.isnan(made.low) else f" [{low}, {high}]"
    return replace(made, working=f"{said}{interval}.")


def with_harm(made: ProblemPriority, harm: int) -> ProblemPriority:
    """The same rows and errors under another harm."""
    times = harm / made.harm
    bounds = {name: times * getattr(made, name) for name in ("value", "low", "high")}
    new = replace(made, **bounds, harm=harm, harm_words=harm_words(harm))
    return _with_working(new) if made.n else new
