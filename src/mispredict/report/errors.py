"""Where the model is wrong: error classes, mistakes, cards, and how losses are spread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.results import plain
from mispredict.core.schema import ColumnType
from mispredict.core.task import TaskKind
from mispredict.report.shapes import (
    CardRow,
    CardsPart,
    ErrorClassRow,
    Examples,
    Histogram,
    Quantile,
    SpreadPart,
)
from mispredict.report.subject import Subject
from mispredict.report.wording import clip

TOP = 10
LONGEST_TEXT = 300
LONGEST_CELL = 80
LONGEST_WHERE = 400
MOST_INPUTS = 6
MOST_TEXTS = 2
_BINS = 40
_QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
_SHOWN = (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN, ColumnType.DATETIME)


def error_classes(subject: Subject, top: int = TOP) -> tuple[ErrorClassRow, ...]:
    """The most frequent pairs of label and wrong prediction."""
    if not subject.task.is_classification or not subject.has("label"):
        return ()
    table = subject.evaluation.error_classes(subject.where)
    return tuple(
        ErrorClassRow(
            label=clip(row.label, LONGEST_CELL),
            prediction=clip(row.prediction, LONGEST_CELL),
            where=usable(row.where),
            n=row.n,
            share_of_errors=row.share_of_errors,
            share_of_label=row.share_of_label,
            low=row.low,
            high=row.high,
            confidence=row.confidence,
        )
        for row in table.rows[:top]
    )


def cards(subject: Subject, top: int = TOP) -> CardsPart | None:
    """Conditions that surely go with being wrong or right, values and tokens apart."""
    if not np.isfinite(subject.chosen(subject.evaluation.target)).any():
        return None
    found = subject.evaluation.cards(subject.where, top=None)
    rows = [row for row in found.rows if row.direction]
    tokens = ("token", "stop word")

    def pick(direction: str, kinds: Iterable[str]) -> tuple[CardRow, ...]:
        chosen = [row for row in rows if row.kind in kinds and row.direction == direction]
        return tuple(_card(row) for row in chosen[:top])

    return CardsPart(
        mispredictive=pick("mispredictive", ("value",)),
        predictive=pick("predictive", ("value",)),
        mispredictive_tokens=pick("mispredictive", tokens),
        predictive_tokens=pick("predictive", tokens),
        outcomes=tuple(_card(r) for r in rows if r.kind in ("label", "prediction"))[:top],
        tested=int(found.tested),
        significant=len(rows),
        note=str(found.note),
    )


def mistakes(subject: Subject, likely: Iterable[str] = (), top: int = TOP) -> Examples | None:
    """The most confident mistakes, or the rows of the largest loss."""
    order = "confidence DESC, loss DESC" if subject.has("confidence") else "loss DESC"
    return _examples(subject, order, likely, top)


def near_misses(subject: Subject, likely: Iterable[str] = (), top: int = TOP) -> Examples | None:
    """The mistakes on which the model hesitated most."""
    if not subject.has("margin"):
        return None
    return _examples(subject, "margin, loss DESC", likely, top)


def spread(subject: Subject) -> SpreadPart | None:
    """Distribution of the loss and, for regression, of the residual."""
    if not subject.has("loss"):
        return None
    table = subject.evaluation.table
    loss = subject.chosen(table.values("loss"))
    known = np.isfinite(loss)
    if not known.any():
        return None
    wrong = None
    if subject.task.is_classification:
        wrong = subject.chosen(subject.evaluation.target)[known] == 1
        if set(np.unique(loss[known])) <= {0.0, 1.0}:
            return None  # without probabilities the loss only repeats the error rate
    loss = loss[known]
    part = SpreadPart(_histogram("loss", loss, wrong), _quantiles(loss), _worst_tenth(loss))
    if subject.task.kind is not TaskKind.REGRESSION or not subject.has("residual"):
        return part
    residual = subject.chosen(table.values("residual"))
    residual = residual[np.isfinite(residual)]
    return replace(
        part,
        residual=_histogram("residual", residual),
        residual_quantiles=_quantiles(residual),
    )


def usable(where: str) -> str:
    """A cohort's text as it is, or "" where it is too long to show: cut, it would not parse."""
    return where if len(where) <= LONGEST_WHERE else ""


