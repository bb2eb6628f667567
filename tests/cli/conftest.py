"""A folder with data and a workspace in it, and the program as a function."""

from __future__ import annotations

import inspect
import json
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from mispredict.cli import main

N = 240


@dataclass(frozen=True)
class Answer:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)


Run = Callable[..., Answer]


def customers() -> pd.DataFrame:
    """Customers who left or stayed, with an id, numbers, words, a text and a time."""
    draw = np.random.default_rng(7)
    age = draw.integers(18, 90, N)
    country = draw.choice(["France", "Germany", "Spain"], N)
    risk = 1 / (1 + np.exp(-(age - 55) / 12 - 3 * (country == "Germany")))
    return pd.DataFrame(
        {
            "customer": np.arange(5_000, 5_000 + N),
            "Age": age,
            "Country": country,
            "Balance": np.where(draw.random(N) < 0.1, np.nan, draw.gamma(2, 5e4, N)).round(2),
            "text": draw.choice(["please refund me", "all is well", "why was it declined?"], N),
            "since": pd.date_range("2024-01-01", periods=N, freq="h"),
            "Exited": np.where(draw.random(N) < risk, "yes", "no"),
        }
    )


def predictions(rows: pd.DataFrame) -> pd.DataFrame:
    """What a model that knows the age alone says of them."""
    p = 1 / (1 + np.exp(-(rows["Age"] - 55) / 12))
    said = np.where(p >= 0.5, "yes", "no")
    return pd.DataFrame({"customer": rows["customer"], "prediction": said, "yes": p, "no": 1 - p})


def call(*arguments: str) -> Answer:
    """The program called in this process."""
    is_old = "mix_stderr" in inspect.signature(CliRunner).parameters  # click before 8.2
    result = CliRunner(**({"mix_stderr": False} if is_old else {})).invoke(main, arguments)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Answer(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with files and a workspace that holds one evaluation, made by the program itself."""
    folder = tmp_path_factory.mktemp("cli")
    rows = customers()
    rows.to_csv(folder / "customers.csv", index=False)
    predictions(rows).to_csv(folder / "predictions.csv", index=False)
    place = ("--workspace", str(folder / ".mispredict"))
    source = str(folder / "customers.csv")
    roles = ("--label", "Exited", "--id", "customer")
    made = call("add", "dataset", "churn", source, *roles, *place)
    assert made.code == 0, made.err
    made = call("add", "predictions", "gbm", "churn", str(folder / "predictions.csv"), *place)
    assert made.code == 0, made.err
    return folder


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing of the surroundings matters, and nothing stays behind."""
    for name in ("MISPREDICT_WORKSPACE", "MISPREDICT_DEBUG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
    monkeypatch.setattr(sys, "path", list(sys.path))


@pytest.fixture
def folder(tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder: a copy of the prepared one."""
    place = tmp_path / "here"
    shutil.copytree(prepared, place)
    monkeypatch.chdir(place)
    return place


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with nothing in it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run() -> Run:
    return call
