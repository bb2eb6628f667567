"""CSV for spreadsheets: text stays text there, numbers stay numbers."""

from __future__ import annotations

import csv
import io

import numpy as np
import pandas as pd
import pytest

from mispredict.exchange.spreadsheet import as_csv

FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1", "＝1", "\r=1"]


def cells(frame: pd.DataFrame) -> list[list[str]]:
    return list(csv.reader(io.StringIO(as_csv(frame), newline="")))


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("dtype", ["object", "category", "string"])
def test_no_cell_is_a_formula(text: str, dtype: str) -> None:
    found = cells(pd.DataFrame({"a": pd.Series([text, "fine"], dtype=dtype)}))
    assert found == [["a"], [f"'{text}"], ["fine"]]


def test_numbers_and_missing_values_stay() -> None:
    frame = pd.DataFrame(
        {"x": [-1.5, np.nan], "n": [-1, 2], "text": ["-5", None], "e": ["+1e-3", "a=b"]}
    )
    assert cells(frame) == [
        ["x", "n", "text", "e"],
        ["-1.5", "-1", "-5", "+1e-3"],
        ["", "2", "", "a=b"],
    ]


def test_names_of_columns_are_cells_too() -> None:
    assert cells(pd.DataFrame([[1, 2]], columns=["=x", "y"]))[0] == ["'=x", "y"]


def test_two_columns_of_one_name() -> None:
    frame = pd.DataFrame([["=a", "@b"]], columns=["x", "x"])
    assert cells(frame) == [["x", "x"], ["'=a", "'@b"]]
