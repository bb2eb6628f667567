"""Kinds about values that are not there, or only seem to be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from mispredict.core.predicate import any_of, is_missing, one_of
from mispredict.data.difference.differences import share_difference
from mispredict.data.rows import share_of
from mispredict.data.share import ShareKind
from mispredict.data.values import by_value, known
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.subject import Bools
    from mispredict.expectations.verdict import Judged

PLACEHOLDERS = (
    "n/a", "na", "n.a.", "#n/a", "nan", "null", "none", "nil", "missing", "unknown", "undefined",
    "not available", "not applicable", "not specified", "tbd", "-", "--", "?", ".", "",
)  # fmt: skip
NUMBERS = (-99.0, -999.0, -9999.0, -99999.0, 9999.0, 99999.0, 999999.0, 9999999.0)


@check_kind("missing")
@dataclass(frozen=True, kw_only=True)
class Missing(ShareKind):
    """A column has a value in every row, or in all but a few.

    Attributes:
        column: of which values may be missing.
    """

    column: str = option(column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        return self.share(
            data,
            missing(data, self.column),
            f"The share of rows without {self.column}",
            [self.column],
            cohort=is_missing(self.column),
        )


@check_kind("complete_rows")
@dataclass(frozen=True, kw_only=True)
class CompleteRows(ShareKind):
    """Few rows have a missing value in any of some columns.

    Attributes:
        columns: which; all when left out.
    """

    columns: tuple[str, ...] = option((), column=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        names = self.columns or data.schema.names
        bad = np.zeros(data.n, dtype=bool)
        holed = [name for name in names if data.column(name).null_count]
        for name in holed:
            bad |= missing(data, name)
        cohort = any_of([is_missing(name) for name in holed]) if holed else None
        subject = "The share of rows with a missing value"
        return self.share(data, bad, subject, holed[:8] or names[:1], cohort=cohort)


@check_kind("missing_change")
@dataclass(frozen=True, kw_only=True)
class MissingChange(DataKind):
    """The share of missing values of a column is what it is in the reference, or nearly so.

    Attributes:
        column: of which values may be missing.
        max: the largest difference of the shares, either way.
        exact: whether the difference alone decides, and not its interval.
    """

    needs_reference: ClassVar[bool] = True

    column: str = option(column=True)
    max: float = option(0.05, minimum=0, maximum=1)
    exact: bool = True

    def judge_data(self, data: DataView, seed: int) -> Judged:
        reference = reference_of(data, self)
        here = share_of(data.column(self.column).null_count, data.n)
        there = share_of(reference.column(self.column).null_count, reference.n)
        return Bound(-self.max, self.max, is_exact=self.exact).judged(
            share_difference(here, there),
            f"The change of the share of rows without {self.column}, from"
            f" {100 * there.value:.1f} % in {reference.ref} to {100 * here.value:.1f} %,",
        )


@check_kind("placeholders")
@dataclass(frozen=True, kw_only=True)
class Placeholders(ShareKind):
    """Values of a column are no stand-ins for missing ones, such as "N/A" or -999.

    A number stands in only where it is the smallest or largest of the column and far away from
    all others, or the only one below 0.

    Attributes:
        column: of any type.
        words: texts that stand in, in lower case; the usual ones when left out.
        numbers: numbers that do; the usual ones when left out.
    """

    column: str = option(column=True)
    words: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()

    def judge_data(self, data: DataView, seed: int) -> Judged:
        bad, values = placeholders(data, self.column, self.words, self.numbers)
        shown = ", ".join(repr(value) for value in values[:4])
        return self.share(
            data,
            bad,
            f"The share of {self.column} that stands in for a missing value",
            [self.column],
            cohort=one_of(self.column, values) if values else None,
            looked_at=known(data, self.column),
            more=f"Found: {shown}.",
        )


def placeholders(
    data: DataView, column: str, words: tuple[str, ...] = (), numbers: tuple[float, ...] = ()
) -> tuple[Bools, list[Any]]:
    """The rows whose value stands in for a missing one, and those values."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = data.column(column)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        wanted = pa.array(words or PLACEHOLDERS, values.type)

        def judge(some: pa.Array) -> Any:
            short = pc.less_equal(pc.binary_length(some), 20)
            words_of = pc.utf8_lower(pc.utf8_trim_whitespace(pc.if_else(short, some, "x")))
            return pc.is_in(words_of, value_set=wanted)

        bad = by_value(data, column, judge)
        found = pc.unique(values.filter(pa.array(bad))).to_pylist() if bad.any() else []
        return bad, sorted(found)
    if pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        floats = data.values(column)
        standing = [
            number for number in numbers or NUMBERS if numbers or _stands_apart(floats, number)
        ]
        return np.isin(floats, standing), standing
    return np.zeros(data.n, dtype=bool), []


def missing(data: DataView, column: str) -> Bools:
    """The rows without a value in the column."""
    return ~known(data, column)


def _stands_apart(values: Any, number: float) -> bool:
    """Whether a number is an end of the column: far from all other values, or alone below 0."""
    here = values == number
    if not here.any():
        return False
    rest = values[~here & ~np.isnan(values)]
    if len(rest) < 10:
        return False
    low, high = float(rest.min()), float(rest.max())
    if number < 0 <= low:
        return True
    width = max(high - low, 1e-9)
    return number < low - width * 0.5 or number > high + width * 0.5
