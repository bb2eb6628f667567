"""Shapley values by permutations, each walked forth and back.

A permutation takes the players of a row in one after another, starting from a background row;
what the answer moves by is each player's share. Its reverse is walked too, which cancels much of
the noise (antithetic pairs; Mitchell, Cooper, Frank & Holmes 2022). Every pair has one background
row, in turn, so that no coalition has to be asked against all of them.

The shares of a pair add up to the row's answer less that of the pair's background row. What the
used background rows are off from all of them is known, and taken back from the players in
proportion to the variance of their means, the generalised least squares estimate under the
constraint: then attributions add up exactly, and one that never varied stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.explain.attributions import Batch

if TYPE_CHECKING:
    from mispredict.explain.draws import Draws
    from mispredict.explain.sampled import Asking

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

LEAST_PAIRS = 3  # of which an interval can be said
_ASKED_ROWS = 200_000  # changed rows held at a time


def permuted(asking: Asking, draws: Draws, full: Floats, empty: Floats, pairs: int) -> Batch:
    """Shapley values of the rows, with intervals, from so many pairs or as many as are allowed.

    Args:
        full: the model's number for each row, (n,).
        empty: for each row, its number for each substitute, (n, substitutes).
        pairs: permutations per row.
    """
    counts = asking.game.players
    n, most = len(counts), int(counts.max(initial=0))
    sums = _Sums(n, most)
    first = draws.order(asking.game.substitutes, salt=1)
    caller = asking.subject.caller
    is_walked = counts > 1
    per_pair = int(2 * (counts - 1)[is_walked].sum())
    for pair in range(pairs):
        if pair >= LEAST_PAIRS and caller.left() < per_pair:
            caller.spend()
            break
        substitute = first[:, pair % first.shape[1]]
        ends = np.column_stack([empty[np.arange(n), substitute], full])
        ranks = draws.ranks(counts, most, salt=10 + pair)
        back = np.where(
            np.arange(most)[None, :] < counts[:, None], counts[:, None] - 1 - ranks, ranks
        )
        forth = _walk(asking, counts, ranks, substitute, ends)
        sums.add((forth + _walk(asking, counts, back, substitute, ends)) / 2)
    values, errors = sums.estimates()
    base = empty.mean(axis=1)
    gap = (full - base) - np.nansum(values, axis=1)
    values, errors = _reconciled(values, errors, gap)
    behind = np.arange(most)[None, :] >= counts[:, None]
    values[behind], errors[behind] = np.nan, np.nan
    return Batch(values, base, full, errors)


def _walk(asking: Asking, counts: Codes, ranks: Codes, substitute: Codes, ends: Floats) -> Floats:
    """Each player's share on the way of its row; NaN where the model failed beside it."""
    n, most = ranks.shape
    steps = np.full((n, most + 1), np.nan)
    steps[:, 0] = ends[:, 0]
    steps[np.arange(n), counts] = ends[:, 1]
    rows_at_once = max(1, _ASKED_ROWS // max(most, 1))
    for start in range(0, n, rows_at_once):
        part = slice(start, min(start + rows_at_once, n))
        inner = np.maximum(counts[part] - 1, 0)
        row = np.repeat(np.arange(part.start, part.stop), inner)
        if not len(row):
            continue
        begins = np.repeat(np.cumsum(inner) - inner, inner)
        step = np.arange(len(row)) - begins + 1
        kept = ranks[row] < step[:, None]
        steps[row, step] = asking(row, kept, substitute[row])
    shares = np.diff(steps, axis=1)
    return np.asarray(np.take_along_axis(shares, np.minimum(ranks, most - 1), axis=1))


class _Sums:
    """Means and variances of shares, pair by pair, of those that are known."""

    def __init__(self, n: int, most: int) -> None:
        self._count, self._mean, self._square = (np.zeros((n, most)) for _ in range(3))

    def add(self, shares: Floats) -> None:
        known = np.isfinite(shares)
        self._count += known
        away = np.where(known, shares - self._mean, 0.0)
        self._mean += away / np.maximum(self._count, 1)
        self._square += away * np.where(known, shares - self._mean, 0.0)

    def estimates(self) -> tuple[Floats, Floats]:
        """Means, and half-widths of their 95 % intervals (Student's t)."""
        from scipy.special import stdtrit

        count = self._count
        with np.errstate(all="ignore"):
            error = np.sqrt(self._square / (count - 1) / count) * stdtrit(count - 1, 0.975)
        return (
            np.where(count > 0, self._mean, np.nan),
            np.where(count > 1, error, np.where(count > 0, np.inf, np.nan)),
        )


def _reconciled(values: Floats, errors: Floats, gap: Floats) -> tuple[Floats, Floats]:
    """Values that add up: the gap is shared in proportion to the variances."""
    spread = np.where(np.isfinite(errors), errors, 0.0) ** 2
    total = spread.sum(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        share = np.where(total > 0, spread / total, 0.0)
    moved = values + share * np.where(np.isfinite(gap), gap, 0.0)[:, None]
    return moved, errors
