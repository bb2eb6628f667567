"""Any function as a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.ids import hash_json
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.models.describing import libraries, source_hash
from mispredict.models.inputs import Feed
from mispredict.models.protocol import Answer, Array, scalars

if TYPE_CHECKING:
    import pandas as pd


class CallableModel:
    """A function of a batch; what it returns may have any of these forms.

    - a DataFrame of probabilities, one column per class
    - a list of `{class: probability}`
    - an (n, K) array of probabilities, with `classes` (or the task's, in their order)
    - n labels
    - n floats: values of a regression, or the probability of a binary task's positive class
    - an `Answer`

    Its fingerprint is the `version` that the user gives, since a function's code does not
    say what it reads elsewhere; without one, nothing is kept from run to run.
    """

    kind = "callable"

    def __init__(
        self,
        function: Callable[[Any], Any],
        *,
        input: str | None = None,  # noqa: A002 - the word users know from `wrap`
        classes: Sequence[Scalar] | None = None,
        task: Task | None = None,
        name: str | None = None,
        version: str | None = None,
    ) -> None:
        self.function = function
        self.name = name or str(getattr(function, "__name__", type(function).__name__))
        self._feed = Feed.parse(input or "frame")
        self._classes = None if classes is None else tuple(classes)
        self._task = task
        self._version = version

    def __repr__(self) -> str:
        return f"CallableModel({self.name!r}, input={str(self._feed)!r})"

    def describe(self) -> dict[str, Any]:
        module = str(getattr(self.function, "__module__", None) or type(self.function).__module__)
        qualified = getattr(self.function, "__qualname__", type(self.function).__qualname__)
        return {
            "kind": self.kind,
            "name": self.name,
            "class": f"{module}.{qualified}",
            "libraries": libraries([module]),
            "parameters": {},
            "code": source_hash(self.function),
            "columns": None,
            "classes": None if self._classes is None else list(self._classes),
            "input": str(self._feed),
            "version": self._version,
        }

    def fingerprint(self) -> str | None:
        if self._version is None:
            return None
        return hash_json([self.kind, self.name, self._version, str(self._feed), self._classes])

    def predict(self, batch: pd.DataFrame) -> Answer:
        return as_answer(
            self.function(self._feed.take(batch)), classes=self._classes, task=self._task
        )


def as_answer(
    raw: Any, *, classes: Sequence[Scalar] | None = None, task: Task | None = None
) -> Answer:
    """The answer in whatever a function returned."""
    import pandas as pd

    names = None if classes is None else tuple(classes)
    if isinstance(raw, Answer):
        return raw
    if isinstance(raw, pd.DataFrame):
        if raw.shape[1] == 1 and (names is None or len(names) != 1):
            return _one_per_row(raw.iloc[:, 0].to_numpy(), raw, names, task)
        return _columns(raw.to_numpy(), scalars(list(raw.columns)), raw, task)
    if _is_records(raw):
        return _from_records(raw, names)
    array = _as_array(raw)
    if array.ndim == 0:
        return Answer(raw=raw)
    if array.ndim == 2:
        return _columns(array, names, raw, task)
    return _one_per_row(array, raw, names, task)


def _columns(
    array: Array, classes: tuple[Scalar, ...] | None, raw: Any, task: Task | None
) -> Answer:
    """Probabilities; but whole numbers or booleans under multilabel are labels."""
    is_multilabel = task is not None and task.kind is TaskKind.MULTILABEL
    if array.dtype == bool or (is_multilabel and array.dtype.kind in "iu"):
        return Answer(labels=array, classes=classes, raw=raw)
    return Answer(probabilities=array, classes=classes, raw=raw)


def _one_per_row(
    array: Array, raw: Any, classes: tuple[Scalar, ...] | None, task: Task | None
) -> Answer:
    is_regression = task is not None and task.kind is TaskKind.REGRESSION
    if is_regression or array.dtype.kind == "f":
        return Answer(values=array, raw=raw)
    return Answer(labels=array, classes=classes, raw=raw)


def _is_records(raw: Any) -> bool:
    return isinstance(raw, (list, tuple)) and len(raw) > 0 and isinstance(raw[0], Mapping)


def _from_records(raw: Sequence[Mapping[Any, Any]], names: tuple[Scalar, ...] | None) -> Answer:
    """A class that a record leaves out has the probability 0 there."""
    classes = names
    if classes is None:
        classes = scalars(list(dict.fromkeys(key for record in raw for key in record)))
    keys = {str(name): at for at, name in enumerate(classes)}
    array = np.zeros((len(raw), len(classes)))
    for row, record in enumerate(raw):
        for key, probability in record.items():
            if str(key) not in keys:
                raise ValueError(f"record {row} has the class {key!r}; classes are {classes}")
            array[row, keys[str(key)]] = probability
    return Answer(probabilities=array, classes=classes, raw=raw)


def _as_array(raw: Any) -> Array:
    if hasattr(raw, "to_numpy"):
        raw = raw.to_numpy()
    if hasattr(raw, "detach"):  # a tensor of PyTorch, wherever it lives
        raw = raw.detach().cpu().numpy()
    try:
        return np.asarray(raw)
    except ValueError:  # lists of uneven length: the labels of multilabel rows
        ragged = np.empty(len(raw), dtype=object)
        ragged[:] = raw
        return ragged
