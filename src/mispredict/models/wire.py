"""Rows and answers as model servers write them in JSON."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import ModelError
from mispredict.core.task import Scalar, Task
from mispredict.models.functions import as_answer
from mispredict.models.inputs import Feed
from mispredict.models.onnx import answer_of_outputs
from mispredict.models.protocol import Answer, Array

if TYPE_CHECKING:
    import pandas as pd

_NUMPY = {"BOOL": "bool", "FP16": "float16", "FP32": "float32", "FP64": "float64"} | {
    f"{sign}INT{bits}": f"{sign.lower()}int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)
}


def to_mlflow(batch: pd.DataFrame, feed: Feed) -> bytes:
    """Body for `/invocations`: `dataframe_split`, or `inputs` where one column is fed."""
    rows = feed.take(batch)
    if isinstance(rows, list) and feed.form != "records":
        return _json({"inputs": [_plain(value) for value in rows]})
    if feed.form == "records":
        records = [{key: _plain(value) for key, value in row.items()} for row in rows]
        return _json({"dataframe_records": records})
    if feed.form == "array":
        return _json({"inputs": [[_plain(value) for value in row] for row in rows]})
    columns = [[_plain(value) for value in rows[name]] for name in rows.columns]
    data = [list(row) for row in zip(*columns, strict=True)]
    return _json({"dataframe_split": {"columns": list(map(str, rows.columns)), "data": data}})


def from_mlflow(value: Any, classes: Sequence[Scalar] | None, task: Task | None) -> Answer:
    """The answer in `{"predictions": …}`, or in a bare list as other servers send."""
    predictions = value.get("predictions") if isinstance(value, dict) else value
    if not isinstance(predictions, list):
        keys = ", ".join(map(repr, value)) if isinstance(value, dict) else type(value).__name__
        raise ModelError(
            "the server's answer has no list of predictions.", known=f"It has: {keys[:200]}."
        )
    return as_answer(predictions, classes=classes, task=task)


def to_kserve(batch: pd.DataFrame, feed: Feed, *, dtype: str = "FP64") -> bytes:
    """Body for `/infer`: one tensor per column, or one matrix where `input="array"`."""
    if feed.form == "array":
        matrix = feed.take(batch).astype(_NUMPY[dtype])
        return _json({"inputs": [_tensor("input-0", matrix, dtype)]})
    if feed.form in ("text", "column"):
        values = feed.take(batch)
        text = np.array(["" if value is None else str(value) for value in values], dtype=object)
        return _json({"inputs": [_tensor(feed.column or "input-0", text.reshape(-1, 1), "BYTES")]})
    tensors = [_column(str(name), batch[name]) for name in batch.columns]
    return _json({"inputs": tensors, "parameters": {"content_type": "pd"}})


def from_kserve(value: Any, classes: Sequence[Scalar] | None, task: Task | None) -> Answer:
    """The answer in `{"outputs": [{name, shape, datatype, data}]}`."""
    outputs = value.get("outputs") if isinstance(value, dict) else None
    if not isinstance(outputs, list) or not outputs:
        said = value.get("error") if isinstance(value, dict) else type(value).__name__
        raise ModelError("the server's answer has no outputs.", known=f"It says: {said}.")
    try:
        arrays = {str(output["name"]): _array(output) for output in outputs}
    except (KeyError, TypeError, ValueError) as error:
        raise ModelError(f"the server's outputs are not tensors: {error!r}.") from error
    return answer_of_outputs(arrays, None if classes is None else tuple(classes), task)


def _column(name: str, series: pd.Series[Any]) -> dict[str, Any]:
    kind = series.dtype.kind if isinstance(series.dtype, np.dtype) else "O"
    if kind == "O":
        tensor = _tensor(name, series.astype(object).to_numpy().reshape(-1, 1), "BYTES")
        return {**tensor, "parameters": {"content_type": "str"}}
    if kind == "M":
        text = series.astype(str).astype(object).to_numpy()
        return {
            **_tensor(name, text.reshape(-1, 1), "BYTES"),
            "parameters": {"content_type": "str"},
        }
    kinds = {"b": "BOOL", "i": "INT64", "u": "UINT64", "f": "FP64"}
    return _tensor(name, series.to_numpy().reshape(-1, 1), kinds[kind])


def _tensor(name: str, array: Array, datatype: str) -> dict[str, Any]:
    data = [_plain(value) for value in array.ravel()]
    return {"name": name, "shape": list(array.shape), "datatype": datatype, "data": data}


def _array(output: dict[str, Any]) -> Array:
    if output["datatype"] == "BYTES":
        array: Array = np.array(output["data"], dtype=str)
    else:
        array = np.array(output["data"], dtype=_NUMPY[output["datatype"]])
    return array.reshape(output["shape"])


def _plain(value: Any) -> Any:
    """The value as JSON has it; missing is null."""
    if isinstance(value, (np.generic, np.ndarray)):
        value = value.tolist()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, bool, int, float, list)):
        return value
    text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return None if text in ("NaT", "<NA>") else text


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
