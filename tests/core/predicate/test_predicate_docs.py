"""The page on the cohort language: each example is read and has columns that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mispredict.core.predicate import Fields, parse
from mispredict.core.predicate.lexer import FUNCTIONS, MAX_CHARACTERS, MAX_TOKENS
from mispredict.core.predicate.others import Reserved
from mispredict.core.predicate.tree import MAX_DEPTH
from mispredict.core.schema import ColumnType

PAGE = (Path(__file__).parents[3] / "docs/concepts/cohort-language.md").read_text("utf-8")
EXAMPLES = [
    line
    for block in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
    for line in block.splitlines()
]
OWN = {
    "label": ColumnType.CATEGORICAL,
    "prediction": ColumnType.CATEGORICAL,
    "correct": ColumnType.BOOLEAN,
    "loss": ColumnType.NUMERIC,
    "time": ColumnType.DATETIME,
    "map_x": ColumnType.NUMERIC,
    "map_y": ColumnType.NUMERIC,
}
FIELDS = Fields(
    {
        "Geography": ColumnType.CATEGORICAL,
        "Age": ColumnType.NUMERIC,
        "Age group": ColumnType.CATEGORICAL,
        "Balance": ColumnType.NUMERIC,
        "Active": ColumnType.BOOLEAN,
        "name": ColumnType.TEXT,
        "text": ColumnType.TEXT,
        "topics": ColumnType.LABELS,
        "order": ColumnType.NUMERIC,
        "label": ColumnType.CATEGORICAL,
    },
    Reserved(OWN, lambda model: (model, OWN)),
    ("Exited", "Retained"),
)


@pytest.mark.parametrize("example", EXAMPLES)
def test_examples_are_read(example: str) -> None:
    predicate = parse(example, FIELDS)
    assert parse(predicate.text, FIELDS).text == predicate.text
    assert predicate.sentence()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_functions_are_documented(function: str) -> None:
    assert f"| `{function}(" in PAGE
    assert any(f"{function}(" in example for example in EXAMPLES)


def test_limits_are_documented() -> None:
    for limit in (MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH):
        assert f" {limit:,} " in PAGE
