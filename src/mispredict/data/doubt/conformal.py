"""Conformal sets: classes, or a range of values, that hold the label with a given chance.

Split conformal prediction (Vovk et al. 2005): a score says how strange a label is for a row; the
cut is the ⌈(n + 1) × target⌉-th smallest score of n labelled rows, and a set holds all labels
up to it. Whatever the model, a set of a further row of the same distribution holds its label
with a chance of at least the target, and at most 1 / (n + 1) more.

Scores of classes: `lac` is one minus the probability (Sadinle, Lei and Wasserman 2019), whose
sets are the smallest on average; `aps` adds up the probabilities down to the label (Romano,
Sesia and Candès 2020), whose sets grow where the model is unsure; `raps` adds a penalty to
unlikely classes (Angelopoulos et al. 2021). Of values: `absolute` is the distance to the
prediction, `scaled` that distance over a spread of the row.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

CLASS_METHODS = ("lac", "aps", "raps")
VALUE_METHODS = ("absolute", "scaled")
PENALTY, FREE = 0.01, 2  # of raps: for each class beyond the first two
_SLACK = 1e-12  # of sums of probabilities


def cut_of(scores: Floats, target: float) -> float:
    """The cut: so large that a further score is at most it with the chance `target`.

    Example:
        >>> cut_of(np.arange(1.0, 100.0), 0.9)
        90.0
        >>> cut_of(np.arange(5.0), 0.9)  # too few rows
        inf
    """
    rank = math.ceil(round((len(scores) + 1) * target, 9))
    if rank > len(scores):
        return math.inf
    return float(np.partition(scores, rank - 1)[rank - 1])


def class_scores(probabilities: Floats, method: str, seed: int | None = None) -> Floats:
    """(n, K) how strange each class is for each row.

    Args:
        probabilities: (n, K).
        method: `lac`, `aps` or `raps`.
        seed: of the draws by which a class counts in part, so that coverage is not above the
            target (`aps`, `raps`); None counts each class whole.
    """
    if method == "lac":
        return 1 - probabilities
    order = np.argsort(-probabilities, axis=1, kind="stable")
    ranked = np.take_along_axis(probabilities, order, axis=1)
    sums = np.cumsum(ranked, axis=1)
    if seed is not None:
        sums = sums - np.random.default_rng(seed).random((len(sums), 1)) * ranked
    if method == "raps":
        sums = sums + PENALTY * np.maximum(np.arange(1, sums.shape[1] + 1) - FREE, 0)
    scores = np.empty_like(sums)
    np.put_along_axis(scores, order, sums, axis=1)
    return scores


@dataclass(frozen=True, eq=False)
class Cuts:
    """Cuts of groups of rows, calibrated apart (Mondrian: each group is covered on its own)."""

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    cuts: Floats

    @classmethod
    def of(cls, scores: Floats, groups: Whole, names: tuple[str, ...], target: float) -> Cuts:
        """The cuts of rows with known labels, of which each has the score of its label."""
        parts = [scores[groups == at] for at in range(len(names))]
        cuts = np.array([cut_of(part, target) for part in parts])
        return cls(names, tuple(len(part) for part in parts), cuts)

    def at(self, groups: Whole) -> Floats:
        """The cut of each row; infinite for those of an unknown group."""
        found: Floats = np.where(groups >= 0, self.cuts[groups], np.inf)
        return found


def label_scores(scores: Floats, label: npt.NDArray[np.integer]) -> Floats:
    """The score of each row's label; infinite for a label that the model has no score of."""
    rows = np.arange(len(label))
    is_known = (label >= 0) & (label < scores.shape[1])
    found: Floats = np.where(is_known, scores[rows, np.clip(label, 0, scores.shape[1] - 1)], np.inf)
    return found


def class_sets(scores: Floats, cuts: Floats) -> Bools:
    """(n, K) which classes are in the set of each row."""
    sets: Bools = scores <= cuts[:, None] + _SLACK
    return sets
