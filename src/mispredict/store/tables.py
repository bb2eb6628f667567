"""Arrow tables, arrays and JSON values as parts, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from mispredict.core.errors import BadDataset, CorruptPart, UnknownColumn
from mispredict.core.results import plain
from mispredict.store.content import ContentHash
from mispredict.store.parts import Part, Parts

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


ROWS_PER_PART = 1 << 20
ROWS_PER_GROUP = 1 << 17
_COMPRESSION = "snappy"


def write_table(parts: Parts, table: Any, *, rows_per_part: int = ROWS_PER_PART) -> list[Part]:
    """Parts that hold the rows in order, at least one, as Parquet.

    `table` is an Arrow table, a record batch reader, or an iterable of batches or tables of one
    schema; at most a row group of an iterable is held in memory. The same rows give the same
    parts however they were cut into batches.
    """
    schema, batches = _stream(table)
    if not len(schema):
        raise BadDataset("a table without columns cannot be stored.")
    group_rows = max(1, min(ROWS_PER_GROUP, rows_per_part))
    groups = _groups(schema, batches, group_rows)
    written: list[Part] = []
    group = next(groups, None)
    while group is not None or not written:
        part, group = _write_part(parts, schema, group, groups, rows_per_part)
        written.append(part)
    return written


def read_table(
    parts: Parts,
    stored: Sequence[Part],
    *,
    columns: Sequence[str] | None = None,
    verify: bool = False,
) -> pa.Table:
    """The rows of the parts, in order."""
    import pyarrow as pa

    if not stored:
        raise BadDataset("there are no parts to read a table from.")
    tables = [_read_part(parts, part, columns, verify) for part in stored]
    return tables[0] if len(tables) == 1 else pa.concat_tables(tables)


def batches(
    parts: Parts,
    stored: Iterable[Part],
    *,
    columns: Sequence[str] | None = None,
    rows: int = ROWS_PER_GROUP,
) -> Iterator[pa.RecordBatch]:
    """The rows of the parts in order, a batch at a time."""
    for part in stored:
        with _opened(parts, part) as file:
            wanted = _wanted(file, columns)
            for batch in file.iter_batches(batch_size=rows, columns=wanted):
                yield batch if wanted is None else batch.select(wanted)


@dataclass(frozen=True, slots=True)
class GroupSize:
    """Rows of a row group, and bytes of each of its columns before compression."""

    rows: int
    bytes: Mapping[str, int]


def row_groups(parts: Parts, part: Part) -> tuple[GroupSize, ...]:
    """The sizes of the part's row groups, in order."""
    with _opened(parts, part) as file:
        found = file.metadata
        return tuple(_size(found.row_group(place)) for place in range(found.num_row_groups))


def _size(group: Any) -> GroupSize:
    sizes: dict[str, int] = {}
    for place in range(group.num_columns):
        column = group.column(place)
        name = column.path_in_schema.partition(".")[0]
        sizes[name] = sizes.get(name, 0) + column.total_uncompressed_size
    return GroupSize(group.num_rows, sizes)


def read_group(parts: Parts, part: Part, group: int, columns: Sequence[str]) -> pa.Table:
    """The rows of one group of the part."""
    with _opened(parts, part) as file:
        return file.read_row_group(group, columns=_wanted(file, columns)).select(list(columns))


def write_array(parts: Parts, array: np.ndarray[Any, Any]) -> Part:
    """The part that holds the array as `.npy`, ready to be memory-mapped."""
    with parts.sink("npy", needed=array.nbytes) as draft:
        np.lib.format.write_array(cast("Any", draft.sink), array, allow_pickle=False)
    return draft.part(rows=int(array.shape[0]) if array.ndim else 1)


def read_array(
    parts: Parts, part: Part, *, is_mapped: bool = True, verify: bool = False
) -> np.ndarray[Any, Any]:
    """The array, read-only and memory-mapped unless `is_mapped` is False."""
    path = parts.path(part, verify=verify)
    try:
        array: np.ndarray[Any, Any] = np.load(
            path, mmap_mode="r" if is_mapped else None, allow_pickle=False
        )
    except ValueError as error:
        raise _damaged(parts, part, error) from error
    return array


def write_json(parts: Parts, value: Any) -> Part:
    """The part that holds the value's canonical JSON."""
    text = json.dumps(plain(value), sort_keys=True, ensure_ascii=False, allow_nan=False)
    return parts.write(text.encode("utf-8", "surrogatepass"), "json")


