"""`mispredict data` and gates: what is said, as words and as JSON, and how commands end."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from mispredict.cli import main, numbers


@pytest.fixture
def call(tmp_path: Path) -> Any:
    random = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "key": [f"k{place}" for place in range(400)],
            "age": random.integers(18, 90, 400),
            "text": [f"a message about case {number}" for number in random.permutation(400)],
            "label": random.choice(["no", "yes"], 400),
        }
    )
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.loc[:99, "age"] = None
    frame.loc[200, ["age", "text"]] = frame.loc[201, ["age", "text"]].to_numpy()
    frame.to_csv(tmp_path / "b.csv", index=False)

    def run(*words: str) -> Result:
        return CliRunner().invoke(main, [*words, "--workspace", str(tmp_path / "ws")])

    assert run("add", "dataset", "d", str(tmp_path / "a.csv"), "--label", "label").exit_code == 0
    return run


def test_a_gate_prints_verdicts_and_ends_with_1(call: Any, tmp_path: Path) -> None:
    gate = str(tmp_path / "gate.suite.yaml")
    assert "checks to" in call("data", "propose", "d", "-o", gate).output
    refused = call(
        "add", "dataset", "d", str(tmp_path / "b.csv"), "--label", "label", "--gate", gate
    )
    assert refused.exit_code == 1
    assert "age is there" in refused.output and "nothing was stored" in refused.output
    assert call("show", "d@2").exit_code == 2
    assert call("test", gate, "--dataset", "d").exit_code == 0


def test_a_finding_without_rows_says_what_it_is_of(call: Any, tmp_path: Path) -> None:
    frame = pd.read_csv(tmp_path / "b.csv").assign(flag="x")
    frame["told"] = np.where(frame["label"] == "yes", 3, 1)
    frame.to_csv(tmp_path / "c.csv", index=False)
    call("add", "dataset", "c", str(tmp_path / "c.csv"), "--label", "label")
    lines = call("data", "health", "c").output.splitlines()
    (leak,) = (line for line in lines if line.startswith("an input that"))
    assert leak.split()[-1] == numbers.NOTHING
    assert any("told alone is" in line for line in lines)
    assert any(line.startswith("The share of") and "flag" in line for line in lines)


def test_drift_of_texts_is_no_distance(call: Any) -> None:
    lines = call("drift", "d", "d").output.splitlines()
    (text,) = (line for line in lines if line.startswith("text "))
    (age,) = (line for line in lines if line.startswith("age "))
    assert text.split()[1] == "AUC" and age.split()[1][0].isdigit()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("health", "--reference", "d@1"), "age: missing values"),
        (("duplicates",), "1 group of rows that are the same"),
        (("duplicates", "--near", "0.8", "--column", "text"), "nearly the same"),
        (("duplicates", "--against", "d@1"), "are the same as one of d@1"),
        (
            ("duplicates", "--near", "0.9", "--column", "text", "--embedding", "lengths:embed"),
            "an embedding of text",
        ),
        (("conflicts",), "the same inputs"),
        (("leakage", "--against", "d@1"), "that are in d@1 too"),
        (("diff", "d@1", "d@2"), "rows added"),
    ],
)
def test_each_command_tells_and_gives_json(
    call: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    said: str,
) -> None:
    call("add", "dataset", "d", str(tmp_path / "b.csv"), "--label", "label")
    lines = "def embed(texts):\n    return [[len(text), 1] for text in texts]\n"
    (tmp_path / "lengths.py").write_text(lines)
    monkeypatch.syspath_prepend(str(tmp_path))
    told = call("data", *words)
    assert told.exit_code == 0, told.output
    assert said in told.output
    assert json.loads(call("data", *words, "--json").output)["rows"] is not None


@pytest.mark.parametrize(
    ("name", "said"),
    [("no_such_module:f", "cannot be imported"), ("math:pi", "is no function")],
)
def test_an_embedding_that_is_none_is_refused(call: Any, name: str, said: str) -> None:
    refused = call("data", "duplicates", "--near", "0.9", "--embedding", name)
    assert refused.exit_code == 2 and said in refused.output


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ((0.0002, 0.00004, 0.0014), "0.020 % [0.004, 0.140]"),
        ((0.0985, 0.0894, 0.1082), "9.85 % [8.94, 10.82]"),
        ((0.0002, math.nan, math.nan), "0.02 %"),
        ((math.nan, math.nan, math.nan), "–"),
    ],
    ids=["few", "many", "alone", "unknown"],
)
def test_shares_are_in_percent_however_small(
    figures: tuple[float, float, float], shown: str
) -> None:
    assert numbers.percent_interval(*figures) == shown


def test_fail_ends_with_1_where_something_is_found(call: Any) -> None:
    assert call("data", "duplicates", "--fail").exit_code == 0
    assert call("data", "diff", "d", "d", "--fail").exit_code == 0
    assert call("data", "leakage", "--fail").exit_code == 0


def test_coverage_finds_what_ought_to_cover(call: Any, tmp_path: Path) -> None:
    call("add", "dataset", "d", str(tmp_path / "b.csv"), "--label", "label")
    found = call("coverage", "d@2", "--json")
    assert found.exit_code == 0, found.output
    assert json.loads(found.output)["reference"]["of"] == "d@1"
    assert call("coverage", "d@1", "d@2").exit_code == 0
    alone = call("coverage", "d@1")
    assert alone.exit_code == 2 and "no other dataset" in alone.output
    assert call("coverage", "d@1", "d@2", "d@2").exit_code == 2
    assert call("coverage").exit_code == 2
