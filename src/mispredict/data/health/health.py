"""How healthy data are: what is wrong with them, worst first, and each column at a glance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from mispredict.core.results import Result, Source
from mispredict.expectations.verdict import FailingRow

if TYPE_CHECKING:
    from mispredict.expectations.check import Check

SEVERITIES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """Something wrong with the data.

    `kind` is that of the check that finds it, `column` what it is about ("" for whole rows).
    `value` with its interval is what was measured from `n` rows (`measure` says what), `rows`
    the number of rows that it concerns and `share` their share (0 and null where it is about no
    rows in particular). `cost` is what these rows add
    to the error rate (or mean loss) of the evaluation, with interval: the value over all rows
    less that without them; negative where they make the model look better than it is, null
    without an evaluation or a cohort. `where` opens the rows, `check` is the check as YAML.
    """

    finding: int
    kind: str
    column: str
    severity: str
    title: str
    sentence: str
    measure: str
    value: float
    low: float
    high: float
    n: int
    rows: int
    share: float
    cost: float
    cost_low: float
    cost_high: float
    cost_sentence: str
    where: str
    check: str
    examples: tuple[FailingRow, ...] = ()

    def to_check(self) -> Check:
        """The check that fails while it is so."""
        from mispredict.data.found_checks import check_of_yaml

        return check_of_yaml(self.check)


@dataclass(frozen=True, slots=True)
class ValueBar:
    """A value or a range of a column with its rows, and those of the reference (0 without)."""

    label: str
    n: int
    share: float
    reference_n: int
    reference_share: float


@dataclass(frozen=True, slots=True)
class ColumnHealth:
    """A column at a glance.

    `distinct` counts its values; `most_common` is the commonest with its share. Numbers have
    `minimum` to `maximum`; `bars` are its distribution, `findings` the numbers of the findings
    about it. `reference_missing_share` and `reference_mean` are those of the reference, null
    without one.
    """

    column: str
    type: str
    role: str
    n: int
    missing: int
    missing_share: float
    distinct: int
    most_common: str
    most_common_share: float
    minimum: Any
    mean: float
    median: float
    maximum: Any
    std: float
    reference_missing_share: float
    reference_mean: float
    bars: tuple[ValueBar, ...]
    findings: tuple[int, ...]


@dataclass(frozen=True)
class Health(Result):
    """What is wrong with data, what costs most first, and each column at a glance.

    `reference` and `evaluation` are what it was held against, "" where nothing. `counts` has
    the findings by severity, `ran` the number of checks that were run.
    """

    rows: tuple[HealthFinding, ...]
    source: Source
    reference: str
    evaluation: str
    measure: str
    counts: Mapping[str, int]
    ran: int
    column_facts: tuple[ColumnHealth, ...]
    sentence: str
    seconds: float

    row_type: ClassVar[type] = HealthFinding
    title: ClassVar[str] = "Health"
    shown: ClassVar[tuple[str, ...]] = (
        "severity",
        "title",
        "value",
        "low",
        "high",
        "rows",
        "cost",
        "where",
    )

    def to_checks(self) -> tuple[Check, ...]:
        """The check of each finding, which fails until it is mended; `ws.run` takes them."""
        from mispredict.data.found_checks import checks_of

        return checks_of(row.check for row in self.rows)
