"""Cohorts that sets are judged in, one column after the other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.core.schema import ColumnType, Role
from mispredict.workspace.measuring import groupings

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

MOST_COLUMNS = 20  # that are looked at where none are named
MOST_VALUES = 30  # of such a column
TYPES = (ColumnType.CATEGORICAL, ColumnType.BOOLEAN, ColumnType.NUMERIC)


def judged_cohorts(of: Evaluation, by: Sequence[str] | None) -> tuple[str, ...]:
    """The values of each column, and cohorts as they are; each is judged by itself.

    Without any it is the label and the first columns of the inputs with few values or bins.
    """
    found: list[str] = []
    for name in _usual(of) if by is None else by:
        names = [name for groups in groupings(of, name, None, None) for name in groups.names]
        if by is not None or len(names) <= MOST_VALUES:
            found += names
    return tuple(dict.fromkeys(found))


def _usual(of: Evaluation) -> list[str]:
    label = ["label"] if of.task.classes else []
    inputs = [
        column.name
        for column in of.dataset.schema
        if column.role is Role.INPUT and column.type in TYPES
    ]
    return [*label, *inputs[:MOST_COLUMNS]]
