"""Conformal sets: the same as MAPIE's, and as often right as theory says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from mispredict.data.doubt.conformal import (
    Cuts,
    class_scores,
    class_sets,
    cut_of,
    label_scores,
    weighted_cuts,
)

FIXTURE = Path(__file__).parent / "fixtures" / "conformal.json"


@pytest.fixture(scope="module")
def given() -> dict[str, Any]:
    """Rows, and what MAPIE 1.6 makes of them (fixtures/conformal.py)."""
    found: dict[str, Any] = json.loads(FIXTURE.read_text())
    return found


@pytest.mark.parametrize("target", [0.8, 0.9])
@pytest.mark.parametrize("method", ["lac", "aps"])
def test_sets_are_those_of_mapie(given: dict[str, Any], method: str, target: float) -> None:
    probabilities, label = np.array(given["probabilities"]), np.array(given["label"])
    learned = given["learned"]
    scores = class_scores(probabilities, method)
    own = label_scores(scores[:learned], label[:learned])
    if method == "aps":  # of which MAPIE takes a part away, drawn by its seed
        own -= np.array(given["part"]) * probabilities[np.arange(learned), label[:learned]]
    cut = cut_of(own, target)
    assert cut == pytest.approx(given["cuts"][f"{method} {target}"], abs=1e-12)
    sets = class_sets(scores[learned:], np.full(len(scores) - learned, cut))
    if method == "aps":  # whose sets MAPIE never leaves empty
        empty = np.flatnonzero(~sets.any(axis=1))
        sets[empty, probabilities[learned:][empty].argmax(axis=1)] = True
    np.testing.assert_array_equal(sets, np.array(given["sets"][f"{method} {target}"], bool))


@pytest.mark.parametrize("target", [0.8, 0.9])
def test_ranges_are_those_of_mapie(given: dict[str, Any], target: float) -> None:
    said, value, learned = np.array(given["said"]), np.array(given["value"]), given["learned"]
    cut = cut_of(np.abs(said - value)[:learned], target)
    ends = np.column_stack([said[learned:] - cut, said[learned:] + cut])
    np.testing.assert_allclose(ends, np.array(given["ranges"][str(target)]), atol=1e-9)


def rows(seed: int, n: int, k: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of a model that is too sure of itself, and labels."""
    draw = np.random.default_rng(seed)
    true = draw.dirichlet([0.5] * k, n)
    label = (true.cumsum(axis=1) < draw.random((n, 1))).sum(axis=1).clip(0, k - 1)
    sharp = true**2 + 1e-9
    return sharp / sharp.sum(axis=1, keepdims=True), label


@pytest.mark.parametrize("method", ["lac", "aps", "raps"])
@pytest.mark.parametrize("target", [0.8, 0.95])
def test_coverage_is_what_theory_says(method: str, target: float) -> None:
    """Over 200 calibrations, coverage is Beta(rank, n + 1 - rank) distributed (Vovk 2012)."""
    n, judged = 100, 2000
    found = []
    for seed in range(200):
        probabilities, label = rows(seed, n + judged)
        scores = class_scores(probabilities, method, seed if method != "lac" else None)
        own = label_scores(scores, label)
        found.append(float((own[n:] <= cut_of(own[:n], target)).mean()))
    rank = int(np.ceil((n + 1) * target))
    theory = stats.beta(rank, n + 1 - rank)
    error = theory.std() / np.sqrt(len(found))
    assert abs(np.mean(found) - theory.mean()) < 3.5 * error + 0.25 / judged
    assert np.std(found) == pytest.approx(
        np.sqrt(theory.var() + target * (1 - target) / judged), rel=0.25
    )


def test_ranges_of_values_hold_as_often_as_they_say() -> None:
    held = []
    for seed in range(200):
        away = np.abs(np.random.default_rng(seed).standard_t(3, 1099))
        held.append(float((away[99:] <= cut_of(away[:99], 0.9)).mean()))
    assert np.mean(held) == pytest.approx(0.9, abs=3.5 * 0.03 / np.sqrt(200))


