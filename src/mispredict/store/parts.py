"""Immutable files named by what is in them.

A part is written to a temporary file, forced to disk and renamed to the SHA-256 of its bytes, so
a part is there whole or not at all, and equal bytes are kept once.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

from mispredict.core.errors import BadOption, CorruptPart, StoreError
from mispredict.store.disk import refusing, sync_folder

if TYPE_CHECKING:
    from mispredict.store.remote import Remote

_BLOCK = 1 << 20
_VERIFIED: set[tuple[str, str, int, int]] = set()  # files whose hash was right


@dataclass(frozen=True, slots=True)
class Part:
    """A stored file: `hash` of its bytes, and `content`, which identifies what it says.

    The two differ for tables, whose bytes depend on the Parquet writer. `role` and `ordinal`
    say what a version uses the part for.
    """

    hash: str
    format: str
    bytes: int
    rows: int = 0
    content: str = ""
    role: str = ""
    ordinal: int = 0

    @property
    def file(self) -> str:
        """Path below the folder of parts."""
        return f"{self.hash[:2]}/{self.hash}.{self.format}"


class Sink:
    """A binary file for writing that hashes what passes through it."""

    def __init__(self, path: Path, needed: int | Callable[[], int] = 0) -> None:
        self.path = path
        self.needed = needed
        self.size = 0
        self.closed = False
        self._hash = hashlib.sha256()
        self._file = path.open("wb")

    def write(self, data: bytes | memoryview) -> int:
        view = memoryview(data).cast("B") if not isinstance(data, bytes) else data
        with refusing(self.path.parent, self.needed):
            self._file.write(view)
        self._hash.update(view)
        self.size += len(view)
        return len(view)

    def tell(self) -> int:
        return self.size

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        self.closed = True

    def finish(self) -> str:
        """Force the bytes to disk; their hash."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._hash.hexdigest()

    def abandon(self) -> None:
        """Close and remove the file, whatever state it is in."""
        self.closed = True
        with suppress(OSError):
            self._file.close()
        self.path.unlink(missing_ok=True)


