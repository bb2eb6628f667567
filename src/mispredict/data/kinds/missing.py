"""Kinds about values that are not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.predicate import is_missing
from mispredict.data.share import ShareKind
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.subject import Bools
    from mispredict.expectations.verdict import Judged


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


def missing(data: DataView, column: str) -> Bools:
    """The rows without a value in the column."""
    values = data.column(column)
    if not values.null_count:
        return np.zeros(data.n, dtype=bool)
    found: Bools = np.asarray(values.is_null())
    return found
