"""`mispredict test` with a model that is asked: by several processes, from the cache, compared."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp

Run = Callable[..., Any]
MODULE = '''
"""Models that note which process asked them about how many rows."""
import os

import numpy as np


def _said(frame, edge):
    with open(os.environ["ASKED"], "a") as file:
        file.write(f"{os.getpid()} {len(frame)}\\n")
    p = np.clip((frame["income"].to_numpy() - edge) / 40 + 0.5, 0, 1)
    return np.column_stack([1 - p, p])


def first(frame):
    return _said(frame, 50)


def second(frame):
    return _said(frame, 44)
'''
SUITE = """\
suite: loans
checks:
  - {name: noise, kind: augmentation, perturbations: [noise], sample: 300, min_share: 0.5}
  - {name: attack, kind: adversarial, target: 'yes', tries: 5, sample: 50, min_share: 0}
  - {name: rich, kind: unit, values: {income: [90, 120]}, label: 'yes', n: 200}
"""
COMPARED = """\
suite: compared
checks:
  - {name: as good as before, kind: regression, metric: accuracy, max_drop: 0.02}
"""


@pytest.fixture
def loans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with two versions of a model, the second a worse one; the file of questions."""
    (tmp_path / "loan_models.py").write_text(MODULE)
    (tmp_path / "loans.suite.yaml").write_text(SUITE)
    (tmp_path / "compared.suite.yaml").write_text(COMPARED)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASKED", str(tmp_path / "asked"))
    income = np.random.default_rng(0).normal(50, 15, 1_000)
    frame = pd.DataFrame({"income": income, "paid": np.where(income > 50, "yes", "no")})
    with mp.open(".mispredict") as workspace:
        workspace.add_dataset("loans", frame, label="paid")
        for version, name in (("1", "first"), ("2", "second")):
            target = f"loan_models:{name}"
            workspace.add_model("rule", target, classes=["no", "yes"], version=version)
            workspace.evaluate(f"rule@{version}", "loans")
    (tmp_path / "asked").unlink()
    return tmp_path / "asked"


def rows_asked(file: Path) -> dict[int, int]:
    """How many rows each process was asked about."""
    found: dict[int, int] = {}
    if file.exists():
        for line in file.read_text().splitlines():
            process, rows = map(int, line.split())
            found[process] = found.get(process, 0) + rows
    return found


def plain(answer: Any) -> list[dict[str, Any]]:
    return [{**row, "seconds": 0} for row in answer.json["rows"]]


def test_processes_give_the_verdicts_of_one_and_the_next_run_asks_nothing(
    run: Run, loans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    asked = ("test", "loans.suite.yaml", "--model", "rule@1", "--json")
    answer = run(*asked, "--workers", "9")
    assert answer.code == 0, answer.out
    others = {process: n for process, n in rows_asked(loans).items() if process != os.getpid()}
    assert len(others) == 2  # the cores there are
    assert min(others.values()) > 100
    before = sum(rows_asked(loans).values())
    again = run(*asked)
    assert again.json["cost"]["rows"] == 0
    assert sum(rows_asked(loans).values()) == before
    with mp.open(".mispredict") as workspace:
        workspace.store.cache.clear()
    alone = run(*asked)
    assert alone.json["cost"]["rows"] == answer.json["cost"]["rows"] > 300
    assert plain(answer) == plain(again) == plain(alone)


def test_a_baseline_is_named_on_the_command_line(run: Run, loans: Path) -> None:
    asked = ("test", "compared.suite.yaml", "--model", "rule@2", "--json")
    assert run(*asked).code == 2  # there is nothing to compare with, and nobody was asked
    worse = run(*asked, "--baseline", "rule@1")
    assert worse.code == 1
    assert (worse.json["baseline"], worse.json["rows"][0]["verdict"]) == (
        "rule@1/loans@1", "fail",
    )  # fmt: skip
    same = run("test", "compared.suite.yaml", "--model", "rule@1", "--baseline", "rule@1", "--json")
    assert (same.code, same.json["rows"][0]["verdict"]) == (0, "pass")
    unknown = run(*asked, "--baseline", "rule@7")
    assert unknown.code == 2
    assert rows_asked(loans) == {}
