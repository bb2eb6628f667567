"""The overview of an evaluation on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.report.overview import Overview
    from mispredict.report.shapes import CardRow

_MOST = 6
_MOST_CLASSES = 12
_BESIDE = ("previous", "whole", "majority", "mean")  # baselines shown beside the model
_SHOWN = (
    "metrics", "previous", "baselines", "error_classes", "slices", "cards", "tokens", "mistakes",
)  # fmt: skip
_CONSTANT = {"majority": "constant", "mean": "constant", "whole": "all rows"}


def show(view: Overview, *, most: int = _MOST) -> None:
    """Print the overview: what it says, in tables of at most `most` rows each."""
    table.heading(stands_on("Overview", view.source))
    for part in ("metrics", "previous", "baselines"):
        finding = view.finding(part)
        if finding is not None:
            table.line(f"{finding.sentence.rstrip('.')}.")
    _figures(view)
    _classes(view)
    _error_classes(view, most)
    _slices(view, most)
    _conditions(view, most)
    _mistakes(view, most)
    _sentences(view)
    for note in view.notes:
        table.line(f"Note: {note.problem}" + (f" Try: {note.hint}" if note.hint else ""))


def _figures(view: Overview) -> None:
    rows = view.figures
    sheet = Sheet()
    sheet.add("metric", [row.metric for row in rows], is_key=True)
    sheet.add("value", [numbers.interval(r.value, r.low, r.high) for r in rows], is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in rows])
    for bar in [item for item in view.baselines if item.kind in _BESIDE][:2]:
        values = {figure.metric: figure.value for figure in bar.figures}
        title = _CONSTANT.get(bar.kind, bar.name)
        sheet.number(title, [numbers.figure(values.get(row.metric)) for row in rows])
        if bar.kind == "previous" and len(values) < len(rows):
            sheet.note(f"{title} is compared on {len(values)} of the {len(rows)} metrics.")
    table.line()
    sheet.show()


def _classes(view: Overview) -> None:
    rows = view.classes[:_MOST_CLASSES]
    if len(rows) < 3:
        return  # of two classes, the metrics above say it all
    sheet = Sheet("Classes")
    sheet.add("class", [row.label for row in rows], is_key=True)
    sheet.number("n", [numbers.count(row.support) for row in rows])
    for name in ("recall", "precision", "f1"):
        cells = [_bounded(row, name) for row in rows]
        sheet.number(name, cells)
    if len(rows) < len(view.classes):
        sheet.note(f"{len(view.classes) - len(rows):,} more classes.")
    table.line()
    sheet.show()


def _bounded(row: Any, name: str) -> str:
    return numbers.interval(*(getattr(row, name + part) for part in ("", "_low", "_high")))


def _error_classes(view: Overview, most: int) -> None:
    rows = view.error_classes[:most]
    if not rows:
        return
    sheet = Sheet("Error classes")
    names = [f"{row.label} → {row.prediction}" for row in rows]
    sheet.add("label → prediction", names, is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.number("of errors", [numbers.percent(row.share_of_errors) for row in rows])
    shares = [numbers.interval(row.share_of_label, row.low, row.high) for row in rows]
    sheet.number("share of label", shares)
    table.line()
    sheet.show()


def _slices(view: Overview, most: int) -> None:
    part = view.slices
    if part is None:
        return
    table.line()
    rows = part.rows[:most]
    if rows:
        sheet = Sheet("Where it is wrong · slices confirmed on other rows")
        sheet.add("where", [row.where or row.name for row in rows], is_key=True)
        sheet.number("n", [numbers.count(row.n) for row in rows])
        sheet.number("rate", [numbers.figure(row.value) for row in rows])
        sheet.number("rest", [numbers.figure(row.rest) for row in rows])
        gaps = [numbers.interval(row.difference, row.low, row.high) for row in rows]
        sheet.number("difference", gaps)
        sheet.number("of errors", [numbers.percent(row.share_of_errors) for row in rows])
        sheet.number("gain", [numbers.figure(row.gain) for row in rows])
        sheet.number("p", [numbers.chance(row.p_adjusted) for row in rows])
        sheet.show()
    for place, row in enumerate(rows, start=1):
        table.line(f"{place}. {row.sentence}")
        if row.also:
            table.line(f"   Also: {row.also}.", style="dim")
    table.line(part.note, style="dim")


def _conditions(view: Overview, most: int) -> None:
    if view.cards is None:
        return
    found = (*view.cards.mispredictive[:most], *view.cards.mispredictive_tokens[:most])
    table.line()
    if found:
        conditions(
            found, f"More often wrong where · {counted(view.cards.tested, 'condition')} tested"
        ).show()
    else:
        table.line("Where it is wrong: no single value or word stands out beyond chance.")


def conditions(rows: Any, title: str) -> Sheet:
    """Conditions with their error rate (or mean loss), inside and outside."""
    found: list[CardRow] = list(rows)
    sheet = Sheet(title)
    sheet.add("where", [row.where for row in found], is_key=True)
    sheet.number("n", [numbers.count(row.n) for row in found])
    sheet.number("rate", [numbers.interval(row.rate, row.low, row.high) for row in found])
    sheet.number("rest", [numbers.figure(row.rest) for row in found])
    sheet.number("p", [numbers.chance(row.p_adjusted) for row in found])
    return sheet


def _mistakes(view: Overview, most: int) -> None:
    examples = view.mistakes
    if examples is None or not examples.cells:
        return
    rows = examples.cells[: min(most, 4)]
    what = "The most confident mistakes" if "confidence" in examples.columns else "The worst rows"
    sheet = Sheet(f"{what}, of {examples.total:,}")
    for place, name in enumerate(examples.columns):
        cells = [row[place] for row in rows]
        if all(isinstance(cell, float) for cell in cells) and examples.kinds[place] == "outcome":
            sheet.number(name, [numbers.figure(cell) for cell in cells])
        else:
            sheet.add(name, [numbers.cell(cell) for cell in cells])
    table.line()
    sheet.show()


def _sentences(view: Overview) -> None:
    rest = [item.sentence for item in view.findings if item.part not in _SHOWN]
    if rest:
        table.line()
    for sentence in rest:
        table.line(f"{sentence.rstrip('.')}.")
