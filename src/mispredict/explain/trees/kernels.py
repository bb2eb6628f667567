"""Shapley values of decision trees, exact, in compiled loops.

A leaf is a product game. With the features in S taken from the row and the others unknown it is
reached with `v(S) = value × Π_{k in S} m_k × Π_{k not in S} c_k`, where `m_k` says whether the row
meets all conditions of feature k on the path, and `c_k` is the share of the training rows that
do. A Shapley value is the integral of the game's slope along the diagonal of the cube (Owen
1972), here a polynomial, which Gauss-Legendre quadrature sums exactly with half as many points as
the path has features, and without cancellation, since every factor lies in [0, 1]. With
background rows, `c_k` is 0 or 1 by the background row, and the value has a closed form.

What a leaf gives depends on the row by the bits m alone. So each subtree with few conditions gets
one table over all of its patterns, and a row is a look-up per subtree and feature (pattern tables
are those of Wettenstein et al., "WOODELF", 2025). Where the path is too long for a table, or rows
too few to pay for it, the leaf is summed row by row.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from mispredict.engine.jit import kernel

Array = np.ndarray[Any, Any]

TABLE_BITS = 10  # of a subtree's table: 1,024 patterns of a few players stay in fast caches
DEEPEST = 60  # different features on a path: the bits of one number
_LONGEST_TABLE = 14  # bits of the table of a single leaf
_BLOCK = 512  # rows at a time
_POINTS = DEEPEST // 2 + 1


class Nodes(NamedTuple):
    """Nodes of all trees; `feature` is -1 at leaves, `value` is that of one output.

    A code goes left if it is at most `cut`, or the missing one and `missing_left`; where
    `table_at` is not negative, if `table[table_at + code]` is set.
    """

    feature: Array
    cut: Array
    missing_left: Array
    left: Array
    right: Array
    value: Array
    cover: Array
    table: Array
    table_at: Array


class Rows(NamedTuple):
    """Codes (features, rows), and per feature the code that means missing."""

    codes: Array
    missing: Array


class Way(NamedTuple):
    """The splits above a node: `path[s]` is left to the left if `goes[s]`; of `d` features."""

    path: Array
    goes: Array
    depth: int
    feats: Array
    d: int


class Leaf(NamedTuple):
    """A leaf's `size` features: k is met by a pattern if `pattern & need[k] == want[k]`."""

    own: Array
    share: Array
    need: Array
    want: Array
    size: int


class Rule(NamedTuple):
    """Quadrature on [0, 1], one row per number of points, and B(i, j + 1) = (i-1)! j! / (i+j)!."""

    nodes: Array
    weights: Array
    beta: Array


def rule() -> Rule:
    """The constants that the loops need."""
    from scipy.special import beta

    nodes, weights = np.zeros((_POINTS + 1, _POINTS)), np.zeros((_POINTS + 1, _POINTS))
    for points in range(1, _POINTS + 1):
        x, w = np.polynomial.legendre.leggauss(points)
        nodes[points, :points], weights[points, :points] = (x + 1) / 2, w / 2
    counts = np.arange(DEEPEST + 1)
    table = np.zeros((DEEPEST + 1, DEEPEST + 1))
    table[1:] = beta(counts[1:, None], counts[None, :] + 1)
    return Rule(nodes, weights, table)


@kernel()
def margins(nodes: Nodes, rows: Rows, root: int, out: Array) -> None:
    """Add to `out` the value of the leaf that each row reaches."""
    for i in range(rows.codes.shape[1]):
        node = root
        while nodes.feature[node] >= 0:
            f = nodes.feature[node]
            code = rows.codes[f, i]
            if nodes.table_at[node] >= 0:
                is_left = nodes.table[nodes.table_at[node] + code] != 0
            else:
                is_left = code <= nodes.cut[node] or (
                    nodes.missing_left[node] != 0 and code == rows.missing[f]
                )
            node = nodes.left[node] if is_left else nodes.right[node]
        out[i] += nodes.value[node]


