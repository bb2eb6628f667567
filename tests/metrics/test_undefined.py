"""A metric that is not defined is missing: no value, no interval, n = 0."""

from __future__ import annotations

import math

import numpy as np
import pytest

from mispredict.core.task import Task, TaskKind
from mispredict.metrics import Groups, Outcomes, measure
from mispredict.metrics.threshold import threshold

BINARY = Task(TaskKind.BINARY, ("no", "yes"))
NEGATIVES = ([0] * 6, [0, 0, 0, 1, 0, 0])
RIGHT_NEGATIVES = ([0] * 6, [0] * 6)
POSITIVES = ([1] * 6, [1, 1, 0, 1, 1, 1])
NEVER_POSITIVE = ([0, 0, 0, 1, 1, 0], [0] * 6)


def rows(label: list[int], prediction: list[int]) -> dict:
    proba = np.linspace(0.1, 0.9, len(label))
    outcomes = Outcomes.of(
        BINARY,
        np.array(label),
        np.array(prediction),
        probabilities=np.stack([1 - proba, proba], axis=1),
    )
    found = measure(outcomes, Groups(("all",), np.zeros(len(label), np.uint8)))
    return {row.metric: row for row in found}


@pytest.mark.parametrize(
    ("given", "missing", "known"),
    [
        (NEGATIVES, ["recall", "mcc", "average_precision", "roc_auc"], {"f1": 0, "precision": 0}),
        (RIGHT_NEGATIVES, ["precision", "recall", "f1", "mcc"], {"specificity": 1, "accuracy": 1}),
        (POSITIVES, ["specificity", "mcc", "roc_auc"], {"precision": 1, "average_precision": 1}),
        (NEVER_POSITIVE, ["precision"], {"recall": 0, "f1": 0, "mcc": 0, "specificity": 1}),
    ],
    ids=["no positives", "no positives at all", "no negatives", "none predicted"],
)
def test_undefined_is_missing(
    given: tuple[list[int], list[int]], missing: list[str], known: dict[str, float]
) -> None:
    found = rows(*given)
    for name in missing:
        row = found[name]
        assert np.isnan([row.value, row.low, row.high]).all(), row
        assert row.n == 0
    for name, value in known.items():
        assert found[name].value == value
        assert found[name].n == 6


def test_rates_of_thresholds_are_missing_where_undefined() -> None:
    scores = np.linspace(0.1, 0.9, 8)
    outcomes = Outcomes.of(
        BINARY,
        np.zeros(8, int),
        np.zeros(8, int),
        probabilities=np.stack([1 - scores, scores], axis=1),
    )
    table = threshold(outcomes)
    assert all(math.isnan(row.recall) for row in table.rows)
    assert math.isnan(table.rows[-1].precision), "nothing is called positive at 1"
    assert table.rows[0].precision == 0


def test_average_is_missing_where_no_class_has_the_score() -> None:
    outcomes = Outcomes.of(
        Task(TaskKind.MULTILABEL, ("a", "b")), np.zeros((5, 2), bool), np.eye(5, 2) > 0
    )
    groups = Groups(("all",), np.zeros(5, np.uint8))
    names = [f"{name}_{way}" for name in ("precision", "recall") for way in ("macro", "micro")]
    found = {row.metric: row for row in measure(outcomes, groups, metrics=names)}
    assert math.isnan(found["recall_macro"].value)
    assert math.isnan(found["recall_micro"].value)
    assert found["precision_macro"].value == found["precision_micro"].value == 0
