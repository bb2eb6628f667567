"""Pairs of features that act together: what they do beyond what each does alone."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Result, Source
from mispredict.core.words import counted
from mispredict.explain.importance import mean_of

if TYPE_CHECKING:
    from mispredict.explain.sampled import Asking

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

GRID = 40  # rows whose values are combined for Friedman's H
RESAMPLES = 200


@dataclass(frozen=True, slots=True)
class Interaction:
    """How strongly two features act together.

    Of trees, `strength` is the mean size of the pair's Shapley interaction (both halves), in the
    unit of the output; of other models it is Friedman's H, the share of the pair's joint effect
    that is not the sum of both, from 0 to 1.
    """

    feature: str
    other: str
    strength: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Interactions(Result):
    """Pairs of features, the strongest first."""

    rows: tuple[Interaction, ...]
    measure: str
    source: Source
    note: str = ""

    row_type: ClassVar[type] = Interaction
    title: ClassVar[str] = "Features that act together"


def of_trees(
    features: tuple[str, ...], values: Floats, *, top: int, source: Source
) -> Interactions:
    """The strongest pairs of Shapley interactions (n, features, features)."""
    found = []
    for one, other in combinations(range(len(features)), 2):
        mean = mean_of(np.abs(values[:, one, other] + values[:, other, one]))
        if mean.value > 0:
            found.append((features[one], features[other], mean))
    found.sort(key=lambda item: -item[2].value)
    rows = tuple(Interaction(a, b, m.value, m.low, m.high, m.n) for a, b, m in found[:top])
    return Interactions(rows, "mean |Shapley interaction|", source)


def friedman(
    asking: Asking, features: tuple[str, ...], chosen: list[int], *, top: int, source: Source
) -> Interactions:
    """Friedman's H of the pairs of the chosen features (Friedman & Popescu 2008).

    `asking` plays the rows against themselves: row i with the values of the features that are
    kept and of row j for all others is the partial dependence at i before averaging over j.
    """
    n = asking.game.substitutes
    alone = {at: _partial(asking, (at,), n) for at in chosen}
    found, failed = [], 0
    for one, other in combinations(chosen, 2):
        if asking.subject.caller.left() < n * n:
            asking.subject.caller.spend()
            failed += 1
            continue
        joint = _partial(asking, (one, other), n)
        value, low, high = _h(joint, alone[one], alone[other])
        found.append(Interaction(features[one], features[other], value, low, high, n))
    found.sort(key=lambda item: -item.strength)
    note = (
        f"{counted(failed, 'pair was', 'pairs were')} left out: the budget was over."
        if failed
        else ""
    )
    names = ", ".join(features[at] for at in chosen)
    note = f"Looked at the pairs of {names}. {note}".strip()
    return Interactions(tuple(found[:top]), "Friedman's H", source, note)


def _partial(asking: Asking, kept: tuple[int, ...], n: int) -> Floats:
    """What the model says of row i's values with the rest of row j, (n, n)."""
    row, other = np.repeat(np.arange(n), n), np.tile(np.arange(n), n)
    mask = np.zeros((n * n, int(asking.game.players.max())), bool)
    mask[:, list(kept)] = True
    return asking(row, mask, other).reshape(n, n)


def _h(joint: Floats, one: Floats, other: Floats) -> tuple[float, float, float]:
    """H and its interval by resampling the rows."""
    rng = np.random.default_rng(0)
    n = len(joint)
    draws = [_statistic(joint, one, other, rng.integers(0, n, n)) for _ in range(RESAMPLES)]
    low, high = np.nanquantile(draws, [0.025, 0.975])
    value = _statistic(joint, one, other, np.arange(n))
    return value, float(low), float(high)


def _statistic(joint: Floats, one: Floats, other: Floats, rows: Codes) -> float:
    means = [np.nanmean(part, axis=1)[rows] for part in (joint, one, other)]
    both, first, second = (part - part.mean() for part in means)
    whole = float((both**2).sum())
    return float(np.sqrt(((both - first - second) ** 2).sum() / whole)) if whole > 0 else 0.0
