from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp, ncx2

from mispredict.data.drift.effect import (
    hellinger,
    holm,
    larger,
    noncentrality,
    psi,
    upper_tail,
)

counts = st.lists(st.integers(0, 500), min_size=2, max_size=20)


@settings(max_examples=60, deadline=None)
@given(counts, st.randoms(use_true_random=False))
def test_the_distance_is_within_its_interval_and_from_0_to_1(
    first: list[int], random: object
) -> None:
    second = list(first)
    random.shuffle(second)  # type: ignore[attr-defined]
    mine, theirs = np.array(first), np.array(second)
    effect = hellinger(mine, theirs, bound=0.05)
    if mine.sum() == 0:
        assert np.isnan(effect.value)
    else:
        assert 0 <= effect.low <= effect.value <= effect.high <= 1
        other = hellinger(theirs, mine, bound=0.05)
        assert other.value == pytest.approx(effect.value, abs=1e-12)


def test_the_same_counts_have_no_distance() -> None:
    mine = np.array([400, 300, 300])
    effect = hellinger(mine, mine, bound=0.05)
    assert (effect.value, effect.low) == (0.0, 0.0)
    assert effect.p > 0.9


def test_many_rows_do_not_make_a_small_difference_large() -> None:
    share = np.array([0.5, 0.5])
    effect = hellinger(share * 1e8, np.array([0.501, 0.499]) * 1e8, bound=0.05)
    assert effect.low > 0
    assert effect.p == pytest.approx(1)


def test_a_coin_of_57_percent_is_at_the_usual_bound() -> None:
    effect = hellinger(np.array([0.5, 0.5]) * 1e7, np.array([0.57, 0.43]) * 1e7, bound=0.05)
    assert effect.value == pytest.approx(0.05, abs=0.001)


@pytest.mark.parametrize("noncentral", [0.0, 5.0, 300.0])
@pytest.mark.parametrize("freedom", [1, 9, 49])
def test_the_tail_is_that_of_scipy(freedom: int, noncentral: float) -> None:
    statistic = freedom + noncentral + 5
    expected = ncx2.sf(statistic, freedom, noncentral) if noncentral else None
    if expected is not None:
        assert upper_tail(statistic, freedom, noncentral) == pytest.approx(expected, rel=1e-6)
    found = noncentrality(statistic, freedom, 0.5)
    assert upper_tail(statistic, freedom, found) == pytest.approx(0.5, abs=1e-3)


def test_the_tail_of_huge_statistics_meets_the_exact_one() -> None:
    for statistic in (9_000.0, 12_000.0):
        exact = ncx2.sf(statistic, 20, statistic - 100)
        assert upper_tail(statistic, 20, statistic - 100) == pytest.approx(exact, abs=2e-3)


@pytest.mark.parametrize("shift", [0.0, 0.2, 0.5])
def test_intervals_hold_the_distance_of_shifted_normals(shift: float) -> None:
    true = np.sqrt(1 - np.exp(-(shift**2) / 8))
    edges = np.linspace(-3, 3.5, 25)
    held = []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        mine, theirs = (
            np.histogram(np.clip(rng.normal(at, 1, 3_000), -3, 3.5), edges)[0] for at in (0, shift)
        )
        effect = hellinger(mine, theirs, bound=0.05)
        held.append(effect.low <= true <= effect.high)
    assert 0.92 <= np.mean(held) <= 1


def test_psi_is_about_eight_squared_distances() -> None:
    mine, theirs = np.array([500, 300, 200]) * 100, np.array([450, 320, 230]) * 100
    effect = hellinger(mine, theirs, bound=0.05)
    assert psi(mine, theirs) == pytest.approx(8 * effect.value**2, rel=0.05)


def test_psi_by_hand() -> None:
    p, q = np.array([0.6, 0.4]), np.array([0.5, 0.5])
    expected = float(((q - p) * np.log(q / p)).sum())
    assert psi(p * 1000, q * 1000) == pytest.approx(expected)


def test_larger_is_the_share_of_pairs() -> None:
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 10, 500), rng.integers(2, 12, 400)
    expected = ((second[:, None] > first) + 0.5 * (second[:, None] == first)).mean()
    found = larger(np.bincount(first, minlength=12), np.bincount(second, minlength=12))
    assert found == pytest.approx(expected)
    assert ks_2samp(first, second).pvalue < 0.01


def test_holm_corrects_for_the_others_too() -> None:
    p = np.array([0.01, np.nan, 0.04])
    assert holm(p)[[0, 2]] == pytest.approx([0.02, 0.04])
    assert holm(p, extra=2)[[0, 2]] == pytest.approx([0.04, 0.12])
    assert np.isnan(holm(p)[1])
