"""The folder of a workspace and its marker.

workspace.json   format of the workspace, its id, where catalog and parts are
catalog.sqlite   names and versions (absent where the catalog is a PostgreSQL database)
parts/ab/…       immutable files, each named by the SHA-256 of its bytes
tmp/             files being written
cache/           what can be computed again
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from mispredict.core.errors import NewerWorkspace, NotWritable, StoreError, WorkspaceNotFound
from mispredict.store.disk import link_new, refusing, sync_folder

FORMAT = 1
MARKER = "workspace.json"
SQLITE = "sqlite"
_OURS = frozenset({MARKER, f"{MARKER}.new", "parts", "tmp", "cache", "catalog.sqlite"})


@dataclass(frozen=True, slots=True)
class Marker:
    """What `workspace.json` says; `catalog` is "sqlite" or a PostgreSQL URL without password."""

    id: str
    catalog: str = SQLITE
    parts: str = "parts"
    format: int = FORMAT


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths inside the folder of a workspace."""

    root: Path

    @property
    def marker(self) -> Path:
        return self.root / MARKER

    @property
    def claimed(self) -> Path:
        """The marker of a workspace that is being created."""
        return self.root / f"{MARKER}.new"

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def parts(self) -> Path:
        return self.root / "parts"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def cache(self) -> Path:
        return self.root / "cache"

    def is_writable(self) -> bool:
        return os.access(self.root, os.W_OK | os.X_OK)

    def is_workspace(self) -> bool:
        return os.path.isfile(self.marker)  # noqa: PTH113 - False, too, where one may not look

    def check(self) -> None:
        """Refuse a path that the catalog and the readers of parts cannot be given."""
        try:
            "".join(self.root.parts).encode()
        except UnicodeEncodeError:
            is_bad = True
        else:
            is_bad = "\0" in str(self.root)
        if is_bad:
            raise StoreError(
                f"{str(self.root)!r} cannot be the folder of a workspace.",
                known="Its name is not valid UTF-8, or has a NUL in it.",
                hint="a folder of another name",
            )

    def make_folders(self) -> None:
        """Create the folder, refusing one that holds files of somebody else."""
        self.check()
        if os.path.exists(self.root) and not self.root.is_dir():  # noqa: PTH110 - as above
            raise StoreError(
                f"{str(self.root)!r} is a file.",
                known="A workspace is a folder.",
                hint="the path of a folder",
            )
        with _making(self.root), refusing(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            foreign = sorted({item.name for item in self.root.iterdir()} - _OURS)
            foreign = [name for name in foreign if not name.startswith("catalog.sqlite-")]
            if foreign and not self.is_workspace():
                raise StoreError(
                    f"{str(self.root)!r} is not empty and not a workspace.",
                    known=f"It holds {', '.join(map(repr, foreign[:3]))}.",
                    hint=f"another folder, such as {str(self.root / '.mispredict')!r}",
                )
            for folder in (self.parts, self.tmp, self.cache):
                folder.mkdir(exist_ok=True)

    def claim(self, marker: Marker) -> Marker:
        """The marker to be: the first one claimed, by whoever creates the workspace with us.

        A creation that was cut off is so continued under the same id.
        """
        draft = self.tmp / f"{uuid4().hex}.json"
        with refusing(self.root):
            _write(draft, marker)
            try:
                link_new(draft, self.claimed)
            finally:
                draft.unlink(missing_ok=True)
        for path in (self.marker, self.claimed, self.marker):
            with suppress(FileNotFoundError):  # the claim goes once the marker is there
                return _parse(path.read_bytes(), path)
        raise _not_found(self.root)

    def read_marker(self) -> Marker:
        """The marker.

        Raises:
            WorkspaceNotFound: there is none.
            NewerWorkspace: a later mispredict wrote it.
            StoreError: it cannot be read.
        """
        self.check()
        try:
            text = self.marker.read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            raise _not_found(self.root) from None
        except OSError as error:
            raise StoreError(
                f"the marker {str(self.marker)!r} cannot be read: {error.strerror}.",
                known="The system refuses it.",
                hint="check who may read the folder",
            ) from error
        return _parse(text, self.marker)

    def write_marker(self, marker: Marker) -> None:
        """Put the marker in place as a whole: it is what makes the folder a workspace."""
        draft = self.tmp / f"{uuid4().hex}.json"
        with refusing(self.root):
            _write(draft, marker)
            draft.replace(self.marker)
            sync_folder(self.root)
            self.claimed.unlink(missing_ok=True)


@contextmanager
def _making(root: Path) -> Iterator[None]:
    """Refusals of the system to make the folder, in our words."""
    try:
        yield
    except OSError as error:
        raise NotWritable(
            f"the folder {str(root)!r} cannot be made.",
            known=f"The system says: {error.strerror or error}.",
            hint="a folder that you may write, such as ./.mispredict",
        ) from error


def _write(path: Path, marker: Marker) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(asdict(marker), file, indent=2)
        file.flush()
        os.fsync(file.fileno())


def _parse(text: bytes, path: Path) -> Marker:
    try:
        value: Any = json.loads(text)
        written = int(value["format"])
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise _unreadable(path) from error
    if written > FORMAT:
        raise NewerWorkspace(
            f"the workspace {str(path.parent)!r} has format {written}, "
            f"and this mispredict reads up to {FORMAT}.",
            known="A newer mispredict wrote it.",
            hint="pip install --upgrade mispredict",
        )
    try:
        return Marker(
            id=str(value["id"]),
            catalog=str(value["catalog"]),
            parts=str(value["parts"]),
            format=written,
        )
    except KeyError as error:
        raise _unreadable(path) from error


def _unreadable(path: Path) -> StoreError:
    return StoreError(
        f"the marker {str(path)!r} cannot be understood.",
        known='It should be JSON with "format", "id", "catalog" and "parts".',
        hint="restore the file from a backup; the data beside it are untouched",
    )


def _not_found(root: Path) -> WorkspaceNotFound:
    is_there = os.path.exists(root)  # noqa: PTH110 - False, too, where one may not look
    known = "The folder has no marker." if is_there else "The folder does not exist."
    return WorkspaceNotFound(
        f"there is no workspace in {str(root)!r}.",
        known=known,
        hint="mispredict init, another folder by --workspace DIR, or Store.create(path)",
    )
