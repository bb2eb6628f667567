"""Accumulated local effects (Apley & Zhu 2020), of one feature and of two.

Partial dependence gives a row values that do not go together with its other ones. Accumulated
effects only move each row to the edges of its own bin, and add up the mean differences.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import whole
from mispredict.core.results import Source
from mispredict.explain.counterfactuals.search_calls import Asker, refuse_without_answers
from mispredict.explain.counterfactuals.search_space import Feature, Space
from mispredict.explain.effects.effects import (
    FEW,
    EffectPoint,
    Effects,
    Output,
    Sample,
    note_of,
)
from mispredict.explain.effects.grid import MOST_POINTS, quantile_edges

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


def find_ale(
    asker: Asker,
    space: Space,
    sample: Sample,
    features: tuple[Feature, ...],
    bins: Any,
    output: Output,
    *,
    source: Source,
) -> Effects:
    """Accumulated effects at the edges of bins with equal shares of the rows."""
    n = whole("grid", bins, 1, MOST_POINTS, hint="grid=20: the number of bins")
    for feature in features:
        if not feature.is_number:
            raise BadOption(
                f"column {feature.name!r} is {feature.type}, and has no order to accumulate along.",
                known="Accumulated effects are of numbers and times.",
                hint="kind='pdp'",
            )
    as_is = asker.ask(sample.frame)
    refuse_without_answers(as_is, asker, "all rows that were drawn")
    places = [space.names.index(feature.name) for feature in features]
    ask = _Asking(asker, space, sample, output)
    made = _one if len(features) == 1 else _two
    points = made(ask, features, places, n)
    return Effects(
        points,
        features[0].name,
        features[1].name if len(features) > 1 else "",
        "ale",
        output.name,
        float(np.nanmean(output.of(as_is))),
        (),
        asker.queries,
        source,
        note_of(points, asker.queries),
    )


class _Asking:
    """Asks for rows of the sample with some features set."""

    def __init__(self, asker: Asker, space: Space, sample: Sample, output: Output) -> None:
        self._asker, self._space, self._output = asker, space, output
        self.sample = sample

    def with_values(self, rows: Codes, values: dict[int, Floats]) -> Floats:
        """What the model says of these rows with these values of some features."""
        matrix = self.sample.matrix[rows].copy()
        for at, column in values.items():
            matrix[:, at] = column
        frame = self._space.decode(matrix, self.sample.frame, rows, self.sample.matrix)
        return self._output.of(self._asker.ask(frame))


def _one(
    ask: _Asking, features: tuple[Feature, ...], places: list[int], n: int
) -> tuple[EffectPoint, ...]:
    [at] = places
    column = ask.sample.matrix[:, at]
    rows = np.flatnonzero(np.isfinite(column))
    edges = _edges(features[0], column[rows], n)
    bins = _bins(edges, column[rows])
    steps = ask.with_values(rows, {at: edges[bins + 1]}) - ask.with_values(rows, {at: edges[bins]})
    known = np.isfinite(steps)
    size = len(edges) - 1
    count, mean, error2 = _by_bin(bins[known], steps[known], size)
    heights = np.concatenate([[0.0], np.cumsum(mean)])
    centre = float(np.average((heights[1:] + heights[:-1]) / 2, weights=np.maximum(count, 1e-12)))
    half = 1.96 * _errors(error2, count)
    near = _around(edges, ask.sample.columns[features[0].name])
    total = ask.sample.total
    return tuple(
        EffectPoint(
            features[0].plain(float(edges[i])),
            None,
            float(heights[i] - centre),
            float(heights[i] - centre - half[i]),
            float(heights[i] - centre + half[i]),
            int(count[max(i - 1, 0)]),
            int(near[i]),
            float(near[i]) / total,
            bool(near[i] >= min(FEW, total)),
        )
        for i in range(len(edges))
    )


def _two(
    ask: _Asking, features: tuple[Feature, ...], places: list[int], n: int
) -> tuple[EffectPoint, ...]:
    """Second-order effects: what the two do together beyond what each does alone.

    They come without an interval: a height sums cells in two directions, and is centred thrice.
    """
    a, b = (ask.sample.matrix[:, at] for at in places)
    rows = np.flatnonzero(np.isfinite(a) & np.isfinite(b))
    cuts = [_edges(f, c[rows], n) for f, c in zip(features, (a, b), strict=True)]
    i, j = (_bins(edges, c[rows]) for edges, c in zip(cuts, (a, b), strict=True))
    corner = {
        (up, right): ask.with_values(
            rows, {places[0]: cuts[0][i + up], places[1]: cuts[1][j + right]}
        )
        for up in (0, 1)
        for right in (0, 1)
    }
    steps = (corner[1, 1] - corner[0, 1]) - (corner[1, 0] - corner[0, 0])
    known = np.isfinite(steps)
    shape = (len(cuts[0]) - 1, len(cuts[1]) - 1)
    cell = i[known] * shape[1] + j[known]
    count, mean, _ = _by_bin(cell, steps[known], shape[0] * shape[1])
    count, mean = count.reshape(shape), mean.reshape(shape)
    mean = _filled(mean, count)
    heights = np.zeros((shape[0] + 1, shape[1] + 1))
    heights[1:, 1:] = mean.cumsum(axis=0).cumsum(axis=1)
    heights = _centred(heights, count)
    near = _around_pairs(cuts, [ask.sample.columns[feature.name] for feature in features])
    total = ask.sample.total
    return tuple(
        EffectPoint(
            features[0].plain(float(cuts[0][x])),
            features[1].plain(float(cuts[1][y])),
            float(heights[x, y]),
            np.nan,
            np.nan,
            int(count[max(x - 1, 0), max(y - 1, 0)]),
            int(near[x, y]),
            float(near[x, y]) / total,
            bool(near[x, y] >= min(FEW, total)),
        )
        for x in range(heights.shape[0])
        for y in range(heights.shape[1])
    )


def _edges(feature: Feature, column: Floats, n: int) -> Floats:
    edges = quantile_edges(column, n)
    if len(edges) < 2:
        raise BadOption(
            f"column {feature.name!r} has one value only in these rows.",
            known=f"It is {feature.plain(float(edges[0])) if len(edges) else 'missing'}.",
            hint="another column, or a wider cohort",
        )
    return edges


def _bins(edges: Floats, column: Floats) -> Codes:
    """Bin of each value; bins are open on the left, the first one closed."""
    return np.clip(np.searchsorted(edges, column, side="left") - 1, 0, len(edges) - 2)


def _by_bin(bins: Codes, steps: Floats, size: int) -> tuple[Floats, Floats, Floats]:
    """Rows, mean step and squared standard error of the mean in each bin; 0 of empty ones."""
    count = np.bincount(bins, minlength=size).astype(np.float64)
    mean = np.bincount(bins, weights=steps, minlength=size) / np.maximum(count, 1)
    second = np.bincount(bins, weights=(steps - mean[bins]) ** 2, minlength=size)
    return count, mean, second / np.maximum(count - 1, 1) / np.maximum(count, 1)


def _errors(error2: Floats, count: Floats) -> Floats:
    """Standard error of each height, after the mean height was taken off.

    Height k is the sum of the first k steps, and the centre a mean of heights: both are sums of
    the steps with known weights, so that their variances add.
    """
    size = len(error2)
    share = count / max(count.sum(), 1)
    reached = np.cumsum(share[::-1])[::-1] - share / 2  # weight of each step in the centre
    below = np.arange(size)[None] < np.arange(size + 1)[:, None]
    weights = below - reached[None]
    errors: Floats = np.sqrt((weights**2 * error2[None]).sum(axis=1))
    return errors


def _filled(mean: Floats, count: Floats) -> Floats:
    """Empty cells take the nearest cell's step, as the paper has it."""
    if (count > 0).all():
        return mean
    from scipy.ndimage import distance_transform_edt

    _, places = distance_transform_edt(count == 0, return_indices=True)
    filled: Floats = mean[tuple(places)]
    return filled


