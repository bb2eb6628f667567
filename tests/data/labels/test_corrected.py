"""Metrics corrected for wrong labels: exact where they can be, and intervals that hold."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as sklearn_metrics

from mispredict.core.errors import BadOption
from mispredict.data.labels.corrected import (
    Estimates,
    Reviewed,
    by_noise,
    by_review,
    measure_of,
    metric_names,
)

SEEDS = 120
LEAST = 0.90  # of intervals of 95 % that hold: what 120 draws of 0.95 fall below once in 200 times
PRIOR = {2: np.array([0.7, 0.3]), 3: np.array([0.5, 0.3, 0.2])}
MODEL = {
    2: np.array([[0.92, 0.08], [0.15, 0.85]]),
    3: np.array([[0.9, 0.06, 0.04], [0.08, 0.88, 0.04], [0.1, 0.05, 0.85]]),
}
NOISE = {
    2: np.array([[0.95, 0.05], [0.12, 0.88]]),
    3: np.array([[0.96, 0.03, 0.01], [0.1, 0.9, 0.0], [0.02, 0.05, 0.93]]),
}


def drawn(rng: np.random.Generator, chances: NDArray[np.float64]) -> NDArray[np.int64]:
    found = (rng.random(len(chances))[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    return np.minimum(found, chances.shape[1] - 1)


def world(k: int, n: int, seed: int, reviewed: int = 0, audited: int = 0) -> Reviewed:
    """Rows of which labels and predictions are wrong at known rates; some were reviewed."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(k, n, p=PRIOR[k])
    said, label = drawn(rng, MODEL[k][truth]), drawn(rng, NOISE[k][truth])
    found = np.where(label != truth, rng.random(n) < 0.85, rng.random(n) < 0.25)
    flagged = (said != label) & found
    known = np.full(n, -1)
    for rows, count in ((np.flatnonzero(flagged), reviewed), (np.flatnonzero(~flagged), audited)):
        chosen = rng.permutation(rows)[:count]
        known[chosen] = truth[chosen]
    nothing = np.zeros(n, np.bool_)
    return Reviewed(label, said, flagged, known, nothing, k, 1 if k == 2 else -1)


def names_of(k: int) -> tuple[str, ...]:
    return metric_names(range(k), is_binary=k == 2)


def covered(k: int, found: list[Estimates]) -> dict[str, float]:
    """Share of the intervals that hold what unlimited data with right labels would show."""
    joint = PRIOR[k][:, None] * MODEL[k]
    shares = {}
    for name in names_of(k):
        true = float(measure_of(name, 1 if k == 2 else -1, k)(joint[None])[0])
        shares[name] = float(np.mean([e[name][0].low <= true <= e[name][0].high for e in found]))
    return shares


@pytest.mark.slow
@pytest.mark.parametrize("k", [2, 3])
def test_intervals_hold_the_truth_where_the_noise_is_known(k: int) -> None:
    found = [
        by_noise(world(k, 1_000, seed), NOISE[k], names_of(k), seed=seed) for seed in range(SEEDS)
    ]
    assert min(covered(k, found).values()) >= LEAST


@pytest.mark.slow
@pytest.mark.parametrize(
    ("k", "reviewed", "audited"), [(2, 60, 200), (3, 100, 300), (2, 10**6, 200)]
)
def test_intervals_hold_the_truth_where_a_sample_was_reviewed(
    k: int, reviewed: int, audited: int
) -> None:
    found = [
        by_review(world(k, 2_000, seed, reviewed, audited), names_of(k), seed=seed)
        for seed in range(SEEDS)
    ]
    assert min(covered(k, found).values()) >= LEAST


def test_given_labels_miss_the_truth() -> None:
    """What the correction is for: by noisy labels the accuracy is far off."""
    of = world(2, 20_000, 0)
    right = float((PRIOR[2][:, None] * MODEL[2]).trace())
    given = float((of.label == of.prediction).mean())
    corrected = by_noise(of, NOISE[2], ["accuracy"])["accuracy"][0]
    assert right - given > 0.05
    assert abs(corrected.value - right) < 0.01


@pytest.mark.parametrize("k", [2, 3])
def test_without_noise_nothing_changes(k: int) -> None:
    of = world(k, 1_000, 0)
    found = by_noise(of, np.eye(k), names_of(k))
    average = "binary" if k == 2 else "macro"
    expected = {
        "accuracy": sklearn_metrics.accuracy_score(of.label, of.prediction),
        "balanced_accuracy": sklearn_metrics.balanced_accuracy_score(of.label, of.prediction),
        "mcc": sklearn_metrics.matthews_corrcoef(of.label, of.prediction),
        "f1" if k == 2 else "f1_macro": sklearn_metrics.f1_score(
            of.label, of.prediction, average=average
        ),
    }
    for name, value in expected.items():
        estimate, difference = found[name]
        assert estimate.value == pytest.approx(value)
        assert difference.value == pytest.approx(0.0)
        assert estimate.low < value < estimate.high


def test_everything_reviewed_is_the_metric_of_the_truth() -> None:
    of = world(3, 1_000, 1, 10**6, 10**6)
    expected = sklearn_metrics.accuracy_score(of.truth, of.prediction)
    assert by_review(of, ["accuracy"])["accuracy"][0].value == pytest.approx(expected)


def test_rows_that_were_picked_say_nothing_of_others() -> None:
    of = world(2, 1_000, 2)
    row = int(np.flatnonzero((of.label == of.prediction) & ~of.flagged)[0])
    of.truth[row], of.picked[row] = 1 - of.label[row], True
    found = by_review(of, ["accuracy"])["accuracy"][1]
    assert found.value == pytest.approx(-1 / 1_000, abs=1e-9)


@pytest.mark.parametrize(
    ("noise", "problem"),
    [
        (np.eye(3), "no matrix of chances"),
        (np.array([[0.9, 0.2], [0.1, 0.9]]), "no matrix of chances"),
        (np.array([[0.5, 0.5], [0.5, 0.5]]), "say nothing of the classes"),
    ],
    ids=["shape", "sums", "no information"],
)
def test_useless_chances_are_refused(noise: NDArray[np.float64], problem: str) -> None:
    with pytest.raises(BadOption, match=problem):
        by_noise(world(2, 100, 0), noise, ["accuracy"])


@pytest.mark.parametrize("k", [2, 3])
def test_a_weight_of_two_is_the_row_twice(k: int) -> None:
    plain = world(k, 600, 3, reviewed=40, audited=60)
    twice = np.concatenate([np.arange(600), np.arange(200)])
    weight = np.where(np.arange(600) < 200, 2.0, 1.0)

    def of(rows: NDArray[np.int64], own: NDArray[np.float64] | None) -> Reviewed:
        arrays = (plain.label, plain.prediction, plain.flagged, plain.truth, plain.picked)
        return Reviewed(*(values[rows] for values in arrays), k, plain.positive, own)

    weighted, doubled = of(np.arange(600), 5 * weight), of(twice, None)
    for way in (by_review, lambda rows, names: by_noise(rows, NOISE[k], names)):
        found, expected = way(weighted, ["accuracy"]), way(doubled, ["accuracy"])
        for ours, theirs in zip(found["accuracy"], expected["accuracy"], strict=True):
            assert ours.value == pytest.approx(theirs.value, abs=1e-9)
            assert ours.low < ours.value < ours.high
