"""What several people said of rows: votes, counts of them, and the label of most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mispredict.core.errors import EmptyCohort
from mispredict.data.labels.kernels import Array


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """One entry per vote: which row, who, and which class, all as numbers.

    Attributes:
        row: int64, from 0 to `n` − 1.
        who: int64, place in `people`.
        said: int64, place in `classes`.
        n: number of rows.
        people: names of those who voted; one name, "", where votes have none.
        classes: names of the classes.
        left_out: how many were given that are of no row, or without a label or a person.
    """

    row: Array
    who: Array
    said: Array
    n: int
    people: tuple[str, ...]
    classes: tuple[Any, ...]
    left_out: int = 0

    def __len__(self) -> int:
        return len(self.row)

    @property
    def counts(self) -> Array:
        """Votes by row and class."""
        k = len(self.classes)
        return np.bincount(self.row * k + self.said, minlength=self.n * k).reshape(self.n, k)

    def checked(self) -> Votes:
        """Itself, unless nobody voted.

        Raises:
            EmptyCohort: there is no vote.
        """
        if not len(self):
            raise EmptyCohort("nobody voted.", known=f"{self.n:,} rows.", hint="columns with votes")
        return self


def majority(counts: Array) -> Array:
    """The class of most votes of each row, -1 for a tie or no votes."""
    most = counts.max(axis=1, initial=0)
    is_one = (counts == most[:, None]).sum(axis=1) == 1
    return np.where(is_one & (most > 0), counts.argmax(axis=1), -1)


def of_columns(
    columns: Sequence[Sequence[int] | Array], people: Sequence[str], classes: Sequence[Any]
) -> Votes:
    """Votes of people with a column each: class numbers per row, -1 for none."""
    table = np.stack([np.asarray(column, np.int64) for column in columns], axis=1)
    row, who = np.nonzero(table >= 0)
    return Votes(row, who, table[row, who], len(table), tuple(people), tuple(classes)).checked()
