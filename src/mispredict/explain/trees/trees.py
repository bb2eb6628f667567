"""Decision trees of any library as arrays, and their exact Shapley values."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.trees import kernels

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int32]

IDENTITY, SIGMOID, SOFTMAX, EXP = "identity", "sigmoid", "softmax", "exp"
_CHUNK = 16_384  # rows per thread at a time
_FEW = 64  # rows for which tables of whole subtrees do not pay
_THREADS = 8


@dataclass(frozen=True, eq=False)
class Trees:
    """Trees that stand one after another, one element per node.

    A row goes left at a node if its value is at most `threshold`, or, where the node is in
    `categories`, is one of those whole numbers; a missing one as `missing_left` says. `feature`
    is -1 at leaves. `cover` is the weight of the training rows that came there.

    `value` has one column per output (forests), or one for all: then tree t adds to the output
    `outputs[t]` (boosting). An answer of the model is `link(base + sum of leaves)`.
    """

    feature: Ints
    threshold: Floats
    missing_left: npt.NDArray[np.uint8]
    left: Ints
    right: Ints
    value: Floats
    cover: Floats
    roots: Ints
    outputs: Ints
    base: Floats
    link: str
    n_features: int
    is_float32: bool = False
    categories: Mapping[int, npt.NDArray[np.int64]] = field(default_factory=dict)

    @property
    def n_outputs(self) -> int:
        """Numbers per row before the link: 1 for binary boosting and regression."""
        return len(self.base)

    def margins(self, rows: Floats) -> Floats:
        """The model's numbers before its link, (n, outputs)."""
        out = np.tile(self.base, (len(rows), 1))
        coded = self._coded(rows)
        for output in range(self.n_outputs):
            own = np.zeros(len(rows))
            nodes = self._nodes(output)
            for root in self._roots(output):
                kernels.margins(nodes, coded, root, own)
            out[:, output] += own
        return out

    def answers(self, margins: Floats) -> Floats:
        """The model's answers: probabilities (n, K), or values (n, 1)."""
        if self.link == SIGMOID:
            positive = 1 / (1 + np.exp(-margins[:, :1]))
            return np.hstack([1 - positive, positive])
        if self.link == SOFTMAX:
            powers = np.exp(margins - margins.max(axis=1, keepdims=True))
            return np.asarray(powers / powers.sum(axis=1, keepdims=True))
        return np.exp(margins) if self.link == EXP else margins

    def expected(self, output: int, background: Floats | None = None) -> float:
        """The value that attributions start from: the mean over training or background rows."""
        if background is not None:
            return float(self.margins(background)[:, output].mean())
        values = self._nodes(output).value
        reach = self._reach
        is_leaf = self.feature < 0
        mine = is_leaf & np.isin(self._tree_of, self._tree_numbers(output))
        return float(self.base[output] + (reach[mine] * values[mine]).sum())

    def shapley(
        self,
        rows: Floats,
        output: int,
        *,
        player: Ints,
        players: int,
        background: Floats | None = None,
    ) -> Floats:
        """Shapley values (n, players) of one output before its link, exact.

        Args:
            rows: (n, features) numbers, NaN for missing.
            output: column of the margins.
            player: whom each feature belongs to; values of one player's features are summed.
            background: rows against which features count as unknown ("interventional");
                without them the shares of the training rows in the trees do ("path-dependent").
        """
        nodes, roots = self._nodes(output), self._roots(output)
        back = self._coded(np.empty((0, self.n_features)) if background is None else background)
        constants, bits = _constants(), 0 if len(rows) < _FEW else kernels.TABLE_BITS

        def work(chunk: slice) -> Floats:
            coded = self._coded(rows[chunk])
            phi = np.zeros((players, coded.codes.shape[1]))
            for root in roots:
                kernels.explain_tree(nodes, coded, back, constants, player, root, bits, phi)
            return np.ascontiguousarray(phi.T)

        parts = _mapped(work, list(_chunks(len(rows), _CHUNK)))
        return np.concatenate(parts) if parts else np.empty((0, players))

    def interactions(self, rows: Floats, output: int, *, player: Ints, players: int) -> Floats:
        """Shapley interactions (n, players, players) of one output, path-dependent, exact.

        Off the diagonal is half of each pair's interaction; a row's sum over a player's line
        with the diagonal (what is left) is its Shapley value.
        """
        nodes, constants = self._nodes(output), _constants()
        out = np.zeros((len(rows), players, players))
        for chunk in _chunks(len(rows), 512):
            coded = self._coded(rows[chunk])
            for root in self._roots(output):
                kernels.interactions(nodes, coded, constants, player, root, out[chunk])
        values = self.shapley(rows, output, player=player, players=players)
        at = np.arange(players)
        out[:, at, at] = values - out.sum(axis=2)
        return out

    @cached_property
    def deepest(self) -> int:
        """Most conditions on different features on one path."""
        most = 0
        for root in self.roots.tolist():
            stack: list[tuple[int, frozenset[int]]] = [(root, frozenset())]
            while stack:
                node, seen = stack.pop()
                if self.feature[node] < 0:
                    most = max(most, len(seen))
                    continue
                now = seen | {int(self.feature[node])}
                stack += [(int(self.left[node]), now), (int(self.right[node]), now)]
        return most

    def _roots(self, output: int) -> list[int]:
        return [int(root) for root in self.roots[self._tree_numbers(output)]]

    def _tree_numbers(self, output: int) -> npt.NDArray[np.int64]:
        if self.value.shape[1] > 1:
            return np.arange(len(self.roots))
        return np.flatnonzero(self.outputs == output)

    @cached_property
    def _tree_of(self) -> npt.NDArray[np.int64]:
        """Number of the tree that each node is in."""
        return np.searchsorted(self.roots, np.arange(len(self.feature)), side="right") - 1

    @cached_property
    def _reach(self) -> Floats:
        """Share of its tree's training rows that came to each node."""
        top = self.cover[self.roots][self._tree_of]
        return self.cover / np.where(top > 0, top, 1.0)

    def _nodes(self, output: int) -> kernels.Nodes:
        at = output if self.value.shape[1] > 1 else 0
        if at not in self._by_output:
            value = np.ascontiguousarray(self.value[:, at], dtype=np.float64)
            self._by_output[at] = kernels.Nodes(
                self.feature, self._codebook.cut, self.missing_left, self.left, self.right, value,
                self.cover, self._codebook.table, self._codebook.table_at,
            )  # fmt: skip
        return self._by_output[at]

    @cached_property
    def _by_output(self) -> dict[int, kernels.Nodes]:
        return {}

    @cached_property
    def _codebook(self) -> _Codebook:
        return _Codebook.of(self)

    def _coded(self, rows: Floats) -> kernels.Rows:
        return self._codebook.encode(rows, is_float32=self.is_float32)


