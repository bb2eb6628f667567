"""Errors of a regression without labels: against NannyML, against labels, and what is refused."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from mispredict.core.errors import BadOption, Cancelled
from mispredict.data.estimated.losses import Answered, LossEstimator, known_losses, support

NANNYML = json.loads((Path(__file__).parent / "fixtures" / "nannyml_dle.json").read_text())
METRICS = ("mae", "mse", "rmse")


def rows(n: int, seed: int, at: float = 0.0) -> Answered:
    """Those of fixtures/nannyml_dle.py, with the city as a category."""
    draw = np.random.default_rng(seed)
    x, city, z = draw.normal(at, 1, n), draw.integers(0, 3, n), draw.uniform(0, 1, n)
    said = 2 * x + city
    spread = 0.5 + 0.8 * np.abs(x) * (city == 1) + z
    label = said + 0.4 * x**2 * (x > 0) + draw.normal(0, 1, n) * spread
    return Answered(np.column_stack([x, city, z]), np.array([False, True, False]), said, label)


@cache
def learned(seed: int = 0) -> LossEstimator:
    return LossEstimator(rows(5_000, seed), METRICS)


@pytest.mark.parametrize("seed", [0, *(pytest.param(s, marks=pytest.mark.slow) for s in (1, 2))])
@pytest.mark.parametrize("shift", ["alike", "harder", "easier"])
def test_estimates_are_about_those_of_nannyml(shift: str, seed: int) -> None:
    """Both boosters learn from the same rows; they differ by less than the interval is wide."""
    theirs = NANNYML["found"][shift][seed]
    found = learned(seed)(rows(2_000, seed + 100, NANNYML["shifts"][shift]), METRICS)
    for metric in METRICS:
        assert found[metric].value == pytest.approx(theirs["value"][metric], rel=0.035), metric
        assert found[metric].low <= theirs["value"][metric] <= found[metric].high, metric
    assert found["mae"].low <= theirs["real"]["mae"] <= found["mae"].high


def test_the_estimate_needs_no_label() -> None:
    given = rows(800, 7, 0.8)
    blind = Answered(given.features, given.categories, given.prediction, np.full(800, np.nan))
    assert learned()(given, METRICS) == learned()(blind, METRICS)
    found = learned()(blind, METRICS)
    assert found["rmse"].value == pytest.approx(np.sqrt(found["mse"].value))
    assert found["mae"].value > learned()(rows(800, 7, -0.8), ["mae"])["mae"].value + 0.1


def test_fewer_rows_have_wider_intervals_and_weights_count() -> None:
    many, few = (learned()(rows(n, 5), ["mae"])["mae"] for n in (4_000, 100))
    assert few.high - few.low > 2 * (many.high - many.low)
    given = rows(4_000, 5)
    hard = np.where(given.features[:, 1] == 1, 5.0, 1.0)
    heavy = Answered(given.features, given.categories, given.prediction, given.label, hard)
    found = learned()(heavy, ["mae"])["mae"]
    real = np.average(np.abs(given.label - given.prediction), weights=hard)
    assert found.value > many.value + 0.05
    assert found.low <= real <= found.high


def test_a_model_that_learned_by_heart_is_told_apart() -> None:
    """Errors that depend on nothing: a booster alone finds some in its own rows anyway."""
    draw = np.random.default_rng(0)

    def noise(n: int) -> Answered:
        features = draw.normal(size=(n, 10))
        return Answered(features, np.zeros(10, bool), np.zeros(n), draw.standard_t(4, n))

    reference, now = noise(600), noise(2_000)
    found = LossEstimator(reference, ["mae"])(now, ["mae"])["mae"]
    real = float(np.abs(now.label).mean())
    assert found.low <= real <= found.high
    assert found.value == pytest.approx(float(np.abs(reference.label).mean()), rel=0.05)


def test_a_changed_concept_is_not_seen() -> None:
    given = rows(2_000, 9)
    turned = Answered(given.features, given.categories, given.prediction, -given.label)
    found = learned()(turned, ["mae"])["mae"]
    assert float(np.abs(turned.label - turned.prediction).mean()) > 2 * found.high


def test_rows_without_a_prediction_or_weight_are_left_out() -> None:
    given = rows(400, 3)
    given.prediction[:100] = np.nan
    kept = given.take(slice(100, None))
    assert learned()(given, ["mae"]) == learned()(kept, ["mae"])
    nothing = learned()(given.take(slice(0, 100)), ["mae"])["mae"]
    assert np.isnan([nothing.value, nothing.low, nothing.high]).all()


def test_rows_unlike_the_reference_are_not_estimated() -> None:
    """As the summer of hotels whose reference is a winter: a learned error means nothing there."""
    for at, is_told in ((0.0, True), (1.0, True), (5.0, False), (40.0, False)):
        found = learned()(rows(1_000, 4, at), METRICS)
        assert np.isfinite([found[name].value for name in METRICS]).all() == is_told, at


def test_support_counts_reference_rows_that_are_like_the_others() -> None:
    even = np.ones(1_000)
    assert support(even, even) == 1_000
    assert support(np.full(1_000, 1e-4), even) == pytest.approx(0.1)  # nothing alike at all
    few = np.where(np.arange(1_000) < 10, 100.0, 0.0)
    assert support(few, even) == pytest.approx(10)


def test_bad_options() -> None:
    assert known_losses(None) == ("mae", "rmse")
    with pytest.raises(BadOption, match="'r2'"):
        known_losses(["r2"])
    with pytest.raises(BadOption, match="199 rows with a label"):
        LossEstimator(rows(199, 0))
    with pytest.raises(Cancelled):
        LossEstimator(rows(300, 0), cancel=lambda: True)


@pytest.mark.slow
@pytest.mark.parametrize(("at", "least"), [(0.0, 11), (0.7, 9)], ids=["alike", "inputs moved"])
def test_intervals_hold_the_real_error(at: float, least: int) -> None:
    """Of 12; where inputs move to the edge of the reference, learned errors are too small there."""
    held = 0
    for seed in range(12):
        now = rows(1_000, 1_000 + seed, at)
        found = LossEstimator(rows(2_000, seed), ["mae"])(now, ["mae"])["mae"]
        held += found.low <= float(np.abs(now.label - now.prediction).mean()) <= found.high
    assert held >= least


def test_a_column_that_is_mostly_missing_is_no_hindrance() -> None:
    def with_gone(n: int, seed: int) -> Answered:
        found = rows(n, seed)
        gone = np.full(n, np.nan)
        gone[:1] = 1.0
        known_by = np.column_stack([found.features, gone])
        return Answered(
            known_by, np.array([False, True, False, False]), found.prediction, found.label
        )

    found = LossEstimator(with_gone(1_000, 0), METRICS)(with_gone(400, 1), METRICS)
    assert set(found) == set(METRICS)
