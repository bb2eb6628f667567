"""Columns of one number per row that metrics average, rank or sort; shared by all groupings.

A column is NaN where the row does not count: without a label or prediction, or without the
value itself.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.task import TaskKind
from mispredict.metrics.outcomes import Array, Outcomes

T = TypeVar("T")
SMALLEST = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, slots=True, eq=False)
class Sorted:
    """Rows by ascending value, those with NaN left out: int32 row numbers and their values."""

    order: Array
    values: Array


class Columns:
    """Per-row columns of outcomes, each computed once; safe to share between threads."""

    def __init__(self, outcomes: Outcomes) -> None:
        self.outcomes = outcomes
        self._known: dict[object, Any] = {}
        self._lock = threading.RLock()

    def once(self, key: object, make: Callable[[], T]) -> T:
        """What `make` returns, made at the first call with this key."""
        with self._lock:
            if key not in self._known:
                self._known[key] = make()
            value: T = self._known[key]
            return value

    def column(self, name: str) -> Array:
        """Column of a name of `COLUMNS`, such as "loss" or "pinball[0.9]"."""
        return self.once(("column", name), lambda: self._computed(name))

    def counted(self) -> Array:
        """Whether each row counts: it has a label and a prediction (or a loss)."""
        return self.once("counted", lambda: _counted(self.outcomes))

    def cells(self) -> Array:
        """Label × K + prediction as int32, -1 for rows that do not count."""
        return self.once("cells", self._cells)

    def ranking(self, k: int) -> tuple[Sorted, Array, Array]:
        """Rows by the probability of class `k`, with uint8 "is `k`" and weight (or empty)."""
        return self.once(("ranking", k), lambda: self._ranking(k))

    def sorted(self, name: str) -> Sorted:
        """Rows by the value of a column."""
        return self.once(("sorted", name), lambda: _sorted(self.column(name)))

    def probability(self, k: int) -> Array:
        """Probability of class `k`, NaN for rows that do not count."""
        values = self.outcomes.probability(k)
        if values is None:
            raise no_probabilities("this metric")
        return values if self.counted().all() else np.where(self.counted(), values, np.nan)

    def is_class(self, k: int) -> Array:
        """Whether each row's label is (or has) class `k`, as uint8."""
        label = required(self.outcomes.label)
        hits = label[:, k] if label.ndim == 2 else label == k
        return hits.astype(np.uint8)

    @property
    def weight(self) -> Array:
        """Weights, or an empty array for weights of one."""
        weight = self.outcomes.weight
        return np.empty(0) if weight is None else weight

    def _computed(self, name: str) -> Array:
        base, argument = split_name(name)
        values = COLUMNS[base](self, argument)
        return np.where(self.counted(), values, np.nan)

    def _cells(self) -> Array:
        label, prediction = required(self.outcomes.label), required(self.outcomes.prediction)
        cells = label * np.int32(len(self.outcomes.task.classes)) + prediction
        return cells if self.counted().all() else np.where(self.counted(), cells, np.int32(-1))

    def _ranking(self, k: int) -> tuple[Sorted, Array, Array]:
        by_score = _sorted(self.probability(k))
        weight = self.weight[by_score.order] if self.weight.size else self.weight
        return by_score, self.is_class(k)[by_score.order], weight


def split_name(name: str) -> tuple[str, str]:
    """Base and argument of a name such as "recall[Exited]"; the argument may be empty.

    Example:
        >>> split_name("pinball[0.9]")
        ('pinball', '0.9')
    """
    base, bracket, rest = name.partition("[")
    return (base, rest[:-1]) if bracket and rest.endswith("]") else (name, "")


def no_probabilities(what: str) -> BadOption:
    """Error for a metric that needs probabilities where the model gave none."""
    return BadOption(
        f"{what} needs probabilities, and these predictions have none.",
        known="It has labels only.",
        hint="a metric of labels such as 'accuracy', or predictions with probabilities",
    )


def required(values: Array | None) -> Array:
    """The array, which this task must have."""
    if values is None:
        raise BadOption("these outcomes lack the labels or predictions that the metric needs.")
    return values


def _counted(outcomes: Outcomes) -> Array:
    if outcomes.known is not None:
        return outcomes.known
    kind, label, prediction = outcomes.task.kind, outcomes.label, outcomes.prediction
    if kind is TaskKind.SCORE or label is None or prediction is None:
        return ~np.isnan(required(outcomes.loss))
    if kind is TaskKind.MULTILABEL:
        return np.ones(outcomes.n, bool)
    if kind is TaskKind.REGRESSION:
        return ~(np.isnan(label) | np.isnan(prediction))
    return (label >= 0) & (prediction >= 0)


