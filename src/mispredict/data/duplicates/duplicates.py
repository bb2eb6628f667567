"""Rows that are the same, or nearly so: what was found, and the groups that they form."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mispredict.core.results import Result, Source, plain
from mispredict.expectations.subject import Numbers

if TYPE_CHECKING:
    from mispredict.expectations.check import Check


@dataclass(frozen=True, slots=True)
class LabelCount:
    """How many rows of a group have a label."""

    label: str
    n: int


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Rows that are alike.

    `n` rows, of which the first are `rows`; with `against`, `others` are rows of that dataset.
    `similarity` is the least of a pair that was compared, 1 where all are the same. `labels`
    counts their labels, which differ in a conflict. `where` opens the rows, `text` shows them.
    """

    group: int
    n: int
    rows: tuple[int, ...]
    others: tuple[int, ...]
    similarity: float
    is_exact: bool
    is_conflict: bool
    labels: tuple[LabelCount, ...]
    text: str
    where: str
    sentence: str


@dataclass(frozen=True)
class Duplicates(Result):
    """Groups of rows that are the same or nearly so, the largest first.

    `rows` holds the first groups of `groups` in all. `n_rows` rows are in a group, and `extra`
    would go if one of each stayed (with `against`: if none stayed that is there too); `share`
    is that of `extra`, with the interval of rows like these. `where` is their cohort (of the
    first ones, where there are many), `method` says how they were found, and `check` is the check
    that there are no more than now, as YAML.
    """

    rows: tuple[DuplicateGroup, ...]
    source: Source
    columns_used: tuple[str, ...]
    near: float
    against: str
    groups: int
    n_rows: int
    extra: int
    share: float
    low: float
    high: float
    exact_groups: int
    conflicts: int
    where: str
    method: str
    sentence: str
    seconds: float
    group_of: Numbers = field(
        default_factory=lambda: np.empty(0, np.int64), compare=False, repr=False
    )
    check: str = ""

    row_type: ClassVar[type] = DuplicateGroup
    title: ClassVar[str] = "Duplicates"
    shown: ClassVar[tuple[str, ...]] = (
        "group",
        "n",
        "rows",
        "similarity",
        "is_conflict",
        "text",
    )

    def to_check(self, *, max: float | None = None, name: str = "") -> Check:  # noqa: A002 - option
        """A check that there are no more of them than now, or than `max` as a share."""
        from mispredict.data.found_checks import duplicates_check

        return duplicates_check(self, most=max, name=name)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready value; `group_of`, a number per row (-1 for none), is left out."""
        kept = [item.name for item in fields(self) if item.name != "group_of"]
        return {name: plain(getattr(self, name)) for name in kept}


@dataclass(frozen=True, slots=True)
class ConflictGroup:
    """Rows with the same inputs and different labels.

    `majority` is the label of most of them, `wrong` the rows with another one.
    """

    group: int
    n: int
    rows: tuple[int, ...]
    labels: tuple[LabelCount, ...]
    majority: str
    wrong: int
    inputs: tuple[tuple[str, Any], ...]
    where: str
    sentence: str


@dataclass(frozen=True)
class Conflicts(Result):
    """Groups of rows with the same inputs and different labels, those with most rows first.

    No model that sees these inputs alone can be right on all of them: `ceiling` is the accuracy
    that one would have which always gives the majority (NaN without classes), with the interval
    of rows like these. `wrong` rows, the share `share`, have another label than the majority.
    `check` is the check that there are no more than now, as YAML.
    """

    rows: tuple[ConflictGroup, ...]
    source: Source
    columns_used: tuple[str, ...]
    near: float
    groups: int
    n_rows: int
    wrong: int
    share: float
    low: float
    high: float
    ceiling: float
    ceiling_low: float
    ceiling_high: float
    where: str
    sentence: str
    seconds: float
    check: str = ""

    row_type: ClassVar[type] = ConflictGroup
    title: ClassVar[str] = "Conflicting labels"
    shown: ClassVar[tuple[str, ...]] = (
        "group",
        "n",
        "majority",
        "wrong",
        "inputs",
    )

    def to_check(self, *, max: float | None = None, name: str = "") -> Check:  # noqa: A002 - option
        """A check that there are no more of them than now, or than `max` as a share."""
        from mispredict.data.found_checks import conflicts_check

        return conflicts_check(self, most=max, name=name)
