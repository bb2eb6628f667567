"""Perturbed rows, advice and made-up rows as tables and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.perturb.advice import AugmentationAdvice
    from mispredict.perturb.catalog import Catalog
    from mispredict.perturb.fills import Fills
    from mispredict.perturb.perturbed import Perturbed
    from mispredict.perturb.synthesis_report import Synthetic


def perturbed(result: Perturbed, show: int) -> None:
    """How many predictions changed, then the rows, those with another prediction first."""
    sheet = Sheet(stands_on(f"Perturbed by {result.perturbation}", result.source))
    rows = result.rows[:show]
    records = result.records()[:show]
    sheet.number("row", [f"{row.row:,}" for row in rows])
    sheet.add("before", [numbers.one_line(item["before"]) for item in records])
    sheet.add("after", [numbers.one_line(item["after"]) for item in records], is_key=True)
    sheet.add("label", [numbers.cell(row.label) for row in rows])
    said = [
        f"{row.prediction} → {row.prediction_after}" if row.flipped else str(row.prediction_after)
        for row in rows
    ]
    sheet.add("prediction", said, is_key=True)
    sheet.number("p before", [numbers.figure(row.probability) for row in rows])
    sheet.number("p after", [numbers.figure(row.probability_after) for row in rows])
    sheet.show()
    table.line(result.sentence)
    if result.accuracy == result.accuracy:
        before, after = numbers.percent(result.accuracy), numbers.percent(result.accuracy_after)
        table.line(f"Accuracy on these rows: {before} before, {after} after.")
    if result.note:
        table.line(result.note, style="dim")


def advice(result: AugmentationAdvice) -> None:
    """A line per perturbation and strength, then what follows and the warnings."""
    sheet = Sheet(stands_on("Augmentation advice", result.source))
    rows = result.rows
    sheet.add("perturbation", [row.perturbation for row in rows], is_key=True)
    sheet.number("strength", [f"{row.strength:g}" for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("realism", [numbers.figure(row.realism, 2) for row in rows])
    sheet.number("clear", [numbers.percent(row.clear) for row in rows])
    sheet.number("error", [numbers.percent(row.error) for row in rows])
    sheet.number("rise", [numbers.interval(row.rise, row.low, row.high) for row in rows])
    sheet.add("verdict", [row.verdict for row in rows], is_key=True)
    sheet.show()
    for row in result.worth_adding:
        table.line(row.sentence)
    if not result.worth_adding:
        table.line("Nothing that was tried is worth adding.")
    for warning in result.warnings:
        table.line(f"Warning: {warning}", style="dim")


def fills(result: Fills, show: int) -> None:
    """The rows of a template."""
    sheet = Sheet(f"Template · {counted(len(result), 'row')}")
    rows = result.rows[:show]
    for name in result.columns_made:
        sheet.add(name, [numbers.cell(row.values.get(name)) for row in rows], is_key=True)
    if any(row.label is not None for row in rows):
        sheet.add("label", [numbers.cell(row.label) for row in rows])
    if result.vary:
        sheet.number("set", [numbers.count(row.set) for row in rows])
    if len(rows) < len(result):
        sheet.note(f"{len(result) - len(rows):,} more: --out FILE writes all.")
    sheet.show()


def synthetic(result: Synthetic, show: int) -> None:
    """Quality by column, the sentence, the warnings and some rows."""
    sheet = Sheet(stands_on("Synthetic rows", result.source))
    sheet.add("column", [row.column for row in result.rows], is_key=True)
    sheet.add("kind", [row.kind for row in result.rows])
    sheet.number("similarity", [numbers.figure(row.similarity, 3) for row in result.rows])
    sheet.number("real rows", [numbers.figure(row.control, 3) for row in result.rows])
    sheet.number("missing", [numbers.percent(row.missing_made) for row in result.rows])
    sheet.show()
    table.line(result.sentence)
    if result.left_out:
        table.line(f"Left out: {', '.join(result.left_out)}.", style="dim")
    for warning in result.warnings:
        table.line(f"Warning: {warning}")
    rows = result.frame.head(show)
    made = Sheet("Rows")
    for name in rows.columns:
        made.add(str(name), [numbers.cell(value) for value in rows[name].tolist()])
    made.show()


def catalog(result: Catalog) -> None:
    """The perturbations there are."""
    sheet = Sheet("Perturbations")
    sheet.add("name", [row.name for row in result.rows], is_key=True)
    sheet.add("on", [row.on for row in result.rows])
    sheet.add("label", ["kept" if row.keeps_label else "may change" for row in result.rows])
    sheet.add("what", [row.summary for row in result.rows])
    sheet.show()
