"""Points of many dimensions as points of two, with their neighbours kept where that can be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

NEIGHBOURS = 15
_MOST_JUDGED = 2_000  # rows that trustworthiness is measured on: it compares all with all


@dataclass(frozen=True)
class Layout:
    """The points' places, and what gives further points theirs."""

    method: str
    places: Floats
    place: Callable[[Floats], Floats]


def lay_out(points: Floats, *, seed: int = 0) -> Layout:
    """The points on a plane.

    Args:
        points: (n, dimensions).
    """
    return _by_components(points, seed)


def trustworthiness(points: Floats, places: Floats, *, seed: int = 0) -> tuple[float, int]:
    """How far neighbours on the map are neighbours in truth, 0 to 1, and the rows measured.

    Venna & Kaski (2001) at 15 neighbours, on at most 2,000 of the rows; NaN for too few.
    """
    from sklearn.manifold import trustworthiness as measure

    n = len(points)
    if n > _MOST_JUDGED:
        chosen = np.random.default_rng(seed).choice(n, _MOST_JUDGED, replace=False)
        points, places, n = points[chosen], places[chosen], _MOST_JUDGED
    if n <= 2 * NEIGHBOURS:
        return float("nan"), n
    return float(measure(points, places, n_neighbors=NEIGHBOURS)), n


def _by_components(points: Floats, seed: int) -> Layout:
    from sklearn.decomposition import PCA

    size = min(2, *points.shape)
    pca = PCA(size, random_state=seed).fit(points)

    def place(more: Floats) -> Floats:
        found = np.zeros((len(more), 2))
        found[:, :size] = pca.transform(more)
        return found

    return Layout("pca", place(points), place)
