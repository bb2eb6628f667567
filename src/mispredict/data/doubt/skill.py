"""Skill: the share of a constant predictor's loss that a model saves.

0 is a predictor that always says the same (the shares of the classes, the commonest class, or
the mean), 1 is one without loss; below 0 a constant would do better. It is the Brier skill score
where there are probabilities, and R² of a regression. Both losses are of the same rows, so the
interval is that of a ratio of paired means (delta method).
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.task import Task, TaskKind
from mispredict.expectations.subject import Answers, Estimate, Floats
from mispredict.metrics.paired_means import mean_difference

LEVEL = 0.95
Labels = npt.NDArray[np.generic]


def skill_name(task: Task, has_probabilities: bool) -> str:
    """The loss that skill is a share of."""
    if task.kind is TaskKind.REGRESSION:
        return "squared error"
    return "Brier score" if has_probabilities else "error rate"


def check_task(task: Task) -> None:
    """Raise where a task has no single label that a constant could say.

    Raises:
        BadOption: it is no classification into one class, nor a regression.
    """
    if task.kind is not TaskKind.REGRESSION and not task.is_classification:
        raise BadOption(
            f"the skill of a {task.kind} evaluation is not defined.",
            known="It is measured against a constant class or value.",
            hint="an evaluation of a classification or regression",
        )


def losses(said: Answers, label: Labels) -> Floats:
    """Loss of each row: Brier, 0 or 1, or the squared error; NaN without label or answer."""
    if said.values is not None:
        squared: Floats = (said.values - label.astype(np.float64)) ** 2
        return squared
    codes = label.astype(np.int64)
    known = (codes >= 0) & said.known
    if said.probabilities is None:
        found: Floats = np.where(known, (said.codes != codes).astype(np.float64), np.nan)
        return found
    wide = said.probabilities.shape[1]
    hit = said.probabilities[np.arange(len(codes)), np.clip(codes, 0, wide - 1)]
    hit = np.where(codes < wide, hit, 0.0)
    brier: Floats = np.where(known, (said.probabilities**2).sum(axis=1) - 2 * hit + 1, np.nan)
    return brier


def constant_losses(label: Labels, *, is_value: bool, has_probabilities: bool) -> Floats:
    """Loss of each row by the best constant answer for these rows; NaN without label."""
    if is_value:
        values = label.astype(np.float64)
        return np.asarray((values - np.nanmean(values)) ** 2, np.float64)
    codes = label.astype(np.int64)
    known = codes >= 0
    if not known.any():
        return np.full(len(codes), np.nan)
    shares = np.bincount(codes[known]) / known.sum()
    own = shares[np.clip(codes, 0, len(shares) - 1)]
    if has_probabilities:
        return np.where(known, (shares**2).sum() - 2 * own + 1, np.nan)
    return np.where(known, (codes != int(shares.argmax())).astype(np.float64), np.nan)


def skill(said: Answers, label: Labels, *, level: float = LEVEL) -> Estimate:
    """The skill of answers to rows with labels."""
    loss = losses(said, label)
    base = constant_losses(
        label, is_value=said.values is not None, has_probabilities=said.probabilities is not None
    )
    known = ~np.isnan(loss) & ~np.isnan(base)
    loss, base = loss[known], base[known]
    n = len(loss)
    mean = float(base.mean()) if n else 0.0
    if not mean:  # one class, or one value: nothing to be skilful about
        return Estimate(math.nan, math.nan, math.nan, n)
    value = 1 - float(loss.mean()) / mean
    away = mean_difference(((1 - value) * base - loss) / mean, level=level)
    return Estimate(value, value + away.low, min(value + away.high, 1.0), n)


def skill_gap(seen: Estimate, unseen: Estimate) -> Estimate:
    """The skill on some rows less that on others, with the interval of the difference.

    Of two independent estimates (Zou and Donner 2008).
    """
    value = seen.value - unseen.value
    low = value - math.hypot(seen.value - seen.low, unseen.high - unseen.value)
    high = value + math.hypot(seen.high - seen.value, unseen.value - unseen.low)
    return Estimate(value, low, high, unseen.n)


def lost_skill(before: Answers, after: Answers, label: Labels, *, level: float = LEVEL) -> Estimate:
    """The skill that is lost from one set of answers to another, on the same rows."""
    old, new = losses(before, label), losses(after, label)
    base = constant_losses(
        label,
        is_value=before.values is not None,
        has_probabilities=before.probabilities is not None,
    )
    known = ~np.isnan(old) & ~np.isnan(new) & ~np.isnan(base)
    n = int(known.sum())
    mean = float(base[known].mean()) if n else 0.0
    if not mean:
        return Estimate(math.nan, math.nan, math.nan, n)
    found = mean_difference((new[known] - old[known]) / mean, level=level)
    return Estimate(found.value, found.low, found.high, n)