@kernel()
def explain_tree(
    nodes: Nodes,
    rows: Rows,
    back: Rows,
    constants: Rule,
    player: Array,
    root: int,
    table_bits: int,
    phi: Array,
) -> None:
    """Add one tree's Shapley values of all rows to `phi`, (players, rows).

    Args:
        back: background rows; none for the shares of the training rows.
        player: the player that each feature belongs to.
        table_bits: most conditions of a subtree that gets one table; 0 for few rows.
    """
    size = nodes.left.shape[0]
    below = _splits_below(nodes, root)
    depth_of = np.zeros(size, np.int32)
    path, goes = np.empty(1024, np.int32), np.empty(1024, np.uint8)
    stack, came = np.empty(size + 1, np.int32), np.empty(size + 1, np.uint8)
    feats = np.empty(DEEPEST + 1, np.int32)
    top = 1
    stack[0], came[0] = root, 0
    while top:
        top -= 1
        node = stack[top]
        depth = depth_of[node]
        if depth:
            goes[depth - 1] = came[top]
        d = _features_of(nodes, path, depth, feats)
        if nodes.feature[node] >= 0 and d + below[node] > table_bits:
            path[depth] = node
            depth_of[nodes.left[node]] = depth + 1
            depth_of[nodes.right[node]] = depth + 1
            stack[top], came[top] = nodes.left[node], 1
            stack[top + 1], came[top + 1] = nodes.right[node], 0
            top += 2
            continue
        way = Way(path, goes, depth, feats, d)
        _explain_subtree(nodes, rows, back, constants, player, node, way, below[node], phi)


@kernel()
def _splits_below(nodes: Nodes, root: int) -> Array:
    """Per node of the tree, how many splits it and the nodes below have."""
    size = nodes.left.shape[0]
    below = np.zeros(size, np.int32)
    order, stack = np.empty(size, np.int32), np.empty(size + 1, np.int32)
    count, top = 0, 1
    stack[0] = root
    while top:
        top -= 1
        node = stack[top]
        order[count] = node
        count += 1
        if nodes.feature[node] >= 0:
            stack[top], stack[top + 1] = nodes.left[node], nodes.right[node]
            top += 2
    for i in range(count - 1, -1, -1):
        node = order[i]
        if nodes.feature[node] >= 0:
            below[node] = 1 + below[nodes.left[node]] + below[nodes.right[node]]
    return below


@kernel()
def _features_of(nodes: Nodes, path: Array, depth: int, feats: Array) -> int:
    """Write the different features of the path into `feats`; how many."""
    d = 0
    for s in range(depth):
        if _place(feats, d, nodes.feature[path[s]]) < 0:
            feats[d] = nodes.feature[path[s]]
            d += 1
    return d


@kernel()
def _place(items: Array, count: int, item: int) -> int:
    """Where the item stands among the first ones, -1 if it does not."""
    for k in range(count):
        if items[k] == item:
            return k
    return -1


@kernel()
def _explain_subtree(
    nodes: Nodes,
    rows: Rows,
    back: Rows,
    constants: Rule,
    player: Array,
    node: int,
    way: Way,
    n_splits: int,
    phi: Array,
) -> None:
    """Add what the leaves below a node give; the node is reached by `way`."""
    d, feats = way.d, way.feats
    n = rows.codes.shape[1]
    splits = _splits_of(nodes, node, n_splits)
    who = np.empty(d + n_splits + 1, np.int32)
    n_who = 0
    for k in range(d + n_splits):
        p = player[feats[k] if k < d else nodes.feature[splits[k - d]]]
        if _place(who, n_who, p) < 0:
            who[n_who] = p
            n_who += 1
    seen = np.empty(back.codes.shape[1], np.int64)
    if len(seen):
        _patterns(nodes, back, 0, way, splits, n_splits, seen)
    if n_splits == 0 and (d > _LONGEST_TABLE or (1 << d) > n):
        _add_rows(nodes, rows, seen, constants, player, node, way, phi)
        return
    table = _subtree_table(nodes, seen, constants, player, node, way, splits, n_splits, who, n_who)
    pattern = np.empty(min(_BLOCK, n), np.int64)
    for start in range(0, n, _BLOCK):
        m = min(_BLOCK, n - start)
        _patterns(nodes, rows, start, way, splits, n_splits, pattern[:m])
        for j in range(n_who):
            values, target = table[j], phi[who[j]]
            for i in range(m):
                target[start + i] += values[pattern[i]]


