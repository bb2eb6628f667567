from __future__ import annotations

from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.compare.changed.orders import number_of_orders, orders_of, shares

FACTORS = ("a", "b", "c")
ALL = {frozenset(part) for size in range(4) for part in combinations(FACTORS, size)}


def parts_of(values: dict[frozenset[str], float], factors: tuple[str, ...]) -> dict[str, float]:
    parts, orders = orders_of(factors, values.keys())
    coalitions, table = shares(parts, orders)
    found = table @ np.array([values[item] for item in coalitions])
    return {" + ".join(part): float(value) for part, value in zip(parts, found, strict=True)}


@given(st.lists(st.floats(-1, 1), min_size=8, max_size=8))
def test_they_are_shapley_values_and_add_up(given_values: list[float]) -> None:
    values = dict(zip(sorted(ALL, key=sorted), given_values, strict=True))
    found = parts_of(values, FACTORS)
    for factor in FACTORS:
        steps = []
        for order in permutations(FACTORS):
            before = frozenset(order[: order.index(factor)])
            steps.append(values[before | {factor}] - values[before])
        assert found[factor] == pytest.approx(np.mean(steps), abs=1e-12)
    assert sum(found.values()) == pytest.approx(
        values[frozenset(FACTORS)] - values[frozenset()], abs=1e-12
    )


def test_a_factor_that_does_nothing_gets_nothing() -> None:
    values = {item: float("a" in item) for item in ALL}
    assert parts_of(values, FACTORS) == {"a": 1.0, "b": 0.0, "c": 0.0}


def test_what_is_not_known_leaves_orders_out() -> None:
    """Without {b} only the orders in which a is swapped first can be measured."""
    values = {frozenset(): 0.0, frozenset("a"): 1.0, frozenset("ab"): 3.0}
    assert parts_of(values, ("a", "b")) == {"a": 1.0, "b": 2.0}
    assert len(orders_of(("a", "b"), values.keys())[1]) == 1


def test_what_cannot_be_told_apart_is_joined() -> None:
    values = {frozenset(): 0.0, frozenset("ab"): 3.0}
    assert parts_of(values, ("a", "b")) == {"a + b": 3.0}


def test_as_few_as_possible_are_joined() -> None:
    known = {frozenset(): 0.0, frozenset("c"): 1.0, frozenset("ab"): 2.0, frozenset("abc"): 5.0}
    found = parts_of(known, FACTORS)
    assert found == {"a + b": 3.0, "c": 2.0}


def test_nothing_to_swap_is_no_part() -> None:
    parts, orders = orders_of((), {frozenset()})
    assert (parts, orders) == ((), [()])
    assert number_of_orders(FACTORS) == 6
