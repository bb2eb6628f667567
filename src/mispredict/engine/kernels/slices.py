"""Counting and scanning of cubes, the two loops of the slice search.

A cube holds, for every combination of the codes of a few columns, how many rows have it and
the sum of their errors, as integers, so that sums are exact in any order. A cell is one number
(size in the upper 32 bits, errors in the lower) when both are whole numbers of rows, else two.
Cubes lie one after another in one array of cells.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel

Cells = NDArray[np.int64]
PACKED = 32
LINES = 6
_TILE = 2048


@dataclass(frozen=True, slots=True)
class Ranges:
    """What may be asked of each column: condition i of column j is `low[s+i] <= code <= high[s+i]`.

    `start[j]` is s, `count[j]` how many there are; `has_ranges[j]` says that they are all
    intervals of the codes 1 to size-1 (and perhaps code 0 alone).
    """

    low: NDArray[np.int64]
    high: NDArray[np.int64]
    start: NDArray[np.int64]
    count: NDArray[np.int64]
    has_ranges: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bounds:
    """When a box is worth reporting: at least `smallest` in size, and errors above some line.

    Line i is `slope[i] * size + base[i]`. The chord i, `chord_slope[i] * size + chord_base[i]`,
    lies below the wanted region for all sizes up to `chord_end[i]`.
    """

    smallest: int
    slope: NDArray[np.float64]
    base: NDArray[np.float64]
    chord_slope: NDArray[np.float64]
    chord_base: NDArray[np.float64]
    chord_end: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Boxes:
    """Boxes found by a scan: the cube, the condition of each of its four columns, the sums."""

    cube: NDArray[np.int64]
    conditions: NDArray[np.int64]
    size: NDArray[np.int64]
    errors: NDArray[np.int64]
    is_cut: bool = False

    def __len__(self) -> int:
        return len(self.cube)


@dataclass(frozen=True, slots=True)
class Plan:
    """How to count the cubes of several sets of columns in one pass.

    The rows are counted into a cube over `columns`, and each step sums one axis out of an
    earlier result: columns of `steps` are where the source starts in the scratch array, where
    the result goes, the cells before, along and after the axis, and whether the result is
    wanted (then it is added to `cells`) or goes to the scratch array.
    """

    columns: NDArray[np.int64]
    strides: NDArray[np.int64]
    steps: NDArray[np.int64]
    scratch: int


def add_cubes(
    cells: Cells,
    codes: NDArray[np.uint8],
    payload: NDArray[np.int64],
    plan: Plan,
) -> None:
    """Add rows to the cubes of a plan; a negative payload takes them out.

    Args:
        cells: (cells, width) of all cubes; changed.
        codes: (columns, rows), each column contiguous.
        payload: (rows, width) what each row adds to its cell.
    """
    run: Callable[..., Any] = _add_loop if has_numba() else _add_numpy
    scratch = np.zeros((plan.scratch, cells.shape[1]), np.int64)
    run(cells, codes, payload, plan.columns, plan.strides, plan.steps, scratch)


def recode(codes: NDArray[Any], code_of: NDArray[np.uint8], out: NDArray[np.uint8]) -> None:
    """Write `code_of[code]` for every code."""
    if has_numba():
        _recode_loop(np.ascontiguousarray(codes), code_of, out)
    else:
        np.take(code_of, codes, out=out)


def scan(
    cells: Cells,
    offsets: NDArray[np.int64],
    shapes: NDArray[np.int64],
    columns: NDArray[np.int64],
    ranges: Ranges,
    bounds: Bounds,
    *,
    most: int,
) -> Boxes:
    """All boxes of the cubes that are large enough and whose errors lie above a line.

    A box takes one condition for each of the cube's four columns (a cube over fewer has columns
    of one code). With more than `most` boxes the answer is cut and says so.

    Args:
        cells: (cells, width) of all cubes.
        offsets: where each cube starts.
        shapes: (cubes, 4) codes per column.
        columns: (cubes, 4) positions of the columns in `ranges`.
    """
    run: Callable[..., Any] = _scan_loop if has_numba() else _scan_numpy
    found = run(
        cells,
        offsets,
        shapes,
        columns,
        ranges.low,
        ranges.high,
        ranges.start,
        ranges.count,
        ranges.has_ranges,
        bounds.smallest,
        bounds.slope,
        bounds.base,
        bounds.chord_slope,
        bounds.chord_base,
        bounds.chord_end,
        most,
    )
    total, cube, conditions, size, errors = found
    kept = min(total, most)
    return Boxes(cube[:kept], conditions[:kept], size[:kept], errors[:kept], total > most)


def unpack(cells: Cells) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sizes and errors of cells of either width."""
    if cells.shape[1] == 1:
        return cells[:, 0] >> PACKED, cells[:, 0] & ((1 << PACKED) - 1)
    return cells[:, 0], cells[:, 1]


