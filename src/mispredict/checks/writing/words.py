"""Verdicts in words that every form shares."""

from __future__ import annotations

import math
from collections.abc import Iterator

from mispredict.core import figures
from mispredict.expectations.verdict import FailingRow, Verdict

MOST_EXAMPLES = 5


def reason_of(verdict: Verdict) -> str:
    """The sentence of a verdict, and who is to be told and why."""
    parts = [verdict.sentence]
    parts += [f"Owner: {verdict.owner}."] if verdict.owner else []
    parts += [f"Reason: {verdict.reason.rstrip('.')}."] if verdict.reason else []
    return " ".join(part for part in parts if part)


def example_lines(verdict: Verdict, most: int = MOST_EXAMPLES) -> Iterator[str]:
    """A line for each of the first failing rows, and how many there are more."""
    shown = verdict.examples[:most]
    for row in shown:
        yield example(row)
    more = max(verdict.failing, len(verdict.examples)) - len(shown)
    if shown and more > 0:
        yield f"… and {more:,} more"


def example(row: FailingRow) -> str:
    """One failing row in a line."""
    said = [f"row {row.row:,}"] if row.row is not None else []
    said += [", ".join(f"{name}={value!r}" for name, value in row.inputs)] if row.inputs else []
    said += [str(change) for change in row.changes]
    if row.before is not None:
        said.append(f"predicted {row.before} → {row.prediction}")
    elif row.prediction is not None:
        said.append(f"predicted {row.prediction}")
    if row.label is not None:
        said.append(f"label {row.label}")
    if not math.isnan(row.probability):
        said.append(f"probability {row.probability:.3g}")
    said += [row.note] if row.note else []
    return "; ".join(said)


def figure(value: float) -> str:
    """A number for people, "" where there is none."""
    return "" if math.isnan(value) else figures.figure(value)


def interval(verdict: Verdict) -> str:
    """Value and interval, such as "0.81 [0.78, 0.84]"."""
    value = figure(verdict.value)
    if not value or math.isnan(verdict.low) or math.isnan(verdict.high):
        return value
    return f"{value} [{figure(verdict.low)}, {figure(verdict.high)}]"