def _sorted(values: Array) -> Sorted:
    rows = np.flatnonzero(~np.isnan(values))
    is_whole = rows.size == values.size
    order = (np.argsort(values) if is_whole else rows[np.argsort(values[rows])]).astype(np.int32)
    return Sorted(order, values[order])


def _at_class(columns: Columns, index: Array) -> Array:
    """Each row's probability of the class that `index` names."""
    classes = range(len(columns.outcomes.task.classes))
    out = np.full(columns.outcomes.n, np.nan)
    order = np.argsort(index, kind="stable")
    ends = np.searchsorted(index[order], [*classes, len(classes)])
    for k in classes:
        rows = order[ends[k] : ends[k + 1]]
        out[rows] = columns.probability(k)[rows]
    return out


def _log_loss(columns: Columns, _: str) -> Array:
    p = _at_class(columns, required(columns.outcomes.label))
    loss: Array = -np.log(np.clip(p, SMALLEST, 1 - SMALLEST))
    return loss


def _brier(columns: Columns, _: str) -> Array:
    """Binary: (p − y)² of the positive class; else the sum over all classes (Brier 1950)."""
    if columns.outcomes.task.kind is TaskKind.BINARY:
        k = columns.outcomes.positive
        squared: Array = (columns.probability(k) - columns.is_class(k)) ** 2
        return squared
    out = np.zeros(columns.outcomes.n)
    for k in range(len(columns.outcomes.task.classes)):
        out += (columns.probability(k) - columns.is_class(k)) ** 2
    return out


def _confidence(columns: Columns, _: str) -> Array:
    return _at_class(columns, required(columns.outcomes.prediction))


def _correct(columns: Columns, _: str) -> Array:
    label, prediction = required(columns.outcomes.label), required(columns.outcomes.prediction)
    same = label == prediction
    right: Array = same.all(axis=1) if same.ndim == 2 else same
    return right.astype(np.float64)


def _residual(columns: Columns, _: str) -> Array:
    residual: Array = required(columns.outcomes.label) - required(columns.outcomes.prediction)
    return residual


def _absolute(columns: Columns, _: str) -> Array:
    return np.abs(_residual(columns, ""))


def _squared(columns: Columns, _: str) -> Array:
    return _residual(columns, "") ** 2


def _percentage(columns: Columns, _: str) -> Array:
    label = required(columns.outcomes.label)
    return _absolute(columns, "") / np.maximum(np.abs(label), SMALLEST)


def _pinball(columns: Columns, q: str) -> Array:
    residual, share = _residual(columns, ""), share_of(q)
    return np.where(residual >= 0, share * residual, (share - 1) * residual)


def _hamming(columns: Columns, _: str) -> Array:
    label, prediction = required(columns.outcomes.label), required(columns.outcomes.prediction)
    wrong: Array = (label != prediction).mean(axis=1)
    return wrong


def _f1_samples(columns: Columns, _: str) -> Array:
    label, prediction = required(columns.outcomes.label), required(columns.outcomes.prediction)
    sizes = label.sum(axis=1) + prediction.sum(axis=1)
    hits = 2.0 * (label & prediction).sum(axis=1)
    shares: Array = np.divide(hits, sizes, out=np.zeros(len(hits)), where=sizes > 0)
    return shares


def _loss(columns: Columns, _: str) -> Array:
    return required(columns.outcomes.loss)


def _label(columns: Columns, _: str) -> Array:
    return required(columns.outcomes.label)


def share_of(text: str) -> float:
    """The share in (0, 1) that the text of a metric's argument says."""
    try:
        share = float(text)
    except ValueError:
        share = np.nan
    if not 0 < share < 1:
        raise BadOption(
            f"{text!r} is not a quantile.",
            known="A quantile is between 0 and 1.",
            hint="pinball[0.9]",
        )
    return share


COLUMNS: dict[str, Callable[[Columns, str], Array]] = {
    "log_loss": _log_loss,
    "brier": _brier,
    "confidence": _confidence,
    "correct": _correct,
    "residual": _residual,
    "absolute": _absolute,
    "squared": _squared,
    "percentage": _percentage,
    "pinball": _pinball,
    "hamming": _hamming,
    "f1_samples": _f1_samples,
    "loss": _loss,
    "label": _label,
}
