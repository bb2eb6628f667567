"""Every slice there is, counted one by one: what the search must agree with."""

from __future__ import annotations

import math
from itertools import combinations, product

import numpy as np

from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.space import Box, Column, Condition, Slice, Space


def conditions(column: Column, present: np.ndarray, *, with_ranges: bool) -> list[Condition]:
    """All conditions on a column that do not hold for all rows."""
    codes = column.codes[present]
    values = sorted(set(codes.tolist()))
    if values == [0]:
        return []
    if not (column.is_ordered and with_ranges):
        return [] if len(values) == 1 else [Condition(column.name, v, v) for v in values]
    has_missing = 0 in values
    values = [value for value in values if value > 0]
    pairs = [(a, b) for i, a in enumerate(values) for b in values[i:]]
    if not has_missing:
        pairs = [(a, b) for a, b in pairs if (a, b) != (values[0], values[-1])]
    found = [Condition(column.name, 0, 0)] if has_missing else []
    return found + [Condition(column.name, a, b) for a, b in pairs]


def boxes(space: Space, present: np.ndarray, most: int, *, with_ranges: bool) -> list[Box]:
    each = [conditions(column, present, with_ranges=with_ranges) for column in space.columns]
    return [
        Box.of(chosen)
        for count in range(1, most + 1)
        for columns in combinations(each, count)
        for chosen in product(*columns)
    ]


def sliceline(
    size: float, errors: float, all_size: float, all_errors: float, *, alpha: float
) -> float:
    """Equation (1) of Sagadeeva & Boehm 2021."""
    relative = (errors / size) / (all_errors / all_size)
    return alpha * (relative - 1) - (1 - alpha) * (all_size / size - 1)


def likelihood_ratio(size: float, errors: float, all_size: float, all_errors: float) -> float:
    """Kulldorff's Bernoulli log-likelihood ratio, term by term."""

    def term(count: float, of: float, rate: float) -> float:
        return count * math.log(count / of / rate) if count else 0.0

    rate = all_errors / all_size
    if errors <= size * rate or size == all_size:
        return -math.inf
    rest, rest_errors = all_size - size, all_errors - errors
    return (
        term(errors, size, rate)
        + term(size - errors, size, 1 - rate)
        + term(rest_errors, rest, rate)
        + term(rest - rest_errors, rest, 1 - rate)
    )


def normal_ratio(
    size: float, errors: float, all_size: float, all_errors: float, squares: float
) -> float:
    """Log-likelihood ratio of two normal means against one, with a common variance."""
    rest, rest_errors = all_size - size, all_errors - errors
    if rest == 0 or errors / size <= all_errors / all_size:
        return -math.inf
    before = squares - all_errors**2 / all_size
    after = squares - errors**2 / size - rest_errors**2 / rest
    return -all_size / 2 * math.log(after / before)


def search(space: Space, errors: np.ndarray, options: Options) -> list[Slice]:
    """The k best slices by counting every one, for unweighted rows."""
    errors = errors.astype(float)
    n, all_errors = len(errors), math.fsum(errors)
    squares = math.fsum(errors**2)
    is_binary = set(errors.tolist()) <= {0.0, 1.0}
    smallest = max(options.min_share * n * (1 - 1e-12), options.min_rows)
    everything = np.ones(n, bool)
    prices = price_list(space, everything, options)
    found = []
    for box in boxes(space, everything, options.conditions, with_ranges=options.with_ranges):
        rows = box.mask(space)
        size, total = int(rows.sum()), math.fsum(errors[rows])
        if size < smallest or size == 0:
            continue
        if options.scoring == "sliceline":
            score = sliceline(size, total, n, all_errors, alpha=options.alpha)
        elif is_binary:
            score = likelihood_ratio(size, total, n, all_errors) - prices[len(box.conditions)]
        else:
            ratio = normal_ratio(size, total, n, all_errors, squares)
            score = ratio - prices[len(box.conditions)]
        if score > (0 if options.scoring == "sliceline" else -math.inf):
            found.append(Slice(box, size, size, total, score))
    return sorted(found, key=lambda item: item.order)[: options.k]


def price_list(space: Space, present: np.ndarray, options: Options) -> list[float]:
    """Logarithm of the number of slices of 0, 1, 2 … conditions, each worth its size."""
    counts = []
    for column in space.columns:
        each = conditions(column, present, with_ranges=options.with_ranges)
        if not (column.is_ordered and options.with_ranges):
            smallest = max(options.min_share * space.n, options.min_rows)
            each = [item for item in each if (column.codes == item.low).sum() >= smallest]
        counts.append(len(each))
    return [
        math.log(max(1, sum(math.prod(chosen) for chosen in combinations(counts, c))))
        for c in range(options.conditions + 1)
    ]
