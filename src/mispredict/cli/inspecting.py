"""What was found in data, as tables and sentences for people."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet

if TYPE_CHECKING:
    from mispredict.data.difference.difference import DatasetDiff
    from mispredict.data.duplicates.duplicates import Conflicts, Duplicates, LabelCount
    from mispredict.data.health.health import Health, HealthFinding
    from mispredict.data.leakage.leakage import Leakage


def health(result: Health) -> None:
    """A line per finding, what costs most first."""
    sheet = Sheet(stands_on("Health", result.source))
    rows = result.rows
    sheet.add("finding", [row.title for row in rows], is_key=True)
    sheet.add("severity", [row.severity for row in rows])
    sheet.add("value", [_measured(row) for row in rows])
    sheet.number("rows", [numbers.count(row.rows or None) for row in rows])
    if result.evaluation:
        sheet.add("cost", [_cost(row.cost, row.cost_low, row.cost_high) for row in rows])
    sheet.add("where", [row.where for row in rows])
    sheet.show()
    for row in rows:
        if row.cost_sentence:
            table.line(f"{row.title}: {row.cost_sentence}", style="dim")
        elif not row.rows and row is not rows[0]:
            table.line(row.sentence, style="dim")
    against = f" Compared with {result.reference}." if result.reference else ""
    table.line(f"{result.sentence}{against} {result.seconds:.1f} s.")


def duplicates(result: Duplicates) -> None:
    """A line per group."""
    sheet = Sheet(stands_on("Duplicates", result.source))
    rows = result.rows
    sheet.number("rows", [numbers.count(row.n) for row in rows])
    if result.against:
        sheet.number(f"in {result.against}", [numbers.count(len(row.others)) for row in rows])
    sheet.number("alike", [f"{row.similarity:.2f}" for row in rows])
    sheet.add("labels", [_labels(row.labels) for row in rows])
    sheet.add("text", [row.text for row in rows])
    sheet.add("where", [row.where for row in rows])
    sheet.show()
    table.line(f"{result.sentence} {result.seconds:.1f} s.")
    table.line(f"Compared: {result.method}.", style="dim")


def conflicts(result: Conflicts) -> None:
    """A line per group."""
    sheet = Sheet(stands_on("Conflicting labels", result.source))
    rows = result.rows
    sheet.number("rows", [numbers.count(row.n) for row in rows])
    sheet.add("labels", [_labels(row.labels) for row in rows])
    shown = [", ".join(f"{name} {value}" for name, value in row.inputs[:6]) for row in rows]
    sheet.add("inputs", shown)
    sheet.add("where", [row.where for row in rows])
    sheet.show()
    table.line(result.sentence)


def leakage(result: Leakage) -> None:
    """A line per way that was looked at."""
    sheet = Sheet(stands_on("Leakage", result.source))
    rows = result.rows
    sheet.add("leak", [row.leak for row in rows], is_key=True)
    sheet.add("column", [row.column for row in rows])
    sheet.add("severity", [row.severity for row in rows])
    sheet.add("measure", [row.measure for row in rows])
    sheet.add("value", [numbers.interval(row.value, row.low, row.high) for row in rows])
    sheet.number("rows", [numbers.count(row.rows) for row in rows])
    sheet.show()
    for row in result.found:
        table.line(row.sentence)
    if not result.found:
        table.line(result.sentence)
    if result.note:
        table.line(result.note, style="dim")


def diff(result: DatasetDiff) -> None:
    """A line per column that differs, one per cohort, and some changed rows."""
    table.heading(f"{result.before} → {result.after}")
    table.line(result.sentence)
    rows = [row for row in result.rows if row.status != "same" or row.new or row.gone]
    if rows:
        table.line()
        sheet = Sheet("Columns")
        sheet.add("column", [row.column for row in rows], is_key=True)
        sheet.add("status", [row.status for row in rows])
        sheet.number("changed", [numbers.count(row.changed) for row in rows])
        sheet.add("what", [row.sentence for row in rows])
        sheet.show()
    if result.cohorts:
        table.line()
        cohorts = result.cohorts
        sheet = Sheet("Cohorts")
        sheet.add("cohort", [row.cohort for row in cohorts], is_key=True)
        sheet.number("before", [numbers.count(row.n_before) for row in cohorts])
        sheet.number("after", [numbers.count(row.n_after) for row in cohorts])
        change = [numbers.interval(row.difference, row.low, row.high) for row in cohorts]
        sheet.add("share changed by", change)
        sheet.number("added", [numbers.count(row.added) for row in cohorts])
        sheet.number("removed", [numbers.count(row.removed) for row in cohorts])
        sheet.number("changed", [numbers.count(row.changed) for row in cohorts])
        sheet.show()
    for row in result.examples:
        key = "" if row.key is None else f" ({row.key})"
        table.line(f"row {row.row_after:,}{key}: {'; '.join(map(str, row.changes))}", style="dim")
    if result.note:
        table.line(result.note, style="dim")


def _measured(row: HealthFinding) -> str:
    """The value with its interval, shares in percent."""
    if "share" in row.measure:
        return numbers.percent_interval(row.value, row.low, row.high)
    return numbers.interval(row.value, row.low, row.high)


def _labels(labels: Sequence[LabelCount]) -> str:
    return ", ".join(f"{item.label} {item.n:,}" for item in labels)


def _cost(value: float, low: float, high: float) -> str:
    return "" if math.isnan(value) else numbers.interval(value, low, high)