@kernel()
def _recode_loop(codes, code_of, out):  # type: ignore[no-untyped-def]
    for i in range(len(codes)):
        out[i] = code_of[codes[i]]


@kernel()
def _add_loop(  # type: ignore[no-untyped-def]
    cells, codes, payload, columns, strides, steps, scratch
):
    width = payload.shape[1]
    _count(codes, payload, columns, strides, scratch)
    for step in range(len(steps)):
        source, target, before, length, after, is_wanted = steps[step]
        after *= width
        into = cells.reshape(-1) if is_wanted else scratch.reshape(-1)
        into = into[target * width : target * width + before * after]
        if not is_wanted:
            into[:] = 0
        out = scratch.reshape(-1)[source * width : source * width + before * length * after]
        for i in range(before):
            for j in range(length):
                start = (i * length + j) * after
                for k in range(after):
                    into[i * after + k] += out[start + k]


@kernel()
def _count(codes, payload, columns, strides, table):  # type: ignore[no-untyped-def]
    rows = payload.shape[0]
    # Unsigned: numba then leaves out what negative indices need.
    index = np.empty(_TILE, np.uint32)
    for start in range(0, rows, _TILE):
        length = min(_TILE, rows - start)
        index[:length] = 0
        for j in range(len(columns)):
            column = codes[columns[j], start : start + length]
            stride = np.uint32(strides[j])
            for i in range(length):
                index[i] += np.uint32(column[i]) * stride
        for part in range(payload.shape[1]):
            into = table[:, part]
            added = payload[start : start + length, part]
            for i in range(length):
                into[index[i]] += added[i]


def _add_numpy(  # type: ignore[no-untyped-def]
    cells, codes, payload, columns, strides, steps, scratch
):
    width = payload.shape[1]
    index = np.zeros(len(payload), np.int64)
    for column, stride in zip(columns, strides, strict=True):
        index += codes[column].astype(np.int64) * stride
    for part in range(width):
        np.add.at(scratch[:, part], index, payload[:, part])
    for source, target, before, length, after, is_wanted in steps.tolist():
        out = scratch[source : source + before * length * after]
        summed = out.reshape(before, length, after, width).sum(axis=1).reshape(-1, width)
        if is_wanted:
            cells[target : target + before * after] += summed
        else:
            scratch[target : target + before * after] = summed


