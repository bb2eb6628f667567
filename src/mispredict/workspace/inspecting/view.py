"""Rows of a dataset as checks of data see them: stored ones, or those that are to be stored."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from mispredict.core.predicate import Fields, Predicate, parse
from mispredict.core.schema import ColumnType, Role, Schema
from mispredict.core.task import Task, TaskKind

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.engine.encode import Coded
    from mispredict.engine.table import Table
    from mispredict.expectations.data import DataView
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

T = TypeVar("T")
Bools = npt.NDArray[np.bool_]
_NO_TASK = Task(TaskKind.SCORE)
_RESERVED_ROLES = (Role.LABEL, Role.TIME, Role.SPLIT, Role.WEIGHT)


class RowsView:
    """A `DataView` over an engine table of the dataset's columns.

    `predicate_of` reads cohorts, and `mask_of` says which rows they select.
    """

    def __init__(
        self,
        ref: str,
        schema: Schema,
        task: Task | None,
        table: Table,
        *,
        reference: DataView | None = None,
        tags: Collection[str] = (),
    ) -> None:
        self.ref = ref
        self.schema = schema
        self.task = task
        self.table = table
        self.n = table.n
        self.reference = reference
        self.tags = tags
        self._known: dict[Any, Any] = {}

    @property
    def label(self) -> str | None:
        column = self.schema.first(Role.LABEL)
        return column.name if column is not None else None

    def column(self, name: str) -> pa.ChunkedArray:
        return self.table.column(self._own(name), True)

    def take(self, names: Sequence[str], rows: npt.NDArray[np.int64]) -> list[pa.Array]:
        return self.table.take_all([(self._own(name), True) for name in names], rows)

    def values(self, name: str) -> npt.NDArray[np.float64]:
        return self.table.values(self._own(name), True)

    def coded(self, name: str) -> Coded | None:
        return self.table.find_coded(self._own(name), True)

    def mask(self, where: str | None) -> Bools:
        if where is None:
            return np.ones(self.n, dtype=bool)
        return self.table.mask(self.predicate(where))

    def predicate(self, where: str) -> Predicate:
        """The cohort, checked against the names that there are."""
        return parse(where, self.table.fields)

    def once(self, key: Any, make: Callable[[], T]) -> T:
        if key not in self._known:
            self._known[key] = make()
        found: T = self._known[key]
        return found

    def _own(self, name: str) -> str:
        """The column of a name, which may be that of a role."""
        if name not in self.schema:
            name = _reserved(self.schema).get(name, name)
        return self.schema[name].name


def stored_view(
    workspace: Workspace, dataset: Dataset, *, reference: DataView | None = None
) -> RowsView:
    """The rows of a stored dataset, with the cohorts and tags of its workspace."""
    from mispredict.engine.table import Table

    table = Table(
        n=dataset.n,
        fields=data_fields(dataset.schema, dataset.task),
        task=dataset.task or _NO_TASK,
        load=_loader(dataset.schema, dataset.column),
        load_codes=_code_loader(dataset.schema, dataset.coded),
        tags=workspace.tag_masks(dataset),
        cohorts=workspace.cohort_predicates(),
    )
    return RowsView(
        dataset.ref,
        dataset.schema,
        dataset.task,
        table,
        reference=reference,
        tags=workspace.tag_masks(dataset),
    )


def given_view(
    ref: str,
    rows: pa.Table,
    schema: Schema,
    task: Task | None,
    *,
    reference: DataView | None = None,
) -> RowsView:
    """Rows that are not stored, as they would be."""
    from mispredict.engine.table import Table

    table = Table(
        n=rows.num_rows,
        fields=data_fields(schema, task),
        task=task or _NO_TASK,
        load=_loader(schema, rows.column),
    )
    return RowsView(ref, schema, task, table, reference=reference)


def evaluated_view(of: Evaluation, *, reference: DataView | None = None) -> RowsView:
    """The rows of an evaluation's dataset; cohorts may name predictions too."""
    return RowsView(of.dataset.ref, of.dataset.schema, of.task, of.table, reference=reference)


def data_fields(schema: Schema, task: Task | None) -> Fields:
    """The names that cohorts of a dataset may use: its columns, `row`, and those of roles."""
    reserved = {"row": ColumnType.NUMERIC}
    for role in _RESERVED_ROLES:
        column = schema.first(role)
        if column is not None:
            reserved[role.value] = column.type
    return Fields.of(schema, reserved, task.classes if task is not None else ())


def _loader(schema: Schema, column: Callable[[str], Any]) -> Callable[[str, bool], Any]:
    names = _reserved(schema)
    return lambda name, is_input: column(name if is_input else names.get(name, name))


def _code_loader(
    schema: Schema, coded: Callable[[str], Coded | None]
) -> Callable[[str, bool], Coded | None]:
    names = _reserved(schema)
    return lambda name, is_input: coded(name if is_input else names.get(name, name))


def _reserved(schema: Schema) -> Mapping[str, str]:
    """The columns behind reserved names."""
    found = {role: schema.first(role) for role in _RESERVED_ROLES}
    return {role.value: column.name for role, column in found.items() if column is not None}
