from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from mispredict.core.errors import BadLabel, BadOption
from mispredict.core.task import Task, TaskKind
from mispredict.evaluations.labels import infer_task, label_values
from mispredict.sources.infer import infer_columns


def task_of(values: Any, **options: Any) -> Task:
    table, (column,) = infer_columns(pa.table({"y": values}))
    return infer_task(column, table["y"], **options)


@pytest.mark.parametrize(
    ("values", "kind", "classes", "positive"),
    [
        (["no", "yes", None], TaskKind.BINARY, ("no", "yes"), "yes"),
        ([True, False], TaskKind.BINARY, (False, True), True),
        ([0, 1, 1, 0] * 3, TaskKind.BINARY, (0, 1), 1),
        ([0.0, 1.0, None] * 4, TaskKind.BINARY, (0, 1), 1),
        ([3, 1, 2] * 5, TaskKind.MULTICLASS, (1, 2, 3), None),
        (["a", "b", "c"], TaskKind.MULTICLASS, ("a", "b", "c"), None),
        ([0.5, 1.5, 2.0], TaskKind.REGRESSION, (), None),
        (list(range(100)), TaskKind.REGRESSION, (), None),
        ([["a"], ["b", "a"], []], TaskKind.MULTILABEL, ("a", "b"), None),
    ],
    ids=lambda value: str(value)[:20],
)
def test_tasks_are_inferred(
    values: Any, kind: TaskKind, classes: tuple[object, ...], positive: object
) -> None:
    assert task_of(values) == Task(kind, classes, positive)


def test_floats_that_hold_classes_are_stored_as_whole_numbers() -> None:
    label = pa.chunked_array([[0.0, 1.0, None]])
    assert str(label_values(label, Task(TaskKind.BINARY, (0, 1), 1)).type) == "int64"


def test_what_the_user_says_wins() -> None:
    assert task_of(list(range(5)) * 9, kind="regression").kind is TaskKind.REGRESSION
    assert task_of(["no", "yes"], positive="no").positive == "no"
    assert task_of([0, 1], positive="0").positive == 0
    assert task_of(["a", "b"], classes=["c", "b", "a"]).classes == ("c", "b", "a")


def test_given_classes_are_the_labels_own_values() -> None:
    assert [type(item) for item in task_of([True, False], classes=[0, 1]).classes] == [bool, bool]
    assert task_of([1, 2] * 4, classes=[2.0, 1.0]).classes == (2, 1)


def test_huge_whole_numbers_are_numbers() -> None:
    task = task_of([2**60 + i for i in range(30)])
    assert task.kind is TaskKind.REGRESSION
    assert str(label_values(pa.chunked_array([[2**60 + 1, 1]]), task).type) == "double"
    assert task_of([1e19, 2e19] * 5).kind is TaskKind.REGRESSION


@pytest.mark.parametrize(
    ("values", "options", "error", "text"),
    [
        ([None, None], {}, BadLabel, "has no values"),
        (["a", "a"], {}, BadLabel, "one value only: 'a'"),
        ([2.5, 2.5], {}, BadLabel, "one value only: 2.5"),
        ([1.5, float("inf")], {}, BadLabel, "holds infinity"),
        ([f"user {i}" for i in range(2000)], {}, BadLabel, "2,000 different values"),
        (["a", "b"], {"classes": ["a"]}, BadLabel, "'b', which is not a class"),
        (["a", "b"], {"kind": "regression"}, BadLabel, "regression needs numbers"),
        ([0.5, 1.5], {"kind": "binary"}, BadOption, "does not fit"),
        (["a", "b", "c"], {"kind": "binary"}, BadOption, "does not fit"),
        (["a", "b"], {"kind": "guess"}, BadOption, "'guess' is not a choice"),
        (["a", "b"], {"positive": "c"}, BadOption, "'c' is not a choice"),
        ([[0.5]], {}, BadLabel, "cannot be a label"),
        (["a", "b"], {"kind": "multilabel"}, BadOption, "task='multilabel' does not fit"),
        ([["a"], ["b", None]], {}, BadLabel, "1 label is missing, the first at row 1"),
        ([["a"], ["b"]], {"classes": ["a"]}, BadLabel, "'b', which is not a class"),
        ([["a"], ["b"]], {"kind": "multiclass"}, BadLabel, "cannot be classes"),
        (["no", "yes"], {"classes": ["yes", "no", "no"]}, BadOption, "'no' more than once"),
        (["no", "yes"], {"classes": ["yes", "no", 1]}, BadOption, "mixes int and str"),
        (["no", "yes"], {"classes": ["yes", "no", None]}, BadOption, "classes holds None"),
        ([1e19, 2e19, 1e19] * 3, {"kind": "binary"}, BadOption, "does not fit"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_labels_that_do_not_fit(
    values: Any, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    with pytest.raises(error, match="(?s)" + text) as caught:
        task_of(values, **options)
    assert caught.value.known or caught.value.hint  # type: ignore[attr-defined]
