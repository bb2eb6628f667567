"""Tests and intervals agree with SciPy, corrections with their definitions, merging with words."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.cohorts.search.confirm import (
    compare,
    corrected,
    permutation_bound,
    searched_part,
    union_bound,
    wilson,
)
from mispredict.cohorts.search.merge import merge
from mispredict.cohorts.search.options import Options
from mispredict.cohorts.search.search import top

from .planted import plant


def groups(n: int, m: int) -> tuple[np.ndarray, np.ndarray]:
    inside = np.arange(n + m) < n
    return inside, ~inside


def test_proportions_by_fisher_and_newcombe() -> None:
    """Newcombe (1998), table II, method 10: 56/70 against 48/80 gives 0.0524 to 0.3339."""
    from scipy.stats import fisher_exact

    inside, outside = groups(70, 80)
    errors = np.concatenate([np.arange(70) < 56, np.arange(80) < 48])
    found = compare(inside, outside, errors)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert found.difference == pytest.approx(0.2)
    exact = fisher_exact([[56, 14], [48, 32]], alternative="greater").pvalue
    assert found.p == pytest.approx(exact, rel=1e-9)


def test_means_by_welch() -> None:
    from scipy.stats import ttest_ind

    rng = np.random.default_rng(0)
    inside, outside = groups(300, 500)
    errors = np.concatenate([rng.gamma(2.0, 1.3, 300), rng.gamma(2.0, 1.0, 500)])
    wanted = ttest_ind(errors[inside], errors[outside], equal_var=False, alternative="greater")
    both = ttest_ind(errors[inside], errors[outside], equal_var=False).confidence_interval(0.95)
    found = compare(inside, outside, errors)
    assert found.p == pytest.approx(wanted.pvalue, rel=1e-9)
    assert (found.interval.low, found.interval.high) == pytest.approx((both.low, both.high))


def test_few_skewed_losses_are_also_permuted() -> None:
    rng = np.random.default_rng(1)
    inside, outside = groups(12, 2_000)
    errors = rng.lognormal(0, 2.5, 2_012)
    assert compare(inside, outside, errors).p >= 1 / 4_001


def test_too_few_rows_confirm_nothing() -> None:
    inside, outside = groups(1, 50)
    assert compare(inside, outside, np.ones(51, bool)).p == 1.0


def test_weights_of_one_change_nothing_in_means() -> None:
    rng = np.random.default_rng(2)
    inside, outside = groups(200, 300)
    errors = rng.gamma(1.0, 1.0, 500)
    assert compare(inside, outside, errors, np.ones(500)) == compare(inside, outside, errors)


def test_holm_and_benjamini_yekutieli() -> None:
    p = [0.01, 0.04, 0.03, 0.005]
    assert corrected(p) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    harmonic = 1 + 1 / 2 + 1 / 3 + 1 / 4
    first = min(0.005 * 4, 0.01 * 2, 0.03 * 4 / 3, 0.04)
    found = corrected(p, "benjamini-yekutieli")
    assert found[3] == pytest.approx(min(first * harmonic, 1))
    assert corrected([]) == ()


@given(st.lists(st.floats(0, 1), max_size=30), st.sampled_from(["holm", "benjamini-yekutieli"]))
def test_correction_never_lowers_p_or_changes_their_order(p: list[float], method: str) -> None:
    found = corrected(p, method)  # type: ignore[arg-type]
    assert all(a >= b for a, b in zip(found, p, strict=True))
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(found)[order]) >= 0).all()


def test_wilson_stays_inside() -> None:
    found = wilson(9, 10, level=0.95)
    assert (found.low, found.high) == pytest.approx((0.596, 0.982), abs=1e-3)
    assert wilson(0, 10, level=0.95).low == 0.0


@given(st.integers(0, 10_000), st.floats(0.1, 0.9))
def test_split_goes_by_key_not_by_place(seed: int, share: float) -> None:
    keys = np.random.default_rng(seed).permutation(2_000)
    split = searched_part(2_000, share=share, seed=seed, keys=keys)
    plain = searched_part(2_000, share=share, seed=seed)
    assert (plain[keys] == split).all()
    assert abs(split.mean() - share) < 0.06


def test_bounds_on_luck() -> None:
    data = plant(1, n=2_000, conditions=())
    options = Options(k=1, conditions=1, min_share=0.05)
    best = top(data.space, data.errors, options=options).slices[0].score
    assert union_bound(best) > 0.05
    assert permutation_bound(data.space, data.errors, best, options=options, repeats=19) > 0.05
    assert union_bound(30.0) < 1e-12
    assert permutation_bound(data.space, data.errors, 30.0, options=options, repeats=19) == 1 / 20


def rows(*ranges: tuple[int, int]) -> list[np.ndarray]:
    place = np.arange(1_000)
    return [(place >= low) & (place < high) for low, high in ranges]


@pytest.mark.parametrize(
    ("ranges", "conditions", "is_worse", "kept"),
    [
        ([(0, 100), (500, 600)], [1, 1], False, [0, 1]),
        ([(0, 100), (2, 100)], [2, 2], True, [0]),
        ([(0, 100), (2, 100)], [3, 1], True, [1]),
        ([(0, 100), (10, 95)], [3, 1], True, [0]),
        ([(0, 100), (10, 30)], [1, 2], False, [0]),
        ([(0, 100), (10, 30)], [1, 2], True, [0, 1]),
        ([(0, 30), (0, 100)], [2, 1], False, [0, 1]),
    ],
    ids=["apart", "same", "simpler", "not the same", "child", "worse child", "parent after"],
)
def test_merge(
    ranges: list[tuple[int, int]], conditions: list[int], is_worse: bool, kept: list[int]
) -> None:
    found = merge(rows(*ranges), conditions, most=15, is_worse_than_rest=lambda i, j: is_worse)
    assert found == kept


def test_no_more_than_asked_for() -> None:
    many = rows(*((i * 30, i * 30 + 20) for i in range(20)))
    assert len(merge(many, [1] * 20, most=15, is_worse_than_rest=lambda i, j: True)) == 15
