"""One small code per row: columns as dictionaries and bins.

Text and booleans get a code per value. Numbers and times get one per value when there are few,
else quantile bins with edges at values of the data, so that each bin holds a like number of
rows; a value that fills a bin by itself, such as a zero balance, gets its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.schema import ColumnType
from mispredict.engine.codebook import Codebook, Point, number_dtype
from mispredict.engine.columns import ArrowColumn, chunk_missing, chunk_values, normalised

if TYPE_CHECKING:
    import pyarrow as pa

ENCODED_TYPES = frozenset(
    {ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN, ColumnType.DATETIME}
)
_BLOCK = 1 << 16


@dataclass(frozen=True, slots=True)
class Limits:
    """How finely columns are coded.

    `distinct` numbers get a code each, more are put into about `bins` bins, whose edges come
    from `sample` rows at equal distances; `codes` bounds the codes of a dictionary.
    """

    distinct: int = 64
    bins: int = 50
    codes: int = 65_534
    sample: int = 200_000


@dataclass(frozen=True, slots=True)
class Coded:
    """A column as codes, uint8 or uint16, with what they mean."""

    codes: NDArray[Any]
    book: Codebook

    def __len__(self) -> int:
        return len(self.codes)


DEFAULT_LIMITS = Limits()


def encode(
    array: ArrowColumn,
    kind: ColumnType,
    *,
    limits: Limits = DEFAULT_LIMITS,
) -> Coded | None:
    """The column as codes; None for text, vectors and other columns that have no codes."""
    import pyarrow.types as pt

    if kind not in ENCODED_TYPES:
        return None
    column = normalised(array, kind)
    storage = column.type
    if pt.is_string(storage) or pt.is_large_string(storage) or pt.is_boolean(storage):
        return _by_value(column, kind, limits)
    if not _is_number(storage):
        return None
    if kind is ColumnType.CATEGORICAL or _has_few_values(column, limits):
        return _by_value(column, kind, limits)
    return _by_bin(column, kind, limits)


def encode_all(
    columns: Mapping[str, tuple[ArrowColumn, ColumnType]],
    *,
    limits: Limits = DEFAULT_LIMITS,
    threads: int = 2,
) -> dict[str, Coded]:
    """The codes of all columns that can be coded, by name, encoded by several threads."""

    def work(item: tuple[str, tuple[ArrowColumn, ColumnType]]) -> tuple[str, Coded | None]:
        name, (array, kind) = item
        return name, encode(array, kind, limits=limits)

    with ThreadPoolExecutor(threads) as pool:
        return {name: coded for name, coded in pool.map(work, columns.items()) if coded is not None}


def _is_number(storage: Any) -> bool:
    import pyarrow.types as pt

    return bool(
        pt.is_int64(storage)
        or pt.is_uint64(storage)
        or pt.is_float64(storage)
        or pt.is_timestamp(storage)
        or pt.is_date32(storage)
    )


def _has_few_values(column: pa.ChunkedArray, limits: Limits) -> bool:
    """Whether each number can have its own code; times must be whole microseconds for it."""
    import pyarrow.compute as pc

    if len(np.unique(_sample(column, 4096))) > limits.distinct:
        return False
    values = pc.drop_null(pc.unique(column))
    if len(values) > limits.distinct:
        return False
    return not (str(column.type) == "timestamp[ns]" and (chunk_values(values) % 1_000).any())


def _by_value(column: pa.ChunkedArray, kind: ColumnType, limits: Limits) -> Coded:
    encoded, values = _dictionary(column)
    points = _points(values)
    counts = _counts(encoded, len(points))
    order = _order(points, counts, column.type, kind)
    has_other = len(order) > limits.codes
    kept = order[: limits.codes - 1] if has_other else order
    book = Codebook("values", kind, str(column.type), tuple(points[i] for i in kept), has_other)
    code_of = np.full(len(points) + 1, book.size - 1, book.dtype)
    code_of[kept] = np.arange(1, len(kept) + 1)
    code_of[len(points)] = 0
    return Coded(_look_up(encoded, code_of, len(column)), book)


def _dictionary(column: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.Array]:
    """The column as positions in a dictionary, and the dictionary.

    Arrow takes 0.0 and -0.0 for two values; they are equal, and so are joined.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    encoded = column.dictionary_encode().unify_dictionaries()
    if not encoded.num_chunks:
        return encoded, pa.array([], column.type)
    values = encoded.chunk(0).dictionary
    if pa.types.is_float64(column.type):
        numbers = chunk_values(values)
        if (np.signbit(numbers) & (numbers == 0)).any():
            return _dictionary(pc.add(column, 0.0))
    return encoded, values


def _points(values: pa.Array) -> list[Point]:
    """Dictionary values as a codebook stores them: times as whole numbers."""
    import pyarrow.types as pt

    if pt.is_timestamp(values.type) or pt.is_date32(values.type):
        return [int(item) for item in chunk_values(values)]
    points: list[Point] = values.to_pylist()
    return points


