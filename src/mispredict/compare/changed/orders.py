"""In which orders factors can be swapped, and what each order gives to a factor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from itertools import permutations
from math import factorial
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Coalition: TypeAlias = frozenset[str]
Joint: TypeAlias = tuple[str, ...]  # factors that are swapped at once


def orders_of(
    factors: Sequence[str], known: Set[Coalition]
) -> tuple[tuple[Joint, ...], list[tuple[Joint, ...]]]:
    """The factors, joined where they cannot be told apart, and the orders that can be measured.

    An order can be measured where the metric is known after each of its steps. Where no order of
    single factors can, as few as possible are joined.

    Args:
        factors: what differs.
        known: sets of swapped factors at which the metric is known; none and all are.
    """
    for parts in _partitions(tuple(factors)):
        found = [order for order in permutations(parts) if _is_known(order, known)]
        if found:
            return parts, found
    return (tuple(factors),), [(tuple(factors),)]


def shares(
    parts: Sequence[Joint], orders: Sequence[Sequence[Joint]]
) -> tuple[list[Coalition], Floats]:
    """Coalitions and the weight of each one's metric in each part's share, `(parts, coalitions)`.

    A part's share is the mean, over the orders, of what swapping it does: its Shapley value where
    all orders are there. Weights of a coalition sum to 0 over the parts but for none and all
    swapped, so the shares add up to the whole difference exactly.
    """
    place: dict[Coalition, int] = {}
    steps: list[tuple[int, int, int]] = []
    for order in orders:
        swapped: Coalition = frozenset()
        for part in order:
            after = swapped | set(part)
            first, last = (place.setdefault(item, len(place)) for item in (swapped, after))
            steps.append((parts.index(part), first, last))
            swapped = after
    table = np.zeros((len(parts), len(place)))
    for row, first, last in steps:
        table[row, last] += 1 / len(orders)
        table[row, first] -= 1 / len(orders)
    return list(place), table


def number_of_orders(factors: Sequence[str]) -> int:
    """How many orders there are in all."""
    return factorial(len(factors))


def _is_known(order: Sequence[Joint], known: Set[Coalition]) -> bool:
    swapped: Coalition = frozenset()
    for part in order:
        swapped = swapped | set(part)
        if swapped not in known:
            return False
    return True


def _partitions(factors: Joint) -> Iterator[tuple[Joint, ...]]:
    """All ways to join factors, those with the most parts first."""
    yield from sorted(_all_partitions(factors), key=lambda parts: -len(parts))


def _all_partitions(factors: Joint) -> Iterator[tuple[Joint, ...]]:
    if not factors:
        yield ()
        return
    first, rest = factors[0], factors[1:]
    for parts in _all_partitions(rest):
        yield ((first,), *parts)
        for at, part in enumerate(parts):
            yield ((first, *part), *parts[:at], *parts[at + 1 :])
