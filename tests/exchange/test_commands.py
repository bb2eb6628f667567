"""`mispredict import mlflow` and `mispredict export mlflow`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import mispredict as mp
from mispredict.cli import main

ROWS = "id,size,label\n" + "".join(f"r{i},{i},{'no' if i < 50 else 'yes'}\n" for i in range(100))
ANSWERS = "id,prediction\n" + "".join(f"r{i},{'no' if i < 55 else 'yes'}\n" for i in range(100))


@pytest.fixture
def run_id(client: Any, experiment: str) -> str:
    made: str = client.create_run(experiment, run_name="gbm").info.run_id
    client.log_param(made, "depth", 3)
    client.log_text(made, ANSWERS, "answers.csv")
    return made


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rows.csv").write_text(ROWS)
    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("data", tmp_path / "rows.csv", label="label", id="id")
    return tmp_path / "ws"


def call(folder: Path, store: str, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--tracking-uri", store, "-w", str(folder)])


def test_there_and_back(folder: Path, store: str, client: Any, run_id: str) -> None:
    given = ("--predictions", "answers.csv", "--dataset", "data")
    made = call(folder, store, "import", "mlflow", run_id, *given)
    assert made.exit_code == 0, made.output
    assert made.stdout == (
        f"Model gbm@1: MLflow run gbm of churn: runs:/{run_id}."
        " Look at it: mispredict overview gbm@1/data\n"
    )
    back = call(folder, store, "export", "mlflow", "gbm/data", "--run", run_id, "--json")
    assert json.loads(back.stdout) == {"evaluation": "gbm@1/data@1", "run": run_id}
    assert client.get_run(run_id).data.metrics["accuracy"] == 0.95


def test_a_new_run_with_a_report(folder: Path, store: str, client: Any, run_id: str) -> None:
    given = ("--predictions", "answers.csv", "--dataset", "data", "--name", "mine", "--json")
    made = json.loads(call(folder, store, "import", "mlflow", run_id, *given).stdout)
    assert (made["ref"], made["spec"]["run"]["id"]) == ("mine@1", run_id)
    back = call(folder, store, "export", "mlflow", "--experiment", "figures", "--report")
    assert back.stdout.startswith("Evaluation mine@1/data@1 is in MLflow run ")
    written = back.stdout.split()[-1].rstrip(".")
    files = [item.path for item in client.list_artifacts(written, "mispredict")]
    assert "mispredict/report.html" in files


def test_an_unknown_run(folder: Path, store: str) -> None:
    answer = call(folder, store, "import", "mlflow", "gone", "--json")
    assert answer.exit_code == 2
    error = json.loads(answer.stderr)
    assert error["code"] == "UnknownName"
    assert "no MLflow run 'gone'" in error["message"]
    assert error["hint"]
