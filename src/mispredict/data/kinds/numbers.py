"""Kinds about the numbers of a column."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.figures import figure
from mispredict.core.predicate import any_of, less_than, more_than
from mispredict.core.schema import ColumnType
from mispredict.data.difference.differences import mean_difference
from mispredict.data.rows import examples, rows_where
from mispredict.data.share import ShareKind, with_where
from mispredict.expectations.bounds import Bound, mean
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate, Floats
from mispredict.expectations.verdict import NAN

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged


@check_kind("range")
@dataclass(frozen=True, kw_only=True)
class Range(ShareKind):
    """The numbers of a column lie in a range, all of them or all but a few.

    Missing values are left out; `missing` is about them. The option `max` is the largest share
    of rows outside.

    Attributes:
        column: of numbers.
        low: the smallest good number.
        high: the largest good number.
    """

    column: str = option(column=True)
    low: float | None = option(None)
    high: float | None = option(None)

    def validate(self) -> None:
        _needs_end(self, "low", "high", f"a range of {self.column}")

    def judge_data(self, data: DataView, seed: int) -> Judged:
        values = data.values(self.column)
        return self.share(
            data,
            outside(values, self.low, self.high),
            f"The share of {self.column} outside {span(self.low, self.high)}",
            [self.column],
            cohort=_beyond(self.column, self.low, self.high),
            looked_at=~np.isnan(values),
        )


@dataclass(frozen=True, kw_only=True)
class _Statistic(DataKind):
    """A number that sums up a column is in a range.

    Attributes:
        column: of numbers.
        min: the least good value.
        max: the largest good value.
        where: the cohort; all rows when left out.
        exact: whether it is about these very rows, so that the value decides and not its
            interval.
    """

    column: str = option(column=True)
    min: float | None = option(None)
    max: float | None = option(None)
    where: str | None = option(None, cohort=True)
    exact: bool = True

    noun: ClassVar[str] = ""

    def validate(self) -> None:
        _needs_end(self, "min", "max", f"a check of the {self.noun} of {self.column}")

    def judge_data(self, data: DataView, seed: int) -> Judged:
        values = data.values(self.column)
        if self.where is not None:
            values = values[data.mask(self.where)]
        of = f" where {self.where}" if self.where else ""
        return Bound(self.min, self.max, is_exact=self.exact).judged(
            self.estimate(values[~np.isnan(values)]), f"The {self.noun} of {self.column}{of}"
        )

    def estimate(self, values: Floats) -> Estimate:
        """The value with its interval."""
        raise NotImplementedError


@check_kind("mean")
@dataclass(frozen=True, kw_only=True)
class Mean(_Statistic):
    """The mean of a column is in a range."""

    noun: ClassVar[str] = "mean"

    def estimate(self, values: Floats) -> Estimate:
        return mean(values)


@check_kind("std")
@dataclass(frozen=True, kw_only=True)
class Std(_Statistic):
    """The standard deviation of a column is in a range."""

    noun: ClassVar[str] = "standard deviation"

    def estimate(self, values: Floats) -> Estimate:
        n = len(values)
        if n < 2:
            return Estimate(NAN, NAN, NAN, n)
        value = float(values.std(ddof=1))
        if value == 0:
            return Estimate(0.0, 0.0, 0.0, n)
        heavy = float((((values - values.mean()) / value) ** 4).mean())
        error = math.sqrt(max(heavy - 1, 0.0) / n) / 2  # of its logarithm, by the delta method
        return Estimate(value, value * math.exp(-1.96 * error), value * math.exp(1.96 * error), n)


@check_kind("quantile")
@dataclass(frozen=True, kw_only=True)
class Quantile(_Statistic):
    """A quantile of a column, such as its median, is in a range.

    Attributes:
        q: which, from 0 (the smallest value) to 1 (the largest).
    """

    q: float = option(0.5, minimum=0, maximum=1)

    noun: ClassVar[str] = "quantile"

    def estimate(self, values: Floats) -> Estimate:
        n = len(values)
        if not n:
            return Estimate(NAN, NAN, NAN, 0)
        reach = 1.96 * math.sqrt(max(self.q * (1 - self.q) * n, 0.0))
        places = np.clip([self.q * n - reach, self.q * n + reach], 0, n - 1).astype(int)
        ordered = np.partition(values, np.unique(places))
        low, high = (float(ordered[place]) for place in places)
        value = float(np.quantile(values, self.q))
        return Estimate(value, min(low, value), max(high, value), n)


@check_kind("mean_change")
@dataclass(frozen=True, kw_only=True)
class MeanChange(DataKind):
    """The mean of a column is what it is in the reference, or nearly so.

    The difference is in standard deviations of the reference.

    Attributes:
        column: of numbers.
        max: the largest difference, either way.
        exact: whether the difference alone decides, and not its interval.
    """

    needs_reference: ClassVar[bool] = True

    column: str = option(column=True)
    max: float = option(0.2, minimum=0)
    exact: bool = True

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        here, there = (moments(view.values(self.column)) for view in (data, reference))
        found = mean_difference(here, there)
        scale = there[1] or NAN
        return Bound(-self.max, self.max, is_exact=self.exact).judged(
            Estimate(found.value / scale, found.low / scale, found.high / scale, found.n),
            f"The change of the mean of {self.column} from {figure(there[0])} in {reference.ref} to"
            f" {figure(here[0])}, in standard deviations,",
        )


@check_kind("outliers")
@dataclass(frozen=True, kw_only=True)
class Outliers(ShareKind):
    """Few numbers of a column are far from all others.

    Far is beyond the quartiles by `fence` times their distance (Tukey 1977); the quartiles are
    those of the reference where it has the numbers too.

    Attributes:
        column: of numbers.
        fence: how far.
    """

    column: str = option(column=True)
    max: float = option(0.01, minimum=0, maximum=1)
    fence: float = option(3.0, exclusive_minimum=0)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        values = data.values(self.column)
        low, high = fences(_usual(data, self.column), self.fence)
        return self.share(
            data,
            outside(values, low, high),
            f"The share of {self.column} outside {span(low, high)}",
            [self.column],
            cohort=_beyond(self.column, low, high) if low is not None else None,
            looked_at=~np.isnan(values),
        )


@check_kind("monotonic")
@dataclass(frozen=True, kw_only=True)
class Monotonic(DataKind):
    """The numbers or times of a column rise, or fall, from row to row.

    Attributes:
        column: of numbers or times.
        direction: which way.
        strict: whether equal neighbours are bad too.
        max: the largest share of rows that may go the other way.
    """

    column: str = option(column=True)
    direction: Literal["rising", "falling"] = "rising"
    strict: bool = False
    max: float = option(0.0, minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        return turning(
            data, self.column, self.max, is_rising=self.direction == "rising", is_strict=self.strict
        )


def turning(
    data: DataView, column: str, most: float, *, is_rising: bool = True, is_strict: bool = False
) -> Judged:
    """The verdict on the rows that go against the order of a column."""
    values = data.values(column)
    rows = np.flatnonzero(~np.isnan(values))
    steps = np.diff(values[rows]) * (1 if is_rising else -1)
    bad = rows[1:][steps <= 0 if is_strict else steps < 0]
    n = max(len(rows) - 1, 0)
    value = len(bad) / n if n else NAN
    way = "rise" if is_rising else "fall"
    judged = Bound(high=most, is_exact=True).judged(
        Estimate(value, value, value, n),
        f"The share of rows where {column} does not {way}",
        unit="steps",
        examples=examples(data, bad, [column]),
        failing=len(bad),
    )
    return with_where(judged, rows_where(bad))


def outside(values: Floats, low: float | None, high: float | None) -> Any:
    """Which numbers are below `low` or above `high`; NaN is neither."""
    bad = np.zeros(len(values), dtype=bool)
    if low is not None:
        bad |= values < low
    if high is not None:
        bad |= values > high
    return bad


def _usual(data: DataView, column: str) -> Floats:
    """The numbers that others are held against: those of the reference, if it has them."""
    known = data.reference
    if known is None or column not in known.schema:
        return data.values(column)
    is_number = known.schema[column].type is ColumnType.NUMERIC
    return (known if is_number else data).values(column)


def fences(values: Floats, reach: float) -> tuple[float | None, float | None]:
    """Tukey's fences; none where half of the values are one."""
    known = values[~np.isnan(values)]
    if len(known) < 20:
        return None, None
    low, high = np.quantile(known, [0.25, 0.75])
    width = float(high - low)
    if width <= 0 or not math.isfinite(width):
        return None, None
    return float(low) - reach * width, float(high) + reach * width


