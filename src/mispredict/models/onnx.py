"""ONNX files, run by onnxruntime."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import MissingExtra, ModelError
from mispredict.core.ids import hash_bytes, hash_json
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.models.describing import libraries
from mispredict.models.inputs import Feed, only_text, select
from mispredict.models.protocol import Answer, Array, scalars

if TYPE_CHECKING:
    import pandas as pd

_TYPES: dict[str, Any] = {
    "tensor(float)": np.float32,
    "tensor(float16)": np.float16,
    "tensor(double)": np.float64,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(int8)": np.int8,
    "tensor(uint8)": np.uint8,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.str_,
}


class OnnxModel:
    """A model in an .onnx file, such as skl2onnx writes.

    Inputs are one per column, by name, or a single one that takes all columns as a matrix (of
    numbers or of text) or the one text column. Outputs are labels, probabilities as a tensor
    or as one `{class: probability}` per row, or values.

    Args:
        path: of the file.
        input: the column to feed where the model has one input and the rows have several.
        classes: names of the outputs' columns, where the file does not say.
        task: tells one number per row from a probability.
        threads: that onnxruntime uses; 0 lets it choose.
    """

    kind = "onnx"

    def __init__(
        self,
        path: str | Path,
        *,
        input: str | None = None,  # noqa: A002 - the word users know from `wrap`
        classes: Sequence[Scalar] | None = None,
        task: Task | None = None,
        name: str | None = None,
        version: str | None = None,
        threads: int = 0,
    ) -> None:
        self.path = Path(path)
        self.name = name or self.path.stem
        self._input = input
        self._classes = None if classes is None else tuple(classes)
        self._task = task
        self._version = version
        self._bytes = _read(self.path)
        self._session = _session(self._bytes, self.path, threads)

    def __repr__(self) -> str:
        return f"OnnxModel({str(self.path)!r})"

    def describe(self) -> dict[str, Any]:
        meta = self._session.get_modelmeta()
        return {
            "kind": self.kind,
            "name": self.name,
            "class": meta.graph_name,
            "libraries": libraries(["onnxruntime"]),
            "parameters": {"producer": meta.producer_name, "path": str(self.path)},
            "columns": self._columns(),
            "classes": None if self._classes is None else list(self._classes),
            "input": self._input or ("frame" if self._columns() else "array"),
            "inputs": [_node(node) for node in self._session.get_inputs()],
            "outputs": [_node(node) for node in self._session.get_outputs()],
            "version": self._version,
        }

    def fingerprint(self) -> str | None:
        beside = [Path(f"{self.path}{ending}") for ending in (".data", "_data")]
        weights = [hash_bytes(file.read_bytes()) for file in beside if file.is_file()]
        content = [hash_bytes(self._bytes), *weights]
        return hash_json([self.kind, content, self._input, self._classes])

    def predict(self, batch: pd.DataFrame) -> Answer:
        names = [node.name for node in self._session.get_outputs()]
        outputs = self._session.run(None, self._fed(batch))
        return answer_of_outputs(dict(zip(names, outputs, strict=True)), self._classes, self._task)

    def _columns(self) -> list[str] | None:
        """The inputs' names, where they are one per column."""
        inputs = self._session.get_inputs()
        is_each = len(inputs) > 1 or (_width(inputs[0]) == 1 and self._input is None)
        return [node.name for node in inputs] if is_each else None

    def _fed(self, batch: pd.DataFrame) -> dict[str, Array]:
        inputs = self._session.get_inputs()
        if len(inputs) > 1:
            batch = select(batch, [node.name for node in inputs])
            return {node.name: _tensor(batch[[node.name]], node) for node in inputs}
        node = inputs[0]
        if self._input is not None and self._input not in ("frame", "array"):
            return {node.name: _listed(Feed.parse(self._input).take(batch), node)}
        if node.name in batch.columns:
            return {node.name: _tensor(batch[[node.name]], node)}
        if _width(node) == 1 and batch.shape[1] > 1 and node.type == "tensor(string)":
            return {node.name: _tensor(batch[[only_text(batch)]], node)}
        return {node.name: _tensor(batch, node)}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{str(path)!r} cannot be read: {error.strerror}.") from error


