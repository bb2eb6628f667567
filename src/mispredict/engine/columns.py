"""Columns in the few Arrow types that the engine computes with.

One set of types keeps the engines alike: text, booleans, int64 (uint64 beyond it), float64,
timestamps without a zone (in UTC), dates, and lists and bytes as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

_INT32_OFFSETS = 2**31 - 1
_EMPTY_TYPES = {
    ColumnType.NUMERIC: "float64",
    ColumnType.BOOLEAN: "bool_",
    ColumnType.CATEGORICAL: "string",
    ColumnType.TEXT: "string",
}

# A column, whole or in chunks; pyarrow has no types that mypy can read.
ArrowColumn: TypeAlias = "pa.ChunkedArray | pa.Array"


def normalised(array: ArrowColumn, kind: ColumnType = ColumnType.OTHER) -> pa.ChunkedArray:
    """The column with NaN as NULL, in one of the engine's types, as a chunked array.

    `kind` is only used for a column whose values are all missing and that has no type.
    """
    import pyarrow as pa

    column = array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    target = _target(column, kind)
    if target is not None and target != column.type:
        column = column.cast(target)
    return nan_as_null(column) if pa.types.is_floating(column.type) else column


def nan_as_null(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The floating-point column with NaN replaced by NULL; the same object without any."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_nan = pc.is_nan(column)
    if not pc.any(is_nan).as_py():
        return column
    return pc.if_else(pc.fill_null(is_nan, False), pa.scalar(None, column.type), column)


def take(column: pa.ChunkedArray, numbers: NDArray[np.integer[Any]]) -> pa.Array:
    """The column's values at these places, in that order, looking only into their chunks.

    Arrow's own `take` may join the chunks of texts first, which copies the whole column.
    """
    import pyarrow as pa

    if column.num_chunks == 1:
        return column.chunk(0).take(pa.array(numbers))
    starts = np.cumsum([0, *(len(chunk) for chunk in column.chunks)])
    order = np.argsort(numbers, kind="stable")
    ascending = np.asarray(numbers)[order]
    bounds = np.searchsorted(ascending, starts)
    parts = [
        chunk.take(pa.array(ascending[first:last] - start))
        for chunk, start, first, last in zip(
            column.chunks, starts[:-1], bounds[:-1], bounds[1:], strict=True
        )
        if last > first
    ]
    if not parts:
        return pa.array([], column.type)
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return pa.concat_arrays(parts).take(pa.array(back))


def chunk_values(chunk: pa.Array) -> NDArray[Any]:
    """The chunk's numbers without a copy; undefined where the chunk is NULL.

    Numbers, dates and timestamps only. NumPy has no NULL, so that `to_numpy` would turn whole
    numbers with missing ones into floats and lose those beyond 2^53.
    """
    import pyarrow as pa

    width = chunk.type.bit_width // 8
    if pa.types.is_floating(chunk.type):
        dtype = np.dtype(f"f{width}")
    else:
        dtype = np.dtype(f"{'u' if pa.types.is_unsigned_integer(chunk.type) else 'i'}{width}")
    data = chunk.buffers()[1]
    if data is None or not len(chunk):
        return np.zeros(len(chunk), dtype)
    return np.frombuffer(data, dtype, count=len(chunk), offset=chunk.offset * width)


def chunk_missing(chunk: pa.Array) -> NDArray[np.bool_] | None:
    """Which rows of the chunk are NULL; None where none is."""
    if not chunk.null_count:
        return None
    missing: NDArray[np.bool_] = chunk.is_null().to_numpy(zero_copy_only=False)
    return missing


def as_floats(column: pa.ChunkedArray) -> NDArray[np.float64]:
    """The column as float64 with NaN for missing: booleans 0 and 1, times in seconds of UTC."""
    import pyarrow as pa

    out = np.empty(len(column), np.float64)
    start = 0
    for chunk in column.chunks:
        part = out[start : start + len(chunk)]
        if pa.types.is_boolean(chunk.type):
            part[:] = chunk.cast(pa.uint8()).fill_null(0).to_numpy(zero_copy_only=False)
        else:
            part[:] = chunk_values(chunk)
            part *= seconds_per_unit(chunk.type)
        missing = chunk_missing(chunk)
        if missing is not None:
            part[missing] = np.nan
        start += len(chunk)
    return out


def seconds_per_unit(type_: Any) -> float:
    """Seconds that one step of a date's or timestamp's integer is; 1 for plain numbers."""
    import pyarrow as pa

    if pa.types.is_date32(type_):
        return 86_400.0
    if pa.types.is_timestamp(type_):
        return {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}[type_.unit]
    return 1.0


def _target(column: pa.ChunkedArray, kind: ColumnType) -> Any:
    """The engine's type for the column, or None to leave it."""
    import pyarrow as pa
    import pyarrow.types as pt

    type_ = column.type
    if pt.is_null(type_):
        name = _EMPTY_TYPES.get(kind)
        return getattr(pa, name)() if name else pa.timestamp("us")
    if pt.is_uint64(type_):
        return pa.int64() if _fits_int64(column) else None
    if pt.is_integer(type_):
        return pa.int64()
    if pt.is_floating(type_) or pt.is_decimal(type_):
        return pa.float64()
    if pt.is_timestamp(type_):
        return pa.timestamp(type_.unit if type_.unit in ("us", "ns") else "us")
    if pt.is_date64(type_):
        return pa.date32()
    if pt.is_large_string(type_) or str(type_) == "string_view":
        return pa.string() if column.nbytes < _INT32_OFFSETS else None
    return None


def _fits_int64(column: pa.ChunkedArray) -> bool:
    import pyarrow.compute as pc

    largest = pc.max(column).as_py()
    return largest is None or largest < 2**63
