"""Attributions: how much each feature moved what a model says of a row, and who computes them.

An explainer is made for one subject (a model, its inputs, a background) and then asked for
batches of rows. Explainers are registered by name, which is the `method` of `ev.explain`:

    @EXPLAINERS.register("mine")
    def mine(subject: Subject) -> Explainer: ...

A maker that cannot explain the subject raises `Unsuited` with the reason, and another is tried.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.registry import Registry
from mispredict.core.schema import ColumnType
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.explain.background import Background

if TYPE_CHECKING:
    import pandas as pd

    from mispredict.explain.calling import Caller
    from mispredict.models.protocol import Model

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

AUTO = ("tree", "linear", "enumeration", "permutation")  # tried in this order


class Unsuited(Exception):
    """The explainer cannot explain the subject; the text completes "…, since "."""


@dataclass(frozen=True, eq=False)
class Subject:
    """What is explained: a model, the columns it is given, and against what.

    `kinds` are the types of the model's input columns, in their order. `column` is the text
    column whose tokens are asked for, if any, and `mask` what stands for a token taken out.
    """

    model: Model
    task: Task
    kinds: Mapping[str, ColumnType]
    background: Background
    caller: Caller
    column: str | None = None
    mask: str | None = None
    samples: int | None = None
    seed: int = 0

    @property
    def features(self) -> tuple[str, ...]:
        return tuple(self.kinds)

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The input columns that hold texts."""
        return tuple(name for name, kind in self.kinds.items() if kind is ColumnType.TEXT)


@dataclass(frozen=True, slots=True)
class Token:
    """A token of a text, from its letter `start` to before `end`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, eq=False)
class Batch:
    """Attributions of n rows: `output = base + sum of values`, exactly or nearly.

    `values` and `errors` are (n, players). `errors` are half-widths of 95 % intervals of the
    sampling, None where nothing is sampled. Rows that could not be explained are NaN. With
    `tokens`, players are each row's own tokens, the places behind them NaN.
    """

    values: Floats
    base: Floats
    output: Floats
    errors: Floats | None = None
    tokens: tuple[tuple[Token, ...], ...] | None = None


class Explainer(Protocol):
    """Explains rows of one subject."""

    @property
    def method(self) -> str:
        """The name it is registered by."""

    @property
    def features(self) -> tuple[str, ...]:
        """What attributions are of: input columns; empty for tokens, which each row has its own."""

    @property
    def scale(self) -> str:
        """What the explained number is: log-odds, probability, value …"""

    @property
    def is_exact(self) -> bool:
        """Whether attributions are computed, not sampled."""

    @property
    def facts(self) -> dict[str, Any]:
        """All that decides the values beside model and rows, as a JSON value."""

    @property
    def why(self) -> str:
        """Why it suits the subject."""

    def cost(self, rows: pd.DataFrame) -> float:
        """Least number of rows that the model is asked for to explain these."""

    def explain(self, rows: pd.DataFrame, targets: Codes) -> Batch:
        """Attributions of the rows; `targets` is the class of interest of each."""


Maker: TypeAlias = Callable[[Subject], Explainer]
EXPLAINERS: Registry[Maker] = Registry("explainer")


@dataclass(frozen=True)
class Choice:
    """The explainer and why it was chosen."""

    explainer: Explainer
    why: str
    refused: Mapping[str, str] = field(default_factory=dict)


def choose(subject: Subject, method: str | None = None) -> Choice:
    """The explainer of that name, or else the first that is exact, or fits.

    Raises:
        BadOption: no explainer has the name, or it cannot explain the subject.
    """
    known = explainers()
    if method is not None:
        if method not in known:
            raise BadOption.choice("method", method, known)
        try:
            found = known[method](subject)
        except Unsuited as reason:
            raise BadOption(
                f"method={method!r} cannot explain model {subject.model.name!r}.",
                known=f"The reason: {reason}.",
                hint="leave method away, and the best one that fits is chosen",
            ) from None
        return Choice(found, f"asked for; {found.why}")
    refused: dict[str, str] = {}
    is_text = len(subject.features) == 1 and len(subject.texts) == 1
    for name in ("tokens",) if is_text else AUTO:
        try:
            found = known[name](subject)
        except Unsuited as reason:
            refused[name] = str(reason)
        else:
            return Choice(found, found.why, refused)
    raise BadOption(
        f"model {subject.model.name!r} cannot be explained.",
        known="; ".join(f"{name}: {reason}" for name, reason in refused.items()) + ".",
        hint="a classification or regression whose model can be called",
    )


def explainers() -> Registry[Maker]:
    """All explainers, those of this package and others'."""
    from mispredict.explain import linear, sampled, tokens  # noqa: F401
    from mispredict.explain.trees import attributions as tree_attributions  # noqa: F401

    return EXPLAINERS


def class_column(subject: Subject, names: tuple[Scalar, ...] | None) -> Codes:
    """For each class of the task, its column in the model's own answer; -1 for none."""
    from mispredict.models.classes import match_classes

    if names is None:
        return np.arange(len(subject.task.classes))
    return np.asarray(match_classes(names, subject.task.classes).source, dtype=np.int64)


def output_name(task: Task, scale: str, target: Scalar | None) -> str:
    """What the explained number is, in words: `log-odds of 'yes'`."""
    if task.kind is TaskKind.REGRESSION:
        return scale
    return f"{scale} of the predicted class" if target is None else f"{scale} of {target!r}"
