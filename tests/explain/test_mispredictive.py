"""Features that are trusted too much are named, and nothing else is."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from mispredict.core.results import Source
from mispredict.explain.mispredictive import (
    ByFeature,
    Case,
    Mispredictive,
    Sparse,
    find_mispredictive,
    logit_of,
)

from .games import Floats

SIZES = np.array([1.5, 1.0, 1.0, 0.5, 0.5, 0.3, 0.1, 0.05])


def found(
    pushes: Floats, truth: Floats, *, output: Floats | None = None, is_probability: bool = False
) -> Mispredictive:
    output = pushes.sum(axis=1) if output is None else output
    said = output > (0.5 if is_probability else 0)
    case = Case(
        truth.astype(float),
        output,
        logit_of(output) if is_probability else output,
        np.where(said, 1.0, -1.0),
        said != (truth > 0),
        is_log_odds=not is_probability,
    )
    names = [f"x{at}" for at in range(pushes.shape[1])]
    columns = ByFeature(names, lambda name: pushes[:, int(name[1:])])
    return find_mispredictive(columns, case, source=Source("test"))


def honest(seed: int, n: int = 1000) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    pushes = rng.normal(size=(n, len(SIZES))) * SIZES
    return pushes, rng.random(n) < expit(pushes.sum(axis=1))


def test_a_push_that_means_nothing_is_named_first() -> None:
    pushes, truth = honest(0)
    rng = np.random.default_rng(1)
    leak = np.where(rng.random(len(truth)) < 0.5, 4.0, -4.0)
    result = found(np.column_stack([pushes, leak]), truth)
    first = result.mispredictive[0]
    assert (first.feature, first.direction) == ("x8", "mispredictive")
    assert first.worth_low < 0.1
    assert abs(first.worth) < 0.1
    assert 0.8 < first.others < 1.2
    assert first.push > 3.5
    assert first.low <= first.push <= first.high
    assert "x8 is trusted too much" in first.sentence
    assert result.tested == 8  # one moves next to nothing


def test_a_constant_push_in_a_mirrored_model_has_a_worth() -> None:
    pushes, truth = honest(3, 3000)
    pushes[:, 2] *= -1  # what it says is the opposite
    result = found(pushes, truth)
    row = next(row for row in result.rows if row.feature == "x2")
    assert row.worth_high < 0


@pytest.mark.parametrize("scale", [1.0, 2.5, 0.4], ids=["honest", "overconfident", "shy"])
def test_a_model_whose_pushes_are_alike_is_left_alone(scale: float) -> None:
    quiet = 0
    for seed in range(20):
        pushes, truth = honest(seed)
        quiet += not found(pushes * scale, truth).rows
    assert quiet >= 18


@pytest.mark.slow
@pytest.mark.parametrize("scale", [1.0, 2.5, 0.4], ids=["honest", "overconfident", "shy"])
def test_false_alarms_are_rare(scale: float) -> None:
    alarms = 0
    for seed in range(300):
        pushes, truth = honest(seed, int(np.random.default_rng(seed).choice([300, 1000, 3000])))
        alarms += bool(found(pushes * scale, truth).rows)
    assert alarms <= 0.05 * 300


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["leak", "noise"])
def test_the_planted_feature_is_first(kind: str) -> None:
    first = 0
    for seed in range(100):
        pushes, truth = honest(seed)
        rng = np.random.default_rng(seed + 10_000)
        plant = np.where(rng.random(len(truth)) < 0.5, 4.0, -4.0)
        if kind == "noise":
            plant = rng.normal(size=len(truth)) * 0.8
        rows = found(np.column_stack([pushes, plant]), truth).rows
        first += bool(rows) and (rows[0].feature, rows[0].direction) == ("x8", "mispredictive")
    assert first >= 95


def test_probabilities_that_are_too_near_to_a_half_alarm_nobody() -> None:
    quiet = 0
    for seed in range(20):
        pushes, truth = honest(seed)
        total = pushes.sum(axis=1)
        output = 0.5 + 0.6 * (expit(total) - 0.5)
        scaled = pushes * ((output - 0.5) / total)[:, None]
        quiet += not found(scaled, truth, output=output, is_probability=True).rows
    assert quiet >= 18


def test_values_of_a_regression() -> None:
    rng = np.random.default_rng(0)
    pushes = rng.normal(size=(800, 4))
    truth = pushes[:, :3].sum(axis=1) + rng.normal(size=800)
    output = pushes.sum(axis=1)
    case = Case(
        truth, output, output, np.sign(output - truth), np.ones(800, bool), is_binary=False,
        is_log_odds=False,
    )  # fmt: skip
    columns = ByFeature(list("abcd"), lambda name: pushes[:, "abcd".index(name)])
    result = find_mispredictive(columns, case, source=Source("test"))
    assert result.rows[0].feature == "d"
    assert result.rows[0].worth == pytest.approx(0, abs=0.1)
    assert result.rows[0].others == pytest.approx(1, abs=0.1)
    assert "wrong" not in result.rows[0].sentence, "a number is never quite right"
    assert "the side on which the model erred" in result.rows[0].sentence
    honest_columns = ByFeature(list("abc"), lambda name: pushes[:, "abc".index(name)])
    output = pushes[:, :3].sum(axis=1)
    case = Case(
        truth, output, output, np.sign(output - truth), np.ones(800, bool), is_binary=False,
        is_log_odds=False,
    )  # fmt: skip
    note = find_mispredictive(honest_columns, case, source=Source("test")).note
    assert note == "Nothing significant among 3 on 800 rows."


def test_tokens_that_few_rows_have() -> None:
    from scipy import sparse

    rng = np.random.default_rng(0)
    n = 2000
    has = rng.random((n, 50)) < 0.05
    weights = rng.normal(size=50)
    pushes = has * weights
    trigger = rng.random(n) < 0.05
    truth = rng.random(n) < expit(pushes.sum(axis=1))
    pushes = np.column_stack([pushes, trigger * 3.0])
    output = pushes.sum(axis=1)
    case = Case(truth.astype(float), output, output, np.sign(output), (output > 0) != truth)
    columns = Sparse([f"t{at}" for at in range(51)], sparse.csc_matrix(pushes))
    result = find_mispredictive(columns, case, source=Source("test"))
    assert [row.feature for row in result.mispredictive] == ["t50"]
    dense = ByFeature(columns.names, lambda name: pushes[:, int(name[1:])])
    same = find_mispredictive(dense, case, source=Source("test"))
    assert [row.feature for row in same.rows] == [row.feature for row in result.rows]
    assert same.rows[0].worth == pytest.approx(result.rows[0].worth)


def test_too_few_wrong_rows_say_so() -> None:
    pushes, _ = honest(0)
    result = found(pushes, (pushes.sum(axis=1) > 0).astype(float))
    assert not result.rows
    assert "Wrong are 0 of 1,000 rows" in result.note
