"""Growing the error tree over codes, and cutting off what the other half does not bear out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.association import Groups, adjusted, p_values
from mispredict.cohorts.regions import Feature
from mispredict.engine.codebook import MISSING

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_MOST_VALUES = 200  # of a column that are tried against the rest, the most frequent ones
_NOTHING = 1e-12  # explained by a split of equal means, but for rounding


@dataclass
class Branch:
    """A node: the codes it allows, and its rows of both halves.

    `step` holds what it adds to its parent; `p_adjusted` is of the difference of its children.
    """

    allowed: dict[str, Bools]
    step: dict[str, Bools]
    fit: Rows
    confirm: Rows
    children: tuple[Branch, Branch] | None = None
    p_adjusted: float = np.nan

    def rows_of(self, features: Mapping[str, Feature], rows: Rows) -> Bools:
        """Which of the rows are in the node."""
        inside = np.ones(len(rows), dtype=bool)
        for name, codes in self.allowed.items():
            inside &= codes[features[name].codes[rows]]
        return inside


@dataclass(frozen=True)
class Grown:
    """A tree with the columns and the target that it stands on."""

    root: Branch
    features: Mapping[str, Feature]
    target: Floats


@dataclass(frozen=True, slots=True)
class _Split:
    """One side of a split: the codes of a column, and how much of the scatter it explains."""

    column: str = ""
    side: Bools = field(default_factory=lambda: np.zeros(0, dtype=bool))
    explained: float = 0.0


def grow(
    features: Mapping[str, Feature],
    target: Floats,
    *,
    fit: Rows,
    confirm: Rows,
    depth: int,
    least: float,
    significance: float,
) -> Grown:
    """The tree fitted on `fit`, without the splits that `confirm` does not bear out."""
    root = Branch({}, {}, fit, confirm)
    _grow(root, features, target, depth, least)
    splits = list(_inner(root))
    p = np.array([_p_of(branch, target) for branch in splits])
    for branch, value in zip(splits, adjusted(p), strict=True):
        branch.p_adjusted = float(value)
    _prune(root, target, significance)
    return Grown(root, features, target)


def _grow(
    branch: Branch, features: Mapping[str, Feature], target: Floats, depth: int, least: float
) -> None:
    if depth == 0 or len(branch.fit) < 2 * least:
        return
    best = _Split()
    for name, feature in features.items():
        found = _best_split(branch, name, feature, target, least)
        # Equal but for rounding: the column that came first.
        if found.explained > best.explained * (1 + 1e-9):
            best = found
    if not best.column:
        return
    codes = features[best.column].codes
    before = branch.allowed.get(best.column, np.ones(len(best.side), dtype=bool))
    branch.children = (
        _child(branch, best.column, before & best.side, codes),
        _child(branch, best.column, before & ~best.side, codes),
    )
    for child in branch.children:
        _grow(child, features, target, depth - 1, least)


def _child(branch: Branch, column: str, side: Bools, codes: npt.NDArray[np.uint8]) -> Branch:
    fit = branch.fit[side[codes[branch.fit]]]
    confirm = branch.confirm[side[codes[branch.confirm]]]
    return Branch({**branch.allowed, column: side}, {column: side}, fit, confirm)


def _best_split(
    branch: Branch, name: str, feature: Feature, target: Floats, least: float
) -> _Split:
    """The column's split with the largest squared difference of means, weighted by rows."""
    codes = feature.codes[branch.fit]
    size = feature.book.size
    n = np.bincount(codes, minlength=size).astype(np.float64)
    total = np.bincount(codes, weights=target[branch.fit], minlength=size)
    sides = _sides(feature, n)
    inside, errors = sides.sums(n), sides.sums(total)
    all_n, all_errors = n.sum(), total.sum()
    with np.errstate(all="ignore"):
        excess = errors - inside * all_errors / all_n
        explained = excess**2 / inside / (1 - inside / all_n)
    fits = (inside >= least) & (all_n - inside >= least)
    explained = np.where(fits, explained, 0.0)
    if not len(explained) or not explained.max() > _NOTHING:
        return _Split()
    at = int(explained.argmax())
    return _Split(name, sides.codes(at, size), float(explained[at]))


@dataclass(frozen=True, slots=True)
class _Sides:
    """Sides to try: codes from `first` to `last`, and missing values or not."""

    first: Rows
    last: Rows
    with_missing: Bools

    def sums(self, of_code: npt.NDArray[Any]) -> Floats:
        below = np.concatenate(([0.0], np.cumsum(of_code)))
        known = below[self.last + 1] - below[self.first]
        sums: Floats = known + np.where(self.with_missing, of_code[MISSING], 0.0)
        return sums

    def codes(self, at: int, size: int) -> Bools:
        chosen = np.zeros(size, dtype=bool)
        chosen[self.first[at] : self.last[at] + 1] = True
        chosen[MISSING] = self.with_missing[at]
        return chosen


def _sides(feature: Feature, n: Floats) -> _Sides:
    """All numbers up to one, with and without missing ones; or one value; or missing ones."""
    used = np.flatnonzero(n[1:]) + 1
    if feature.is_ordered:
        last = used[:-1]
        first = np.ones(len(last), dtype=np.intp)
    else:
        often = used[np.argsort(-n[used], kind="stable")[:_MOST_VALUES]]
        first = last = often[often != (feature.book.other or 0)]
    missing = np.zeros(len(last), dtype=bool)
    if n[MISSING]:
        twice = 2 if feature.is_ordered else 1
        first = np.concatenate([*[first] * twice, [1]])
        last = np.concatenate([*[last] * twice, [0]])
        missing = np.concatenate([*[missing, ~missing][:twice], [True]])
    return _Sides(first, last, missing)


def _p_of(branch: Branch, target: Floats) -> float:
    """p of the difference of both children on the other half; 1 if it turned round there."""
    assert branch.children is not None
    one, other = branch.children
    here = target[one.confirm]
    both = np.concatenate([here, target[other.confirm]])
    if not len(here) or len(here) == len(both):
        return 1.0
    if (
        _difference(target, one.fit, other.fit) * _difference(target, one.confirm, other.confirm)
        <= 0
    ):
        return 1.0
    sums = Groups(
        np.array([float(len(here))]),
        np.array([here.sum()]),
        np.array([(here**2).sum()]),
        len(both),
        float(both.sum()),
        float((both**2).sum()),
        bool(np.isin(both, (0.0, 1.0)).all()),
    )
    p = float(p_values(sums)[0])
    return p if np.isfinite(p) else 1.0


def _difference(target: Floats, one: Rows, other: Rows) -> float:
    return float(target[one].mean() - target[other].mean())


def _inner(branch: Branch) -> Iterator[Branch]:
    if branch.children is not None:
        yield branch
        for child in branch.children:
            yield from _inner(child)


def _prune(branch: Branch, target: Floats, significance: float) -> None:
    if branch.children is None:
        return
    if branch.p_adjusted >= significance:
        branch.children, branch.p_adjusted = None, np.nan
        return
    for child in branch.children:
        _prune(child, target, significance)
