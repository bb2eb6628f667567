"""Numbers put into bins that are given: a search without branches, a few steps a value."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel
from mispredict.engine.kernels.marginals import pool
from mispredict.engine.kernels.views import read_only

_BLOCK = 1 << 17


def bin_codes(values: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[Any]:
    """The code of each value: 0 for NaN, else 1 + how many of the inner edges it has reached.

    Args:
        values: any numbers.
        inner: rising edges between bins, neither the first bin's lower nor the last's upper end.
    """
    dtype = np.uint8 if len(inner) + 2 <= 256 else np.uint16
    out = np.empty(len(values), dtype)
    if not has_numba():
        out[:] = np.searchsorted(inner, values, side="right") + 1
        out[np.isnan(values)] = 0
        return out
    steps = max(len(inner), 1).bit_length()
    padded = np.full((1 << steps) - 1, np.inf)
    padded[: len(inner)] = inner
    # Infinity reaches the padding as well, so codes are capped.
    last = len(inner) + 1

    def work(start: int) -> None:
        part = slice(start, start + _BLOCK)
        _search(read_only(values[part]), padded, last, out[part])

    starts = range(0, len(values), _BLOCK)
    if len(starts) > 1:
        list(pool().map(work, starts))
    elif len(values):
        work(0)
    return out


@kernel()
def _search(
    values: NDArray[np.float64], padded: NDArray[np.float64], last: int, out: NDArray[Any]
) -> None:
    # Step by step over a small block, so that several values are looked up at a time.
    block = 4096
    places = np.zeros(block, np.int32)
    for start in range(0, len(values), block):
        n = min(block, len(values) - start)
        places[:n] = 0
        step = (len(padded) + 1) // 2
        while step > 0:
            for i in range(n):
                reached = places[i] + step
                places[i] = reached if values[start + i] >= padded[reached - 1] else places[i]
            step //= 2
        for i in range(n):
            value = values[start + i]
            out[start + i] = 0 if np.isnan(value) else min(places[i] + 1, last)
