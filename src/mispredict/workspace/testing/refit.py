"""A model that is fitted again on some rows, and asked about others."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.expectations.subject import Answers, Numbers
from mispredict.models.folds import fitted
from mispredict.models.running import run
from mispredict.workspace.explaining.asking import Inputs
from mispredict.workspace.testing.answers import answers_of


def refitted(
    inputs: Inputs,
    rows: Numbers,
    labels: Any,
    asked: Numbers,
    *,
    cancel: Callable[[], bool] | None = None,
) -> Answers:
    """What a copy of the model says of the asked rows, after it learned from `rows` alone.

    Raises:
        ModelError: it cannot be fitted again.
    """
    task = inputs.of.task
    label: Any = np.asarray(labels)
    if task.kind is not TaskKind.REGRESSION:
        label = np.array([task.classes[int(code)] for code in label])
    model = fitted(inputs.model, inputs.frame(rows), label, counted(len(rows), "row"))
    said = run(model, inputs.frame(asked), task=task, cancel=cancel)
    return answers_of(said, task)