def read_json(parts: Parts, part: Part, *, verify: bool = False) -> Any:
    data = parts.read(part, verify=verify)
    try:
        return json.loads(data.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise _damaged(parts, part, error) from error


def _stream(table: Any) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    if isinstance(table, pa.Table):
        return _clean(table.schema), iter(table.to_batches())
    if isinstance(table, pa.RecordBatch):
        return _clean(table.schema), iter([table])
    if isinstance(table, pa.RecordBatchReader):
        return _clean(table.schema), iter(table)
    found = _batches_of(table)
    first = next(found, None)
    if first is None:
        raise BadDataset("there is no batch to write, so the columns are not known.")
    return _clean(first.schema), _after(first, found)


def _batches_of(items: Iterable[Any]) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    for item in items:
        if not isinstance(item, pa.Table):
            yield item
        elif item.num_rows:
            yield from item.to_batches()
        else:
            yield pa.RecordBatch.from_pylist([], schema=item.schema)


def _after(first: pa.RecordBatch, rest: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    yield first
    yield from rest


def _clean(schema: pa.Schema) -> pa.Schema:
    """The schema without pandas' note, which would put pandas' version into the bytes."""
    metadata = {k: v for k, v in (schema.metadata or {}).items() if k != b"pandas"}
    return schema.with_metadata(metadata or None)


def _groups(
    schema: pa.Schema, found: Iterable[pa.RecordBatch], rows: int
) -> Iterator[pa.RecordBatch]:
    """Batches of exactly `rows` rows, and a last one of the rest."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in found:
        if not batch.schema.equals(schema, check_metadata=False):
            raise BadDataset(
                "the batches of a table have different columns.",
                known=f"First: {_columns_text(schema)}. Then: {_columns_text(batch.schema)}.",
            )
        rest = batch
        while count + rest.num_rows >= rows:
            cut = rows - count
            yield _joined(schema, [*held, rest.slice(0, cut)])
            held, count, rest = [], 0, rest.slice(cut)
        if rest.num_rows:
            held.append(rest)
            count += rest.num_rows
    if count:
        yield _joined(schema, held)


def _joined(schema: pa.Schema, held: list[pa.RecordBatch]) -> pa.RecordBatch:
    import pyarrow as pa

    columns = [
        _one_chunk(pa.chunked_array([batch.column(i) for batch in held], type=field.type))
        for i, field in enumerate(schema)
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _one_chunk(column: pa.ChunkedArray) -> pa.Array:
    if column.num_chunks == 1:
        return column.chunk(0)
    return column.unify_dictionaries().combine_chunks()


def _write_part(
    parts: Parts,
    schema: pa.Schema,
    group: pa.RecordBatch | None,
    rest: Iterator[pa.RecordBatch],
    rows_per_part: int,
) -> tuple[Part, pa.RecordBatch | None]:
    """One part of up to `rows_per_part` rows (whole row groups), and the group after it."""
    import pyarrow.parquet as pq

    content, rows = ContentHash(schema), 0
    sizes = [0]
    with (
        parts.sink("parquet", needed=lambda: sum(sizes)) as draft,
        pq.ParquetWriter(
            draft.sink, schema, compression=_COMPRESSION, write_page_checksum=True
        ) as writer,
    ):
        while group is not None and (rows == 0 or rows + group.num_rows <= rows_per_part):
            sizes.append(group.nbytes)
            content.update(group)
            writer.write_batch(group, row_group_size=group.num_rows)
            rows += group.num_rows
            group = next(rest, None)
    return draft.part(rows=rows, content=content.hexdigest()), group


def _read_part(parts: Parts, part: Part, columns: Sequence[str] | None, verify: bool) -> pa.Table:
    with _opened(parts, part, verify=verify) as file:
        wanted = _wanted(file, columns)
        table = file.read(columns=wanted)
        return table if wanted is None else table.select(wanted)


@contextmanager
def _opened(parts: Parts, part: Part, *, verify: bool = False) -> Iterator[pq.ParquetFile]:
    """The part's file, whose pages are checked against their checksums as they are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = parts.path(part, verify=verify)
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            yield file
    except (pa.ArrowException, OSError) as error:
        raise _damaged(parts, part, error) from error


def _wanted(file: pq.ParquetFile, columns: Sequence[str] | None) -> list[str] | None:
    known = file.schema_arrow.names
    for name in columns or ():
        if name not in known:
            raise UnknownColumn.among(name, known, where="the stored table")
    return None if columns is None else list(columns)


def _damaged(parts: Parts, part: Part, error: Exception) -> CorruptPart:
    return parts.corrupt(part, f"cannot be read as {part.format} ({str(error).splitlines()[0]})")


def _columns_text(schema: pa.Schema) -> str:
    return ", ".join(f"{field.name} {field.type}" for field in schema)[:200]
