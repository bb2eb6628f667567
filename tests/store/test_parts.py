"""Parts: written whole or not at all, kept once, checked when read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.errors import BadDataset, BadOption, CorruptPart, UnknownColumn
from mispredict.core.ids import hash_bytes
from mispredict.store import Part, Store
from mispredict.store.tables import ROWS_PER_GROUP


def test_bytes_are_named_by_their_hash(local: Store) -> None:
    part = local.write_bytes(b"abc", "txt")
    assert part == Part(hash_bytes(b"abc"), "txt", 3, content=hash_bytes(b"abc"))
    path = local.path(part, verify=True)
    assert path == local.root / "parts" / part.hash[:2] / f"{part.hash}.txt"
    assert path.read_bytes() == local.read_bytes(part) == b"abc"
    assert local.read_bytes(local.write_bytes(memoryview(b""), "bin")) == b""


def test_equal_bytes_are_kept_once(local: Store) -> None:
    part = local.write_bytes(b"abc")
    path = local.path(part)
    os.utime(path, (0, 0))
    inode = path.stat().st_ino
    assert local.write_bytes(b"abc") == part
    assert path.stat().st_ino == inode, "it was not written again"
    assert path.stat().st_mtime > 0, "an orphan that is used again is young again"
    assert len(list(local.layout.parts.glob("*/*"))) == 1
    assert list(local.layout.tmp.iterdir()) == []


@pytest.mark.parametrize("kind", ["", "../x", "a/b", "tar.gz"])
def test_the_format_is_an_extension(local: Store, kind: str) -> None:
    with pytest.raises(BadOption, match="not a file extension"):
        local.write_bytes(b"", kind)


def test_json(local: Store) -> None:
    value = {"b": [1, 2.5, None, True], "a": "ü 🦆 \ud800"}
    part = local.write_json(value)
    assert local.read_json(part, verify=True) == value
    assert local.write_json(dict(reversed(value.items()))) == part, "the order of keys is nothing"
    assert local.read_json(local.write_json({"x": float("nan")})) == {"x": None}


@pytest.mark.parametrize(
    "array",
    [
        np.arange(12, dtype=np.uint8).reshape(3, 4),
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.zeros((0, 5), np.uint16),
        np.array(7),
        np.arange(20)[::3],
    ],
    ids=["codes", "fortran", "empty", "scalar", "strided"],
)
def test_arrays_come_back_mapped(local: Store, array: np.ndarray[Any, Any]) -> None:
    part = local.write_array(array)
    mapped, loaded = local.read_array(part), local.read_array(part, is_mapped=False)
    for found in (mapped, loaded):
        np.testing.assert_array_equal(found, array)
        assert found.dtype == array.dtype
    assert part.rows == (len(array) if array.ndim else 1)
    assert not mapped.flags.writeable
    assert isinstance(mapped, np.memmap) or not array.size or not array.ndim


def test_arrays_of_objects_are_refused(local: Store) -> None:
    with pytest.raises(ValueError, match="pickle"):
        local.write_array(np.array([{}], dtype=object))
    assert list(local.layout.tmp.iterdir()) == []


def sample(n: int = 1000) -> pa.Table:
    rng = np.random.default_rng(0)
    words = pa.array(rng.choice(["a", "b", None], n)).dictionary_encode()
    return pa.table(
        {
            "number": pa.array(rng.random(n), mask=rng.random(n) < 0.1),
            "word": words,
            "tags": [["x"] * int(k) for k in rng.integers(0, 3, n)],
            "vector": pa.FixedSizeListArray.from_arrays(rng.random(n * 2), 2),
            "when": pa.array(rng.integers(0, 10**15, n)).cast(pa.timestamp("us", "UTC")),
        }
    )


GIVEN: dict[str, Callable[[pa.Table], Any]] = {
    "table": lambda t: t,
    "batches": lambda t: t.to_batches(max_chunksize=77),
    "tables": lambda t: [t.slice(0, 0), t.slice(0, 400), t.slice(400)],
    "reader": lambda t: pa.RecordBatchReader.from_batches(t.schema, t.to_batches(90)),
    "generator": lambda t: iter(t.to_batches(13)),
}


@pytest.mark.parametrize("form", GIVEN)
@pytest.mark.parametrize("rows_per_part", [1 << 20, 300, 1000, 1])
def test_tables_in_any_pieces_are_the_same_parts(
    local: Store, form: str, rows_per_part: int
) -> None:
    table = sample(1000 if rows_per_part > 1 else 5)
    parts = local.write_table(GIVEN[form](table), rows_per_part=rows_per_part)
    assert parts == local.write_table(table, rows_per_part=rows_per_part)
    assert sum(part.rows for part in parts) == table.num_rows
    assert all(part.rows <= rows_per_part for part in parts)
    assert local.read_table(parts, verify=True).combine_chunks() == table.combine_chunks()
    found = pa.Table.from_batches(local.batches(parts, rows=100))
    assert found.combine_chunks() == table.combine_chunks()


def test_row_groups_have_one_size(local: Store) -> None:
    import pyarrow.parquet as pq

    n = 2 * ROWS_PER_GROUP + 5
    [part] = local.write_table(pa.table({"x": np.arange(n)}).to_batches(10_000))
    metadata = pq.read_metadata(local.path(part))
    sizes = [metadata.row_group(i).num_rows for i in range(metadata.num_row_groups)]
    assert sizes == [ROWS_PER_GROUP, ROWS_PER_GROUP, 5]


def test_an_empty_table_keeps_its_columns(local: Store) -> None:
    empty = sample().slice(0, 0)
    for given in (empty, [empty]):
        [part] = local.write_table(given)
        assert part.rows == 0
        assert local.read_table(part).schema == empty.schema


def test_columns_are_chosen_in_the_order_asked(local: Store) -> None:
    parts = local.write_table(sample(), rows_per_part=300)
    assert local.read_table(parts, columns=["when", "number"]).column_names == ["when", "number"]
    batch = next(local.batches(parts, columns=["when", "number"]))
    assert batch.schema.names == ["when", "number"]
    with pytest.raises(UnknownColumn, match="'number'"):
        local.read_table(parts, columns=["numbr"])


def test_pandas_version_is_not_written(local: Store) -> None:
    import pandas as pd

    table = pa.Table.from_pandas(pd.DataFrame({"a": [1]})).replace_schema_metadata(
        {b"pandas": b"{}", b"mine": b"1"}
    )
    assert local.read_table(local.write_table(table)).schema.metadata == {b"mine": b"1"}


def test_bad_tables_are_refused(local: Store) -> None:
    first, other = pa.record_batch({"a": [1]}), pa.record_batch({"a": ["x"]})
    with pytest.raises(BadDataset, match="different columns") as caught:
        local.write_table([first, other])
    assert "a int64" in caught.value.known
    with pytest.raises(BadDataset, match="no batch"):
        local.write_table([])
    with pytest.raises(BadDataset, match="without columns"):
        local.write_table(pa.table({}))
    with pytest.raises(BadDataset, match="no parts"):
        local.read_table([])
    assert list(local.layout.tmp.iterdir()) == []


def test_errors_of_the_source_are_its_own(local: Store) -> None:
    def source() -> Iterator[pa.RecordBatch]:
        yield pa.record_batch({"a": [1]})
        raise PermissionError(13, "the source's own")

    with pytest.raises(PermissionError, match="the source's own"):
        local.write_table(source())
    assert list(local.layout.tmp.iterdir()) == []
    assert list(local.layout.parts.iterdir()) == []


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 0x10
    path.write_bytes(data)


DAMAGE: dict[str, Callable[[Path], None]] = {
    "flipped": flip,
    "cut": lambda path: os.truncate(path, path.stat().st_size - 1),
    "emptied": lambda path: os.truncate(path, 0),
    "gone": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_named_with_the_versions_it_hits(store: Store, damage: str) -> None:
    parts = store.write_table(sample())
    store.commit("dataset", "churn", spec={}, parts={"table": parts})
    store.commit("evaluation", "gbm", spec={}, parts={"table": parts})
    DAMAGE[damage](store.path(parts[0]))
    with pytest.raises(CorruptPart, match=parts[0].hash) as caught:
        store.read_table(parts, verify=True)
    assert caught.value.known == "It is used by dataset:churn@1, evaluation:gbm@1."
    assert "backup" in caught.value.hint and "doctor" in caught.value.hint
    if damage != "flipped":
        with pytest.raises(CorruptPart):
            store.path(parts[0])
    row, total = store.doctor().of("parts")
    assert row.verdict == "fail" and "used by dataset:churn@1, evaluation:gbm@1" in row.detail
    assert total.detail.startswith("1 of 1 part ")
    assert not store.doctor().is_healthy


def test_a_flipped_byte_never_reads_as_data(local: Store) -> None:
    numbers = pa.table({"x": np.random.default_rng(0).random(1000)})
    [part] = local.write_table(numbers)
    flip(local.path(part))
    with pytest.raises(CorruptPart, match="cannot be read as parquet"):
        local.read_table(part)
    with pytest.raises(CorruptPart, match="cannot be read as parquet"):
        list(local.batches([part]))


def test_writing_again_heals_what_is_cut_or_gone(local: Store) -> None:
    part = local.write_json([1, 2])
    local.commit("dataset", "churn", spec={}, parts={"table": part})
    for harm in (DAMAGE["cut"], DAMAGE["gone"]):
        harm(local.layout.parts / part.file)
        assert not local.doctor().is_healthy
        assert local.write_json([1, 2]) == part
        assert local.doctor().is_healthy


@pytest.mark.parametrize("kind", ["json", "npy", "parquet"])
def test_bytes_that_are_something_else(local: Store, kind: str) -> None:
    part = local.write_bytes(b"nonsense", kind)
    read: dict[str, Callable[[Part], object]] = {
        "json": local.read_json,
        "npy": local.read_array,
        "parquet": local.read_table,
    }
    with pytest.raises(CorruptPart, match=f"cannot be read as {kind}"):
        read[kind](part)
