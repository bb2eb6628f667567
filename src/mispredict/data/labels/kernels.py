"""Passes over probabilities for confident learning: by blocks of rows, nothing is copied whole.

A pass keeps about 30 bytes a row, whatever the number of classes. Rows whose label is not the
likeliest class are few, and only they are ever flagged; so the ranking of margins looks at them
alone, and at all rows of a label only where it would reach beyond them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np

from mispredict.engine.jit import has_numba, kernel

Array: TypeAlias = np.ndarray[Any, Any]


def scan(block: Array, label: Array, own: Array, best: Array, best_class: Array) -> None:
    """Of each row of a block, in place: what its label has, the most, and the class that has it.

    Args:
        block: float64 `(m, K)`, C-contiguous.
        label: int32 `(m,)`, -1 for rows that do not count.
        own: float64 `(m,)`, NaN where the row does not count.
        best: float64 `(m,)`.
        best_class: int32 `(m,)`, the first among equals.
    """
    if has_numba():
        _scan_loop(block, label, own, best, best_class)
        return
    best_class[:] = block.argmax(axis=1)
    best[:] = block[np.arange(len(block)), best_class]
    own[:] = np.where(label >= 0, block[np.arange(len(block)), np.maximum(label, 0)], np.nan)


@kernel()
def _scan_loop(block: Array, label: Array, own: Array, best: Array, best_class: Array) -> None:
    for i in range(block.shape[0]):
        most, place = block[i, 0], 0
        for k in range(1, block.shape[1]):
            if block[i, k] > most:
                most, place = block[i, k], k
        best[i] = most
        best_class[i] = place
        own[i] = block[i, label[i]] if label[i] >= 0 else np.nan


def surely(block: Array, cuts: Array, best_class: Array, sure: Array) -> None:
    """The class that each row of a block surely is of, in place; -1 for none.

    Args:
        block: float64 `(m, K)`, C-contiguous.
        cuts: K, from which probability on a row surely is of a class.
        best_class: int32 `(m,)`, which wins where a row reaches several.
        sure: int32 `(m,)`.
    """
    if has_numba():
        _surely_loop(block, cuts, best_class, sure)
        return
    reaches = block >= cuts
    many = reaches.sum(axis=1)
    sure[:] = np.where(many > 1, best_class, np.where(many == 1, reaches.argmax(axis=1), -1))


@kernel()
def _surely_loop(block: Array, cuts: Array, best_class: Array, sure: Array) -> None:
    for i in range(block.shape[0]):
        found, many = -1, 0
        for k in range(block.shape[1]):
            if block[i, k] >= cuts[k]:
                many += 1
                if many == 1:
                    found = k
        sure[i] = best_class[i] if many > 1 else found


def mark_top(
    margins: Array, starts: Array, take: Array, marked: Array, least: float = 0.0
) -> Array:
    """Mark, in place, the rows with the largest margins of each class, if these are large enough.

    Args:
        margins: float64, of rows sorted by class; NaN never counts.
        starts: int64, K + 1: where each class begins.
        take: int64, K: how many rows of each class.
        marked: bool, of the same rows.
        least: what a margin must be above.

    Returns:
        bool, K: classes of which fewer margins than `take` are above it; nothing of them is
        marked.
    """
    if has_numba():
        short: Array = _mark_loop(margins, starts, take, marked, least)
        return short
    short = np.zeros(len(take), np.bool_)
    for k in np.flatnonzero(take > 0):
        part = margins[starts[k] : starts[k + 1]]
        if (part > least).sum() < take[k]:
            short[k] = True
            continue
        order = np.argsort(-part, kind="stable")[: take[k]]
        marked[starts[k] + order] = True
    return short


@kernel()
def _mark_loop(margins: Array, starts: Array, take: Array, marked: Array, least: float) -> Array:
    short = np.zeros(take.size, np.bool_)
    for k in range(take.size):
        if take[k] <= 0:
            continue
        first, last = starts[k], starts[k + 1]
        positive = np.empty(last - first, np.float64)
        n = 0
        for i in range(first, last):
            if margins[i] > least:
                positive[n] = margins[i]
                n += 1
        if n < take[k]:
            short[k] = True
            continue
        limit = _select(positive[:n], n - take[k])
        ties = take[k]
        for i in range(first, last):
            if margins[i] > limit:
                ties -= 1
        for i in range(first, last):
            if margins[i] > limit:
                marked[i] = True
            elif margins[i] == limit and ties > 0:
                marked[i] = True
                ties -= 1
    return short


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
