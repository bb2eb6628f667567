"""How the page writes slices: as error rates in percent, or else as mean losses."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from mispredict.report import wording
from mispredict.report.shapes import FoundSlice

if TYPE_CHECKING:
    from mispredict.report.overview import Overview

_LONGEST_HEADING = 160


def slice_words(view: Overview) -> dict[str, Any]:
    """The names for slices that the templates use."""
    rows = view.slices.rows if view.slices is not None else ()
    is_rate = view.slices is not None and view.slices.objective == "error"
    return {
        "wrong_heading": _heading(view, is_rate=is_rate),
        "slice_rate": wording.share if is_rate else wording.number,
        "slice_value": "wrong inside" if is_rate else "mean loss inside",
        "slice_total": "of all errors" if is_rate else "of all loss",
        "slice_gap": lambda row: _gap(row, is_rate=is_rate),
        "slice_gain": lambda row: _gain(row, is_rate=is_rate),
        "slices_end": max(map(_end, rows), default=1.0) * 1.02,
    }


def _heading(view: Overview, *, is_rate: bool) -> str:
    """The worst slice in a few words, or else the worst condition, or else that there is none."""
    if view.slices is None or not view.slices.rows:
        found = view.finding("cards") or view.finding("tokens") or view.finding("slices")
        return found.sentence if found is not None else "Conditions"
    worst = view.slices.rows[0]
    where = f"Where {wording.clip(worst.name, _LONGEST_HEADING)}"
    if is_rate:
        return f"{where}: {wording.share(worst.value)} wrong, {wording.share(worst.rest)} elsewhere"
    return (
        f"{where}: mean loss {wording.number(worst.value)}, {wording.number(worst.rest)} elsewhere"
    )


def _gap(row: FoundSlice, *, is_rate: bool) -> str:
    write = wording.points if is_rate else wording.span
    return f"{write(row.low, row.high)} more"


def _gain(row: FoundSlice, *, is_rate: bool) -> str:
    if is_rate:
        return f"{wording.count(row.gain)} errors fewer if as good"
    return f"{wording.number(row.gain)} less loss if as good"


def _end(row: FoundSlice) -> float:
    """How far the bar and the interval of a slice reach."""
    reach = (row.value, row.rest, row.rest + row.high)
    return max((value for value in reach if math.isfinite(value)), default=1.0)
