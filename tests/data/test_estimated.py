"""Metrics without labels: against NannyML, against labels, and how often intervals hold."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from mispredict.core.errors import BadOption
from mispredict.core.task import Task, TaskKind
from mispredict.data.doubt.calibrating import calibrate
from mispredict.data.estimated.estimated import Estimator, Judged, known_metrics, verdict_of
from mispredict.data.estimated.expected import METRICS, Soft, expect

NANNYML = json.loads((Path(__file__).parent / "fixtures" / "nannyml_cbpe.json").read_text())
BINARY = ("accuracy", "precision", "recall", "f1", "specificity", "roc_auc")


def judged(raw: Any, prediction: Any, label: Any) -> Judged:
    score = np.asarray(raw, np.float64)
    return Judged(
        np.column_stack([1 - score, score]),
        np.asarray(prediction, np.int32),
        np.asarray(label, np.int32),
    )


def drawn(n: int, seed: int, at: float = 0.0) -> Judged:
    """Rows whose scores are too sure, with labels that do not depend on where they lie."""
    rng = np.random.default_rng(seed)
    x = rng.normal(at, 1.5, n)
    chance = 1 / (1 + np.exp(-x))
    label = rng.random(n) < chance
    score = 1 / (1 + np.exp(-2 * x))
    return judged(score, score > 0.5, label)


@pytest.fixture
def online() -> Callable[[Callable[[], Any]], Any]:
    """Function that calls a function which fetches, and skips the test when offline."""

    def call(fetch: Callable[[], Any]) -> Any:
        from mispredict.core.errors import MispredictError

        try:
            return fetch()
        except MispredictError as error:
            pytest.skip(error.problem)

    return call


@pytest.mark.slow
@pytest.mark.parametrize("year", [2016, 2017, 2018])
def test_census_estimates_are_those_of_nannyml(
    year: int, online: Callable[[Callable[[], Any]], Any]
) -> None:
    from mispredict.demo.data import census_employment

    frame: pd.DataFrame = online(census_employment)
    rows = judged(frame["predicted_probability"], frame["prediction"], frame["employed"])
    estimator = Estimator(rows.take((frame["year"] == 2015).to_numpy()))
    now = rows.take((frame["year"] == year).to_numpy())
    found = estimator(now, BINARY)
    for metric, value in NANNYML["census"][str(year)].items():
        assert found[metric].value == pytest.approx(value, abs=1e-3), metric
    real = {
        "accuracy": accuracy_score(now.label, now.prediction),
        "f1": f1_score(now.label, now.prediction),
        "roc_auc": roc_auc_score(now.label, now.raw[:, 1]),
    }
    for metric, value in real.items():  # nothing has drifted here
        assert found[metric].low <= value <= found[metric].high, metric


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_sure_labels_give_the_metric_itself(metric: str) -> None:
    from mispredict.metrics import measure
    from mispredict.metrics.outcomes import Groups, Outcomes

    rows = drawn(500, 3)
    chance = np.eye(2)[rows.label]
    found = expect(metric, Soft(chance, rows.prediction, rows.raw))
    task = Task(TaskKind.BINARY, (0, 1), 1)
    if metric.endswith("_macro"):
        task = Task(TaskKind.MULTICLASS, (0, 1))
    outcomes = Outcomes.of(task, rows.label, rows.prediction, probabilities=rows.raw)
    (expected,) = measure(outcomes, Groups.whole(500), metrics=[metric])
    assert found.value == pytest.approx(expected.value, abs=1e-6)
    assert found.variance == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("metric", ["accuracy", "f1", "precision", "recall", "roc_auc", "log_loss"])
def test_the_variance_is_that_of_drawn_labels(metric: str) -> None:
    rows = drawn(400, 1)
    chance = np.column_stack([1 - rows.raw[:, 1], rows.raw[:, 1]])
    rng = np.random.default_rng(0)
    soft = Soft(chance, rows.prediction, rows.raw)
    values = [
        expect(
            metric,
            Soft(
                np.eye(2)[(rng.random(400) < chance[:, 1]).astype(int)], rows.prediction, rows.raw
            ),
        ).value
        for _ in range(400)
    ]
    found = expect(metric, soft)
    assert found.value == pytest.approx(float(np.mean(values)), abs=0.01)
    assert np.sqrt(found.variance) == pytest.approx(float(np.std(values)), rel=0.15)


@pytest.mark.parametrize("at", [0.0, 0.8], ids=["alike", "inputs moved"])
def test_intervals_hold_the_real_metric_without_concept_drift(at: float) -> None:
    held: dict[str, list[bool]] = {"accuracy": [], "f1": [], "roc_auc": []}
    errors: list[float] = []
    for seed in range(80):
        found = Estimator(drawn(2_000, 2 * seed), seed=seed)(
            drawn(1_000, 2 * seed + 1, at), list(held)
        )
        now = drawn(1_000, 2 * seed + 1, at)
        real = {
            "accuracy": accuracy_score(now.label, now.prediction),
            "f1": f1_score(now.label, now.prediction),
            "roc_auc": roc_auc_score(now.label, now.raw[:, 1]),
        }
        for metric, value in real.items():
            held[metric].append(found[metric].low <= value <= found[metric].high)
        errors.append(abs(found["accuracy"].value - real["accuracy"]))
    assert all(np.mean(values) >= 0.9 for values in held.values()), held
    assert np.mean(errors) < 0.02


def test_scores_that_are_too_sure_are_calibrated() -> None:
    rows = drawn(20_000, 0)
    fitted = calibrate(rows.raw, rows.label)(rows.raw)
    assert abs(rows.raw[rows.raw[:, 1] > 0.9, 1].mean() - 0.9) < 0.1
    bins = np.digitize(fitted[:, 1], np.linspace(0.1, 0.9, 9))
    for code in range(10):
        inside = bins == code
        assert fitted[inside, 1].mean() == pytest.approx(rows.label[inside].mean(), abs=0.02)
    assert fitted.sum(axis=1) == pytest.approx(1)


def test_several_classes_are_estimated() -> None:
    rng = np.random.default_rng(0)
    raw = rng.dirichlet([1, 1, 1], 6_000)
    label = (raw.cumsum(axis=1) > rng.random((6_000, 1))).argmax(axis=1).astype(np.int32)
    rows = Judged(raw, raw.argmax(axis=1).astype(np.int32), label)
    half = np.arange(6_000) < 3_000
    found = Estimator(rows.take(half))(rows.take(~half), ["accuracy", "f1_macro"])
    now = rows.take(~half)
    assert (
        found["accuracy"].low < accuracy_score(now.label, now.prediction) < found["accuracy"].high
    )
    real = f1_score(now.label, now.prediction, average="macro")
    assert found["f1_macro"].low < real < found["f1_macro"].high


def test_too_few_labels_are_refused() -> None:
    with pytest.raises(BadOption, match="20 rows with a label"):
        Estimator(drawn(20, 0))


def test_metrics_that_cannot_be_estimated_are_named() -> None:
    with pytest.raises(BadOption, match="mcc"):
        known_metrics(Task(TaskKind.BINARY, (0, 1), 1), ["mcc"])


@pytest.mark.parametrize(
    ("metric", "threshold", "verdict"),
    [
        ("accuracy", 0.9, "alarm"),
        ("accuracy", 0.5, "fine"),
        ("log_loss", 0.1, "alarm"),
        ("log_loss", 2.0, "fine"),
    ],
)
def test_a_verdict_needs_the_whole_interval(metric: str, threshold: float, verdict: str) -> None:
    found = Estimator(drawn(2_000, 0))(drawn(1_000, 1), [metric])[metric]
    assert verdict_of(metric, found, threshold) == verdict
    assert verdict_of(metric, found, found.value) == "unsure"


@pytest.mark.parametrize("metric", sorted(METRICS))
def test_a_weight_of_two_is_the_row_twice(metric: str) -> None:
    rows = drawn(300, 4)
    chance = np.column_stack([1 - rows.raw[:, 1], rows.raw[:, 1]])
    twice = np.concatenate([np.arange(300), np.arange(100)])
    weight = np.where(np.arange(300) < 100, 2.0, 1.0)
    found = expect(metric, Soft(chance, rows.prediction, rows.raw, weight=7 * weight))
    expected = expect(metric, Soft(chance[twice], rows.prediction[twice], rows.raw[twice]))
    assert found.value == pytest.approx(expected.value, abs=1e-12)
    assert found.variance > 0


def test_weighted_rows_without_drift_are_no_concept_drift() -> None:
    def weighted(n: int, seed: int) -> Judged:
        rows = drawn(n, seed)
        near = np.abs(rows.raw[:, 1] - 0.5) < 0.4
        heavy = near & (rows.label == 1)  # also by label, as where one class was sampled less
        return Judged(rows.raw, rows.prediction, rows.label, weight=np.where(heavy, 9.0, 1.0))

    before, after = weighted(4_000, 1), weighted(4_000, 2)
    found = Estimator(before)(after, ("accuracy", "roc_auc", "f1"))
    score, weight = after.raw[:, 1], after.weight
    real = {
        "accuracy": accuracy_score(after.label, after.prediction, sample_weight=weight),
        "f1": f1_score(after.label, after.prediction, sample_weight=weight),
        "roc_auc": roc_auc_score(after.label, score, sample_weight=weight),
    }
    plain = accuracy_score(after.label, after.prediction)
    assert abs(real["accuracy"] - plain) > 0.05  # the weights matter
    for metric, value in real.items():
        assert found[metric].low <= value <= found[metric].high, metric
