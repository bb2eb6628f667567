"""Sizes of batches: about a second of rows each, and never smaller for nothing."""

from __future__ import annotations

from itertools import pairwise

import pytest

from mispredict.models.pacing import BATCH_SECONDS, LEAST_ROWS, MOST_ROWS, Pace


def sizes(fixed: float, per_row: float, calls: int = 12, first: int = 256) -> list[int]:
    """The sizes that are asked of a model with such costs."""
    pace, found = Pace(first), []
    for _ in range(calls):
        found.append(pace.size)
        pace.heard(pace.size, fixed + per_row * pace.size)
    return found


@pytest.mark.parametrize("fixed", [0.5, 2.0, 30.0], ids=str)
def test_a_model_with_a_fixed_cost_per_call_is_asked_more_at_once(fixed: float) -> None:
    found = sizes(fixed, 1e-6)
    assert found[-1] == MOST_ROWS
    assert all(later >= before for before, later in pairwise(found[1:]))


def test_batches_of_a_slow_model_are_about_a_second() -> None:
    found = sizes(0.0, 0.02)
    assert found[-1] == pytest.approx(BATCH_SECONDS / 0.02, abs=1)
    assert sizes(0.0, 5.0)[-1] == LEAST_ROWS


def test_the_rows_alone_take_the_second_where_the_call_costs_too() -> None:
    assert sizes(3.0, 0.002)[-1] == pytest.approx(BATCH_SECONDS / 0.002, rel=0.05)


def test_a_model_whose_speed_is_not_known_grows_by_steps() -> None:
    assert sizes(0.5, 1e-6, calls=2) == [256, 511]
    assert sizes(0.0, 1e-3, calls=2) == [256, 1000]


@pytest.mark.parametrize(("fixed", "per_row"), [(0.0, 5e-6), (0.012, 5e-6), (0.1, 1e-5)], ids=str)
def test_a_quick_model_soon_has_full_batches(fixed: float, per_row: float) -> None:
    found = sizes(fixed, per_row, calls=5)
    assert found[-1] == MOST_ROWS
    assert found[1] > 4 * found[0]
    for before, later in pairwise(found):
        assert later <= 4 * before or fixed / before * later + per_row * later <= 0.5


def test_a_model_that_becomes_slower_is_asked_less() -> None:
    pace = Pace(256)
    for _ in range(8):
        pace.heard(pace.size, 0.001 * pace.size)
    before = pace.size
    for _ in range(3):
        pace.heard(pace.size, 0.01 * pace.size)
    assert pace.size < before / 4
