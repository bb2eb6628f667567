"""`mispredict perturb`, `augment` and `generate`."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from .conftest import Run

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
        made = run("add", "model", name, f"own_models:{name}", *options)
        assert made.code == 0, made.err
        assert run("evaluate", name, "churn").code == 0
    return folder


def test_perturbed_texts(here: Path, run: Run) -> None:
    found = run(
        "perturb",
        "refunds/churn",
        "-p",
        "typo_drop",
        "--strength",
        "1",
        "--show",
        "3",
        "--column",
        "text",
    )
    assert found.code == 0, found.err
    assert found.out.startswith("Perturbed by typo_drop · refunds@1/churn@1 · 240 rows")
    assert "yes → no" in found.out
    assert "“typo_drop” at strength 1 changed 240 of 240 rows" in found.out
    assert "Accuracy on these rows" in found.out


def test_perturbed_rows_are_written(here: Path, run: Run) -> None:
    found = run(
        "perturb", "leaving/churn", "-p", "noise | missing", "--column", "Age", "-n", "50",
        "--out", "changed.csv", "--json",
    )  # fmt: skip
    assert found.code == 0, found.err
    assert found.json["perturbation"] == "noise | missing"
    assert found.json["n"] == 50
    assert len(pd.read_csv("changed.csv")) == found.json["altered"]


def test_options_of_perturbations(here: Path, run: Run) -> None:
    found = run("perturb", "leaving/churn", "-p", "unit_error", "--set", "factor=10", "--json")
    assert found.code == 0, found.err
    row = found.json["rows"][0]
    assert all(
        row["after"][name] == pytest.approx(10 * row["before"][name]) for name in row["after"]
    )


def test_the_list(run: Run) -> None:
    found = run("perturb", "--list", "--json")
    names = [row["name"] for row in found.json["rows"]]
    assert {"typo_swap", "noise", "negate"} <= set(names)
    assert "typo_swap" in run("perturb", "--list").out


def test_advice(here: Path, run: Run) -> None:
    arguments = (
        "--column",
        "text",
        "-p",
        "typo_drop",
        "-p",
        "upper_case",
        "--strength",
        "0.5",
        "--sample",
        "60",
    )
    found = run("augment", "refunds/churn", *arguments)
    assert found.code == 0, found.err
    assert found.out.startswith("Augmentation advice")
    assert "Warning: No ceiling was given" in found.out
    Path("votes.csv").write_text("perturbation,correct\ntypo_drop,1\ntypo_drop,0\n")
    voted = run("augment", "refunds/churn", *arguments, "--votes", "votes.csv", "--json")
    row = next(row for row in voted.json["rows"] if row["perturbation"] == "typo_drop")
    assert row["clear"] == 0.5


def test_templates(here: Path, run: Run) -> None:
    text = "{name} is {a job}."
    found = run("generate", text, "--set", "job=actor,baker", "-n", "4", "--json")
    assert found.code == 0, found.err
    assert len(found.json["rows"]) == 4
    kept = run(
        "generate", text, "--set", "job=actor,baker", "--label", "job:actor=1",
        "--label", "job:baker=0",
        "--name", "jobs", "--out", "jobs.jsonl",
    )  # fmt: skip
    assert kept.code == 0, kept.err
    assert "Kept 100 rows as jobs@1." in kept.err
    rows = pd.read_json("jobs.jsonl", lines=True)
    assert len(rows) == 100
    assert (rows["label"] == rows["job"].eq("actor")).all()
    same = run("generate", text, "--set", "job=actor", "--label", "1", "--name", "actors")
    assert same.code == 0, same.err


def test_rows_like_those_of_a_dataset(here: Path, run: Run) -> None:
    found = run(
        "generate", "--like", "churn", "--where", "Age > 40", "-n", "60", "--name", "older",
        "--out", "older.parquet", "--show", "2",
    )  # fmt: skip
    assert found.code == 0, found.err
    assert found.out.startswith("Synthetic rows · churn@1 ·")
    assert "Left out: " in found.out
    assert "Kept 60 rows as older@1." in found.err
    assert (pd.read_parquet("older.parquet")["Age"] > 40).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("perturb", "leaving/churn"), "no perturbation was named"),
        (("perturb", "leaving/churn", "-p", "typoo"), "no perturbation 'typoo'"),
        (("perturb", "leaving/churn", "-p", "noise", "--strength", "3"), "--strength 3.0"),
        (("perturb", "leaving/churn", "-p", "noise", "--set", "x"), "says no value"),
        (("perturb", "leaving/churn", "-p", "noise", "--set", "seed=1"), "an option of its own"),
        (("perturb", "leaving/churn", "-p", "noise", "--out", "x.txt"), "ending"),
        (("augment", "leaving/churn", "--votes", "none.csv"), "cannot be read"),
        (("generate",), "give a template or --like"),
        (("generate", "{name}", "--like", "churn"), "Both were given"),
        (("generate", "{nam}"), "no lexicon 'nam'"),
        (("generate", "{name}", "--label", "a", "--label", "b"), "for all rows"),
        (("generate", "{name}", "--where", "Age > 3"), "are for --like"),
        (("generate", "--like", "churn", "--vary", "x"), "are for templates"),
        (("generate", "--like", "nothing"), "no dataset 'nothing'"),
    ],
)
def test_bad_use_ends_with_2(here: Path, run: Run, arguments: tuple[str, ...], words: str) -> None:
    found = run(*arguments)
    assert found.code == 2
    assert words in found.err
