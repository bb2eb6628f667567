"""`mispredict uncertainty` and `sanity`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run

MODEL = """
import numpy as np
import pandas as pd

def leaving(rows):
    score = (rows["Age"] - 55) / 12 + 1.0 * (rows["Country"] == "Germany")
    p = 1 / (1 + np.exp(-score))
    return pd.DataFrame({"no": 1 - p, "yes": p})

def constant(rows):
    return pd.DataFrame({"no": np.full(len(rows), 0.05), "yes": np.full(len(rows), 0.95)})
"""


@pytest.fixture
def here(folder: Path, run: Run) -> Path:
    (folder / "doubted_models.py").write_text(MODEL)
    for name in ("leaving", "constant"):
        made = run("add", "model", name, f"doubted_models:{name}")
        assert made.code == 0, made.err
        assert run("evaluate", name, "churn").code == 0
    return folder


def test_errors_of_the_surest_rows(here: Path, run: Run) -> None:
    found = run("uncertainty", "leaving/churn")
    assert found.code == 0, found.err
    assert "Surest rows by" in found.out and "sure and wrong" in found.out
    found = run("uncertainty", "leaving/churn", "--by", "margin", "--where", "Age > 40", "--json")
    assert found.json["measure"] == "margin"
    assert found.json["rows"][0]["where"] == "Age > 40"


def test_sets(here: Path, run: Run) -> None:
    found = run("uncertainty", "leaving/churn", "--sets", "0.8", "--cohorts", "Country")
    assert found.code == 0, found.err
    assert "Conformal sets (lac)" in found.out
    found = run("uncertainty", "leaving/churn", "--sets", "0.8", "--json")
    assert found.json["target"] == 0.8 and found.json["calibrated"] > 0


def test_sanity(here: Path, run: Run) -> None:
    found = run("sanity", "leaving/churn", "--sample", "100")
    assert found.code == 0, found.err
    assert "beats constant" in found.out and "cannot be fitted again" in found.out
    assert "Skill lost when an input is shuffled" in found.out


def test_a_model_that_fails_can_stop_a_script(here: Path, run: Run) -> None:
    arguments = ("sanity", "constant/churn", "--only", "beats_constant")
    assert run(*arguments).code == 0
    failed = run(*arguments, "--fail", "--json")
    assert failed.code == 1
    assert failed.json["rows"][0]["verdict"] == "fail"
    assert run("sanity", "constant/churn", "--only", "luck").code == 2
