"""Rows, errors and what their intervals need, per code of each column under linked filters.

As `marginals.brush`, but rows without a label are told apart from right ones, and losses and
weights bring the sums of squares from which intervals follow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.marginals import failures

if TYPE_CHECKING:
    from mispredict.engine.encode import Coded

Mask = NDArray[np.bool_]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sums:
    """Per code: rows, and over those with a known error Σw, Σw², Σwe, Σw²e and Σw²e².

    `e` is 1 for a wrong row and 0 for a right one, or the loss minus `Outcome.centre`.
    """

    rows: NDArray[np.int64]
    weight: Floats
    weight2: Floats
    error: Floats
    cross: Floats
    error2: Floats

    def __add__(self, other: Sums) -> Sums:
        return Sums(*(a + b for a, b in zip(self.parts, other.parts, strict=True)))

    @property
    def parts(self) -> tuple[NDArray[Any], ...]:
        return (
            self.rows,
            self.weight,
            self.weight2,
            self.error,
            self.cross,
            self.error2,
        )

    def over(self, order: NDArray[np.intp], starts: NDArray[np.intp]) -> Sums:
        """The sums of groups of codes: those of `order` from each of `starts` to the next."""
        return Sums(*(np.add.reduceat(part[order], starts) for part in self.parts))


class Outcome:
    """What is counted of every row: wrong or right, or a loss; NaN where nobody knows."""

    def __init__(self, target: Floats, weight: Floats | None, *, is_loss: bool) -> None:
        self.is_loss = is_loss
        self.n = len(target)
        known = np.isfinite(target)
        self.centre = float(target[known].mean()) if is_loss and known.any() else 0.0
        self._known = known
        self._error = np.where(known, target - self.centre, 0.0)
        self._weight = np.where(known, 1.0 if weight is None else weight, 0.0)

    def sums(self, coded: Coded, rows: Mask | None) -> Sums:
        """Sums per code of a column over some of the rows (all for None)."""
        chosen = slice(None) if rows is None else rows
        codes, size = coded.codes[chosen], coded.book.size
        w, e = self._weight[chosen], self._error[chosen]
        parts = (w, w * w, w * e, w * w * e, w * w * e * e)
        counts = np.bincount(codes, minlength=size)
        return Sums(counts, *(np.bincount(codes, weights=p, minlength=size) for p in parts))


def linked_sums(
    coded: Mapping[str, Coded],
    masks: Mapping[str, Mask],
    outcome: Outcome,
) -> tuple[dict[str, Sums], Mask]:
    """Sums of each column under all masks but its own, and the rows that all masks select."""
    failed = failures(list(masks.values()), outcome.n)
    passed = failed == 0
    found = {name: outcome.sums(item, passed) for name, item in coded.items()}
    for place, view in enumerate(masks, start=1):
        if view in found:
            found[view] = found[view] + outcome.sums(coded[view], failed == place)
    return found, passed


def whole_code(n: int) -> NDArray[np.uint8]:
    """One code for all rows."""
    return np.zeros(n, np.uint8)


def as_list(parts: Sequence[Sums]) -> Sums:
    """The sums of several columns one after the other."""
    return Sums(*(np.concatenate(same) for same in zip(*(p.parts for p in parts), strict=True)))
