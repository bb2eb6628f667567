"""The per-row columns of `columns.py` as Ibis expressions, for query engines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from mispredict.core.errors import BadOption
from mispredict.core.task import Scalar, Task, TaskKind, probability_column
from mispredict.metrics.columns import SMALLEST, share_of, split_name

Expression = Any  # Ibis is imported where it is needed, and its types with it


def column_expression(name: str, table: Expression, task: Task, positive: int) -> Expression:
    """Expression of a column of `columns.COLUMNS` over a table of outcomes."""
    base, argument = split_name(name)
    if base == "brier":
        return _brier(table, task, positive)
    if base == "pinball":
        return _pinball(table, share_of(argument))
    if base not in _EXPRESSIONS:
        raise BadOption(f"no engine column {name!r}.", hint="measure it on arrays")
    return _EXPRESSIONS[base](table, task)


def indicator(condition: Expression) -> Expression:
    """1.0 where the condition holds, else 0.0."""
    return condition.ifelse(1.0, 0.0)


def has_class(values: Expression, name: Scalar, task: Task) -> Expression:
    """Whether a label or prediction is (or holds) the class."""
    return values.contains(name) if task.kind is TaskKind.MULTILABEL else values == name


def _at_class(table: Expression, values: Expression, task: Task) -> Expression:
    import ibis

    branches = [(values == name, table[probability_column(name)]) for name in task.classes]
    return ibis.cases(*branches, else_=None)


def _log_loss(table: Expression, task: Task) -> Expression:
    import ibis

    p = _at_class(table, table.label, task)
    return -ibis.least(ibis.greatest(p, SMALLEST), 1 - SMALLEST).ln()


def _brier(table: Expression, task: Task, positive: int) -> Expression:
    binary = task.kind is TaskKind.BINARY
    names = [task.classes[positive]] if binary else task.classes
    return _sum(
        (table[probability_column(name)] - indicator(table.label == name)).pow(2.0)
        for name in names
    )


def _confidence(table: Expression, task: Task) -> Expression:
    return _at_class(table, table.prediction, task)


def _correct(table: Expression, task: Task) -> Expression:
    if task.kind is TaskKind.MULTILABEL:
        return indicator(_differing(table, task) == 0.0)
    return indicator(table.label == table.prediction)


def _hamming(table: Expression, task: Task) -> Expression:
    return _differing(table, task) / float(len(task.classes))


def _differing(table: Expression, task: Task) -> Expression:
    pairs = ((table.label.contains(c), table.prediction.contains(c)) for c in task.classes)
    return _sum(indicator(y != p) for y, p in pairs)


def _f1_samples(table: Expression, task: Task) -> Expression:
    pairs = [(table.label.contains(c), table.prediction.contains(c)) for c in task.classes]
    both = _sum(indicator(y & p) for y, p in pairs)
    sizes = _sum(indicator(y) + indicator(p) for y, p in pairs)
    return (2.0 * both / sizes.nullif(0.0)).fill_null(0.0)


def _pinball(table: Expression, q: float) -> Expression:
    residual = table.label - table.prediction
    return (residual >= 0).ifelse(q * residual, (q - 1) * residual)


def _percentage(table: Expression, _: Task) -> Expression:
    import ibis

    size = ibis.greatest(table.label.abs(), SMALLEST)
    return (table.label - table.prediction).abs() / size


def _sum(parts: Any) -> Expression:
    total = None
    for part in parts:
        total = part if total is None else total + part
    return total


_EXPRESSIONS: dict[str, Callable[[Expression, Task], Expression]] = {
    "log_loss": _log_loss,
    "confidence": _confidence,
    "correct": _correct,
    "hamming": _hamming,
    "f1_samples": _f1_samples,
    "percentage": _percentage,
    "residual": lambda table, _: table.label - table.prediction,
    "absolute": lambda table, _: (table.label - table.prediction).abs(),
    "squared": lambda table, _: (table.label - table.prediction).pow(2.0),
    "loss": lambda table, _: table.loss,
    "label": lambda table, _: table.label,
}
