"""A vector for each row: of a column of vectors, or by an embedding of another column's values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, Cancelled
from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.expectations.data import DataView

Embedding: TypeAlias = "Callable[[Sequence[Any]], Any] | npt.NDArray[Any]"
Vectors = npt.NDArray[np.float32]
_SINGLE = np.finfo(np.float32)
_AT_ONCE = 2_048  # values that an embedding is asked for at a time


def vectors_of(data: DataView, column: str) -> Vectors:
    """(n, d) the vectors of a column, NaN where missing.

    Raises:
        BadOption: they differ in length.
    """
    return data.once(("vectors", column), lambda: _read(data, column))


def embedded(
    data: DataView,
    column: str,
    embedding: Embedding,
    *,
    cancel: Callable[[], bool] | None = None,
) -> Vectors:
    """(n, d) the embedding of a column's values, NaN where they are missing.

    Args:
        data: the rows.
        column: any column that the embedding can read.
        embedding: a function from values to a vector each, or an array with a vector per row.
        cancel: asked between calls of the function; True stops.

    Raises:
        BadOption: it has another shape.
    """
    if not callable(embedding):
        return _checked(embedding, data.n, "rows")
    values = data.column(column)
    known = np.flatnonzero(np.asarray(values.is_valid()))
    parts = []
    for start in range(0, len(known), _AT_ONCE):
        if cancel is not None and cancel():
            raise Cancelled("stopped while rows were embedded.", hint="run it again")
        asked = data.take([column], known[start : start + _AT_ONCE])[0].to_pylist()
        parts.append(_checked(embedding(asked), len(asked), f"values of {column!r}"))
    if len({part.shape[1] for part in parts}) > 1:
        raise BadOption(
            "the embedding gives vectors of different lengths.", hint="vectors of one length"
        )
    out = np.full((data.n, parts[0].shape[1] if parts else 1), np.nan, np.float32)
    if parts:
        out[known] = np.concatenate(parts)
    return out


def embedded_column(data: DataView, columns: Sequence[str] | None) -> str:
    """The column whose values an embedding is given: the one named, or the only text.

    Raises:
        BadOption: there is not exactly one.
    """
    texts = [item.name for item in data.schema if item.type is ColumnType.TEXT]
    chosen = list(columns or texts)
    if len(chosen) == 1:
        return data.schema[chosen[0]].name
    raise BadOption(
        f"an embedding is given the values of one column, and these are {len(chosen):,}.",
        known=f"Columns: {', '.join(data.schema.names[:8])}.",
        hint="columns=['the one to embed']",
    )


def _read(data: DataView, column: str) -> Vectors:
    import pyarrow.compute as pc

    values = data.column(column)
    widths = pc.unique(pc.drop_null(pc.list_value_length(values))).to_pylist()
    if len(widths) > 1:
        raise BadOption(
            f"the vectors of column {column!r} differ in length.",
            known=f"They have {widths[0]:,} and {widths[1]:,} numbers.",
            hint="vectors of one embedding",
        )
    out = np.full((data.n, (widths[0] if widths else 0) or 1), np.nan, np.float32)
    if widths == [0]:
        return out  # empty lists have no direction
    start = 0
    for chunk in values.chunks:
        _fill(out[start : start + len(chunk)], chunk)
        start += len(chunk)
    return out


def _fill(out: Vectors, chunk: pa.Array) -> None:
    known = np.asarray(chunk.is_valid())
    flat = chunk.drop_null().flatten()
    if known.any():
        out[known] = _single(flat.to_numpy(zero_copy_only=False).reshape(-1, out.shape[1]))


def _single(vectors: npt.NDArray[Any]) -> Vectors:
    """In single precision; those that would be infinite or 0 there at another length."""
    if vectors.dtype.kind == "f" and vectors.dtype.itemsize > _SINGLE.bits // 8:
        top = np.abs(vectors).max(axis=1, initial=0.0)
        is_far = np.isfinite(top) & (top > 0) & ((top > _SINGLE.max) | (top < _SINGLE.tiny))
        if is_far.any():
            vectors = np.where(
                is_far[:, None], vectors / np.where(is_far, top, 1)[:, None], vectors
            )
    return vectors.astype(np.float32, copy=False)


def _checked(given: Any, n: int, what: str) -> Vectors:
    try:
        array = np.asarray(given)
        if array.dtype.kind == "c":
            raise TypeError("complex numbers")
        if array.dtype.kind != "f":
            array = array.astype(np.float64)
    except (TypeError, ValueError):  # words, complex numbers, different lengths
        array = np.empty((0, 0), np.float32)
    if array.ndim != 2 or len(array) != n or not array.shape[1]:
        raise BadOption(
            f"an embedding of shape {array.shape} does not fit {n:,} {what}.",
            known="It must have one vector of numbers each.",
            hint="an array of shape (rows, dimensions), or a function that gives one",
        )
    return _single(array)
