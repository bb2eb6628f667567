"""Drift, coverage and estimates as tables and sentences for people."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet

if TYPE_CHECKING:
    from mispredict.data.coverage_results import Coverage
    from mispredict.data.drift.results import Drift, DriftRow
    from mispredict.data.estimated.results import EstimatedPerformance

_STYLES = {"drift": "bold red", "gaps": "bold red", "alarm": "bold red", "unsure": "yellow"}


def drift(result: Drift) -> None:
    """The verdict, what drifted in sentences, all columns, windows and cohorts."""
    table.line(result.note, style=_STYLES.get(result.verdict, "green"))
    for row in result.rows:
        if row.verdict == "drift":
            table.line(f"  {row.sentence}")
    for cohort in result.cohorts:
        table.line(f"  {cohort.sentence}")
    table.line()
    _columns(result)
    _parts(result)
    _performance(result)
    for note in result.notes:
        table.line(note, style="dim")


def coverage(result: Coverage) -> None:
    """The verdict and the regions."""
    table.line(result.note, style=_STYLES.get(result.verdict, "green"))
    for row in result.rows:
        table.line(f"  {row.sentence}")
        table.line(f"    {row.where}", style="dim")
    for note in result.notes:
        table.line(note, style="dim")


def estimate(result: EstimatedPerformance) -> None:
    """Estimated and real metrics by window."""
    rows = result.rows
    sheet = Sheet(stands_on("Estimated performance", result.source))
    sheet.add("window", [row.window for row in rows], is_key=True)
    sheet.add("metric", [row.metric for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.add("estimated", [numbers.interval(row.value, row.low, row.high) for row in rows])
    sheet.add("real", [numbers.interval(row.real, row.real_low, row.real_high) for row in rows])
    sheet.number("reference", [numbers.figure(row.reference) for row in rows])
    sheet.add("", [row.verdict for row in rows])
    sheet.show()
    table.line(result.note, style=_STYLES.get(result.verdict, "green"))
    for note in result.notes:
        table.line(note, style="dim")


def _columns(result: Drift) -> None:
    rows = result.rows
    sheet = Sheet(stands_on("Columns", result.source))
    sheet.add("column", [row.column for row in rows], is_key=True)
    sheet.add("distance", [_distance(row) for row in rows])
    sheet.add("", [row.verdict for row in rows])
    sheet.add("direction", [row.direction for row in rows])
    if result.measure:
        sheet.number(f"adds to {result.measure}", [_signed(row.cost) for row in rows])
    sheet.show()


def _parts(result: Drift) -> None:
    if not result.parts:
        return
    table.line()
    sheet = Sheet("Windows and groups")
    sheet.add("window", [part.name for part in result.parts], is_key=True)
    sheet.number("n", [numbers.count(part.n) for part in result.parts])
    sheet.add("", [part.verdict for part in result.parts])
    sheet.add("drifted", [", ".join(part.drifted) for part in result.parts])
    sheet.show()


def _performance(result: Drift) -> None:
    if not result.performance:
        return
    table.line()
    rows = result.performance
    sheet = Sheet("Performance")
    sheet.add("metric", [row.metric for row in rows], is_key=True)
    sheet.number("reference", [numbers.figure(row.reference) for row in rows])
    sheet.add(
        "estimated",
        [numbers.interval(row.estimated, row.estimated_low, row.estimated_high) for row in rows],
    )
    sheet.add("real", [numbers.interval(row.real, row.real_low, row.real_high) for row in rows])
    sheet.show()


def _distance(row: DriftRow) -> str:
    """The distance with its interval; of what a classifier tells apart, said so, its AUC."""
    shown = numbers.interval(row.effect, row.low, row.high)
    return f"AUC {shown}" if row.method == "classifier" else shown


def _signed(value: float) -> str:
    return numbers.NOTHING if math.isnan(value) else f"{value:+.4f}"
