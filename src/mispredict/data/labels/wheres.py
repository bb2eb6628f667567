"""Cohorts of rows whose labels are in doubt, as canonical text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from mispredict.core.predicate import Predicate, all_of, equals, is_true, one_of

FLAG, SUGGESTED = "label_error", "suggested_label"  # columns that an evaluation then has
MOST_ROWS = 500  # that a cohort names one by one


def of_row(row: int) -> str:
    """The cohort of one row."""
    return equals("row", row).text


def of_rows(rows: Iterable[int]) -> str:
    """The cohort of rows by number; "" for more than can be named."""
    numbers = [int(row) for row in rows]
    if not numbers or len(numbers) > MOST_ROWS:
        return ""
    return (equals("row", numbers[0]) if len(numbers) == 1 else one_of("row", numbers)).text


def flagged(given: Any = None, suggested: Any = None, *, within: Predicate | None = None) -> str:
    """The cohort of flagged rows: with a label, that seem to be of a class, in a cohort."""
    terms = [is_true(FLAG)]
    terms += [] if given is None else [equals("label", given)]
    terms += [] if suggested is None else [equals(SUGGESTED, suggested)]
    return all_of(terms if within is None else [within, *terms]).text
