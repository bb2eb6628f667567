from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import log_loss

from mispredict.core.task import Task, TaskKind
from mispredict.evaluations import derive

TASK = Task(TaskKind.MULTICLASS, ("a", "b", "c"))
BINARY = Task(TaskKind.BINARY, (False, True), True)


def chunked(values: list[object], kind: pa.DataType | None = None) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array(values, kind)])


def test_classification_columns_of_a_small_example() -> None:
    label = chunked(["a", "c", None, "b"])
    prediction = np.array([0, 1, 2, 1], dtype=np.int32)
    probabilities = np.array([[0.7, 0.2, 0.1], [0, 0.6, 0.4], [0.2, 0.3, 0.5], [0, 1, 0]])
    columns = derive.classification(TASK, label, prediction, probabilities)
    assert columns["prediction"].to_pylist() == ["a", "b", "c", "b"]
    assert columns["correct"].to_pylist() == [True, False, None, True]
    assert columns["error_class"].to_pylist() == [None, "c → b", None, None]
    assert columns["confidence"].to_pylist() == [0.7, 0.6, 0.5, 1.0]
    assert columns["margin"].to_pylist() == pytest.approx([0.5, 0.2, 0.2, 1.0])
    assert columns["loss"].to_pylist()[2] is None
    assert columns["loss"][1].as_py() == pytest.approx(-np.log(0.4))
    assert columns["entropy"][3].as_py() == 0
    assert columns["p_b"].to_pylist() == [0.2, 0.6, 0.3, 1.0]


@given(st.integers(2, 6), st.integers(1, 40), st.integers(0, 10_000))
def test_mean_loss_is_scikit_learns_log_loss(classes: int, rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    task = Task(TaskKind.MULTICLASS, tuple(range(classes)))
    probabilities = random.dirichlet(np.full(classes, 0.3), rows)
    truth = random.integers(0, classes, rows)
    columns = derive.classification(
        task, chunked(truth.tolist()), probabilities.argmax(1).astype(np.int32), probabilities
    )
    expected = log_loss(truth, probabilities, labels=list(range(classes)))
    assert np.mean(columns["loss"].to_numpy()) == pytest.approx(expected, rel=1e-9)
    assert (columns["margin"].to_numpy() >= 0).all()
    assert (columns["entropy"].to_numpy() <= np.log(classes) + 1e-9).all()


def test_without_probabilities_the_loss_is_zero_or_one() -> None:
    columns = derive.classification(
        BINARY, chunked([True, False]), np.array([1, 1], np.int32), None
    )
    assert columns["loss"].to_pylist() == [0.0, 1.0]
    assert columns["error_class"].to_pylist() == [None, "False → True"]
    assert "confidence" not in columns


def test_without_a_label_there_is_nothing_to_be_wrong_about() -> None:
    probabilities = np.array([[0.2, 0.8]])
    columns = derive.classification(BINARY, None, np.array([1], np.int32), probabilities)
    assert set(columns) == {"prediction", "p_False", "p_True", "confidence", "margin", "entropy"}


def test_regression_columns() -> None:
    columns = derive.regression(chunked([1.0, None, 3.0]), np.array([2.0, 2.0, 1.0]))
    assert columns["residual"].to_pylist() == [-1.0, None, 2.0]
    assert columns["loss"].to_pylist() == [1.0, None, 2.0]


def test_multilabel_columns() -> None:
    task = Task(TaskKind.MULTILABEL, ("cat", "dog"))
    label = chunked([["cat"], [], None], pa.list_(pa.string()))
    prediction = np.array([[True, True], [False, False], [True, False]])
    plain = derive.multilabel(task, label, prediction, None)
    assert plain["correct"].to_pylist() == [False, True, None]
    assert plain["loss"].to_pylist() == [0.5, 0.0, None]
    assert plain["prediction"].to_pylist() == [["cat", "dog"], [], ["cat"]]
    probabilities = np.array([[0.9, 0.8], [0.1, 0.2], [0.6, 0.4]])
    scored = derive.multilabel(task, label, prediction, probabilities)
    assert scored["loss"][0].as_py() == pytest.approx(-(np.log(0.9) + np.log(0.2)) / 2)
    assert scored["confidence"].to_pylist() == pytest.approx([0.8, 0.8, 0.6])


@given(st.lists(st.sets(st.sampled_from("abc")), min_size=1, max_size=20))
def test_label_lists_and_indicators_are_inverse(sets: list[set[str]]) -> None:
    lists = [sorted(item) for item in sets]
    found = derive.indicator(chunked(lists, pa.list_(pa.string())), ("a", "b", "c"))
    assert derive.label_lists(found, ("a", "b", "c")).to_pylist() == lists
