"""What a model is to mispredict: something that answers for a batch of rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, runtime_checkable

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import Cancelled, ModelError
from mispredict.core.task import Scalar

if TYPE_CHECKING:
    import pandas as pd

Array: TypeAlias = npt.NDArray[Any]
Floats: TypeAlias = npt.NDArray[np.float64]

__all__ = [
    "Answer",
    "Array",
    "Cancelled",
    "Floats",
    "Model",
    "RowsRefused",
    "scalar",
    "scalars",
]


class RowsRefused(ModelError):
    """The model answered that it cannot predict these rows; fewer rows may work."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model says about n rows; at least one of the first three arrays is set.

    `labels` is (n,) in the label's own type, or (n, K) bool for multilabel. `probabilities`
    is (n, K) in the order of `classes`. `values` is (n,) for regression. `raw` is what the
    model returned, for a look when the rest surprises.
    """

    labels: Array | None = None
    probabilities: Array | None = None
    classes: tuple[Scalar, ...] | None = None
    values: Array | None = None
    raw: Any = None


@runtime_checkable
class Model(Protocol):
    """Anything that predicts; adapters are in this package, `wrap` chooses one."""

    @property
    def kind(self) -> str:
        """How it is called: sklearn, callable, onnx, http, mlflow, huggingface."""

    @property
    def name(self) -> str:
        """What messages call it."""

    def describe(self) -> dict[str, Any]:
        """JSON value: class, libraries with versions, parameters, columns, classes."""

    def predict(self, batch: pd.DataFrame) -> Answer:
        """The answer for the rows of the batch, in their order."""

    def fingerprint(self) -> str | None:
        """Hash of all that decides the answers, None where that cannot be known."""


def scalar(value: object) -> Scalar:
    """The value as text, whole number, float or boolean of Python.

    Example:
        >>> scalar(np.int64(3))
        3
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bytes):
        value = value.decode(errors="replace")
    return value if isinstance(value, (str, bool, int, float)) else str(value)


def scalars(values: object) -> tuple[Scalar, ...]:
    """The values of a sequence or array, each as a plain scalar."""
    return tuple(scalar(value) for value in np.asarray(values, dtype=object).ravel())
