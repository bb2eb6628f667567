"""Shapley values by permutations, each walked forth and back.

A permutation takes the players of a row in one after another, starting from a background row;
what the answer moves by is each player's share. Its reverse is walked too, which cancels much of
the noise (antithetic pairs; Mitchell, Cooper, Frank & Holmes 2022). Every pair has one background
row, in turn, so that no coalition has to be asked against all of them.

The shares of a pair add up to the row's answer less that of the pair's background row, and of the
latter the mean over all background rows is known. So each player's shares are regressed on it and
taken at that mean (a control variate): that takes most of the background's noise away, and the
attributions add up exactly, since the slopes of all players sum to -1.
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

LEAST_PAIRS = 4  # of which a slope and an interval can be said
_ASKED_ROWS = 16_384  # changed rows that are made at a time


def permuted(asking: Asking, draws: Draws, full: Floats, empty: Floats, pairs: int) -> Batch:
    """Shapley values of the rows, with intervals, from so many pairs or as many as are allowed.

    Args:
        asking: the rows, put to the model.
        draws: of the permutations and background rows.
        full: the model's number for each row, (n,).
        empty: for each row, its number for each substitute, (n, substitutes).
        pairs: permutations per row.
    """
    counts = asking.game.players
    n, most = len(counts), int(counts.max(initial=0))
    sums, caller = _Sums(n, most), asking.subject.caller
    order = draws.order(asking.game.substitutes, salt=1)
    per_pair = int(2 * np.maximum(counts - 1, 0).sum())
    pair = 0
    while pair < pairs:
        several = min(pairs - pair, max(_ASKED_ROWS // max(per_pair, 1), 1))
        if pair + several > LEAST_PAIRS:
            allowed = int(min(caller.left() / max(per_pair, 1), several))
            several = max(allowed, LEAST_PAIRS - pair)
            if several < 1:
                caller.spend()
                break
        _walk_pairs(asking, draws, sums, range(pair, pair + several), order, full, empty)
        pair += several
    base = empty.mean(axis=1)
    values, errors = sums.estimates(base)
    behind = np.arange(most)[None, :] >= counts[:, None]
    values[behind], errors[behind] = np.nan, np.nan
    return Batch(values, base, full, errors)


def _walk_pairs(
    asking: Asking,
    draws: Draws,
    sums: _Sums,
    pairs: range,
    order: Codes,
    full: Floats,
    empty: Floats,
) -> None:
    """Walk these pairs of all rows at once, and add up their shares."""
    counts = asking.game.players
    n, most = len(counts), int(counts.max(initial=0))
    place = np.arange(most)[None, :]
    ranks, substitutes = [], []
    for pair in pairs:
        forth = draws.ranks(counts, most, salt=10 + pair)
        back = np.where(place < counts[:, None], counts[:, None] - 1 - forth, forth)
        ranks += [forth, back]
        substitutes += [order[:, pair % order.shape[1]]] * 2
    row, substitute = np.tile(np.arange(n), len(ranks)), np.concatenate(substitutes)
    ends = np.column_stack([empty[row, substitute], full[row]])
    shares = _walk(asking, row, np.concatenate(ranks), substitute, ends)
    parts, starts = shares.reshape(len(ranks), n, most), ends[:, :1].reshape(len(ranks), n, 1)
    for at in range(0, len(ranks), 2):
        sums.add((parts[at] + parts[at + 1]) / 2, starts[at])


def _walk(asking: Asking, rows: Codes, ranks: Codes, substitute: Codes, ends: Floats) -> Floats:
    """Each player's share on the way of each row; NaN where the model failed beside it."""
    n, most = ranks.shape
    counts = asking.game.players[rows]
    steps = np.full((n, most + 1), np.nan)
    steps[:, 0] = ends[:, 0]
    steps[np.arange(n), counts] = ends[:, 1]
    at_once = max(1, 4 * _ASKED_ROWS // max(most, 1))
    for start in range(0, n, at_once):
        inner = np.maximum(counts[start : start + at_once] - 1, 0)
        way = np.repeat(np.arange(start, start + len(inner)), inner)
        if not len(way):
            continue
        step = np.arange(len(way)) - np.repeat(np.cumsum(inner) - inner, inner) + 1
        kept = ranks[way] < step[:, None]
        steps[way, step] = asking(rows[way], kept, substitute[way])
    shares = np.diff(steps, axis=1)
    return np.asarray(np.take_along_axis(shares, np.minimum(ranks, most - 1), axis=1))


class _Sums:
    """Moments of shares and of the answers for background rows, pair by pair, where known."""

    def __init__(self, n: int, most: int) -> None:
        self._count, self._x, self._y, self._xx, self._xy, self._yy = np.zeros((6, n, most))

    def add(self, shares: Floats, start: Floats) -> None:
        """Add a pair: shares (n, most) of ways that began at `start` (n, 1)."""
        known = np.isfinite(shares) & np.isfinite(start)
        y, x = np.where(known, shares, 0.0), np.where(known, start, 0.0)
        self._count += known
        count = np.maximum(self._count, 1)
        dx, dy = np.where(known, x - self._x, 0.0), np.where(known, y - self._y, 0.0)
        self._x += dx / count
        self._y += dy / count
        self._xx += dx * np.where(known, x - self._x, 0.0)
        self._xy += dx * np.where(known, y - self._y, 0.0)
        self._yy += dy * np.where(known, y - self._y, 0.0)

    def estimates(self, base: Floats) -> tuple[Floats, Floats]:
        """Shares at the mean over all background rows, with half-widths of 95 % intervals."""
        from scipy.special import stdtrit

        count, at = self._count, base[:, None] - self._x
        is_sloped = (self._xx > 1e-12 * np.maximum(base[:, None] ** 2, 1e-12)) & (count > 3)
        spread = np.where(is_sloped, self._xx, 1.0)
        slope = np.where(is_sloped, self._xy / spread, 0.0)
        rest = np.maximum(self._yy - slope * self._xy, 0.0)
        freedom = count - 1 - is_sloped
        with np.errstate(all="ignore"):
            leverage = 1 / count + np.where(is_sloped, at**2 / spread, 0.0)
            error = np.sqrt(rest / freedom * leverage) * stdtrit(freedom, 0.975)
        values = np.where(count > 0, self._y + slope * at, np.nan)
        half = np.where(freedom > 0, error, np.where(count > 0, np.inf, np.nan))
        return values, np.where(rest <= 1e-24 * np.maximum(values**2, 1e-300), 0.0, half)
