"""What a model said of changed rows, as tables and sentences for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.explain.counterfactuals.results import Counterfactuals
    from mispredict.explain.text_changes.text_changes import TextEdits
    from mispredict.explain.what_if.what_if import WhatIf


def what_if(result: WhatIf) -> None:
    """A line per variant, then the nearest row with another prediction."""
    sheet = Sheet(stands_on(f"What if, {_called(result)}", result.source))
    rows = result.rows
    sheet.add("changes", [row.name for row in rows], is_key=True)
    sheet.add("prediction", [_said(row.prediction, row.is_flipped) for row in rows])
    for at, chance in enumerate(rows[0].probabilities):
        values = [numbers.figure(row.probabilities[at].value) for row in rows]
        sheet.number(f"p({chance.name})", values)
    sheet.number("loss", [numbers.figure(row.loss) for row in rows])
    sheet.show()
    for row in rows:
        if row.note:
            table.line(f"{row.name}: {row.note}", style="dim")
    near = result.nearest
    if near is not None:
        table.line(f"Nearest row with another prediction ({near.prediction}): row {near.row:,}.")
        table.line(f"It differs in {first_of(near.differences)}.", style="dim")
    if result.note:
        table.line(result.note, style="dim")


def first_of(differences: Sequence[object], most: int = 6) -> str:
    """The first differences in one line, and how many more there are."""
    shown = "; ".join(map(str, differences[:most]))
    left = len(differences) - most
    return f"{shown}; and {left:,} more" if left > 0 else shown


def counterfactuals(result: Counterfactuals) -> None:
    """A line per counterfactual, then how often there was one and what it took."""
    sheet = Sheet(stands_on(f"Counterfactuals to {result.target}", result.source))
    rows = result.rows
    sheet.add("row", [f"{row.row:,}" for row in rows], is_key=True)
    sheet.add("changes", [row.name for row in rows], is_key=True)
    sheet.add("prediction", [f"{row.before} → {row.prediction}" for row in rows])
    sheet.number("p", [numbers.figure(row.probability) for row in rows])
    sheet.number("distance", [numbers.figure(row.distance) for row in rows])
    sheet.number("plausibility", [numbers.figure(row.plausibility) for row in rows])
    sheet.number("most like row", [numbers.count(row.nearest) for row in rows])
    sheet.show()
    _close(result, "has a counterfactual", "have a counterfactual")


def text_edits(result: TextEdits) -> None:
    """A line per edited text, then how often it worked and what it took."""
    sheet = Sheet(stands_on(f"Text edits to {result.target}", result.source))
    rows = result.rows
    sheet.add("row", [f"{row.row:,}" for row in rows], is_key=True)
    sheet.add("edits", [row.name for row in rows], is_key=True)
    sheet.add("prediction", [f"{row.before} → {row.prediction}" for row in rows])
    sheet.number("similarity", [numbers.figure(row.similarity) for row in rows])
    sheet.number("queries", [numbers.count(row.queries) for row in rows])
    sheet.add("text", [row.edited for row in rows])
    sheet.show()
    how = f"with edits ({', '.join(result.kinds)})"
    _close(result, f"changes {how}", f"change {how}")


def _close(result: Counterfactuals | TextEdits, one: str, many: str) -> None:
    if result.asked:
        what = one if result.asked == 1 else many
        share = numbers.interval(result.success, result.low, result.high)
        table.line(f"{result.found:,} of {counted(result.asked, 'row')} {what}: {share}.")
    asked = result.queries
    table.line(
        f"The model was asked about {counted(asked.rows, 'row')} in "
        f"{counted(asked.calls, 'call')}, {asked.seconds:.1f} of {result.seconds:.1f} s.",
        style="dim",
    )
    if result.note:
        table.line(result.note, style="dim")


def _called(result: WhatIf) -> str:
    name = "" if result.id == result.row else f" (id {result.id})"
    label = "" if result.label is None else f", label {result.label}"
    return f"row {result.row:,}{name}{label}"


def _said(prediction: object, is_flipped: bool) -> str:
    return f"{prediction}{' ←' if is_flipped else ''}"
