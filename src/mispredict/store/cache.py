"""A bounded cache of bytes by key, for what can be computed again.

Entries are files that begin with a digest of their content, so a file that a crash left half
written counts as absent and nothing needs to be forced to disk. The least recently used go first.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

_DIGEST = 32


class Cache:
    """Files below a folder, at most `limit_bytes` of them; safe under several processes."""

    def __init__(self, folder: Path, *, limit_bytes: int = 2_000_000_000) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._estimate: int | None = None

    def get(self, key: str) -> bytes | None:
        """The bytes last put under the key; None where they are gone."""
        path = self._path(key)
        try:
            data = path.read_bytes()
        except OSError:
            return None
        if hashlib.sha256(memoryview(data)[_DIGEST:]).digest() != data[:_DIGEST]:
            return None
        with suppress(OSError):  # a cache that may only be read is still of use
            os.utime(path)
        return data[_DIGEST:]

    def put(self, key: str, data: bytes) -> bool:
        """Keep the bytes; False where they are too big or the disk refuses."""
        size = len(data) + _DIGEST
        if size > self.limit_bytes:
            return False
        path = self._path(key)
        draft = path.with_name(f"{uuid4().hex}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("wb") as written:
                written.write(hashlib.sha256(data).digest())
                written.write(data)
            draft.replace(path)
        except OSError:
            _remove(draft)
            return False
        self._make_room(size)
        return True

    def file(self, key: str, write: Callable[[Path], None]) -> Path | None:
        """A file that `write` has written; None where the disk refuses, or it is too big.

        It has no digest, so it is forced to disk before it gets its name.
        """
        path = self._path(key)
        if path.exists():
            with suppress(OSError):
                os.utime(path)
            return path
        draft = path.with_name(f"{uuid4().hex}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write(draft)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            size = draft.stat().st_size
            if size > self.limit_bytes:
                _remove(draft)
                return None
            draft.replace(path)
        except OSError:
            _remove(draft)
            return None
        self._make_room(size)
        return path

    def size_bytes(self) -> int:
        return sum(size for _, size, _ in self._entries())

    def clear(self) -> None:
        for _, _, path in self._entries():
            _remove(path)
        self._estimate = None

    def _make_room(self, size: int) -> None:
        """Evict when the limit may be passed; other processes' entries are seen by a scan."""
        if self._estimate is not None:
            self._estimate += size
            if self._estimate <= self.limit_bytes:
                return
        entries = self._entries()
        total = sum(size for _, size, _ in entries)
        if total > self.limit_bytes:
            for _, freed, path in entries:
                _remove(path)
                total -= freed
                if total <= self.limit_bytes * 0.9:
                    break
        # a sixteenth of the limit may be written by each process before the next scan
        self._estimate = max(total, self.limit_bytes - self.limit_bytes // 16)

    def _entries(self) -> list[tuple[float, int, Path]]:
        """Time of last use, size and path of each file, the least recently used first."""
        found = []
        for path in self.folder.glob("*/*"):
            try:
                stat = path.stat()
            except OSError:
                continue
            found.append((stat.st_mtime, stat.st_size, path))
        return sorted(found)

    def _path(self, key: str) -> Path:
        name = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
        return self.folder / name[:2] / name


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
