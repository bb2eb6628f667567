"""`what-if`, `counterfactual` and `text-edits` on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mispredict.cli.answers import first_of

from .conftest import Run

MODEL = """
import numpy as np
import pandas as pd

def ask(frame):
    score = (frame["Age"] - 55) / 12 + 3 * (frame["Country"] == "Germany")
    score = score + frame["text"].str.contains("declined")
    p = 1 / (1 + np.exp(-score.to_numpy(float)))
    return pd.DataFrame({"no": 1 - p, "yes": p})
"""


@pytest.fixture
def asked(folder: Path, run: Run) -> Path:
    """The prepared folder with a model that can be called, evaluated."""
    sys.modules.pop("scoring", None)
    (folder / "scoring.py").write_text(MODEL)
    assert run("add", "model", "scoring", "scoring:ask").code == 0
    made = run("evaluate", "scoring", "churn")
    assert made.code == 0, made.err
    return folder


def test_what_if_shows_the_variants_beside_the_row(asked: Path, run: Run) -> None:
    answer = run("what-if", "scoring", "--row", "3", "--set", "Age=20", "--set", "Age=88")
    assert answer.code == 0
    lines = answer.out.splitlines()
    assert lines[0].startswith("What if, row 3 (id 5003)")
    assert "→ 20" in answer.out
    assert "→ 88" in answer.out
    assert "Nearest row with another prediction" in answer.out
    table = run(
        "what-if", "scoring", "--row", "id:5003", "--set", "Country=Germany", "--set", "Balance=",
        "--json",
    ).json  # fmt: skip
    changed = {change["column"]: change["after"] for change in table["rows"][1]["changes"]}
    assert set(changed) <= {"Country", "Balance"}
    assert changed.get("Balance") is None
    assert table["row"] == 3


def test_many_differences_are_not_all_told() -> None:
    told = [f"c{place}: 1 → 2" for place in range(30)]
    assert first_of(told).endswith("c5: 1 → 2; and 24 more")
    assert first_of(told[:6]).endswith("c5: 1 → 2")


def test_counterfactuals_keep_the_rules_that_are_given(asked: Path, run: Run) -> None:
    answer = run(
        "counterfactual", "scoring", "--where", "prediction = 'yes'", "--sample", "8",
        "--target", "no", "--decrease", "Age", "--immutable", "Country", "--range", "Age=20:60",
        "-k", "1", "--json",
    )  # fmt: skip
    assert answer.code == 0
    found = answer.json
    assert found["asked"] == 8
    for row in found["rows"]:
        for change in row["changes"]:
            assert change["column"] != "Country"
            if change["column"] == "Age":
                assert 20 <= change["after"] < change["before"]
    shown = run("counterfactual", "scoring", "--row", "3", "--range", "Country=Spain,France")
    assert shown.code == 0
    assert "The model was asked about" in shown.out


def test_text_edits_say_how_often_they_work(asked: Path, run: Run) -> None:
    where = "prediction = 'yes' AND Age BETWEEN 44 AND 54 AND Country <> 'Germany'"
    answer = run(
        "text-edits", "scoring", "--where", where, "--kind", "typo", "--kind", "delete",
        "--similarity", "0.3", "--column", "text",
    )  # fmt: skip
    assert answer.code == 0
    assert "rows change with edits (typo, delete): 1.000" in answer.out
    assert "declined" in answer.out


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (("what-if", "--row", "x", "--set", "Age=1"), "'x' is no number of a row", "--row id:x"),
        (("what-if", "--row", "1", "--set", "Age"), "is not COLUMN=VALUE", "--set Age=35"),
        (("what-if", "--row", "1", "--set", "Agee=3"), "no column 'Agee'", "Age"),
        (("counterfactual", "--row", "1", "--where", "TRUE"), "either rows or a cohort", "--row 7"),
        (("counterfactual", "--row", "1", "--range", "Age"), "not COLUMN=LOW:HIGH", "--range"),
        (("counterfactual", "--row", "1", "--target", "maybe"), "is no class", "--target"),
        (("counterfactual", "--row", "999"), "there is no row 999", "--row"),
    ],
    ids=["row", "set", "column", "both", "range", "class", "number"],
)
def test_bad_use_is_told_in_three_parts(
    asked: Path, run: Run, arguments: tuple[str, ...], message: str, hint: str
) -> None:
    command, *rest = arguments
    answer = run(command, "scoring", *rest, "--json")
    assert answer.code == 2
    assert message in answer.error["message"]
    assert hint in answer.error["hint"]


def test_predictions_alone_say_how_to_add_a_model(folder: Path, run: Run) -> None:
    answer = run("what-if", "gbm", "--row", "1", "--set", "Age=30")
    assert answer.code == 2
    assert "cannot be asked about other rows" in answer.err
    assert "add model" in answer.err or "ws.add_model" in answer.err


def test_a_number_that_may_neither_grow_nor_shrink_is_refused(asked: Path, run: Run) -> None:
    answer = run(
        "counterfactual", "scoring", "--row", "7", "--increase", "Age", "--decrease", "Age"
    )
    assert answer.code == 2
    assert "'Age' may neither grow nor shrink" in answer.err
    assert "--immutable Age" in answer.err
