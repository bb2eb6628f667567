"""Sets of classes, or ranges of values, that hold the label as often as they say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result, Source

if TYPE_CHECKING:
    from mispredict.expectations.check import Check


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """How often sets hold the label in a cohort of rows that were not calibrated on.

    Attributes:
        cohort: its name; `all` for all rows.
        where: its text.
        n: rows.
        covered: share of them whose set holds the label.
        low: end of its interval.
        high: other end.
        target: the share that was asked for.
        size: mean number of classes in a set, or mean width of a range.
        singles: share of rows whose set has one class; NaN for ranges.
        empty: share of rows whose set has none; NaN for ranges.
        verdict: `covered` where the interval reaches the target or lies above it, `short` where
            it lies below, `unsure` for few rows.
        n_effective: rows of equal weight that the rows are worth; `n` without weights.
    """

    cohort: str
    where: str
    n: int
    covered: float
    low: float
    high: float
    target: float
    size: float
    singles: float
    empty: float
    verdict: str
    n_effective: float = math.nan


@dataclass(frozen=True, slots=True)
class SizeRow:
    """Rows whose set has a size: how many, and how often it holds the label.

    Attributes:
        size: number of classes; of ranges their place among five groups by width, from 1.
        label: the size in words.
        n: rows.
        share: of the rows.
        covered: share whose set holds the label.
        low: end of its interval.
        high: other end.
        where: the cohort, where columns keep the sizes.
    """

    size: int
    label: str
    n: int
    share: float
    covered: float
    low: float
    high: float
    where: str


@dataclass(frozen=True, slots=True)
class CutRow:
    """Where the sets of a group of rows are cut: what was calibrated.

    Attributes:
        group: `all`, or a value of the column that groups are calibrated by.
        n: rows that it was calibrated on.
        cut: the largest score of a class that is in the set; infinite where rows are too few.
            With weights it is that of a row of mean weight, and each row has its own.
        n_effective: rows of equal weight that they are worth; `n` without weights.
    """

    group: str
    n: int
    cut: float
    n_effective: float = math.nan


@dataclass(frozen=True)
class ConformalSets(Result):
    """Sets that hold the label with a given chance, calibrated on some rows, judged on others.

    Attributes:
        rows: how often they do, overall and by cohort.
        source: what it stands on.
        method: `lac`, `aps` or `raps` for classes; `absolute` or `scaled` for values.
        target: chance that a set holds the label.
        calibrated: rows that the cuts are from.
        calibration: their cohort, or the evaluation they are of.
        cuts: where sets end.
        sizes: rows by the size of their set.
        columns_kept: columns that keep size and result, if there are any.
        note: what it comes to, in a sentence.
        notes: what to keep in mind.
        check: lines of a check in a suite, that sets hold the label.
    """

    rows: tuple[CoveredRow, ...]
    source: Source
    method: str
    target: float
    calibrated: int
    calibration: str
    cuts: tuple[CutRow, ...]
    sizes: tuple[SizeRow, ...]
    columns_kept: tuple[str, ...] = ()
    note: str = ""
    notes: tuple[str, ...] = ()
    level: float = 0.95
    check: str = ""

    row_type: ClassVar[type] = CoveredRow
    title: ClassVar[str] = "Conformal sets"

    def to_check(self, slack: float = 0.05, *, name: str = "") -> Check:
        """A check that sets hold the label, in each cohort that was judged."""
        from mispredict.data.found_checks import conformal_check

        return conformal_check(self, slack, name=name)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), self.note, *self.notes])
