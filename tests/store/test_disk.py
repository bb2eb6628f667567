"""A disk that refuses: full, read-only, or without permission."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from mispredict.store import Store

from .conftest import RECORDING
from .processes import answer, start
from .worker import table

as_root = pytest.mark.skipif(
    os.name == "nt" or os.geteuid() != 0, reason="only root can become another account"
)


def filled(path: Path) -> Path:
    """A workspace with one version."""
    with Store.create(path) as store:
        parts = store.write_table(table(1))
        store.commit("dataset", "churn", spec={"n": 1}, parts={"table": parts}, recording=RECORDING)
    return path


def check_unharmed(path: Path) -> None:
    """The old version is whole, nothing is left over, and the workspace can be written."""
    with Store.open(path) as store:
        assert [v.key for v in store.versions()] == ["dataset:churn@1"]
        assert store.read_table(store.version("dataset", "churn").parts, verify=True).num_rows
        assert {row.verdict for row in store.doctor(grace_s=0).rows} == {"pass"}
        part = store.write_json([1])
        assert store.commit("dataset", "churn", spec={"n": 2}, parts={"table": part}).number == 2


@pytest.mark.parametrize("what", ["table", "array", "spec"])
def test_a_full_disk_changes_nothing(small_disk: Path, what: str) -> None:
    path = filled(small_disk / "ws")
    [said] = answer("fill", path, "", what, "")
    assert said.startswith("NotWritable|cannot write")
    assert "Nothing was changed" in said
    check_unharmed(path)


@pytest.mark.skipif(os.name == "nt", reason="no limit on the size of files on Windows")
@pytest.mark.parametrize("what", ["table", "array", "spec"])
def test_a_limit_on_file_size_changes_nothing(tmp_path: Path, what: str) -> None:
    path = filled(tmp_path / "ws")
    [said] = answer("fill", path, "", what, 1_000_000)
    assert said.startswith("NotWritable|cannot write")
    assert "Nothing was changed" in said
    if what == "array":
        assert "cannot write 16.0 MB" in said, "it says how much was needed"
    check_unharmed(path)


@as_root
def test_without_permission_it_can_be_read_only(open_folder: Path, tmp_path: Path) -> None:
    path = filled(open_folder / "ws")
    said = answer("write_as_nobody", path, tmp_path / "other")
    assert said[0] == "read churn@1 1000"
    assert all(line.startswith("NotWritable|") for line in said[1:3])
    check_unharmed(path)


@as_root
def test_without_permission_one_reads_what_a_writer_commits(
    open_folder: Path, tmp_path: Path
) -> None:
    path = filled(open_folder / "ws")
    with Store.open(path) as writer:
        part = writer.write_table(table(2, 5))
        writer.commit("dataset", "churn", spec={"n": 2}, parts={"table": part})
        assert (path / "catalog.sqlite-wal").stat().st_size, "it is not in the main file yet"
        said = answer("write_as_nobody", path, tmp_path / "other")
    assert said[0] == "read churn@2 5"
    assert all(line.startswith("NotWritable|") for line in said[1:3])


@as_root
def test_a_folder_that_cannot_be_made(open_folder: Path, tmp_path: Path) -> None:
    [said] = answer("create_as_nobody", open_folder / "new" / "ws", tmp_path / "other")
    assert said.startswith("NotWritable|cannot write") and "Permission denied" in said


def test_a_read_only_disk_shows_what_a_crash_left_there(
    small_disk: Path, remount_read_only: Callable[[], None]
) -> None:
    path = filled(small_disk / "ws")
    with start("crash", path, "", "after commit") as process:
        process.communicate(timeout=60)
    assert (path / "catalog.sqlite-wal").stat().st_size
    remount_read_only()
    assert answer("read_then_write", path)[0] == "read churn@2 1000"


def test_a_read_only_disk_can_be_read(
    small_disk: Path, remount_read_only: Callable[[], None]
) -> None:
    path = filled(small_disk / "ws")
    remount_read_only()
    said = answer("read_then_write", path)
    assert said[0] == "read churn@1 1000"
    assert all(line.startswith("NotWritable|") for line in said[1:3])
