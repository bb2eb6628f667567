"""Rows in windows of time, in windows of equal size, or in groups of a column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import choice, shown, whole
from mispredict.core.predicate import (
    ColumnRef,
    Predicate,
    all_of,
    at_least,
    at_most,
    between,
    less_than,
)
from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    from mispredict.workspace.drifting.sides import Rows

SPANS = ("hour", "day", "week", "month", "quarter", "year")
MOST_WINDOWS = 500
USUAL = 10

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Window:
    """Some of the rows: a span of time, a stretch of rows, or a group."""

    name: str
    predicate: Predicate
    start: str = ""
    end: str = ""


def windows_of(rows: Rows, by: str | None, windows: str | int | None) -> list[Window]:
    """The windows or groups that the rows of the side fall into, in order.

    Args:
        rows: of which windows are made; empty windows are left out.
        by: a time or number in windows, or a column in groups of its values; without it the time
            column, or else the order of the rows.
        windows: how long a window is (`month`), or how many of an equal number of rows.
    """
    ref = _column(rows, by)
    kind = rows.table.kind(ref.name, ref.is_input)
    if kind is ColumnType.DATETIME and not isinstance(windows, int):
        span = choice("windows", "month" if windows is None else windows, SPANS)
        return _spans(rows, ref, span)
    if kind in (ColumnType.NUMERIC, ColumnType.DATETIME) and (
        windows is not None or ref.name == "row"
    ):
        if isinstance(windows, str):
            raise BadOption(
                f"windows={shown(windows)} is a span of time, and {ref.name!r} is no time.",
                known=f"Its type is {kind.value}.",
                hint="windows=10",
            )
        return _stretches(rows, ref, whole("windows", USUAL if windows is None else windows, 1))
    return _groups(rows, ref)


def _column(rows: Rows, by: str | None) -> ColumnRef:
    if by is None:
        return ColumnRef("time" if "time" in rows.fields.reserved else "row")
    return rows.fields.resolve(ColumnRef(by))


def _spans(rows: Rows, ref: ColumnRef, span: str) -> list[Window]:
    """Calendar spans; weeks begin on Mondays."""
    seconds = rows.table.values(ref.name, ref.is_input)[rows.side.selected]
    seconds = seconds[np.isfinite(seconds)]
    if not len(seconds):
        raise BadOption(f"no row has a time in {ref.name!r}.", hint="by=another column")
    edges = [_floor(float(seconds.min()), span)]
    while edges[-1].timestamp() <= seconds.max():
        edges.append(_next(edges[-1], span))
        if len(edges) > MOST_WINDOWS + 1:
            raise BadOption(
                f"windows={span!r} makes more than {MOST_WINDOWS} windows.",
                known=f"Rows are from {edges[0]:%Y-%m-%d} to {_moment(seconds.max()):%Y-%m-%d}.",
                hint=f"windows={SPANS[min(SPANS.index(span) + 1, len(SPANS) - 1)]!r}",
            )
    counts, _ = np.histogram(seconds, [edge.timestamp() for edge in edges])
    found = []
    for place, count in enumerate(counts.tolist()):
        if count:
            start, end = (edge.replace(tzinfo=None) for edge in edges[place : place + 2])
            part = all_of([at_least(ref, start), less_than(ref, end)])
            found.append(Window(_name(start, span), part, start.isoformat(), end.isoformat()))
    return found


def _floor(seconds: float, span: str) -> datetime:
    moment = _moment(seconds).replace(minute=0, second=0, microsecond=0)
    if span == "hour":
        return moment
    moment = moment.replace(hour=0)
    if span == "week":
        return _moment(moment.timestamp() - 86_400 * moment.weekday())
    if span == "day":
        return moment
    moment = moment.replace(day=1)
    if span == "quarter":
        return moment.replace(month=3 * ((moment.month - 1) // 3) + 1)
    return moment.replace(month=1) if span == "year" else moment


def _next(moment: datetime, span: str) -> datetime:
    lengths = {"hour": 3_600, "day": 86_400, "week": 7 * 86_400}
    if span in lengths:
        return _moment(moment.timestamp() + lengths[span])
    months = {"month": 1, "quarter": 3, "year": 12}[span]
    years, month = divmod(moment.month - 1 + months, 12)
    return moment.replace(year=moment.year + years, month=month + 1)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _name(start: datetime, span: str) -> str:
    if span == "quarter":
        return f"{start.year} Q{(start.month + 2) // 3}"
    forms = {"hour": "%Y-%m-%d %H:00", "month": "%Y-%m", "year": "%Y"}
    return start.strftime(forms.get(span, "%Y-%m-%d"))


def _stretches(rows: Rows, ref: ColumnRef, parts: int) -> list[Window]:
    """Windows of a like number of rows, whose bounds are values of the column."""
    if parts > MOST_WINDOWS:
        raise BadOption(
            f"windows={parts} are too many.", known=f"At most {MOST_WINDOWS} are compared."
        )
    values = rows.table.values(ref.name, ref.is_input)[rows.side.selected]
    ordered = np.sort(values[np.isfinite(values)])
    if not len(ordered):
        return []
    starts = np.unique(ordered[np.arange(parts) * len(ordered) // parts])
    found = []
    for place, start in enumerate(starts):
        is_last = place + 1 == len(starts)
        stop = float(ordered[-1]) if is_last else float(starts[place + 1])
        found.append(_stretch(rows, ref, float(start), stop, place, is_last))
    return found


def _stretch(
    rows: Rows, ref: ColumnRef, start: float, stop: float, place: int, is_last: bool
) -> Window:
    kind = rows.table.kind(ref.name, ref.is_input)
    if kind is ColumnType.DATETIME:
        low, high = (_moment(edge).replace(tzinfo=None) for edge in (start, stop))
        upper = at_most(ref, high) if is_last else less_than(ref, high)
        part = all_of([at_least(ref, low), upper])
        return Window(f"{low:%Y-%m-%d}", part, low.isoformat(), high.isoformat())
    if start.is_integer() and stop.is_integer():
        last = int(stop) if is_last else int(stop) - 1
        return Window(f"{ref.name} {int(start):,} to {last:,}", between(ref, int(start), last))
    upper = at_most(ref, stop) if is_last else less_than(ref, stop)
    return Window(f"{ref.name} from {start:.4g}", all_of([at_least(ref, start), upper]))


def _groups(rows: Rows, ref: ColumnRef) -> list[Window]:
    """A group for each value or bin of the column that occurs."""
    from mispredict.workspace.binning import binned

    mask = rows.side.mask
    coded: Any = binned(rows.table.coded(ref.name, ref.is_input), mask)
    codes = coded.codes if mask is None else coded.codes[mask]
    counts = np.bincount(codes, minlength=coded.book.size)
    if np.count_nonzero(counts) > MOST_WINDOWS:
        raise BadOption(
            f"by={ref.name!r} makes {np.count_nonzero(counts):,} groups.",
            known=f"At most {MOST_WINDOWS} are compared.",
            hint="by=a column with fewer values",
        )
    found = []
    for code in np.flatnonzero(counts).tolist():
        predicate = coded.book.condition(ref.name, code, is_input=ref.is_input)
        found.append(Window(coded.book.describe(code), predicate))
    return found