@kernel()
def _scan_loop(  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917 - numba takes no dataclasses
    cells,
    offsets,
    shapes,
    columns,
    low,
    high,
    start,
    count,
    has_ranges,
    smallest,
    slope,
    base,
    chord_slope,
    chord_base,
    chord_end,
    most,
):
    out_cube = np.empty(most, np.int64)
    out_conditions = np.empty((most, 4), np.int64)
    out_size = np.empty(most, np.int64)
    out_errors = np.empty(most, np.int64)
    total = 0
    widest, highest = 1, 1
    for c in range(len(offsets)):
        widest = max(widest, shapes[c, 0] * shapes[c, 1] * shapes[c, 2] * shapes[c, 3])
        highest = max(highest, (shapes[c, 2] + 1) * (shapes[c, 3] + 1))
    sum0 = np.empty((widest, 2), np.float64)
    sum1 = np.empty((widest, 2), np.float64)
    cube1 = np.empty((widest, 2), np.float64)
    slab = np.empty((widest, 2), np.float64)
    corner = np.empty((highest, 2), np.float64)
    excess = np.empty(highest, np.float64)
    for c in range(len(offsets)):
        size3 = shapes[c, 3]
        stride1 = shapes[c, 2] * size3
        stride0 = shapes[c, 1] * stride1
        cube = cells[offsets[c] : offsets[c] + shapes[c, 0] * stride0]
        _unpack_loop(cube, slab)
        _accumulate(slab, sum0, len(cube), stride0)
        is_range = has_ranges[columns[c, 3]]
        first = start[columns[c]]
        for c0 in range(count[columns[c, 0]]):
            i = first[0] + c0
            if not _take(sum0, cube1, low[i], high[i], stride0, smallest, slope, base):
                continue
            _accumulate(cube1, sum1, stride0, stride1)
            for c1 in range(count[columns[c, 1]]):
                i = first[1] + c1
                if not _take(sum1, slab, low[i], high[i], stride1, smallest, slope, base):
                    continue
                chord = _sum_excess(slab, shapes[c, 2], size3, chord_slope, chord_end, excess)
                has_corners = False
                for c2 in range(count[columns[c, 2]]):
                    i = first[2] + c2
                    most_excess = _most_excess(excess, low[i], high[i], size3, is_range)
                    if most_excess < chord_base[chord]:
                        continue
                    if not has_corners:
                        _sum_corners(slab, shapes[c, 2], size3, corner)
                        has_corners = True
                    for c3 in range(count[columns[c, 3]]):
                        k = first[3] + c3
                        size, errors = _box(corner, low[i], high[i], low[k], high[k], size3 + 1)
                        if size < smallest or not _is_above(size, errors, slope, base):
                            continue
                        if total == most:
                            return most + 1, out_cube, out_conditions, out_size, out_errors
                        out_cube[total] = c
                        out_conditions[total] = (c0, c1, c2, c3)
                        out_size[total] = size
                        out_errors[total] = errors
                        total += 1
    return total, out_cube, out_conditions, out_size, out_errors


@kernel()
def _box(corner, low, high, left, right, step):  # type: ignore[no-untyped-def]
    """Size and errors of some rows and columns of a slab, from sums from its corner."""
    under, over = low * step, (high + 1) * step
    right += 1
    size = corner[over + right, 0] - corner[over + left, 0]
    errors = corner[over + right, 1] - corner[over + left, 1]
    size -= corner[under + right, 0] - corner[under + left, 0]
    errors -= corner[under + right, 1] - corner[under + left, 1]
    return size, errors


@kernel()
def _unpack_loop(cube, out):  # type: ignore[no-untyped-def]
    """Sizes and errors as floats: whole numbers below 2^52, so sums stay exact."""
    mask = (np.int64(1) << PACKED) - 1
    for i in range(len(cube)):
        if cube.shape[1] == 1:
            out[i, 0] = cube[i, 0] >> PACKED
            out[i, 1] = cube[i, 0] & mask
        else:
            out[i, 0] = cube[i, 0]
            out[i, 1] = cube[i, 1]


@kernel()
def _accumulate(cube, sums, length, stride):  # type: ignore[no-untyped-def]
    """Running sums along the first axis, whose neighbours are `stride` apart."""
    for i in range(stride):
        sums[i, 0] = cube[i, 0]
        sums[i, 1] = cube[i, 1]
    for i in range(stride, length):
        sums[i, 0] = sums[i - stride, 0] + cube[i, 0]
        sums[i, 1] = sums[i - stride, 1] + cube[i, 1]


@kernel()
def _take(sums, cube, low, high, stride, smallest, slope, base):  # type: ignore[no-untyped-def]
    """Write the part of a cube that meets a condition; whether anything in it can be wanted.

    The lines' lower envelope is concave, so over all sizes from `smallest` to that of the part
    it is least at one of the ends.
    """
    size, errors = 0.0, 0.0
    upper = high * stride
    lower = (low - 1) * stride
    if low > 0:
        for i in range(stride):
            cube[i, 0] = sums[upper + i, 0] - sums[lower + i, 0]
            cube[i, 1] = sums[upper + i, 1] - sums[lower + i, 1]
    else:
        for i in range(stride):
            cube[i, 0] = sums[upper + i, 0]
            cube[i, 1] = sums[upper + i, 1]
    for i in range(stride):
        size += cube[i, 0]
        errors += cube[i, 1]
    if size < smallest:
        return False
    return _is_above(size, errors, slope, base) or _is_above(smallest, errors, slope, base)


