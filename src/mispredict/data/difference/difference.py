"""What changed from one version of a dataset to another: rows, columns, cohorts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mispredict.core.results import Result
from mispredict.expectations.verdict import Changed


@dataclass(frozen=True, slots=True)
class ColumnDifference:
    """A column in both versions.

    `status` is `added`, `removed`, `type` (its type changed), `changed` (values of rows that
    are in both) or `same`. `changed` counts such rows. `difference` is that of the means (of
    numbers) with its interval. `new` and `gone` are values that only one version has.
    `where` opens the changed rows of the newer version.
    """

    column: str
    status: str
    type_before: str
    type_after: str
    changed: int
    share: float
    missing_before: float
    missing_after: float
    mean_before: float
    mean_after: float
    difference: float
    low: float
    high: float
    new: tuple[str, ...]
    gone: tuple[str, ...]
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class CohortDifference:
    """A cohort's rows in both versions; its share's difference with interval, and what changed."""

    cohort: str
    n_before: int
    n_after: int
    share_before: float
    share_after: float
    difference: float
    low: float
    high: float
    added: int
    removed: int
    changed: int
    labels_changed: int


@dataclass(frozen=True, slots=True)
class RowChange:
    """A row that changed: its key, its numbers in both versions, and the values that differ."""

    key: Any
    row_before: int
    row_after: int
    changes: tuple[Changed, ...]


@dataclass(frozen=True)
class DatasetDiff(Result):
    """What was added, removed and changed from `before` to `after`, column by column.

    Rows are matched by `key`; without one by their content, where none can have changed but
    some only added and removed. `cohorts` are those of `by`, the label by default. The cohorts
    `where_added` and `where_changed` are of rows of `after`, `where_removed` of `before`.
    """

    rows: tuple[ColumnDifference, ...]
    before: str
    after: str
    key: str
    n_before: int
    n_after: int
    added: int
    removed: int
    changed: int
    unchanged: int
    labels_changed: int
    cohorts: tuple[CohortDifference, ...]
    examples: tuple[RowChange, ...]
    where_added: str
    where_removed: str
    where_changed: str
    sentence: str
    note: str
    seconds: float

    row_type: ClassVar[type] = ColumnDifference
    title: ClassVar[str] = "What changed"
    shown: ClassVar[tuple[str, ...]] = (
        "column",
        "status",
        "changed",
        "share",
        "mean_before",
        "mean_after",
        "difference",
        "low",
        "high",
        "new",
        "gone",
    )

    @property
    def is_same(self) -> bool:
        """Whether both versions have the same rows and columns."""
        return not (
            self.added or self.removed or self.changed
            or any(row.status not in ("same",) for row in self.rows)
        )  # fmt: skip
