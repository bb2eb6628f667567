"""`diff`, `board` and `reevaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp

N = 900


@pytest.fixture
def two(empty: Path) -> Path:
    """A folder with a workspace in which model b is worse than a in Oslo."""
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": np.arange(N),
            "city": random.choice(["Rome", "Oslo", "Bern"], N),
            "age": random.integers(18, 90, N),
            "y": random.choice(["no", "yes"], N),
        }
    )
    wrong = random.random(N) < 0.1
    worse = wrong | ((frame["city"] == "Oslo").to_numpy() & (random.random(N) < 0.5))
    with mp.open() as ws:
        ws.add_dataset("d", frame, label="y", id="id", positive="yes")
        for name, part in (("a", wrong), ("b", worse)):
            is_yes = (frame["y"] == "yes").to_numpy() ^ part
            table = frame[["id"]].assign(
                prediction=np.where(is_yes, "yes", "no"), yes=np.where(is_yes, 0.8, 0.2)
            )
            ws.add_predictions(name, "d", table.assign(no=1 - table["yes"]))
        ws.add_dataset("d", frame[100:], label="y", id="id", positive="yes")
    return empty


def test_diff_tells_what_is_worse(two: Path, run: Any) -> None:
    said = run("diff", "a", "b", "--dataset", "d@1", "--by", "city", "--markdown", "diff.md")
    assert said.code == 0, said.err
    assert said.out.startswith("b@1 is worse than a@1: accuracy ")
    assert "worse  city = 'Oslo'" in said.out
    assert "NOT correct AND correct('a@1')" in said.out
    assert (two / "diff.md").read_text(encoding="utf-8").startswith("## ")


@pytest.mark.parametrize(
    ("extra", "code"),
    [((), 0), (("--fail-on", "regression"), 1), (("--fail-on", "worse"), 1)],
)
def test_diff_fails_if_asked_to(two: Path, run: Any, extra: tuple[str, ...], code: int) -> None:
    assert run("diff", "a", "b", "--dataset", "d@1", "--no-slices", *extra).code == code
    assert run("diff", "b", "a", "--dataset", "d@1", "--no-slices", *extra).code == 0


def test_diff_as_json_at_thresholds(two: Path, run: Any) -> None:
    asked = ("diff", "a", "b", "--dataset", "d@1", "--threshold", "a=0.1,b@1=0.5", "--no-slices")
    told = run(*asked, "--json").json
    assert [model["threshold"] for model in told["models"]] == [0.1, 0.5]
    assert run("diff", "a", "b", "--dataset", "d@1", "--threshold", "high").code == 2


def test_diff_needs_two(two: Path, run: Any) -> None:
    said = run("diff", "a")
    assert said.code == 2
    assert "two models" in said.err


def test_the_board_tells_rows_apart(two: Path, run: Any) -> None:
    said = run("reevaluate", "d")
    assert said.code == 0
    assert "2 cannot be called" in said.out
    assert "d@1" in run("board", "d").out
    with mp.open() as ws:
        ws.add_predictions("a", "d@2", pd.DataFrame({"id": np.arange(100, N), "prediction": "no"}))
    said = run("board", "d")
    assert "different rows" in said.out
    assert "in common" in run("board", "d", "--common").out
    assert run("board", "d", "--json").json["common"] == N - 100
