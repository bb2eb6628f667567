"""Findings as tables and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet

if TYPE_CHECKING:
    from mispredict.cohorts.advice import FeatureAdvice
    from mispredict.cohorts.clusters import Clusters
    from mispredict.cohorts.map import EmbeddingMap
    from mispredict.cohorts.priorities import Priorities
    from mispredict.cohorts.tree import ErrorTree


def tree(result: ErrorTree) -> None:
    """The tree drawn with lines, then the worst leaf as a cohort."""
    table.heading(stands_on("Error tree", result.source))
    for text in result.text().splitlines():
        table.line(text)
    if len(result.rows) > 1:
        table.line(f"Worst: {result.leaves[0].where}")
    table.line(result.note, style="dim")


def clusters(result: Clusters) -> None:
    """A sentence per cluster."""
    table.heading(stands_on("Clusters of errors", result.source))
    for row in result.rows:
        table.line(row.sentence)
    table.line(result.note, style="dim")


def map_(result: EmbeddingMap) -> None:
    """What the map shows and stands on; the points are in the JSON."""
    table.heading(stands_on("Map", result.source))
    table.line(result.note)
    left, low, right, high = result.bounds
    table.line(f"map_x from {left:g} to {right:g}, map_y from {low:g} to {high:g}", style="dim")


def priorities(result: Priorities) -> None:
    """The table of tags, a sentence for each that has something to gain, and how it is sorted."""
    sheet = Sheet(stands_on("What to work on first", result.source))
    rows = result.rows
    if rows:
        sheet.add("tag", [row.tag for row in rows], is_key=True)
        sheet.number("n", [numbers.count(row.n) for row in rows])
        sheet.number("of data", [numbers.percent(row.share_of_data) for row in rows])
        sheet.number("of errors", [numbers.percent(row.share_of_errors) for row in rows])
        sheet.number(result.metric, [numbers.figure(row.value) for row in rows])
        sheet.number("ceiling", [numbers.figure(row.ceiling) for row in rows])
        sheet.number("gap", [numbers.figure(row.gap) for row in rows])
        sheet.number("gain", [numbers.interval(row.gain, row.low, row.high) for row in rows])
        sheet.number("ease", [numbers.count(row.ease) for row in rows])
        sheet.number("importance", [numbers.count(row.importance) for row in rows])
        sheet.add("note", [row.note for row in rows])
        sheet.show()
    for row in rows:
        if row.gain > 0:
            table.line(row.sentence)
    table.line(result.explanation, style="dim")


def advice(result: FeatureAdvice) -> None:
    """A sentence per column."""
    table.heading(stands_on("Columns that explain the errors but are no inputs", result.source))
    for row in result.rows:
        table.line(row.sentence)
    table.line(result.note, style="dim")
