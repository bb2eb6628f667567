"""What a model said of changed rows, as tables and sentences for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mispredict.cli import numbers, table
from mispredict.cli.output import stands_on
from mispredict.cli.table import Sheet

if TYPE_CHECKING:
    from mispredict.explain.what_if import WhatIf


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
        differences = "; ".join(map(str, near.differences))
        table.line(f"Nearest row with another prediction ({near.prediction}): row {near.row:,}.")
        table.line(f"It differs in {differences}.", style="dim")
    elif result.note:
        table.line(result.note, style="dim")


def _called(result: WhatIf) -> str:
    name = "" if result.id == result.row else f" (id {result.id})"
    label = "" if result.label is None else f", label {result.label}"
    return f"row {result.row:,}{name}{label}"


def _said(prediction: object, is_flipped: bool) -> str:
    return f"{prediction}{' ←' if is_flipped else ''}"
