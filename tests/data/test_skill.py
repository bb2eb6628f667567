"""Skill over a constant predictor: what it equals, and how often its interval holds."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, r2_score

from mispredict.core.task import Task, TaskKind
from mispredict.data.doubt.ablation import Ablated, lost_by_column
from mispredict.data.doubt.skill import lost_skill, skill, skill_gap, skill_name
from mispredict.expectations.subject import Answers, Estimate


def binary(seed: int, n: int) -> tuple[Answers, np.ndarray]:
    draw = np.random.default_rng(seed)
    chance = draw.beta(1, 3, n)
    label = (draw.random(n) < chance).astype(np.int64)
    return Answers(
        (chance > 0.5).astype(np.int64), (0, 1), np.column_stack([1 - chance, chance])
    ), label


def test_it_is_the_brier_skill_score() -> None:
    said, label = binary(0, 2000)
    assert said.probabilities is not None
    base = brier_score_loss(label, np.full(len(label), label.mean()))
    wanted = 1 - brier_score_loss(label, said.probabilities[:, 1]) / base
    assert skill(said, label).value == pytest.approx(wanted)


def test_it_is_r2_of_values() -> None:
    draw = np.random.default_rng(1)
    said = draw.normal(0, 2, 500)
    label = said + draw.normal(0, 1, 500)
    answers = Answers(np.zeros(500, np.int64), values=said)
    assert skill(answers, label).value == pytest.approx(r2_score(label, said))


def test_it_is_about_errors_without_probabilities() -> None:
    label = np.array([0, 0, 0, 1, 1])
    assert skill(Answers(np.array([0, 0, 0, 1, 0]), ("a", "b")), label).value == pytest.approx(0.5)


def test_a_constant_has_none() -> None:
    label = np.array([0, 0, 0, 1])
    constant = Answers(np.zeros(4, np.int64), (0, 1), np.tile([[0.75, 0.25]], (4, 1)))
    assert skill(constant, label).value == pytest.approx(0)


def test_rows_of_one_label_have_no_skill_to_show() -> None:
    found = skill(Answers(np.zeros(3, np.int64), ("a", "b")), np.zeros(3, np.int64))
    assert np.isnan(found.value) and found.n == 3


def test_rows_without_label_or_answer_do_not_count() -> None:
    label = np.array([0, 1, -1, 1])
    found = skill(Answers(np.array([0, 1, 0, -1]), ("a", "b")), label)
    assert found.n == 2 and found.value == 1


def test_its_interval_holds_the_truth() -> None:
    said, label = binary(99, 400_000)
    truth = skill(said, label).value
    inside = sum(
        found.low <= truth <= found.high
        for found in (skill(*binary(seed, 300)) for seed in range(300))
    )
    assert inside >= 0.91 * 300


def test_the_gap_has_the_interval_of_a_difference() -> None:
    gap = skill_gap(Estimate(0.8, 0.7, 0.9, 100), Estimate(0.5, 0.4, 0.6, 50))
    assert gap.value == pytest.approx(0.3)
    assert gap.low == pytest.approx(0.3 - np.hypot(0.1, 0.1))
    assert gap.n == 50


def test_what_is_lost_without_an_input() -> None:
    said, label = binary(3, 1000)
    assert said.probabilities is not None
    shuffled = said.take(np.random.default_rng(0).permutation(1000))
    both = Answers(
        np.concatenate([shuffled.codes, said.codes]),
        (0, 1),
        np.concatenate([shuffled.probabilities, said.probabilities]),  # type: ignore[arg-type]
    )
    first, second = lost_by_column(said, both, label, Ablated(np.arange(1000), ("a", "b")))
    assert first.lost.low > 0 and first.share == pytest.approx(1)
    assert second.lost.value == 0 and second.changed == 0 and second.share == 0
    assert first.lost.value == pytest.approx(lost_skill(said, shuffled, label).value)


@pytest.mark.parametrize(
    ("kind", "has_probabilities", "name"),
    [
        (TaskKind.BINARY, True, "Brier score"),
        (TaskKind.MULTICLASS, False, "error rate"),
        (TaskKind.REGRESSION, False, "squared error"),
    ],
    ids=str,
)
def test_what_it_is_a_share_of(kind: TaskKind, has_probabilities: bool, name: str) -> None:
    classes = () if kind is TaskKind.REGRESSION else ("a", "b")
    assert skill_name(Task(kind, classes), has_probabilities) == name