@kernel()
def _splits_of(nodes: Nodes, top_node: int, n_splits: int) -> Array:
    """The splits of a subtree; their order is that of their bits."""
    splits, stack = np.empty(n_splits + 1, np.int32), np.empty(2 * n_splits + 3, np.int32)
    found, top = 0, 1
    stack[0] = top_node
    while top:
        top -= 1
        node = stack[top]
        if nodes.feature[node] >= 0:
            splits[found] = node
            found += 1
            stack[top], stack[top + 1] = nodes.left[node], nodes.right[node]
            top += 2
    return splits


@kernel()
def _patterns(
    nodes: Nodes, rows: Rows, start: int, way: Way, splits: Array, n_splits: int, out: Array
) -> None:
    """Write each row's bits: per feature of the path, then per split below."""
    path, goes, depth, feats, d = way.path, way.goes, way.depth, way.feats, way.d
    n = len(out)
    left, met = np.empty(n, np.uint8), np.empty(n, np.uint8)
    for i in range(n):
        out[i] = 0
    for k in range(d):
        for i in range(n):
            met[i] = 1
        for s in range(depth):
            if nodes.feature[path[s]] == feats[k]:
                _goes_left(nodes, rows, start, path[s], left)
                flip = 1 - goes[s]
                for i in range(n):
                    met[i] &= left[i] ^ flip
        for i in range(n):
            out[i] |= np.int64(met[i]) << k
    for j in range(n_splits):
        _goes_left(nodes, rows, start, splits[j], left)
        for i in range(n):
            out[i] |= np.int64(left[i]) << (d + j)


@kernel()
def _goes_left(nodes: Nodes, rows: Rows, start: int, node: int, out: Array) -> None:
    """Write 1 for the rows that go left at the node, else 0."""
    f = nodes.feature[node]
    column = rows.codes[f]
    at, cut = nodes.table_at[node], nodes.cut[node]
    if at >= 0:
        for i in range(len(out)):
            out[i] = nodes.table[at + column[start + i]]
    elif nodes.missing_left[node]:
        gone = rows.missing[f]
        for i in range(len(out)):
            code = column[start + i]
            out[i] = (code <= cut) | (code == gone)
    else:
        for i in range(len(out)):
            out[i] = column[start + i] <= cut


@kernel()
def _shares(nodes: Nodes, way: Way) -> Array:
    """Per feature of the path, the share of the training rows that meet its conditions."""
    share = np.ones(way.d + 1)
    for s in range(way.depth):
        split = way.path[s]
        child = nodes.left[split] if way.goes[s] else nodes.right[split]
        k = _place(way.feats, way.d, nodes.feature[split])
        share[k] *= nodes.cover[child] / nodes.cover[split]
    return share


@kernel()
def _add_rows(
    nodes: Nodes,
    rows: Rows,
    seen: Array,
    constants: Rule,
    player: Array,
    leaf: int,
    way: Way,
    phi: Array,
) -> None:
    """Add what one leaf gives, row by row."""
    d = way.d
    n = rows.codes.shape[1]
    share, out = _shares(nodes, way), np.empty(d + 1)
    pattern, none = np.empty(min(_BLOCK, n), np.int64), np.empty(0, np.int32)
    for start in range(0, n, _BLOCK):
        m = min(_BLOCK, n - start)
        _patterns(nodes, rows, start, way, none, 0, pattern[:m])
        for i in range(m):
            _leaf_values(pattern[i], d, nodes.value[leaf], share, seen, constants, out)
            for k in range(d):
                phi[player[way.feats[k]], start + i] += out[k]