def _centred(heights: Floats, count: Floats) -> Floats:
    """Heights without what each feature does alone, and with mean 0 over the rows."""
    for axis in (0, 1):
        steps = np.diff(heights, axis=axis)
        along = (steps[:, 1:] + steps[:, :-1]) / 2 if axis == 0 else (steps[1:] + steps[:-1]) / 2
        weight = count.sum(axis=1 - axis)
        total = (along * count).sum(axis=1 - axis) / np.maximum(weight, 1)
        alone = np.concatenate([[0.0], np.cumsum(total)])
        heights = heights - (alone[:, None] if axis == 0 else alone[None, :])
    middle = (heights[1:, 1:] + heights[1:, :-1] + heights[:-1, 1:] + heights[:-1, :-1]) / 4
    centred: Floats = heights - (middle * count).sum() / max(count.sum(), 1)
    return centred


def _around(edges: Floats, column: Floats) -> Codes:
    """Rows of the data that are nearer to each edge than to the others."""
    middles = (edges[1:] + edges[:-1]) / 2
    known = column[np.isfinite(column)]
    return np.bincount(np.searchsorted(middles, known), minlength=len(edges))


def _around_pairs(cuts: list[Floats], columns: list[Floats]) -> Codes:
    data = np.column_stack(columns)
    known = data[np.isfinite(data).all(axis=1)]
    places = [
        np.searchsorted((edges[1:] + edges[:-1]) / 2, known[:, at]) for at, edges in enumerate(cuts)
    ]
    counts = np.zeros([len(edges) for edges in cuts], dtype=np.int64)
    np.add.at(counts, tuple(places), 1)
    return counts
