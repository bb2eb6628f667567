"""Rows that are the same, agree in all but a few columns, or have nearly the same vectors.

Rows with the same values have the same hash. Rows that differ in at most d columns agree on one
of any d + 1 blocks of columns entirely, so that sorting by the hash of each block brings every
such pair together; the pairs are then compared value by value.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType, Role
from mispredict.data.duplicates.embedding import Embedding, embedded, vectors_of
from mispredict.data.duplicates.texts import Joined, flatten, found_root, near_texts
from mispredict.data.hashing import Hashes, column_hashes, mix, row_hashes
from mispredict.engine.jit import kernel
from mispredict.expectations.subject import Numbers

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.expectations.data import DataView

Progress = Callable[[int, int], None]
Vectors = npt.NDArray[np.float32]
BACK = 24  # rows of a block's bucket that each is compared with
_SHORTEST_TEXT = 24  # bytes on average from which on a column of many values is read as text


def compared_columns(data: DataView, columns: Sequence[str] | None) -> tuple[str, ...]:
    """The columns that rows are compared by: the given ones, or all inputs."""
    if columns:
        return tuple(data.schema[name].name for name in columns)
    inputs = tuple(item.name for item in data.schema.of_role(Role.INPUT))
    return inputs or tuple(item.name for item in data.schema if item.role is not Role.ID)


def is_text(data: DataView, columns: Sequence[str]) -> bool:
    """Whether rows are compared as texts: all the columns are."""
    return all(data.schema[name].type is ColumnType.TEXT for name in columns)


def is_vector(data: DataView, columns: Sequence[str]) -> bool:
    """Whether rows are compared by the angle of their vectors: it is one column of them."""
    return len(columns) == 1 and data.schema[columns[0]].type is ColumnType.VECTOR


def same_rows(data: DataView, columns: Sequence[str]) -> Numbers:
    """Of each row the number of the first one with the same values."""
    return data.once(
        ("same rows", tuple(columns)), lambda: first_of(row_hashes(data, tuple(columns)))
    )


def first_of(hashes: Hashes) -> Numbers:
    """Of each place the first one that has the same hash."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    starts = order[is_new]
    out = np.empty(len(order), np.int64)
    out[order] = np.repeat(starts, np.diff(np.r_[np.flatnonzero(is_new), len(order)]))
    return out


def joined_rows(
    views: Sequence[DataView],
    columns: Sequence[str],
    near: float,
    *,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Joined:
    """Groups of the rows of one dataset, or of two one below the other."""
    if near >= 1:
        whole = _stacked(views, lambda view: row_hashes(view, columns))
        return Joined(first_of(whole), np.ones(len(whole)))
    if all(is_vector(view, columns) for view in views):
        return _near_vectors(
            [(view.ref, vectors_of(view, columns[0])) for view in views], near, progress, cancel
        )
    if is_text(views[0], columns):
        return near_texts(_texts(views, columns), near, progress=progress, cancel=cancel)
    hashes = np.stack([_stacked(views, partial(column_hashes, column=name)) for name in columns])
    return agreeing_rows(hashes, near)


def embedded_rows(
    views: Sequence[DataView],
    column: str,
    near: float,
    embedding: Embedding,
    *,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Joined:
    """Groups of rows by the vectors that an embedding gives for the values of a column."""
    parts = [(view.ref, embedded(view, column, embedding, cancel=cancel)) for view in views]
    return _near_vectors(parts, near, progress, cancel)


def _near_vectors(
    parts: Sequence[tuple[str, Vectors]],
    near: float,
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
) -> Joined:
    from mispredict.data.duplicates.vectors import near_vectors

    (ref, first), (other, last) = parts[0], parts[-1]
    if first.shape[1] != last.shape[1] and len(first) and len(last):
        raise BadOption(
            f"the vectors of {ref} have {first.shape[1]:,} numbers, those of {other}"
            f" {last.shape[1]:,}.",
            known="Only vectors of one embedding can be compared.",
            hint="the same embedding for both datasets",
        )
    whole = first if len(parts) == 1 else np.concatenate([first, last])
    own = None if len(parts) == 1 else len(first)
    return near_vectors(whole, near, own=own, progress=progress, cancel=cancel)


def agreeing_rows(hashes: npt.NDArray[np.uint64], near: float) -> Joined:
    """Groups of rows of which each agrees with another in the share `near` of the columns.

    Args:
        hashes: of the values, a row per column.
        near: the least share of columns.
    """
    width, n = hashes.shape
    allowed = int(np.floor((1 - near) * width + 1e-9))
    joined = Joined(np.arange(n, dtype=np.int64), np.ones(n))
    whole = np.zeros(n, np.uint64)
    for column in hashes:
        whole = mix(whole * np.uint64(0x9E3779B97F4A7C15) ^ column)
    joined.root[:] = first_of(whole)
    alone = np.flatnonzero(joined.root == np.arange(n))
    values = np.ascontiguousarray(hashes[:, alone].T)
    for block in _blocks(hashes, allowed + 1):
        total = np.zeros(len(alone), np.uint64)
        for column in block:
            total = mix(total * np.uint64(0x9E3779B97F4A7C15) ^ values[:, column])
        order = np.lexsort((whole[alone], total))
        _join_rows(values, alone, order, total[order], allowed, joined.root, joined.similarity)
    flatten(joined.root)
    return joined


def _blocks(hashes: npt.NDArray[np.uint64], count: int) -> list[list[int]]:
    """The columns in blocks that tell rows apart alike, the most telling dealt out first."""
    some = hashes[:, :: max(1, hashes.shape[1] // 20_000)]
    values = [len(np.unique(column)) for column in some]
    order = sorted(range(len(values)), key=lambda at: -values[at])
    return [order[start::count] for start in range(count) if order[start::count]]


def _stacked(views: Sequence[DataView], of: Callable[[DataView], Hashes]) -> Hashes:
    parts = [of(view) for view in views]
    return parts[0] if len(parts) == 1 else np.concatenate(parts)


def _texts(views: Sequence[DataView], columns: Sequence[str]) -> pa.ChunkedArray:
    """The texts of each row, several columns as one text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts: list[Any] = []
    for view in views:
        each = [view.column(name).cast(pa.large_string()) for name in columns]
        whole = each[0]
        if len(each) > 1:
            filled = [pc.fill_null(item, "") for item in each]
            whole = pc.binary_join_element_wise(*filled, pa.scalar(" ", pa.large_string()))
        parts += whole.chunks
    return pa.chunked_array(parts, pa.large_string())


@kernel()
def _join_rows(
    values: Any, rows: Any, order: Any, keys: Any, allowed: int, root: Any, similarity: Any
) -> None:
    """Join rows that differ in few columns: each with some of those of its bucket."""
    width = values.shape[1]
    start = 0
    for place in range(1, len(order)):
        if keys[place] != keys[place - 1]:
            start = place
            continue
        here = order[place]
        for back in range(place - 1, max(start, place - 24) - 1, -1):
            there = order[back]
            differing = 0
            for column in range(width):
                differing += values[here, column] != values[there, column]
                if differing > allowed:
                    break
            if differing > allowed:
                continue
            a, b = found_root(root, rows[here]), found_root(root, rows[there])
            if a != b:
                root[max(a, b)] = min(a, b)
            alike = 1 - differing / width
            similarity[rows[here]] = min(similarity[rows[here]], alike)
            similarity[rows[there]] = min(similarity[rows[there]], alike)
            break
