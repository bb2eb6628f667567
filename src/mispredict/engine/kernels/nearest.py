"""Rows that are nearest by the gaps between codes: one pass over bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel
from mispredict.engine.kernels.marginals import Codes, pool
from mispredict.engine.kernels.views import read_only

Floats = NDArray[np.float32]

_BLOCK = 1 << 16


def nearest_rows(
    columns: Sequence[Codes], gaps: Sequence[Floats], start: Floats | None, n: int, most: int
) -> tuple[NDArray[np.int64], Floats]:
    """The `most` rows of the smallest sum of gaps, smallest first, and their sums.

    `gaps` says for each column how far each code is; `start` is a distance of each row to
    begin with. Rows of equal sums go by their number.
    """

    def work(first: int) -> tuple[NDArray[np.int64], Floats]:
        part = slice(first, min(first + _BLOCK, n))
        sums = np.zeros(part.stop - first, np.float32) if start is None else start[part].copy()
        for codes, gap in zip(columns, gaps, strict=True):
            _add(codes[part], gap, sums)
        near = _smallest(sums, most)
        return near + first, sums[near]

    starts = range(0, n, _BLOCK)
    parts = list(pool().map(work, starts)) if len(starts) > 1 else [work(0)]
    rows = np.concatenate([rows for rows, _ in parts])
    sums = np.concatenate([sums for _, sums in parts])
    best = _smallest(sums, most)
    return rows[best], sums[best]


def _smallest(sums: Floats, most: int) -> NDArray[np.int64]:
    """Places of the smallest sums in order; of equal ones the first."""
    if most < len(sums):
        limit = np.partition(sums, most - 1)[most - 1]
        places = np.flatnonzero(sums <= limit)
    else:
        places = np.arange(len(sums))
    return places[np.argsort(sums[places], kind="stable")][:most]


def _add(codes: Codes, gap: Floats, sums: Floats) -> None:
    if has_numba():
        _add_loop(read_only(codes), read_only(gap), sums)
    else:
        sums += gap[codes]


@kernel()
def _add_loop(codes: Codes, gap: Floats, sums: NDArray[Any]) -> None:
    for i in range(len(codes)):
        sums[i] += gap[codes[i]]
