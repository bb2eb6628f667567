"""Data with known bad slices: 20 columns, errors by chance, three times as likely in the slices.

Ten columns have names (2 to 50 values, some rare), ten have numbers of different shapes, coded
in 50 bins of equal size, as an evaluation's columns are. Some values are missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mispredict.cohorts.search.space import Column, Space

VALUES = (2, 2, 3, 5, 8, 10, 15, 20, 30, 50)
NUMBERS = 10
BINS = 50
LEAST, MOST = 0.01, 0.05


@dataclass(frozen=True)
class Planted:
    """Columns, errors, and the rows of each planted slice by its number of conditions."""

    space: Space
    errors: np.ndarray
    slices: dict[int, np.ndarray]


def plant(
    seed: int,
    *,
    n: int = 100_000,
    base: float = 0.10,
    factor: float = 3.0,
    conditions: tuple[int, ...] = (1, 2, 3),
) -> Planted:
    """A data set with one planted slice for each number of conditions."""
    rng = np.random.default_rng(seed)
    named = [_named(rng, size, n) for size in VALUES]
    numbers = [_numbers(rng, j, n) for j in range(NUMBERS)]
    # No column is in two slices: where two ranges of one meet, no data could tell them apart.
    free = rng.permutation(len(named) + len(numbers))
    slices = {}
    for count in conditions:
        slices[count], free = _slice(rng, named, numbers, count, free)
    rate = np.full(n, base)
    for rows in slices.values():
        rate[rows] = factor * base
    columns = [
        Column(f"c{j}", codes.astype(np.uint8), size + 1)
        for j, (codes, size) in enumerate(zip(named, VALUES, strict=True))
    ]
    columns += [_coded(f"x{j}", values) for j, values in enumerate(numbers)]
    return Planted(Space(tuple(columns)), rng.random(n) < rate, slices)


def jaccard(first: np.ndarray, second: np.ndarray) -> float:
    union = np.count_nonzero(first | second)
    return float(np.count_nonzero(first & second) / union) if union else 1.0


def _named(rng: np.random.Generator, size: int, n: int) -> np.ndarray:
    shares = rng.dirichlet(np.full(size, 3.0))
    codes = rng.choice(size, n, p=shares) + 1
    codes[rng.random(n) < 0.01] = 0
    return codes


def _numbers(rng: np.random.Generator, j: int, n: int) -> np.ndarray:
    values = (
        rng.normal(50, 10, n)
        if j % 3 == 0
        else rng.lognormal(3, 1, n)
        if j % 3 == 1
        else rng.random(n)
    )
    values[rng.random(n) < 0.01] = np.nan
    return values


def _coded(name: str, values: np.ndarray) -> Column:
    edges = np.nanquantile(values, np.linspace(0, 1, BINS + 1))
    codes = np.searchsorted(edges[1:-1], values, side="right") + 1
    codes[np.isnan(values)] = 0
    return Column(name, codes.astype(np.uint8), BINS + 1, True, load=lambda: values)


def _slice(
    rng: np.random.Generator,
    named: list[np.ndarray],
    numbers: list[np.ndarray],
    conditions: int,
    free: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of a random conjunction that holds 1 to 5 % of the rows, and the columns left."""
    n = len(named[0])
    while True:
        rows = np.ones(n, bool)
        target = rng.uniform(LEAST, MOST)
        chosen = rng.choice(free, conditions, replace=False)
        for j in chosen:
            if j < len(named):
                rows &= named[j] == rng.choice(np.unique(named[j][named[j] > 0]))
            else:
                rows &= _range(rng, numbers[j - len(named)], target ** (1 / conditions))
        if LEAST <= rows.mean() <= MOST:
            return rows, free[~np.isin(free, chosen)]


def _range(rng: np.random.Generator, values: np.ndarray, width: float) -> np.ndarray:
    """Rows in an interval that holds about this share of the values."""
    width = float(np.clip(width * rng.uniform(0.7, 1.4), 0.01, 0.9))
    start = rng.uniform(0, 1 - width)
    low, high = np.nanquantile(values, [start, start + width])
    return (values >= low) & (values <= high)
