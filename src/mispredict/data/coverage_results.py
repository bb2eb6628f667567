"""Which rows lie where the reference has none, or hardly any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result, Source

if TYPE_CHECKING:
    from mispredict.expectations.check import Check


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A region of the current rows that the reference does not cover.

    Attributes:
        where: its cohort.
        kind: `value` (never seen in the reference), `range` (beyond its smallest or largest
            number), `missing` (never missing there), `combination` (of values that are known
            singly), or `neighbourhood` (rows far from all reference rows).
        column: the column, or several with commas.
        n: current rows in it.
        share: of the current rows.
        low: end of the share's interval.
        high: other end.
        reference_n: reference rows in it.
        reference_share: their share.
        ratio: how many times as frequent it is now; infinite where the reference has none.
        error: the model's error rate (or mean loss) on its labelled rows.
        error_low: end of its interval.
        error_high: other end.
        error_n: rows with a label.
        rest: the same of all rows that are covered.
        examples: numbers of some of its rows.
        sentence: it in words.
    """

    where: str
    kind: str
    column: str
    n: int
    share: float
    low: float
    high: float
    reference_n: int
    reference_share: float
    ratio: float
    error: float
    error_low: float
    error_high: float
    error_n: int
    rest: float
    examples: tuple[int, ...]
    sentence: str


@dataclass(frozen=True)
class Coverage(Result):
    """Regions that the reference does not cover, those with most rows first.

    `uncovered` rows are those of any region, `share` with interval theirs of all. `verdict` is
    `gaps` if that share surely exceeds `bound`, `covered` if it surely does not, else `unsure`.
    `error` is the error rate (or mean loss, as `measure` says) of uncovered rows, `rest` that of
    the others, and `difference` has an interval. `examples` are rows to collect more of,
    and `check` is the check that the bound holds, as YAML.
    """

    rows: tuple[CoverageRow, ...]
    source: Source
    reference: Source
    verdict: str
    uncovered: int
    share: float
    low: float
    high: float
    bound: float
    measure: str
    error: float
    error_low: float
    error_high: float
    error_n: int
    rest: float
    difference: float
    difference_low: float
    difference_high: float
    examples: tuple[int, ...]
    note: str
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0
    check: str = ""

    row_type: ClassVar[type] = CoverageRow
    title: ClassVar[str] = "Coverage"

    def to_check(self, *, name: str = "") -> Check:
        """A check that no more than the bound of the rows lie where the reference has none."""
        from mispredict.expectations.check import KINDS, Check

        made = KINDS["coverage"](max=self.bound)  # type: ignore[call-arg]
        return Check(name or "rows are covered by the reference", made)

    def __str__(self) -> str:
        lines = [f"{place}. {row.sentence}" for place, row in enumerate(self.rows, start=1)]
        return "\n".join([self.note, *lines, *self.notes])
