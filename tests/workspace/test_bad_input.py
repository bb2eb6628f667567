from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import mispredict as mp
from mispredict.core.errors import MispredictError
from mispredict.workspace.dataset import DatasetOptions, prepare

PAIR = {"a": [0, 1, 1], "b": [1, 0, 1], "x": [1.5, 2.5, 3.5]}


def prepared(columns: Any, **options: Any) -> Any:
    return prepare(pa.table(columns), DatasetOptions(**options))


@pytest.mark.parametrize(
    ("change", "options", "problem"),
    [
        ({"a": [0, 2, 1]}, {}, "label column 'a' holds 2 at row 1"),
        ({"a": [0, None, 1]}, {}, "label column 'a' holds None at row 1"),
        ({"a": [0.0, 1.0, 0.3]}, {}, "label column 'a' holds 0.3 at row 2"),
        ({"b": ["1", "yes", "0"]}, {}, "label column 'b' holds 'yes' at row 1"),
        ({"b": [[1], [0], [1]]}, {}, "label column 'b' holds [1] at row 0"),
        ({"labels": [1, 2, 3]}, {}, "a column 'labels' already"),
    ],
    ids=str,
)
def test_label_columns_hold_zero_and_one(change: Any, options: Any, problem: str) -> None:
    with pytest.raises(MispredictError) as caught:
        prepared({**PAIR, **change}, label=["a", "b"], **options)
    assert problem in caught.value.problem
    assert caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize(
    "change",
    [{}, {"a": [0, 0, 0]}, {"a": [0, 0, 0], "b": [False, False, False]}, {"b": ["True", "0", "1"]}],
    ids=str,
)
def test_label_columns_are_the_classes(change: Any) -> None:
    _, _, task = prepared({**PAIR, **change}, label=["b", "a"])
    assert task.classes == ("b", "a")


def test_one_label_column_in_a_list_is_the_label() -> None:
    _, _, task = prepared({"y": ["no", "yes"]}, label=["y"])
    assert task.classes == ("no", "yes")


def test_names_that_are_numbers_are_names() -> None:
    columns = {"5": ["no", "yes"], "6": [1, 2], "7": [1.5, 2.5], "8": [3, 4]}
    options: Any = {"label": 5, "id": 6, "metadata": [7], "annotations": "8", "types": {7: "text"}}
    _, schema, _ = prepared(columns, **options)
    assert [str(column.role) for column in schema] == ["label", "id", "metadata", "annotation"]
    assert str(schema["7"].type) == "text"


@pytest.mark.parametrize(
    ("columns", "options", "problem"),
    [
        (
            {"w": [1.0, float("inf")]},
            {"weight": "w", "infinities": "keep"},
            "squares have no finite sum",
        ),
        ({"w": [1e308, 1e308]}, {"weight": "w"}, "squares have no finite sum"),
        ({"w": [1e200, 1.0]}, {"weight": "w"}, "squares have no finite sum"),
        ({"w": [1e-200, 1e-201]}, {"weight": "w"}, "or none above 0"),
        ({"w": [0.0, 0.0]}, {"weight": "w"}, "holds 0 in every row"),
        ({"k": [{"a": 1}, {"a": 2}]}, {"id": "k"}, "holds lists or records"),
        ({"k": [[1], [2]]}, {"id": "k"}, "holds lists or records"),
        ({"y": ["a", "b"]}, {"label": "y", "task": "multilabel"}, "does not fit"),
        ({"y": ["a", "b"]}, {"label": "y", "types": {"y": "labels"}}, "cannot be read as labels"),
        ({"y": ["a", "b"]}, {"label": "y", "classes": ["a", "b", "b"]}, "more than once"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_bad_columns_are_named(columns: Any, options: Any, problem: str) -> None:
    with pytest.raises(MispredictError) as caught:
        prepared(columns, **options)
    assert problem in caught.value.problem
    assert caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize("value", [2**63, 2**70], ids=["2^63", "2^70"])
def test_huge_whole_numbers_can_be_labels(ws: mp.Workspace, value: int) -> None:
    for source in ({"x": [1, 2], "y": [value, 1]}, pd.DataFrame({"x": [1, 2], "y": [value, 1]})):
        made = ws.add_dataset("huge", source, label="y")
        assert made.task is not None
        assert set(made.task.classes) == {str(value), "1"}


def test_types_without_storage_are_stored_as_text(ws: mp.Workspace) -> None:
    columns = {
        "x": pa.array([1, 2]),
        "gap": pa.array([(1, 2, 3), None], pa.month_day_nano_interval()),
        "empty": pa.array([{}, {}], pa.struct([])),
    }
    made = ws.add_dataset("odd", pa.table(columns))
    assert made.read()["empty"].to_pylist() == ["{}", "{}"]


def test_sets_of_predictions_name_unknown_labels(ws: mp.Workspace) -> None:
    ws.add_dataset("sets", {"x": [1, 2], "y": [["a"], ["b"]]}, label="y")
    with pytest.raises(MispredictError, match="row 1 has the prediction 'c'"):
        ws.add_predictions("m", "sets", {"prediction": [["a"], ["c"]]})
    with pytest.raises(MispredictError, match=r"row 0 has the prediction 0\.5"):
        ws.add_dataset("truth", {"x": np.arange(2), "y": [True, False]}, label="y")
        ws.add_predictions("m", "truth", {"prediction": [0.5, 0.7]})


def test_one_name_may_be_given_bare(ws: mp.Workspace) -> None:
    frame = pd.DataFrame({"city": ["a", "b"] * 5, "note": list("cdefghijkl"), "y": [0, 1] * 5})
    dataset = ws.add_dataset("d", frame, label="y", metadata="city", annotations="note")
    assert dataset.inputs == ()
    assert dataset.searched == ("city",)


@pytest.mark.parametrize("name", [5, 1.5, ["churn"], {"churn": 1}], ids=str)
@pytest.mark.parametrize("ask", ["dataset", "can_call"])
def test_names_are_text(ws: mp.Workspace, ask: str, name: Any) -> None:
    with pytest.raises(MispredictError) as caught:
        getattr(ws, ask)(name)
    assert caught.value.known
    assert caught.value.hint
