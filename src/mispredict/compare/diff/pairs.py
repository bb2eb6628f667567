"""Comparisons put together: metrics, rows, slices and the verdict."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from mispredict.compare.diff.cohorts import Texts
from mispredict.compare.diff.diff import (
    BETTER,
    WORSE,
    CommonRows,
    Comparison,
    DifferenceSearch,
    DifferenceSlice,
    MetricChange,
    ModelPair,
    regressed_first,
)
from mispredict.compare.diff.metrics import (
    Measured,
    chosen_metrics,
    corrected,
    counted,
    without_probabilities,
)
from mispredict.compare.diff.rows import (
    agreement,
    confusion_changes,
    ensemble,
    group_codes,
    loss_points,
    row_groups,
)
from mispredict.compare.diff.sides import Bools, Side, prepared
from mispredict.compare.diff.words import gist, pair_sentence, verdict
from mispredict.core.results import Source
from mispredict.metrics.outcomes import Groups

Slices = tuple[DifferenceSlice, ...]
Found = DifferenceSlice | MetricChange
# What looks for slices of the difference of (after, before): the worse, the better, and how.
Searcher = Callable[[Side, Side], tuple[Slices, Slices, DifferenceSearch]]
Texter = Callable[[Side, Side], Texts]


@dataclass(frozen=True, eq=False)
class Question:
    """What is compared.

    Attributes:
        sides: the models; the first is the one that the others are held against.
        mask: the rows.
        cohort: how they are called: "all" or the cohort's text.
        groups: cohorts that are compared one by one.
        by: what these are made of.
        metrics: those to compare; the task's usual ones if none.
        source: what the comparison stands on.
        texts: what gives cohort texts of two sides.
        search: what looks for slices of the difference; None for no search.
        common: how rows were matched, where the datasets differ.
        notes: what to mind.
    """

    sides: Sequence[Side]
    mask: Bools
    cohort: str
    source: Source
    texts: Texter
    groups: Sequence[Groups] = ()
    by: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    search: Searcher | None = None
    common: CommonRows | None = None
    notes: tuple[str, ...] = field(default=())


def compared(asked: Question) -> Comparison:
    """The comparison of all models with the first."""
    start = time.perf_counter()
    sides = prepared(asked.sides)
    names = chosen_metrics(sides[0], asked.metrics)
    if not asked.metrics:
        names = without_probabilities(sides, names)
    mask = counted(sides, asked.mask)
    whole = Measured(sides, Groups.of_mask(mask, asked.cohort), names)
    raw = [whole.changes(place) for place in range(1, len(sides))]
    flat = iter(corrected([row for rows in raw for row in rows], names[0]))
    overall = [tuple(next(flat) for _ in rows) for rows in raw]
    asked = replace(asked, mask=mask)
    cohorts = [
        Measured(sides, _within(item, mask), asked.metrics or names[:1]) for item in asked.groups
    ]
    pairs = tuple(
        _pair(asked, sides, place, rows, cohorts) for place, rows in enumerate(overall, start=1)
    )
    word, sentence = verdict(pairs)
    return Comparison(
        sentence, word, names[0], asked.by, whole.figures(), pairs,
        ensemble(sides, mask), asked.common, asked.notes, asked.source, time.perf_counter() - start,
    )  # fmt: skip


def _within(groups: Groups, mask: Bools) -> Groups:
    """The groups without the rows that are not in the mask."""
    return Groups(groups.names, np.where(mask, groups.codes.astype(np.int32), np.int32(-1)))


def _pair(
    asked: Question,
    sides: Sequence[Side],
    place: int,
    overall: tuple[MetricChange, ...],
    groups: Sequence[Measured],
) -> ModelPair:
    after, before, main = sides[place], sides[0], overall[0].metric
    texts = asked.texts(after, before)
    codes, names = group_codes(after, before, asked.mask)
    rows = [row for item in groups for row in item.changes(place) if row.n]
    cohorts = regressed_first(corrected(rows, main))
    worse: Slices = ()
    better: Slices = ()
    search: DifferenceSearch | None = None
    if asked.search is not None:
        worse, better, search = asked.search(after, before)
    by_worse = [row for row in cohorts if row.word == WORSE and row.metric == main]
    by_better = [row for row in cohorts if row.word == BETTER and row.metric == main]
    all_worse: list[Found] = [*worse, *by_worse]
    all_better: list[Found] = [*better, *by_better]
    word = gist(overall[0].word, all_worse, all_better)
    both = agreement(after, before, asked.mask)
    return ModelPair(
        after.model, before.model, after.evaluation, before.evaluation, word,
        pair_sentence(overall[0], word, all_worse, all_better, is_alike=both.same in (-1, both.n)),
        overall, cohorts,
        row_groups(codes, names, texts), worse, better, search,
        both,
        confusion_changes(after, before, asked.mask, texts),
        loss_points(after, before, codes, names),
    )  # fmt: skip
