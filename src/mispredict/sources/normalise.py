"""Columns in the few storage types that the rest of the product knows.

Text is `large_string`, whole numbers `int64`, other numbers `double`, times `timestamp[us]`
without a zone (UTC), truth values `bool`. NaN becomes NULL: engines disagree about NaN, and
some answer wrongly in silence. Whole numbers too large for `int64` become text, since as
fractions two of them could become the same; so do the few types that no engine can store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.core.errors import BadDataset

if TYPE_CHECKING:
    import pyarrow as pa

_YEARS = (-62_135_596_800_000_000, 253_402_300_799_999_999)  # years 1 to 9999 in microseconds


def normalise(column: pa.ChunkedArray, name: str = "") -> pa.ChunkedArray:
    """The column in its canonical storage type, with NaN as NULL.

    Raises:
        BadDataset: a time is outside the years 1 to 9999.
    """
    import pyarrow as pa
    import pyarrow.types as pt

    kind = column.type
    if isinstance(kind, pa.BaseExtensionType):
        return _of_extension(column, name)
    if pt.is_run_end_encoded(kind):
        chunks = [_decoded(chunk) for chunk in column.chunks]
        return normalise(pa.chunked_array(chunks, type=kind.value_type), name)
    if pt.is_dictionary(kind):
        return normalise(column.cast(kind.value_type), name)
    if pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind):
        return column.cast(pa.large_string())
    if pt.is_floating(kind) or (pt.is_decimal(kind) and kind.scale > 0):
        return _without_nan(column.cast(pa.float64(), safe=False))
    if pt.is_integer(kind) or pt.is_decimal(kind):
        return _whole(column)
    if pt.is_timestamp(kind) or pt.is_date(kind):
        return _utc(column, name)
    if pt.is_list_view(kind) or pt.is_large_list_view(kind):
        return normalise(column.cast(pa.large_list(kind.value_type)), name)
    if pt.is_null(kind):
        return column.cast(pa.large_string())
    return column if _is_storable(kind) else _as_text(column)


def _decoded(chunk: pa.Array) -> pa.Array:
    import pyarrow.compute as pc

    return pc.run_end_decode(chunk)


def _of_extension(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.types as pt

    storage = column.type.storage_type
    if pt.is_fixed_size_binary(storage) or pt.is_struct(storage) or pt.is_integer(storage):
        return _as_text(column)  # UUIDs, intervals, periods: their text is what people know
    chunks = [chunk.storage for chunk in column.chunks]
    return normalise(pa.chunked_array(chunks, type=storage), name)


def _is_storable(kind: pa.DataType) -> bool:
    """Whether Parquet has the type, down to the innermost one."""
    import pyarrow.types as pt

    if pt.is_union(kind) or pt.is_interval(kind) or pt.is_run_end_encoded(kind):
        return False
    if pt.is_list_view(kind) or pt.is_large_list_view(kind):
        return False
    if pt.is_struct(kind) and kind.num_fields == 0:
        return False
    if not pt.is_nested(kind):
        return True
    return all(_is_storable(kind.field(place).type) for place in range(kind.num_fields))


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    values = [None if value is None else str(value) for value in column.to_pylist()]
    return pa.chunked_array([pa.array(values, pa.large_string())])


def _without_nan(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(pc.is_nan(column)).as_py():
        return column
    return pc.if_else(pc.is_nan(column), pa.scalar(None, pa.float64()), column)


def _whole(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    try:
        return column.cast(pa.int64())
    except pa.ArrowInvalid:  # beyond 2^63
        return column.cast(pa.large_string())


def _utc(column: pa.ChunkedArray, name: str) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.types as pt

    is_finer = pt.is_timestamp(column.type) and column.type.unit == "ns"
    try:
        times = column.cast(pa.timestamp("us"), safe=not is_finer)
    except pa.ArrowInvalid as error:
        raise _outside(name, str(error)) from error
    bounds = pc.min_max(times.cast(pa.int64())).as_py()
    if bounds["min"] is not None and not (_YEARS[0] <= bounds["min"] <= bounds["max"] <= _YEARS[1]):
        raise _outside(
            name, f"Its bounds are {bounds['min']:,} and {bounds['max']:,} µs since 1970."
        )
    return times


def _outside(name: str, known: str) -> BadDataset:
    column = f"column {name!r}" if name else "a column"
    return BadDataset(
        f"{column} has times outside the years 1 to 9999.",
        known=known,
        hint="check the unit (seconds read as days?), or make such times missing",
    )
