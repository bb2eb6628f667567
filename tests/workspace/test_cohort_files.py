"""Cohorts as files: all of a folder or none, and references that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredicate, InputError, UnknownName


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


BAD = {
    "circle over two files": {
        "a": "{cohort: a, where: \"cohort('b')\"}",
        "b": "{cohort: b, where: \"cohort('a')\"}",
    },
    "unknown reference": {"a": "{cohort: a, where: x > 1}", "b": "{cohort: b, where: cohort('c')}"},
    "where null": {"a": "{cohort: a, where: x > 1}", "b": "{cohort: b, where: null}"},
    "where missing": {"a": "{cohort: a, where: x > 1}", "b": "{cohort: b}"},
    "where a list": {"a": "{cohort: a, where: [x]}"},
    "bad name": {"a": "{cohort: a, where: x > 1}", "b": "{cohort: a/b, where: x > 1}"},
    "name null": {"a": "{cohort: null, where: x > 1}"},
    "twice": {"a": "{cohort: a, where: x > 1}", "b": "{cohort: a, where: x > 2}"},
    "no YAML": {"a": "{cohort: a, where: x > 1}", "b": "{"},
}


@pytest.mark.parametrize("files", BAD.values(), ids=BAD)
def test_all_cohorts_of_a_folder_or_none(
    ws: mp.Workspace, tmp_path: Path, files: dict[str, str]
) -> None:
    with pytest.raises(InputError) as caught:
        ws.import_cohorts(write(tmp_path, **files))
    assert all((caught.value.problem, caught.value.known, caught.value.hint))
    assert not ws.cohorts().rows


def test_cohorts_may_refer_to_those_of_later_files(ws: mp.Workspace, tmp_path: Path) -> None:
    write(tmp_path, a="{cohort: a, where: cohort('b'), note: null}", b="{cohort: b, where: TRUE}")
    assert len(ws.import_cohorts(tmp_path)) == 2
    assert [(row.where, row.note) for row in ws.cohorts().rows] == [
        ("cohort('b')", ""),
        ("TRUE", ""),
    ]


def test_a_saved_cohort_refers_to_one_that_exists(ws: mp.Workspace) -> None:
    with pytest.raises(UnknownName, match="no cohort 'nope'"):
        ws.save_cohort("a", "x > 1 AND cohort('nope')")
    with pytest.raises(BadPredicate, match="refer to itself"):
        ws.save_cohort("a", "cohort('a')")
    assert not ws.cohorts().rows


def test_cohorts_are_not_exported_onto_a_file(ws: mp.Workspace, tmp_path: Path) -> None:
    ws.save_cohort("a", "x > 1")
    (tmp_path / "file").write_text("kept")
    with pytest.raises(BadOption, match="not a folder"):
        ws.export_cohorts(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "kept"


def test_a_folder_without_cohorts(ws: mp.Workspace, tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(BadOption, match="no YAML files"):
            ws.import_cohorts(folder)