def test_groups_calibrated_apart_are_each_covered() -> None:
    """A group that is harder is covered too, which one cut for all does not do."""
    apart, together = [], []
    for seed in range(100):
        draw = np.random.default_rng(seed)
        groups = (draw.random(2000) < 0.2).astype(np.int64)
        scores = draw.random(2000) * np.where(groups == 1, 3.0, 1.0)
        learned = np.arange(2000) < 1000
        hard = ~learned & (groups == 1)
        for names, at, found in (
            (("easy", "hard"), groups, apart),
            (("all",), np.zeros(2000, np.int64), together),
        ):
            cuts = Cuts.of(scores[learned], at[learned], names, 0.9)
            found.append(float((scores <= cuts.at(at))[hard].mean()))
    assert np.mean(apart) == pytest.approx(0.9, abs=0.01)
    assert np.mean(together) < 0.65


def test_too_few_rows_hold_everything() -> None:
    assert cut_of(np.arange(8.0), 0.9) == np.inf
    assert cut_of(np.arange(9.0), 0.9) == 8.0
    assert cut_of(np.empty(0), 0.5) == np.inf


def test_a_row_of_an_unknown_group_holds_everything() -> None:
    cuts = Cuts.of(np.arange(20.0), np.zeros(20, np.int64), ("a",), 0.5)
    assert cuts.at(np.array([0, -1])).tolist() == [10.0, np.inf]


def test_labels_that_a_model_does_not_know_are_never_held() -> None:
    scores = np.zeros((2, 3))
    assert label_scores(scores, np.array([3, -1])).tolist() == [np.inf, np.inf]


@pytest.mark.parametrize("target", [0.5, 0.8, 0.9, 0.99])
def test_weighted_cuts_are_those_of_rows_repeated(target: float) -> None:
    for seed in range(30):
        draw = np.random.default_rng(seed)
        scores, weight = draw.random(40).round(2), draw.integers(1, 6, 40)
        one = np.ones(1)
        (cut,) = weighted_cuts(scores, weight.astype(np.float64), one, target)
        assert cut == cut_of(np.repeat(scores, weight), target)
        (even,) = weighted_cuts(scores, np.full(40, 0.3), 0.3 * one, target)
        assert even == cut_of(scores, target)


def test_weighted_sets_cover_another_population() -> None:
    """Calibrated where rows are drawn by q, judged where they are drawn by p, weight p / q."""
    weighted, plain = [], []
    for seed in range(300):
        draw = np.random.default_rng(seed)
        learned, judged = draw.beta(1, 2, 200), draw.beta(2, 1, 500)
        scores, other = (np.abs(draw.normal(0, 0.2 + x)) for x in (learned, judged))
        weight, own = (x / (1 - x + 1e-9) for x in (learned, judged))
        weighted.append(float((other <= weighted_cuts(scores, weight, own, 0.8)).mean()))
        plain.append(float((other <= cut_of(scores, 0.8)).mean()))
    assert np.mean(weighted) > 0.8 - 3 * np.std(weighted) / np.sqrt(300)
    assert np.mean(weighted) < 0.87
    assert np.mean(plain) < 0.72


def test_cuts_of_groups_count_by_weight() -> None:
    draw = np.random.default_rng(0)
    scores, groups = draw.random(400), np.repeat([0, 1], 200)
    weight = np.where(scores > 0.5, 3.0, 1.0)
    cuts = Cuts.of(scores, groups, ("a", "b"), 0.5, weight)
    assert cuts.cuts == pytest.approx([0.66, 0.66], abs=0.1)
    assert cuts.worth[0] < 200
    at = cuts.at(groups, weight)
    assert at.shape == (400,) and np.isfinite(at).all()
    assert Cuts.of(scores[:0], groups[:0], ("a",), 0.5, weight[:0]).cuts.tolist() == [np.inf]
