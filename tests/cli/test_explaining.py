"""`mispredict explain`."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Answer, Run

MODEL = """
import numpy as np
import pandas as pd

def leaving(rows):
    score = (rows["Age"] - 55) / 12 + 1.0 * (rows["Country"] == "Germany")
    p = 1 / (1 + np.exp(-score))
    return pd.DataFrame({"no": 1 - p, "yes": p})

def refunds(texts):
    p = np.array([0.9 if "refund" in text else 0.2 for text in texts])
    return pd.DataFrame({"no": 1 - p, "yes": p})
"""


@pytest.fixture
def here(folder: Path, run: Run) -> Path:
    (folder / "own_models.py").write_text(MODEL)
    for name, options in (("leaving", ()), ("refunds", ("--input", "column:text"))):
        place = f"own_models:{name}"
        made = run("add", "model", name, place, *options)
        assert made.code == 0, made.err
        assert run("evaluate", name, "churn").code == 0
    return folder


def explained(run: Run, *arguments: str) -> Answer:
    found = run("explain", "leaving/churn", "--sample", "30", *arguments)
    assert found.code == 0, found.err
    return found


def test_the_table(here: Path, run: Run) -> None:
    found = explained(run)
    lines = found.out.splitlines()
    assert lines[0] == "What moves the model · leaving@1/churn@1 · 30 rows"
    assert lines[2].startswith("Age ")
    assert lines[3].startswith("Country ")
    assert "They move nothing: " in found.out
    assert "Attributions of the probability of 'yes' by permutation: sampled" in found.out
    assert "What misleads the model" in found.out
    assert "They hold" in found.out


def test_json_is_the_result(here: Path, run: Run) -> None:
    value = explained(run, "--json").json
    assert set(value) == {"rows", "about", "source", "mispredictive", "faithfulness", "note"}
    assert value["rows"][0]["feature"] == "Age"
    assert value["about"]["n"] == 30
    assert value["about"]["facts"]["background"]["rows"] == 100


def test_one_row(here: Path, run: Run) -> None:
    found = run("explain", "leaving", "--row", "3", "--limit", "2")
    assert found.code == 0, found.err
    assert found.out.startswith("Why, for row 3 (5003) · leaving@1/churn@1")
    assert "Predicted " in found.out
    assert "probability of 'yes': " in found.out
    value = run("explain", "leaving", "--row", "id:5003", "--json").json
    assert (value["row"], value["id"]) == (3, 5003)
    total = value["base"] + sum(row["attribution"] for row in value["rows"])
    assert abs(total - value["output"]) < 1e-9


def test_a_cohort_beside_the_rest(here: Path, run: Run) -> None:
    found = explained(run, "--where", "Country = 'Germany'")
    assert "in the rest" in found.out
    assert "difference" in found.out
    value = explained(run, "--where", "shap_Age > 0", "--json").json
    assert value["source"]["where"] == "shap_Age > 0"


def test_a_feature_and_pairs(here: Path, run: Run) -> None:
    found = explained(run, "--feature", "Country")
    assert found.out.startswith("What Country does · leaving@1/churn@1")
    assert "Germany" in found.out
    pairs = explained(run, "--pairs")
    assert pairs.out.startswith("Features that act together")
    assert "Friedman's H" in pairs.out


def test_tokens(here: Path, run: Run) -> None:
    found = run("explain", "refunds/churn", "--sample", "40")
    assert found.code == 0, found.err
    assert found.out.splitlines()[2].startswith("refund ")
    assert "They move nothing: " in found.out
    local = run("explain", "refunds/churn", "--row", "0", "--background", "…", "--json").json
    text = local["text"]
    assert [text[row["start"] : row["end"]] for row in local["rows"]] == [
        row["feature"] for row in local["rows"]
    ]
    assert local["about"]["facts"]["against"] == "tokens replaced by '…'"


def test_bad_use_says_what_to_try(here: Path, run: Run) -> None:
    for arguments, words in (
        (("leaving", "--method", "magic"), "--method 'magic' is not a choice"),
        (("leaving", "--row", "3", "--where", "Age > 3"), "either --row or --where"),
        (("leaving", "--feature", "Agee"), "no column 'Agee'"),
        (("leaving", "--method", "tree"), "cannot explain model 'leaving'"),
        (("gbm",), "cannot be asked about other rows"),
    ):
        found = run("explain", *arguments)
        assert found.code == 2
        assert words in found.err
        assert "Try: " in found.err
    assert "mispredict add model gbm" in run("explain", "gbm").err
