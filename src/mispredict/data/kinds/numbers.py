"""Kinds about the numbers and times of a column."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import any_of, less_than, more_than
from mispredict.data.share import ShareKind
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option

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
        if self.low is None and self.high is None:
            raise BadOption(
                f"a range of {self.column} needs an end.",
                known="Neither low nor high is given.",
                hint="low=0",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        values = data.values(self.column)
        bad = np.zeros(data.n, dtype=bool)
        terms = []
        if self.low is not None:
            bad |= values < self.low
            terms.append(less_than(self.column, self.low))
        if self.high is not None:
            bad |= values > self.high
            terms.append(more_than(self.column, self.high))
        return self.share(
            data,
            bad,
            f"The share of {self.column} outside {_span(self.low, self.high)}",
            [self.column],
            cohort=any_of(terms),
            looked_at=~np.isnan(values),
        )


def _span(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"≤ {high:g}" if low is None else f"≥ {low:g}"
    return f"{low:g} to {high:g}"
