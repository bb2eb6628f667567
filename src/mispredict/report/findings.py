"""What each part of an overview says, in one sentence that stands as a heading."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from mispredict.report.shapes import Baseline, CardRow, Figure, Finding
from mispredict.report.wording import (
    brief,
    interval_of,
    metric_name,
    number,
    plural,
    quoted,
    share,
    shares,
    value_of,
)

if TYPE_CHECKING:
    from mispredict.report.overview import Overview

_TRUSTED = 0.03  # a gap between confidence and accuracy that most uses can live with
_SURE = 0.9  # the last bin of confidence begins here
_FEW = 20  # rows of a class below which its scores say little


def findings(view: Overview) -> Iterator[Finding]:
    """The findings, in the order in which a reader needs them."""
    for find in (
        _quality, _bar, _slices, _cards, _tokens, _classes, _errors, _mistakes, _calibration,
        _curves, _threshold, _spread,
    ):  # fmt: skip
        yield from find(view)


def in_short(view: Overview) -> tuple[Finding, ...]:
    """The findings without a single condition that is the worst slice itself."""
    slices = view.finding("slices")
    told = slices.where if slices is not None else ""
    single = ("cards", "tokens")
    return tuple(
        item for item in view.findings if not (told and item.part in single and item.where == told)
    )


def _quality(view: Overview) -> Iterator[Finding]:
    figures = {figure.metric: figure for figure in view.figures}
    for name, says in _HEADLINES.items():
        figure = figures.get(name)
        if figure is not None and math.isfinite(figure.value):
            known = interval_of(figure)
            interval = f" (95 % interval {known})" if known else ""
            rows = plural(figure.n, "row")
            sentence = says.format(value=value_of(figure), rows=rows, interval=interval)
            yield Finding("metrics", sentence)
            return


_HEADLINES = {
    "accuracy": "Right on {value} of {rows}{interval}",
    "mae": "Off by {value} on average over {rows}{interval}",
    "loss": "A mean loss of {value} over {rows}{interval}",
}


def _bar(view: Overview) -> Iterator[Finding]:
    before = next((item for item in view.baselines if item.kind == "previous"), None)
    if before is not None:
        yield Finding("previous", _compared(view, before))
    if view.warning:
        yield Finding("baselines", view.warning)
        return
    simple = next((b for b in view.baselines if b.kind in ("majority", "mean")), None)
    if simple and simple.figures:
        first = simple.figures[0]
        ours = next((f for f in view.figures if f.metric == first.metric), None)
        if ours is not None and math.isfinite(first.value):
            verb = "beats" if _is_better(ours, first) else "does not beat"
            metric = metric_name(first.metric)
            yield Finding(
                "baselines",
                f"The model {verb} a constant predictor: {metric} "
                f"{value_of(ours)} against {value_of(first)}",
            )


def _compared(view: Overview, before: Baseline) -> str:
    if before.fixed is not None and before.broken is not None:
        gap, changed = before.fixed - before.broken, before.fixed + before.broken
        is_clear = abs(gap) > 1.96 * math.sqrt(changed)  # McNemar (1947)
        says = "About as good as" if not is_clear else "Better than" if gap > 0 else "Worse than"
        return (
            f"{says} {before.name} on the same rows: right on {before.fixed:,} that it had wrong, "
            f"wrong on {before.broken:,} that it had right"
        )
    ours = {figure.metric: figure for figure in view.figures}
    shared = [(ours[f.metric], f) for f in before.figures if f.metric in ours]
    if not shared:
        return f"{before.name} was evaluated on the same rows"
    better = sum(_is_better(own, other) for own, other in shared)
    own, other = shared[0]
    return (
        f"Ahead of {before.name} on {better} of {len(shared)} metrics, on the same rows: "
        f"{metric_name(own.metric)} {value_of(own)} against {value_of(other)}"
    )


def _is_better(own: Figure, other: Figure) -> bool:
    if own.higher_is_better is False:
        return own.value < other.value
    return own.value > other.value


def _classes(view: Overview) -> Iterator[Finding]:
    rows = [row for row in view.classes if row.support >= _FEW]
    if len(rows) < 2:
        return
    worst = min(rows, key=lambda row: row.recall)
    best = max(rows, key=lambda row: row.recall)
    yield Finding(
        "classes",
        f"It finds {share(worst.recall)} of {quoted(worst.label)} "
        f"({plural(worst.support, 'row')}), but {share(best.recall)} of {quoted(best.label)}",
    )


def _errors(view: Overview) -> Iterator[Finding]:
    if view.error_classes:
        worst = view.error_classes[0]
        yield Finding(
            "error_classes",
            f"{quoted(worst.label)} taken for {quoted(worst.prediction)} makes "
            f"{_rough(worst.share_of_errors)} of all errors ({plural(worst.n, 'row')})",
            worst.where,
        )


def _slices(view: Overview) -> Iterator[Finding]:
    part = view.slices
    if part is None or not part.note:
        return
    if part.rows:
        worst = part.rows[0]
        yield Finding("slices", worst.sentence.rstrip("."), worst.where)
    elif part.searched and view.cards is not None and view.cards.mispredictive:
        yield Finding("slices", "Nothing significant among slices: other rows confirmed none")
    else:
        yield Finding("slices", part.note.partition(". ")[0].rstrip("."))


def _cards(view: Overview) -> Iterator[Finding]:
    if view.cards is None or not view.cards.tested:
        return
    if not view.cards.mispredictive:
        if not view.cards.mispredictive_tokens:
            tested = plural(view.cards.tested, "condition")
            yield Finding("cards", f"No single value stands out beyond chance, of {tested}")
        return
    worst = view.cards.mispredictive[0]
    yield Finding(
        "cards",
        f"{_alone(view, 'One condition alone')}: {_condition(worst)} ({_rates(view, worst)})",
        worst.where,
    )


def _tokens(view: Overview) -> Iterator[Finding]:
    if view.cards is not None and view.cards.mispredictive_tokens:
        worst = view.cards.mispredictive_tokens[0]
        yield Finding(
            "tokens",
            f"{_alone(view, 'One word alone')}: texts with {quoted(worst.value)} "
            f"({_rates(view, worst)})",
            worst.where,
        )


def _alone(view: Overview, words: str) -> str:
    """How a single condition is introduced: by itself, or after the slices."""
    return words if view.slices is not None and view.slices.rows else "Where it is wrong"


def _condition(card: CardRow) -> str:
    return card.where if len(card.where) <= 80 else f"{card.column} {card.value}"


def _rates(view: Overview, card: CardRow) -> str:
    rows = plural(card.n, "row")
    if view.task.kind in ("binary", "multiclass", "multilabel"):
        inside, rest = share(card.rate, 0), share(card.rest, 0)
        return f"{inside} wrong on {rows}, {rest} elsewhere"
    return f"mean loss {number(card.rate)} on {rows}, {number(card.rest)} elsewhere"


def _mistakes(view: Overview) -> Iterator[Finding]:
    table = view.mistakes
    if table is None or not table.cells:
        return
    top = view.calibration.bins[-1] if view.calibration and view.calibration.bins else None
    if top is not None and top.low >= _SURE - 1e-9:
        wrong = round(top.n * (1 - top.accuracy))
        of = f"of {plural(table.total, 'mistake')}"
        yield Finding("mistakes", f"It was more than {share(_SURE, 0)} sure in {wrong:,} {of}")
        return
    largest = table.cells[0][table.columns.index("loss")] if "loss" in table.columns else None
    mean = next((f.value for f in view.figures if f.metric in ("mae", "loss")), math.nan)
    if view.calibration is not None:
        yield Finding(
            "mistakes", f"None of {plural(table.total, 'mistake')} at over 90 % confidence"
        )
    elif largest is not None and mean > 0:
        times = f"{number(largest / mean)} times the mean"
        yield Finding("mistakes", f"The largest loss is {number(largest)}, {times}")
    else:
        yield Finding("mistakes", plural(table.total, "mistake"))


def _rough(value: float) -> str:
    """A share without decimals, unless it is small."""
    return share(value, 0 if value >= 0.095 else 1)


def _calibration(view: Overview) -> Iterator[Finding]:
    part = view.calibration
    if part is None or not part.bins or not part.n:
        return
    rows = sum(item.n for item in part.bins)
    sure = sum(item.n * item.confidence for item in part.bins) / rows
    right = sum(item.n * item.accuracy for item in part.bins) / rows
    says = f"it says {share(sure)} where it is right {share(right)} of the time"
    if part.ece < _TRUSTED:
        off = number(100 * part.ece)
        yield Finding("calibration", f"Its confidence can be trusted: {off} points off on average")
    elif sure > right:
        yield Finding("calibration", f"It is over-confident: {says}")
    else:
        yield Finding("calibration", f"It is under-confident: {says}")


def _curves(view: Overview) -> Iterator[Finding]:
    curve = next((item for item in view.curves if item.kind == "roc"), None)
    if curve is None or not math.isfinite(curve.area):
        return
    interval = shares(curve.low, curve.high)
    known = f" (95 % interval {interval})" if interval else ""
    yield Finding(
        "curves",
        f"It ranks a row of {quoted(curve.label)} above another one {share(curve.area)} of the "
        f"time{known}",
    )


def _threshold(view: Overview) -> Iterator[Finding]:
    part = view.threshold
    if part is None:
        return
    gain = part.usual.cost - part.best.cost
    best = brief(part.best.threshold)
    if part.change_high < 0 and gain > part.optimism:
        yield Finding(
            "threshold",
            f"A threshold of {best} would save {number(1000 * gain)} errors in 1,000 rows over 0.5",
        )
    else:
        yield Finding(
            "threshold",
            "If both errors cost the same, no threshold is surely better than 0.5",
        )


def _spread(view: Overview) -> Iterator[Finding]:
    part = view.spread
    if part is None or not part.worst_tenth:
        return
    yield Finding("spread", f"A tenth of the rows carries {share(part.worst_tenth, 0)} of the loss")