def moments(values: Floats) -> tuple[float, float, int]:
    """Mean, standard deviation and number of the known values."""
    known = values[~np.isnan(values)]
    if not len(known):
        return NAN, NAN, 0
    return float(known.mean()), float(known.std(ddof=1)) if len(known) > 1 else 0.0, len(known)


def span(low: float | None, high: float | None) -> str:
    """A range in words."""
    if low is None and high is None:
        return "any range"
    if low is None or high is None:
        return f"≤ {high:.6g}" if low is None else f"≥ {low:.6g}"
    return f"{low:.6g} to {high:.6g}"


def _beyond(column: str, low: float | None, high: float | None) -> Any:
    terms = [] if low is None else [less_than(column, low)]
    terms += [] if high is None else [more_than(column, high)]
    return any_of(terms)


def _needs_end(kind: Any, low: str, high: str, what: str) -> None:
    ends = getattr(kind, low), getattr(kind, high)
    if ends == (None, None):
        raise BadOption(
            f"{what} needs an end.",
            known=f"Neither {low} nor {high} is given.",
            hint=f"{low}=0",
        )
    if None not in ends and ends[0] > ends[1]:
        raise BadOption(
            f"{low}={ends[0]:g} is above {high}={ends[1]:g}.",
            known=f"It is the range of {what}.",
            hint=f"{low}={ends[1]:g}, {high}={ends[0]:g}",
        )
