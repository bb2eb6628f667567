"""Rows whose vectors point nearly the same way: every pair at the threshold, and none besides.

All pairs are compared, in blocks, so that memory stays bounded. Most are settled by a few numbers
per row instead of all of them: along its main directions a vector x is split into p and the rest
of length r, and by the inequality of Cauchy and Schwarz the cosine of two is at most
p₁·p₂ + r₁ r₂. Only pairs for which that reaches the threshold are compared in full, so that the
answer is that of the whole product of matrices. (Filter and verify, as in Bayardo, Ma and
Srikant 2007.)
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import Cancelled
from mispredict.data.duplicates.texts import Joined, flatten, found_root
from mispredict.engine.jit import kernel
from mispredict.expectations.subject import Floats, Numbers

Vectors = npt.NDArray[np.float32]
Progress = Callable[[int, int], None]
BLOCK = (1_024, 8_192)  # pairs that are compared at once: 32 MB of them
_WIDTHS = (16, 32, 64)  # directions that a filter may have
_SAMPLE = 2_000  # rows that choose the filter
_SLACK = 1e-5  # of single precision, in the filter
_EXACT = 1e-6  # of single precision, in a cosine
_DENSE = 1 / 24  # share of a block from which on comparing all of it is quicker
_PAIRS = 8_388_608  # numbers of pairs that are multiplied at once


def near_vectors(
    vectors: npt.NDArray[Any],
    near: float,
    *,
    own: int | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Joined:
    """Groups of rows of which each has a cosine of at least `near` with another of its group.

    Rows without a vector (NaN), or of length zero, are in no group of others.

    Args:
        vectors: (n, d), a row each.
        near: the least cosine, above 0.
        own: with two datasets one below the other, the rows of the first: rows are then compared
            with those of the other dataset alone.
        progress: called with (blocks compared, blocks in all).
        cancel: asked before each block; True stops.
    """
    rows, ones = _directions(vectors)
    n = len(vectors)
    root = np.arange(n, dtype=np.int64)
    nearest = np.full(n, -1.0)
    sides = [np.arange(len(rows))]
    if own is not None:
        sides = list(np.split(sides[0], [int(np.searchsorted(rows, own))]))
    first = [_distinct(ones, rows, side, root, nearest) for side in sides]
    blocks = _Blocks(ones, near)
    left, right = first[0], first[-1]
    for done, (a, b, count) in enumerate(_places(len(left), len(right), own is None), 1):
        if cancel is not None and cancel():
            raise Cancelled("stopped while vectors were compared.", hint="run it again")
        pairs = blocks.alike(left[a], right[b])
        if own is None and a.start >= b.start:
            is_ahead = left[a][pairs[0]] < right[b][pairs[1]]  # each pair once, no row with itself
            pairs = (pairs[0][is_ahead], pairs[1][is_ahead], pairs[2][is_ahead])
        _join(rows[left[a][pairs[0]]], rows[right[b][pairs[1]]], pairs[2], root, nearest)
        if progress is not None:
            progress(done, count)
    flatten(root)
    similarity = np.where(nearest < 0, 1.0, np.minimum(nearest, 1.0))
    return Joined(root, similarity)


class _Blocks:
    """Pairs of rows that are alike, block by block, by a filter where one pays."""

    def __init__(self, ones: Vectors, near: float) -> None:
        self._ones, self._near = ones, near
        self._short = _filter(ones, near)

    def alike(self, left: Numbers, right: Numbers) -> tuple[Numbers, Numbers, Floats]:
        """Places in `left` and in `right`, and cosines, of the pairs that are alike."""
        if self._short is not None:
            bound = self._short[left] @ self._short[right].T
            pairs = np.flatnonzero(bound.ravel() >= self._near - _SLACK)
            if len(pairs) <= _DENSE * bound.size:
                return self._verified(left, right, pairs)
        cosines = self._ones[left] @ self._ones[right].T
        pairs = np.flatnonzero(cosines.ravel() >= self._near - _EXACT)
        return *np.divmod(pairs, len(right)), cosines.ravel()[pairs].astype(np.float64)

    def _verified(
        self, left: Numbers, right: Numbers, pairs: Numbers
    ) -> tuple[Numbers, Numbers, Floats]:
        a, b = np.divmod(pairs, len(right))
        cosines = np.empty(len(pairs))
        step = max(1, _PAIRS // self._ones.shape[1])
        for start in range(0, len(pairs), step):
            part = slice(start, start + step)
            one, other = self._ones[left[a[part]]], self._ones[right[b[part]]]
            cosines[part] = np.einsum("ij,ij->i", one, other)
        kept = cosines >= self._near - _EXACT
        return a[kept], b[kept], cosines[kept]


def _directions(vectors: npt.NDArray[Any]) -> tuple[Numbers, Vectors]:
    """The rows that have a direction, and those as vectors of length one."""
    whole = np.asarray(vectors, dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        top = np.abs(whole).max(axis=1, initial=0.0)
    rows = np.flatnonzero(np.isfinite(top) & (top > 0))
    scaled = whole[rows] / top[rows, None]  # squares of huge or tiny numbers have no float
    scaled /= np.linalg.norm(scaled, axis=1, keepdims=True)
    return rows, scaled


def _distinct(
    ones: Vectors, rows: Numbers, side: Numbers, root: Numbers, nearest: Floats
) -> Numbers:
    """One of each of the side's vectors; the others are joined to it."""
    from mispredict.data.duplicates.rows import first_of

    if not len(side):
        return side
    hashes = np.fromiter((hash(ones[place].tobytes()) for place in side), np.int64, len(side))
    first = first_of(hashes.view(np.uint64))
    copies = np.flatnonzero(first != np.arange(len(side)))
    root[rows[side[copies]]] = rows[side[first[copies]]]
    nearest[rows[side[copies]]] = 1.0
    nearest[rows[side[first[copies]]]] = 1.0
    kept: Numbers = side[first == np.arange(len(side))]
    return kept


