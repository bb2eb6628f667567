"""How good a person is at the task: what the labels of several annotators say.

One annotator is compared with the others of the same row, so a row counts once per annotator
and no annotator is compared with a truth that he made himself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.estimates import estimate
from mispredict.core.errors import BadOption

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.integer[Any]]

_CELLS = 4_000_000  # votes looked at together, rows × classes


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The best value that can be expected, with its interval and where it comes from.

    `low` and `high` equal `value` where somebody gave it, and `n` is 0 then.
    """

    value: float
    low: float
    high: float
    n: int
    source: str

    @classmethod
    def given(cls, value: float, source: str = "given") -> Ceiling:
        """A ceiling that is taken as exact."""
        return cls(float(value), float(value), float(value), 0, source)


def human_ceiling(
    scores: Floats,
    mask: npt.NDArray[np.bool_] | None = None,
    *,
    level: float = 0.95,
    source: str = "annotators",
) -> Ceiling:
    """Mean agreement of one annotator with the others, over the rows of a cohort.

    Args:
        scores: what `agreement` gives; rows without it (NaN) are left out.
        mask: the cohort; None for all rows.

    Example:
        >>> votes = np.array([[3, 0], [2, 1], [0, 5]])
        >>> round(human_ceiling(agreement(votes)).value, 3)
        0.778
    """
    known = np.isfinite(scores) if mask is None else mask & np.isfinite(scores)
    values = scores[known]
    found = estimate(values, np.ones(len(values)), is_share=True, level=level)
    return Ceiling(found.value, found.low, found.high, found.n, source)


def agreement(votes: npt.NDArray[np.generic], *, label: Codes | None = None) -> Floats:
    """Share of each row's annotators who agree with the majority of the row's others.

    Where the others are divided, a class counts by its share of the tie. It depends on the
    counts alone, so nobody needs to know who voted what. NaN where fewer than two voted.

    Args:
        votes: how many annotators chose each class, (rows, classes).
        label: with it, agreement with these labels (class numbers, -1 for none) instead of
            the others: for labels that were made otherwise, by an expert or from a mean.

    Raises:
        BadOption: there are negative or unknown counts.
    """
    counts = np.asarray(votes, dtype=np.float64)
    if counts.ndim != 2 or not (np.isfinite(counts) & (counts >= 0)).all():
        raise BadOption(
            "votes must be a count of 0 or more for each row and class.",
            known=f"They have shape {counts.shape}.",
            hint="votes={'yes': 'votes_yes', 'no': 'votes_no'}",
        )
    if label is not None:
        return _with_label(counts, label)
    step = max(1, _CELLS // max(1, counts.shape[1]))
    parts = [_with_others(counts[at : at + step]) for at in range(0, len(counts), step)]
    return np.concatenate(parts) if parts else np.zeros(0)


def count_votes(labels: Sequence[Codes], classes: int) -> npt.NDArray[np.int32]:
    """Votes per row and class from one array of class numbers per annotator (-1: none)."""
    if len(labels) < 2:
        raise BadOption(
            f"{len(labels)} annotator cannot be compared with others.",
            hint="the columns of two annotators or more",
        )
    votes = np.zeros((len(labels[0]), classes), dtype=np.int32)
    for codes in labels:
        rows = np.flatnonzero(codes >= 0)
        votes[rows, codes[rows]] += 1
    return votes


def _with_others(counts: Floats) -> Floats:
    """Agreement with the majority of the others, from the counts of all.

    Without his own vote, a voter of the only leader finds it ahead still, or level with the
    classes one vote behind; a voter of any other class finds that class behind.
    """
    voters = counts.sum(axis=1)
    top = counts.max(axis=1, initial=0)
    leaders = (counts == top[:, None]).sum(axis=1)
    level_then = 1 + (counts == (top - 1)[:, None]).sum(axis=1)
    with np.errstate(all="ignore"):
        agreed = np.where(leaders == 1, top / level_then, 0.0) / voters
    return np.where(voters >= 2, agreed, np.nan)


def _with_label(counts: Floats, label: Codes) -> Floats:
    voters = counts.sum(axis=1)
    known = np.flatnonzero((label >= 0) & (voters > 0))
    result = np.full(len(counts), np.nan)
    result[known] = counts[known, label[known]] / voters[known]
    return result
