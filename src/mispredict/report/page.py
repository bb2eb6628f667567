"""What the templates are given: the overview, its charts, and how values are written."""

from __future__ import annotations

import base64
import hashlib
import math
import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from mispredict.core.words import counted
from mispredict.report import wording
from mispredict.report.charts.bars import rate_bar, share_bar, slice_bar, whisker
from mispredict.report.charts.histogram import histogram
from mispredict.report.charts.lines import curves, reliability, threshold_costs
from mispredict.report.charts.matrix import heat_map
from mispredict.report.shapes import Baseline, CardRow, Examples, Figure
from mispredict.report.slice_words import slice_words

if TYPE_CHECKING:
    from mispredict.report.overview import Overview

_ANCHORS = {
    "metrics": "metrics",
    "previous": "metrics",
    "baselines": "metrics",
    "classes": "classes",
    "error_classes": "errors",
    "slices": "cards",
    "cards": "cards",
    "tokens": "tokens",
    "mistakes": "mistakes",
    "calibration": "confidence",
    "curves": "confidence",
    "threshold": "confidence",
    "spread": "confidence",
}
_LONG_NUMBER = re.compile(r"(?<![\w'.])-?\d+\.\d{5,}(?![\w'.])")
_CONSTANT = ("majority", "mean")
_CELL_STYLE = (
    ".mp-cell { padding: 1rem 1.2rem; border: 1px solid var(--line); border-radius: 12px; }"
)


def context(view: Overview) -> dict[str, Any]:
    """The names that the templates use."""
    style, script = _asset("style.css") + _asset("page.css"), _asset("page.js")
    return {
        "view": view,
        "w": wording,
        "style": Markup(style),
        "fragment_style": Markup(_asset("style.css") + _CELL_STYLE),
        "script": Markup(script),
        "policy": _policy(style, script),
        "headline": _headline(view),
        "made_day": _day(view.about.made_at),
        "summary": [item for item in view.in_short if item.part != "metrics"],
        "anchors": _ANCHORS,
        "contents": _contents(view),
        "about": _about(view),
        "cut": cut,
        **_charts(view),
        **_words(view),
        **slice_words(view),
    }


def cut(text: str, most: int) -> str:
    """The text, cut where it is long."""
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def highlighted(text: str, tokens: Sequence[str]) -> Markup:
    """The escaped text with each of the tokens marked where it stands alone."""
    words = sorted((re.escape(token) for token in tokens if token.strip("'")), key=len)
    if not words:
        return escape(text)
    pattern = re.compile(rf"(?<![\w'])({'|'.join(reversed(words))})(?![\w'])", re.IGNORECASE)
    parts = pattern.split(text)
    return Markup("").join(
        Markup("<mark>{}</mark>").format(part) if index % 2 else escape(part)
        for index, part in enumerate(parts)
    )


def _charts(view: Overview) -> dict[str, Any]:
    bars = _beside(view)

    def marks(figure: Figure) -> list[tuple[str, float]]:
        return [
            ("constant" if item.kind in _CONSTANT else "previous", found.value)
            for item in bars
            for found in item.figures
            if found.metric == figure.metric
        ]

    return {
        "bars": bars,
        "marks": marks,
        "whisker": whisker,
        "rate_bar": rate_bar,
        "slice_bar": slice_bar,
        "share_bar": share_bar,
        "heat_map": heat_map,
        "reliability": reliability,
        "curves": curves,
        "threshold_costs": threshold_costs,
        "histogram": histogram,
        "largest": _largest,
    }


def _words(view: Overview) -> dict[str, Any]:
    is_share = bool(view.task.n_classes)
    rate = wording.share if is_share else wording.number
    tokens = [card.value for card in view.cards.mispredictive_tokens] if view.cards else []

    def cell(table: Examples, place: int, value: Any) -> Markup:
        return _cell(table, place, value, tokens)

    def bar_key(kind: str) -> Markup:
        what = "wrong inside" if is_share else "mean loss inside"
        return Markup(
            '<div class="key"><span class="k-{}">{}</span>'
            '<span class="k-whisker">95 % interval</span>'
            '<span class="k-rest">elsewhere</span></div>'
        ).format(kind, what)

    def span(low: float, high: float) -> str:
        return wording.shares(low, high) if is_share else wording.span(low, high)

    return {
        "rate": rate,
        "span": span,
        "span_of": wording.span,
        "cell": cell,
        "is_numeric": _is_numeric,
        "bar_key": bar_key,
        "named": _named,
        "rounded": _rounded,
        "lift": _lift,
        "short": _short,
        "beside": _value_beside,
        "cards_lead": _cards_lead(view),
        "loss_title": "log loss" if view.curves else "loss",
        "mistakes_title": _mistakes_title(view),
        "mistakes_lead": "Words that go with being wrong are marked." if tokens else "",
    }


def _headline(view: Overview) -> tuple[str, str]:
    """What the page says first, and its interval."""
    found = view.finding("metrics")
    if found is None:
        return "Predictions without a judgement", ""
    sentence, _, interval = found.sentence.partition(" (")
    return sentence, interval.rstrip(")")


def _beside(view: Overview) -> list[Baseline]:
    """What stands beside the metrics: all rows, the model before, and a constant."""
    kinds = ("whole", "previous", *_CONSTANT)
    return [item for kind in kinds for item in view.baselines if item.kind == kind]


