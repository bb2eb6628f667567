"""The rows that a check sees as a side of a comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType, Role
from mispredict.data.drift.counting import Named
from mispredict.data.drift.sides import Bools, Floats, Side
from mispredict.engine.encode import ENCODED_TYPES, Coded, encode

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.predicate import Predicate
    from mispredict.expectations.data import DataView
    from mispredict.expectations.subject import Subject

_NEVER = (Role.ID, Role.WEIGHT, Role.TIME, Role.SPLIT, Role.ANNOTATION)


class ViewTable:
    """Rows of a dataset by the names that a comparison asks for."""

    def __init__(self, view: DataView) -> None:
        self._view = view
        self.n = view.n

    def kind(self, name: str, is_input: bool = False) -> ColumnType:
        """What the values of a column mean."""
        return self._view.schema[name].type

    def column(self, name: str, is_input: bool = False) -> pa.ChunkedArray:
        """The column."""
        return self._view.column(name)

    def values(self, name: str, is_input: bool = False) -> Floats:
        """The column as numbers."""
        return self._view.values(name)

    def coded(self, name: str, is_input: bool = False) -> Coded:
        """The column's codes."""
        found = self._view.coded(name)
        if found is None:
            raise BadOption(f"column {name!r} has no groups or bins.", hint="another column")
        return found

    def take(self, name: str, numbers: Any, is_input: bool = False) -> pa.Array:
        """Some of the values."""
        return self._view.take([name], numbers)[0]

    def mask(self, predicate: Predicate) -> Bools:
        """The rows of a cohort."""
        return self._view.mask(predicate.text)


def side_of(view: DataView, where: str | None) -> Side:
    """The rows of a cohort of a dataset."""
    mask = view.mask(where) if where else None
    n = view.n if mask is None else int(mask.sum())
    if not n:
        raise EmptyCohort(f"no row of {view.ref} meets {where}.", hint="a wider cohort")
    return Side(ViewTable(view), Source(view.ref, where or "", n), mask)


def columns_of(view: DataView, reference: DataView, asked: tuple[str, ...]) -> list[Named]:
    """The columns of both that can be counted: the asked ones, or all but ids, times and such."""
    for name in asked:
        for side in (view, reference):
            side.schema[name]  # which says what there is
    names = asked or [
        column.name
        for column in reference.schema
        if column.role not in _NEVER and column.name in view.schema
    ]
    found = []
    for name in names:
        here, there = view.schema[name], reference.schema[name]
        if here.type is there.type and here.type in ENCODED_TYPES:
            found.append(Named(name, here.role.value))
        elif name in asked:
            raise BadOption(
                f"column {name!r} cannot be compared by its values.",
                known=f"It is {here.type.value} here and {there.type.value} in the reference.",
                hint="columns of numbers, categories, booleans or times",
            )
    return found


class PredictionTable:
    """Predictions of a subject as columns: the class or value, and the positive probability."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self.n = subject.n
        self._coded: dict[str, Coded] = {}

    def coded(self, name: str, is_input: bool = False) -> Coded:
        """The codes of `prediction`, `probability` or `confidence`."""
        if name not in self._coded:
            import pyarrow as pa

            kind = ColumnType.NUMERIC
            values: Any = self.values(name)
            if name == "prediction" and self._subject.task.is_classification:
                kind = ColumnType.CATEGORICAL
                classes = np.array([*map(str, self._subject.task.classes), None], dtype=object)
                values = classes[self._subject.predicted.codes]
            array = pa.array(values, from_pandas=True)
            found = encode(array, kind)
            assert found is not None  # numbers and names have codes
            self._coded[name] = found
        return self._coded[name]

    def values(self, name: str, is_input: bool = False) -> Floats:
        """The column as numbers."""
        said = self._subject.predicted
        if name == "probability" and said.probabilities is not None:
            return np.asarray(said.probabilities[:, self._subject.outcomes.positive], np.float64)
        if name == "confidence" and said.probabilities is not None:
            return np.asarray(said.probabilities.max(axis=1), np.float64)
        if said.values is not None:
            return np.asarray(said.values, np.float64)
        return np.where(said.known, said.codes, np.nan).astype(np.float64)

    def kind(self, name: str, is_input: bool = False) -> ColumnType:
        """What the values of a column mean."""
        return self.coded(name).book.type

    def column(self, name: str, is_input: bool = False) -> pa.ChunkedArray:
        """The column."""
        raise NotImplementedError

    def take(self, name: str, numbers: Any, is_input: bool = False) -> pa.Array:
        """Some of the values."""
        raise NotImplementedError

    def mask(self, predicate: Predicate) -> Bools:
        """The rows of a cohort."""
        raise NotImplementedError
