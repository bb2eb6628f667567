"""What a comparison of two sets of rows comes to: columns, their distributions, cohorts, parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.errors import UnknownColumn
from mispredict.core.results import Result, Source

if TYPE_CHECKING:
    from mispredict.expectations.check import Check


@dataclass(frozen=True, slots=True)
class DriftRow:
    """How far one column differs between reference and current rows.

    Attributes:
        column: its name; `(all inputs)` for the rows as a whole.
        type: of its values.
        role: input, metadata, label, prediction, confidence, or all.
        method: `hellinger` for a distance of 0 to 1, `classifier` for the AUC (0.5 to 1) of a
            classifier that tells the two sides apart on rows that it was not fitted on.
        effect: how large the difference is, noise taken off.
        low: end of the effect's interval.
        high: other end.
        bound: the effect from which on it counts.
        verdict: `drift` if the effect surely exceeds the bound, `same` if it surely does not,
            `unsure` if the rows are too few to tell.
        size: none, small, medium or large.
        p_adjusted: of an effect within the bound, corrected for all that was compared.
        direction: higher, lower, wider, narrower, other values, more missing, less missing; empty
            where nothing is said.
        where: the cohort of the column whose share of the rows changed most.
        reference_share: its share of the reference rows.
        current_share: its share of the current rows.
        change: the difference of both.
        change_low: end of its interval, corrected for the choice of the cohort.
        change_high: other end.
        psi: population stability index of the same cells, for those who know its numbers.
        larger: chance that a current value is larger than a reference one, ties halved; NaN for
            values without order.
        reference_missing: share of reference rows without a value.
        current_missing: share of current rows without one.
        cost: what the change of this column alone would add to the error rate (or mean loss) if
            rows with like values stayed as hard as they are in the reference; NaN without a model.
        cost_low: end of its interval.
        cost_high: other end.
        reference_n: reference rows.
        current_n: current rows.
        sentence: it in words.
    """

    column: str
    type: str
    role: str
    method: str
    effect: float
    low: float
    high: float
    bound: float
    verdict: str
    size: str
    p_adjusted: float
    direction: str
    where: str
    reference_share: float
    current_share: float
    change: float
    change_low: float
    change_high: float
    psi: float
    larger: float
    reference_missing: float
    current_missing: float
    cost: float
    cost_low: float
    cost_high: float
    reference_n: int
    current_n: int
    sentence: str


@dataclass(frozen=True, slots=True)
class DriftDistribution:
    """A column on both sides as bars, an entry of each array for a bar, missing values last.

    `kind` is `values`, or `bins` whose edges are `low` and `high` (NaN otherwise; times in
    seconds). `reference` and `current` are shares of the rows, `reference_n` and `current_n` rows,
    `rate` the error rate (or mean loss) of the reference rows there, `where` the bar's cohort;
    `more` counts values without a bar.
    """

    column: str
    type: str
    kind: str
    label: tuple[str, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    reference: tuple[float, ...]
    current: tuple[float, ...]
    reference_n: tuple[int, ...]
    current_n: tuple[int, ...]
    rate: tuple[float, ...]
    where: tuple[str, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class DriftCohort:
    """A cohort that has surely become more (or less) frequent, found on rows other than these.

    Shares, `change` with interval and `p_adjusted` are of rows that the search did not see;
    `reference_n` and `current_n` count all. `error` is the reference's error rate there, `cost`
    what the cohort's growth adds to the error rate at that rate.
    """

    where: str
    reference_n: int
    current_n: int
    reference_share: float
    current_share: float
    change: float
    low: float
    high: float
    p_adjusted: float
    error: float
    cost: float
    sentence: str


@dataclass(frozen=True, slots=True)
class PartEffect:
    """The effect of one column in a part, with its interval and verdict."""

    column: str
    effect: float
    low: float
    high: float
    verdict: str
    direction: str


@dataclass(frozen=True, slots=True)
class DriftPart:
    """A window or group of the current rows against the reference.

    `start` and `end` are those of a window of time, empty otherwise.
    """

    name: str
    where: str
    start: str
    end: str
    reference_n: int
    n: int
    verdict: str
    drifted: tuple[str, ...]
    effects: tuple[PartEffect, ...]


@dataclass(frozen=True, slots=True)
class PerformanceChange:
    """What the drift means for the model: measured, and estimated without labels.

    `reference` is the metric on the reference rows; `estimated` what it is expected to be on the
    current ones by the model's own probabilities, and `real` what it is where there are labels.
    """

    metric: str
    reference: float
    reference_low: float
    reference_high: float
    reference_n: int
    estimated: float
    estimated_low: float
    estimated_high: float
    real: float
    real_low: float
    real_high: float
    real_n: int


@dataclass(frozen=True)
class Drift(Result):
    """Drift of each column, by estimated effect on performance, else by size.

    `verdict` is that of the whole: `drift` if any column drifts. `measure` says what `cost` is
    in. `parts` are windows or groups, if they were asked for; `notes` what could not be compared.
    """

    rows: tuple[DriftRow, ...]
    source: Source
    reference: Source
    verdict: str
    drifted: tuple[str, ...]
    bound: float
    level: float
    measure: str
    distributions: tuple[DriftDistribution, ...]
    cohorts: tuple[DriftCohort, ...]
    parts: tuple[DriftPart, ...]
    performance: tuple[PerformanceChange, ...]
    note: str
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0

    row_type: ClassVar[type] = DriftRow
    title: ClassVar[str] = "Drift"

    @property
    def is_alarm(self) -> bool:
        """Whether a column drifts, as a whole or in any window or group."""
        return self.verdict == "drift" or any(part.verdict == "drift" for part in self.parts)

    def __getitem__(self, column: str) -> DriftRow:
        for row in self.rows:
            if row.column == column:
                return row
        raise UnknownColumn.among(column, (row.column for row in self.rows))

    def to_check(self, column: str | None = None, *, name: str = "") -> Check:
        """A check that a column, or all that drift now, stay within the bound of a reference.

        It is for data with a reference: `ws.run(check, data="churn@3", reference="churn@1")`.
        """
        from mispredict.expectations.check import KINDS, Check

        coded = [row.column for row in self.rows if row.method == "hellinger"]
        columns = [column] if column is not None else [c for c in self.drifted if c in coded]
        for item in columns:
            self[item]  # which says what there is
        kept = [c for c in columns if self[c].role in ("input", "metadata")]
        made = KINDS["drift"](columns=tuple(kept), max=self.bound)  # type: ignore[call-arg]
        return Check(name or f"{', '.join(kept) or 'no column'} must not drift", made)

    def __str__(self) -> str:
        shown = [row for row in self.rows if row.verdict == "drift"]
        lines = [f"{place}. {row.sentence}" for place, row in enumerate(shown, start=1)]
        cohorts = [f"   {row.sentence}" for row in self.cohorts]
        return "\n".join([self.note, *lines, *cohorts, *self.notes])
