"""Measuring: names, groups, missing rows, defaults, errors, results."""

from __future__ import annotations

import json
from importlib import import_module

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mispredict.core.errors import BadOption, UnknownName
from mispredict.core.registry import Registry
from mispredict.core.task import Task, TaskKind
from mispredict.metrics import (
    METRICS,
    Groups,
    MetricTable,
    Outcomes,
    default_metrics,
    measure,
    measure_many,
    metric,
    metrics_for,
)
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.columns import Columns

from . import cases

BINARY = Task(TaskKind.BINARY, ("no", "yes"))


def binary(n: int = 200, seed: int = 0, **options) -> Outcomes:
    rng = np.random.default_rng(seed)
    p = rng.random(n)
    label = rng.random(n) < p
    return Outcomes.of(BINARY, label, p > 0.5, probabilities=np.stack([1 - p, p], 1), **options)


@settings(max_examples=25, deadline=None)
@given(cases.single_label(4), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(case: cases.Case, random) -> None:
    names = ["accuracy", "f1_macro", "mcc", "roc_auc[b]", "average_precision[b]", "log_loss"]
    order = list(range(case.outcomes.n))
    random.shuffle(order)
    shuffled = Groups(case.groups.names, case.groups.codes[order])
    one = measure(case.outcomes, case.groups, metrics=names)
    other = measure(case.outcomes.take(np.array(order)), shuffled, metrics=names)
    for a, b in zip(one, other, strict=True):
        numbers = pytest.approx((b.value, b.low, b.high), rel=1e-9, abs=1e-9, nan_ok=True)
        assert (a.value, a.low, a.high) == numbers, a


@settings(max_examples=25, deadline=None)
@given(cases.single_label(4))
def test_groups_add_up_to_the_whole(case: cases.Case) -> None:
    parts = ArrayStatistics(Columns(case.outcomes), case.groups)
    whole = ArrayStatistics(Columns(case.outcomes), Groups.whole(case.outcomes.n))
    assert (parts.confusion().rows.sum(axis=0) == whole.confusion().rows[0]).all()
    assert parts.rows().sum() == whole.rows()[0] == case.counted.sum()


def test_groupings_together_equal_groupings_apart() -> None:
    outcomes = binary(60_000)
    rng = np.random.default_rng(1)
    groupings = [
        Groups(tuple("abc"), rng.integers(0, 3, 60_000).astype(dtype))
        for dtype in (np.uint8, np.uint16, np.int32)
    ]
    together = measure_many(outcomes, groupings)
    assert together == [measure(outcomes, groups) for groups in groupings]


def test_many_classes_are_measured_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes = binary()
    groups = Groups(tuple("abcdefg"), np.arange(200) % 8)
    expected = measure(outcomes, groups)
    monkeypatch.setattr(import_module("mispredict.metrics.measure"), "_MOST_CELLS", 12)
    assert measure(outcomes, groups) == expected


def test_equal_weights_change_nothing() -> None:
    outcomes, groups = binary(50), Groups.whole(50)
    twice = Outcomes.of(
        BINARY,
        outcomes.label,
        outcomes.prediction,
        probabilities=np.stack([outcomes.probability(k) for k in (0, 1)], 1),
        weight=np.full(50, 2.0),
    )
    for one, other in zip(measure(twice, groups), measure(outcomes, groups), strict=True):
        found = (one.value, one.low, one.high)
        assert found == pytest.approx((other.value, other.low, other.high)), one.metric


def test_defaults_leave_out_what_needs_probabilities() -> None:
    plain = Outcomes.of(BINARY, [0, 1], [0, 1])
    names = [row.metric for row in measure(plain, Groups.whole(2))]
    assert names == list(default_metrics(BINARY, has_probabilities=False))
    assert "accuracy" in names
    assert "roc_auc" not in names


@pytest.mark.parametrize("kind", TaskKind, ids=str)
def test_every_default_is_defined_for_its_task(kind: TaskKind) -> None:
    known = {found.name for found in metrics_for(Task(kind, ("a", "b")))}
    assert {name.partition("[")[0] for name in default_metrics(Task(kind))} <= known


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("acuracy", UnknownName, "no metric 'acuracy'. Metrics like it: 'accuracy'"),
        ("recall[maybe]", UnknownName, "no class 'maybe'. Known classes: 'no', 'yes'."),
        ("accuracy[yes]", BadOption, "the metric 'accuracy' takes nothing in brackets."),
        ("mae", BadOption, "the metric 'mae' is not defined for a binary task."),
        ("loss_quantile[2]", BadOption, "'2' is not a quantile."),
        ("roc_auc", BadOption, "the metric 'roc_auc' needs probabilities"),
    ],
)
def test_what_cannot_be_asked(name: str, error: type[Exception], message: str) -> None:
    plain = Outcomes.of(BINARY, [0, 1], [0, 1])
    with pytest.raises(error) as caught:
        measure(plain, Groups.whole(2), metrics=[name])
    assert message in caught.value.message


