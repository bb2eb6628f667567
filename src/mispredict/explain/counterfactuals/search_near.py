"""The nearest rows of a space, by a compiled loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.engine.jit import has_numba, kernel
from mispredict.explain.counterfactuals.search_space import Floats, Space

Array = np.ndarray[Any, Any]
Codes = npt.NDArray[np.int64]


def nearest(
    space: Space, rows: Floats, pool: Floats, k: int, weights: Floats | None = None
) -> tuple[Codes, Floats]:
    """Numbers of the k nearest rows of the pool and how far they are, (n, k), nearest first.

    Args:
        space: of both.
        rows: (n, features), whose neighbours are wanted.
        pool: (m, features); with less than k rows the last places are -1 and infinity.
        k: neighbours.
        weights: of the features; 1 each without.
    """
    weight = np.ones(len(space)) if weights is None else np.asarray(weights, np.float64)
    places = np.full((len(rows), k), -1, np.int64)
    far = np.full((len(rows), k), np.inf)
    if not len(pool) or not len(rows):
        return places, far
    if has_numba():
        per = np.where(space.is_number, 1 / space.scales, 0.0)
        a, b = np.ascontiguousarray(rows), np.ascontiguousarray(pool)
        _nearest(a, b, per, space.is_number, weight, places, far)
        return places, far
    found = space.distances(rows, pool, weight)
    kept = min(k, len(pool))
    order = np.argsort(found, axis=1, kind="stable")[:, :kept]
    places[:, :kept] = order
    far[:, :kept] = np.take_along_axis(found, order, axis=1)
    return places, far


@kernel()
def _nearest(
    rows: Array, pool: Array, per: Array, is_number: Array, weight: Array, places: Array, far: Array
) -> None:
    k = places.shape[1]
    for i in range(rows.shape[0]):
        for j in range(pool.shape[0]):
            total = 0.0
            for f in range(rows.shape[1]):
                a, b = rows[i, f], pool[j, f]
                if a == b:
                    continue
                no_a, no_b = np.isnan(a), np.isnan(b)
                if no_a or no_b:
                    if no_a != no_b:
                        total += weight[f]
                elif is_number[f] and np.isfinite(a) and np.isfinite(b):
                    total += weight[f] * abs(a - b) * per[f]
                else:
                    total += weight[f]
                if total >= far[i, k - 1]:
                    break
            if total < far[i, k - 1]:
                at = k - 1
                while at > 0 and far[i, at - 1] > total:
                    far[i, at] = far[i, at - 1]
                    places[i, at] = places[i, at - 1]
                    at -= 1
                far[i, at] = total
                places[i, at] = j
