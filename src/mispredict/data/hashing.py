"""Columns and rows as numbers: equal contents have equal hashes, in every dataset alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.engine.columns import chunk_missing, chunk_values, seconds_per_unit
from mispredict.engine.jit import has_numba, kernel

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.expectations.data import DataView

Hashes = npt.NDArray[np.uint64]
_MISSING = np.uint64(0x9E3779B97F4A7C15)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_START = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_WHOLE = 2.0**53  # up to which a float holds every whole number


def row_hashes(data: DataView, columns: Sequence[str]) -> Hashes:
    """A hash of each row's values in the columns, whatever types they are stored as."""

    def made() -> Hashes:
        total = np.zeros(data.n, np.uint64)
        for name in columns:
            total *= _ODD
            total ^= column_hashes(data, name)
            mix(total)
        return total

    return data.once(("rows hashed", tuple(columns)), made)


def column_hashes(data: DataView, column: str) -> Hashes:
    """A hash of each value of a column; missing values have one of their own."""
    return data.once(("column hashed", column), lambda: hashes_of(data.column(column)))


def hashes_of(values: pa.ChunkedArray) -> Hashes:
    """A hash of each value."""
    out = np.empty(len(values), np.uint64)
    start = 0
    for chunk in values.chunks:
        part = out[start : start + len(chunk)]
        part[:] = _chunk_hashes(chunk)
        missing = chunk_missing(chunk)
        if missing is not None:
            part[missing] = _MISSING
        start += len(chunk)
    return out


def mix(hashes: Hashes) -> Hashes:
    """The hashes with all bits spread, in place (the finaliser of SplitMix64)."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= _MIX_1
    hashes ^= hashes >> np.uint64(27)
    hashes *= _MIX_2
    hashes ^= hashes >> np.uint64(31)
    return hashes


def text_buffers(chunk: pa.Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    """The offsets and the bytes of an array of texts."""
    import pyarrow as pa

    wide = pa.types.is_large_string(chunk.type) or pa.types.is_large_binary(chunk.type)
    dtype = np.dtype(np.int64 if wide else np.int32)
    _, offsets, data = chunk.buffers()
    if not len(chunk) or offsets is None:
        return np.zeros(len(chunk) + 1, np.int64), np.zeros(1, np.uint8)
    first = chunk.offset * dtype.itemsize
    ends = np.frombuffer(offsets, dtype, count=len(chunk) + 1, offset=first).astype(np.int64)
    held = np.zeros(1, np.uint8) if not data else np.frombuffer(data, np.uint8)
    return ends, held


def _chunk_hashes(chunk: pa.Array) -> Hashes:
    import pyarrow as pa

    kind = chunk.type
    if pa.types.is_boolean(kind):
        return mix(_fixed(chunk.cast(pa.uint8()).fill_null(0).to_numpy(zero_copy_only=False)))
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return mix(_fixed(chunk_values(chunk)))
    if pa.types.is_temporal(kind) and not pa.types.is_time(kind):
        values = chunk_values(chunk)
        return mix(_fixed(values * (seconds_per_unit(kind) * 1e6)))
    if _is_list(kind) and (
        pa.types.is_integer(kind.value_type) or pa.types.is_floating(kind.value_type)
    ):
        return _vector_hashes(chunk)
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
        chunk = pa.array([repr(item) for item in chunk.to_pylist()], pa.large_string())
    return _text_hashes(chunk)


def _is_list(kind: pa.DataType) -> bool:
    import pyarrow as pa

    return bool(
        pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    )


def _vector_hashes(chunk: pa.Array) -> Hashes:
    """A hash of each list of numbers, by the bytes of its numbers as doubles."""
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.list_value_length(chunk), 0).to_numpy(zero_copy_only=False)
    numbers = chunk.drop_null().flatten().to_numpy(zero_copy_only=False).astype(np.float64) + 0.0
    offsets = np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]) * 8
    return _hashes_of_bytes(offsets, numbers.view(np.uint8))


def _fixed(values: npt.NDArray[Any]) -> Hashes:
    """Numbers as bits: those that are equal are the same, be they whole or not."""
    if values.dtype.kind in "iu" and len(values) and np.abs(values).max() >= _WHOLE:
        return values.astype(np.int64).view(np.uint64).copy()
    floats = values.astype(np.float64) + 0.0  # which makes 0 of -0
    return floats.view(np.uint64)


def _text_hashes(chunk: pa.Array) -> Hashes:
    return _hashes_of_bytes(*text_buffers(chunk))


def _hashes_of_bytes(offsets: npt.NDArray[np.int64], held: npt.NDArray[np.uint8]) -> Hashes:
    if not has_numba():
        return _hashed_without_loops(offsets, held)
    out = np.empty(len(offsets) - 1, np.uint64)
    _hash_texts(offsets, held, out)
    return mix(out)


def _hashed_without_loops(offsets: npt.NDArray[np.int64], held: npt.NDArray[np.uint8]) -> Hashes:
    """Each text's hash by Python's own blake2, which is slow and needs no compiler."""
    from hashlib import blake2b

    whole = held.tobytes()
    pieces = (whole[a:b] for a, b in pairwise(offsets))
    digests = b"".join(blake2b(piece, digest_size=8).digest() for piece in pieces)
    return np.frombuffer(digests, np.uint64).copy()


@kernel()
def _hash_texts(offsets: Any, held: Any, out: Any) -> None:
    """FNV-1a of each text."""
    for row in range(len(out)):
        total = _START
        for place in range(offsets[row], offsets[row + 1]):
            total = (total ^ np.uint64(held[place])) * _PRIME
        out[row] = total
