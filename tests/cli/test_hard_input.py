"""Input that once ended in a fault: each is bad use now, in three parts."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

PROGRAM = [sys.executable, "-m", "mispredict.cli"]
AS_NOBODY = (
    "import os, sys\n"
    "from mispredict.cli import main\n"
    "import mispredict.workspace, mispredict.store.catalog, sqlite3, pandas, alembic.command\n"
    "os.setgroups([]); os.setgid(65534); os.setuid(65534)\n"
    "main(sys.argv[1:])\n"
)


def told(said: Any) -> list[str]:
    """The lines of an error with its three parts."""
    code, err = (said.code, said.err) if hasattr(said, "code") else (said.returncode, said.stderr)
    assert code == 2, err
    lines = err.strip().splitlines()
    assert len(lines) == 3, err
    assert lines[1].startswith("  ")
    assert lines[2].startswith("  Try: ")
    return lines


@pytest.mark.parametrize("option", ["--cost-fn", "--cost-fp", "--cost-review"])
@pytest.mark.parametrize("value", ["nan", "inf", "-1"])
def test_costs_are_finite_and_not_negative(folder: Path, run: Any, option: str, value: str) -> None:
    problem = told(run("threshold", option, value))[0]
    assert option in problem


@pytest.mark.parametrize("place", ["customers.csv/x", "/proc/1/x", "a\udcff", "customers.csv"])
@pytest.mark.parametrize("command", [["init"], ["add", "dataset", "churn", "customers.csv"]])
def test_workspaces_where_none_can_be(
    folder: Path, run: Any, place: str, command: list[str]
) -> None:
    before = sorted(map(str, folder.iterdir()))
    told(run("-w", place, *command))
    assert sorted(map(str, folder.iterdir())) == before


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be another")
def test_workspaces_where_one_may_not_look(folder: Path) -> None:
    locked = folder / "locked"
    locked.mkdir(mode=0o700)
    for command in (["init"], ["add", "dataset", "a", "customers.csv"], ["list"]):
        told(
            subprocess.run(
                [sys.executable, "-c", AS_NOBODY, "-w", str(locked / "zz"), *command],
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
                cwd="/",
            )
        )


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can be another")
@pytest.mark.parametrize("is_folder", [True, False], ids=["folder", "file"])
def test_parts_that_may_not_be_read(folder: Path, is_folder: bool) -> None:
    with tempfile.TemporaryDirectory() as outer:
        Path(outer).chmod(0o755)
        place = Path(shutil.copytree(folder / ".mispredict", Path(outer) / "ws"))
        place.chmod(0o755)
        if is_folder:
            (place / "parts").chmod(0o700)
        for part in () if is_folder else (place / "parts").rglob("*.*"):
            part.chmod(0o600)
        warm = f"main(['metrics', '-w', {str(folder / '.mispredict')!r}], standalone_mode=False)\n"
        program = AS_NOBODY.replace("os.setgroups", f"{warm}os.setgroups")
        said = subprocess.run(
            [sys.executable, "-c", program, "-w", str(place), "metrics"],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
            cwd="/",
        )
    assert "StoreError: no permission to read" in told(said)[0]


@pytest.mark.parametrize("written", ["1e400", "NaN", "null", "[]"])
def test_a_marker_with_an_odd_format(folder: Path, run: Any, written: str) -> None:
    marker = folder / ".mispredict" / "workspace.json"
    marker.write_text(f'{{"format": {written}, "id": "a", "catalog": "sqlite", "parts": "parts"}}')
    told(run("list"))


@pytest.mark.parametrize("command", ["list", "doctor"])
def test_a_catalog_without_its_level(folder: Path, run: Any, command: str) -> None:
    with sqlite3.connect(folder / ".mispredict" / "catalog.sqlite") as connection:
        connection.execute("DROP TABLE catalog_level")
    connection.close()
    assert "catalog_level" in told(run(command))[0]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", ["list", "overview", "metrics --json"])
def test_a_full_disk_behind_stdout(folder: Path, command: str) -> None:
    with Path("/dev/full").open("w") as full:
        said = subprocess.run(
            [*PROGRAM, *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=120,
            check=False,
        )
    assert "No space left" in (said.stderr if "--json" in command else told(said)[0])
    assert said.returncode == 2


@pytest.mark.skipif(os.name != "posix", reason="needs a shell")
@pytest.mark.parametrize("command", ["list", "overview"])
def test_a_closed_stdout(folder: Path, command: str) -> None:
    program = f"{sys.executable} -m mispredict.cli {command} >&-"
    said = subprocess.run(
        program, shell=True, stderr=subprocess.PIPE, text=True, timeout=120, check=False
    )
    assert "no standard output" in told(said)[0]


@pytest.mark.parametrize("place", ["/dev/full", "none/x.html", "none/x.md"])
def test_reports_go_to_files_in_folders_that_exist(folder: Path, run: Any, place: str) -> None:
    told(run("report", "--out", place))
    assert not (folder / "none").exists()


def test_a_version_of_many_digits(folder: Path, run: Any) -> None:
    assert len(told(run("overview", "gbm/churn@" + "9" * 5000))[0]) < 300


def test_columns_come_in_the_order_asked_for(folder: Path, run: Any) -> None:
    shown = run("rows", "--column", "Age", "--column", "confidence", "--column", "customer").out
    head = next(line for line in shown.splitlines() if "Age" in line)
    assert head.index("Age") < head.index("confidence") < head.index("customer")


@pytest.mark.parametrize(
    ("command", "hint"),
    [
        ("overview nothing", "mispredict list evaluations"),
        ("evaluate nothing churn", "mispredict list models"),
        ("evaluate gbm nothing", "mispredict list datasets"),
        ("metrics --where cohort('x')", "mispredict cohort list"),
        ("metrics --where tag('x')", "mispredict tag list"),
        ("metrics --metric acuracy", "'accuracy'"),
        ("metrics --metric recall[maybe]", "recall[yes]"),
        ("add dataset x customers.csv --type Age=numbers", "--type 'numeric'"),
    ],
)
def test_every_unknown_name_has_a_hint(folder: Path, run: Any, command: str, hint: str) -> None:
    _, known, tried = told(run(*command.split()))
    assert hint in tried
    assert "classs" not in known
    assert "ColumnType" not in known
