"""Error classes: which label is taken for which, how often and how surely."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.predicate import all_of, equals
from mispredict.core.results import Result, Source

if TYPE_CHECKING:
    import numpy.typing as npt

    from mispredict.engine.table import Table


@dataclass(frozen=True, slots=True)
class ErrorClass:
    """Rows of one label that got one wrong prediction.

    `share_of_errors` is of all errors, `share_of_label` of the rows with this label, whose
    Wilson interval is `low` to `high`; `confidence` is the mean over these rows (NaN without
    probabilities) and `loss` the mean loss.
    """

    error_class: str
    label: str
    prediction: str
    where: str
    n: int
    share_of_errors: float
    share_of_label: float
    low: float
    high: float
    confidence: float
    loss: float


@dataclass(frozen=True)
class ErrorClasses(Result):
    """Error classes, most frequent first."""

    rows: tuple[ErrorClass, ...]
    source: Source
    errors: int

    row_type: ClassVar[type] = ErrorClass
    title: ClassVar[str] = "Error classes (label → prediction)"


def error_classes(
    table: Table,
    *,
    source: Source,
    mask: npt.NDArray[np.bool_] | None = None,
    top: int | None = None,
) -> ErrorClasses:
    """Each pair of label and other prediction that occurs, the `top` most frequent ones first.

    Raises:
        BadOption: the task has no classes.
    """
    from mispredict.metrics.intervals import wilson_bounds

    if not table.task.is_classification:
        raise BadOption(
            f"a {table.task.kind} evaluation has no error classes.",
            hint="ev.mistakes() for the rows with the largest loss",
        )
    truth, guess = table.class_codes("label"), table.class_codes("prediction")
    chosen = truth >= 0 if mask is None else mask & (truth >= 0)
    size = len(table.task.classes)
    pairs = truth[chosen].astype(np.int64) * size + guess[chosen]
    counts = np.bincount(pairs, minlength=size * size).reshape(size, size)
    loss = _sums(table, "loss", chosen, pairs, size)
    confidence = _sums(table, "confidence", chosen, pairs, size)
    per_label = counts.sum(axis=1)
    wrong = counts * (1 - np.eye(size, dtype=np.int64))
    labels, predictions = np.nonzero(wrong)
    order = np.argsort(-wrong[labels, predictions], kind="stable")[:top]
    labels, predictions = labels[order], predictions[order]
    n, of_label = wrong[labels, predictions], per_label[labels]
    low, high = wilson_bounds(n / of_label, of_label, 0.95)
    rows = []
    for place, (label, prediction) in enumerate(zip(labels, predictions, strict=True)):
        actual, predicted = table.task.classes[label], table.task.classes[prediction]
        rows.append(
            ErrorClass(
                error_class=f"{actual} → {predicted}",
                label=str(actual),
                prediction=str(predicted),
                where=all_of([equals("label", actual), equals("prediction", predicted)]).text,
                n=int(n[place]),
                share_of_errors=int(n[place]) / int(wrong.sum()),
                share_of_label=int(n[place]) / int(of_label[place]),
                low=float(low[place]),
                high=float(high[place]),
                confidence=float(confidence[label, prediction] / n[place]),
                loss=float(loss[label, prediction] / n[place]),
            )
        )
    rows.sort(key=lambda row: (-row.n, row.error_class))
    return ErrorClasses(tuple(rows), source, int(wrong.sum()))


def _sums(
    table: Table,
    name: str,
    chosen: npt.NDArray[np.bool_],
    pairs: npt.NDArray[np.int64],
    size: int,
) -> npt.NDArray[np.float64]:
    """Sum of a column for each label and prediction; NaN where there is no such column."""
    if name not in table.fields.reserved:
        return np.full((size, size), np.nan)
    values = table.values(name)[chosen]
    sums = np.bincount(pairs, weights=values, minlength=size * size).astype(np.float64)
    return sums.reshape(size, size)
