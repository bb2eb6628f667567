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

Rows with weights stand for a population that was drawn unevenly: a weight is then how much more
often such a row is met there. Scores count by their weights, and the further row by its own
(weighted conformal prediction: Tibshirani, Foygel Barber, Candès and Ramdas 2019), so that the
chance holds for rows of that population.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.data.doubt.weighing import effective_rows

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


def weighted_cuts(scores: Floats, weight: Floats, further: Floats, target: float) -> Floats:
    """The cut of each of some further rows, whose own weights are given.

    It is the least score up to which the share `target` of all weight lies, that of the further
    row among it, which counts as infinitely strange.

    Example:
        >>> scores, weight = np.arange(1.0, 100.0), np.ones(99)
        >>> weighted_cuts(scores, weight, np.array([1.0, 20.0]), 0.9).tolist()
        [90.0, inf]
    """
    order = np.argsort(scores, kind="stable")
    held = np.cumsum(weight[order])
    total = held[-1] if len(held) else 0.0
    wanted = target * (total + further)
    places = np.searchsorted(held, wanted * (1 - 1e-12))
    cuts: Floats = np.where(total > 0, np.append(scores[order], np.inf)[places], np.inf)
    return cuts


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
    """Cuts of groups of rows, calibrated apart (Mondrian: each group is covered on its own).

    With weights, `cuts` are those of a further row of the group's mean weight; `worth` says how
    many rows of equal weight those calibrated on are worth.
    """

    names: tuple[str, ...]
    sizes: tuple[int, ...]
    cuts: Floats
    worth: tuple[float, ...]
    target: float
    parts: tuple[tuple[Floats, Floats], ...] = ()  # scores and weights by group

    @classmethod
    def of(
        cls,
        scores: Floats,
        groups: Whole,
        names: tuple[str, ...],
        target: float,
        weight: Floats | None = None,
    ) -> Cuts:
        """The cuts of rows with known labels, of which each has the score of its label."""
        chosen = [groups == at for at in range(len(names))]
        sizes = tuple(int(rows.sum()) for rows in chosen)
        if weight is None:
            cuts = np.array([cut_of(scores[rows], target) for rows in chosen])
            return cls(names, sizes, cuts, tuple(map(float, sizes)), target)
        parts = tuple((scores[rows], weight[rows]) for rows in chosen)
        middle = [np.array([own.mean() if len(own) else 1.0]) for _, own in parts]
        cuts = np.array(
            [
                weighted_cuts(*part, mean, target)[0]
                for part, mean in zip(parts, middle, strict=True)
            ]
        )
        worth = tuple(effective_rows(own) for _, own in parts)
        return cls(names, sizes, cuts, worth, target, parts)

    def at(self, groups: Whole, weight: Floats | None = None) -> Floats:
        """The cut of each row; infinite for those of an unknown group.

        With weights, of cuts that were made with them, a row's own weight counts.
        """
        found: Floats = np.where(groups >= 0, self.cuts[groups], np.inf)
        if weight is not None:
            for place, (scores, held) in enumerate(self.parts):
                rows = groups == place
                found[rows] = weighted_cuts(scores, held, weight[rows], self.target)
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
