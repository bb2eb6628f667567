"""Pickles that a demo of this user wrote are known by their hash, and nothing else is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mispredict.models.own import is_own, remember

HASH = "ab" * 32


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where programs of this user keep what is of this machine."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    return tmp_path / "mispredict" / "own-models"


def test_what_was_noted_is_own_and_nothing_else(state: Path) -> None:
    assert not is_own(HASH)
    remember(HASH)
    assert is_own(HASH)
    assert not is_own("cd" * 32)
    assert [path.name for path in state.iterdir()] == [HASH]


@pytest.mark.parametrize("name", ["", "..", "../own-models", "x" * 64, "ab/cd", HASH + "\n"])
def test_a_name_that_is_no_hash_is_never_own(state: Path, name: str) -> None:
    remember(HASH)
    remember(name)
    assert not is_own(name)


@pytest.mark.skipif(sys.platform == "win32", reason="has no such permissions")
def test_a_folder_where_others_write_says_nothing(state: Path) -> None:
    remember(HASH)
    assert state.stat().st_mode & 0o077 == 0
    state.chmod(0o777)
    assert not is_own(HASH)


def test_a_folder_that_cannot_be_made_is_no_fault(state: Path) -> None:
    state.parent.write_text("in the way")
    remember(HASH)
    assert not is_own(HASH)
