"""What a search looks through: coded columns, and what it finds: boxes of codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadOption, UnknownColumn

Mask = NDArray[np.bool_]
Codes = NDArray[Any]  # uint8 or uint16
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as codes 0 to `size` - 1, where 0 is missing.

    In an ordered column (numbers, times) neighbouring codes may be joined into a range; else a
    condition asks for one code. Codes in `excluded` are never asked for. `load` gives the numbers
    behind an ordered column's codes, NaN where missing: with them a found range gets exact ends.
    """

    name: str
    codes: Codes = field(repr=False)
    size: int
    is_ordered: bool = False
    excluded: tuple[int, ...] = ()
    load: Callable[[], Floats] | None = field(default=None, repr=False)

    def rows(self, chosen: Mask | NDArray[np.intp]) -> Column:
        """The column with only some of the rows."""
        load = self.load
        part = None if load is None else lambda: load()[chosen]
        return replace(self, codes=self.codes[chosen], load=part)


@dataclass(frozen=True, slots=True)
class Space:
    """The columns of a search, all of one length and with different names."""

    columns: tuple[Column, ...]

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(set(names)) < len(names):
            raise BadOption("two columns have the same name.", known=f"Names: {sorted(names)}.")
        if len({len(column.codes) for column in self.columns}) > 1:
            raise BadOption("columns have different numbers of rows.")

    @property
    def n(self) -> int:
        return len(self.columns[0].codes) if self.columns else 0

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownColumn.among(name, [column.name for column in self.columns])

    def rows(self, chosen: Mask | NDArray[np.intp]) -> Space:
        """The same columns with only some of the rows."""
        return Space(tuple(column.rows(chosen) for column in self.columns))


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """`low` <= code of `column` <= `high`.

    Where exact `ends` are known, numbers of the column from the first to the second take its
    place; one of them is infinite where the range is open.
    """

    column: str
    low: int
    high: int
    ends: tuple[float, float] | None = None

    @property
    def text(self) -> str:
        if self.ends is not None:
            return f"{self.column}={list(self.ends)}"
        return f"{self.column}={self.low}" + (f"..{self.high}" if self.high > self.low else "")

    def narrowed(self, other: Condition) -> Condition:
        """Both conditions on the column at once; by codes where only one has exact ends."""
        ends = None
        if self.ends is not None and other.ends is not None:
            ends = (max(self.ends[0], other.ends[0]), min(self.ends[1], other.ends[1]))
        return Condition(self.column, max(self.low, other.low), min(self.high, other.high), ends)


@dataclass(frozen=True)
class Box:
    """A conjunction of conditions on different columns, in the order of their names."""

    conditions: tuple[Condition, ...]

    @classmethod
    def of(cls, conditions: Iterable[Condition]) -> Box:
        return cls(tuple(sorted(conditions)))

    @cached_property
    def text(self) -> str:
        return " & ".join(condition.text for condition in self.conditions)

    def __and__(self, other: Box) -> Box:
        """The rows of both; conditions on the same column become one."""
        found = {condition.column: condition for condition in self.conditions}
        for condition in other.conditions:
            same = found.get(condition.column)
            found[condition.column] = condition if same is None else same.narrowed(condition)
        return Box.of(found.values())

    def mask(self, space: Space) -> Mask:
        """Which rows meet all conditions."""
        chosen = np.ones(space.n, np.bool_)
        for condition in self.conditions:
            chosen &= meets(space.column(condition.column), condition)
        return chosen


@dataclass(frozen=True)
class Slice:
    """A box with what was counted in it: rows, their weight, their errors, and its score."""

    box: Box
    n: int
    size: float
    errors: float
    score: float

    @property
    def value(self) -> float:
        """Mean error of its rows."""
        return self.errors / self.size

    @property
    def order(self) -> tuple[float, int, float, str]:
        """Key that sorts best first, and ties without regard to the order of the columns."""
        return (-self.score, len(self.box.conditions), -self.size, self.box.text)


def meets(column: Column, condition: Condition) -> Mask:
    """Which rows of the column the condition holds for."""
    if condition.ends is not None and column.load is not None:
        numbers = column.load()
        within: Mask = (numbers >= condition.ends[0]) & (numbers <= condition.ends[1])
        return within
    if condition.low == condition.high:
        equal: Mask = column.codes == condition.low
        return equal
    inside: Mask = (column.codes >= condition.low) & (column.codes <= condition.high)
    return inside
