"""The program as a process: exit codes, pipes, terminals, and what it does not import."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

PROGRAM = [sys.executable, "-m", "mispredict.cli"]
HEAVY = [
    "numpy",
    "pandas",
    "pyarrow",
    "sqlalchemy",
    "duckdb",
    "ibis",
    "numba",
    "sklearn",
    "scipy",
    "rich",
    "jinja2",
]


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    surroundings = {**os.environ, **environment}
    return subprocess.run(
        [*PROGRAM, *arguments],
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "code",
    [
        pytest.param("import mispredict", id="import"),
        pytest.param("from mispredict.cli import main", id="command line"),
        pytest.param(
            "from mispredict.cli import main\n"
            "try: main(['--help'])\nexcept SystemExit as end: assert not end.code",
            id="--help",
        ),
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    ask = f"{code}\nimport sys, json; print(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    said = subprocess.run(
        [sys.executable, "-c", ask], capture_output=True, text=True, timeout=120, check=True
    )
    assert json.loads(said.stdout.splitlines()[-1]) == []


def test_exit_codes_of_a_process(folder: Path) -> None:
    assert started("list").returncode == 0
    assert started("nonsense").returncode == 2
    assert started("--help").returncode == 0
    assert started().returncode == 0
    assert started("--version").stdout.startswith("mispredict, version")


def test_a_reader_that_leaves_is_no_error(folder: Path) -> None:
    rows = subprocess.Popen(
        [*PROGRAM, "rows", "-n", "240"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert rows.stdout is not None
    assert rows.stderr is not None
    rows.stdout.close()
    assert (rows.wait(60), rows.stderr.read()) == (0, b"")
    rows.stderr.close()


def test_an_interrupt_ends_with_130(folder: Path) -> None:
    code = "import time\ndef predict(frame):\n    print('asked', flush=True)\n    time.sleep(60)\n"
    (folder / "slow_rule.py").write_text(code)
    assert started("add", "model", "slow", "slow_rule:predict").returncode == 0
    running = subprocess.Popen(
        [*PROGRAM, "evaluate", "slow", "churn"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert running.stderr is not None
    end = threading.Timer(120, running.kill)
    end.start()
    assert running.stderr.readline() == "asked\n"
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=60)
    end.cancel()
    assert running.returncode == 130
    assert "Interrupted." in err
    assert "Traceback" not in err


def test_an_unexpected_fault_is_told_without_traceback(folder: Path) -> None:
    catalog = folder / ".mispredict" / "catalog.sqlite"
    catalog.write_bytes(b"")  # the program cannot expect everything, but must stay civil
    said = started("list")
    assert said.returncode in (2, 3)
    assert "Traceback" not in said.stderr


def test_text_goes_to_an_ascii_pipe(folder: Path) -> None:
    said = started("errors", PYTHONIOENCODING="ascii")
    assert said.returncode == 0
    assert "yes" in said.stdout
    assert json.loads(started("errors", "--json", PYTHONIOENCODING="ascii").stdout)


def on_terminal(*arguments: str, columns: int = 80, **environment: str) -> tuple[int, str]:
    """Exit code and output of the program on a terminal of this width."""
    pty = pytest.importorskip("pty")
    leader, follower = pty.openpty()
    surroundings = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(columns), **environment}
    running = subprocess.Popen(
        [*PROGRAM, *arguments], stdout=follower, stderr=follower, stdin=follower, env=surroundings
    )
    os.close(follower)
    said = b""
    while select.select([leader], [], [], 60)[0]:
        try:
            data = os.read(leader, 65536)
        except OSError:  # the other end is closed
            break
        if not data:
            break
        said += data
    os.close(leader)
    return running.wait(60), said.decode()


ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["metrics", "--by", "Country"], id="wide table"),
        pytest.param(["rows"], id="rows"),
        pytest.param(["overview"], id="overview"),
        pytest.param(["show", "churn"], id="columns"),
    ],
)
def test_a_terminal_of_80_columns_is_enough(arguments: list[str], folder: Path) -> None:
    code, said = on_terminal(*arguments)
    assert code == 0
    lines = ESCAPE.sub("", said).splitlines()
    assert max(map(len, lines)) <= 80
    assert "\x1b[1" in said


def test_colours_can_be_turned_off(folder: Path) -> None:
    code, said = on_terminal("metrics", NO_COLOR="1")
    assert code == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", said)
    assert not ESCAPE.search(started("metrics").stdout)


def test_progress_is_shown_on_a_terminal_only(folder: Path) -> None:
    code = "def predict(frame):\n    return ['yes'] * len(frame)\n"
    (folder / "yes_rule.py").write_text(code)
    assert started("add", "model", "yes", "yes_rule:predict").returncode == 0
    piped = started("evaluate", "yes", "churn")
    assert (piped.returncode, piped.stderr) == (0, "")
    assert "yes on churn" in on_terminal("evaluate", "yes", "churn", "--batch-rows", "100")[1]
