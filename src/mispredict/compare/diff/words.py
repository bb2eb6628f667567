"""A comparison in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from mispredict.compare.diff.diff import (
    BETTER,
    MIXED,
    SAME,
    UNCLEAR,
    WORSE,
    DifferenceSlice,
    MetricChange,
    ModelPair,
)
from mispredict.core.figures import metric_difference, metric_figure, metric_span, shortened
from mispredict.core.words import counted

_GIST = {
    BETTER: "is better than",
    WORSE: "is worse than",
    MIXED: "is better than {} in parts and worse in others",
    UNCLEAR: "cannot be told from",
    SAME: "predicts the same as",
}


def chance(p: float) -> str:
    """A p-value in words: small ones by their bound."""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"


def before_of(row: MetricChange | DifferenceSlice) -> str:
    """The metric before, as exact as the interval of the difference."""
    return metric_figure(row.metric, row.before, row.low, row.high)


def after_of(row: MetricChange | DifferenceSlice) -> str:
    """The metric after, as exact as the interval of the difference."""
    return metric_figure(row.metric, row.after, row.low, row.high)


def moved(row: MetricChange | DifferenceSlice, difference: float | None = None) -> str:
    """The difference, or another one beside it, in points where the metric is a share."""
    shown = row.difference if difference is None else difference
    return metric_difference(row.metric, shown, row.low, row.high)


def span_of(row: MetricChange | DifferenceSlice) -> str:
    """The interval of the difference."""
    return metric_span(row.metric, row.low, row.high)


def gist(overall: str, worse: Sequence[object], better: Sequence[object]) -> str:
    """What the whole and its parts come to."""
    if overall == SAME:
        return SAME
    is_worse = overall == WORSE or bool(worse)
    is_better = overall == BETTER or bool(better)
    if is_worse and is_better:
        return MIXED
    return WORSE if is_worse else BETTER if is_better else UNCLEAR


def pair_sentence(
    main: MetricChange,
    word: str,
    worse: Sequence[DifferenceSlice | MetricChange],
    better: Sequence[DifferenceSlice | MetricChange],
    *,
    is_alike: bool = True,
) -> str:
    """The verdict on two models in one sentence; `is_alike` if they give the same answers."""
    if not main.n:
        return (
            f"{main.model} cannot be told from {main.against}: there is no row with a label and"
            " an answer of both."
        )
    if word == SAME and not is_alike:
        return (
            f"{main.model} is right and wrong on the same rows as {main.against}, of all "
            f"{main.n:,}; where both are wrong, they do not always say the same."
        )
    if word == SAME:
        return f"{main.model} predicts the same as {main.against} on all {counted(main.n, 'row')}."
    said = _GIST[word]
    start = f"{main.model} {said.format(main.against)}"
    if "{}" not in said:
        start += f" {main.against}"
    if word in (WORSE, BETTER) and main.word not in (WORSE, BETTER):
        start += " in parts"
    span = f" ({span_of(main)})" if math.isfinite(main.low) else ""
    figures = (
        f"{main.metric} {after_of(main)} against {before_of(main)}, "
        f"{moved(main)}{span} on {counted(main.n, 'row')} ({chance(main.p)})"
    )
    parts = [f"{start}: {figures}"]
    if main.fixed >= 0:
        parts.append(f"{counted(main.fixed, 'row')} fixed, {main.broken:,} broken")
    if worse:
        parts.append(f"worse where {_places(worse)}")
    if better:
        parts.append(f"better where {_places(better)}")
    return "; ".join(parts) + "."


def _places(found: Sequence[DifferenceSlice | MetricChange]) -> str:
    first = found[0]
    name = shortened(first.where if isinstance(first, DifferenceSlice) else first.cohort)
    more = len(found) - 1
    of = f"{name} ({before_of(first)} → {after_of(first)})"
    return f"{of} and in {more:,} more cohort{'s' if more > 1 else ''}" if more else of


def verdict(pairs: Sequence[ModelPair]) -> tuple[str, str]:
    """The word and the sentence of all pairs together."""
    if len(pairs) == 1:
        return pairs[0].word, pairs[0].sentence
    first = pairs[0].against
    words = {pair.word for pair in pairs}
    word = next(iter(words)) if len(words) == 1 else MIXED
    if WORSE not in words and MIXED not in words and len(words) > 1:
        word = BETTER if BETTER in words else UNCLEAR
    parts = []
    for name, says in (
        (BETTER, "better"),
        (MIXED, "better in parts and worse in others"),
        (WORSE, "worse"),
        (UNCLEAR, "not to be told from it"),
        (SAME, "the same"),
    ):
        models = [pair for pair in pairs if pair.word == name]
        if models:
            told = ", ".join(_figure(pair) for pair in models)
            parts.append(f"{told}: {says}")
    return word, f"Against {first}: {'; '.join(parts)}."


def _figure(pair: ModelPair) -> str:
    main = pair.metrics[0]
    return f"{pair.model} ({main.metric} {after_of(main)}, {moved(main)})"


def slice_sentence(row: DifferenceSlice, where: str) -> DifferenceSlice:
    """The slice with its sentence."""
    elsewhere = f"{moved(row, row.rest)} elsewhere"
    counts = ""
    if row.fixed >= 0:
        counts = f" with {row.broken:,} broken and {row.fixed:,} fixed"
    said = (
        f"Where {where}: {row.metric} {before_of(row)} → {after_of(row)} "
        f"({moved(row)}, {span_of(row)}) on "
        f"{counted(row.confirmed_n, 'held-out row')}, {elsewhere}. {counted(row.n, 'row')} in all, "
        f"{100 * row.share:.1f} % of the data{counts}."
    )
    return replace(row, sentence=said)
