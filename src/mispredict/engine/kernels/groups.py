"""Counts, sums and central moments per group, in one or two passes over the rows.

Each function takes group codes of any of three types (`uint8`, `uint16`, `int32`), so that
stored codes are read as they are; a code outside `[0, n_groups)` belongs to no group.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from mispredict.engine.jit import has_numba, kernel

Array = np.ndarray[Any, Any]


def normalise_codes(codes: Array) -> Array:
    """The codes as `uint8`, `uint16` or `int32`, contiguous; copied only where they must be."""
    if codes.dtype not in (np.uint8, np.uint16, np.int32):
        codes = codes.astype(np.int32)
    return read_only(codes)


def read_only(array: Array, dtype: type | None = None) -> Array:
    """A contiguous view that cannot be written to: numba compiles once more for the others."""
    view = np.ascontiguousarray(array, dtype)[:]
    view.flags.writeable = False
    return view


def count(codes: Array, cells: Array, n_groups: int, n_cells: int) -> Array:
    """Rows per group and cell: int64 `(n_groups, n_cells)`; cells are int32, -1 for none."""
    run = _count_loop if has_numba() else count_numpy
    counted: Array = run(normalise_codes(codes), read_only(cells, np.int32), n_groups, n_cells)
    return counted


def total(codes: Array, cells: Array, values: Array, n_groups: int, n_cells: int) -> Array:
    """Sum of the values per group and cell: float64 `(n_groups, n_cells)`."""
    run = _total_loop if has_numba() else total_numpy
    cells, values = read_only(cells, np.int32), read_only(values, np.float64)
    summed: Array = run(normalise_codes(codes), cells, values, n_groups, n_cells)
    return summed


def moments(codes: Array, values: Array, weights: Array, n_groups: int) -> Array:
    """Central moments of a column per group: float64 `(n_groups, 7)`, named by `names.MOMENTS`.

    With d = value − mean of the group: second = Σ w d², noise = Σ w² d², third = Σ w³ d³.
    NaN does not count. An empty `weights` means weights of one.
    """
    run = _moments_loop if has_numba() else moments_numpy
    values, weights = read_only(values, np.float64), read_only(weights, np.float64)
    summed: Array = run(normalise_codes(codes), values, weights, n_groups)
    return summed


def joint(codes: Array, x: Array, y: Array, weights: Array, n_groups: int) -> Array:
    """Central moments of two columns together: float64 `(n_groups, 17)`, named by `names.JOINT`.

    `xx, xy, yy` are weighted by w; the rest, products up to the fourth order, by w².
    """
    run = _joint_loop if has_numba() else joint_numpy
    x, y = read_only(x, np.float64), read_only(y, np.float64)
    weights = read_only(weights, np.float64)
    summed: Array = run(normalise_codes(codes), x, y, weights, n_groups)
    return summed


@kernel()
def _count_loop(codes: Array, cells: Array, n_groups: int, n_cells: int) -> Array:
    out = np.zeros((n_groups, n_cells), np.int64)
    for i in range(codes.size):
        group, cell = np.int64(codes[i]), np.int64(cells[i])
        if cell >= 0 and 0 <= group < n_groups:
            out[group, cell] += 1
    return out


@kernel()
def _total_loop(codes: Array, cells: Array, values: Array, n_groups: int, n_cells: int) -> Array:
    out = np.zeros((n_groups, n_cells), np.float64)
    for i in range(codes.size):
        group, cell = np.int64(codes[i]), np.int64(cells[i])
        if cell >= 0 and 0 <= group < n_groups:
            out[group, cell] += values[i]
    return out


@kernel()
def _moments_loop(codes: Array, values: Array, weights: Array, n_groups: int) -> Array:
    out = np.zeros((n_groups, 7), np.float64)
    weighted = weights.size > 0
    for i in range(codes.size):
        group, x = np.int64(codes[i]), values[i]
        if 0 <= group < n_groups and x == x:  # noqa: PLR0124 - NaN
            w = weights[i] if weighted else 1.0
            out[group, 0] += 1.0
            out[group, 1] += w
            out[group, 2] += w * w
            out[group, 3] += w * x
    for g in range(n_groups):
        out[g, 3] = out[g, 3] / out[g, 1] if out[g, 1] > 0 else np.nan
    for i in range(codes.size):
        group, x = np.int64(codes[i]), values[i]
        if 0 <= group < n_groups and x == x:  # noqa: PLR0124 - NaN
            w = weights[i] if weighted else 1.0
            d = x - out[group, 3]
            wd = w * d
            out[group, 4] += wd * d
            out[group, 5] += wd * wd
            out[group, 6] += wd * wd * wd
    return out


@kernel()
def _joint_loop(codes: Array, x: Array, y: Array, weights: Array, n_groups: int) -> Array:
    out = np.zeros((n_groups, 17), np.float64)
    weighted = weights.size > 0
    for i in range(codes.size):
        group = np.int64(codes[i])
        if 0 <= group < n_groups and x[i] == x[i] and y[i] == y[i]:
            w = weights[i] if weighted else 1.0
            out[group, 0] += 1.0
            out[group, 1] += w
            out[group, 2] += w * w
            out[group, 3] += w * x[i]
            out[group, 4] += w * y[i]
    for g in range(n_groups):
        for j in range(3, 5):
            out[g, j] = out[g, j] / out[g, 1] if out[g, 1] > 0 else np.nan
    for i in range(codes.size):
        group = np.int64(codes[i])
        if 0 <= group < n_groups and x[i] == x[i] and y[i] == y[i]:
            w = weights[i] if weighted else 1.0
            a, b = x[i] - out[group, 3], y[i] - out[group, 4]
            w2 = w * w
            out[group, 5] += w * a * a
            out[group, 6] += w * a * b
            out[group, 7] += w * b * b
            out[group, 8] += w2 * a * a
            out[group, 9] += w2 * a * b
            out[group, 10] += w2 * b * b
            out[group, 11] += w2 * a * a * a
            out[group, 12] += w2 * a * a * b
            out[group, 13] += w2 * a * b * b
            out[group, 14] += w2 * a * a * a * a
            out[group, 15] += w2 * a * a * b * b
            out[group, 16] += w2 * b * b * b * b
    return out


def count_numpy(codes: Array, cells: Array, n_groups: int, n_cells: int) -> Array:
    """`count` without compiled code."""
    flat, _ = _flat(codes, cells, n_groups, n_cells)
    return np.bincount(flat, minlength=n_groups * n_cells).reshape(n_groups, n_cells)


def total_numpy(codes: Array, cells: Array, values: Array, n_groups: int, n_cells: int) -> Array:
    """`total` without compiled code."""
    flat, kept = _flat(codes, cells, n_groups, n_cells)
    summed = np.bincount(flat, weights=values[kept], minlength=n_groups * n_cells)
    return summed.reshape(n_groups, n_cells)


def moments_numpy(codes: Array, values: Array, weights: Array, n_groups: int) -> Array:
    """`moments` without compiled code."""
    kept = (codes >= 0) & (codes < n_groups) & ~np.isnan(values)
    group, x, w = _kept(codes, weights, kept, values)
    with np.errstate(all="ignore"):
        mean = _mean(group, x, w, n_groups)
        wd = w * (x - mean[group])
        columns = (np.ones_like(w), w, w * w, None, wd * (x - mean[group]), wd**2, wd**3)
    return _stack(group, columns, {3: mean}, n_groups)


def joint_numpy(codes: Array, x: Array, y: Array, weights: Array, n_groups: int) -> Array:
    """`joint` without compiled code."""
    kept = (codes >= 0) & (codes < n_groups) & ~np.isnan(x) & ~np.isnan(y)
    group, a, w = _kept(codes, weights, kept, x)
    b = y[kept]
    with np.errstate(all="ignore"):
        means = {3: _mean(group, a, w, n_groups), 4: _mean(group, b, w, n_groups)}
        a, b, v = a - means[3][group], b - means[4][group], w * w
        second = (a * a, a * b, b * b)
        higher = (a**3, a * a * b, a * b * b, a**4, (a * b) ** 2, b**4)
        columns = (np.ones_like(w), w, v, None, None)
        products = (*(w * p for p in second), *(v * p for p in (*second, *higher)))
    return _stack(group, (*columns, *products), means, n_groups)


def _flat(codes: Array, cells: Array, n_groups: int, n_cells: int) -> tuple[Array, Array]:
    kept = (cells >= 0) & (codes >= 0) & (codes < n_groups)
    return codes[kept].astype(np.int64) * n_cells + cells[kept], kept


def _kept(codes: Array, weights: Array, kept: Array, values: Array) -> tuple[Array, Array, Array]:
    w = weights[kept] if weights.size else np.ones(int(kept.sum()))
    return codes[kept].astype(np.int64), values[kept], w


def _mean(group: Array, x: Array, w: Array, n_groups: int) -> Array:
    weight = np.bincount(group, weights=w, minlength=n_groups)
    summed = np.bincount(group, weights=w * x, minlength=n_groups)
    mean: Array = np.divide(summed, weight, out=np.full(n_groups, np.nan), where=weight > 0)
    return mean


def _stack(
    group: Array, columns: tuple[Array | None, ...], known: dict[int, Array], n_groups: int
) -> Array:
    out = np.empty((n_groups, len(columns)))
    for j, column in enumerate(columns):
        out[:, j] = (
            known[j] if column is None else np.bincount(group, weights=column, minlength=n_groups)
        )
    return out
