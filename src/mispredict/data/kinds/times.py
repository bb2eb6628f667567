"""Kinds about when rows happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import any_of, less_than, more_than
from mispredict.core.schema import ColumnType, Role
from mispredict.data.kinds.numbers import turning
from mispredict.data.share import ShareKind
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.data import DataKind
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate, Floats
from mispredict.expectations.verdict import NAN, FailingRow

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.verdict import Judged

DAY = 86_400.0


@check_kind("sorted")
@dataclass(frozen=True, kw_only=True)
class Sorted(DataKind):
    """Rows are in the order of time.

    Attributes:
        column: of times; that of the role when left out.
        max: the largest share of rows that may be earlier than the one before.
    """

    column: str | None = option(None, column=True)
    max: float = option(0.0, minimum=0, maximum=1)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        return turning(data, time_column(data, self.column), self.max)


@check_kind("date_range")
@dataclass(frozen=True, kw_only=True)
class DateRange(ShareKind):
    """The times of a column lie in a range, all of them or all but a few.

    Attributes:
        column: of times; that of the role when left out.
        earliest: the first good time, such as "2024-01-01".
        latest: the last good time; "now" for the present.
    """

    column: str | None = option(None, column=True)
    earliest: str | None = None
    latest: str | None = None

    def validate(self) -> None:
        if self.earliest is None and self.latest is None:
            raise BadOption(
                "a range of dates needs an end.",
                known="Neither earliest nor latest is given.",
                hint="latest='now'",
            )
        for name in ("earliest", "latest"):
            moment(getattr(self, name), name)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        column = time_column(data, self.column)
        values = data.values(column)
        bad = np.zeros(data.n, dtype=bool)
        terms, words = [], []
        first, last = moment(self.earliest, "earliest"), moment(self.latest, "latest")
        if first is not None:
            bad |= values < first
            terms.append(less_than(column, _written(first)))
            words.append(f"before {_written(first)}")
        if last is not None:
            bad |= values > last
            terms.append(more_than(column, _written(last)))
            words.append(f"after {_written(last)}")
        return self.share(
            data,
            bad,
            f"The share of {column} {' or '.join(words)}",
            [column],
            cohort=any_of(terms),
            looked_at=~np.isnan(values),
        )


@check_kind("freshness")
@dataclass(frozen=True, kw_only=True)
class Freshness(DataKind):
    """The newest row is not older than so many days.

    Attributes:
        column: of times; that of the role when left out.
        max_days: the largest age.
        now: the moment to count from; the present when left out.
    """

    column: str | None = option(None, column=True)
    max_days: float = option(minimum=0)
    now: str | None = None

    def validate(self) -> None:
        moment(self.now, "now")

    def judge_data(self, data: DataView, seed: int) -> Judged:
        column = time_column(data, self.column)
        values = data.values(column)
        there = values[~np.isnan(values)]
        until = moment(self.now or "now", "now") or 0.0
        age = (until - float(there.max())) / DAY if len(there) else NAN
        return Bound(high=self.max_days, is_exact=True).judged(
            Estimate(age, age, age, len(there)), f"The age of the newest {column}, in days,"
        )


@check_kind("time_gaps")
@dataclass(frozen=True, kw_only=True)
class TimeGaps(DataKind):
    """Between one row and the next in time there is no gap that is too long.

    Attributes:
        column: of times; that of the role when left out.
        max_days: the longest good gap.
    """

    column: str | None = option(None, column=True)
    max_days: float = option(exclusive_minimum=0)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        column = time_column(data, self.column)
        values = data.values(column)
        ordered = np.sort(values[~np.isnan(values)])
        gaps = np.diff(ordered) / DAY
        longest = float(gaps.max()) if len(gaps) else NAN
        wide = np.flatnonzero(gaps > self.max_days)
        wide = wide[np.argsort(-gaps[wide], kind="stable")]
        shown = tuple(
            FailingRow(
                note=f"{gaps[at]:,.1f} days from {_written(ordered[at])}"
                f" to {_written(ordered[at + 1])}"
            )
            for at in wide[:10]
        )
        return Bound(high=self.max_days, is_exact=True).judged(
            Estimate(longest, longest, longest, len(ordered)),
            f"The longest gap in {column}, in days,",
            examples=shown,
            failing=len(wide),
        )


def time_column(data: DataView, column: str | None) -> str:
    """The column of times that was meant.

    Raises:
        BadOption: there is none.
    """
    found = column or next((item.name for item in data.schema.of_role(Role.TIME)), None)
    times = [item.name for item in data.schema if item.type is ColumnType.DATETIME]
    if found is None and len(times) == 1:
        found = times[0]
    if found is None:
        raise BadOption(
            f"{data.ref} has no column of the role time.",
            known=f"Columns of times: {', '.join(times) or 'none'}.",
            hint="column='a column of times'",
        )
    if data.schema[found].type not in (ColumnType.DATETIME, ColumnType.NUMERIC):
        raise BadOption(
            f"column {found!r} holds no times.",
            known=f"It is {data.schema[found].type}.",
            hint="types={'when': 'datetime'} when the dataset is added",
        )
    return found


def moment(text: str | None, name: str) -> float | None:
    """A time as seconds since 1970 in UTC; None for none."""
    if text is None:
        return None
    if text == "now":
        return datetime.now(UTC).timestamp()
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadOption(
            f"{name}={text!r:.40} is no time.",
            known="Times are written as in ISO 8601.",
            hint=f"{name}='2024-05-31', or 'now'",
        ) from error
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def _written(seconds: float | Floats) -> str:
    text = datetime.fromtimestamp(float(seconds), UTC).replace(tzinfo=None).isoformat(sep=" ")
    return text.removesuffix(" 00:00:00")