@kernel()
def _is_above(size, errors, slope, base):  # type: ignore[no-untyped-def]
    for i in range(len(slope)):  # noqa: SIM110 - numba knows no generators
        if errors >= slope[i] * size + base[i]:
            return True
    return False


@kernel()
def _sum_excess(slab, rows, length, chord_slope, chord_end, excess):  # type: ignore[no-untyped-def]
    """Errors minus slope times size, summed from the corner; which chord it is for.

    The chord is the first that holds for all sizes up to that of the slab.
    """
    total = 0.0
    for i in range(rows * length):
        total += slab[i, 0]
    chord = 0
    while chord < len(chord_end) - 1 and chord_end[chord] < total:
        chord += 1
    slope = chord_slope[chord]
    step = length + 1
    excess[:step] = 0.0
    for j in range(rows):
        above = (j + 1) * step
        excess[above] = 0.0
        running = 0.0
        for k in range(length):
            running += slab[j * length + k, 1] - slope * slab[j * length + k, 0]
            excess[above + k + 1] = excess[above + k + 1 - step] + running
    return chord


@kernel()
def _most_excess(excess, low, high, length, is_range):  # type: ignore[no-untyped-def]
    """Largest excess of one code, or range of codes, within some of the slab's rows.

    Excess adds up over codes, so Kadane's algorithm finds the largest over all ranges.
    """
    under = np.uint64(low * (length + 1))
    over = np.uint64((high + 1) * (length + 1))
    one = np.uint64(1)
    lowest = excess[over + one] - excess[under + one]
    most = lowest
    for k in range(np.uint64(2), np.uint64(length + 1)):
        here = excess[over + k] - excess[under + k]
        gain = here - lowest
        most = gain if gain > most else most
        lowest = min(lowest, here) if is_range else here
    return most


@kernel()
def _sum_corners(slab, rows, length, corner):  # type: ignore[no-untyped-def]
    """Sizes and errors summed from the corner of the slab."""
    step = length + 1
    for k in range(step):
        corner[k, 0] = 0.0
        corner[k, 1] = 0.0
    for j in range(rows):
        above = (j + 1) * step
        size, errors = 0.0, 0.0
        corner[above, 0] = 0.0
        corner[above, 1] = 0.0
        for k in range(length):
            size += slab[j * length + k, 0]
            errors += slab[j * length + k, 1]
            corner[above + k + 1, 0] = corner[above + k + 1 - step, 0] + size
            corner[above + k + 1, 1] = corner[above + k + 1 - step, 1] + errors


def _scan_numpy(  # type: ignore[no-untyped-def]  # noqa: PLR0913, PLR0917
    cells,
    offsets,
    shapes,
    columns,
    low,
    high,
    start,
    count,
    has_ranges,
    smallest,
    slope,
    base,
    chord_slope,
    chord_base,
    chord_end,
    most,
):
    parts: list[tuple[NDArray[np.int64], ...]] = []
    total = 0
    for c in range(len(offsets)):
        size, errors = unpack(cells[offsets[c] : offsets[c] + int(np.prod(shapes[c]))])
        size, errors = size.reshape(shapes[c]), errors.reshape(shapes[c])
        for axis in range(4):
            begin = start[columns[c, axis]]
            chosen = slice(begin, begin + count[columns[c, axis]])
            size = _intervals(size, axis, low[chosen], high[chosen])
            errors = _intervals(errors, axis, low[chosen], high[chosen])
        needed = np.min(slope * size[..., None] + base, axis=-1)
        found = np.argwhere((size >= smallest) & (errors >= needed))
        where = tuple(found.T)
        parts.append((np.full(len(found), c), found, size[where], errors[where]))
        total += len(found)
        if total > most:
            break
    joined = [np.concatenate([part[i] for part in parts]) for i in range(4)]
    return total, *joined


def _intervals(
    cube: NDArray[np.int64], axis: int, low: NDArray[np.int64], high: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The cube with one axis of codes replaced by one of intervals of codes."""
    zero = np.zeros_like(cube.take([0], axis))
    sums = np.concatenate([zero, cube.cumsum(axis)], axis)
    intervals: NDArray[np.int64] = sums.take(high + 1, axis) - sums.take(low, axis)
    return intervals
