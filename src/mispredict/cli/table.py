"""Tables for terminals and pipes.

On a terminal a table is fitted to its width: long cells are cut, key columns are folded, and
what still does not fit is left out and named below. In a pipe nothing is left out.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mispredict.cli.terminal import printable, stdout

if TYPE_CHECKING:
    from rich.console import Console

LONGEST = 60  # characters of a cell that is not a key
_LEAST_TEXT, _LEAST_KEY, _GAP = 8, 24, 2


@dataclass(frozen=True)
class Column:
    """One column of cells. A key is never cut; numbers stand on the right."""

    title: str
    cells: Sequence[str]
    is_number: bool = False
    is_key: bool = False

    @property
    def width(self) -> int:
        """Width of the widest cell."""
        from rich.cells import cell_len

        return max([cell_len(self.title), *(cell_len(text) for text in self.cells)])

    @property
    def least(self) -> int:
        """Width below which the column says nothing."""
        if self.is_number:
            return self.width
        return min(self.width, _LEAST_KEY if self.is_key else max(_LEAST_TEXT, len(self.title)))


@dataclass
class Sheet:
    """Columns under a title, with notes below."""

    title: str = ""
    columns: list[Column] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, title: str, cells: Iterable[str], *, is_key: bool = False) -> Sheet:
        """Add a column of words."""
        made = [printable(text) for text in cells]
        self.columns.append(
            Column(printable(title), made if is_key else [*map(_cut, made)], is_key=is_key)
        )
        return self

    def number(self, title: str, cells: Iterable[str]) -> Sheet:
        """Add a column of numbers."""
        self.columns.append(Column(printable(title), [*map(printable, cells)], is_number=True))
        return self

    def note(self, text: str) -> Sheet:
        """Add a line below the table, if it says anything."""
        if text:
            self.notes.append(text)
        return self

    def show(self) -> None:
        """Print to stdout."""
        screen = console()
        if self.title:
            heading(self.title)
        kept, dropped = _fitting(self.columns, screen.width if screen.is_terminal else None)
        if kept and kept[0].cells:
            _print(kept, screen)
        else:
            line("(no rows)")
        if dropped:
            names = ", ".join(column.title for column in dropped)
            more = f"{len(dropped)} more columns, for a wider window or a pipe: {names}"
            line(_cut(more, 3 * screen.width), style="dim")
        for text in self.notes:
            line(text, style="dim")


def console(*, stderr: bool = False) -> Console:
    """Where to print: colours and width of the terminal, or plain text in a pipe."""
    from rich.console import Console

    stream = None if stderr else stdout()
    if (stream or sys.stderr).isatty():
        return Console(file=stream, stderr=stderr, highlight=False)
    return Console(file=stream, stderr=stderr, highlight=False, no_color=True, width=100_000)


def heading(text: str) -> None:
    """Print a title of several tables."""
    line(text, style="bold")


def line(text: str = "", *, style: str = "") -> None:
    """Print a line as it is, wrapped only on a terminal."""
    screen, shown = console(), printable(text)
    if screen.is_terminal:
        screen.print(shown, style=style, markup=False)
    else:
        stdout().write(f"{shown}\n")


def _fitting(columns: list[Column], width: int | None) -> tuple[list[Column], list[Column]]:
    """The columns that a line can hold, and those that it cannot; the first is always shown."""
    if width is None:
        return columns, []
    kept: list[Column] = []
    dropped: list[Column] = []
    room = width
    for column in columns:
        if not kept or column.least + _GAP <= room:
            kept.append(column)
            room -= column.least + _GAP
        else:
            dropped.append(column)
    return kept, dropped


def _print(columns: list[Column], screen: Console) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold cyan")
    widths = _widths(columns, screen.width)
    for column, width in zip(columns, widths, strict=True):
        table.add_column(
            Text(column.title),
            justify="right" if column.is_number else "left",
            no_wrap=not column.is_key,
            overflow="fold" if column.is_key else "ellipsis",
            min_width=width,
            max_width=width,
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*(Text(text) for text in cells))
    if screen.is_terminal:
        screen.print(table)
        return
    with screen.capture() as captured:
        screen.print(table)
    stdout().write("".join(f"{text.rstrip()}\n" for text in captured.get().splitlines()))


def _widths(columns: list[Column], width: int) -> list[int]:
    """Width of each column: its widest cell, the widest columns first made narrower."""
    widths = [column.width for column in columns]
    least = [column.least for column in columns]
    excess = sum(widths) + _GAP * (len(columns) - 1) - width
    while excess > 0:
        spare = [have - need for have, need in zip(widths, least, strict=True)]
        place = max(range(len(columns)), key=lambda index: (spare[index] > 0, widths[index]))
        if spare[place] <= 0:
            break
        widths[place] -= 1
        excess -= 1
    return widths


def _cut(text: str, longest: int = LONGEST) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
