"""The pytest plugin, in a pytest of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pandas as pd
import pytest

import mispredict as mp

_PLUGIN = "mispredict.checks.pytest_plugin"
SUITE = """\
suite: gate
dataset: people
model: logistic
parameters: {floor: 0.5}
checks:
  - {name: good enough, kind: metric, metric: accuracy, min: "${floor}", tags: [quick]}
  - {name: perfect, kind: metric, metric: accuracy, min: 0.99, owner: ana}
  - {name: hint, kind: metric, metric: accuracy, min: 0.99, severity: warn}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a workspace and a suite in it."""
    rows = pd.DataFrame({"id": range(200), "x": range(200), "y": ["a", "b"] * 100})
    said = rows[["id"]].assign(prediction=["a", "b", "a", "a"] * 50)
    with mp.open(tmp_path / ".mispredict") as ws:
        ws.add_dataset("people", rows, label="y", id="id")
        ws.add_predictions("logistic", "people", said)
    (tmp_path / "gate.suite.yaml").write_text(SUITE, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, code: int = 0) -> str:
    """What pytest prints in the folder."""
    is_installed = any(point.value == _PLUGIN for point in entry_points(group="pytest11"))
    load = [] if is_installed else ["-p", _PLUGIN]
    clean = {key: item for key, item in os.environ.items() if not key.startswith("MISPREDICT")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-ra", *load, *arguments],
        cwd=folder,
        env=clean | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "" if is_installed else "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


def test_each_check_is_an_item(folder: Path) -> None:
    out = run(folder, code=1)
    assert "1 failed, 2 passed, 1 warning" in out
    assert "_ gate: perfect _" in out
    assert "fail: " in out
    assert "Owner: ana." in out
    assert "gate.suite.yaml:7:5" in out
    assert "SuiteWarning: hint (fail): " in out
    with mp.open(folder / ".mispredict") as ws:
        assert len(ws.runs().rows) == 1  # one run of three checks


def test_selection_by_name_and_tag(folder: Path) -> None:
    assert "1 passed, 2 deselected" in run(folder, "-k", "quick")
    with mp.open(folder / ".mispredict") as ws:
        assert [row.check for row in ws.verdicts("gate").rows] == ["good enough"]
    assert "1 passed" in run(folder, "gate.suite.yaml::good enough")


def test_options_and_configuration(folder: Path) -> None:
    (folder / ".mispredict").rename(folder / "models")
    (folder / "pytest.ini").write_text("[pytest]\nmispredict_workspace = models\n")
    asked = ("-k", "quick", "--mispredict-set", "floor=0.9")
    assert "1 failed" in run(folder, *asked, code=1)
    assert "1 passed" in run(folder, "-k", "quick", "--mispredict-model", "logistic@1")


def test_a_conftest_may_bring_the_workspace(folder: Path) -> None:
    (folder / ".mispredict").rename(folder / "elsewhere")
    (folder / "conftest.py").write_text(
        "import mispredict as mp\n"
        "def pytest_mispredict_workspace(config):\n"
        "    return mp.open(config.rootpath / 'elsewhere')\n"
    )
    assert "1 passed" in run(folder, "-k", "quick")


def test_a_bad_suite_says_where(folder: Path) -> None:
    (folder / "gate.suite.yaml").write_text(SUITE.replace("min: 0.99, owner", "mim: 0.99, owner"))
    out = run(folder, code=2)
    assert "gate.suite.yaml:7:53: a check of kind 'metric' has no option 'mim'." in out
    assert "Traceback" not in out
    (folder / "gate.suite.yaml").write_text(SUITE.replace("people", "poeple"))
    out = run(folder, code=1)
    assert "gate.suite.yaml:2:10: no dataset 'poeple'." in out


def test_without_a_workspace(folder: Path) -> None:
    (folder / ".mispredict").rename(folder / "elsewhere")
    assert "there is no workspace" in run(folder, "-k", "quick", code=1)


def test_it_is_silent_and_free_without_suites(tmp_path: Path) -> None:
    (tmp_path / "other.suite.yaml").write_text("services: [a]\n")
    (tmp_path / "test_a.py").write_text(
        "import sys\n"
        "def test_nothing_is_loaded():\n"
        "    loaded = {name for name in sys.modules if name.startswith('mispredict')}\n"
        "    assert loaded == {'mispredict', 'mispredict.core', 'mispredict.core.errors',\n"
        "        'mispredict.checks', 'mispredict.checks.pytest_plugin'}\n"
        "    assert not {'numpy', 'pandas', 'yaml'} & set(sys.modules)\n"
    )
    out = run(tmp_path, "-W", "error")
    assert "1 passed" in out
    said = [line for line in out.splitlines() if not line.startswith("plugins: ")]
    assert "mispredict" not in "\n".join(said).replace(str(tmp_path), "")
