"""Validation of predictions: what passes, and what the errors say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Task, TaskKind
from mispredict.models.answers import (
    check_label_sets,
    check_labels,
    check_probabilities,
    check_values,
)
from mispredict.models.classes import match_classes
from mispredict.models.conform import align, check_answer
from mispredict.models.protocol import Answer

YES_NO = Task(TaskKind.BINARY, ("no", "yes"), "yes")
TAGS = Task(TaskKind.MULTILABEL, ("a", "b", "c"))
REGRESSION = Task(TaskKind.REGRESSION)


@pytest.mark.parametrize(
    ("probabilities", "says"),
    [
        ([[0.5, 0.5], [0.5, 0.4]], "probabilities of row 21 sum to 0.9, not 1"),
        ([[0.5, 0.5], [np.nan, 1.0]], "probability of 'no' in row 21 is missing"),
        ([[0.5, 0.5], [-0.2, 1.2]], "probability of 'no' in row 21 is -0.2"),
        ([[2.0, 3.0], [0.5, 0.5]], "in row 20 is 2, outside 0 to 1"),
        ([[0.5, 0.5]], "1 row of probabilities for 2 rows"),
        ([[1.0, 0, 0], [1.0, 0, 0]], "have 3 columns for 2 classes"),
        ([0.5, 0.5], "have 1 dimension"),
        ([["yes", "no"], ["no", "no"]], "not numbers: row 20 is 'yes'"),
    ],
    ids=["sum", "nan", "negative", "above-1", "short", "wide", "flat", "text"],
)
def test_bad_probabilities_name_the_row(probabilities, says):
    with pytest.raises(BadPredictions, match=says):
        check_probabilities(probabilities, n=2, classes=("no", "yes"), rows=[20, 21])


def test_probabilities_within_the_tolerance_pass():
    near = np.array([[0.5, 0.4995], [1.0005, 0.0]], dtype=np.float32)
    assert check_probabilities(near, n=2).max() == 1


def test_multilabel_rows_need_not_sum_to_1():
    array = check_probabilities([[0.9, 0.9], [0, 0]], n=2, is_multilabel=True)
    assert array.sum() == pytest.approx(1.8)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ([1.0, np.inf], "row 1 is inf"),
        ([1.0, np.nan], "row 1 is nan"),
        (["a", 1.0], "not numbers: row 0 is 'a'"),
        ([[1.0, 2.0], [1.0, 2.0]], "one value per row"),
        ([1.0], "1 predicted value for 2 rows"),
    ],
    ids=["infinite", "nan", "text", "wide", "short"],
)
def test_bad_values(values, says):
    with pytest.raises(BadPredictions) as caught:
        check_values(values, n=2)
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (["yes", None], "label of row 1 is missing"),
        (["yes", 1], "labels mix types: row 1 is 1, row 0 is 'yes'"),
        (["yes", "Yes"], "label of row 1 is 'Yes', which is not a class"),
        (["yes"], "1 predicted label for 2 rows"),
    ],
    ids=["missing", "mixed", "unknown", "short"],
)
def test_bad_labels(labels, says):
    with pytest.raises(BadPredictions, match=says):
        check_labels(labels, n=2, classes=("no", "yes"))


def test_unknown_label_shows_the_known_classes():
    with pytest.raises(BadPredictions) as caught:
        check_labels(["yes", "Yes"], n=2, classes=("no", "yes"))
    assert "'yes'" in caught.value.known


@pytest.mark.parametrize(
    "labels",
    [[["b"], ["a", "c"]], np.array([[0, 1, 0], [1, 0, 1]]), [("b",), {"c", "a"}]],
    ids=["lists", "indicator", "tuple-and-set"],
)
def test_label_sets(labels):
    found = check_label_sets(labels, n=2, classes=("a", "b", "c"))
    assert found.tolist() == [[False, True, False], [True, False, True]]


def test_one_column_of_a_regression():
    task, column = REGRESSION, np.array([[1.5], [-2.0]])
    for answer in (Answer(values=column), Answer(probabilities=column)):
        assert check_answer(answer, n=2, task=task).values.tolist() == [1.5, -2.0]


@pytest.mark.parametrize(
    "labels", [[["a"], ["a", "b"]], [{"a": 1}, "b"]], ids=["lists", "dictionary"]
)
def test_one_label_per_row(labels):
    array = np.empty(2, dtype=object)
    array[:] = labels
    with pytest.raises(BadPredictions, match="label of row 0 is a"):
        check_labels(array, n=2)


def test_label_set_that_is_missing():
    with pytest.raises(BadPredictions, match="labels of row 1 are None"):
        check_label_sets([["a"], None], n=2, classes=("a", "b"))


def test_label_set_with_unknown_class():
    with pytest.raises(BadPredictions, match="'z' of row 1"):
        check_label_sets([["a"], ["z"]], n=2, classes=("a", "b"))


@pytest.mark.parametrize(
    ("found", "known", "order"),
    [
        (("yes", "no"), ("no", "yes"), (1, 0)),
        (("0", "1"), (0, 1), (0, 1)),
        ((True, False), (0, 1), (1, 0)),
        ((1.0, 0.0), (0, 1), (1, 0)),
        (("true", "False"), (False, True), (1, 0)),
        ((1, 2), ("1", "2"), (0, 1)),
    ],
    ids=["swapped", "text-of-int", "bool-of-int", "float-of-int", "text-of-bool", "int-of-text"],
)
def test_classes_are_matched(found, known, order):
    matched = match_classes(found, known)
    assert (matched.classes, matched.source) == (known, order)


def test_classes_without_anything_in_common():
    with pytest.raises(BadPredictions) as caught:
        match_classes(("LABEL_0", "LABEL_1"), ("no", "yes"))
    assert "classes=" in caught.value.hint


def test_class_unknown_to_the_model_has_probability_0_with_a_note():
    answer = Answer(probabilities=np.array([[0.2, 0.8]]), classes=("c", "a"))
    task = Task(TaskKind.MULTICLASS, ("a", "b"))
    aligned, notes = align(check_answer(answer, n=1, task=task), task)
    assert aligned.classes == ("a", "b", "c")
    assert aligned.probabilities.tolist() == [[0.8, 0.0, 0.2]]
    assert aligned.labels.tolist() == ["a"]
    assert any("does not know 'b'" in note for note in notes)
    assert any("knows 'c'" in note for note in notes)


@given(st.permutations(["a", "b", "c", "d"]), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_reordering_keeps_each_class_its_probability(order, n, seed):
    probabilities = np.random.default_rng(seed).dirichlet(np.ones(4), size=n)
    task = Task(TaskKind.MULTICLASS, ("a", "b", "c", "d"))
    answer = Answer(probabilities=probabilities, classes=tuple(order))
    aligned, notes = align(check_answer(answer, n=n, task=task), task)
    assert notes == ()
    for at, name in enumerate(order):
        assert (aligned.probabilities[:, "abcd".index(name)] == probabilities[:, at]).all()


def test_one_float_per_row_is_the_positive_probability():
    task = Task(TaskKind.BINARY, ("no", "yes"), "no")
    aligned, notes = align(check_answer(Answer(values=np.array([0.9, 0.1])), n=2, task=task), task)
    assert aligned.labels.tolist() == ["no", "yes"]
    assert "probability of 'no'" in notes[0]


@pytest.mark.parametrize(
    ("answer", "task", "says"),
    [
        (Answer(raw=None), YES_NO, "neither labels"),
        (Answer(probabilities=np.full((1, 2), 0.5)), REGRESSION, "the task is a regression"),
        (Answer(probabilities=np.full((1, 3), 1 / 3)), YES_NO, "3 columns, the data has 2"),
        (Answer(values=np.array([7.0])), YES_NO, "outside 0 to 1"),
        (Answer(probabilities=np.full((1, 2), 0.5)), TAGS, "2 columns for 3 classes"),
    ],
    ids=["nothing", "regression", "width", "not-a-probability", "multilabel-width"],
)
def test_answers_that_do_not_fit_the_task(answer, task, says):
    with pytest.raises(BadPredictions, match=says):
        align(check_answer(answer, n=1, task=task), task)


def test_multilabel_labels_are_those_above_one_half():
    answer = Answer(probabilities=np.array([[0.9, 0.5, 0.1]]), classes=(0, 1, 2))
    aligned, _ = align(check_answer(answer, n=1, task=TAGS), TAGS)
    assert aligned.labels.tolist() == [[True, True, False]]
    assert aligned.classes == ("a", "b", "c")


@pytest.mark.parametrize("value", [2**70, 10**400])
def test_labels_beyond_64_bits_are_no_classes(value):
    with pytest.raises(BadPredictions, match="which is not a class"):
        check_labels(np.array([value, value], dtype=object), n=2, classes=(0, 1))
