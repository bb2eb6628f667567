"""Choosing a threshold by costs; baselines."""

from __future__ import annotations

import numpy as np
import pytest

from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.task import Task, TaskKind
from mispredict.metrics import Costs, Outcomes, baselines, threshold

from .test_measure import BINARY, binary


def cost_at(outcomes: Outcomes, step: float, costs: Costs) -> float:
    """The cost per row by its definition."""
    up, hit = outcomes.probability(1) >= step, outcomes.label == 1
    each = np.where(up & ~hit, costs.false_positive, 0.0)
    each += np.where(~up & hit, costs.false_negative, 0.0)
    each += np.where(up & hit, costs.true_positive, 0.0)
    each += np.where(~up & ~hit, costs.true_negative, 0.0)
    return float(each.mean())


@pytest.mark.parametrize(
    "costs",
    [Costs(), Costs(1, 10), Costs(10, 1), Costs(1, 1, -3, -1), Costs(0, 1), Costs(1, 0)],
    ids=str,
)
def test_the_best_costs_least_of_all_thresholds(costs: Costs) -> None:
    outcomes = binary(400)
    table = threshold(outcomes, costs)
    every = [*np.unique(outcomes.probability(1)), 1.1]
    least = min(cost_at(outcomes, step, costs) for step in every)
    assert table.best.cost == pytest.approx(least)
    assert table.best.cost == pytest.approx(cost_at(outcomes, table.best.threshold, costs))
    assert table.usual.threshold == 0.5
    assert 201 <= len(table) <= 202
    for row in table.rows[::40]:
        assert row.cost == pytest.approx(cost_at(outcomes, row.threshold, costs))
        assert row.tp + row.fp + row.fn + row.tn == 400


def test_true_costs_move_the_threshold_where_theory_has_it() -> None:
    table = threshold(binary(50_000), Costs(false_positive=1, false_negative=4))
    assert table.best.threshold == pytest.approx(0.2, abs=0.03)  # 1 / (1 + 4)
    assert table.change.high < 0
    assert 0 <= table.optimism < 0.01


def test_equal_costs_gain_nothing_over_one_half() -> None:
    table = threshold(binary(2000), Costs())
    assert table.change.high >= -0.01
    assert threshold(binary(2000), Costs()) == table


def test_a_review_band_costs_its_rows() -> None:
    outcomes = binary(1000)
    costs = Costs(1, 1, review=(0.3, 0.7), review_cost=0.1)
    table = threshold(outcomes, costs)
    p = outcomes.probability(1)
    reviewed = (p >= 0.3) & (p <= 0.7)
    assert table.usual.reviewed == pytest.approx(reviewed.mean())
    decided = outcomes.take(np.flatnonzero(~reviewed))
    expected = cost_at(decided, 0.5, costs) * (~reviewed).mean() + 0.1 * reviewed.mean()
    assert table.usual.cost == pytest.approx(expected)
    assert table.usual.cost < threshold(outcomes).usual.cost


def test_weights_count() -> None:
    plain = binary(300)
    p = np.stack([plain.probability(0), plain.probability(1)], 1)
    weight = np.random.default_rng(0).integers(1, 4, 300)
    outcomes = Outcomes.of(
        BINARY, plain.label, plain.prediction, probabilities=p, weight=weight.astype(float)
    )
    repeated = plain.take(np.repeat(np.arange(300), weight))
    one, other = threshold(outcomes, Costs(1, 3)), threshold(repeated, Costs(1, 3))
    assert one.best.threshold == other.best.threshold
    assert one.best.cost == pytest.approx(other.best.cost)


def test_constant_scores_have_a_best() -> None:
    p = np.full((4, 2), 0.5)
    outcomes = Outcomes.of(BINARY, [0, 0, 0, 1], [1, 1, 1, 1], probabilities=p)
    best = threshold(outcomes).best
    assert best.threshold > 0.5
    assert best.cost == 0.25
    assert np.isnan(best.precision), "nothing is called positive"
    assert best.recall == 0.0


def test_what_has_no_threshold() -> None:
    three = Outcomes.of(Task(TaskKind.MULTICLASS, ("a", "b", "c")), [0], [1])
    with pytest.raises(BadOption, match="no threshold"):
        threshold(three)
    with pytest.raises(BadOption, match="needs probabilities"):
        threshold(Outcomes.of(BINARY, [0, 1], [0, 1]))
    with pytest.raises(EmptyCohort):
        threshold(binary(10), mask=np.zeros(10, bool))
    with pytest.raises(BadOption, match="not a band"):
        Costs(review=(0.7, 0.3))


def test_baselines_equal_dummy_classifiers() -> None:
    from sklearn.dummy import DummyClassifier
    from sklearn.metrics import accuracy_score, balanced_accuracy_score, f1_score

    label = np.random.default_rng(0).choice(3, 500, p=[0.7, 0.2, 0.1])
    outcomes = Outcomes.of(Task(TaskKind.MULTICLASS, ("a", "b", "c")), label, label)
    found = {(row.baseline, row.metric): row.value for row in baselines(outcomes).rows}
    constant = DummyClassifier().fit(label, label).predict(label)
    assert found["majority", "accuracy"] == accuracy_score(label, constant)
    assert found["majority", "balanced_accuracy"] == balanced_accuracy_score(label, constant)
    f1 = f1_score(label, constant, average="macro", zero_division=0)
    assert found["majority", "f1_macro"] == pytest.approx(f1)
    rng = np.random.default_rng(1)
    drawn = [accuracy_score(label, rng.permutation(label)) for _ in range(200)]
    assert found["random", "accuracy"] == pytest.approx(np.mean(drawn), abs=0.01)


def test_skew_is_said_in_a_sentence() -> None:
    label = np.r_[np.zeros(967), np.ones(33)]
    table = baselines(Outcomes.of(BINARY, label, np.zeros(1000)))
    assert table.warning == (
        "A constant predictor that always answers 'no' would score 96.7 % accuracy; "
        "the model scores 96.7 %."
    )
    even = np.arange(100) % 2
    assert baselines(Outcomes.of(BINARY, even, even)).warning == ""


def test_baselines_of_numbers() -> None:
    label = np.array([1.0, 2.0, 3.0, 10.0, np.nan])
    table = baselines(Outcomes.of(Task(TaskKind.REGRESSION), label, label))
    found = {(row.baseline, row.metric): row.value for row in table.rows}
    assert found["mean", "r2"] == 0
    assert found["median", "mae"] == 2.5
    assert found["mean", "mae"] == 3.0


def test_baselines_of_nothing() -> None:
    assert baselines(Outcomes.of(BINARY, [-1], [0])).rows == ()
    with pytest.raises(BadOption, match="no baselines"):
        baselines(Outcomes.of(Task(TaskKind.SCORE), loss=np.ones(2)))
