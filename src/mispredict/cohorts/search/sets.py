"""Which sets of columns to count, the most promising first."""

from __future__ import annotations

from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.cover import Set
from mispredict.cohorts.search.grid import Grid
from mispredict.cohorts.search.layer import Layer
from mispredict.cohorts.search.scoring import Totals
from mispredict.engine.kernels.slices import unpack


def choose(
    grid: Grid,
    conditions: int,
    *,
    signal: dict[str, float],
    pairs: Layer | None,
    smallest: int,
    most_cells: int,
) -> tuple[list[Set], bool]:
    """Sets of columns whose cubes fit `most_cells`, and whether these are all that matter.

    Sets go by their least promising column, so that the most promising columns are joined in
    all ways before others come in. A set is left out for good when two of its columns, neither
    of them ordered, have no pair of codes that enough rows share.

    Args:
        signal: how much the errors differ between the codes of each column.
        pairs: the counted cubes of pairs of columns, for slices of three and more.
    """
    by_signal = sorted(
        range(len(grid.axes)),
        key=lambda j: (-signal.get(grid.axes[j].column.name, 0.0), grid.axes[j].column.name),
    )
    empty = _empty_pairs(grid, pairs, smallest) if pairs is not None else set()
    sizes = grid.sizes.tolist()
    chosen: list[Set] = []
    cells = 0
    for last, j in enumerate(by_signal):
        for others in combinations(by_signal[:last], conditions - 1):
            item = tuple(sorted((*others, j)))
            if empty and any(pair in empty for pair in combinations(item, 2)):
                continue
            cells += prod(sizes[i] for i in item)
            if cells > most_cells:
                return chosen, False
            chosen.append(item)
    return chosen, True


def signals(singles: Layer, totals: Totals) -> dict[str, float]:
    """How much errors differ between the codes of each column: chi-squared over what luck gives."""
    signal = {}
    for i, (j,) in enumerate(singles.sets):
        size, errors = unpack(singles.cells[singles.offsets[i] : singles.offsets[i + 1]])
        present = size > 0
        size, excess = size[present], errors[present] - size[present] * totals.mean
        freedom = max(len(size) - 1, 1)
        statistic = (excess**2 / size).sum() / max(totals.variance, 1e-300)
        signal[singles.grid.axes[j].column.name] = float((statistic - freedom) / freedom**0.5)
    return signal


def _empty_pairs(grid: Grid, pairs: Layer, smallest: int) -> set[Set]:
    """Pairs of named columns of which no two codes have enough rows in common.

    Codes of columns that are not ordered are cut alike in all grids.
    """
    place = {axis.column.name: j for j, axis in enumerate(grid.axes)}
    empty = set()
    for i, (a, b) in enumerate(pairs.sets):
        first, second = pairs.grid.axes[a], pairs.grid.axes[b]
        if first.is_ordered or second.is_ordered or not pairs.is_counted[i]:
            continue
        size = _asked(pairs, i, len(first.intervals), len(second.intervals))
        if size.max(initial=0) < smallest:
            empty.add(tuple(sorted((place[first.column.name], place[second.column.name]))))
    return empty


def _asked(pairs: Layer, i: int, rows: int, columns: int) -> NDArray[np.int64]:
    """Sizes in the cube of a pair, without the code that stands for rare values."""
    cells = pairs.cells[pairs.offsets[i] : pairs.offsets[i + 1]]
    size, _ = unpack(cells)
    return size.reshape(pairs.shapes[i][2:])[:rows, :columns]
