"""Points of many dimensions as points of two, whose neighbours are kept where that can be.

The layout is UMAP's (McInnes, Healy & Melville 2018): a graph of each point's neighbours, drawn
so that neighbours come together. Where compiled loops are missing or there are few points, it
is the plane of the two main directions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Singles = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

NEIGHBOURS = 15
FEWEST = 60  # points with which neighbours say more than directions
_EPOCHS = 200
_SIDE = 10.0  # of the plane on which the points start
_PLACED_BY = 3  # neighbours among the points of a layout, whose median place a further one gets
_CELLS, _NEAR_CELLS = 128, 8  # into which points are sorted to find neighbours, and looked through
_IN_CELL = 50  # points at least, on average
_AT_ONCE = 512  # points whose neighbours are looked for: their distances stay in the cache


@dataclass(frozen=True)
class Layout:
    """The points' places, and what gives further points theirs."""

    method: str
    places: Floats
    place: Callable[[Floats], Floats]


def lay_out(
    points: Floats, *, seed: int = 0, watch: Callable[[float], None] | None = None
) -> Layout:
    """The points on a plane.

    Args:
        points: (n, dimensions).
        watch: called with the share of the work that is done; may raise to stop it.
    """
    from mispredict.engine.jit import has_numba

    place = _main_plane(points)
    if len(points) < FEWEST or not has_numba():
        return Layout("pca", place(points), place)
    places = _drawn(points, place(points), seed, watch or (lambda share: None))
    finder = _Finder(points, seed)
    return Layout(
        "umap", places, lambda more: np.median(places[finder.nearest(more, _PLACED_BY)], axis=1)
    )


def trustworthiness(points: Floats, places: Floats) -> float:
    """How far neighbours on the map are neighbours in truth, at most 1 (Venna & Kaski 2001).

    At 15 neighbours; NaN for too few points.
    """
    from sklearn.manifold import trustworthiness as measure

    if len(points) <= 2 * NEIGHBOURS:
        return float("nan")
    return float(measure(points, places, n_neighbors=NEIGHBOURS))


def _main_plane(points: Floats) -> Callable[[Floats], Floats]:
    """What projects points on the two main directions of these."""
    mean = points.mean(axis=0)
    centred = points - mean
    _, directions = np.linalg.eigh(centred.T @ centred)
    plane = np.zeros((points.shape[1], 2))
    found = directions[:, ::-1][:, :2]
    largest = np.abs(found).argmax(axis=0)
    plane[:, : found.shape[1]] = found * np.sign(found[largest, range(found.shape[1])])

    def place(more: Floats) -> Floats:
        found: Floats = (more - mean) @ plane
        return found

    return place


def _drawn(points: Floats, plane: Floats, seed: int, watch: Callable[[float], None]) -> Floats:
    from mispredict.engine.kernels.layout import move, waits

    random = np.random.default_rng(seed)
    heads, tails, weights = _graph(points)
    every, next_pull, next_push = waits(weights)
    span = np.ptp(plane, axis=0)
    places: Floats = (plane - plane.min(axis=0)) / np.where(span > 0, span, 1) * _SIDE
    places += random.normal(scale=1e-4, size=places.shape)  # like points would stay together
    state = random.integers(1, 2**63, 1, dtype=np.uint64)
    for epoch in range(_EPOCHS):
        watch(epoch / _EPOCHS)
        rate = 1 - epoch / _EPOCHS
        move(places, heads, tails, every, next_pull, next_push, state, epoch, rate)
    return places


def _graph(points: Floats) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], Floats]:
    """Ends and weights of the edges between neighbours, each in both directions."""
    from scipy.sparse import csr_array
    from sklearn.neighbors import NearestNeighbors

    n = len(points)
    search = NearestNeighbors(n_neighbors=NEIGHBOURS, algorithm="brute").fit(points)
    distances, neighbours = search.kneighbors()  # the point itself is none of them
    weights = _weights(distances)
    starts = np.arange(0, n * NEIGHBOURS + 1, NEIGHBOURS)
    directed = csr_array((weights.ravel(), neighbours.ravel(), starts), shape=(n, n))
    both = (directed + directed.T - directed * directed.T).tocoo()
    kept = both.data > both.data.max() / _EPOCHS  # others would not be pulled once
    heads, tails = (ends[kept].astype(np.int32) for ends in (both.row, both.col))
    return heads, tails, both.data[kept]


def _weights(distances: Floats) -> Floats:
    """How much each neighbour counts: 1 for the nearest, log2(15) in all."""
    nearest = np.where(distances > 0, distances, np.inf).min(axis=1)
    beyond = np.maximum(distances - np.where(np.isfinite(nearest), nearest, 0)[:, None], 0)
    low, high = np.zeros(len(distances)), np.full(len(distances), np.inf)
    scale = np.ones(len(distances))
    for _ in range(64):
        is_wide = np.exp(-beyond / scale[:, None]).sum(axis=1) > np.log2(NEIGHBOURS)
        high, low = np.where(is_wide, scale, high), np.where(is_wide, low, scale)
        scale = np.where(np.isinf(high), scale * 2, (low + high) / 2)
    least = 1e-3 * max(float(distances.mean()), 1e-12)  # where all neighbours are in one place
    weights: Floats = np.exp(-beyond / np.maximum(scale, least)[:, None])
    return weights


class _Finder:
    """Neighbours among some points, nearly always the nearest ones.

    Points are sorted into cells around some of them, and looked for in the eight cells that are
    nearest to one's own: a sixteenth of the work.
    """

    def __init__(self, points: Floats, seed: int) -> None:
        self._points = points.astype(np.float32)
        cells = max(1, min(_CELLS, len(points) // _IN_CELL))
        chosen = np.random.default_rng(seed).choice(len(points), cells, replace=False)
        self._centres = np.unique(self._points[chosen], axis=0)
        cell = _nearest(self._centres, self._points, 1)[:, 0]
        near = _nearest(self._centres, self._centres, min(_NEAR_CELLS, len(self._centres)))
        self._members = [np.flatnonzero(np.isin(cell, cells)) for cells in near]

    def nearest(self, more: Floats, k: int) -> Ints:
        """Numbers of k points near to each of these: (n, k)."""
        asked = more.astype(np.float32)
        cell = _nearest(self._centres, asked, 1)[:, 0]
        order = np.argsort(cell, kind="stable")
        starts = np.searchsorted(cell[order], np.arange(len(self._centres) + 1))
        found = np.empty((len(more), k), np.int64)
        for number, members in enumerate(self._members):
            inside = order[starts[number] : starts[number + 1]]
            found[inside] = members[_nearest(self._points[members], asked[inside], k)]
        return found


def _nearest(points: Singles, asked: Singles, k: int) -> Ints:
    """Numbers of the k points nearest to each that is asked for, the nearest first.

    By one matrix product and k passes for the least, which at k = 3 is several times as fast as
    sorting the distances.
    """
    squares, scaled = (points * points).sum(axis=1), points.T * np.float32(-2)
    found = np.empty((len(asked), k), np.int64)
    for start in range(0, len(asked), _AT_ONCE):
        block = asked[start : start + _AT_ONCE]
        distances = block @ scaled + squares  # squared, without what is the same for all points
        for rank in range(k):
            least = distances.argmin(axis=1)
            found[start : start + _AT_ONCE, rank] = least
            distances[np.arange(len(block)), least] = np.inf
    return found
