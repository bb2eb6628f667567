"""How well a model knows when it may be wrong: what is left of its errors if it may abstain."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result, Source

if TYPE_CHECKING:
    from mispredict.expectations.check import Check

_NOWHERE = Source("")


@dataclass(frozen=True, slots=True)
class SelectiveRow:
    """The rows that a model is surest of, and its errors among them.

    Attributes:
        kept: share of the rows that are kept, the surest ones; equal values go together.
        n: rows that are kept.
        threshold: the least sure value that is kept.
        where: the cohort of the rows that are kept.
        value: their error rate, or mean loss.
        low: end of its interval.
        high: other end.
        errors: wrong rows among them; -1 where rows are not right or wrong.
        n_effective: rows of equal weight that they are worth; `n` without weights.
    """

    kept: float
    n: int
    threshold: float
    where: str
    value: float
    low: float
    high: float
    errors: int
    n_effective: float = math.nan


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure of uncertainty, and how well it tells wrong rows from right ones.

    Attributes:
        measure: the column.
        n: rows with a label and a value.
        auroc: chance that a wrong row is less sure than a right one; 0.5 is a coin.
        low: end of its interval.
        high: other end.
        aurc: area under the risk-coverage curve: the mean error of all prefixes of the rows,
            surest first (Geifman and El-Yaniv 2017).
        aurc_low: end of its interval.
        aurc_high: other end.
        excess: `aurc` less that of an order with every wrong row last (E-AURC).
        found: share of the errors among the least sure rows (`doubted` of them).
        n_effective: rows of equal weight that they are worth; `n` without weights.
        found_low: end of the interval of `found`; NaN where rows are not right or wrong.
        found_high: other end.
        errors: wrong rows in all; -1 where rows are not right or wrong.
    """

    measure: str
    n: int
    auroc: float
    low: float
    high: float
    aurc: float
    aurc_low: float
    aurc_high: float
    excess: float
    found: float
    n_effective: float = math.nan
    found_low: float = math.nan
    found_high: float = math.nan
    errors: int = -1


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """Rows by whether the model is sure, and whether it is right.

    Attributes:
        name: `sure and right`, `sure and wrong`, `unsure and right`, `unsure and wrong`.
        where: their cohort.
        n: rows.
        share: of all rows, by their weights.
    """

    name: str
    where: str
    n: int
    share: float


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """A point of the risk-coverage curve with its interval; `best` is the best order's value."""

    kept: float
    value: float
    low: float
    high: float
    best: float


@dataclass(frozen=True)
class Uncertainty(Result):
    """Errors among the rows that a model is surest of, at several shares of the rows.

    Attributes:
        rows: the errors at each share, by the best measure or the one asked for.
        source: what it stands on.
        measure: the measure of `rows`, `doubts` and `curve`.
        metric: `error rate` or `mean loss`.
        measures: all measures, the best first.
        doubts: sure and unsure rows that are right and wrong.
        doubted: share of the rows that count as unsure.
        curve: the risk-coverage curve, for a chart.
        note: what it comes to, in a sentence.
        notes: what to keep in mind.
        check: lines of a check in a suite, that the surest 80 % stay as good; "" for none.
    """

    rows: tuple[SelectiveRow, ...]
    source: Source
    measure: str
    metric: str
    measures: tuple[MeasureRow, ...]
    doubts: tuple[DoubtRow, ...]
    doubted: float
    curve: tuple[RiskPoint, ...]
    note: str = ""
    notes: tuple[str, ...] = ()
    level: float = 0.95
    check: str = ""

    row_type: ClassVar[type] = SelectiveRow
    title: ClassVar[str] = "Uncertainty"
    unknown_counts: ClassVar[tuple[str, ...]] = ("errors",)

    def to_check(self, kept: float = 0.8, *, name: str = "") -> Check:
        """A check that errors among the surest rows (at the share next to `kept`) stay as few."""
        from mispredict.data.found_checks import selective_check

        return selective_check(self, kept, name=name)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), self.note, *self.notes])


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One row whose prediction moves when its inputs move a little.

    Attributes:
        row: number of the row.
        id: its id.
        label: its label.
        prediction: as it is.
        other: the commonest other prediction among the copies; None without one.
        flips: share of the copies with another prediction.
        spread: deviation of the predicted class's probability (or of the value) over copies.
    """

    row: int
    id: object
    label: object
    prediction: object
    other: object
    flips: float
    spread: float


@dataclass(frozen=True, slots=True)
class FlipShare:
    """The share of rows that flip among the right or the wrong ones, with its interval."""

    name: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Spread(Result):
    """How far predictions move under small noise of the inputs, the most unstable rows first.

    Attributes:
        rows: the rows whose predictions move most.
        source: what it stands on.
        noise: deviation of the noise over each column's; 0 asks for the same inputs again.
        copies: of each row.
        flipped: share of the rows of which some copy is predicted otherwise.
        low: end of its interval.
        high: other end.
        n: rows that were asked.
        right: share of flipping rows among those predicted rightly; NaN where unknown.
        wrong: share of flipping rows among the wrong ones.
        among: the same two shares with their intervals and rows.
        columns_kept: the columns that keep it, if it was of all rows.
        where: the cohort of the flipping rows, where columns keep them.
        note: what it comes to, in a sentence.
        perturbation: what was done to the inputs; "" where they stayed as they were.
        asked: rows that were new to the model.
        check: lines of a check in a suite, that no more predictions move; "" for none.
    """

    rows: tuple[SpreadRow, ...]
    source: Source
    noise: float
    copies: int
    flipped: float
    low: float
    high: float
    n: int
    right: float
    wrong: float
    among: tuple[FlipShare, ...] = ()
    columns_kept: tuple[str, ...] = ()
    where: str = ""
    note: str = ""
    perturbation: str = ""
    asked: int = 0
    seconds: float = 0.0
    check: str = ""

    row_type: ClassVar[type] = SpreadRow
    title: ClassVar[str] = "Spread under noise"

    def to_check(self, *, name: str = "") -> Check:
        """A check that no more predictions move under this noise."""
        from mispredict.data.found_checks import robustness_check

        return robustness_check(self, name=name)

    def __str__(self) -> str:
        return "\n".join([super().__str__(), self.note])
