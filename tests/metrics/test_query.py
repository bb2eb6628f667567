"""Metrics from SQL equal metrics from arrays: counts exactly, the rest to 1e-9."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings

from mispredict.core.task import Task, TaskKind
from mispredict.metrics import Outcomes, measure
from mispredict.metrics.measure import measure_statistics
from mispredict.metrics.query import QueryStatistics
from mispredict.metrics.registry import resolve

from . import cases


def table_of(case: cases.Case, loss: np.ndarray) -> ibis.Table:
    task = case.outcomes.task
    columns: dict[str, pa.Array] = {"group": pa.array(case.groups.codes.astype(np.int64))}
    for name, values in (("label", case.label), ("prediction", case.prediction)):
        columns[name] = _values(task, values)
    for k, name in enumerate(task.classes):
        columns[f"p_{name}"] = pa.array(case.proba[:, k])
    if case.weight is not None:
        columns["weight"] = pa.array(case.weight)
    columns["loss"] = pa.array(loss, mask=np.isnan(loss))
    return ibis.memtable(pa.table(columns))


def _values(task: Task, values: np.ndarray) -> pa.Array:
    if task.kind is TaskKind.REGRESSION:
        return pa.array(values, mask=np.isnan(values))
    names = np.array([*task.classes, None], object)
    if task.kind is TaskKind.MULTILABEL:
        return pa.array([names[:-1][row].tolist() for row in values], pa.list_(pa.string()))
    return pa.array(names[values].tolist(), pa.string())


def check(case: cases.Case, names: list[str]) -> None:
    loss = np.random.default_rng(0).integers(0, 5, case.outcomes.n) / 4
    outcomes = case.outcomes
    with_loss = Outcomes(
        outcomes.task,
        outcomes.n,
        outcomes.label,
        outcomes.prediction,
        loss,
        outcomes.confidence,
        outcomes.weight,
        outcomes.probabilities,
    )
    names = [*names, "loss", "loss_quantile[0.9]"]
    positive = len(outcomes.task.classes) - 1
    asked = resolve(names, outcomes.task, positive=positive)
    stats = QueryStatistics(table_of(case, loss), outcomes.task, case.groups.n)
    found = measure_statistics(stats, case.groups.names, asked)
    for one, other in zip(found, measure(with_loss, case.groups, metrics=names), strict=True):
        assert (one.cohort, one.metric, one.n) == (other.cohort, other.metric, other.n)
        numbers = (other.value, other.low, other.high)
        assert (one.value, one.low, one.high) == pytest.approx(
            numbers, rel=1e-9, abs=1e-9, nan_ok=True
        ), one


QUICK = {
    "binary": (
        cases.single_label(2),
        ["recall", "roc_auc", "average_precision", "log_loss", "ece"],
    ),
    "multiclass": (cases.single_label(4), ["f1_macro", "mcc", "brier_score", "roc_auc_macro"]),
    "multilabel": (cases.multilabel(), ["accuracy", "f1_macro", "f1_samples", "recall_micro"]),
    "regression": (
        cases.regression(),
        ["mae", "r2", "explained_variance", "median_absolute_error", "max_error"],
    ),
}
ALL = {
    "binary": cases.BINARY,
    "multiclass": cases.CLASSIFICATION,
    "multilabel": cases.MULTILABEL,
    "regression": cases.REGRESSION,
}


@pytest.mark.parametrize("task", QUICK)
def test_headline_metrics(task: str) -> None:
    strategy, names = QUICK[task]

    @settings(max_examples=4, deadline=None, derandomize=True, database=None)
    @given(strategy)
    def run(case: cases.Case) -> None:
        check(case, names)

    run()


@pytest.mark.slow
@pytest.mark.parametrize("task", QUICK)
def test_every_metric(task: str) -> None:
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(QUICK[task][0])
    def run(case: cases.Case) -> None:
        check(case, list(ALL[task]))

    run()
