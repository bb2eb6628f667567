"""The kind about a property of what a column holds: of texts, images, sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.data.kinds.numbers import outside, span
from mispredict.data.properties import PROPERTIES
from mispredict.data.share import ShareKind
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged


@check_kind("property")
@dataclass(frozen=True, kw_only=True)
class PropertyCheck(ShareKind):
    """A property of what a column holds, such as its bytes, is in a range.

    Attributes:
        column: of texts, images or sounds.
        property: what is measured of each.
        low: the least good value.
        high: the largest.
    """

    column: str = option(column=True)
    property: str = option()
    low: float | None = option(None)
    high: float | None = option(None)

    def validate(self) -> None:
        if self.property not in PROPERTIES:
            raise BadOption.choice("property", self.property, PROPERTIES)
        if self.low is None and self.high is None:
            raise BadOption(
                f"a range of {self.property} needs an end.",
                known="Neither low nor high is given.",
                hint="low=1",
            )

    def judge_data(self, data: DataView, seed: int) -> Judged:
        found = PROPERTIES[self.property]
        kind = data.schema[self.column].type
        if kind not in found.types:
            raise BadOption(
                f"column {self.column!r} has no {self.property}.",
                known=f"It is {kind}; {self.property} is of {', '.join(found.types)}.",
                hint=f"property={next(iter(PROPERTIES))!r}",
            )
        values = found.measure(data.column(self.column))
        return self.share(
            data,
            outside(values, self.low, self.high),
            f"The share of {self.column} with {self.property} outside {span(self.low, self.high)}",
            [self.column],
            looked_at=~np.isnan(values),
        )
