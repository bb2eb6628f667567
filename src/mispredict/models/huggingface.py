"""Pipelines of transformers that classify text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadPredictions
from mispredict.core.ids import hash_json
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.models.describing import class_name, libraries
from mispredict.models.inputs import Feed
from mispredict.models.protocol import Answer, scalar

if TYPE_CHECKING:
    import pandas as pd


class HuggingFaceModel:
    """A `transformers` pipeline whose answer is labels with scores (text-classification …).

    All scores are asked for (`top_k=None`). `classes` rename the model's labels, in the order
    of its `config.id2label`, as most models say LABEL_0, LABEL_1.
    """

    kind = "huggingface"

    def __init__(
        self,
        pipeline: Any,
        *,
        input: str | None = None,  # noqa: A002 - the word users know from `wrap`
        classes: Sequence[Scalar] | None = None,
        task: Task | None = None,
        name: str | None = None,
        version: str | None = None,
    ) -> None:
        self.pipeline = pipeline
        self.name = name or _path(pipeline) or type(pipeline).__name__
        self._feed = Feed.parse(input or "text")
        self._given = None if classes is None else tuple(classes)
        self._task = task
        self._version = version

    def __repr__(self) -> str:
        return f"HuggingFaceModel({self.name!r}, input={str(self._feed)!r})"

    def describe(self) -> dict[str, Any]:
        classes = self._classes()
        return {
            "kind": self.kind,
            "name": self.name,
            "class": class_name(self.pipeline),
            "estimator": class_name(self.pipeline.model),
            "libraries": libraries(["transformers", "torch"]),
            "parameters": {"task": str(self.pipeline.task), "model": _path(self.pipeline)},
            "columns": None,
            "classes": None if classes is None else list(classes),
            "input": str(self._feed),
            "version": self._version,
        }

    def fingerprint(self) -> str | None:
        if self._version is None:
            return None
        return hash_json([self.kind, self.name, self._version, str(self._feed), self._given])

    def predict(self, batch: pd.DataFrame) -> Answer:
        raw = self.pipeline(self._feed.take(batch), top_k=None)
        if not isinstance(raw, list) or any(not isinstance(scores, list) for scores in raw):
            raise BadPredictions(
                "the pipeline did not answer a list of {label, score} per row.",
                known=f"Its task is {self.pipeline.task!r}.",
                hint="a text-classification pipeline, or a function around this one",
            )
        own = self._own() or sorted({str(item["label"]) for scores in raw for item in scores})
        place = {name: at for at, name in enumerate(own)}
        array = np.zeros((len(raw), len(own)))
        for row, scores in enumerate(raw):
            for item in scores:
                array[row, place[str(item["label"])]] = item["score"]
        classes = self._classes() or tuple(own)
        is_one = array.shape[1] == 1 and (self._task is None or _is_regression(self._task))
        if is_one:
            return Answer(values=array[:, 0], raw=raw)
        return Answer(probabilities=array, classes=classes, raw=raw)

    def _own(self) -> list[str]:
        config = getattr(self.pipeline.model, "config", None)
        names = getattr(config, "id2label", None) or {}
        return [str(names[index]) for index in sorted(names)]

    def _classes(self) -> tuple[Scalar, ...] | None:
        if self._given is not None:
            return self._given
        own = self._own()
        return tuple(scalar(name) for name in own) if own else None


def _is_regression(task: Task) -> bool:
    return task.kind is TaskKind.REGRESSION


def _path(pipeline: Any) -> str:
    return str(getattr(pipeline.model, "name_or_path", "") or "")
