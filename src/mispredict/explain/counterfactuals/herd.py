"""Candidates of many rows: which are kept, and which are alternatives to one another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]

ALIKE = 1.0  # candidates nearer to one another than this are the same answer
FAILS = 1e6  # what a candidate that is not as wanted costs, so that it is behind all others


@dataclass(frozen=True)
class Herd:
    """Candidates of some rows, (rows, candidates, features), with what they cost.

    `rows` are the places of the rows in the search.
    """

    rows: Codes
    genes: Floats
    cost: Floats

    @property
    def is_met(self) -> Bools:
        met: Bools = self.cost < FAILS
        return met

    def take(self, rows: Codes) -> Herd:
        """The candidates of some of the rows."""
        return Herd(self.rows[rows], self.genes[rows], self.cost[rows])

    def top(self, n: int) -> Herd:
        """The first candidates of each row."""
        return Herd(self.rows, self.genes[:, :n], self.cost[:, :n])

    def with_rows(self, rows: Codes, other: Herd) -> Herd:
        """The herd with the candidates of some rows replaced."""
        genes, cost = self.genes.copy(), self.cost.copy()
        genes[rows], cost[rows] = other.genes, other.cost
        return Herd(self.rows, genes, cost)

    def join(self, genes: Floats, cost: Floats, moved: Floats, size: int) -> Herd:
        """The best `size` of these and others, each only once.

        The cheapest first; but one that a cheaper one outdoes comes after those that change
        other features, so that answers differ. `moved` is how far each feature was changed.
        """
        genes = np.concatenate([self.genes, genes], axis=1)
        cost = np.concatenate([self.cost, cost], axis=1)
        cost = np.where(_repeated(genes), np.inf, cost)
        order = np.lexsort((cost, outdone(moved, cost)), axis=1)[:, :size]
        genes = np.take_along_axis(genes, order[:, :, None], axis=1)
        cost = np.take_along_axis(cost, order, axis=1)
        lacking = size - cost.shape[1]
        if lacking > 0:
            cost = np.pad(cost, ((0, 0), (0, lacking)), constant_values=np.inf)
            genes = np.pad(genes, ((0, 0), (0, lacking), (0, 0)), mode="edge")
        return Herd(self.rows, genes, cost)


def outdone(moved: Floats, cost: Floats) -> Bools:
    """Which candidates change all the features that a cheaper one does, and are no alternative.

    An alternative would change one of them clearly less, for changing others.

    Args:
        moved: (rows, candidates, features), how far each feature was changed.
        cost: (rows, candidates).
    """
    cheaper = (cost < FAILS)[:, :, None] & (cost[:, :, None] < cost[:, None, :])
    size = moved.astype(np.float32)
    has_all = np.ones(cheaper.shape, dtype=bool)
    is_less = np.ones(cheaper.shape, dtype=bool)
    far = np.zeros(cheaper.shape, dtype=np.float32)
    for at in range(moved.shape[2]):
        one, other = size[:, :, None, at], size[:, None, :, at]
        has_all &= (one == 0) | (other > 0)
        is_less &= one <= other
        far += np.abs(one - other)
    found: Bools = np.any(cheaper & has_all & (is_less | (far < ALIKE)), axis=1)
    return found


def _repeated(genes: Floats) -> Bools:
    """Which candidates stand further left already."""
    weights = np.random.default_rng(0).standard_normal(genes.shape[2])
    marks = np.nan_to_num(genes, nan=-1e9, posinf=1e300, neginf=-1e300) @ weights
    found = np.zeros(marks.shape, dtype=bool)
    order = np.argsort(marks, axis=1, kind="stable")
    ordered = np.take_along_axis(marks, order, axis=1)
    same = np.zeros(marks.shape, dtype=bool)
    same[:, 1:] = ordered[:, 1:] == ordered[:, :-1]
    np.put_along_axis(found, order, same, axis=1)
    return found
