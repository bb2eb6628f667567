"""Passes over one class's probabilities of all rows, for confident learning.

Columns come one at a time, so that no matrix of rows × classes is ever copied: beside the
column in hand a pass needs about 40 bytes a row, whatever the number of classes.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from mispredict.engine.jit import has_numba, kernel

Array: TypeAlias = np.ndarray[Any, Any]


def scan(
    column: Array,
    k: int,
    cut: float,
    best: Array,
    best_class: Array,
    sure_class: Array,
    sure: Array,
) -> None:
    """Take class `k` into account, in place: the likeliest class, and those at or above `cut`.

    Args:
        column: probabilities of the class.
        k: its number; classes come in ascending order.
        cut: from which probability on a row surely is of the class.
        best: largest probability so far.
        best_class: whose that is, int32.
        sure_class: the first class that a row surely is of, int32, -1 for none.
        sure: how many there are, int32.
    """
    if has_numba():
        _scan_loop(column, k, cut, best, best_class, sure_class, sure)
        return
    better = column > best
    best[better], best_class[better] = column[better], k
    is_sure = column >= cut
    sure_class[is_sure & (sure == 0)] = k
    sure += is_sure


@kernel()
def _scan_loop(
    column: Array,
    k: int,
    cut: float,
    best: Array,
    best_class: Array,
    sure_class: Array,
    sure: Array,
) -> None:
    for i in range(column.size):
        p = column[i]
        if p > best[i]:
            best[i] = p
            best_class[i] = k
        if p >= cut:
            if sure[i] == 0:
                sure_class[i] = k
            sure[i] += 1


def mark_top(
    column: Array, j: int, label: Array, own: Array, starts: Array, take: Array, marked: Array
) -> None:
    """Mark, in place, the `take[k]` rows of each class `k` that most look like class `j`.

    Those with the largest probability of `j` minus that of their own class; among equals the
    first ones.

    Args:
        column: probabilities of class `j`.
        j: its number.
        label: class of each row, int32, -1 for rows that do not count.
        own: probability of the row's own class.
        starts: where each class begins if rows were sorted by class, int64, K + 1.
        take: how many rows of each class, int64.
        marked: bool, per row.
    """
    if has_numba():
        _mark_loop(column, j, label, own, starts, take, marked)
        return
    for k in np.flatnonzero(take > 0):
        if k == j:
            continue
        rows = np.flatnonzero(label == k)
        order = np.argsort(own[rows] - column[rows], kind="stable")
        marked[rows[order[: take[k]]]] = True


@kernel()
def _mark_loop(
    column: Array, j: int, label: Array, own: Array, starts: Array, take: Array, marked: Array
) -> None:
    classes = take.size
    margins = np.empty(starts[classes], np.float64)
    ends = starts[:classes].copy()
    for i in range(label.size):
        k = label[i]
        if k >= 0 and k != j and take[k] > 0:
            margins[ends[k]] = column[i] - own[i]
            ends[k] += 1
    limits = np.full(classes, np.inf)
    ties = np.zeros(classes, np.int64)
    for k in range(classes):
        n = ends[k] - starts[k]
        if k == j or take[k] <= 0 or n == 0:
            continue
        part = margins[starts[k] : ends[k]]
        wanted = min(take[k], n)
        limits[k] = _select(part, n - wanted)
        ties[k] = wanted
        for i in range(n):
            if part[i] > limits[k]:
                ties[k] -= 1
    for i in range(label.size):
        k = label[i]
        if k >= 0 and k != j and take[k] > 0:
            margin = column[i] - own[i]
            if margin > limits[k]:
                marked[i] = True
            elif margin == limits[k] and ties[k] > 0:
                marked[i] = True
                ties[k] -= 1


@kernel()
def _select(values: Array, place: int) -> float:
    """The value that sorting would put at the place; reorders them (Hoare's quickselect)."""
    low, high = 0, values.size - 1
    while low < high:
        middle = (low + high) // 2
        first, second, third = values[low], values[middle], values[high]
        pivot = max(min(first, second), min(max(first, second), third))
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if place <= j:
            high = j
        elif place >= i:
            low = i
        else:
            break
    return values[place]  # type: ignore[no-any-return]
