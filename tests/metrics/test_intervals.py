"""Intervals: known values, edges, and the share of samples in which they hold the truth."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.metrics import Groups, Outcomes, bootstrap, delong, measure, wilson
from mispredict.metrics.intervals import mean_bounds, rank_bounds, wilson_bounds

from . import coverage as simulated
from .test_measure import BINARY


@pytest.mark.parametrize(("successes", "n"), [(0, 10), (10, 10), (9, 10), (1, 1), (37, 1000)])
def test_wilson_is_scipys(successes: int, n: int) -> None:
    expected = stats.binomtest(successes, n).proportion_ci(method="wilson")
    interval = wilson(successes, n)
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))


def test_wilson_of_nothing_is_refused() -> None:
    with pytest.raises(EmptyCohort):
        wilson(0, 0)
    with pytest.raises(BadOption):
        wilson(3, 2)
    assert np.isnan(wilson_bounds(np.array([np.nan]), np.array([0]), 0.95)).all()


def test_a_mean_without_skew_has_students_interval() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    error, none = values.std(ddof=1) / 2, np.zeros(1)
    low, high = mean_bounds(np.array([2.5]), np.array([error]), none, np.array([3.0]), 0.95)
    expected = stats.t.interval(0.95, 3, 2.5, error)
    assert (low[0], high[0]) == pytest.approx(expected)


def test_quantiles_of_few_rows_have_no_interval() -> None:
    low, high = rank_bounds(0.9, np.array([3.0, 1000.0]), 0.95)
    assert np.isnan(high[0])
    assert 0.87 < low[1] < 0.9 < high[1] < 0.93


def test_bootstrap_is_seeded_and_gives_up_on_nothing() -> None:
    values = np.random.default_rng(0).normal(size=200)
    one = bootstrap(lambda rows: values[rows].mean(), 200, seed=3)
    assert one == bootstrap(lambda rows: values[rows].mean(), 200, seed=3)
    assert one.low < values.mean() < one.high
    assert np.isnan(bootstrap(lambda rows: np.nan, 200).low)
    assert np.isnan(bootstrap(lambda rows: 1.0, 1).low)


def test_delong_matches_its_definition() -> None:
    rng = np.random.default_rng(0)
    score = np.round(rng.random(60), 1)
    label = rng.random(60) < score
    wins = (score[label][:, None] > score[~label]) + 0.5 * (score[label][:, None] == score[~label])
    variance = wins.mean(axis=1).var(ddof=1) / label.sum()
    variance += wins.mean(axis=0).var(ddof=1) / (~label).sum()
    auc, error, interval = delong(label, score)
    assert (auc, error) == pytest.approx((wins.mean(), np.sqrt(variance)))
    assert 0 < interval.low < auc < interval.high < 1


@pytest.mark.parametrize(("right", "value"), [(True, 1.0), (False, 0.0)], ids=["all", "none"])
def test_edges_have_intervals_inside_the_range(right: bool, value: float) -> None:
    label = np.arange(40) % 2
    guess = label if right else 1 - label
    p = np.where(guess == 1, 0.9, 0.1)
    outcomes = Outcomes.of(BINARY, label, guess, probabilities=np.stack([1 - p, p], 1))
    names = ["accuracy", "f1", "f1_macro", "balanced_accuracy", "roc_auc", "precision_weighted"]
    for row in measure(outcomes, Groups.whole(40), metrics=names):
        assert row.value == value
        assert 0 <= row.low <= value <= row.high <= 1, row.metric
        assert 0.03 < row.high - row.low < 0.4, row.metric


@pytest.mark.parametrize("name", ["mcc", "cohen_kappa"])
def test_perfect_agreement_is_not_certain(name: str) -> None:
    label = np.arange(40) % 2
    (row,) = measure(Outcomes.of(BINARY, label, label), Groups.whole(40), metrics=[name])
    assert (row.value, row.high) == (1.0, 1.0)
    assert 0.7 < row.low < 0.95


@pytest.mark.parametrize("task", simulated.MODELS)
def test_intervals_hold_the_truth_quickly(task: str) -> None:
    for name, missed in simulated.coverage(task, 300, 500, large=1).items():
        assert 0.915 <= 1 - sum(missed) <= 0.985, (name, missed)


@pytest.mark.slow
@pytest.mark.parametrize("task", simulated.MODELS)
def test_intervals_hold_the_truth(task: str) -> None:
    for name, missed in simulated.coverage(task, 400, 3000).items():
        least = 0.92 if name == "ece" else 0.93
        assert least <= 1 - sum(missed) <= 0.97, (name, missed)
