"""Label errors, their review and consensus, as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet

if TYPE_CHECKING:
    from mispredict.data.labels.results import (
        Consensus,
        CorrectedMetrics,
        LabelDecisions,
        LabelErrors,
        LabelQueue,
    )

_MOST_PAIRS = 8


def errors(result: LabelErrors) -> None:
    """The sentence, pairs of classes, then rows with reasons."""
    table.heading(stands_on("Labels that look wrong", result.source))
    table.line(result.sentence)
    for cost in result.costs:
        table.line(cost.sentence)
    for warning in result.warnings:
        table.line(f"Caution: {warning}")
    if result.review.reviewed:
        share = numbers.interval(result.review.share, result.review.low, result.review.high)
        table.line(f"Of {result.review.reviewed:,} reviewed, wrong: {share}.")
    for pair in result.pairs[:_MOST_PAIRS]:
        table.line(f"- {pair.sentence}")
    for group in result.groups[:_MOST_PAIRS]:
        table.line(f"- {group.sentence}")
    if not result.rows:
        return
    sheet = Sheet()
    sheet.number("row", [str(row.row) for row in result.rows])
    sheet.add("id", [numbers.cell(row.id) for row in result.rows])
    sheet.add("given", [numbers.cell(row.given) for row in result.rows], is_key=True)
    sheet.add("suggested", [numbers.cell(row.suggested) for row in result.rows], is_key=True)
    sheet.number("given has", [numbers.percent(row.score) for row in result.rows])
    sheet.add("decision", [row.decision for row in result.rows])
    sheet.add("why", [row.reason for row in result.rows])
    left = result.flagged - len(result.rows)
    sheet.note(f"{left:,} more: --limit {result.flagged} shows all." if left > 0 else "")
    sheet.note(f"All of them: mispredict rows --where {result.where!r}" if result.where else "")
    sheet.show()


def queue(result: LabelQueue) -> None:
    """The next rows, each with its reason and inputs."""
    table.heading(stands_on("Labels to review", result.source))
    table.line(f"{result.done:,} of {result.total:,} decided, {result.left:,} left.")
    for row in result.rows:
        drawn = " (drawn)" if row.kind == "audit" else ""
        table.line(f"row {row.row}{drawn}: ‘{row.given}’, or ‘{row.suggested}’? {row.reason}")
        parts = [f"{name}: {numbers.cell(value)}" for name, value in row.inputs]
        table.line(f"    {' · '.join(parts)}", style="dim")
    if result.rows:
        table.line("mispredict data labels decide ROW keep|relabel|unsure", style="dim")


def decisions(result: LabelDecisions) -> None:
    """A line per decision."""
    sheet = Sheet(f"Decisions about labels · {result.dataset}")
    sheet.number("row", [str(row.row) for row in result.rows])
    sheet.add("id", [numbers.cell(row.id) for row in result.rows])
    sheet.add("given", [numbers.cell(row.given) for row in result.rows], is_key=True)
    sheet.add("decision", [row.decision for row in result.rows], is_key=True)
    sheet.add("label", [numbers.cell(row.label) for row in result.rows], is_key=True)
    sheet.add("who", [row.who for row in result.rows])
    sheet.add("when", [row.when for row in result.rows])
    sheet.add("note", [row.note for row in result.rows])
    sheet.note(result.sentence)
    sheet.note(f"Version: {result.version}" if result.version else "")
    sheet.show()


def corrected(result: CorrectedMetrics) -> None:
    """A line per metric: by the given labels, by the decided ones, corrected."""
    sheet = Sheet(stands_on("Metrics corrected for wrong labels", result.source))
    rows = result.rows
    sheet.add("metric", [row.metric for row in rows], is_key=True)
    sheet.add("as labelled", [numbers.interval(r.value, r.low, r.high) for r in rows])
    if result.reviewed:
        sheet.add(
            "as decided",
            [numbers.interval(r.relabelled, r.relabelled_low, r.relabelled_high) for r in rows],
        )
    sheet.add(
        "corrected",
        [numbers.interval(r.corrected, r.corrected_low, r.corrected_high) for r in rows],
        is_key=True,
    )
    sheet.add(
        "difference",
        [numbers.interval(r.difference, r.difference_low, r.difference_high) for r in rows],
    )
    sheet.note(result.sentence)
    sheet.note(f"It assumes: {result.assumes}")
    for warning in result.warnings:
        sheet.note(f"Caution: {warning}")
    sheet.show()


def consensus(result: Consensus) -> None:
    """Agreement, people, then the rows in doubt."""
    table.heading(f"Consensus · {result.dataset}")
    table.line(result.sentence)
    for warning in result.warnings:
        table.line(f"Caution: {warning}")
    sheet = Sheet()
    sheet.add("agreement", [row.measure for row in result.agreement], is_key=True)
    sheet.add("between", [row.between for row in result.agreement])
    sheet.add("value", [numbers.interval(r.value, r.low, r.high) for r in result.agreement])
    sheet.number("n", [numbers.count(row.n) for row in result.agreement])
    sheet.show()
    if result.annotators:
        people = result.annotators
        sheet = Sheet()
        sheet.add("annotator", [row.annotator for row in people], is_key=True)
        sheet.number("votes", [numbers.count(row.n) for row in people])
        sheet.number("right", [numbers.percent(row.quality) for row in people])
        shares = [numbers.interval(r.accuracy, r.low, r.high) for r in people]
        sheet.add("agrees with the others", shares)
        sheet.add("habit", [row.sentence for row in people])
        sheet.show()
    sheet = Sheet("Least certain")
    sheet.number("row", [str(row.row) for row in result.rows])
    sheet.add("id", [numbers.cell(row.id) for row in result.rows])
    sheet.add("consensus", [numbers.cell(row.label) for row in result.rows], is_key=True)
    sheet.number("probability", [numbers.percent(row.probability) for row in result.rows])
    sheet.number("votes", [numbers.count(row.votes) for row in result.rows])
    sheet.add("given", [numbers.cell(row.given) for row in result.rows])
    sheet.show()
