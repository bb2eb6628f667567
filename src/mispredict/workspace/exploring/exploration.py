"""What the Explore screen shows, as a result: linked distributions and a summary."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from mispredict.core.results import Result, Source, plain


@dataclass(frozen=True, slots=True)
class CohortChip:
    """One condition that must hold: its text, a short label, a sentence.

    `column` is the distribution that it belongs to, and is not filtered by; "" for a condition
    on no column, on several, or on one without a distribution. `codes` are the codes of the
    column whose rows it selects, as far as it selects all of them; empty when there are many.
    """

    text: str
    label: str
    sentence: str
    column: str
    codes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """One column as bars; every field from `label` to `is_partly` has an entry per bar.

    `kind` is values (a bar per value) or bins (a bar per range, in order). A bar covers the
    codes `first` to `last`; `low` and `high` are the edges of a range, null for values and for
    missing ones (times are seconds since 1970). `n` and `errors` are of the selection without
    the column's own conditions, `all` of all rows. `rate` is the error rate or the mean loss,
    with its interval. A bar is selected where the column has conditions that some of its rows
    meet, and partly so where not all of them do. `more` values have no bar, with `more_n` of
    the selection and `more_all` of all rows; `more_selected` of them are selected, which happens
    only when there are more selected values than bars. A bar for missing values comes last.
    `spread` is how far the bars' rates typically lie from the rate of all of them, beyond what
    chance explains: columns with a large one tell where the model is wrong.
    """

    column: str
    type: str
    role: str
    is_reserved: bool
    kind: str
    label: tuple[str, ...]
    first: tuple[int, ...]
    last: tuple[int, ...]
    low: tuple[float | None, ...]
    high: tuple[float | None, ...]
    n: tuple[int, ...]
    all: tuple[int, ...]
    errors: tuple[float, ...]
    rate: tuple[float, ...]
    rate_low: tuple[float, ...]
    rate_high: tuple[float, ...]
    is_selected: tuple[bool, ...]
    is_partly: tuple[bool, ...]
    is_missing: tuple[bool, ...]
    more: int = 0
    more_n: int = 0
    more_all: int = 0
    more_selected: int = 0
    spread: float = float("nan")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready value, made without looking at the type of every number."""
        return {name: _listed(getattr(self, name)) for name in _NAMES}


_NAMES = tuple(field.name for field in fields(Distribution))


@dataclass(frozen=True, slots=True)
class SummaryRow:
    """A metric of the selection beside the rest, and the difference; each with its interval."""

    metric: str
    value: float
    low: float
    high: float
    n: int
    rest: float
    rest_low: float
    rest_high: float
    rest_n: int
    difference: float
    difference_low: float
    difference_high: float


@dataclass(frozen=True, slots=True)
class TagCount:
    """A tag's rows in the selection (`n`) and in all (`all`), with their errors and rate."""

    tag: str
    n: int
    all: int
    errors: float
    rate: float
    rate_low: float
    rate_high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a distribution, as a row of the frame."""

    column: str
    label: str
    low: float | None
    high: float | None
    n: int
    all: int
    errors: float
    rate: float
    rate_low: float
    rate_high: float
    is_selected: bool


@dataclass(frozen=True)
class Exploration(Result):
    """A selection: its text and conditions, linked distributions, and what is special in it.

    `where` is the cohort after the edit; `n` its rows of `total`; `errors` wrong rows, or the
    sum of losses, as `measure` says (error rate, mean loss, or "" without labels), and `value`
    the rate with its interval. The frame has a row per bar.
    """

    where: str
    url: str
    sentence: str
    chips: tuple[CohortChip, ...]
    n: int
    total: int
    errors: float
    measure: str
    value: float
    low: float
    high: float
    distributions: tuple[Distribution, ...]
    summary: tuple[SummaryRow, ...]
    tags: tuple[TagCount, ...]
    notes: tuple[str, ...]
    source: Source
    seconds: float

    row_type: ClassVar[type] = Bar
    title: ClassVar[str] = "Selection"

    def of(self, column: str) -> Distribution:
        """The distribution of a column.

        Raises:
            UnknownColumn: there is none.
        """
        from mispredict.core.errors import UnknownColumn

        for part in self.distributions:
            if part.column == column:
                return part
        raise UnknownColumn.among(column, (part.column for part in self.distributions))

    def to_dict(self) -> dict[str, Any]:
        return {
            field.name: [part.to_dict() for part in self.distributions]
            if field.name == "distributions"
            else plain(getattr(self, field.name))
            for field in fields(self)
        }

    def _rows(self) -> tuple[Bar, ...]:
        return tuple(bar for part in self.distributions for bar in _bars(part))


def _bars(part: Distribution) -> Iterable[Bar]:
    for i, label in enumerate(part.label):
        yield Bar(
            part.column, label, part.low[i], part.high[i], part.n[i], part.all[i],
            part.errors[i], part.rate[i], part.rate_low[i], part.rate_high[i],
            part.is_selected[i],
        )  # fmt: skip


def _listed(value: Any) -> Any:
    if not isinstance(value, tuple):
        return None if value != value else value  # noqa: PLR0124 - NaN
    return [None if item != item else item for item in value]  # noqa: PLR0124 - NaN
