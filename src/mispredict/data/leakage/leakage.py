"""What a model can know and should not: rows, groups, times and columns that leak."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result, Source
from mispredict.expectations.verdict import FailingRow

if TYPE_CHECKING:
    from mispredict.expectations.check import Check

# In the order in which they are shown when they are equally bad.
LEAKS = ("exact", "near", "group", "time", "feature", "id", "order")


@dataclass(frozen=True, slots=True)
class Leak:
    """One way in which the right answers may be known beforehand.

    `leak` is `exact` or `near` (rows that are in `against` too), `group` (values of a group that
    are in both), `time` (rows from before the end of what was learned from), `feature` (one
    column that predicts too well), `id` (an identifier that predicts) or `order` (the row's
    number predicts). `value` with its interval is the share of rows, or the score of the column,
    from `n` rows; `rows` of them are affected, whose cohort is `where`. `severity` is `high`,
    `medium` or `low`, or `none` where nothing was found; `check` is the check that watches it,
    as YAML.
    """

    leak: str
    column: str
    severity: str
    measure: str
    value: float
    low: float
    high: float
    n: int
    rows: int
    share: float
    where: str
    sentence: str
    check: str
    examples: tuple[FailingRow, ...] = ()

    def to_check(self) -> Check:
        """The check that fails while it is so."""
        from mispredict.data.found_checks import check_of_yaml

        return check_of_yaml(self.check)


@dataclass(frozen=True, slots=True)
class ColumnScore:
    """How well one column alone predicts the label, on rows that its rule was not made from.

    `value` with its interval is of `measure`: `roc_auc`, 0.5 for nothing, or `r2`, 0 for nothing.
    """

    column: str
    measure: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Leakage(Result):
    """Leaks, the worst first; what was looked for and not found has severity `none`.

    `against` is the data that a model learned from, "" where none were given: leaks between
    two datasets were then not looked for, and `note` says so. `scores` are those of each column
    alone, the best first.
    """

    rows: tuple[Leak, ...]
    source: Source
    against: str
    group: str
    time: str
    searched: int
    sentence: str
    note: str
    seconds: float
    scores: tuple[ColumnScore, ...] = ()

    row_type: ClassVar[type] = Leak
    title: ClassVar[str] = "Leakage"
    shown: ClassVar[tuple[str, ...]] = (
        "leak",
        "column",
        "severity",
        "value",
        "low",
        "high",
        "rows",
        "where",
    )

    @property
    def found(self) -> tuple[Leak, ...]:
        """Those that were found."""
        return tuple(row for row in self.rows if row.severity != "none")