def _session(data: bytes, path: Path, threads: int) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise MissingExtra.of("onnxruntime", "onnx", "An ONNX model") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # The folder lets weights beside the file be found, since the file goes in as bytes.
    folder = str(path.resolve().parent)
    options.add_session_config_entry("session.model_external_initializers_file_folder_path", folder)
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise ModelError(
            f"{str(path)!r} is not a model that onnxruntime runs: {error}",
            hint="generate the locale that it names" if "locale" in str(error) else "",
        ) from error


def _node(node: Any) -> dict[str, Any]:
    return {"name": node.name, "type": node.type, "shape": [str(size) for size in node.shape]}


def _width(node: Any) -> int | None:
    size = node.shape[1] if len(node.shape) == 2 else 1 if len(node.shape) == 1 else None
    return size if isinstance(size, int) else None


def _tensor(frame: pd.DataFrame, node: Any) -> Array:
    width = _width(node)
    if len(node.shape) == 2 and width is not None and width != frame.shape[1]:
        raise ModelError(
            f"the model's input {node.name!r} takes {width} columns, the rows have "
            f"{frame.shape[1]}.",
            known=f"The rows' columns: {', '.join(map(repr, frame.columns[:8]))}.",
            hint="rows with the columns that the model was fitted on, in their order",
        )
    values = frame.astype(object).to_numpy() if node.type == "tensor(string)" else frame.to_numpy()
    array = _cast(values, node)
    return array[:, 0] if len(node.shape) == 1 else array


def _listed(values: list[Any], node: Any) -> Array:
    """One column's values; vectors (embeddings) become a matrix."""
    array = _cast(np.array(values), node)
    return array.reshape(-1, 1) if len(node.shape) == 2 and array.ndim == 1 else array


def _cast(values: Array, node: Any) -> Array:
    kind = _TYPES.get(node.type)
    if kind is None:
        raise ModelError(
            f"the model's input {node.name!r} is a {node.type}.",
            known=f"Known: {', '.join(_TYPES)}.",
        )
    if kind is np.str_:
        return values.astype(str).astype(object)
    return np.ascontiguousarray(values, dtype=kind)


def answer_of_outputs(
    outputs: dict[str, Any], classes: tuple[Scalar, ...] | None, task: Task | None
) -> Answer:
    """The outputs by their form: maps and float matrices are probabilities, the rest labels."""
    labels = probabilities = values = None
    for output in outputs.values():
        if np.ndim(output) == 3:  # one (n, 2) per label of multilabel rows
            probabilities = np.stack([part[:, 1] for part in output], axis=1)
        elif isinstance(output, list):
            keys = list(output[0])
            probabilities = np.array([[row[key] for key in keys] for row in output])
            classes = scalars(keys) if classes is None else classes
        elif output.dtype.kind == "f" and output.ndim == 2 and _is_wide(output, task):
            probabilities = output if probabilities is None else probabilities
        elif output.dtype.kind == "f" and output.ndim <= 2:
            values = output.reshape(len(output)) if values is None else values
        elif output.ndim <= 2 and labels is None:
            labels = _labels(output)
    if labels is not None or probabilities is not None:
        values = None
    labels, classes = _renamed(labels, probabilities, classes)
    return Answer(labels, probabilities, classes, values, raw=outputs)


def _is_wide(output: Array, task: Task | None) -> bool:
    is_classification = task is not None and task.kind is not TaskKind.REGRESSION
    return output.shape[1] > 1 or is_classification


def _labels(output: Array) -> Array:
    return output[:, 0] if output.ndim == 2 and output.shape[1] == 1 else output


def _renamed(
    labels: Array | None, probabilities: Array | None, classes: tuple[Scalar, ...] | None
) -> tuple[Array | None, tuple[Scalar, ...] | None]:
    """Labels by name where the file knows numbers 0..K-1 and the user gave names."""
    is_numbered = labels is not None and labels.ndim == 1 and labels.dtype.kind in "iu"
    if labels is None or classes is None or not is_numbered:
        return labels, classes
    if set(labels.tolist()) <= set(classes):
        return labels, classes
    if labels.min() >= 0 and labels.max() < len(classes):
        return np.array(classes)[labels], classes
    return labels, classes
