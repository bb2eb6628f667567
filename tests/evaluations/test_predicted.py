from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Task, TaskKind
from mispredict.evaluations.align import align

WORDS = Task(TaskKind.BINARY, ("no", "yes"), "yes")
TRUTH = Task(TaskKind.BINARY, (False, True), True)
WHOLE = Task(TaskKind.MULTICLASS, (1, 2, 3))
SETS = Task(TaskKind.MULTILABEL, ("cat", "dog"))
NUMBER = Task(TaskKind.REGRESSION)


def predicted(values: Any, task: Task) -> list[Any]:
    answers = align(pa.table({"prediction": values}), task, ids=None, id_name="", rows=len(values))
    assert answers.prediction is not None
    return list(answers.prediction.tolist())


@pytest.mark.parametrize(
    ("values", "task", "expected"),
    [
        ([0, 1], TRUTH, [0, 1]),
        ([0.0, 1.0], TRUTH, [0, 1]),
        (["False", "true"], TRUTH, [0, 1]),
        ([True, False], TRUTH, [1, 0]),
        ([2.0, 3.0], WHOLE, [1, 2]),
        ([[], ["dog"]], SETS, [[False, False], [False, True]]),
        ([[], []], SETS, [[False, False], [False, False]]),
        ([2**53 + 1, 1], NUMBER, [float(2**53), 1.0]),
    ],
    ids=str,
)
def test_predictions_are_read_in_the_labels_own_values(
    values: Any, task: Task, expected: Any
) -> None:
    assert predicted(values, task) == expected


@pytest.mark.parametrize(
    ("values", "task", "problem", "hint"),
    [
        ([0, 0.7], TRUTH, "row 1 has the prediction 0.7, not a class", "'p_True'"),
        ([0, 2], TRUTH, "row 1 has the prediction 2, not a class", "own values"),
        (["true", "maybe"], TRUTH, "row 1 has the prediction 'maybe', not a class", "own values"),
        ([True, None], TRUTH, "1 row has no prediction", "own values"),
        ([[True], [False]], TRUTH, "the label is bool", "own values"),
        ([1.0, 1.5], WHOLE, "row 1 has the prediction 1.5, not a class", "'p_3'"),
        ([["no"], ["yes"]], WORDS, "the label is string", "own values"),
        ([["cat"], ["cat", "cow"]], SETS, "row 1 has the prediction 'cow', not a class", "own"),
        ([["cat"], ["cat", None]], SETS, "row 1 has the prediction None, not a class", "own"),
        ([["cat"], None], SETS, "1 row has no prediction", "[]"),
        ([[], [1, 2]], SETS, "row 1 has the prediction 1, not a class", "own values"),
        (["cat", "dog"], SETS, "not a list of labels per row", "a list per row"),
        ([1, 2], SETS, "not a list of labels per row", "a list per row"),
    ],
    ids=str,
)
def test_what_is_no_class_is_named(values: Any, task: Task, problem: str, hint: str) -> None:
    with pytest.raises(BadPredictions) as caught:
        predicted(values, task)
    assert problem in caught.value.problem
    assert hint in caught.value.hint
    assert "Classes:" in caught.value.known


@pytest.mark.parametrize(
    ("columns", "problem"),
    [
        ({"p_no": [0.9, 0.4], "p_Yes": [0.1, 0.6]}, "'p_Yes' is no class's probability"),
        ({"probabilities": [["0.9", "x"], ["0.4", "y"]]}, "not lists of numbers"),
        ({"probabilities": [[[0.9], [0.1]], [[0.4], [0.6]]]}, "not lists of numbers"),
    ],
    ids=["misspelt", "text", "nested"],
)
def test_probabilities_that_are_none(columns: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadPredictions) as caught:
        align(pa.table(columns), WORDS, ids=None, id_name="", rows=2)
    assert problem in caught.value.problem
    assert caught.value.known
    assert caught.value.hint
