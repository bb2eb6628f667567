"""Paired differences: equal to other programs' numbers, and as sure as they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, f1_score, roc_auc_score

from mispredict.core.errors import BadOption
from mispredict.core.task import Task, TaskKind
from mispredict.metrics.outcomes import Groups, Outcomes
from mispredict.metrics.paired import differences, direction, drop_of, mcnemar, paired_share
from mispredict.metrics.paired_means import mean_difference

BINARY = Task(TaskKind.BINARY, ("no", "yes"), "yes")
NUMBERS = Task(TaskKind.REGRESSION)


def outcomes(n: int, seed: int, skill: float, weight: np.ndarray | None = None) -> Outcomes:
    """A binary model of some skill on the rows of the seed."""
    label = (np.random.default_rng(seed).random(n) < 0.35).astype(int)
    shared = np.random.default_rng(seed + 1).normal(size=n)
    own = np.random.default_rng(seed + round(1000 * skill) + 2).normal(size=n)
    score = 1 / (1 + np.exp(-(0.7 * shared + 0.7 * own + skill * (2 * label - 1))))
    chances = np.stack([1 - score, score], axis=1)
    return Outcomes.of(BINARY, label, (score >= 0.5) * 1, probabilities=chances, weight=weight)


@pytest.mark.parametrize(
    ("fixed", "broken"), [(0, 0), (3, 12), (5, 5), (40, 61), (0, 9), (900, 700)]
)
def test_mcnemar_is_the_exact_binomial_test(fixed: int, broken: int) -> None:
    n = fixed + broken
    expected = stats.binomtest(fixed, n).pvalue if n else 1.0
    assert mcnemar(fixed, broken) == pytest.approx(expected)


def test_mcnemar_by_a_textbook() -> None:
    # Discordant pairs 59 and 6 of the sleep data in Agresti's tables: exact two-sided p.
    assert mcnemar(6, 16) == pytest.approx(0.05248, abs=1e-5)


def test_means_are_those_of_the_paired_t_test() -> None:
    random = np.random.default_rng(0)
    label = random.normal(size=400)
    one, other = (label + random.normal(scale=s, size=400) for s in (1.0, 1.2))
    after, before = (Outcomes.of(NUMBERS, label, part) for part in (one, other))
    found = differences(after, before, Groups.whole(400), metrics=["mae"])[0]
    gaps = np.abs(label - one) - np.abs(label - other)
    assert found.value == pytest.approx(gaps.mean())
    assert found.p == pytest.approx(stats.ttest_1samp(gaps, 0).pvalue)
    low, high = stats.t.interval(0.95, 399, gaps.mean(), gaps.std(ddof=1) / 20)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


def test_values_are_the_metrics_themselves() -> None:
    after, before = outcomes(900, 3, 0.9), outcomes(900, 3, 0.6)
    found = {r.metric: r for r in differences(after, before, Groups.whole(900))}
    score = after.probability(1)
    assert found["roc_auc"].after == pytest.approx(roc_auc_score(after.label, score))
    assert found["average_precision"].after == pytest.approx(
        average_precision_score(after.label, score)
    )
    assert found["f1"].before == pytest.approx(f1_score(before.label, before.prediction))
    for row in found.values():
        assert row.value == pytest.approx(row.after - row.before)
        assert row.low <= row.value <= row.high


def test_auc_is_by_delongs_covariance() -> None:
    after, before = outcomes(300, 5, 0.9), outcomes(300, 5, 0.6)
    found = differences(after, before, Groups.whole(300), metrics=["roc_auc"])[0]
    label = np.asarray(after.label) == 1
    parts = []
    for side in (after, before):
        score = np.asarray(side.probability(1))
        wins = (score[label][:, None] > score[~label][None, :]) * 1.0
        parts.append((wins.mean(axis=1), wins.mean(axis=0)))
    gaps = [parts[0][i] - parts[1][i] for i in (0, 1)]
    error = np.sqrt(sum(gap.var(ddof=1) / len(gap) for gap in gaps))
    assert (found.high - found.low) / 2 == pytest.approx(1.96 * error, rel=0.01)


@pytest.mark.parametrize(
    "metric", ["f1", "mcc", "average_precision", "balanced_accuracy", "roc_auc"]
)
def test_intervals_are_about_those_of_the_bootstrap(metric: str) -> None:
    n = 800
    after, before = outcomes(n, 7, 0.9), outcomes(n, 7, 0.6)
    found = differences(after, before, Groups.whole(n), metrics=[metric])[0]
    random, drawn = np.random.default_rng(0), []
    for _ in range(300):
        rows = random.integers(0, n, n)
        pair = differences(after.take(rows), before.take(rows), Groups.whole(n), metrics=[metric])
        drawn.append(pair[0].value)
    low, high = np.quantile(drawn, [0.025, 0.975])
    assert found.high - found.low == pytest.approx(high - low, rel=0.3)


def test_each_group_is_as_if_alone() -> None:
    n = 600
    after, before = outcomes(n, 9, 0.9), outcomes(n, 9, 0.6)
    codes = np.random.default_rng(1).integers(0, 3, n)
    groups = Groups(("x", "y"), np.where(codes < 2, codes, -1).astype(np.int32))
    names = ["accuracy", "log_loss", "roc_auc", "average_precision"]
    found = differences(after, before, groups, metrics=names)
    assert [row.cohort for row in found] == ["x"] * 4 + ["y"] * 4
    for g, cohort in enumerate(groups.names):
        rows = np.flatnonzero(codes == g)
        alone = differences(
            after.take(rows), before.take(rows), Groups.whole(len(rows)), metrics=names
        )
        for row, own in zip([r for r in found if r.cohort == cohort], alone, strict=True):
            assert (row.value, row.low, row.high, row.p) == pytest.approx(
                (own.value, own.low, own.high, own.p)
            )


@pytest.mark.parametrize("metric", ["median_absolute_error", "rmse", "r2", "max_error"])
def test_metrics_that_blocks_do_not_add_up_to(metric: str) -> None:
    random = np.random.default_rng(0)
    label = random.normal(size=500)
    after, before = (
        Outcomes.of(NUMBERS, label, label + random.normal(scale=s, size=500)) for s in (0.8, 1.2)
    )
    found = differences(after, before, Groups.whole(500), metrics=[metric])[0]
    assert found.low < found.value < found.high


def test_weights_count() -> None:
    weight = np.where(np.arange(500) < 250, 1.0, 0.0)
    after, before = outcomes(500, 11, 0.9, weight), outcomes(500, 11, 0.6, weight)
    names = ["accuracy", "roc_auc", "f1"]
    found = differences(after, before, Groups.whole(500), metrics=names)
    half = [side.take(np.arange(250)) for side in (outcomes(500, 11, 0.9), outcomes(500, 11, 0.6))]
    plain = differences(half[0], half[1], Groups.whole(250), metrics=names)
    assert [row.value for row in found] == pytest.approx([row.value for row in plain])


def test_the_interval_holds_the_truth() -> None:
    """Of 100 samples few leave out the difference of large samples."""
    truth = differences(
        outcomes(200_000, 1, 0.9), outcomes(200_000, 1, 0.6), Groups.whole(200_000),
        metrics=["accuracy", "f1", "roc_auc"],
    )  # fmt: skip
    missed = np.zeros(3)
    for seed in range(100, 200):
        found = differences(
            outcomes(300, seed * 7, 0.9), outcomes(300, seed * 7, 0.6), Groups.whole(300),
            metrics=["accuracy", "f1", "roc_auc"],
        )  # fmt: skip
        missed += [not a.low <= b.value <= a.high for a, b in zip(found, truth, strict=True)]
    assert (missed <= 11).all()


def test_the_drop_is_the_difference_turned_to_the_worse() -> None:
    after, before = outcomes(400, 13, 0.6), outcomes(400, 13, 0.9)
    drop = drop_of("accuracy", after, before, np.ones(400, bool))
    assert drop is not None
    assert drop.value == pytest.approx(drop.base - drop.new)
    assert drop.low < drop.value < drop.high
    assert drop.relative == pytest.approx(drop.value / drop.base)
    assert (drop.lost - drop.won) / 400 == pytest.approx(drop.value)
    assert drop_of("accuracy", after, before, np.zeros(400, bool)) is None
    loss = drop_of("log_loss", after, before, np.ones(400, bool))
    assert loss is not None
    assert loss.value == pytest.approx(loss.new - loss.base)


def test_no_better_direction_is_said() -> None:
    assert (direction("accuracy"), direction("mae")) == (1, -1)
    with pytest.raises(BadOption, match="no better direction"):
        direction("bias")


def test_an_even_exchange_is_no_difference() -> None:
    low, high = paired_share(20, 20, 100)
    assert low < 0 < high
    assert paired_share(0, 0, 0) != paired_share(1, 0, 10)


def test_rows_alike_are_tested_by_their_signs() -> None:
    assert mean_difference(np.full(3, 2.0)).p == pytest.approx(0.25)
    assert mean_difference(np.zeros(5)).p == 1.0
