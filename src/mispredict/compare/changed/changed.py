"""Why a metric is another one now: its difference divided among what changed, exactly.

The share of each factor is its Shapley value (Shapley 1953; Shorrocks 2013 for differences of
statistics): the metric is measured at every crossing of what was with what is, and a factor gets
the mean of what swapping it does, over all orders in which the factors can be swapped. The mix
of the rows is told from what happened within their cohorts by reweighting (Kitagawa 1955; Oaxaca
1973; Blinder 1973). Attribution of a model's performance to causes by Shapley values is by Zhang
et al. (ICML 2023), who swap distributions; here what is swapped was really there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, ClassVar

from mispredict.core.figures import metric_difference
from mispredict.core.results import Result

NAN = math.nan
FACTOR_WORDS = {
    "mix": "other rows: more or fewer of each kind",
    "within": "other rows of the same kinds",
    "rows": "other rows",
    "labels": "labels of the same rows",
    "preprocessing": "what prepares the inputs",
    "model": "the model",
    "environment": "code and libraries",
    "threshold": "the threshold",
}


@dataclass(frozen=True, slots=True)
class ChangedFactor:
    """A factor and its part of the difference; the parts add up to it exactly.

    `value` with its interval is in units of the metric, `share` that over the difference (NaN
    where that is small beside its interval). `is_changed` is false where both sides are the same,
    so that it is 0 for sure. `is_certain` says that the interval leaves 0 out. `before` and
    `after` name the two states, `working` says how the part was found. A joint factor such as
    `rows + model` stands for those that could not be told apart.
    """

    factor: str
    words: str
    value: float
    low: float
    high: float
    share: float
    is_changed: bool
    is_certain: bool
    before: str
    after: str
    n: int
    working: str


@dataclass(frozen=True, slots=True)
class ChangedCohort:
    """A cohort and what it carries of the difference.

    `mix` is what it does by being more or fewer rows (`share_before` → `share_after`), `rate` by
    its own metric being another one (`value_before` → `value_after`, `difference` with its
    interval, against `elsewhere` in all other rows); `carried` is their sum. `p_adjusted` is that
    of moving as the others do, corrected for all cohorts that were looked at.
    """

    where: str
    sentence: str
    n_before: int
    n_after: int
    share_before: float
    share_after: float
    value_before: float
    value_after: float
    difference: float
    low: float
    high: float
    elsewhere: float
    p_adjusted: float
    mix: float
    rate: float
    carried: float


@dataclass(frozen=True, slots=True)
class Crossing:
    """The metric with some factors as they are (`swapped`) and the others as they were.

    `how` says where the predictions come from: stored, carried over by id, called.
    """

    swapped: tuple[str, ...]
    value: float
    n: int
    how: str


@dataclass(frozen=True, slots=True)
class ChangedFact:
    """Something that differs between the two: rows, labels, commits, versions of libraries."""

    section: str
    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What could not be told apart, why, and what to do about it.

    `is_uncalled` says that a model may be called that would tell, and that none was to be.
    """

    factor: str
    reason: str
    hint: str
    is_uncalled: bool = False


@dataclass(frozen=True)
class WhatChanged(Result):
    """A metric's difference between two evaluations, divided among what changed.

    `rows` are the factors; their values sum to `difference` = `value_after` − `value_before`.
    `orders` is how many of `all_orders` orders of swapping could be measured; `by` the columns by
    whose values rows are of one kind. `verdict` is the answer in a sentence.
    """

    rows: tuple[ChangedFactor, ...]
    before: str
    after: str
    metric: str
    higher_is_better: bool | None
    value_before: float
    low_before: float
    high_before: float
    n_before: int
    value_after: float
    low_after: float
    high_after: float
    n_after: int
    difference: float
    low: float
    high: float
    verdict: str
    by: tuple[str, ...]
    orders: int
    all_orders: int
    cohorts: tuple[ChangedCohort, ...]
    crossings: tuple[Crossing, ...]
    facts: tuple[ChangedFact, ...]
    left_out: tuple[LeftOut, ...]
    seconds: float
    note: str

    row_type: ClassVar[type] = ChangedFactor
    title: ClassVar[str] = "What changed"

    @property
    def factors(self) -> Mapping[str, ChangedFactor]:
        """Factors by name."""
        return {row.factor: row for row in self.rows}

    def part_of(self, row: ChangedFactor) -> str:
        """A factor's part with its interval, all parts as exact as the whole."""
        interval = (self.low, self.high)
        part = metric_difference(self.metric, row.value, *interval)
        if math.isnan(row.low):
            return part
        low, high = (metric_difference(self.metric, end, *interval) for end in (row.low, row.high))
        return f"{part} ({low.removesuffix(' points')} to {high.removesuffix(' points')})"

    def __str__(self) -> str:
        lines = [self.verdict]
        for row in self.rows:
            if row.is_changed:
                lines.append(f"{row.factor:<14} {self.part_of(row)}  {row.words}")
        lines += [f"{item.factor}: {item.reason}" for item in self.left_out]
        return "\n".join([*lines, self.note] if self.note else lines)

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self.verdict)}</b></p>{super()._repr_html_()}"
