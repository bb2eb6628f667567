"""Sums for ROC AUC and average precision, with their variances, per group and tie-safe.

The rows are sorted by score once, for all groups and groupings. One pass then visits them from
the lowest score up and keeps, per group, what lies below; a block of equal scores is closed
when its group meets another score, so groups need no sorting of their own.

A positive row loses `D`, the weight of negatives at or above it (half of those that tie); a
negative loses `E`, the weight of positives at or below it. ROC AUC is 1 − Σ w D / (P N), and its
variance needs Σ w² D, Σ w² D², Σ w² E, Σ w² E² (DeLong, DeLong & Clarke-Pearson 1988).

Average precision is the mean over positives of precision at their score, Π. With
A = Σ w/N(s) and B = Σ w TP(s)/N(s)² over positives up to a score, the influence of a positive is
Π + A − B − AP, and of a negative −B, both over P.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mispredict.engine.jit import has_numba, kernel
from mispredict.engine.kernels.groups import normalise_codes, read_only

Array = np.ndarray[Any, Any]


def ranked(
    codes: Array,
    order: Array,
    scores: Array,
    positive: Array,
    weights: Array,
    n_groups: int,
    *,
    precise: bool = True,
) -> Array:
    """Sums over rows sorted by score: float64 `(n_groups, 15)`, named by `names.RANKED`.

    Args:
        codes: group per row, unsorted.
        order: int32 row numbers, by ascending score; rows left out do not count.
        scores: float64, sorted (`score[order]`).
        positive: uint8, sorted; 1 for the positive class.
        weights: float64, sorted; empty for weights of one.
        n_groups: number of groups.
        precise: also the sums for average precision, which cost as much again.
    """
    if not has_numba():
        return ranked_numpy(codes, order, scores, positive, weights, n_groups)
    order, positive = read_only(order, np.int32), read_only(positive, np.uint8)
    scores, weights = read_only(scores, np.float64), read_only(weights, np.float64)
    codes = normalise_codes(codes)
    summed: Array = _ranked_loop(codes, order, scores, positive, weights, n_groups, precise)
    return summed


@kernel()
def _ranked_loop(
    codes: Array,
    order: Array,
    scores: Array,
    positive: Array,
    weights: Array,
    n_groups: int,
    precise: bool,
) -> Array:
    n = order.size
    s = np.zeros((n_groups, 15), np.float64)  # names.RANKED
    t = np.zeros((n_groups, 8), np.float64)  # 0 below+ 1 below- 2 tie+ 3 tie- 4 tie+² 5 tie-² A B
    last = np.full(n_groups, np.nan)
    group_of = np.empty(n, codes.dtype)
    weighted = weights.size > 0
    for i in range(n):
        code = codes[order[i]]
        group_of[i] = code
        g = np.int64(code)
        if 0 <= g < n_groups:
            w = weights[i] if weighted else 1.0
            side = 1 - np.int64(positive[i])
            s[g, side] += w
            s[g, 2 + side] += w * w
            s[g, 4 + side] += 1.0
    # one loop, because a call per row costs five times as much
    for i in range(n + n_groups):  # the last n_groups steps close what is still open
        g = np.int64(group_of[i]) if i < n else np.int64(i - n)
        if g < 0 or g >= n_groups:
            continue
        score = scores[i] if i < n else np.nan
        if score != last[g]:
            last[g] = score
            lost_p = s[g, 1] - t[g, 1] - 0.5 * t[g, 3]
            lost_n = t[g, 0] + 0.5 * t[g, 2]
            s[g, 6] += t[g, 2] * lost_p
            s[g, 7] += t[g, 4] * lost_p
            s[g, 8] += t[g, 4] * lost_p * lost_p
            s[g, 9] += t[g, 5] * lost_n
            s[g, 10] += t[g, 5] * lost_n * lost_n
            if precise:
                hits = s[g, 0] - t[g, 0]
                above = hits + s[g, 1] - t[g, 1]
                if above > 0.0:
                    precision = hits / above
                    t[g, 6] += t[g, 2] / above
                    t[g, 7] += t[g, 2] * precision / above
                    pull = precision + t[g, 6] - t[g, 7]
                    s[g, 11] += t[g, 2] * precision
                    s[g, 12] += t[g, 4] * pull
                    s[g, 13] += t[g, 4] * pull * pull
                    s[g, 14] += t[g, 5] * t[g, 7] * t[g, 7]
            t[g, 0] += t[g, 2]
            t[g, 1] += t[g, 3]
            t[g, 2], t[g, 3], t[g, 4], t[g, 5] = 0.0, 0.0, 0.0, 0.0
        if i < n:
            w = weights[i] if weighted else 1.0
            side = 1 - np.int64(positive[i])
            t[g, 2 + side] += w
            t[g, 4 + side] += w * w
    return s


def ranked_numpy(
    codes: Array, order: Array, scores: Array, positive: Array, weights: Array, n_groups: int
) -> Array:
    """`ranked` without compiled code: the blocks of equal scores of all groups at once."""
    group = codes[order].astype(np.int64)
    kept = (group >= 0) & (group < n_groups)
    if not kept.any():
        return np.zeros((n_groups, 15))
    w = weights[kept] if weights.size else np.ones(int(kept.sum()))
    by_group = np.argsort(group[kept], kind="stable")
    group, score = group[kept][by_group], scores[kept][by_group]
    w, hit = w[by_group], positive[kept][by_group] == 1
    starts = np.flatnonzero(np.r_[True, (np.diff(group) != 0) | (np.diff(score) != 0)])
    kinds = (w * hit, w * ~hit, w**2 * hit, w**2 * ~hit, hit * 1.0, ~hit * 1.0)
    blocks = np.stack([np.add.reduceat(kind, starts) for kind in kinds])
    return _from_blocks(group[starts], blocks, n_groups)


def _from_blocks(group: Array, blocks: Array, n_groups: int) -> Array:
    whole = np.stack([np.bincount(group, weights=row, minlength=n_groups) for row in blocks])
    p, m, p2, m2 = blocks[:4]
    below_p, below_m = _before(p, group), _before(m, group)
    lost_p = whole[1][group] - below_m - m / 2
    lost_m = below_p + p / 2
    hits = whole[0][group] - below_p
    above = hits + whole[1][group] - below_m
    safe = np.where(above > 0, above, np.inf)
    precision = hits / safe
    a = _before(p / safe, group) + p / safe
    b = _before(p * precision / safe, group) + p * precision / safe
    pull = (precision + a - b) * (above > 0)
    columns = (p * lost_p, p2 * lost_p, p2 * lost_p**2, m2 * lost_m, m2 * lost_m**2)
    pulls = (p * precision, p2 * pull, p2 * pull**2, m2 * b**2)
    summed = [np.bincount(group, weights=row, minlength=n_groups) for row in (*columns, *pulls)]
    return np.stack([*whole, *summed], axis=1)


def _before(values: Array, group: Array) -> Array:
    """Running sum within each group, without the value itself; groups are contiguous."""
    running = np.cumsum(values) - values
    first = np.flatnonzero(np.r_[True, np.diff(group) != 0])
    lengths = np.diff(np.r_[first, group.size])
    before: Array = running - np.repeat(running[first], lengths)
    return before


def placements(
    codes: Array, order: Array, scores: Array, positive: Array, weights: Array, n_groups: int
) -> Array:
    """What each sorted row loses, `D` of a positive and `E` of a negative; for averages of AUCs.

    Arguments are those of `ranked`; float64 in sorted order, 0 for rows in no group.
    """
    out = np.zeros(order.size)
    group = codes[order].astype(np.int64)
    kept = np.flatnonzero((group >= 0) & (group < n_groups))
    if not kept.size:
        return out
    rows = kept if n_groups == 1 else kept[np.argsort(group[kept], kind="stable")]
    group, score, hit = group[rows], scores[rows], positive[rows] == 1
    w = weights[rows] if weights.size else np.ones(rows.size)
    starts = np.flatnonzero(np.r_[True, (np.diff(group) != 0) | (np.diff(score) != 0)])
    p, m = np.add.reduceat(w * hit, starts), np.add.reduceat(w * ~hit, starts)
    block_group = group[starts]
    negative = np.bincount(block_group, weights=m, minlength=n_groups)
    lost = negative[block_group] - _before(m, block_group) - m / 2
    gained = _before(p, block_group) + p / 2
    sizes = np.diff(np.r_[starts, rows.size])
    out[rows] = np.where(hit, np.repeat(lost, sizes), np.repeat(gained, sizes))
    return out


def pulls(
    codes: Array, order: Array, scores: Array, positive: Array, weights: Array, n_groups: int
) -> Array:
    """Π + A − B of each sorted positive row and −B of each negative one: see the module.

    Arguments are those of `ranked`; float64 in sorted order, 0 for rows in no group.
    """
    out = np.zeros(order.size)
    group = codes[order].astype(np.int64)
    kept = np.flatnonzero((group >= 0) & (group < n_groups))
    if not kept.size:
        return out
    rows = kept if n_groups == 1 else kept[np.argsort(group[kept], kind="stable")]
    group, score, hit = group[rows], scores[rows], positive[rows] == 1
    w = weights[rows] if weights.size else np.ones(rows.size)
    starts = np.flatnonzero(np.r_[True, (np.diff(group) != 0) | (np.diff(score) != 0)])
    p, m = np.add.reduceat(w * hit, starts), np.add.reduceat(w * ~hit, starts)
    block = group[starts]
    whole = [np.bincount(block, weights=part, minlength=n_groups) for part in (p, m)]
    hits = whole[0][block] - _before(p, block)
    above = hits + whole[1][block] - _before(m, block)
    safe = np.where(above > 0, above, np.inf)
    precision = hits / safe
    a = _before(p / safe, block) + p / safe
    b = _before(p * precision / safe, block) + p * precision / safe
    sizes = np.diff(np.r_[starts, rows.size])
    out[rows] = np.where(hit, np.repeat(precision + a - b, sizes), -np.repeat(b, sizes))
    return out