@kernel()
def _subtree_table(
    nodes: Nodes,
    seen: Array,
    constants: Rule,
    player: Array,
    top_node: int,
    way: Way,
    splits: Array,
    n_splits: int,
    who: Array,
    n_who: int,
) -> Array:
    """What the leaves below a node give to each player under each pattern, (players, 2^bits)."""
    d = way.d
    bits = d + n_splits
    table = np.zeros((n_who, 1 << bits))
    base = _shares(nodes, way)
    own, share = np.empty(bits + 1, np.int32), np.empty(bits + 1)
    need, want = np.empty(bits + 1, np.int64), np.empty(bits + 1, np.int64)
    stack, came = np.empty(2 * n_splits + 3, np.int32), np.empty(2 * n_splits + 3, np.uint8)
    deep_of = np.empty(2 * n_splits + 3, np.int32)
    below, below_goes = np.empty(n_splits + 2, np.int32), np.empty(n_splits + 2, np.uint8)
    top = 1
    stack[0], came[0], deep_of[0] = top_node, 0, 0
    while top:
        top -= 1
        node, deep = stack[top], deep_of[top]
        if deep:
            below_goes[deep - 1] = came[top]
        if nodes.feature[node] >= 0:
            below[deep] = node
            stack[top], came[top], deep_of[top] = nodes.left[node], 1, deep + 1
            stack[top + 1], came[top + 1], deep_of[top + 1] = nodes.right[node], 0, deep + 1
            top += 2
        elif nodes.value[node] != 0.0:
            for k in range(d):
                own[k], share[k], need[k], want[k] = way.feats[k], base[k], 1 << k, 1 << k
            count = d
            for s in range(deep):
                split = below[s]
                child = nodes.left[split] if below_goes[s] else nodes.right[split]
                k = _place(own, count, nodes.feature[split])
                if k < 0:
                    k = count
                    count += 1
                    own[k], share[k], need[k], want[k] = nodes.feature[split], 1.0, 0, 0
                bit = 1 << (d + _place(splits, n_splits, split))
                share[k] *= nodes.cover[child] / nodes.cover[split]
                need[k] |= bit
                if below_goes[s]:
                    want[k] |= bit
            leaf = Leaf(own, share, need, want, count)
            _add_leaf(nodes.value[node], seen, constants, player, leaf, bits, who, n_who, table)
    return table


@kernel()
def _add_leaf(
    value: float,
    seen: Array,
    constants: Rule,
    player: Array,
    leaf: Leaf,
    bits: int,
    who: Array,
    n_who: int,
    table: Array,
) -> None:
    """Add a leaf to the table of its subtree."""
    count = leaf.size
    out, place = np.empty(count + 1), np.empty(count + 1, np.int32)
    for k in range(count):
        place[k] = _place(who, n_who, player[leaf.own[k]])
    masks = np.empty(len(seen), np.int64)
    for b in range(len(seen)):
        masks[b] = _met(seen[b], leaf)
    known = np.empty((1 << count, count + 1))
    for mask in range(1 << count):
        _leaf_values(mask, count, value, leaf.share, masks, constants, out)
        for k in range(count):
            known[mask, k] = out[k]
    for pattern in range(1 << bits):
        mask = _met(pattern, leaf)
        for k in range(count):
            table[place[k], pattern] += known[mask, k]


@kernel()
def _met(pattern: int, leaf: Leaf) -> int:
    """Which of a leaf's features the pattern meets, as bits."""
    mask = 0
    for k in range(leaf.size):
        if (pattern & leaf.need[k]) == leaf.want[k]:
            mask |= 1 << k
    return mask


