"""A column at a glance: its values, its ends, its distribution beside the reference's."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.figures import figure
from mispredict.core.schema import Column, ColumnType
from mispredict.data.health.health import ColumnHealth, ValueBar
from mispredict.data.rows import shortened
from mispredict.data.values import counts
from mispredict.expectations.subject import Floats
from mispredict.expectations.verdict import NAN

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

BARS = 12
_PLAIN = (ColumnType.NUMERIC, ColumnType.BOOLEAN, ColumnType.DATETIME)


def column_health(data: DataView, column: Column, findings: tuple[int, ...]) -> ColumnHealth:
    """The column with its distribution, and the numbers of the findings about it."""
    name, n = column.name, data.n
    missing = data.column(name).null_count
    found = counts(data, name)
    common = (found.value(0), int(found.n[0])) if len(found) else ("", 0)
    is_number = column.type is ColumnType.NUMERIC
    values = data.values(name) if column.type in _PLAIN else np.empty(0)
    known = values[~np.isnan(values)]
    ends = _ends(data, name) if column.type in _PLAIN else (None, None)
    other = data.reference if data.reference and name in data.reference.schema else None
    return ColumnHealth(
        name,
        column.type.value,
        column.role.value,
        n,
        missing,
        missing / n if n else NAN,
        len(found),
        str(shortened(common[0])),
        common[1] / n if n else NAN,
        ends[0],
        float(known.mean()) if is_number and len(known) else NAN,
        float(np.median(known)) if is_number and len(known) else NAN,
        ends[1],
        float(known.std()) if is_number and len(known) else NAN,
        NAN if other is None else other.column(name).null_count / max(other.n, 1),
        _mean(other, name) if is_number and other is not None else NAN,
        _bars(data, other, name, known),
        findings,
    )


def _ends(data: DataView, name: str) -> tuple[Any, Any]:
    import pyarrow.compute as pc

    ends = pc.min_max(data.column(name)).as_py()
    return ends["min"], ends["max"]


def _mean(data: DataView, name: str) -> float:
    if data.schema[name].type is not ColumnType.NUMERIC:
        return NAN
    values = data.values(name)
    return float(np.nanmean(values)) if np.isfinite(values).any() else NAN


def _bars(data: DataView, other: DataView | None, name: str, known: Floats) -> tuple[ValueBar, ...]:
    kind = data.schema[name].type
    if kind is ColumnType.NUMERIC and len(counts(data, name)) > BARS and len(known):
        there = None
        if other is not None and other.schema[name].type is kind:
            there = other.values(name)
        return _ranges(known, there)
    if kind in (ColumnType.CATEGORICAL, ColumnType.BOOLEAN, ColumnType.NUMERIC):
        return _values(data, other, name)
    return ()


def _ranges(values: Floats, others: Floats | None) -> tuple[ValueBar, ...]:
    """Ranges of equal width over all but the outermost numbers, which go to the end ones."""
    low, high = np.quantile(values, [0.005, 0.995])
    if low == high:
        low, high = float(values.min()), float(values.max())
    edges = np.linspace(low, high, BARS + 1)
    labels = [f"{figure(a)} to {figure(b)}" for a, b in pairwise(edges)]
    here = np.histogram(np.clip(values, low, high), edges)[0]
    there = np.zeros(BARS, np.int64)
    if others is not None:
        there = np.histogram(np.clip(others[~np.isnan(others)], low, high), edges)[0]
    return _made(labels, here.tolist(), there.tolist())


def _values(data: DataView, other: DataView | None, name: str) -> tuple[ValueBar, ...]:
    """The commonest values, and all others as one."""
    found = counts(data, name)
    theirs: dict[Any, int] = {}
    if other is not None:
        theirs = counts(other, name).as_dict()
    shown = list(found.as_dict().items())[:BARS]
    labels = [str(shortened(value)) for value, _ in shown]
    here = [n for _, n in shown]
    there = [theirs.get(value, 0) for value, _ in shown]
    rest, rest_there = found.total - sum(here), sum(theirs.values()) - sum(there)
    if rest or rest_there:
        labels, here, there = [*labels, "others"], [*here, rest], [*there, rest_there]
    return _made(labels, here, there)


def _made(labels: list[str], here: list[int], there: list[int]) -> tuple[ValueBar, ...]:
    a, b = max(sum(here), 1), max(sum(there), 1)
    return tuple(
        ValueBar(label, int(n), n / a, int(m), m / b)
        for label, n, m in zip(labels, here, there, strict=True)
    )
