"""Uncertainty, conformal sets and sanity tests as tables and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet

if TYPE_CHECKING:
    from mispredict.data.doubt.conformal_results import ConformalSets
    from mispredict.data.doubt.sanity import Sanity
    from mispredict.data.doubt.uncertainty_results import Uncertainty


def uncertainty(result: Uncertainty) -> None:
    """The errors at each share of the rows, then the measures and what opens the rows."""
    sheet = Sheet(stands_on(f"Surest rows by {result.measure}", result.source))
    rows = result.rows
    sheet.number("kept", [numbers.percent(row.kept) for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number(result.metric, [numbers.interval(row.value, row.low, row.high) for row in rows])
    sheet.add("where", [row.where or "all" for row in rows], is_key=True)
    sheet.show()
    measures = Sheet("Measures, the best first")
    measures.add("measure", [row.measure for row in result.measures], is_key=True)
    measures.number(
        "AUROC of errors",
        [numbers.interval(row.auroc, row.low, row.high) for row in result.measures],
    )
    measures.number(
        "AURC",
        [numbers.interval(row.aurc, row.aurc_low, row.aurc_high) for row in result.measures],
    )
    measures.number("excess", [numbers.figure(row.excess) for row in result.measures])
    measures.show()
    if result.doubts:
        doubts = Sheet("Sure or not, right or wrong")
        doubts.add("rows", [row.name for row in result.doubts], is_key=True)
        doubts.number("n", [numbers.count(row.n) for row in result.doubts])
        doubts.number("share", [numbers.percent(row.share) for row in result.doubts])
        doubts.add("where", [row.where for row in result.doubts])
        doubts.show()
    for words in (result.note, *result.notes):
        table.line(words)


def conformal(result: ConformalSets) -> None:
    """How often sets hold the label, by cohort."""
    sheet = Sheet(stands_on(f"Conformal sets ({result.method})", result.source))
    rows = result.rows
    sheet.add("cohort", [row.cohort for row in rows], is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("holds the label", [numbers.interval(r.covered, r.low, r.high) for r in rows])
    sheet.number("size", [numbers.figure(row.size) for row in rows])
    sheet.add("verdict", [row.verdict for row in rows], is_key=True)
    sheet.show()
    for words in (result.note, *result.notes):
        table.line(words)


def sanity(result: Sanity) -> None:
    """A line per test, then what each input carries."""
    sheet = Sheet(stands_on(f"Sanity (skill is a share of the {result.skill})", result.source))
    rows = result.rows
    sheet.add("test", [row.test.replace("_", " ") for row in rows], is_key=True)
    sheet.add("verdict", [row.verdict for row in rows], is_key=True)
    sheet.number("value", [numbers.interval(row.value, row.low, row.high) for row in rows])
    sheet.add("expected", [row.expected for row in rows])
    sheet.show()
    if result.ablation:
        inputs = Sheet("Skill lost when an input is shuffled")
        inputs.add("input", [row.column for row in result.ablation], is_key=True)
        inputs.number(
            "lost", [numbers.interval(row.value, row.low, row.high) for row in result.ablation]
        )
        inputs.number("part", [numbers.percent(row.share) for row in result.ablation])
        inputs.number("changed", [numbers.percent(row.changed) for row in result.ablation])
        inputs.show()
    table.line(result.note)
    for row in rows:
        if row.verdict == "skipped":
            table.line(f"{row.test.replace('_', ' ')}: {row.sentence}", style="dim")
