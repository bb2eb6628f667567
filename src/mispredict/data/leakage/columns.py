"""How well one column alone predicts the label, on rows that its rule was not made from.

The rule is the mean label of each value or bin, made on one half of the rows and tried on the
other, both ways round. A column that was computed from the answer predicts better than any
honest one; a row's number or identifier should predict nothing.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.schema import ColumnType, Role
from mispredict.data.duplicates.groups import label_codes
from mispredict.expectations.subject import Estimate, Floats, Numbers
from mispredict.expectations.verdict import NAN

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

BINS = 64
_PRIOR = 5.0  # rows that the mean of all weighs beside those of a value
_MOST_CLASSES = 50
_IDENTIFIER = 0.95  # share of distinct values from which on a column names its rows
_CODED = (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN, ColumnType.DATETIME)


@dataclass(frozen=True, slots=True)
class Predicting:
    """How well a column predicts the label.

    `score` is the area under the ROC curve of each class against the rest, weighted by their
    rows (of a regression the share of the variance that is explained), with interval.
    """

    column: str
    measure: str
    score: Estimate


def predicting(data: DataView, columns: Sequence[str] | None = None) -> tuple[Predicting, ...]:
    """How well each column alone predicts the label, the best first."""
    names = columns or [item.name for item in data.schema.of_role(Role.INPUT)]
    found = [
        data.once(("predicting", name), lambda at=name: _of_column(data, at))  # type: ignore[misc]
        for name in names
        if data.schema[name].type in _CODED
    ]
    return tuple(sorted((item for item in found if item), key=lambda item: -_rank(item.score)))


def by_row_number(data: DataView) -> Predicting | None:
    """How well the place of a row in the file predicts its label."""
    codes = np.arange(data.n, dtype=np.int64) * BINS // max(data.n, 1)
    return data.once("predicting by row", lambda: _scored(data, "row", codes))


def identifiers(data: DataView) -> tuple[str, ...]:
    """Inputs that name their rows: whole numbers or short words that hardly repeat."""
    return data.once("identifiers", lambda: tuple(_identifiers(data)))


def _identifiers(data: DataView) -> Iterable[str]:
    from mispredict.data.values import counts

    for column in data.schema.of_role(Role.INPUT):
        values = data.column(column.name)
        kind = str(values.type)
        if kind not in ("int64", "uint64", "string", "large_string") or data.n < 50:
            continue
        if column.type is ColumnType.TEXT and _is_prose(values):
            continue
        some = values.slice(0, 2_000)
        if len(set(some.to_pylist())) < _IDENTIFIER * len(some):
            continue
        if len(counts(data, column.name)) >= _IDENTIFIER * (data.n - values.null_count):
            yield column.name


def _is_prose(values: Any) -> bool:
    some = [text for text in values.slice(0, 200).to_pylist() if text]
    return sum(" " in text.strip() for text in some) > 0.2 * len(some)


def _rank(score: Estimate) -> float:
    return -1.0 if math.isnan(score.value) else score.value


def _of_column(data: DataView, column: str) -> Predicting | None:
    coded = data.coded(column)
    if coded is None or column == data.label:
        return None
    return _scored(data, column, coded.codes)


def _scored(data: DataView, column: str, codes: npt.NDArray[Any]) -> Predicting | None:
    task = data.task
    if data.label is None or task is None:
        return None
    half = _halves(data)
    if task.classes and not _is_nested(data):
        labels = label_codes(data)
        size = int(labels.max(initial=-1)) + 1
        if size < 2 or size > _MOST_CLASSES:
            return None
        return Predicting(column, "roc_auc", _auc(codes, labels, half, size))
    if data.schema[data.label].type is ColumnType.NUMERIC:
        return Predicting(column, "r2", _explained(codes, data.values(data.label), half))
    return None


def _is_nested(data: DataView) -> bool:
    return data.schema[str(data.label)].type is ColumnType.LABELS


def _halves(data: DataView) -> npt.NDArray[np.int64]:
    """0 or 1 of each row, by chance and always the same."""
    return data.once(
        "halves", lambda: np.random.default_rng(0).integers(0, 2, data.n).astype(np.int64)
    )


def _auc(codes: npt.NDArray[Any], labels: Numbers, half: Numbers, size: int) -> Estimate:
    """Area under the ROC curve of each class against the rest, out of sample."""
    width = int(codes.max(initial=0)) + 1
    known = labels >= 0
    cells = (codes.astype(np.int64) * 2 + half) * size + np.where(known, labels, 0)
    sums = np.bincount(cells, known, width * 2 * size)
    table = sums.astype(np.float64).reshape(width, 2, size)
    total = table.sum((0, 1))
    weights = total / max(total.sum(), 1)
    classes = range(1, 2) if size == 2 else range(size)
    share = 1.0 if size == 2 else sum(weights[at] for at in classes)
    found = [(weights[at] / share if size > 2 else 1.0, _auc_of(table, at)) for at in classes]
    value = sum(weight * item[0] for weight, item in found)
    error = math.sqrt(sum((weight * item[1]) ** 2 for weight, item in found))
    n = int(total.sum())
    if math.isnan(value):
        return Estimate(NAN, NAN, NAN, n)
    return Estimate(value, max(value - 1.96 * error, 0.0), min(value + 1.96 * error, 1.0), n)


def _auc_of(table: Floats, label: int) -> tuple[float, float]:
    """The area for one class with its standard error (Hanley & McNeil 1982)."""
    areas, positives, negatives = [], 0.0, 0.0
    for learned, tried in ((0, 1), (1, 0)):
        good, n = table[:, learned, label], table[:, learned].sum(1)
        rate = good.sum() / max(n.sum(), 1.0)
        score = (good + _PRIOR * rate) / (n + _PRIOR)
        yes = table[:, tried, label]
        no = table[:, tried].sum(1) - yes
        if not yes.sum() or not no.sum():
            return NAN, NAN
        _, place = np.unique(np.round(score, 12), return_inverse=True)
        good, bad = (np.bincount(place, part).astype(np.float64) for part in (yes, no))
        below = np.cumsum(bad) - bad
        areas.append(float((good * (below + bad / 2)).sum() / (good.sum() * bad.sum())))
        positives, negatives = positives + yes.sum(), negatives + no.sum()
    area = sum(areas) / 2
    a, b = area / (2 - area), 2 * area**2 / (1 + area)
    variance = area * (1 - area) + (positives - 1) * (a - area**2) + (negatives - 1) * (b - area**2)
    return area, math.sqrt(max(variance, 0.0) / (positives * negatives))


def _explained(codes: npt.NDArray[Any], labels: Floats, half: Numbers) -> Estimate:
    """Share of the variance that the means of the other half explain."""
    known = ~np.isnan(labels)
    codes, labels, half = codes[known].astype(np.int64), labels[known], half[known]
    n = len(labels)
    if n < 20:
        return Estimate(NAN, NAN, NAN, n)
    width = int(codes.max(initial=0)) + 1
    gains = np.empty(n)
    for learned in (0, 1):
        on, off = half == learned, half != learned
        sums = np.bincount(codes[on], labels[on], width)
        rows = np.bincount(codes[on], minlength=width)
        middle = float(labels[on].mean())
        said = ((sums + _PRIOR * middle) / (rows + _PRIOR))[codes[off]]
        gains[off] = (labels[off] - middle) ** 2 - (labels[off] - said) ** 2
    spread = float(labels.var()) or 1.0
    value = float(gains.mean()) / spread
    error = float(gains.std(ddof=1)) / math.sqrt(n) / spread
    return Estimate(value, value - 1.96 * error, min(value + 1.96 * error, 1.0), n)
