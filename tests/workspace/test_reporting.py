"""Where a report may be written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, NotWritable


@pytest.mark.parametrize("name", ["pipe", "pipe.md", "none/x.html", "none/x.md", ".", "a\0b"])
def test_only_regular_files_in_folders_that_exist(
    ev: mp.Evaluation, tmp_path: Path, name: str
) -> None:
    for pipe in ("pipe", "pipe.md"):
        os.mkfifo(tmp_path / pipe)
    before = sorted(tmp_path.iterdir())
    with pytest.raises((NotWritable, BadOption)) as caught:
        ev.report(tmp_path / name)
    assert all((caught.value.problem, caught.value.known, caught.value.hint))
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "pipe").is_fifo()


def test_a_report_is_replaced(ev: mp.Evaluation, tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text("what was there")
    assert "what was there" not in ev.report(path).read_text(encoding="utf-8")
