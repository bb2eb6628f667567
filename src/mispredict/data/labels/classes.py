"""Noise by class: how many rows of each label are of another class, with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mispredict.core.predicate import Predicate
from mispredict.core.words import counted
from mispredict.data.labels.confident import Confident
from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import LabelClass, LabelPair
from mispredict.data.labels.wheres import flagged as flagged_where
from mispredict.metrics.intervals import combined_bounds, wilson_bounds

LEVEL = 0.95
MOST_PAIRS = 50


@dataclass(frozen=True, slots=True, eq=False)
class Noise:
    """Estimated shares of wrong labels, K of each, and over all rows; with intervals.

    A share is that of rows which surely are of another class, among rows that surely are of any;
    the interval is Wilson's of that many rows, and combined over classes (Zou & Donner 2008).
    """

    share: Array
    low: Array
    high: Array
    all: tuple[float, float, float]


def noise_of(found: Confident) -> Noise:
    """Shares of wrong labels by class and overall."""
    totals = found.counts.sum(axis=1)
    share = 1 - found.counts.diagonal() / totals
    low, high = wilson_bounds(share, totals, LEVEL)
    empty = found.sizes == 0
    parts = [np.where(empty, np.nan, part) for part in (share, low, high)]
    shares = found.sizes / found.sizes.sum()
    whole = [np.where(empty, 0.0, part)[None] for part in (share, low, high)]
    least, most = combined_bounds(whole[0], whole[1], whole[2], shares[None])
    value = float((whole[0] * shares).sum())
    return Noise(parts[0], parts[1], parts[2], (value, float(least[0]), float(most[0])))


def chances(joint: Array) -> tuple[Array, Array]:
    """Chance of each label given the class, and of each class given the label; K × K both.

    The first is `noise[true, given]`, the second `inverse[given, true]`; rows sum to 1, and are
    NaN for a class without rows.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        noise = joint.T / joint.sum(axis=0)[:, None]
        inverse = joint / joint.sum(axis=1)[:, None]
    return noise, inverse


def class_rows(
    found: Confident,
    given: Array,
    suggested: Array,
    classes: Sequence[Any],
    within: Predicate | None,
) -> tuple[LabelClass, ...]:
    """What is said of each class; `given` and `suggested` are those of flagged rows."""
    noise = noise_of(found)
    wrong = found.sizes - found.joint.diagonal()
    rows = []
    for k, name in enumerate(classes):
        to = np.bincount(suggested[given == k], minlength=len(classes))
        count = int(to.sum())
        rows.append(
            LabelClass(
                name,
                int(found.sizes[k]),
                count,
                int(max(wrong[k], 0)),
                float(noise.share[k]),
                float(noise.low[k]),
                float(noise.high[k]),
                float(found.thresholds[k]),
                classes[int(to.argmax())] if count else None,
                flagged_where(name, within=within),
            )
        )
    return tuple(rows)


def pair_rows(
    found: Confident,
    given: Array,
    suggested: Array,
    classes: Sequence[Any],
    within: Predicate | None,
) -> tuple[LabelPair, ...]:
    """Pairs of classes that rows are flagged between, most flagged first."""
    k = len(classes)
    cells = np.bincount(given.astype(np.int64) * k + suggested, minlength=k * k).reshape(k, k)
    order = [place for place in np.argsort(-cells, axis=None, kind="stable") if cells.flat[place]]
    return tuple(
        _pair(found, cells, divmod(int(at), k), classes, within) for at in order[:MOST_PAIRS]
    )


def _pair(
    found: Confident,
    cells: Array,
    pair: tuple[int, int],
    classes: Sequence[Any],
    within: Predicate | None,
) -> LabelPair:
    i, j = pair
    total = int(found.counts[i].sum())
    share = found.counts[i, j] / total
    low, high = wilson_bounds(np.asarray(share), np.asarray(total), LEVEL)
    there, back = int(cells[i, j]), int(cells[j, i])
    is_ambiguous = min(there, back) >= 5 and 3 * min(there, back) >= max(there, back)
    rows, look = ("1 row", "looks") if there == 1 else (f"{counted(there, 'row')}", "look")
    said = f"{rows} labelled ‘{classes[i]}’ {look} like ‘{classes[j]}’"
    if is_ambiguous:
        said += f", and {back:,} the other way round"
    return LabelPair(
        classes[i],
        classes[j],
        there,
        back,
        int(found.joint[i, j]),
        float(share),
        float(low),
        float(high),
        is_ambiguous,
        f"{said}.",
        flagged_where(classes[i], classes[j], within=within),
    )
