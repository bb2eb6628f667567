"""Inputs shuffled among rows, one at a time: what a model loses without each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.data.doubt.skill import LEVEL, Labels, losses, lost_skill
from mispredict.expectations.planning import united
from mispredict.expectations.subject import Answers, Estimate, Floats, Numbers
from mispredict.metrics.paired_means import mean_difference

if TYPE_CHECKING:
    import pandas as pd

_SAME = 1e-9  # what answers may differ by


@dataclass(frozen=True, eq=False)
class Ablated:
    """Copies of rows, of which each has one input of another row: column after column."""

    rows: Numbers
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost without an input.

    Attributes:
        column: the input.
        lost: the skill that is lost.
        share: of the losses of all inputs; NaN where nothing is lost.
        share_low: end of its interval.
        share_high: other end.
        changed: share of predictions that change.
    """

    column: str
    lost: Estimate
    share: float
    share_low: float
    share_high: float
    changed: float


def ablate(
    frame: pd.DataFrame, rows: Numbers, columns: tuple[str, ...], seed: int
) -> tuple[pd.DataFrame, Ablated]:
    """The rows once for each column, whose values are shuffled among them."""
    rng = np.random.default_rng(seed)
    frame = frame.reset_index(drop=True)
    parts = []
    for name in columns:
        other = frame[name].iloc[rng.permutation(len(frame))].reset_index(drop=True)
        parts.append(frame.assign(**{name: other}))
    return united(parts), Ablated(rows, columns)


def lost_by_column(
    before: Answers, after: Answers, label: Labels, work: Ablated
) -> tuple[Loss, ...]:
    """The skill that is lost without each input; the intervals hold together."""
    n, names = len(work.rows), work.columns
    level = 1 - (1 - LEVEL) / len(names)
    parts = [after.take(slice(place * n, (place + 1) * n)) for place in range(len(names))]
    old = losses(before, label)
    more = np.stack([losses(part, label) - old for part in parts])
    total = more[np.nanmean(more, axis=1) > 0].sum(axis=0)
    return tuple(
        Loss(
            name,
            lost_skill(before, part, label, level=level),
            *_ratio(more[place], total, level),
            _moved(before, part),
        )
        for place, (name, part) in enumerate(zip(names, parts, strict=True))
    )


def _ratio(part: Floats, whole: Floats, level: float) -> tuple[float, float, float]:
    """The ratio of two means of the same rows with its interval (delta method)."""
    known = ~np.isnan(part) & ~np.isnan(whole)
    mean = float(whole[known].mean()) if known.any() else 0.0
    if mean <= 0:
        return (float("nan"),) * 3
    value = float(part[known].mean()) / mean
    away = mean_difference((part[known] - value * whole[known]) / mean, level=level)
    return value, value + away.low, value + away.high


def _moved(before: Answers, after: Answers) -> float:
    """The share of rows of which the model says something else."""
    for ask in ("values", "probabilities"):
        old, new = getattr(before, ask), getattr(after, ask)
        if old is not None and new is not None:
            moved = np.abs(old - new).reshape(len(old), -1) > _SAME
            return float(moved.any(axis=1).mean())
    return float((before.codes != after.codes).mean())