def _filter(ones: Vectors, near: float) -> Vectors | None:
    """Few numbers per row whose product is never below a cosine; None where none would pay."""
    n, width = ones.shape
    if width <= _WIDTHS[0] or n < _SAMPLE:
        return None
    from sklearn.utils.extmath import randomized_svd

    sample = ones[np.random.default_rng(0).choice(n, _SAMPLE, replace=False)]
    count = min(_WIDTHS[-1], width)
    axes = randomized_svd(sample, count, random_state=0)[2].astype(np.float32)
    best, least = None, float(width)
    for size in (size for size in _WIDTHS if size < width):
        short = _shortened(sample, axes[:size])
        half = _SAMPLE // 2
        passed = float((short[:half] @ short[half:].T >= near - _SLACK).mean())
        cost = size + 20 + (width if passed > _DENSE else 24 * passed * width)
        if cost < least:
            best, least = size, cost
    return None if best is None else _shortened(ones, axes[:best])


def _shortened(ones: Vectors, axes: Vectors) -> Vectors:
    """Each vector along the axes, and the length of what is left of it."""
    along = ones @ axes.T
    left = np.clip(1 - np.einsum("ij,ij->i", along, along), 0, None)
    short: Vectors = np.column_stack([along, np.sqrt(left)]).astype(np.float32)
    return short


def _places(left: int, right: int, is_one: bool) -> Iterator[tuple[slice, slice, int]]:
    """The blocks, and how many there are; of one dataset those from the diagonal on."""
    tall, wide = BLOCK
    found = [
        (slice(a, min(a + tall, left)), slice(b, min(b + wide, right)))
        for a in range(0, left, tall)
        for b in range(0, right, wide)
        if not is_one or b + wide > a
    ]
    for a, b in found:
        yield a, b, len(found)


@kernel()
def _join(first: Any, second: Any, cosines: Any, root: Any, nearest: Any) -> None:
    """Join the rows of each pair, and keep the largest cosine of each row."""
    for place in range(len(first)):
        a, b, cosine = first[place], second[place], cosines[place]
        nearest[a] = max(nearest[a], cosine)
        nearest[b] = max(nearest[b], cosine)
        one, other = found_root(root, a), found_root(root, b)
        if one != other:
            root[max(one, other)] = min(one, other)
