"""An overview as Markdown, for pull requests and chats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from mispredict.report.wording import (
    chance,
    clip,
    count,
    harmless,
    interval_of,
    metric_name,
    number,
    plural,
    points,
    share,
    shares,
    span,
    value_of,
)

if TYPE_CHECKING:
    from mispredict.report.overview import Overview

_SHOWN = 5
_LONGEST = 160
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>|#~])")


def render_markdown(view: Overview) -> str:
    """The findings, metrics and worst conditions; a few kilobytes whatever the rows."""
    parts = (_heading, _findings, _metrics, _slices, _conditions, _error_classes, _notes, _about)
    blocks = ("\n".join(part(view)) for part in parts)
    return harmless("\n\n".join(block for block in blocks if block)) + "\n"


def _heading(view: Overview) -> Iterator[str]:
    quality = view.finding("metrics")
    yield f"## {_text(quality.sentence if quality else view.source.of)}"
    yield ""
    about = f"{_code(view.source.of)} · {plural(view.source.n, 'row')} · {view.task.kind}"
    yield f"{about} · where {_code(view.source.where)}" if view.source.where else about
    if view.warning:
        yield ""
        yield f"> **{_text(view.warning)}**"


def _findings(view: Overview) -> Iterator[str]:
    for item in view.in_short:
        if item.part not in ("metrics", "baselines" if view.warning else ""):
            yield f"- {_text(item.sentence)}"


def _metrics(view: Overview) -> Iterator[str]:
    if not view.figures:
        return
    kinds = ("whole", "previous", "majority", "mean")
    bars = [item for kind in kinds for item in view.baselines if item.kind == kind][:2]
    titles = [_text(item.name) for item in bars]
    table = [["metric", "value", "95 % interval", "n", *titles]]
    for figure in view.figures:
        beside = [
            next((value_of(f) for f in item.figures if f.metric == figure.metric), "")
            for item in bars
        ]
        own = [_text(metric_name(figure.metric)), f"**{value_of(figure)}**", interval_of(figure)]
        table.append([*own, count(figure.n), *beside])
    yield from _table(table)


def _slices(view: Overview) -> Iterator[str]:
    part = view.slices
    if part is None:
        return
    if part.rows:
        is_rate = part.objective == "error"
        show = share if is_rate else number
        value = "wrong" if is_rate else "mean loss"
        head = ["where it is wrong", value, "elsewhere", "95 % interval of the difference"]
        table = [[*head, "of errors" if is_rate else "of the loss", "gain", "p", "n"]]
        for row in part.rows[:_SHOWN]:
            more = points(row.low, row.high) if is_rate else span(row.low, row.high)
            cells = [show(row.value), show(row.rest), more, share(row.share_of_errors)]
            p = chance(row.p_adjusted).removeprefix("p ").removeprefix("= ")
            name = _code(row.where or row.name)
            table.append([name, *cells, number(row.gain), p.replace("<", "&lt;"), count(row.n)])
        yield from _table(table)
        yield ""
    yield _text(part.note)


def _conditions(view: Overview) -> Iterator[str]:
    if view.cards is None:
        return
    rows = view.cards.mispredictive[:_SHOWN] + view.cards.mispredictive_tokens[:_SHOWN]
    if not rows:
        return
    is_share = bool(view.task.n_classes)
    show = share if is_share else number
    table = [
        [
            "single condition",
            "wrong" if is_share else "mean loss",
            "95 % interval",
            "elsewhere",
            "n",
        ]
    ]
    for card in rows:
        between = shares(card.low, card.high) if is_share else span(card.low, card.high)
        where = _code(card.where or f"{card.column} {card.value}")
        table.append([where, show(card.rate), between, show(card.rest), count(card.n)])
    yield from _table(table)


def _error_classes(view: Overview) -> Iterator[str]:
    if not view.error_classes:
        return
    table = [["label → prediction", "rows", "of errors", "of label", "95 % interval"]]
    for row in view.error_classes[:_SHOWN]:
        name = f"{_text(row.label)} → {_text(row.prediction)}"
        parts = [count(row.n), share(row.share_of_errors), share(row.share_of_label)]
        table.append([name, *parts, shares(row.low, row.high)])
    yield from _table(table)


def _notes(view: Overview) -> Iterator[str]:
    for note in view.notes[:_SHOWN]:
        hint = f" Try: {_code(note.hint)}" if note.hint else ""
        yield f"> {_text(note.problem)}{hint}"


def _about(view: Overview) -> Iterator[str]:
    facts = view.about
    hashes = (("data", facts.dataset_hash), ("model", facts.model_hash))
    known = ", ".join(f"{name} `{value[:12]}`" for name, value in hashes if value)
    yield f"<sub>mispredict {facts.mispredict}, {facts.made_at[:10]}; {known}</sub>"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    head, *body = rows
    yield f"| {' | '.join(head)} |"
    yield f"|---|{'--:|' * (len(head) - 1)}"
    for row in body:
        yield f"| {' | '.join(row)} |"


def _text(value: str) -> str:
    """Plain text: what Markdown, HTML or a mention would read into it is taken away."""
    escaped = _SPECIAL.sub(r"\\\1", clip(value, _LONGEST * 2))
    return re.sub(r"(?<!\w)@(?=\w)", "@\u200b", escaped)


def _code(value: str) -> str:
    """Text in a code span, which cannot hold a backtick or, in a table, a bar."""
    safe = clip(value, _LONGEST).replace("`", "'").replace("|", "\\|")
    return f"`{safe or ' '}`"
