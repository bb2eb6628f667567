"""Parts in a remote place (S3, Google Cloud Storage, HDFS …) reached through fsspec.

The folder of the workspace is then a mirror: parts are written here first and uploaded before
any version may name them, and fetched when they are first read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mispredict.core.errors import MissingExtra, StoreError
from mispredict.store.parts import Part


def is_remote(place: str) -> bool:
    return "://" in place


class Remote:
    """A folder behind an fsspec URL."""

    def __init__(self, url: str) -> None:
        try:
            import fsspec
        except ModuleNotFoundError:
            raise MissingExtra.of("fsspec", "remote", f"Parts in {url}") from None
        self.url = url.rstrip("/")
        try:
            self._system, self._root = fsspec.core.url_to_fs(self.url)
        except (ValueError, ImportError, OSError) as error:
            raise StoreError(
                f"the place of the parts {url!r} cannot be reached.",
                known=f"{error}.",
                hint="an fsspec URL such as 's3://bucket/folder', and its library",
            ) from error

    def size(self, file: str) -> int | None:
        """Bytes of the file; None where it is absent."""
        try:
            return int(self._info(file)["size"])
        except FileNotFoundError:
            return None

    def upload(self, path: Path, part: Part) -> None:
        """Put the part in its place, unless it is there."""
        if self.size(part.file) == part.bytes:
            return
        target = self._at(part.file)
        self._system.makedirs(target.rpartition("/")[0], exist_ok=True)
        self._system.put_file(str(path), target)
        if self.size(part.file) != part.bytes:
            raise StoreError(
                f"the part {part.file} did not arrive whole in {self.url}.",
                known="Nothing was changed.",
                hint="the same call again",
            )

    def download(self, file: str, path: Path) -> bool:
        """Copy the file to `path`; False where it is absent."""
        try:
            self._system.get_file(self._at(file), str(path))
        except FileNotFoundError:
            return False
        return True

    def files(self) -> list[str]:
        """Files below the folder, sorted."""
        try:
            found = self._system.find(self._root)
        except FileNotFoundError:
            return []
        return sorted(str(item)[len(self._root) :].lstrip("/") for item in found)

    def age_s(self, file: str) -> float:
        """Seconds since the file was written; infinite where the place does not say."""
        import time
        from datetime import UTC, datetime

        info = self._info(file)
        stamp = info.get("mtime") or info.get("LastModified") or info.get("created")
        if isinstance(stamp, datetime):
            known = stamp if stamp.tzinfo else stamp.replace(tzinfo=UTC)
            return max(0.0, time.time() - known.timestamp())
        return max(0.0, time.time() - float(stamp)) if stamp else 0.0

    def remove(self, file: str) -> None:
        self._system.rm_file(self._at(file))

    def _at(self, file: str) -> str:
        return f"{self._root}/{file}"

    def _info(self, file: str) -> dict[str, Any]:
        info: dict[str, Any] = self._system.info(self._at(file))
        return info
