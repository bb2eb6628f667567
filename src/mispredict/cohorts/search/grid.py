"""Columns as the search sees them: at most 255 codes, coarser the more conditions are joined.

With c conditions a cube has c axes, so ordered columns are cut into fewer bins of neighbouring
codes of like size, and cubes stay about as large as a processor's first cache. In other columns
codes too rare to ever be a slice share one code that no condition asks for; that loses nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import log

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.space import Codes, Column, Condition, Space
from mispredict.engine.kernels.slices import Ranges

BINS = (0, 254, 32, 12, 8)
_MOST_CODES = 255


@dataclass(frozen=True)
class Axis:
    """A column cut for the search: `codes_of[code]` is the bin, `low` and `high` its codes.

    `intervals`, (conditions, 2), are the first and last bin of every condition on it.
    """

    column: Column
    codes_of: NDArray[np.uint8]
    size: int
    intervals: NDArray[np.int64]
    low: tuple[int, ...]
    high: tuple[int, ...]
    is_ordered: bool
    is_complete: bool = True

    def condition(self, interval: int) -> Condition:
        """The condition on the column's own codes."""
        first, last = self.intervals[interval].tolist()
        return Condition(self.column.name, self.low[first], self.high[last])


@dataclass(frozen=True)
class Grid:
    """All columns cut for slices of some number of conditions, the simplest first."""

    axes: tuple[Axis, ...]
    ranges: Ranges

    @property
    def sizes(self) -> NDArray[np.int64]:
        return np.array([axis.size for axis in self.axes], np.int64)

    @property
    def is_complete(self) -> bool:
        return all(axis.is_complete for axis in self.axes)


def make_grid(
    space: Space,
    counts: list[NDArray[np.int64]],
    *,
    conditions: int,
    smallest: float,
    with_ranges: bool = True,
) -> Grid:
    """The grid for slices of `conditions` conditions; columns without any condition are left out.

    Args:
        counts: size per code of each column.
        smallest: least size of a slice.
    """
    axes = [
        cut(column, count, bins=BINS[conditions], smallest=smallest, with_ranges=with_ranges)
        for column, count in zip(space.columns, counts, strict=True)
    ]
    axes = [axis for axis in axes if len(axis.intervals)]
    axes.sort(key=lambda axis: (axis.is_ordered, axis.size, axis.column.name))
    return Grid(tuple(axes), _ranges(axes))


def cut(
    column: Column, count: NDArray[np.int64], *, bins: int, smallest: float, with_ranges: bool
) -> Axis:
    """One column cut into bins (ordered columns) or into codes worth asking for (others)."""
    if column.is_ordered and with_ranges:
        return _ordered(column, count, min(bins, _MOST_CODES - 1))
    return _named(column, count, smallest)


def log_choices(intervals: list[int], most: int) -> tuple[float, ...]:
    """Logarithm of how many slices of 0, 1, … `most` conditions columns with so many give."""
    sums = [1.0] + [0.0] * most
    for count in intervals:
        for c in range(most, 0, -1):
            sums[c] += sums[c - 1] * count
    return tuple(log(max(value, 1.0)) for value in sums)


def _ordered(column: Column, count: NDArray[np.int64], bins: int) -> Axis:
    bin_of = _quantile_bins(count[1:], bins)
    size = int(bin_of[-1]) + 2 if len(bin_of) else 1
    codes_of = np.concatenate([[0], bin_of + 1]).astype(np.uint8)
    present = np.append(0, np.flatnonzero(count[1:] > 0) + 1)
    first = present[np.searchsorted(codes_of[present], np.arange(size), side="left")]
    last = present[np.searchsorted(codes_of[present], np.arange(size), side="right") - 1]
    has_missing = count[0] > 0 and size > 1
    intervals = _intervals(size, has_missing)
    return Axis(
        column, codes_of, size, intervals, tuple(first.tolist()), tuple(last.tolist()), True
    )


@lru_cache(maxsize=1024)
def _intervals(size: int, has_missing: bool) -> NDArray[np.int64]:
    """All ranges of bins from 1; the range of all, and bin 0, only where values are missing."""
    first, last = np.triu_indices(size - 1)
    pairs = np.stack([first, last], axis=1).astype(np.int64) + 1
    if has_missing:
        return np.concatenate([np.zeros((1, 2), np.int64), pairs])
    return pairs[(pairs[:, 0] > 1) | (pairs[:, 1] < size - 1)]


def _quantile_bins(count: NDArray[np.int64], bins: int) -> NDArray[np.int64]:
    """The bin of each code: neighbours joined so that bins hold like sizes.

    Codes without rows join the code before them.
    """
    present = np.flatnonzero(count > 0)
    if not len(present):
        return present
    if len(present) <= bins:
        own: NDArray[np.int64] = np.maximum(np.cumsum(count > 0) - 1, 0)
        return own
    middle = np.cumsum(count) - count / 2
    target = np.floor(middle / count.sum() * bins).astype(np.int64)
    _, joined = np.unique(target[present], return_inverse=True)
    at = np.searchsorted(present, np.arange(len(count)), side="right") - 1
    return np.asarray(joined[np.maximum(at, 0)], np.int64)


def _named(column: Column, count: NDArray[np.int64], smallest: float) -> Axis:
    asked = np.flatnonzero((count >= smallest) & (count < count.sum()))
    asked = asked[~np.isin(asked, column.excluded)]
    is_complete = len(asked) < _MOST_CODES
    if not is_complete:
        largest = np.argsort(-count[asked], kind="stable")[: _MOST_CODES - 1]
        asked = np.sort(asked[largest])
    codes_of = np.full(column.size, len(asked), np.uint8)
    codes_of[asked] = np.arange(len(asked))
    has_rest = bool((count > 0).sum() > len(asked))
    return Axis(
        column,
        codes_of,
        len(asked) + has_rest,
        np.stack([np.arange(len(asked), dtype=np.int64)] * 2, axis=1),
        tuple(asked.tolist()),
        tuple(asked.tolist()),
        False,
        is_complete,
    )


def _ranges(axes: list[Axis]) -> Ranges:
    """All conditions of all columns, and of one column more that has one code."""
    counts = [len(axis.intervals) for axis in axes] + [1]
    pairs = np.concatenate([axis.intervals for axis in axes] + [np.zeros((1, 2), np.int64)])
    starts = [0, *accumulate(counts)][:-1]
    return Ranges(
        np.ascontiguousarray(pairs[:, 0]),
        np.ascontiguousarray(pairs[:, 1]),
        np.array(starts, np.int64),
        np.array(counts, np.int64),
        np.array([axis.is_ordered for axis in axes] + [False]),
    )


def counts_by_code(column: Column, size: NDArray[np.int64] | None) -> NDArray[np.int64]:
    """Size per code of a column; rows without `size` weigh one each."""
    codes: Codes = column.codes
    if size is None:
        return np.bincount(codes, minlength=column.size)
    # Whole numbers below 2^53, so that the sums in float64 are exact.
    return np.bincount(codes, weights=size, minlength=column.size).astype(np.int64)