@kernel()
def _leaf_values(
    mask: int, d: int, value: float, share: Array, seen: Array, constants: Rule, out: Array
) -> None:
    """Write a leaf's d Shapley values; `mask` says which features the row meets."""
    for k in range(d):
        out[k] = 0.0
    if len(seen):
        _against_rows(mask, d, value, seen, constants.beta, out)
        return
    points = (d + 1) // 2
    for q in range(points):
        t = constants.nodes[points, q]
        product = constants.weights[points, q] * value
        for k in range(d):
            c = share[k]
            product *= c + (1.0 - c) * t if (mask >> k) & 1 else c * (1.0 - t)
        for k in range(d):
            c = share[k]
            if (mask >> k) & 1:
                out[k] += product * (1.0 - c) / (c + (1.0 - c) * t)
            else:
                out[k] -= product / (1.0 - t)


@kernel()
def _against_rows(mask: int, d: int, value: float, seen: Array, beta: Array, out: Array) -> None:
    """Add a leaf's Shapley values against background rows that meet the features in `seen`."""
    full = (1 << d) - 1
    each = value / len(seen)
    for b in range(len(seen)):
        other = seen[b]
        if (mask | other) != full:
            continue
        ours, theirs = 0, 0  # features that only the row, only the background row meets
        for k in range(d):
            if not (other >> k) & 1:
                ours += 1
            elif not (mask >> k) & 1:
                theirs += 1
        for k in range(d):
            if not (other >> k) & 1:
                out[k] += each * beta[ours, theirs]
            elif not (mask >> k) & 1:
                out[k] -= each * beta[theirs, ours]


@kernel()
def interactions(
    nodes: Nodes, rows: Rows, constants: Rule, player: Array, root: int, out: Array
) -> None:
    """Add one tree's Shapley interactions of pairs of players to `out`, (rows, players, players).

    Each of the two halves of a pair's interaction is in `out[i, j]` and `out[j, i]`, as in SHAP;
    the diagonal stays 0.
    """
    size, n = nodes.left.shape[0], rows.codes.shape[1]
    depth_of = np.zeros(size, np.int32)
    path, goes = np.empty(1024, np.int32), np.empty(1024, np.uint8)
    stack, came = np.empty(size + 1, np.int32), np.empty(size + 1, np.uint8)
    feats, none = np.empty(DEEPEST + 1, np.int32), np.empty(0, np.int32)
    pattern = np.empty(n, np.int64)
    top = 1
    stack[0], came[0] = root, 0
    while top:
        top -= 1
        node = stack[top]
        depth = depth_of[node]
        if depth:
            goes[depth - 1] = came[top]
        if nodes.feature[node] >= 0:
            path[depth] = node
            depth_of[nodes.left[node]] = depth + 1
            depth_of[nodes.right[node]] = depth + 1
            stack[top], came[top] = nodes.left[node], 1
            stack[top + 1], came[top + 1] = nodes.right[node], 0
            top += 2
            continue
        d = _features_of(nodes, path, depth, feats)
        way = Way(path, goes, depth, feats, d)
        share = _shares(nodes, way)
        _patterns(nodes, rows, 0, way, none, 0, pattern)
        for i in range(n):
            _add_pairs(pattern[i], d, nodes.value[node], share, constants, player, feats, out[i])


@kernel()
def _add_pairs(
    mask: int, d: int, value: float, share: Array, constants: Rule, player: Array, feats: Array,
    out: Array,
) -> None:  # fmt: skip
    """Add the interactions of a leaf's features for a row that meets those in `mask`."""
    points = max(d // 2, 1)  # the slope in two features is a polynomial of degree d - 2
    factor, slope = np.empty(d + 1), np.empty(d + 1)
    for q in range(points):
        t = constants.nodes[points, q]
        product = constants.weights[points, q] * value
        for k in range(d):
            c = share[k]
            met = 1.0 if (mask >> k) & 1 else 0.0
            factor[k] = c + (met - c) * t
            slope[k] = met - c
            product *= factor[k]
        for j in range(d):
            for k in range(j):
                one, other = player[feats[j]], player[feats[k]]
                if one != other:
                    half = 0.5 * product * slope[j] * slope[k] / (factor[j] * factor[k])
                    out[one, other] += half
                    out[other, one] += half
