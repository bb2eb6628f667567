from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.review.priority import Errors, priority_of, with_harm


def test_the_sum_is_share_times_error_times_harm() -> None:
    error = np.array([1.0] * 30 + [0.0] * 70 + [1.0] * 10 + [0.0] * 90)
    mask = np.arange(200) < 100
    found = priority_of(Errors(error, True), mask, harm=4, evaluation="m@1/d@1")
    assert (found.share, found.error, found.affected) == (0.5, 0.3, 100)
    assert found.value == pytest.approx(100 * 0.5 * 0.3 * 4 / 5)
    assert found.working.startswith("50.0 % of rows × error rate 30.0 % × harm 4 of 5 (serious")
    assert "= 12 of 100 [8.6, 16.5]" in found.working


def test_weights_count_as_that_many_users() -> None:
    error, mask = np.array([1.0, 0, 0, 0]), np.array([True, True, False, False])
    found = priority_of(Errors(error, True, np.array([6.0, 2, 1, 1])), mask, harm=5)
    assert found.share == pytest.approx(0.8)
    assert found.error == pytest.approx(0.75)


def test_users_are_counted_once() -> None:
    error = np.array([1.0, 1, 0, 0, 1, 0])
    users = np.array([0, 0, 0, 1, 2, -1])
    mask = np.array([True, True, True, False, True, True])
    found = priority_of(Errors(error, True, None, users, "user"), mask, harm=5)
    assert (found.affected, found.share) == (2, pytest.approx(2 / 3))
    assert found.users == "user"
    assert "of users (user)" in found.working


def test_losses_are_held_against_a_scale() -> None:
    loss = np.array([1.0, 3.0, 10.0, 0.5])
    found = priority_of(
        Errors(loss, False), np.array([True, True, False, False]), harm=5, scale=4.0
    )
    assert found.error == pytest.approx(0.5)
    worst = priority_of(
        Errors(loss, False), np.array([False, False, True, False]), harm=5, scale=4.0
    )
    assert worst.error == 1.0, "an error is at most 1"


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_interval_is_around_the_value(seed: int, harm: int) -> None:
    draw = np.random.default_rng(seed)
    n = int(draw.integers(2, 200))
    error = (draw.random(n) < draw.random()).astype(float)
    error[draw.random(n) < 0.1] = np.nan
    mask, weight = draw.random(n) < draw.random(), draw.uniform(0.1, 3, n)
    found = priority_of(Errors(error, True, weight), mask, harm=harm)
    if found.n:
        assert 0 <= found.low <= found.value + 1e-9
        assert found.value - 1e-9 <= found.high <= 100
        assert found.value == pytest.approx(20 * harm * found.share * found.error)


def test_nobody_affected_is_no_priority() -> None:
    found = priority_of(Errors(np.array([1.0, 0.0]), True), np.zeros(2, bool), harm=3)
    assert found.value == 0.0
    assert "nothing is affected" in found.working


def test_another_harm_is_another_priority_of_the_same_rows() -> None:
    error = np.array([1.0, 0, 1, 0])
    mask = np.array([True, True, False, False])
    assert with_harm(priority_of(Errors(error, True), mask, harm=2), 4) == priority_of(
        Errors(error, True), mask, harm=4
    )


def test_the_interval_holds_the_true_priority() -> None:
    """In at least 91 of 100 samples of 300 rows, also where few are wrong."""
    for share, rate in ((0.3, 0.4), (0.1, 0.9), (0.5, 0.05)):
        held = 0
        for seed in range(400):
            draw = np.random.default_rng(seed)
            mask = draw.random(300) < share
            error = (draw.random(300) < np.where(mask, rate, 0.1)).astype(float)
            found = priority_of(Errors(error, True), mask, harm=5)
            held += found.low <= 100 * share * rate <= found.high
        assert held >= 0.91 * 400
