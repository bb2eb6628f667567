"""An overview as plain text for a terminal, at most 100 columns wide."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mispredict.core.words import counted
from mispredict.report.wording import (
    chance,
    count,
    harmless,
    interval_of,
    metric_name,
    number,
    plural,
    share,
    shares,
    value_of,
)

if TYPE_CHECKING:
    from mispredict.report.overview import Overview

WIDTH = 100
_SHOWN = 5
_MOST_SLICES = 3
_LONGEST = 500
_WORST = ("slices", "cards", "tokens")


def render_text(view: Overview) -> str:
    """The summary that a terminal shows."""
    lines = (_cut(harmless(line).replace("\u00a0", " ")) for line in _lines(view))
    return "\n".join(lines)


def _lines(view: Overview) -> Iterator[str]:
    yield from _heading(view)
    yield from _metrics(view)
    yield from _warnings(view)
    yield from _error_classes(view)
    yield from _slices(view)
    yield from _conditions(view)
    yield from _quantiles(view)
    yield from _notes(view)
    yield from _next(view)


def _heading(view: Overview) -> Iterator[str]:
    source, task = view.source, view.task
    many = f", {counted(task.n_classes, 'class', 'classes')}" if task.n_classes > 2 else ""
    yield f"{source.of} · {plural(source.n, 'row')} · {task.kind}{many}"
    if source.where:
        yield f"where {source.where}"
    quality = view.finding("metrics")
    if quality is not None:
        yield f"{quality.sentence}."


def _metrics(view: Overview) -> Iterator[str]:
    if not view.figures:
        return
    yield ""
    bars = [
        item for item in view.baselines if item.kind in ("previous", "whole", "majority", "mean")
    ]
    bars = bars[:2]
    titles = [_title(item.kind, item.name) for item in bars]
    table = [["metric", "value", "95 % interval", "n", *titles]]
    for figure in view.figures:
        beside = [
            next((value_of(f) for f in item.figures if f.metric == figure.metric), "")
            for item in bars
        ]
        row = [metric_name(figure.metric), value_of(figure), interval_of(figure)]
        table.append([*row, count(figure.n), *beside])
    yield from columns(table, right=range(1, 4 + len(bars)))


def _title(kind: str, name: str) -> str:
    return {"majority": "constant", "mean": "constant", "whole": "all rows"}.get(kind, name)


def _warnings(view: Overview) -> Iterator[str]:
    for part in ("previous", "baselines"):
        found = view.finding(part)
        if found is not None:
            yield ""
            yield from _wrapped(f"{found.sentence.rstrip('.')}.", "! " if view.warning else "  ")


def _error_classes(view: Overview) -> Iterator[str]:
    if not view.error_classes:
        return
    yield ""
    yield "Error classes"
    table = [["label → prediction", "rows", "of errors", "of label", "95 % interval"]]
    for row in view.error_classes[:_SHOWN]:
        name = f"{shorten(row.label, 24)} → {shorten(row.prediction, 24)}"
        parts = [count(row.n), share(row.share_of_errors), share(row.share_of_label)]
        table.append([name, *parts, shares(row.low, row.high)])
    yield from columns(table, right=range(1, 5))


def _slices(view: Overview) -> Iterator[str]:
    part = view.slices
    if part is None:
        return
    yield ""
    yield "Where it is wrong"
    for place, row in enumerate(part.rows[:_MOST_SLICES], start=1):
        yield from _wrapped(row.sentence, f"  {place}. ", most=_LONGEST)
        where = shorten(row.where, 78) if row.where else ""
        yield "     " + " · ".join(filter(None, (where, chance(row.p_adjusted))))
    if len(part.rows) > _MOST_SLICES:
        yield f"  {len(part.rows) - _MOST_SLICES} more: ev.slices()"
    yield from _wrapped(part.note, "  ")


def _conditions(view: Overview) -> Iterator[str]:
    if view.cards is None:
        return
    chosen = view.cards.mispredictive[:_SHOWN] + view.cards.mispredictive_tokens[:_SHOWN]
    yield ""
    title = "Single conditions" if view.slices is not None else "Where it is wrong"
    if not chosen:
        yield f"{title}: no single value or word stands out beyond chance."
        return
    is_share = view.task.kind in ("binary", "multiclass", "multilabel")
    show = share if is_share else number
    yield title
    table = [["condition", "rows", "wrong" if is_share else "loss", "95 % interval", "elsewhere"]]
    for card in chosen:
        interval = shares(card.low, card.high) if is_share else _range(card.low, card.high)
        figures = [count(card.n), show(card.rate), interval, show(card.rest)]
        table.append([shorten(card.where, 50), *figures])
    yield from columns(table, right=range(1, 5))


def _range(low: float, high: float) -> str:
    return f"{number(low)} – {number(high)}"


def _quantiles(view: Overview) -> Iterator[str]:
    if view.spread is None or not view.spread.residual_quantiles:
        return
    yield ""
    yield "Residual (label − prediction) by share of rows"
    found = view.spread.residual_quantiles
    table = [[share(q.q, 0) for q in found], [number(q.value) for q in found]]
    yield from columns(table, right=range(len(found)))


def _notes(view: Overview) -> Iterator[str]:
    if view.notes:
        yield ""
    for note in view.notes[:_SHOWN]:
        yield from _wrapped(note.problem, "! ")
        if note.hint:
            yield from _wrapped(f"Try: {note.hint}", "    ")


def _next(view: Overview) -> Iterator[str]:
    yield ""
    yield "Next"
    where = next((f.where for f in view.findings if f.part in _WORST and f.where), "")
    shown = f"where={where!r}" if where and len(where) < 50 else "where=…"
    steps = (
        ("the mistakes", "ev.mistakes()"),
        ("rows of a cohort", f"ev.rows({shown})"),
        ("metrics by a column", "ev.metrics(by='a column')"),
        ("all of this as a page", "ev.report('report.html')"),
    )
    yield from columns([[f"  {what}", call] for what, call in steps])


def columns(table: Sequence[Sequence[str]], right: Sequence[int] = ()) -> Iterator[str]:
    """Lines of a table whose first row is its heading; columns of `right` are aligned right."""
    widths = [max(width(row[i]) for row in table) for i in range(len(table[0]))]
    for row in table:
        cells = (
            _pad(cell, size, is_right=i in right)
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        )
        yield ("  " + "  ".join(cells)).rstrip()


def width(text: str) -> int:
    """Columns that the text takes in a terminal."""
    return sum(
        0
        if unicodedata.category(c) in ("Mn", "Me", "Cf")
        else 1 + (unicodedata.east_asian_width(c) in "WF")
        for c in text
    )


def shorten(text: str, most: int) -> str:
    """The text in at most `most` columns, on one line."""
    line = " ".join(text.split())
    if width(line) <= most:
        return line
    while width(line) > most - 1:
        line = line[:-1]
    return line + "…"


def _pad(cell: str, size: int, *, is_right: bool) -> str:
    gap = " " * (size - width(cell))
    return gap + cell if is_right else cell + gap


def _wrapped(text: str, bullet: str, most: int | None = None) -> Iterator[str]:
    yield from textwrap.wrap(
        text if most is None else shorten(text, most),
        WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
    )


def _cut(line: str) -> str:
    return line if width(line) <= WIDTH else shorten_end(line)


def shorten_end(line: str) -> str:
    """The line cut at the right edge."""
    while width(line) > WIDTH - 1:
        line = line[:-1]
    return line + "…"
