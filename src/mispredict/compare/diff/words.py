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

_SHARES = frozenset(
    ("accuracy", "error_rate", "precision", "recall", "f1", "specificity", "balanced_accuracy")
)
_GIST = {
    BETTER: "is better than",
    WORSE: "is worse than",
    MIXED: "is better than {} in parts and worse in others",
    UNCLEAR: "cannot be told from",
    SAME: "predicts the same as",
}


def number(value: float) -> str:
    """A number in few digits.

    Example:
        >>> number(0.123456), number(57299.4), number(float("nan"))
        ('0.1235', '57,299', 'unknown')
    """
    if not math.isfinite(value):
        return "unknown"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def signed(value: float) -> str:
    """A difference with its sign."""
    return number(value) if value < 0 or not math.isfinite(value) else f"+{number(value)}"


def chance(p: float) -> str:
    """A p-value in words: small ones by their bound."""
    return "p < 0.0001" if p < 1e-4 else f"p = {p:.2g}"


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
        return f"{main.model} predicts the same as {main.against} on all {main.n:,} rows."
    said = _GIST[word]
    start = f"{main.model} {said.format(main.against)}"
    if "{}" not in said:
        start += f" {main.against}"
    if word in (WORSE, BETTER) and main.word not in (WORSE, BETTER):
        start += " in parts"
    figures = (
        f"{main.metric} {number(main.after)} against {number(main.before)}, "
        f"{signed(main.difference)} [{signed(main.low)}, {signed(main.high)}] on {main.n:,} rows"
        f" ({chance(main.p)})"
    )
    parts = [f"{start}: {figures}"]
    if main.fixed >= 0:
        parts.append(f"{main.fixed:,} rows fixed, {main.broken:,} broken")
    if worse:
        parts.append(f"worse where {_places(worse)}")
    if better:
        parts.append(f"better where {_places(better)}")
    return "; ".join(parts) + "."


def _places(found: Sequence[DifferenceSlice | MetricChange]) -> str:
    first = found[0]
    name = first.where if isinstance(first, DifferenceSlice) else first.cohort
    more = len(found) - 1
    of = f"{name} ({number(first.before)} → {number(first.after)})"
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
    return f"{pair.model} ({main.metric} {number(main.after)}, {signed(main.difference)})"


def slice_sentence(row: DifferenceSlice, where: str, measure: str) -> DifferenceSlice:
    """The slice with its sentence."""
    elsewhere = f"{signed(row.rest)} elsewhere"
    counts = ""
    if row.fixed >= 0:
        counts = f" with {row.broken:,} broken and {row.fixed:,} fixed"
    said = (
        f"Where {where}: {measure} {number(row.before)} → {number(row.after)} "
        f"({signed(row.difference)} [{signed(row.low)}, {signed(row.high)}]) on "
        f"{row.confirmed_n:,} held-out rows, {elsewhere}. {row.n:,} rows in all, "
        f"{100 * row.share:.1f} % of the data{counts}."
    )
    return replace(row, sentence=said)