def _counts(encoded: pa.ChunkedArray, size: int) -> NDArray[np.int64]:
    counts = np.zeros(size + 1, np.int64)
    for indices in _indices(encoded, size):
        counts += np.bincount(indices, minlength=size + 1)
    return counts[:size]


def _indices(encoded: pa.ChunkedArray, missing: int) -> Iterator[NDArray[np.int32]]:
    """Dictionary positions in blocks of rows, with `missing` for NULL."""
    for chunk in encoded.chunks:
        positions = chunk.indices.fill_null(missing).to_numpy()
        for start in range(0, len(positions), _BLOCK):
            yield positions[start : start + _BLOCK]


def _order(
    points: list[Point], counts: NDArray[np.int64], storage: Any, kind: ColumnType
) -> NDArray[np.intp]:
    """Dictionary positions in the order of their codes.

    Names go by frequency, and equally frequent ones as they first appear; numbers by size.
    """
    import pyarrow.types as pt

    if pt.is_string(storage) or pt.is_large_string(storage) or kind is ColumnType.CATEGORICAL:
        return np.argsort(-counts, kind="stable")
    return np.array(sorted(range(len(points)), key=points.__getitem__), np.intp)


def _look_up(encoded: pa.ChunkedArray, code_of: NDArray[Any], n: int) -> NDArray[Any]:
    codes = np.empty(n, code_of.dtype)
    start = 0
    for indices in _indices(encoded, len(code_of) - 1):
        np.take(code_of, indices, out=codes[start : start + len(indices)])
        start += len(indices)
    return codes


def _by_bin(column: pa.ChunkedArray, kind: ColumnType, limits: Limits) -> Coded:
    import pyarrow.types as pt

    step = 1_000 if pt.is_timestamp(column.type) and column.type.unit == "ns" else 1
    edges = _edges(column, limits, step)
    book = Codebook("bins", kind, str(column.type), tuple(edges.tolist()))
    codes = np.empty(len(column), book.dtype)
    start = 0
    for chunk in column.chunks:
        _bin_chunk(chunk, edges[1:-1], codes[start : start + len(chunk)])
        start += len(chunk)
    return Coded(codes, book)


def _bin_chunk(chunk: pa.Array, inner: NDArray[Any], codes: NDArray[Any]) -> None:
    values = chunk_values(chunk)
    for start in range(0, len(values), _BLOCK):
        block = slice(start, start + _BLOCK)
        codes[block] = np.searchsorted(inner, values[block], side="right")
    codes += 1
    missing = chunk_missing(chunk)
    if missing is not None:
        codes[missing] = 0


def _edges(column: pa.ChunkedArray, limits: Limits, step: int) -> NDArray[Any]:
    """Distinct edges from the smallest to the largest value; inner ones are from the sample.

    A value that the sample's quantiles hit twice is common: the next larger value becomes an
    edge too, so that it has its own bin. Edges of times are whole microseconds (`step`), which
    a condition can name.
    """
    low, high = _ends(column)
    sample = np.sort(_sample(column, limits.sample))
    if not len(sample):
        return np.array([low, high])
    places = np.arange(1, limits.bins) * len(sample) // limits.bins
    found, hits = np.unique(sample[places], return_counts=True)
    after = np.searchsorted(sample, found[hits > 1], side="right")
    inner = np.concatenate([found, sample[after[after < len(sample)]]])
    if step > 1:
        inner, low = inner // step * step, low // step * step
    inner = np.unique(inner)
    inner = inner[(inner > low) & (inner <= high)]
    return np.concatenate([[low], inner, [high]])


def _ends(column: pa.ChunkedArray) -> NDArray[Any]:
    """The smallest and the largest value as numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    dtype = number_dtype(str(column.type))
    ends = pc.min_max(column)
    pair = [ends["min"], ends["max"]]
    if pa.types.is_temporal(column.type):
        pair = [end.cast(pa.from_numpy_dtype(dtype)) for end in pair]
    return np.array([end.as_py() for end in pair], dtype)


def _sample(column: pa.ChunkedArray, size: int) -> NDArray[Any]:
    """Present values of about `size` rows spread over the column, the same at every call."""
    present = column.drop_null() if column.null_count * 2 > len(column) else column
    stride = max(1, len(present) // size)
    rows = np.arange(0, len(present) - stride + 1, stride)
    rows += np.random.default_rng(0).integers(0, stride, len(rows))
    parts = [np.empty(0, number_dtype(str(column.type)))]
    offset = 0
    for chunk in present.chunks:
        first, last = np.searchsorted(rows, (offset, offset + len(chunk)))
        here = rows[first:last] - offset
        missing = chunk_missing(chunk)
        parts.append(chunk_values(chunk)[here if missing is None else here[~missing[here]]])
        offset += len(chunk)
    return np.concatenate(parts)
