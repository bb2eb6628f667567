"""Jobs as files in the workspace's folder: one small JSON file each, replaced as a whole.

A server holds a lock while it lives. What the file of a job says is running is running only if
its server lives; otherwise the next server takes it up.
"""

from __future__ import annotations

import json
import os
import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

try:
    import fcntl
except ImportError:  # not on Windows, where a job of a dead server is taken up by the first one
    fcntl = None  # type: ignore[assignment]

MOST_KEPT = 200
_ID = re.compile(r"[0-9a-f]{20}")
_SERVER = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a job, as its file says it."""

    id: str
    kind: str
    model: str
    dataset: str
    options: dict[str, Any]
    state: str
    created_at: str
    done: int = 0
    total: int = 0
    started_at: str | None = None
    ended_at: str | None = None
    error: dict[str, Any] | None = None
    server: str = field(default="", compare=False)


class JobFiles:
    """The folder of the jobs; a folder that cannot be written keeps nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server = uuid4().hex
        self._lock: IO[str] | None = None

    def save(self, record: Record) -> None:
        """Write the job's file, in one step, and hold the lock that says who has it."""
        value = {name: getattr(record, name) for name in Record.__slots__}
        text = json.dumps(value | {"server": self._server}, ensure_ascii=False)
        draft = self.folder / f"{uuid4().hex}.tmp"
        with suppress(OSError):
            self._hold()
            draft.write_text(text, encoding="utf-8")
            draft.replace(self.folder / f"{record.id}.json")

    def load(self) -> list[Record]:
        """All jobs that can be read, the oldest first; the oldest of too many go."""
        found = [item for path in self.folder.glob("*.json") if (item := _read(path)) is not None]
        found.sort(key=lambda item: (item.created_at, item.id))
        for item in found[:-MOST_KEPT]:
            self._remove(self.folder / f"{item.id}.json")
        return found[-MOST_KEPT:]

    def is_orphan(self, record: Record) -> bool:
        """Whether the server that had the job is gone."""
        if not _SERVER.fullmatch(record.server) or record.server == self._server:
            return True
        return not self._lives(record.server)

    def close(self) -> None:
        """Give the lock back."""
        if self._lock is not None:
            self._lock.close()
            self._remove(self._lock_path(self._server))
            self._lock = None

    def _hold(self) -> None:
        """Take this server's lock, with the folder made by the first job."""
        if self._lock is None:
            self.folder.mkdir(exist_ok=True)
            lock = self._lock_path(self._server).open("w")
            if fcntl is not None:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._lock = lock

    def _lives(self, server: str) -> bool:
        path = self._lock_path(server)
        try:
            with path.open("r+") as file:
                if fcntl is None:
                    return False
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except OSError:
            return True
        self._remove(path)
        return False

    def _lock_path(self, server: str) -> Path:
        return self.folder / f"{server}.lock"

    def _remove(self, path: Path) -> None:
        with suppress(OSError):
            path.unlink()


def _read(path: Path) -> Record | None:
    """The job of a file; None where it is none of ours."""
    if not _ID.fullmatch(path.stem):
        return None
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        record = Record(**{name: value[name] for name in Record.__slots__})
    except (OSError, ValueError, KeyError, TypeError):
        return None
    texts = (record.kind, record.model, record.dataset, record.state, record.created_at)
    is_ours = record.id == path.stem and all(isinstance(item, str) for item in texts)
    return record if is_ours and isinstance(record.options, dict) else None


def folder_of(root: Path) -> Path:
    """Where the jobs of a workspace are."""
    return Path(os.fspath(root)) / "jobs"
