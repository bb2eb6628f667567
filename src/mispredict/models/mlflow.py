"""Models of MLflow, through their Python function."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import MissingExtra, ModelError
from mispredict.core.ids import hash_json
from mispredict.core.results import plain
from mispredict.core.task import Scalar, Task
from mispredict.models.describing import class_name, libraries
from mispredict.models.functions import as_answer
from mispredict.models.inputs import Feed
from mispredict.models.protocol import Answer

if TYPE_CHECKING:
    import pandas as pd


class MlflowModel:
    """A pyfunc model, by URI (`models:/churn/3`, `runs:/…`, `mlflow:<path>`) or loaded.

    A pyfunc answers what its flavour's `predict` answers, for scikit-learn labels alone; log
    it with `pyfunc_predict_fn="predict_proba"` to have probabilities.
    """

    kind = "mlflow"

    def __init__(
        self,
        model: Any,
        *,
        input: str | None = None,  # noqa: A002 - the word users know from `wrap`
        classes: Sequence[Scalar] | None = None,
        task: Task | None = None,
        name: str | None = None,
        version: str | None = None,
        tracking_uri: str | None = None,
    ) -> None:
        self.uri = model.removeprefix("mlflow:") if isinstance(model, str) else ""
        self._model = _load(self.uri, tracking_uri) if self.uri else model
        self.name = name or self.uri or type(model).__name__
        self._feed = Feed.parse(input) if input else Feed("frame", columns=_columns(self._model))
        self._classes = None if classes is None else tuple(classes)
        self._task = task
        self._version = version

    def __repr__(self) -> str:
        return f"MlflowModel({self.name!r})"

    def describe(self) -> dict[str, Any]:
        metadata = self._model.metadata
        return {
            "kind": self.kind,
            "name": self.name,
            "uri": self.uri,
            "class": class_name(self._model),
            "libraries": libraries(["mlflow"]),
            "parameters": {
                "model_uuid": metadata.model_uuid,
                "run_id": metadata.run_id,
                "flavors": plain(sorted(metadata.flavors or {})),
            },
            "columns": list(_columns(self._model)) or None,
            "classes": None if self._classes is None else list(self._classes),
            "input": str(self._feed),
            "version": self._version,
        }

    def fingerprint(self) -> str | None:
        """From MLflow's id of the logged model, whose files do not change."""
        identity = self._version or self._model.metadata.model_uuid
        if not identity:
            return None
        return hash_json([self.kind, str(identity), str(self._feed), self._classes])

    def predict(self, batch: pd.DataFrame) -> Answer:
        raw = self._model.predict(self._feed.take(batch))
        return as_answer(raw, classes=self._classes, task=self._task)


@contextmanager
def looking_at(tracking_uri: str | None) -> Iterator[None]:
    """Let MLflow look into another tracking store for a while; None leaves it as it is.

    MLflow finds the files of a run's models in the store it is set to, whatever it is told.
    """
    from mlflow import tracking

    mlflow: Any = tracking  # half of its functions have no types
    if tracking_uri is None:
        yield
        return
    before = mlflow.get_tracking_uri() if mlflow.is_tracking_uri_set() else None
    mlflow.set_tracking_uri(tracking_uri)
    try:
        yield
    finally:
        mlflow.set_tracking_uri(before)


def _load(uri: str, tracking_uri: str | None) -> Any:
    try:
        from mlflow import pyfunc
    except ImportError as error:
        raise MissingExtra.of("mlflow", "mlflow", "A model of MLflow") from error
    try:
        with looking_at(tracking_uri):
            return pyfunc.load_model(uri)
    except Exception as error:
        raise ModelError(
            f"MLflow cannot load {uri!r}: {type(error).__name__}: {error}",
            hint="tracking_uri= or MLFLOW_TRACKING_URI says where MLflow looks",
        ) from error


def _columns(model: Any) -> tuple[str, ...]:
    schema = model.metadata.get_input_schema()
    if schema is None or not schema.has_input_names():
        return ()
    return tuple(str(name) for name in schema.input_names())
