"""Figures and tables as people read them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.cli import numbers
from mispredict.cli.table import Column, Sheet, _fitting, _widths

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        pytest.param(0.7911, 0.776, 0.8061, "0.791 [0.776, 0.806]", id="share"),
        pytest.param(12.345, 11.0, 13.5, "12.35 [11.00, 13.50]", id="tens"),
        pytest.param(123456.7, 120000.0, 130000.0, "123,457 [120,000, 130,000]", id="large"),
        pytest.param(0.5, NAN, NAN, "0.500", id="without interval"),
        pytest.param(NAN, 0.0, 1.0, "–", id="undefined"),
        pytest.param(0.0, 0.0, 0.0, "0.000 [0.000, 0.000]", id="zero"),
        pytest.param(1e-5, NAN, NAN, "1.0e-05", id="tiny"),
    ],
)
def test_intervals(value: float, low: float, high: float, said: str) -> None:
    assert numbers.interval(value, low, high) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(None, "–", id="nothing"),
        pytest.param(NAN, "–", id="NaN"),
        pytest.param(15600000, "15600000", id="an id has no separators"),
        pytest.param(3.0, "3", id="whole"),
        pytest.param(0.1 + 0.2, "0.3", id="fraction"),
        pytest.param(True, "true", id="boolean"),
        pytest.param("a\nb\x1b[31m", "a b [31m", id="steering characters"),
        pytest.param(b"123", "<3 bytes>", id="bytes"),
        pytest.param(list(range(20)), "[0, 1, 2, 3, 4, 5, 6, 7, … 20 in all]", id="long list"),
        pytest.param(dt.datetime(2024, 1, 2), "2024-01-02", id="midnight"),
        pytest.param(dt.datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00", id="time"),
        pytest.param(dt.date(2024, 1, 2), "2024-01-02", id="date"),
    ],
)
def test_cells(value: object, said: str) -> None:
    assert numbers.cell(value) == said


@given(st.text())
def test_a_cell_is_one_line_without_steering(text: str) -> None:
    assert numbers.cell(text).isprintable()


widths = st.lists(st.tuples(st.integers(1, 90), st.sampled_from("tkn")), min_size=1, max_size=12)


@given(widths, st.integers(40, 200))
def test_a_table_fits_the_terminal(columns: list[tuple[int, str]], width: int) -> None:
    made = [Column("x", ["y" * n], kind == "n", kind == "k") for n, kind in columns]
    kept, dropped = _fitting(made, width)
    assert kept[0] is made[0]
    assert {id(item) for item in (*kept, *dropped)} == {id(item) for item in made}
    found = _widths(kept, width)
    assert all(have >= column.least for have, column in zip(found, kept, strict=True))
    if len(kept) > 1 or kept[0].least <= width:
        assert sum(found) + 2 * (len(found) - 1) <= width


def test_in_a_pipe_nothing_is_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    sheet = Sheet("Title")
    sheet.add("where", ["x" * 300], is_key=True).add("text", ["y" * 300])
    for place in range(30):
        sheet.number(f"column{place}", ["1"])
    sheet.show()
    head, names, row = capsys.readouterr().out.splitlines()
    assert head == "Title"
    assert "column29" in names
    assert "x" * 300 in row
    assert "y" * 59 + "…" in row
    assert row == row.rstrip()


def test_no_rows_are_said_to_be_none(capsys: pytest.CaptureFixture[str]) -> None:
    Sheet("Tags").add("tag", [], is_key=True).show()
    assert capsys.readouterr().out == "Tags\n(no rows)\n"


def test_cells_are_not_markup(capsys: pytest.CaptureFixture[str]) -> None:
    Sheet("[bold]t").add("[red]n", ["[link=x]y[/link]"]).note("[dim]").show()
    assert capsys.readouterr().out.splitlines() == [
        "[bold]t",
        "[red]n",
        "[link=x]y[/link]",
        "[dim]",
    ]
