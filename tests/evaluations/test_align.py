from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from mispredict.core.errors import BadPredictions
from mispredict.core.task import Task, TaskKind
from mispredict.evaluations.align import Answers, align

BINARY = Task(TaskKind.BINARY, ("no", "yes"), "yes")
THREE = Task(TaskKind.MULTICLASS, (1, 2, 3))
REGRESSION = Task(TaskKind.REGRESSION)
MULTILABEL = Task(TaskKind.MULTILABEL, ("cat", "dog"))
SCORE = Task(TaskKind.SCORE)
IDS = pa.chunked_array([["u1", "u2", "u3"]])


def aligned(columns: dict[str, Any], task: Task = BINARY, ids: Any = IDS) -> Answers:
    return align(pa.table(columns), task, ids=ids, id_name="user", rows=3)


def test_predictions_find_their_rows_by_id() -> None:
    answers = aligned({"user": ["u3", "u1", "u2"], "prediction": ["yes", "no", "no"]})
    assert answers.prediction is not None
    assert answers.prediction.tolist() == [0, 0, 1]


def test_without_ids_the_order_counts() -> None:
    answers = aligned({"prediction": ["yes", "no", "no"]}, ids=None)
    assert answers.prediction is not None
    assert answers.prediction.tolist() == [1, 0, 0]


@pytest.mark.parametrize(
    "columns",
    [
        {"p_no": [0.9, 0.4, 0.2], "p_yes": [0.1, 0.6, 0.8]},
        {"no": [0.9, 0.4, 0.2], "yes": [0.1, 0.6, 0.8]},
        {"p_yes": [0.1, 0.6, 0.8]},
        {"no": [0.9, 0.4, 0.2]},
        {"probabilities": [[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]]},
    ],
    ids=",".join,
)
def test_probabilities_in_every_form(columns: dict[str, Any]) -> None:
    answers = aligned({"user": ["u1", "u2", "u3"], **columns})
    assert answers.probabilities is not None
    np.testing.assert_allclose(answers.probabilities[:, 1], [0.1, 0.6, 0.8])
    assert answers.prediction is not None
    assert answers.prediction.tolist() == [0, 1, 1]


def test_numbers_scores_and_sets_of_labels() -> None:
    ids = {"user": ["u1", "u2", "u3"]}
    values = aligned({**ids, "prediction": [1, 2, 3]}, REGRESSION).prediction
    assert values is not None
    assert values.tolist() == [1.0, 2.0, 3.0]
    scored = aligned({**ids, "score": [0.1, 0.2, 0.3]}, SCORE)
    assert scored.score is not None
    assert scored.loss is None
    sets = aligned({**ids, "prediction": [["cat"], [], ["dog", "cat"]]}, MULTILABEL).prediction
    assert sets is not None
    assert sets.tolist() == [[True, False], [False, False], [True, True]]
    classes = aligned({**ids, "prediction": [1.0, 3.0, 2.0]}, THREE).prediction
    assert classes is not None
    assert classes.tolist() == [0, 2, 1]


U = {"user": ["u1", "u2", "u3"]}


@pytest.mark.parametrize(
    ("columns", "task", "text"),
    [
        ({"prediction": ["no"] * 3}, BINARY, "no column 'user'"),
        ({"user": [1, 2, 3], "prediction": ["no"] * 3}, BINARY, "ids that do not exist"),
        ({"user": ["u1", "u1", "u2"], "prediction": ["no"] * 3}, BINARY, "repeat an id"),
        (
            {"user": ["u1", "u2"], "prediction": ["no"] * 2},
            BINARY,
            "1 of 3 rows has no prediction",
        ),
        ({**U, "prediction": ["no", "maybe", "no"]}, BINARY, "row 1 has the prediction 'maybe'"),
        ({**U, "prediction": ["no", None, "no"]}, BINARY, "1 row has no prediction"),
        ({**U}, BINARY, "nothing to evaluate"),
        ({**U, "p_no": [0.9, 0.4, 0.2], "p_yes": [0.1, 0.6, 0.9]}, BINARY, "do not sum to 1"),
        ({**U, "p_yes": [0.1, 1.2, 0.9]}, BINARY, "outside 0 to 1"),
        ({**U, "p_yes": [0.1, None, 0.9]}, BINARY, "missing or infinite"),
        ({**U, "p_yes": ["x", "y", "z"]}, BINARY, "not numbers"),
        ({**U, "p_1": [1.0] * 3, "p_2": [0.0] * 3}, THREE, "no probability for class 3"),
        ({**U, "probabilities": [[1.0]] * 3}, BINARY, "row 0 has 1 probabilities"),
        ({**U, "probabilities": [0.5] * 3}, BINARY, "not lists of numbers"),
        ({**U, "prediction": [1.0, float("inf"), 2.0]}, REGRESSION, "missing or infinite"),
        ({**U, "prediction": ["a", "b", "c"]}, REGRESSION, "not numbers"),
        ({**U, "prediction": ["a", "b", "c"]}, THREE, "the label is int64"),
        ({**U, "prediction": [1, 2, 3]}, SCORE, "nothing to evaluate"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bad_predictions(columns: dict[str, Any], task: Task, text: str) -> None:
    with pytest.raises(BadPredictions, match="(?s)" + text) as caught:
        aligned(columns, task)
    assert caught.value.hint
    assert caught.value.known or "not numbers" in text


def test_too_few_predictions_without_ids() -> None:
    with pytest.raises(BadPredictions, match="2 predictions for 3 rows"):
        aligned({"prediction": ["no", "no"]}, ids=None)
