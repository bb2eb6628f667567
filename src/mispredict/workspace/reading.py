"""One row of an evaluation: everything that is known of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.options import one_or_many, whole
from mispredict.core.predicate import ColumnRef, Predicate
from mispredict.core.results import Source
from mispredict.core.task import probability_column
from mispredict.workspace.chips import cohort_of, text_of
from mispredict.workspace.example import ClassProbability, Example, ExampleValue

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation


def example_of(
    of: Evaluation,
    row: int,
    *,
    where: str | Predicate | None,
    order_by: str | None,
    slices: Iterable[str | Predicate],
) -> Example:
    """The row of this number."""
    from mispredict.workspace.nearest import nearest
    from mispredict.workspace.paging import ordered

    row = whole("row", row, 0, of.n - 1)
    predicate = cohort_of(of, where)
    numbers = ordered(of, predicate, order_by)
    found = np.flatnonzero(numbers == row)
    place = int(found[0]) if len(found) else None
    error_class = _value(of, "error_class", row)
    neighbours, method = nearest(of, row)
    return Example(
        number=row,
        id=_id(of, row),
        values=tuple(_values(of, row)),
        label=_value(of, "label", row),
        prediction=_value(of, "prediction", row),
        correct=_value(of, "correct", row),
        probabilities=_probabilities(of, row),
        confidence=_value(of, "confidence", row),
        loss=_value(of, "loss", row),
        loss_percentile=_percentile(of, ColumnRef("loss"), row),
        error_class=error_class,
        error_class_n=_same(of, ColumnRef("error_class"), row) if error_class else 0,
        tags=_tags(of, row),
        cohorts=_cohorts(of, row),
        slices=_slices(of, row, slices),
        neighbours=neighbours,
        neighbours_by=method,
        previous=int(numbers[place - 1]) if place else None,
        next=int(numbers[place + 1]) if place is not None and place + 1 < len(numbers) else None,
        position=place,
        total=len(numbers),
        source=Source(of.ref, text_of(predicate), len(numbers)),
    )


def _id(of: Evaluation, row: int) -> Any:
    return _cell(of, ColumnRef(of.dataset.id, True), row) if of.dataset.id else None


def _value(of: Evaluation, name: str, row: int) -> Any:
    """The value of a reserved column; None where the evaluation has no such column."""
    return _cell(of, ColumnRef(name), row) if name in of.fields.reserved else None


def _cell(of: Evaluation, ref: ColumnRef, row: int) -> Any:
    return of.table.column(ref.name, ref.is_input)[row].as_py()


def _values(of: Evaluation, row: int) -> Iterable[ExampleValue]:
    from mispredict.core.schema import Role

    for column in of.dataset.schema:
        if column.role is Role.ID:
            continue
        ref = ColumnRef(column.name, True)
        is_ordered = column.type.value in ("numeric", "datetime")
        yield ExampleValue(
            column.name,
            column.type.value,
            column.role.value,
            _cell(of, ref, row),
            _percentile(of, ref, row) if is_ordered else None,
            _same(of, ref, row) / of.n if column.type.value in ("categorical", "boolean") else None,
        )


def _percentile(of: Evaluation, ref: ColumnRef, row: int) -> float | None:
    """Share of known values below the row's, ties counted half."""
    if ref.name not in of.fields.reserved and ref.name not in of.fields.columns:
        return None
    values = of.table.values(ref.name, ref.is_input)
    mine = values[row]
    known = int((~np.isnan(values)).sum())
    if np.isnan(mine):
        return None
    return float((values < mine).sum() + 0.5 * (values == mine).sum()) / known


def _same(of: Evaluation, ref: ColumnRef, row: int) -> int:
    """Rows with the same code as the row."""
    codes = of.table.coded(ref.name, ref.is_input).codes
    return int((codes == codes[row]).sum())


def _probabilities(of: Evaluation, row: int) -> tuple[ClassProbability, ...]:
    """Of every class, the likeliest first."""
    found = []
    for name in of.task.classes:
        value = _value(of, probability_column(name), row)
        if value is not None:
            found.append(ClassProbability(name, float(value)))
    return tuple(sorted(found, key=lambda item: -item.value))


def _tags(of: Evaluation, row: int) -> tuple[str, ...]:
    masks = of.workspace.tag_masks(of.dataset)
    return tuple(sorted(name for name, mask in masks.items() if mask[row]))


def _cohorts(of: Evaluation, row: int) -> tuple[str, ...]:
    from mispredict.core.errors import InputError
    from mispredict.core.predicate import InCohort

    found = []
    for name in sorted(of.workspace.cohort_predicates()):
        try:
            holds = of.table.mask(of.predicate(InCohort(name)))[row]
        except InputError:  # about columns of another dataset
            continue
        if holds:
            found.append(name)
    return tuple(found)


def _slices(of: Evaluation, row: int, slices: Iterable[str | Predicate]) -> tuple[str, ...]:
    given = one_or_many("slices", slices) if not isinstance(slices, Predicate) else (slices,)
    known = [of.predicate(item) for item in given]
    return tuple(item.text for item in known if of.table.mask(item)[row])