@dataclass(frozen=True, eq=False)
class _Codebook:
    """Features as small whole numbers: how many of the trees' thresholds are below the value.

    Categories are their own codes, then one for all others. The last code means missing.
    """

    points: Mapping[int, Floats]  # thresholds by feature
    counts: Mapping[int, int]  # number of categories by feature
    cut: npt.NDArray[np.uint16]
    table: npt.NDArray[np.uint8]
    table_at: npt.NDArray[np.int64]
    missing: npt.NDArray[np.uint16]
    n_features: int

    @classmethod
    def of(cls, trees: Trees) -> _Codebook:
        split = trees.feature >= 0
        by_category = np.zeros(len(split), bool)
        by_category[list(trees.categories)] = True
        points, cut = {}, np.zeros(len(split), np.int64)
        missing = np.ones(trees.n_features, np.int64)
        for f in np.unique(trees.feature[split & ~by_category]).tolist():
            own = (trees.feature == f) & ~by_category
            points[f] = np.unique(trees.threshold[own])
            cut[own] = np.searchsorted(points[f], trees.threshold[own])
            missing[f] = len(points[f]) + 1
        counts: dict[int, int] = {}
        for node, names in trees.categories.items():
            f = int(trees.feature[node])
            counts[f] = max(counts.get(f, 0), int(names.max(initial=-1)) + 1)
        missing[list(counts)] = np.array([count + 1 for count in counts.values()], np.int64)
        table, table_at = _tables(trees, counts)
        kind = np.uint16 if missing.max(initial=0) < 65_536 else np.uint32
        return cls(
            points, counts, cut.astype(kind), table, table_at, missing.astype(kind),
            trees.n_features,
        )  # fmt: skip

    def encode(self, rows: Floats, *, is_float32: bool) -> kernels.Rows:
        """The rows' codes, (features, n)."""
        codes = np.zeros((self.n_features, len(rows)), self.missing.dtype)
        for f, points in self.points.items():
            column = rows[:, f].astype(np.float32).astype(np.float64) if is_float32 else rows[:, f]
            codes[f] = np.searchsorted(points, column)
            codes[f, np.isnan(column)] = self.missing[f]
        for f, count in self.counts.items():
            column = rows[:, f]
            known = (column >= 0) & (column < count)
            codes[f] = np.where(known, np.where(known, column, 0), count)
            codes[f, np.isnan(column)] = self.missing[f]
        return kernels.Rows(codes, self.missing)


def _tables(
    trees: Trees, counts: Mapping[int, int]
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Per node with categories, which codes go left, one after another."""
    parts: list[npt.NDArray[np.uint8]] = [np.zeros(1, np.uint8)]
    at = np.full(len(trees.feature), -1, np.int64)
    used = 1
    for node, names in trees.categories.items():
        own = np.zeros(counts[int(trees.feature[node])] + 2, np.uint8)
        own[names] = 1
        own[-1] = trees.missing_left[node]
        at[node] = used
        parts.append(own)
        used += len(own)
    return np.concatenate(parts), at


_kept: list[kernels.Rule] = []


def _constants() -> kernels.Rule:
    if not _kept:
        _kept.append(kernels.rule())
    return _kept[0]


def _chunks(n: int, size: int) -> Iterator[slice]:
    return (slice(start, min(start + size, n)) for start in range(0, n, size))


def _mapped(work: Any, chunks: list[slice]) -> list[Floats]:
    """The parts in order; by threads where there are several, since the loops release the GIL."""
    threads = min(_THREADS, os.cpu_count() or 1, len(chunks))
    if threads < 2:
        return [work(chunk) for chunk in chunks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, chunks))
