"""Rows that do not hold: as a cohort, as examples, as a share with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.predicate import Predicate, all_of, any_of, between, one_of, parse
from mispredict.expectations.bounds import exact_share
from mispredict.expectations.subject import Bools, Estimate, Numbers
from mispredict.expectations.verdict import NAN, FailingRow

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

MOST_EXAMPLES = 10
MOST_NAMED = 500  # rows that a cohort names one by one
_LONGEST = 200  # letters of a value in an example


def rows_where(rows: Numbers | Sequence[int], *, most: int = MOST_NAMED) -> str:
    """The cohort of rows by their numbers: of the first `most`, runs of them as ranges.

    Example:
        >>> rows_where([3, 4, 5, 9])
        'row IN (9) OR row BETWEEN 3 AND 5'
    """
    numbers = np.unique(np.asarray(rows, np.int64))[:most]
    if not len(numbers):
        return ""
    starts = np.flatnonzero(np.r_[True, np.diff(numbers) > 1])
    ends = np.r_[starts[1:], len(numbers)] - 1
    is_run = ends - starts >= 2
    alone = [
        int(number)
        for start, end, run in zip(starts, ends, is_run, strict=True)
        if not run
        for number in numbers[start : end + 1]
    ]
    terms: list[Predicate] = [one_of("row", alone)] if alone else []
    terms += [
        between("row", int(numbers[start]), int(numbers[end]))
        for start, end, run in zip(starts, ends, is_run, strict=True)
        if run
    ]
    return any_of(terms).text


def share_of(bad: int, n: int) -> Estimate:
    """The share of rows that do not hold; the interval is that of rows like these."""
    if not n:
        return Estimate(NAN, NAN, NAN, 0)
    return Estimate(bad / n, *exact_share(bad, n), n)


def examples(
    data: DataView,
    rows: Numbers,
    columns: Sequence[str],
    *,
    notes: Sequence[str] = (),
    most: int = MOST_EXAMPLES,
) -> tuple[FailingRow, ...]:
    """Some rows with their values in the columns that matter."""
    chosen = np.asarray(rows[:most], np.int64)
    if not len(chosen):
        return ()
    values = [part.to_pylist() for part in data.take(list(columns), chosen)]
    return tuple(
        FailingRow(
            row=int(row),
            inputs=tuple(
                (name, shortened(part[place])) for name, part in zip(columns, values, strict=True)
            ),
            note=notes[place] if place < len(notes) else "",
        )
        for place, row in enumerate(chosen)
    )


def shortened(value: Any) -> Any:
    """The value, a long text cut."""
    if isinstance(value, str) and len(value) > _LONGEST:
        return f"{value[: _LONGEST - 1]}…"
    if isinstance(value, (list, bytes)):
        return f"{value!r:.80}"
    return value


def narrowed(where: str | None, cohort: Predicate | str | None) -> str:
    """The text of the rows of `where` that are in the cohort; "" where it has no text."""
    if not cohort:
        return ""
    text = cohort if isinstance(cohort, str) else cohort.text
    return text if where is None else all_of([parse(where), parse(text)]).text


def picked(bad: Bools) -> Numbers:
    """The numbers of the rows that are marked."""
    numbers: Numbers = np.flatnonzero(bad).astype(np.int64)
    return numbers