class Parts:
    """The parts in a folder, or in a remote place of which the folder is a mirror."""

    def __init__(
        self,
        folder: Path,
        tmp: Path,
        *,
        remote: Remote | None = None,
        users: Callable[[Part], Iterable[str]] = lambda part: (),
    ) -> None:
        self.folder = folder
        self.tmp = tmp
        self.remote = remote
        self._users = users

    def write(self, data: bytes | memoryview, format: str = "bin", *, rows: int = 0) -> Part:  # noqa: A002
        """Store the bytes; the part that holds them."""
        with self.sink(format, needed=len(data)) as draft:
            draft.sink.write(data)
        return draft.part(rows=rows)

    @contextmanager
    def sink(self, format: str, *, needed: int | Callable[[], int] = 0) -> Iterator[Draft]:  # noqa: A002
        """A draft to write into, which becomes a part at the end of the block."""
        if not format.isalnum():
            raise BadOption(
                f"format={format!r} is not a file extension.", hint="'parquet', 'npy' or 'json'"
            )
        with refusing(self.folder, needed):
            self.tmp.mkdir(exist_ok=True)
            sink = Sink(self.tmp / f"{os.getpid()}-{uuid4().hex}.{format}", needed)
        draft = Draft(sink, format)
        try:
            yield draft  # what the caller's own sources raise is none of our refusals
            with refusing(self.folder, needed):
                self._keep(draft)
        finally:
            sink.abandon()

    def path(self, part: Part, *, verify: bool = False) -> Path:
        """Where the part's file is, after checking its size, and with `verify` its hash.

        Raises:
            CorruptPart: it is missing or not what was written.
        """
        path = self.folder / part.file
        if self.remote is not None and not path.is_file():
            self._fetch(part, path)
        damage = self.damage(part, verify=verify)
        if damage or not os.access(path, os.R_OK):
            self._check_permission(path)
        if damage:
            raise self.corrupt(part, damage)
        return path

    def _check_permission(self, path: Path) -> None:
        """Tell a file that may not be read from one that is damaged."""
        try:
            with path.open("rb"):
                return
        except PermissionError as error:
            raise StoreError(
                f"no permission to read the part {str(path)!r}.",
                known="It, or a folder above it, belongs to another account.",
                hint=f"read permission on {str(self.folder)!r}",
            ) from error
        except OSError:
            return

    def path_once(self, part: Part) -> Path:
        """The part's file, its hash checked unless this process did so since it was written.

        Raises:
            CorruptPart: it is missing or not what was written.
        """
        stat = self.path(part).stat()
        seen = (str(self.folder), part.file, stat.st_mtime_ns, stat.st_size)
        path = self.path(part, verify=seen not in _VERIFIED)
        _VERIFIED.add(seen)
        return path

    def read(self, part: Part, *, verify: bool = False) -> bytes:
        return self.path(part, verify=verify).read_bytes()

    def damage(self, part: Part, *, verify: bool = True) -> str:
        """What is wrong with the part's file: "" when it is as written."""
        path = self.folder / part.file
        try:
            size = path.stat().st_size
            if size != part.bytes:
                return f"has {size:,} bytes instead of {part.bytes:,}"
            if verify and hash_file(path) != part.hash:
                return "has other bytes than were written"
        except FileNotFoundError:
            return "is missing"
        except OSError as error:
            return f"cannot be read ({error.strerror})"
        return ""

    def missing(self, part: Part) -> bool:
        """Whether the part is in neither the folder nor the remote place."""
        size = self.remote.size(part.file) if self.remote else None
        if size is not None:
            return size != part.bytes
        return bool(self.damage(part, verify=False))

    def files(self) -> Iterator[Path]:
        """All files of parts, in order of their names."""
        for folder in sorted(self.folder.iterdir() if self.folder.is_dir() else ()):
            if folder.is_dir():
                yield from sorted(folder.iterdir())

    def _keep(self, draft: Draft) -> None:
        draft.hash = draft.sink.finish()
        part = draft.part()
        path = self.folder / part.file
        if not self.damage(part, verify=False):
            os.utime(path)  # the grace period of an orphan that is used again begins anew
        else:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                sync_folder(self.folder)
            draft.sink.path.replace(path)
            sync_folder(path.parent)
        if self.remote is not None:
            self.remote.upload(path, part)

    def _fetch(self, part: Part, path: Path) -> None:
        assert self.remote is not None
        with refusing(self.folder, part.bytes):
            self.tmp.mkdir(exist_ok=True)
            draft = self.tmp / f"{os.getpid()}-{uuid4().hex}.{part.format}"
            try:
                if not self.remote.download(part.file, draft):
                    raise self.corrupt(part, f"is missing in {self.remote.url}")
                if hash_file(draft) != part.hash:
                    raise self.corrupt(part, f"has other bytes in {self.remote.url}")
                path.parent.mkdir(parents=True, exist_ok=True)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)

    def corrupt(self, part: Part, damage: str) -> CorruptPart:
        users = list(self._users(part))
        shown = ", ".join(users[:5]) + (f" and {len(users) - 5:,} more" if len(users) > 5 else "")
        return CorruptPart(
            f"the part {part.file} {damage}.",
            known=f"It is used by {shown}." if shown else "No version uses it.",
            hint="restore the file from a backup, or add the data again: the same content "
            "gets the same name; mispredict doctor lists all damage",
        )


@dataclass(slots=True)
class Draft:
    """A part being written; its hash is known at the end."""

    sink: Sink
    format: str
    hash: str = ""

    def part(self, *, rows: int = 0, content: str = "") -> Part:
        return Part(self.hash, self.format, self.sink.size, rows, content or self.hash)


def hash_file(path: Path) -> str:
    """SHA-256 of the file's bytes, read in blocks."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def age_s(path: Path) -> float:
    """Seconds since the file was written; 0 where it is gone."""
    try:
        return max(0.0, time.time() - path.stat().st_mtime)
    except FileNotFoundError:
        return 0.0
