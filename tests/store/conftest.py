"""Workspaces on both catalogs; the PostgreSQL one is a real server, started once if it is here."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from mispredict.store import Recording, Store

RECORDING = Recording(created_by="ada")
# Not by subprocess's `user`: with it the process is forked, and a fork of threads may hang.
_BECOME = (
    "import os, sys; user, group, *command = sys.argv[1:]; os.setgroups([]); "
    "os.setgid(int(group)); os.setuid(int(user)); os.execv(command[0], command)"
)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URL of a private server."""
    programs = _server_programs()
    if programs is None:
        pytest.skip("PostgreSQL's server programs (initdb, pg_ctl) are not installed")
    folder = Path(tempfile.mkdtemp(prefix="mp-pg-"))
    run = _as_ordinary_user(folder)
    data, log = folder / "data", folder / "log"
    options = f"-c listen_addresses='' -k {folder} -c fsync=off -c max_connections=40"
    run(programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "-N")
    run(programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        yield f"postgresql://tester@/postgres?host={folder}"
    finally:
        run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """URL of a new, empty schema."""
    import psycopg

    name = f"ws_{uuid4().hex}"  # a schema is empty as a new database is, and made at once
    with psycopg.connect(postgres_server, autocommit=True, connect_timeout=60) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{postgres_server}&options=-csearch_path%3D{name}"


@pytest.fixture(
    params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)],
)
def catalog_url(request: pytest.FixtureRequest) -> str | None:
    """Each kind of catalog: None is SQLite in the folder."""
    if request.param == "sqlite":
        return None
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture
def store(tmp_path: Path, catalog_url: str | None) -> Iterator[Store]:
    """A new workspace on each kind of catalog."""
    with Store.create(tmp_path / "ws", catalog_url=catalog_url) as store:
        yield store


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Store]:
    """A new workspace on SQLite, for what does not concern the catalog."""
    with Store.create(tmp_path / "ws") as store:
        yield store


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every account may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="mp-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def small_disk(open_folder: Path) -> Iterator[Path]:
    """A folder on a disk of 3 MB of its own."""
    mounted = _mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", open_folder)
    if not mounted:
        pytest.skip("no right to mount a small disk")
    yield open_folder
    subprocess.run(["umount", str(open_folder)], timeout=60, check=True)


@pytest.fixture
def remount_read_only(small_disk: Path) -> Callable[[], None]:
    def remount() -> None:
        if not _mount("-o", "remount,ro", small_disk):
            pytest.skip("the small disk cannot be made read-only")

    return remount


def _mount(*arguments: str | Path) -> bool:
    if os.name == "nt" or os.geteuid() != 0 or shutil.which("mount") is None:
        return False
    return subprocess.run(["mount", *map(str, arguments)], timeout=60, check=False).returncode == 0


def _server_programs() -> Path | None:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("pg_ctl")
    if on_path:
        found.append(Path(on_path).parent)
    names = ("initdb", "pg_ctl", "postgres")
    return next((f for f in found if all((f / name).exists() for name in names)), None)


def _as_ordinary_user(folder: Path) -> Callable[..., None]:
    """Runs a program as an account that PostgreSQL accepts: it refuses root."""
    account: list[str] = []
    if os.geteuid() == 0:
        import pwd

        known = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = next(known[name] for name in ("postgres", "nobody") if name in known)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
        account = [sys.executable, "-c", _BECOME, str(entry.pw_uid), str(entry.pw_gid)]

    def run(*command: str | Path) -> None:
        done = subprocess.run(
            [*account, *map(str, command)],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, f"{command[0]} failed"

    return run
