"""What a version remembers of how it came to be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mispredict.store import Code, capture, meter
from mispredict.store.recording import code, environment, user


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q")
    (folder / "a.py").write_text("1\n")
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
    done = subprocess.run(
        ["git", *identity, *arguments],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_commit_and_dirty_flag(repository: Path) -> None:
    assert code(repository) is None, "no commit yet"
    git(repository, "add", "a.py")
    git(repository, "commit", "-q", "-m", "one")
    commit = git(repository, "rev-parse", "HEAD")
    assert code(repository) == Code(commit, False)
    (repository / "new.txt").touch()
    assert code(repository) == Code(commit, False), "files that git does not know are no change"
    (repository / "a.py").write_text("2\n")
    assert code(repository) == Code(commit, True)
    (repository / "below").mkdir()
    assert code(repository / "below") == Code(commit, True)


def test_no_repository_and_no_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert code(tmp_path) is None
    monkeypatch.setenv("PATH", "")
    assert code(tmp_path) is None


def test_a_slow_git_is_not_waited_for(repository: Path) -> None:
    assert code(repository, timeout_s=0.0) is None


def test_environment_names_what_decides_results() -> None:
    import numpy as np

    found = environment()
    assert found["python"] == ".".join(map(str, sys.version_info[:3]))
    assert found["numpy"] == np.__version__
    assert found["platform"]


def test_capture_is_complete(repository: Path) -> None:
    found = capture(repository)
    assert found.created_by == user() and dict(found.environment) == dict(environment())
    assert found.code is None


def test_meter_counts_work() -> None:
    with meter() as run:
        start = run.usage
        while run.usage.cpu_s < 0.02:
            sum(range(10_000))
        during = run.usage
    assert start.cpu_s <= during.cpu_s <= run.usage.cpu_s
    assert run.usage.wall_s >= during.wall_s > 0
    assert run.usage == run.usage, "after the block it stands still"
    if os.name != "nt":
        assert run.usage.peak_memory_bytes > 1_000_000


def test_meter_stops_on_errors() -> None:
    with pytest.raises(ZeroDivisionError), meter() as run:
        _ = 1 / 0
    assert run.usage is run.usage
