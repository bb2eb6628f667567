"""Columns of large tables as mapped files, so that single rows are read without the others.

A Parquet column must be decoded by the hundred thousand rows. Unpacked once into an Arrow file
in the cache, each row is a few bytes at a known place, and what is read takes no memory of ours.
"""

from __future__ import annotations

import mmap
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.store.cache import Cache


class MappedColumn:
    """A column whose values lie in a mapped file."""

    def __init__(self, path: Path) -> None:
        import pyarrow as pa

        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        with pa.ipc.open_file(pa.BufferReader(pa.py_buffer(self._map))) as reader:
            self.column: pa.ChunkedArray = reader.read_all().column(0)

    def release(self) -> None:
        """Give back the memory of pages that were read; the file can be read on."""
        if hasattr(mmap, "MADV_DONTNEED"):
            self._map.madvise(mmap.MADV_DONTNEED)


class Unpacked:
    """Mapped columns by key, made when first asked for; safe to share between threads."""

    def __init__(self, files: Cache) -> None:
        self._files = files
        self._open: dict[str, MappedColumn] = {}
        self._lock = threading.Lock()

    def column(self, key: str, make: Callable[[], Iterable[pa.Array]]) -> MappedColumn | None:
        """The column under the key; None where the disk refuses."""
        if key not in self._open:
            with self._lock:
                if key not in self._open:
                    found = self._opened(key, make)
                    if found is None:
                        return None
                    self._open[key] = found
        return self._open[key]

    def _opened(self, key: str, make: Callable[[], Iterable[pa.Array]]) -> MappedColumn | None:
        import pyarrow as pa

        for _ in range(2):  # what a crash of the machine left is made again
            path = self._files.file(key, lambda draft: _write(make(), draft))
            if path is None:
                return None
            try:
                return MappedColumn(path)
            except (OSError, ValueError, pa.ArrowException):
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        return None


def _write(chunks: Iterable[pa.Array], path: Path) -> None:
    import pyarrow as pa

    found = iter(chunks)
    first = next(found)
    schema = pa.schema([("values", first.type)])
    with pa.ipc.new_file(str(path), schema) as writer:
        for chunk in chain([first], found):
            writer.write_batch(pa.record_batch([chunk], schema=schema))
