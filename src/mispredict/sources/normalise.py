"""Columns in the few storage types that the rest of the product knows.

Text is `large_string`, whole numbers `int64`, other numbers `double`, times `timestamp[us]`
without a zone (UTC), truth values `bool`. NaN becomes NULL: engines disagree about NaN, and
some answer wrongly in silence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def normalise(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column in its canonical storage type, with NaN as NULL."""
    import pyarrow as pa
    import pyarrow.types as pt

    kind = column.type
    if pt.is_dictionary(kind):
        return normalise(column.cast(kind.value_type))
    if pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind):
        return column.cast(pa.large_string())
    if pt.is_floating(kind) or pt.is_decimal(kind):
        return _without_nan(column.cast(pa.float64()))
    if pt.is_integer(kind):
        return _whole(column)
    if pt.is_timestamp(kind) or pt.is_date(kind):
        return _utc(column)
    if pt.is_null(kind):
        return column.cast(pa.large_string())
    return column


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
    except pa.ArrowInvalid:  # unsigned numbers beyond 2^63
        return column.cast(pa.float64(), safe=False)


def _utc(column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    return column.cast(pa.timestamp("us"), safe=False)
