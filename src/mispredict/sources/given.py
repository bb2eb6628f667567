"""Columns whose type the caller gave: the values in its storage, or an error naming one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadDataset
from mispredict.core.schema import ColumnType
from mispredict.sources.media import AUDIO_SUFFIXES, IMAGE_SUFFIXES

if TYPE_CHECKING:
    import pyarrow as pa

TRUE = ("true", "yes", "t", "y", "1", "1.0")
FALSE = ("false", "no", "f", "n", "0", "0.0")


def convert(name: str, column: pa.ChunkedArray, given: ColumnType) -> pa.ChunkedArray:
    """The column (in canonical storage) in the storage that the given type needs.

    Raises:
        BadDataset: a value does not fit the type.
    """
    if given is ColumnType.BOOLEAN:
        return _truth(name, column)
    if given is ColumnType.DATETIME:
        return _times(name, column)
    if given in (ColumnType.LABELS, ColumnType.VECTOR):
        return _lists(name, column, given)
    if given in (ColumnType.IMAGE, ColumnType.AUDIO):
        return _media(name, column, given)
    if given is ColumnType.OTHER:
        return column
    return _plain(name, column, given)


def as_times(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, npt.NDArray[np.intp]]:
    """Times read from text in ISO form, and the rows with text that is none."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.utf8_trim_whitespace(column)
    bare = pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.large_string()), bare)
    series = pd.to_datetime(bare.to_pandas(), format="ISO8601", utc=True, errors="coerce")
    wrong = np.flatnonzero(np.asarray(series.isna()) & np.asarray(bare.is_valid()))
    return pa.chunked_array([pa.array(series, from_pandas=True)]), wrong


def _truth(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_boolean(column.type):
        return column
    is_number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    if not is_number and not pa.types.is_large_string(column.type):
        raise misfit(name, column, ColumnType.BOOLEAN, 0)
    words = pc.utf8_lower(pc.utf8_trim_whitespace(column.cast(pa.large_string())))
    words = pc.if_else(pc.equal(words, ""), pa.scalar(None, pa.large_string()), words)
    yes = pc.is_in(words, pa.array(TRUE, pa.large_string()))
    no = pc.is_in(words, pa.array(FALSE, pa.large_string()))
    wrong = np.flatnonzero(np.asarray(pc.and_(words.is_valid(), pc.invert(pc.or_(yes, no)))))
    if len(wrong):
        raise misfit(name, column, ColumnType.BOOLEAN, int(wrong[0]), "true, false, yes, no, 0, 1")
    return pc.if_else(words.is_valid(), yes, pa.scalar(None, pa.bool_()))


def _times(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    import pyarrow as pa

    from mispredict.sources.normalise import normalise

    if pa.types.is_timestamp(column.type):
        return column
    if not pa.types.is_large_string(column.type):
        raise misfit(name, column, ColumnType.DATETIME, 0, "times, or text such as 2024-12-31")
    times, wrong = as_times(column)
    if len(wrong):
        wanted = "ISO times such as 2024-12-31 23:59"
        raise misfit(name, column, ColumnType.DATETIME, int(wrong[0]), wanted)
    return normalise(times, name)


def _lists(name: str, column: pa.ChunkedArray, given: ColumnType) -> pa.ChunkedArray:
    import pyarrow as pa
    import pyarrow.types as pt

    kind = column.type
    if not (pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind)):
        raise misfit(name, column, given, 0, "a list per row")
    member = kind.value_type
    is_text = pt.is_string(member) or pt.is_large_string(member) or pt.is_null(member)
    is_whole = pt.is_integer(member)
    is_number = is_whole or pt.is_floating(member) or pt.is_null(member)
    if given is ColumnType.VECTOR and is_number:
        return column
    if given is ColumnType.LABELS and is_text:
        return column
    if given is ColumnType.LABELS and is_whole:
        return column.cast(pa.large_list(pa.large_string()))
    wanted = "lists of numbers" if given is ColumnType.VECTOR else "lists of class names"
    raise misfit(name, column, given, 0, wanted)


def _media(name: str, column: pa.ChunkedArray, given: ColumnType) -> pa.ChunkedArray:
    """Bytes as they are; text only where it looks like a place of a file."""
    import pyarrow.types as pt

    kind = column.type
    if pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_struct(kind):
        return column
    if not pt.is_large_string(kind):
        raise misfit(name, column, given, 0, "paths, or the bytes of files")
    endings = tuple(IMAGE_SUFFIXES if given is ColumnType.IMAGE else AUDIO_SUFFIXES)
    for row, text in enumerate(column.to_pylist()):
        if text and not (text.lower().endswith(endings) or set("/\\:") & set(text)):
            raise misfit(name, column, given, row, "paths, or the bytes of files")
    return column


def _plain(name: str, column: pa.ChunkedArray, given: ColumnType) -> pa.ChunkedArray:
    import pyarrow as pa

    kind = column.type
    if given is not ColumnType.TEXT and (pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return column
    if pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        raise misfit(name, column, given, 0)
    if given is ColumnType.CATEGORICAL and pa.types.is_boolean(kind):
        return column
    try:
        return column.cast(pa.float64() if given is ColumnType.NUMERIC else pa.large_string())
    except pa.ArrowException as error:
        raise misfit(name, column, given, 0) from error


def misfit(
    name: str, column: pa.ChunkedArray, given: ColumnType, row: int, wanted: str = ""
) -> BadDataset:
    """The error for a value that is not of the given type; row 0 means the first with one."""
    if row == 0:
        row = next((place for place, item in enumerate(column) if item.is_valid), 0)
    needs = f"; {given.value} needs {wanted}" if wanted else ""
    return BadDataset(
        f"column {name!r} cannot be read as {given.value}.",
        known=f"Row {row:,} holds {column[row].as_py()!r:.60} ({column.type}){needs}.",
        hint="leave its type to be inferred, convert it first, or missing=[…] in a text file",
    )
