"""Conformal sets of answers: calibrated on some rows, judged on the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.data.doubt.conformal import (
    Bools,
    Cuts,
    Floats,
    Whole,
    class_scores,
    class_sets,
    label_scores,
)

if TYPE_CHECKING:
    from mispredict.data.doubt.skill import Labels
    from mispredict.expectations.subject import Answers


@dataclass(frozen=True, slots=True)
class Wish:
    """What sets are asked for."""

    target: float = 0.9
    method: str = "lac"
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of rows: of each class (n, K), or of values the spread that widths are in units of.

    `own` is the score of the label: how far a set must reach to hold it.
    """

    own: Floats
    classes: Floats | None = None
    spread: Floats | None = None

    def sets(self, cuts: Floats) -> Bools | None:
        """(n, K) which classes are in each set; None of values."""
        return None if self.classes is None else class_sets(self.classes, cuts)

    def sizes(self, cuts: Floats) -> Floats:
        """Classes in each set, or the width of each range."""
        sets = self.sets(cuts)
        if sets is not None:
            return np.asarray(sets.sum(axis=1), np.float64)
        assert self.spread is not None  # of values
        wide: Floats = 2 * cuts * self.spread
        return wide

    def held(self, cuts: Floats) -> Bools:
        """Whether each set holds the label."""
        inside: Bools = self.own <= cuts + 1e-12
        return inside


def scored(said: Answers, label: Labels, wish: Wish, spread: Floats | None = None) -> Scored:
    """The scores of rows by a method.

    Raises:
        BadOption: there are no probabilities to make sets of.
    """
    if said.values is not None:
        unit = np.ones(len(said.values)) if spread is None else np.maximum(spread, 1e-9)
        away = np.abs(said.values - label.astype(np.float64)) / unit
        return Scored(np.where(np.isnan(away), np.inf, away), None, unit)
    if said.probabilities is None:
        raise BadOption(
            "conformal sets of classes need probabilities.",
            known="The evaluation has predictions alone.",
            hint="a model that answers probabilities",
        )
    seed = wish.seed if wish.method in ("aps", "raps") else None
    scores = class_scores(said.probabilities, wish.method, seed)
    return Scored(label_scores(scores, label.astype(np.int64)), scores)


def halves(rows: Whole, seed: int) -> tuple[Whole, Whole]:
    """The rows in two random halves: to calibrate on, and to judge."""
    mixed = np.random.default_rng(seed).permutation(rows)
    middle = (len(mixed) + 1) // 2
    return np.sort(mixed[:middle]), np.sort(mixed[middle:])


def held_out(
    said: Answers, label: Labels, rows: Whole, wish: Wish, weight: Floats | None = None
) -> tuple[Whole, Bools]:
    """The rows that were not calibrated on, and whether the set of each holds its label."""
    learned, judged = halves(rows, wish.seed)
    every = scored(said, label, wish)
    nowhere = np.zeros(len(learned), np.int64)
    own = None if weight is None else weight[learned]
    cuts = Cuts.of(every.own[learned], nowhere, ("all",), wish.target, own)
    held = every.held(cuts.at(np.zeros(len(every.own), np.int64), weight))
    return judged, held[judged]
