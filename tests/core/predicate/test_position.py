"""Errors of cohorts say where in the text the fault lies."""

from __future__ import annotations

import pytest

from mispredict.core.errors import InputError
from mispredict.core.predicate import Fields, parse
from mispredict.core.schema import ColumnType

FIELDS = Fields(
    {"Age": ColumnType.NUMERIC, "City": ColumnType.CATEGORICAL, "a": ColumnType.NUMERIC},
    {"label": ColumnType.CATEGORICAL},
    ("yes", "no"),
    {"City": "string"},
)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Agee > 5", 0),
        ("Age > 5 AND Cty = 'x'", 12),
        ("Age >", 4),
        ("Age > 'x'", 0),
        ("Age > 5 AND City = 5", 12),
        ("label = 'maybe'", 8),
        ("Age > 5 )", 8),
        ("Age > 5 AND foo(3)", 12),
        ("Age 5", 4),
        ("Age > 5 AND ((City = 'a')", 12),
        ("Age > 5 ; a > 1", 8),
        ("Age > 5 AND 'abc", 12),
        ("Age > 5 AND AND City = 'a'", 12),
        ("", None),
    ],
)
def test_the_fault_has_a_place(text: str, position: int | None) -> None:
    with pytest.raises(InputError) as caught:
        parse(text, FIELDS)
    assert caught.value.position == position


def test_other_errors_have_none() -> None:
    assert InputError("no").position is None