def _card(row: Any) -> CardRow:
    return CardRow(
        kind=row.kind,
        column=clip(row.column, LONGEST_CELL),
        value=clip(row.value, LONGEST_CELL),
        where=usable(row.where),
        n=row.n,
        share=row.share,
        errors=row.errors,
        rate=row.rate,
        low=row.low,
        high=row.high,
        rest=row.rest,
        lift=row.lift,
        p_adjusted=row.p_adjusted,
    )


def _examples(subject: Subject, order: str, likely: Iterable[str], top: int) -> Examples | None:
    if not subject.has("loss"):
        return None
    wrong = "NOT correct" if subject.has("correct") else "loss IS NOT NULL"
    columns = _columns(subject, likely)
    rows = subject.evaluation.rows(
        subject.both(wrong), order_by=order, limit=top, columns=list(columns)
    )
    cells = tuple(
        tuple(_cell(record[name], kind) for name, kind in columns.items())
        for record in rows.to_arrow().to_pylist()
    )
    names = tuple(clip(name, LONGEST_CELL) for name in columns)
    return Examples(names, tuple(columns.values()), cells, int(rows.total))


def _columns(subject: Subject, likely: Iterable[str]) -> dict[str, str]:
    """Columns worth showing with their kind: id, outcome, text, then inputs that tell most."""
    evaluation = subject.evaluation
    dataset, fields = evaluation.dataset, evaluation.fields
    columns = {str(dataset.id or "row"): "id"}
    for name in ("label", "prediction", "confidence", "loss"):
        if subject.has(name) and not (name == "loss" and subject.has("confidence")):
            columns[name] = "outcome"
    own = {
        name: kind
        for name, kind in fields.columns.items()
        if name not in (dataset.label, dataset.id) and name not in fields.reserved
    }
    texts = [name for name, kind in own.items() if kind is ColumnType.TEXT]
    columns |= dict.fromkeys(texts[:MOST_TEXTS], "text")
    shown = [name for name in dict.fromkeys([*likely, *own]) if own.get(name) in _SHOWN]
    most = MOST_INPUTS - 2 * len(texts[:MOST_TEXTS])
    return columns | dict.fromkeys(shown[:most], "input")


def _cell(value: Any, kind: str) -> Any:
    if isinstance(value, str):
        return clip(value, LONGEST_TEXT if kind == "text" else LONGEST_CELL)
    if isinstance(value, (list, tuple)):
        return clip(", ".join(map(str, value[:LONGEST_CELL])), LONGEST_CELL)
    if isinstance(value, dict):
        return clip(str(value), LONGEST_CELL)
    return plain(value)


def _histogram(
    column: str, values: npt.NDArray[np.float64], wrong: npt.NDArray[np.bool_] | None = None
) -> Histogram:
    """Forty bins from the 0.5 to the 99.5 % quantile; the outer ones hold what is beyond."""
    low, high = (float(q) for q in np.quantile(values, [0.005, 0.995]))
    if column == "loss" and values.min() >= 0:
        low = 0.0
    if high <= low:
        high = low + 1.0
    edges = np.linspace(low, high, _BINS + 1)
    inside = np.clip(values, low, high)
    counts = np.histogram(inside, edges)[0]
    bad = () if wrong is None else tuple(map(int, np.histogram(inside[wrong], edges)[0]))
    return Histogram(column, tuple(map(float, edges)), tuple(map(int, counts)), bad, len(values))


def _quantiles(values: npt.NDArray[np.float64]) -> tuple[Quantile, ...]:
    found = np.quantile(values, _QUANTILES)
    return tuple(Quantile(q, float(v)) for q, v in zip(_QUANTILES, found, strict=True))


def _worst_tenth(loss: npt.NDArray[np.float64]) -> float:
    """Share of all loss that the tenth of the rows with the largest carries."""
    total = float(loss.sum())
    size = max(1, round(len(loss) / 10))
    if total <= 0 or not np.isfinite(total):
        return 0.0
    return float(np.partition(loss, len(loss) - size)[len(loss) - size :].sum() / total)
