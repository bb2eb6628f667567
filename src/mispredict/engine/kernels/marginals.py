"""Counts and sums per code of many columns: the loops behind the brush.

Rows are marked once with a byte (not selected, correct, wrong) and each column is then counted
in blocks of rows, so that the marks stay in the processor's cache. Blocks are shared among
threads by Python's own pool: the loops let go of the interpreter's lock, and numba's threads
cannot be entered by two requests at once. Sums are of whole numbers, so that they are the
same in any order and by any engine.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel
from mispredict.engine.kernels.views import read_only

Codes: TypeAlias = NDArray[Any]  # uint8 or uint16

_BLOCK = 1 << 17
_FEW = 0.2  # share of selected rows below which they are visited one by one


def count_marks(
    columns: Sequence[Codes], sizes: Sequence[int], marks: NDArray[np.uint8]
) -> list[NDArray[np.int64]]:
    """Per column an array (codes, 2): rows marked 1 or 2, and rows marked 2.

    Rows marked 0 are left out.
    """
    is_few = np.count_nonzero(marks) < _FEW * len(marks)
    rows = np.flatnonzero(marks != 0) if is_few else np.empty(0, np.int64)
    chosen = marks[rows]

    def add_all(codes: Codes, part: slice, out: NDArray[np.int64]) -> None:
        run(_count, _count_numpy, codes[part], marks[part], out)

    def add_chosen(codes: Codes, part: slice, out: NDArray[np.int64]) -> None:
        run(_count_rows, _count_rows_numpy, codes, rows[part], chosen[part], out)

    if is_few:
        tables = in_blocks(columns, sizes, 3, len(rows), add_chosen)
    else:
        tables = in_blocks(columns, sizes, 3, len(marks), add_all)
    return [np.stack([table[:, 1] + table[:, 2], table[:, 2]], axis=1) for table in tables]


def sum_weights(
    columns: Sequence[Codes],
    sizes: Sequence[int],
    weights: NDArray[np.int64],
    rows: NDArray[np.intp],
) -> list[NDArray[np.int64]]:
    """Per column an array (codes, k): sums of the k weights of the rows of these numbers.

    `weights` has shape (rows, k). Each number is below 2^52 and the sums below 2^63.
    """

    def add(codes: Codes, part: slice, out: NDArray[np.int64]) -> None:
        run(_sum, _sum_numpy, codes[rows[part]], weights[part], out)

    return in_blocks(columns, sizes, weights.shape[1], len(rows), add)


def mark_rows(mask: NDArray[np.bool_], wrong: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """A byte per row: 0 not selected, 1 selected, 2 selected and wrong."""
    return np.add(mask.view(np.uint8), (mask & wrong).view(np.uint8))


_Block: TypeAlias = Callable[[Codes, slice, NDArray[Any]], None]


def in_blocks(
    columns: Sequence[Codes],
    sizes: Sequence[int],
    width: int,
    n: int,
    add: _Block,
    *,
    dtype: type = np.int64,
    block: int = _BLOCK,
) -> list[NDArray[Any]]:
    """Tables (codes, width) of each column, added up over blocks of rows by all threads."""
    starts = range(0, n, block)
    threads = min(_threads(), len(starts)) or 1

    def work(first: int) -> list[NDArray[Any]]:
        tables: list[NDArray[Any]] = [np.zeros((size, width), dtype) for size in sizes]
        for start in starts[first::threads]:
            part = slice(start, min(start + block, n))
            for codes, table in zip(columns, tables, strict=True):
                add(codes, part, table)
        return tables

    if threads == 1:
        return work(0)
    parts = list(pool().map(work, range(threads)))
    return [np.sum(tables, axis=0) for tables in zip(*parts, strict=True)]


def run(loop: Callable[..., None], twin: Callable[..., None], *arrays: NDArray[Any]) -> None:
    """The loop, or its twin without numba, on the arrays; the last one is written to."""
    *given, out = arrays
    if has_numba():
        loop(*map(read_only, given), out)
    else:
        twin(*given, out)


@cache
def pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_threads(), thread_name_prefix="mispredict-count")


@cache
def _threads() -> int:
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 2, 8)


@kernel()
def _count(codes: Codes, marks: NDArray[np.uint8], out: NDArray[np.int64]) -> None:
    # Two tables in turn: a processor waits when it adds to the same cell twice in a row.
    size = out.shape[0]
    odd = np.zeros((size, 4), np.uint32)
    even = np.zeros((size, 4), np.uint32)
    pairs = len(codes) // 2
    for i in range(pairs):
        odd[codes[2 * i], marks[2 * i]] += np.uint32(1)
        even[codes[2 * i + 1], marks[2 * i + 1]] += np.uint32(1)
    if len(codes) % 2:
        odd[codes[-1], marks[-1]] += np.uint32(1)
    for code in range(size):
        for mark in range(3):
            out[code, mark] += np.int64(odd[code, mark]) + np.int64(even[code, mark])


def _count_numpy(codes: Codes, marks: NDArray[np.uint8], out: NDArray[np.int64]) -> None:
    places = codes.astype(np.intp) * 3 + marks
    out += np.bincount(places, minlength=out.size).reshape(out.shape)


@kernel()
def _count_rows(
    codes: Codes, rows: NDArray[np.int64], marks: NDArray[np.uint8], out: NDArray[np.int64]
) -> None:
    for i in range(len(rows)):
        out[codes[rows[i]], marks[i]] += 1


def _count_rows_numpy(
    codes: Codes, rows: NDArray[np.int64], marks: NDArray[np.uint8], out: NDArray[np.int64]
) -> None:
    _count_numpy(codes[rows], marks, out)


@kernel()
def _sum(codes: Codes, weights: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    for i in range(len(codes)):
        for j in range(weights.shape[1]):
            out[codes[i], j] += weights[i, j]


def _sum_numpy(codes: Codes, weights: NDArray[np.int64], out: NDArray[np.int64]) -> None:
    for j in range(weights.shape[1]):
        # Float sums of 26 bits at a time are exact for a block's rows.
        high, low = weights[:, j] >> 26, weights[:, j] & (2**26 - 1)
        sums = [
            np.bincount(codes, weights=part, minlength=len(out)).astype(np.int64)
            for part in (high, low)
        ]
        out[:, j] += (sums[0] << 26) + sums[1]