def _short(item: Baseline) -> str:
    return {"whole": "all rows", "majority": "constant", "mean": "constant"}.get(
        item.kind, wording.quoted(item.name, 24).strip("“”")
    )


def _value_beside(item: Baseline, figure: Figure) -> str:
    return next((wording.value_of(f) for f in item.figures if f.metric == figure.metric), "")


def _largest(*groups: Sequence[CardRow]) -> float:
    """The end of the scale of rates, with room for intervals."""
    seen = [
        value for rows in groups for card in rows for value in (card.high, card.rate, card.rest)
    ]
    return max((value for value in seen if math.isfinite(value)), default=1.0) * 1.02


def _named(card: CardRow) -> str:
    if card.kind in ("token", "stop word"):
        return card.value
    return _rounded(card.where or f"{card.column} {card.value}")


def _rounded(condition: str) -> str:
    """The condition with long decimal numbers in five digits, to be read and not copied."""
    return _LONG_NUMBER.sub(lambda found: f"{float(found[0]):.5g}", condition)


def _lift(card: CardRow) -> str:
    if not math.isfinite(card.lift) or card.lift <= 0:
        return ""
    shown = f"{card.lift:.1f}" if card.lift >= 1 else f"{card.lift:.2f}"
    return f"{shown}{wording.NO_BREAK}×"


def _cell(table: Examples, place: int, value: Any, tokens: Sequence[str]) -> Markup:
    kind, name = table.kinds[place], table.columns[place]
    if value is None:
        return Markup('<td class="soft">{}</td>').format(wording.NONE)
    if kind == "text":
        return Markup('<td class="text" dir="auto">{}</td>').format(highlighted(str(value), tokens))
    if kind != "id" and _is_number(value):
        shown = wording.share(value) if name == "confidence" else wording.number(value)
        return Markup('<td class="n">{}</td>').format(shown)
    tone = {"label": " good", "prediction": " bad"}.get(name, "") if kind == "outcome" else ""
    return Markup('<td class="{}" dir="auto">{}</td>').format(f"{kind}{tone}", str(value))


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_numeric(table: Examples, place: int) -> bool:
    values = [cells[place] for cells in table.cells if cells[place] is not None]
    return table.kinds[place] != "id" and bool(values) and all(map(_is_number, values))


def _cards_lead(view: Overview) -> str:
    if view.cards is None:
        return ""
    what = "error rate" if view.task.n_classes else "mean loss"
    lead = (
        f"Each condition alone, compared with the rest of the rows: {what} inside and elsewhere. "
        f"{view.cards.significant:,} of {counted(view.cards.tested, 'condition')} differ by more "
        "than chance would (corrected for all of them)."
    )
    return f"{lead} {view.cards.note}".strip()


def _mistakes_title(view: Overview) -> str:
    if view.task.kind in ("regression", "score", "multilabel"):
        return "Largest losses"
    return "Most confident mistakes" if view.curves else "Mistakes, in the order of the rows"


def _contents(view: Overview) -> list[tuple[str, str]]:
    cards = view.cards
    there = {
        "Metrics": ("metrics", bool(view.figures)),
        "Where it is wrong": ("cards", bool(view.slices or (cards and cards.tested))),
        "Words": (
            "tokens",
            bool(cards and (cards.mispredictive_tokens or cards.predictive_tokens)),
        ),
        "Error classes": ("errors", bool(view.error_classes or view.confusion)),
        "Classes": ("classes", bool(view.classes)),
        "Mistakes": ("mistakes", bool(view.mistakes and view.mistakes.cells)),
        "Confidence and loss": ("confidence", bool(view.calibration or view.spread)),
        "Missing": ("notes", bool(view.notes)),
        "About": ("about", True),
    }
    return [(anchor, name) for name, (anchor, is_there) in there.items() if is_there]


def _about(view: Overview) -> list[tuple[str, str]]:
    facts, source = view.about, view.source
    rows = wording.plural(source.n, "row")
    made = f"{_day(facts.evaluated_at)} by {facts.evaluated_by}"
    return [
        ("Rows", f"{rows} where {cut(source.where, 300)}" if source.where else f"all {rows}"),
        ("Model", facts.model),
        ("Kind", facts.model_kind),
        ("Model hash", facts.model_hash),
        (
            "Dataset",
            f"{facts.dataset}: {counted(facts.dataset_rows, 'row')}, "
            f"{counted(facts.dataset_columns, 'column')}",
        ),
        ("From", facts.dataset_origin),
        ("Dataset hash", facts.dataset_hash),
        ("Label", facts.label),
        ("Evaluated", f"{made}, from {'the model' if facts.how == 'model' else 'its predictions'}"),
        ("Evaluation hash", facts.evaluation_hash),
        ("Code", facts.code),
        ("This report", f"{_day(facts.made_at)}, mispredict {facts.mispredict}"),
    ]


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M} UTC"


def _policy(style: str, script: str) -> str:
    """A content policy that allows this page's own style and script, and nothing else."""
    return (
        f"default-src 'none'; style-src '{_digest(style)}'; script-src '{_digest(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(name: str) -> str:
    return files("mispredict.report").joinpath("templates", name).read_text("utf-8")
