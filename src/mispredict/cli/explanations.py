"""Explanations as tables and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.explain.dependence import Dependence
    from mispredict.explain.explanation import Explanation, ExplanationFacts, LocalExplanation
    from mispredict.explain.interacting import Interactions


def explanation(result: Explanation, limit: int) -> None:
    """Features by importance, what misleads the model, and whether it all holds."""
    sheet = Sheet(stands_on("What moves the model", result.source))
    used = [row for row in result.rows if row.importance > 0]
    rows = used[:limit] if limit else used
    sheet.add("feature", [numbers.one_line(row.feature) for row in rows], is_key=True)
    sheet.number("importance", [numbers.interval(r.importance, r.low, r.high) for r in rows])
    sheet.number("share", [numbers.percent(row.share) for row in rows])
    sheet.number("mean", [_signed(row.mean) for row in rows])
    if any(row.rest_n for row in rows):
        sheet.number("in the rest", [numbers.figure(row.rest) for row in rows])
        sheet.number(
            "difference",
            [numbers.interval(r.difference, r.difference_low, r.difference_high) for r in rows],
        )
        sheet.number("p", [numbers.chance(row.p_adjusted) for row in rows])
    else:
        sheet.number("n", [numbers.count(row.n) for row in rows])
    if len(rows) < len(used):
        sheet.note(f"{len(used) - len(rows):,} more: --limit 0 shows all.")
    unused = [row.feature for row in result.rows if not row.importance > 0]
    if unused:
        more = f" and {len(unused) - 8:,} more" if len(unused) > 8 else ""
        sheet.note(f"They move nothing: {', '.join(unused[:8])}{more}.")
    sheet.show()
    _about(result.about, result.note)
    if result.mispredictive is not None:
        table.heading(result.mispredictive.title)
        for found in result.mispredictive.rows:
            table.line(found.sentence)
        table.line(result.mispredictive.note, style="dim")
    if result.faithfulness is not None:
        table.line(result.faithfulness.sentence)


def local(result: LocalExplanation, limit: int) -> None:
    """What moved the answer for one row, from the base to the output."""
    is_named = result.id != result.row
    name = f"row {result.row}{f' ({numbers.cell(result.id)})' if is_named else ''}"
    sheet = Sheet(f"Why, for {name} · {result.source.of}")
    rows = result.rows[:limit] if limit and not result.text else result.rows
    is_token = bool(result.text)
    title = "token" if is_token else "feature"
    sheet.add(title, [numbers.one_line(row.feature) for row in rows], is_key=True)
    if not is_token:
        sheet.add("value", [numbers.cell(row.value) for row in rows])
    sheet.number("attribution", [_signed(row.attribution) for row in rows])
    if not result.about.is_exact:
        spans = [f"[{numbers.figure(row.low)}, {numbers.figure(row.high)}]" for row in rows]
        sheet.number("interval", spans)
    if len(rows) < len(result.rows):
        sheet.note(f"{len(result.rows) - len(rows):,} more: --limit 0 shows all.")
    said, label = numbers.cell(result.prediction), numbers.cell(result.label)
    sheet.note(f"Predicted {said}, labelled {label}.")
    base, output = numbers.figure(result.base), numbers.figure(result.output)
    sheet.note(f"{result.about.output}: {base} without knowing the row, {output} for it.")
    sheet.show()
    _about(result.about, "")


def dependence(result: Dependence) -> None:
    """A line per value or bin."""
    rows = result.rows
    sheet = Sheet(stands_on(f"What {result.feature} does", result.source))
    sheet.add(result.feature, [numbers.one_line(row.value) for row in rows], is_key=True)
    sheet.number(
        "attribution", [numbers.interval(row.attribution, row.low, row.high) for row in rows]
    )
    sheet.number("spread", [numbers.figure(row.spread) for row in rows])
    sheet.number("n", [numbers.count(row.n) for row in rows])
    sheet.note(f"Attributions are of the {result.output}. {result.note}".strip())
    sheet.show()


def interactions(result: Interactions) -> None:
    """A line per pair."""
    rows = result.rows
    sheet = Sheet(stands_on(result.title, result.source))
    sheet.add("feature", [row.feature for row in rows], is_key=True)
    sheet.add("with", [row.other for row in rows], is_key=True)
    sheet.number(
        result.measure, [numbers.interval(row.strength, row.low, row.high) for row in rows]
    )
    sheet.note(result.note)
    sheet.show()


def _about(about: ExplanationFacts, note: str) -> None:
    """How it was computed, on a line or two."""
    how = f"Attributions of the {about.output} by {about.method}: {about.why}."
    if not about.is_exact:
        how += f" Their 95 % intervals are ±{numbers.figure(about.sampling_error)} on average."
    table.line(how, style="dim")
    asked = (
        f"The model was asked for {counted(about.model_rows, 'row')}." if about.model_rows else ""
    )
    rest = " ".join(part for part in (asked, note) if part)
    if rest:
        table.line(rest, style="dim")


def _signed(value: float) -> str:
    text = numbers.figure(value)
    return f"+{text}" if value > 0 else text