def test_a_class_must_be_named_where_none_is_positive() -> None:
    three = Outcomes.of(Task(TaskKind.MULTICLASS, ("a", "b", "c")), [0, 1, 2], [0, 1, 1])
    with pytest.raises(BadOption, match="is of one class") as caught:
        measure(three, Groups.whole(3), metrics=["recall"])
    assert caught.value.hint == "recall_macro or recall[a]"


def test_the_positive_class_may_be_the_first() -> None:
    task = Task(TaskKind.BINARY, ("bad", "good"), positive="bad")
    outcomes = Outcomes.of(task, [0, 0, 1, 1], [0, 1, 1, 1])
    rows = measure(outcomes, Groups.whole(4), metrics=["recall", "recall[good]"])
    assert [row.value for row in rows] == [0.5, 1.0]


def test_groups_must_fit() -> None:
    with pytest.raises(BadOption, match="do not fit"):
        measure(binary(10), Groups.whole(9))


@pytest.mark.parametrize("level", [0.0, 1.0, 95])
def test_levels_are_shares(level: float) -> None:
    with pytest.raises(BadOption, match="not a confidence level"):
        measure(binary(), Groups.whole(200), level=level)


def test_a_higher_level_is_a_wider_interval() -> None:
    narrow = measure(binary(), Groups.whole(200), level=0.8)
    for one, other in zip(narrow, measure(binary(), Groups.whole(200), level=0.99), strict=True):
        assert other.low <= one.low <= one.high <= other.high, one.metric


def test_the_table_is_wide_and_plain() -> None:
    groups = Groups(("x", "y", "none"), np.arange(200) % 2)
    table = MetricTable(measure(binary(), groups, metrics=["accuracy", "recall"]))
    wide = table.wide()
    assert list(wide.columns) == ["cohort", "n", "accuracy", "recall"]
    assert wide["n"].tolist() == [100, 100, 0]
    assert table.columns == ("cohort", "metric", "value", "low", "high", "n")
    assert len(table.to_frame()) == 6
    assert json.loads(table.to_json())["rows"][-1]["value"] is None
    assert table.value("recall", "x").n == 100
    with pytest.raises(BadOption):
        table.value("recall", "z")


def test_a_score_task_is_judged_by_its_loss() -> None:
    loss = np.array([1.0, 2.0, np.nan, 3.0])
    rows = measure(Outcomes.of(Task(TaskKind.SCORE), loss=loss), Groups.whole(4))
    assert [row.metric for row in rows] == ["loss", "loss_quantile[0.9]"]
    assert (rows[0].value, rows[0].n) == (2.0, 3)


def test_groups_from_values_and_masks() -> None:
    groups = Groups.of_values(["b", "a", "b"])
    assert (groups.names, groups.codes.tolist()) == (("a", "b"), [1, 0, 1])
    assert Groups.of_mask(np.array([True, False]), "x").codes.tolist() == [0, -1]


@pytest.fixture
def own_metrics(monkeypatch: pytest.MonkeyPatch) -> Registry:
    monkeypatch.setattr(METRICS, "_items", dict(METRICS._items))
    return METRICS


def test_a_metric_of_ones_own_gets_a_seeded_interval(own_metrics: Registry) -> None:
    @metric("cost", tasks=["binary"], higher_is_better=False)
    def cost(rows: Outcomes) -> float:
        """Five for a missed positive."""
        return float(np.mean(np.where((rows.label == 1) & (rows.prediction == 0), 5, 0)))

    groups = Groups(("x", "y", "none"), np.arange(200) % 2)
    rows = measure(binary(), groups, metrics=["cost"])
    assert rows[:2] == measure(binary(), groups, metrics=["cost"])[:2]
    assert rows[0].low < rows[0].value < rows[0].high
    assert np.isnan(rows[2].value)
    assert own_metrics["cost"].explanation == "Five for a missed positive."


def test_a_number_per_row_is_averaged(own_metrics: Registry) -> None:
    @metric("wrong", tasks=["binary"])
    def wrong(rows: Outcomes) -> np.ndarray:
        return rows.label != rows.prediction

    rows = measure(binary(), Groups.whole(200), metrics=["wrong", "error_rate"])
    assert rows[0].value == pytest.approx(rows[1].value)
    assert rows[0].low == pytest.approx(rows[1].low, abs=0.01)


def test_an_array_of_another_length_is_refused(own_metrics: Registry) -> None:
    metric("odd", tasks=["binary"])(lambda _: np.zeros(3))
    with pytest.raises(BadOption, match="returned an array of shape"):
        measure(binary(), Groups.whole(200), metrics=["odd"])
