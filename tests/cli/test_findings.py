"""Slices, trees and priorities on the command line say what the SDK says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import mispredict as mp
from mispredict.core.results import plain


def test_slices_are_the_sdks(folder: Path, run: Any) -> None:
    with mp.open(folder / ".mispredict") as ws:
        expected = ws.evaluation().slices()
    answer = run("slices", "--json").json
    assert answer["rows"] == plain(expected.records())
    assert answer["note"].startswith("Nothing significant")  # 240 rows are few
    assert "Nothing significant" in run("slices").out
    scored = run("slices", "--scoring", "sliceline", "--column", "Country", "--json").json
    assert all(row["score"] > 0 for row in scored["rows"])


def test_after_a_map_a_lasso_is_a_cohort(folder: Path, run: Any) -> None:
    lasso = "inside(-1, -1, 101, -1, 101, 101, -1, 101)"
    assert "no map yet" in run("rows", "--where", lasso).err
    answer = run("map", "--most", "50", "--json").json
    assert (answer["space"], answer["drawn"], answer["total"]) == ("columns", 50, 240)
    said = run("map").out
    assert "columns, as ranks and categories" in said
    assert "map_x from 0 to" in said
    assert len(run("rows", "--where", lasso, "--limit", "9", "--json").json["rows"]) == 9


def test_priorities_use_what_was_said_of_a_tag(folder: Path, run: Any) -> None:
    run("tag", "add", "germans", "--where", "Country = 'Germany'")
    run("tag", "add", "seniors", "--where", "Age > 70")
    assert run("tag", "set", "germans", "--ceiling", "0.9", "--importance", "5").code == 0
    rows = {row["tag"]: row for row in run("tags", "--json").json["rows"]}
    assert rows["germans"]["ceiling"] == 0.9
    assert rows["germans"]["importance"] == 5
    gap = 0.9 - rows["germans"]["value"]
    assert rows["germans"]["gain"] == pytest.approx(gap * rows["germans"]["share_of_data"])
    assert "Sorted by possible gain" in run("tags").out


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["slices", "--conditions", "9"], "--conditions"),
        (["slices", "--objective", "mood"], "is not a choice"),
        (["slices", "--column", "Aeg"], "no column 'Aeg'"),
        (["slices", "--skip", "Aeg"], "no column 'Aeg'"),
        (["slices", "--where", "Age > 500"], "no row of"),
        (["slices", "--budget-s", "0"], "--budget-s"),
        (["tree", "--depth", "0"], "--depth"),
        (["clusters", "--column", "Age"], "Age"),
        (["map", "--column", "Age"], "no texts or vectors"),
        (["map", "--column", "Aeg"], "no column 'Aeg'"),
        (["tags", "--ceiling", "best"], "neither a number nor"),
        (["tags", "--votes", "yes"], "is not CLASS=COLUMN"),
        (["tags", "--annotators", "nobody"], "nobody"),
        (["tag", "set", "germans"], "nothing is said"),
        (["tag", "set", "germans", "--ease", "6"], "--ease"),
    ],
    ids=" ".join,
)
def test_bad_input(folder: Path, run: Any, arguments: list[str], text: str) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert text in said.err
    assert said.out == ""
