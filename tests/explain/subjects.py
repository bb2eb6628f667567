"""Models as subjects of explanations, without a workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.explain.attributions import Subject
from mispredict.explain.background import Background
from mispredict.explain.calling import Caller
from mispredict.explain.counterfactuals.search_calls import Budget
from mispredict.models import wrap

YES_NO = Task(TaskKind.BINARY, ("no", "yes"), "yes")
VALUE = Task(TaskKind.REGRESSION)
Floats = npt.NDArray[np.float64]


def subject(
    model: Any,
    frame: pd.DataFrame,
    *,
    task: Task = VALUE,
    background: int = 20,
    kinds: dict[str, ColumnType] | None = None,
    budget: Budget | None = None,
    is_given: bool = False,
    **options: Any,
) -> Subject:
    """The model, to be explained against the last rows of the frame."""
    wrapped = wrap(model, task=task)
    known = kinds or dict.fromkeys(map(str, frame.columns), ColumnType.NUMERIC)
    rows = frame.tail(background).reset_index(drop=True)
    return Subject(
        wrapped, task, known, Background(rows, "test", is_given=is_given),
        Caller(wrapped, task, budget=budget), **options,
    )  # fmt: skip


def numbers(n: int, columns: int, seed: int = 0) -> pd.DataFrame:
    """A frame of standard normal numbers, x0, x1 …"""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(rng.normal(size=(n, columns)), columns=[f"x{i}" for i in range(columns)])


def linear(weights: Any) -> Callable[[pd.DataFrame], Floats]:
    """A function that adds up its inputs with these weights."""

    def predict(frame: pd.DataFrame) -> Floats:
        return np.asarray(frame.to_numpy(float) @ np.asarray(weights, dtype=float))

    return predict


def targets(n: int, code: int = 0) -> npt.NDArray[np.int64]:
    return np.full(n, code, dtype=np.int64)
