"""Columns as mapped files: made once, made again where they were damaged."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from mispredict.store.cache import Cache
from mispredict.store.unpacked import Unpacked

CHUNKS = [pa.array(["a", None, "b"]), pa.array([], pa.string()), pa.array(["c" * 100])]


class Making:
    """Gives the chunks and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[pa.Array]:
        self.times += 1
        return CHUNKS


def test_made_once_and_mapped(tmp_path: Path) -> None:
    make = Making()
    for _ in range(2):
        unpacked = Unpacked(Cache(tmp_path))
        for _ in range(2):
            found = unpacked.column("key", make)
            assert found is not None
            assert found.column.to_pylist() == ["a", None, "b", "c" * 100]
            found.release()
            assert found.column[3].as_py() == "c" * 100
    assert make.times == 1


def test_a_damaged_file_is_made_again(tmp_path: Path) -> None:
    make = Making()
    Unpacked(Cache(tmp_path)).column("key", make)
    for path in tmp_path.glob("*/*"):
        path.write_bytes(b"nonsense")
    found = Unpacked(Cache(tmp_path)).column("key", make)
    assert found is not None
    assert len(found.column) == 4
    assert make.times == 2


def test_a_disk_that_refuses(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Unpacked(Cache(tmp_path / "file")).column("key", Making()) is None


def test_too_large_a_column(tmp_path: Path) -> None:
    assert Unpacked(Cache(tmp_path, limit_bytes=10)).column("key", Making()) is None
    assert not list(tmp_path.glob("*/*"))


def test_the_least_used_files_go(tmp_path: Path) -> None:
    size = 0
    for place in range(10):
        cache = Cache(tmp_path, limit_bytes=size * 3 or 1 << 20)
        path = cache.file(str(place), lambda draft: draft.write_bytes(b"x" * 1000) and None)
        assert path is not None
        size = size or path.stat().st_size
    assert 1 <= len(list(tmp_path.glob("*/*"))) <= 3


def test_what_writing_raises_is_raised(tmp_path: Path) -> None:
    def fail() -> list[pa.Array]:
        raise ValueError("no rows")

    with pytest.raises(ValueError, match="no rows"):
        Unpacked(Cache(tmp_path)).column("key", fail)
    assert not list(tmp_path.glob("*/*"))
