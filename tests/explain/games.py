"""Shapley values from their definition, and random trees, to compare with."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from math import comb
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.explain.trees.reading import Gathered
from mispredict.explain.trees.trees import IDENTITY, Trees

Floats = npt.NDArray[np.float64]


def shapley(value: Callable[[frozenset[int]], float], players: int) -> Floats:
    """The Shapley values of a game."""
    out = np.zeros(players)
    for player in range(players):
        others = [p for p in range(players) if p != player]
        for size in range(players):
            for chosen in combinations(others, size):
                without = frozenset(chosen)
                gain = value(without | {player}) - value(without)
                out[player] += gain / (players * comb(players - 1, size))
    return out


def random_trees(rng: np.random.Generator, features: int, trees: int, depth: int) -> Trees:
    """Trees whose paths ask some features again and again."""
    gathered = Gathered()
    for _ in range(trees):
        nodes: list[list[Any]] = []

        def grow(cover: float, level: int, nodes: list[list[Any]] = nodes) -> int:
            at = len(nodes)
            nodes.append([-1, 0.0, 0, -1, -1, 0.0, cover])
            if level < depth and (level < 2 or rng.random() < 0.8):
                share = rng.uniform(0.1, 0.9)
                left = grow(cover * share, level + 1)
                right = grow(cover * (1 - share), level + 1)
                feature, cut = rng.integers(features), rng.normal() * 0.7
                nodes[at][:5] = [feature, cut, rng.integers(2), left, right]
            else:
                nodes[at][5] = rng.normal()
            return at

        grow(1000.0, 0)
        names = ("feature", "threshold", "missing_left", "left", "right", "value", "cover")
        columns = dict(zip(names, zip(*nodes, strict=True), strict=True))
        gathered.add(0, len(nodes), **{name: list(items) for name, items in columns.items()})
    return gathered.trees([0.5], IDENTITY, features)


def path_value(trees: Trees, row: Floats, known: frozenset[int]) -> float:
    """The ensemble's value with only some features known, by the shares of the training rows."""

    def walk(node: int) -> float:
        feature = int(trees.feature[node])
        if feature < 0:
            return float(trees.value[node, 0])
        left, right = int(trees.left[node]), int(trees.right[node])
        if feature in known:
            is_left = goes_left(trees, node, row)
            return walk(left if is_left else right)
        share = trees.cover[left] / trees.cover[node]
        return float(share * walk(left) + (1 - share) * walk(right))

    return float(trees.base[0]) + sum(walk(int(root)) for root in trees.roots)


def goes_left(trees: Trees, node: int, row: Floats) -> bool:
    value = row[trees.feature[node]]
    if np.isnan(value):
        return bool(trees.missing_left[node])
    return bool(value <= trees.threshold[node])
