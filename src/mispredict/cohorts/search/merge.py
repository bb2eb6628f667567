"""Findings that do not repeat one another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mispredict.cohorts.search.space import Mask

# Two groups of rows are one finding when they share this much of their union, and one lies in
# the other when that holds for this share of its rows.
SAME = 0.6
ALIKE = 0.95
INSIDE = 0.5


@dataclass(frozen=True, slots=True)
class Overlap:
    """Rows that two groups share, of each and of both."""

    shared: int
    first: int
    second: int

    @property
    def jaccard(self) -> float:
        union = self.first + self.second - self.shared
        return self.shared / union if union else 1.0

    @property
    def of_first(self) -> float:
        return self.shared / self.first if self.first else 1.0

    @property
    def of_second(self) -> float:
        return self.shared / self.second if self.second else 1.0


def overlap(first: Mask, second: Mask) -> Overlap:
    """How far two groups of rows overlap."""
    shared = int(np.count_nonzero(first & second))
    return Overlap(shared, int(np.count_nonzero(first)), int(np.count_nonzero(second)))


def merge(
    rows: list[Mask],
    conditions: list[int],
    *,
    most: int,
    is_worse_than_rest: Callable[[int, int], bool],
) -> list[int]:
    """Which of the groups to keep, in their order, the strongest first.

    Of two that select nearly the same rows the simpler one stays, else the earlier. A group
    that lies in an earlier one stays only if it is worse than the rest of that one.

    Args:
        rows: the rows of each group.
        conditions: how many conditions each has.
        most: how many to keep.
        is_worse_than_rest: whether group i is worse than the rows of group j outside of it.
    """
    kept: list[int] = []
    for i in range(len(rows)):
        _place(i, kept, rows, conditions, is_worse_than_rest)
    return kept[:most]


def _place(
    i: int,
    kept: list[int],
    rows: list[Mask],
    conditions: list[int],
    is_worse_than_rest: Callable[[int, int], bool],
) -> None:
    for place, j in enumerate(kept):
        both = overlap(rows[i], rows[j])
        if both.jaccard >= SAME:
            if both.jaccard >= ALIKE and conditions[i] < conditions[j]:
                kept[place] = i
            return
        if both.of_first >= INSIDE and not is_worse_than_rest(i, j):
            return
    kept.append(i)
