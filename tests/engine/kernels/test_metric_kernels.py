"""Compiled loops and their NumPy twins give the same sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.engine.kernels import groups, ranked
from mispredict.engine.kernels.names import JOINT, MOMENTS, RANKED

EXAMPLES = settings(max_examples=60, deadline=None)


@st.composite
def inputs(draw):
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    n, n_groups = draw(st.integers(0, 60)), draw(st.integers(1, 4))
    dtype = draw(st.sampled_from([np.uint8, np.uint16, np.int32]))
    low = -1 if dtype is np.int32 else 0
    codes = rng.integers(low, n_groups + 1, n).astype(dtype)  # some are in no group
    values = np.round(rng.normal(3, 2, n), draw(st.sampled_from([0, 1, 8])))
    values[rng.random(n) < 0.1] = np.nan
    weights = rng.random(n) if draw(st.booleans()) else np.empty(0)
    return rng, codes, values, weights, n_groups


def both(module, name: str, *arguments) -> tuple[np.ndarray, np.ndarray]:
    """Results of the compiled loop and of NumPy."""
    return getattr(module, name)(*arguments), getattr(module, f"{name}_numpy")(*arguments)


@EXAMPLES
@given(inputs())
def test_counts_and_totals(made) -> None:
    rng, codes, values, _, n_groups = made
    cells = rng.integers(-1, 5, codes.size).astype(np.int32)
    one, other = both(groups, "count", codes, cells, n_groups, 5)
    assert (one == other).all()
    assert one.sum() == ((cells >= 0) & (codes >= 0) & (codes < n_groups)).sum()
    one, other = both(groups, "total", codes, cells, np.nan_to_num(values), n_groups, 5)
    np.testing.assert_allclose(one, other, atol=1e-10)


@EXAMPLES
@given(inputs())
def test_moments(made) -> None:
    _, codes, values, weights, n_groups = made
    one, other = both(groups, "moments", codes, values, weights, n_groups)
    assert one.shape == (n_groups, len(MOMENTS))
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-10)


@EXAMPLES
@given(inputs())
def test_joint(made) -> None:
    rng, codes, values, weights, n_groups = made
    second = values * rng.random(values.size)
    one, other = both(groups, "joint", codes, values, second, weights, n_groups)
    assert one.shape == (n_groups, len(JOINT))
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)


@EXAMPLES
@given(inputs())
def test_ranked(made) -> None:
    rng, codes, values, weights, n_groups = made
    order = np.flatnonzero(~np.isnan(values))
    order = order[np.argsort(values[order])].astype(np.int32)
    positive = rng.integers(0, 2, codes.size).astype(np.uint8)
    w = weights[order] if weights.size else weights
    arguments = (codes, order, values[order], positive[order], w, n_groups)
    one, other = both(ranked, "ranked", *arguments)
    assert one.shape == (n_groups, len(RANKED))
    np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-9)
    fast = ranked.ranked(*arguments, precise=False)
    np.testing.assert_allclose(fast[:, :11], one[:, :11], rtol=1e-12)


@EXAMPLES
@given(inputs())
def test_lost_weight_is_the_same_from_either_side(made) -> None:
    rng, codes, values, weights, n_groups = made
    order = np.argsort(np.nan_to_num(values)).astype(np.int32)
    scores = np.nan_to_num(values)[order]
    positive = rng.integers(0, 2, codes.size).astype(np.uint8)[order]
    w = weights[order] if weights.size else weights
    sums = ranked.ranked(codes, order, scores, positive, w, n_groups)
    lost = ranked.placements(codes, order, scores, positive, w, n_groups)
    weight = w if w.size else np.ones(order.size)
    for side in (0, 1):
        from_side = np.zeros(n_groups)
        inside = (codes[order] < n_groups) & (codes[order] >= 0) & (positive == side)
        np.add.at(from_side, codes[order][inside], (weight * lost)[inside])
        np.testing.assert_allclose(from_side, sums[:, RANKED.index("lost")], atol=1e-9)


def test_without_numba_the_answers_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = np.array([0, 1, 1, 0], np.uint8)
    values, none = np.array([1.0, 2.0, 4.0, 3.0]), np.empty(0)
    compiled = groups.moments(codes, values, none, 2)
    monkeypatch.setenv("MISPREDICT_NUMBA", "0")
    np.testing.assert_allclose(groups.moments(codes, values, none, 2), compiled)
    order, positive = np.array([0, 1, 3, 2], np.int32), np.array([0, 0, 1, 1], np.uint8)
    sums = ranked.ranked(codes, order, values[order], positive, none, 2)
    assert sums[:, RANKED.index("lost")].tolist() == [0.0, 0.0]


def test_other_integer_types_become_int32() -> None:
    assert groups.normalise_codes(np.array([True, False])).dtype == np.int32
    assert groups.normalise_codes(np.array([-1, 5])).dtype == np.int32
    small = np.array([1, 2], np.uint8)
    assert np.shares_memory(groups.normalise_codes(small), small)
    assert not groups.normalise_codes(small).flags.writeable
    assert small.flags.writeable
