"""One row of an evaluation: everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import InputError
from mispredict.core.options import one_or_many, whole
from mispredict.core.predicate import ColumnRef, InCohort, Predicate, equals
from mispredict.core.results import Source
from mispredict.core.schema import Column, Role
from mispredict.core.task import probability_column
from mispredict.engine.codebook import MISSING
from mispredict.engine.codes import mask_at
from mispredict.engine.columns import chunk_values
from mispredict.workspace.exploring.chips import cohort_of, name_of, text_of
from mispredict.workspace.exploring.edits import condition_of
from mispredict.workspace.exploring.linked import Linked, linked
from mispredict.workspace.looking.example import ClassProbability, Example, ExampleValue
from mispredict.workspace.looking.ranks import Ranks

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.workspace.evaluation import Evaluation

EXACT_ROWS = 200_000  # up to which all percentiles are exact; that of the loss always is
_OWN = ("label", "prediction", "correct", "confidence", "loss", "error_class")


def example_of(
    of: Evaluation,
    row: int,
    *,
    where: str | Predicate | None,
    order_by: str | None,
    slices: Iterable[str | Predicate],
) -> Example:
    """The row of this number."""
    from mispredict.workspace.looking.nearest import nearest
    from mispredict.workspace.looking.paging import ordered

    row = whole("row", row, 0, of.n - 1)
    predicate = cohort_of(of, where)
    numbers = ordered(of, predicate, order_by)
    found = np.flatnonzero(numbers == row)
    place = int(found[0]) if len(found) else None
    cells = _cells(of, row)
    own = {name: _value(cells.get((name, False))) for name in _OWN}
    neighbours, method = nearest(of, row)
    return Example(
        number=row,
        id=_value(cells.get((of.dataset.id or "", True))),
        values=tuple(_values(of, row, cells)),
        **own,
        probabilities=_probabilities(of, cells),
        loss_percentile=None
        if own["loss"] is None
        else _percentile(of.table.values("loss"), own["loss"]),
        error_class_n=_same(of, "error_class", row) if own["error_class"] is not None else 0,
        tags=_tags(of, row),
        cohorts=_cohorts(of, row),
        slices=_slices(of, row, slices),
        neighbours=neighbours,
        neighbours_by=method,
        previous=int(numbers[place - 1]) if place else None,
        next=_after(numbers, place),
        position=place,
        total=len(numbers),
        source=Source(of.ref, text_of(predicate), len(numbers)),
    )


def _cells(of: Evaluation, row: int) -> Mapping[tuple[str, bool], pa.Array]:
    """The row's value in every column, by name and whether it is the dataset's own."""
    reserved = of.fields.reserved
    keys = [(column.name, True) for column in of.dataset.schema]
    keys += [(name, False) for name in _OWN if name in reserved]
    names = map(probability_column, of.task.classes)
    keys += [(name, False) for name in names if name in reserved]
    return dict(zip(keys, of.table.take_all(keys, np.array([row])), strict=True))


def _value(cell: pa.Array | None) -> Any:
    return None if cell is None else cell[0].as_py()


def _values(
    of: Evaluation, row: int, cells: Mapping[tuple[str, bool], pa.Array]
) -> Iterable[ExampleValue]:
    views = linked(of)
    for column in of.dataset.schema:
        if column.role is Role.ID:
            continue
        cell = cells[column.name, True]
        percentile, share = _standing(of, views, column, row, cell)
        yield ExampleValue(
            column.name,
            column.type.value,
            column.role.value,
            _value(cell),
            percentile,
            share,
            _like(of, views, column, row, cell),
        )


def _standing(
    of: Evaluation, views: Linked, column: Column, row: int, cell: pa.Array
) -> tuple[float | None, float | None]:
    """The value's percentile in an ordered column, else the share of rows with the same value."""
    name = name_of(of, of.fields.resolve(ColumnRef(column.name, True)))
    if name not in views.names:
        return None, None
    coded, rows = views.coded(name), views.whole(name).rows
    code = int(coded.codes[row])
    ranks = Ranks(coded.book, rows)
    if code == MISSING or not ranks.is_ordered:
        is_single = code != coded.book.other
        return None, float(rows[code]) / of.n if is_single else None
    if coded.book.kind == "bins" and of.n <= EXACT_ROWS:
        ref = views.names[name]
        values = of.table.values(ref.name, ref.is_input)
        return _percentile(values, values[row]), None
    value = chunk_values(cell) if coded.book.kind == "bins" else np.zeros(1)
    return float(ranks.of(np.array([code]), value)[0]), None


def _like(of: Evaluation, views: Linked, column: Column, row: int, cell: pa.Array) -> str:
    """The cohort of the rows that have the value's code; "" where the column has no codes."""
    name = name_of(of, of.fields.resolve(ColumnRef(column.name, True)))
    if name not in views.names:
        return ""
    coded, ref = views.coded(name), views.names[name]
    code = int(coded.codes[row])
    if code == coded.book.other:
        return equals(ref, _value(cell)).bind(of.fields).text
    return condition_of(coded.book, ref, [code]).bind(of.fields).text


def _percentile(values: NDArray[np.float64], value: float) -> float:
    """Share of known values below the value, ties counted half."""
    known = values[~np.isnan(values)] if np.isnan(values).any() else values
    below, same = np.count_nonzero(known < value), np.count_nonzero(known == value)
    return float(below + same / 2) / len(known)


def _same(of: Evaluation, name: str, row: int) -> int:
    """Rows with the same code as the row."""
    views = linked(of)
    return int(views.whole(name).rows[views.coded(name).codes[row]])


def _probabilities(
    of: Evaluation, cells: Mapping[tuple[str, bool], pa.Array]
) -> tuple[ClassProbability, ...]:
    """Of every class, the likeliest first."""
    found = []
    for name in of.task.classes:
        value = _value(cells.get((probability_column(name), False)))
        if value is not None:
            found.append(ClassProbability(name, float(value)))
    return tuple(sorted(found, key=lambda item: -item.value))


def _tags(of: Evaluation, row: int) -> tuple[str, ...]:
    rows = linked(of).rows_by_tag()
    return tuple(name for name, marked in rows.items() if row in _around(marked, row))


def _around(ascending: Any, row: int) -> Any:
    place = int(np.searchsorted(ascending, row))
    return ascending[place : place + 1]


def _cohorts(of: Evaluation, row: int) -> tuple[str, ...]:
    """The saved cohorts that hold the row; those about other datasets' columns hold none."""
    found = []
    for name in linked(of).cohort_names():
        try:
            holds = mask_at(of.predicate(InCohort(name)), of.table, np.array([row]))[0]
        except InputError:
            continue
        if holds:
            found.append(name)
    return tuple(found)


def _slices(of: Evaluation, row: int, slices: Iterable[str | Predicate]) -> tuple[str, ...]:
    given = (slices,) if isinstance(slices, Predicate) else one_or_many("slices", slices)
    known = [of.predicate(item) for item in given]
    return tuple(item.text for item in known if mask_at(item, of.table, np.array([row]))[0])


def _after(numbers: Any, place: int | None) -> int | None:
    if place is None or place + 1 >= len(numbers):
        return None
    return int(numbers[place + 1])
