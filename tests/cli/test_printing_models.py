"""A model that prints is in nobody's way: standard output holds the answer alone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Run

PROGRAM = [sys.executable, "-m", "mispredict.cli"]
MODULE = """
import numpy as np

print("chatty is imported")


def chatty(frame):
    print("asked about", len(frame))
    p = 1 / (1 + np.exp(-(frame["Age"] - 55) / 12))
    return np.column_stack([1 - p, p])
"""
SUITE = """
suite: gate
checks:
  - {name: age alone, kind: adversarial, target: "yes", vary: [Age], min_share: 0}
"""


@pytest.fixture
def chatty(folder: Path, run: Run) -> Iterator[Path]:
    (folder / "chatty_model.py").write_text(MODULE)
    (folder / "gate.suite.yaml").write_text(SUITE)
    added = run(
        "add", "model", "chatty", "chatty_model:chatty", "--class", "no", "--class", "yes", "--json"
    )
    assert (added.code, added.json["name"]) == (0, "chatty")
    yield folder
    sys.modules.pop("chatty_model", None)


def test_an_answer_is_json_whatever_the_model_prints(chatty: Path, run: Run) -> None:
    made = run("evaluate", "chatty", "churn", "--json")
    assert (made.code, made.json["kind"]) == (0, "evaluation")
    assert "asked about" in made.err
    shown = run("evaluate", "chatty", "churn")
    assert "asked about" not in shown.out


@pytest.mark.slow
def test_processes_that_ask_the_model_print_no_answer(chatty: Path, run: Run) -> None:
    assert run("evaluate", "chatty", "churn").code == 0
    said = subprocess.run(
        [*PROGRAM, "test", "gate.suite.yaml", "--workers", "2", "--json"],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout)["rows"][0]["n"] > 0
    assert "asked about" in said.stderr
