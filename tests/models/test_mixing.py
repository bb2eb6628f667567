"""Hashes of rows: the compiled loop and the arrays say the same."""

from __future__ import annotations

import numpy as np

from mispredict.models import mixing


def test_the_loop_and_the_arrays_agree() -> None:
    draw = np.random.default_rng(0)
    one, two, first, second = (draw.integers(0, 2**64, 20_000, dtype=np.uint64) for _ in range(4))
    halves = one.copy(), two.copy()
    few = [array[:100].copy() for array in (one, two)]
    for step in (np.uint64(1), np.uint64(3)):
        mixing.fold(*halves, first, second, step)
        mixing.fold(few[0], few[1], first[:100], second[:100], step)
    np.testing.assert_array_equal(halves[0][:100], few[0])
    np.testing.assert_array_equal(halves[1][:100], few[1])
