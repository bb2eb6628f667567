"""`mispredict data labels`: from cross-validation to a new version of the data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result
from sklearn.linear_model import LogisticRegression

from mispredict.cli import main


def run(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--workspace", str(folder / "ws"), *arguments])


def answer(folder: Path, *arguments: str) -> dict[str, object]:
    result = run(folder, "data", "labels", *arguments, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, object] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("labels")
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 400)
    frame = pd.DataFrame({"x": truth * 4 + rng.normal(size=400), "y": np.where(truth, "b", "a")})
    frame.loc[[3, 9, 27], "y"] = frame.loc[[3, 9, 27], "y"].map({"a": "b", "b": "a"})
    for name in ("ann", "ben"):
        frame[name] = np.where(rng.random(400) < 0.9, frame["y"], "a")
    frame.to_csv(place / "data.csv", index=False)
    joblib.dump(LogisticRegression().fit(frame[["x"]], frame["y"]), place / "model.joblib")
    added = ["add", "dataset", "d", str(place / "data.csv"), "--label", "y"]
    people = ["--annotations", "ann", "--annotations", "ben"]
    assert run(place, *added, *people).exit_code == 0
    assert run(place, "add", "model", "m", str(place / "model.joblib"), "--trust").exit_code == 0
    made = run(place, "data", "labels", "cross-validate", "m", "d", "--folds", "3", "--trust")
    assert made.exit_code == 0, made.output
    yield place


def test_errors_have_reasons(folder: Path) -> None:
    found = answer(folder, "errors", "m-cv")
    assert {3, 9, 27} <= {row["row"] for row in found["rows"]}
    shown = run(folder, "data", "labels", "errors", "m-cv").stdout
    assert "look wrong" in shown and "The model gives ‘" in shown


def test_review_and_new_version(folder: Path) -> None:
    queue = answer(folder, "queue", "m-cv", "--audit", "2", "--order", "random")
    assert queue["left"] == queue["total"]
    assert "‘" in run(folder, "data", "labels", "queue", "m-cv").stdout
    done = answer(folder, "decide", "3", "relabel", "m-cv", "--who", "ada")
    assert done["sentence"] == "Decisions about 1 label: 1 to relabel."
    refused = run(folder, "data", "labels", "decide", "3", "keep", "m-cv", "--label", "a")
    assert refused.exit_code == 2 and "takes no label" in refused.stderr
    assert answer(folder, "decisions", "d")["relabelled"] == 1
    assert "ada" in run(folder, "data", "labels", "decisions", "d").stdout
    made = answer(folder, "relabel", "d", "--decisions", "d@1")
    assert (made["ref"], made["relabelled"]) == ("d@2", 1)


def test_corrected_metrics(folder: Path) -> None:
    found = answer(folder, "corrected", "m-cv", "--by", "estimated", "--metric", "accuracy")
    [row] = found["rows"]
    assert row["corrected"] > row["value"]
    assert "It assumes:" in run(folder, "data", "labels", "corrected", "m-cv").stdout


def test_consensus(folder: Path) -> None:
    found = answer(folder, "consensus", "d@1")
    assert [person["annotator"] for person in found["annotators"]]
    assert "cohen_kappa" in run(folder, "data", "labels", "consensus", "d@1").stdout
