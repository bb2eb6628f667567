"""A model that a demo wrote is called by another process of the same user; no other pickle is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sklearn.ensemble import GradientBoostingClassifier

import mispredict as mp
from mispredict.models.own import remember

PROGRAM = [sys.executable, "-m", "mispredict.cli"]
SERVE = """
import sys, warnings
warnings.simplefilter("ignore")
from starlette.testclient import TestClient
import mispredict as mp
from mispredict.server import Limits, ServerSettings, create_app
with mp.open(".mispredict") as ws:
    app = create_app(ws, ServerSettings(trust="--trust" in sys.argv, limits=Limits(wait_s=60)))
    with TestClient(app, base_url="http://localhost") as client:
        E = "/api/v1/evaluations/trees@1/churn@1"
        print(client.get(E).json()["can_call_model"])
        print(client.post(f"{E}/rows/3/what-if", json={"changes": {"Age": 40}}).text)
"""


@pytest.fixture
def kept(folder: Path) -> str:
    """Hash of a model's copy in the workspace of the current folder."""
    rows = pd.read_csv(folder / "customers.csv")
    fitted = GradientBoostingClassifier(n_estimators=5).fit(rows[["Age"]], rows["Exited"])
    with mp.open(folder / ".mispredict") as workspace:
        version = workspace.add_model("trees", fitted, copy=True)
        workspace.evaluate("trees", "churn")
        return version.role("copy")[0].hash


def other(*command: str, **environment: str) -> Any:
    """What another process says."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, **environment},
    )


def test_what_this_user_wrote_is_called_by_another_process(kept: str) -> None:
    remember(kept)
    explained = other(*PROGRAM, "explain", "trees/churn", "--row", "3", "--json")
    assert explained.returncode == 0, explained.stderr
    assert json.loads(explained.stdout)["rows"][0]["feature"] == "Age"
    changed = other(*PROGRAM, "what-if", "trees/churn", "--row", "3", "--set", "Age=40")
    assert changed.returncode == 0, changed.stderr
    can_call, answer = other(sys.executable, "-c", SERVE).stdout.splitlines()
    assert can_call == "True"
    assert len(json.loads(answer)["rows"]) == 2


def test_of_another_user_it_is_a_pickle_like_any(kept: str, tmp_path: Path) -> None:
    remember(kept)
    elsewhere = {"XDG_STATE_HOME": str(tmp_path / "other"), "LOCALAPPDATA": str(tmp_path / "other")}
    command = [*PROGRAM, "explain", "trees/churn", "--row", "3", "--json"]
    refused = other(*command, **elsewhere)
    assert refused.returncode == 2
    assert "pickle" in json.loads(refused.stderr)["message"]
    assert other(*command, "--trust", **elsewhere).returncode == 0
    served = other(sys.executable, "-c", SERVE, **elsewhere).stdout.splitlines()
    assert served[0] == "False"
    assert json.loads(served[1])["hint"] == "mispredict serve --trust"
    trusted = other(sys.executable, "-c", SERVE, "--trust", **elsewhere).stdout.splitlines()
    assert trusted[0] == "True"


def test_a_copy_that_was_changed_is_not_loaded(kept: str, folder: Path) -> None:
    remember(kept)
    (copy,) = (folder / ".mispredict").rglob(f"{kept}.joblib")
    copy.chmod(0o644)
    copy.write_bytes(copy.read_bytes()[:-1] + b"x")
    said = other(*PROGRAM, "explain", "trees/churn", "--row", "3", "--json")
    assert said.returncode == 2
    assert json.loads(said.stderr)["code"] == "CorruptPart"
