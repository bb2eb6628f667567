"""Counts and sums per code over chosen rows: the loops behind linked distributions.

The rows are given by their numbers, in order, and there are at most half as many as the table
has: what is counted is the smaller of the selection and the rest. Each loop adds to several
tables in turn, because a processor waits when it adds to the same cell twice in a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel
from mispredict.engine.kernels.marginals import Codes, in_blocks, run
from mispredict.engine.kernels.views import read_only

Rows: TypeAlias = NDArray[np.int32]
Floats: TypeAlias = NDArray[np.float64]

STATES = 3  # right, wrong, unknown
_BLOCK = 1 << 16
_MANY = 4096  # codes from which on one table is used, since several would not fit the cache


def count_states(
    columns: Sequence[Codes], sizes: Sequence[int], rows: Rows, states: NDArray[np.uint8]
) -> list[NDArray[Any]]:
    """Per column an int64 array (codes, 3): rows by their state, which is given for each row."""

    def add(codes: Codes, part: slice, out: NDArray[Any]) -> None:
        loop = _count if len(out) < _MANY else _count_many
        run(loop, _count_numpy, codes, rows[part], states[part], out)

    return in_blocks(columns, sizes, STATES, len(rows), add, block=_BLOCK)


def sum_errors(
    columns: Sequence[Codes], sizes: Sequence[int], rows: Rows, errors: Floats
) -> list[NDArray[Any]]:
    """Per column a float64 array (codes, 3): rows, sum of their errors, sum of squares."""

    def add(codes: Codes, part: slice, out: NDArray[Any]) -> None:
        loop = _sum if len(out) < _MANY else _sum_many
        run(loop, _sum_numpy, codes, rows[part], errors[part], out)

    return in_blocks(columns, sizes, 3, len(rows), add, dtype=np.float64, block=_BLOCK)


def sum_parts(
    columns: Sequence[Codes], sizes: Sequence[int], rows: Rows, parts: Floats
) -> list[NDArray[Any]]:
    """Per column a float64 array (codes, k): sums of the k parts, `(rows, k)`, of each row."""

    def add(codes: Codes, part: slice, out: NDArray[Any]) -> None:
        run(_sum_parts, _sum_parts_numpy, codes, rows[part], parts[part], out)

    return in_blocks(columns, sizes, parts.shape[1], len(rows), add, dtype=np.float64, block=_BLOCK)


def fail(failed: NDArray[np.uint8], mask: NDArray[np.bool_], place: int) -> None:
    """Note in place which rows a mask does not select: by its place, 255 where another one too."""
    if has_numba():
        _fail(failed, read_only(mask), place)
    else:
        np.copyto(failed, np.where(failed > 0, 255, place), where=~mask, casting="unsafe")


def rows_with(values: NDArray[np.uint8], wanted: int, *, is_other: bool = False) -> Rows:
    """Numbers of the rows that have the value, or (`is_other`) have not."""
    if not has_numba():
        return np.flatnonzero((values == wanted) != is_other).astype(np.int32)
    count = int(np.count_nonzero(values != wanted if is_other else values == wanted))
    out = np.empty(count + 1, np.int32)  # the loop writes one ahead
    _rows_with(read_only(values), wanted, is_other, out)
    return out[:count]


def power_sums(values: Floats, rows: Rows, *, centre: float, is_squared: bool = False) -> Floats:
    """Number, Σx, Σx² and Σx³ over some rows, x the value (or its square) minus `centre`.

    Rows whose value is NaN are left out.
    """
    out = np.zeros(4)
    run(_powers, _powers_numpy, values, rows, np.array([centre, is_squared]), out)
    return out


def explained_sums(residual: Floats, label: Floats, rows: Rows, *, centre: float) -> Floats:
    """Number, Σr², Σr⁴, Σy, Σy², Σy³, Σy⁴, Σr²y and Σr²y² over some rows.

    r is the residual and y the label minus `centre`; rows without a residual are left out.
    """
    out = np.zeros(9)
    run(_explained, _explained_numpy, residual, label, rows, np.array([centre]), out)
    return out


@kernel()
def _count(codes: Codes, rows: Rows, states: NDArray[np.uint8], out: NDArray[Any]) -> None:
    size = out.shape[0]
    odd = np.zeros((size, 4), np.uint32)
    even = np.zeros((size, 4), np.uint32)
    for i in range(len(rows) // 2):
        odd[codes[rows[2 * i]], states[2 * i]] += np.uint32(1)
        even[codes[rows[2 * i + 1]], states[2 * i + 1]] += np.uint32(1)
    if len(rows) % 2:
        odd[codes[rows[-1]], states[-1]] += np.uint32(1)
    for code in range(size):
        for state in range(3):
            out[code, state] += np.int64(odd[code, state]) + np.int64(even[code, state])


@kernel()
def _count_many(codes: Codes, rows: Rows, states: NDArray[np.uint8], out: NDArray[Any]) -> None:
    for i in range(len(rows)):
        out[codes[rows[i]], states[i]] += 1


def _count_numpy(codes: Codes, rows: Rows, states: NDArray[np.uint8], out: NDArray[Any]) -> None:
    places = codes[rows].astype(np.intp) * STATES + states
    out += np.bincount(places, minlength=out.size).reshape(out.shape)


@kernel()
def _sum(codes: Codes, rows: Rows, errors: Floats, out: NDArray[Any]) -> None:
    size = out.shape[0]
    tables = np.zeros((4, size, 3))
    fours = len(rows) // 4
    for i in range(fours):
        for j in range(4):
            code, x = codes[rows[4 * i + j]], errors[4 * i + j]
            tables[j, code, 0] += 1.0
            tables[j, code, 1] += x
            tables[j, code, 2] += x * x
    for i in range(4 * fours, len(rows)):
        code, x = codes[rows[i]], errors[i]
        tables[0, code, 0] += 1.0
        tables[0, code, 1] += x
        tables[0, code, 2] += x * x
    for code in range(size):
        for k in range(3):
            out[code, k] += (tables[0, code, k] + tables[1, code, k]) + (
                tables[2, code, k] + tables[3, code, k]
            )


@kernel()
def _sum_many(codes: Codes, rows: Rows, errors: Floats, out: NDArray[Any]) -> None:
    for i in range(len(rows)):
        code, x = codes[rows[i]], errors[i]
        out[code, 0] += 1.0
        out[code, 1] += x
        out[code, 2] += x * x


def _sum_numpy(codes: Codes, rows: Rows, errors: Floats, out: NDArray[Any]) -> None:
    parts = np.stack([np.ones(len(rows)), errors, errors * errors], axis=1)
    _sum_parts_numpy(codes, rows, parts, out)


@kernel()
def _sum_parts(codes: Codes, rows: Rows, parts: Floats, out: NDArray[Any]) -> None:
    for i in range(len(rows)):
        code = codes[rows[i]]
        for k in range(parts.shape[1]):
            out[code, k] += parts[i, k]


def _sum_parts_numpy(codes: Codes, rows: Rows, parts: Floats, out: NDArray[Any]) -> None:
    chosen = codes[rows]
    for k in range(parts.shape[1]):
        out[:, k] += np.bincount(chosen, weights=parts[:, k], minlength=len(out))


@kernel()
def _fail(failed: NDArray[np.uint8], mask: NDArray[np.bool_], place: int) -> None:
    for i in range(len(failed)):
        if not mask[i]:
            failed[i] = place if failed[i] == 0 else 255


@kernel()
def _rows_with(values: NDArray[np.uint8], wanted: int, is_other: bool, out: Rows) -> None:
    found = 0
    for i in range(len(values)):
        out[found] = i
        found += (values[i] == wanted) != is_other


@kernel()
def _powers(values: Floats, rows: Rows, how: Floats, out: Floats) -> None:
    centre, is_squared = how[0], how[1] != 0
    for i in range(len(rows)):
        x = values[rows[i]]
        if x == x:  # noqa: PLR0124 - NaN
            x = (x * x if is_squared else x) - centre
            out[0] += 1.0
            out[1] += x
            out[2] += x * x
            out[3] += x * x * x


def _powers_numpy(values: Floats, rows: Rows, how: Floats, out: Floats) -> None:
    chosen = values[rows]
    known = chosen[~np.isnan(chosen)]
    x = (known**2 if how[1] else known) - how[0]
    out += [len(x), x.sum(), (x**2).sum(), (x**3).sum()]


@kernel()
def _explained(residual: Floats, label: Floats, rows: Rows, how: Floats, out: Floats) -> None:
    for i in range(len(rows)):
        r, y = residual[rows[i]], label[rows[i]] - how[0]
        if r == r:  # noqa: PLR0124 - NaN
            r2, y2 = r * r, y * y
            out[0] += 1.0
            out[1] += r2
            out[2] += r2 * r2
            out[3] += y
            out[4] += y2
            out[5] += y2 * y
            out[6] += y2 * y2
            out[7] += r2 * y
            out[8] += r2 * y2


def _explained_numpy(residual: Floats, label: Floats, rows: Rows, how: Floats, out: Floats) -> None:
    chosen = rows[~np.isnan(residual[rows])]
    r2, y = residual[chosen] ** 2, label[chosen] - how[0]
    sums = (r2, r2**2, y, y**2, y**3, y**4, r2 * y, r2 * y**2)
    out += [len(chosen), *(part.sum() for part in sums)]
