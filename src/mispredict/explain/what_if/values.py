"""Values that people give for a column, checked and in the column's own type."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption, UnknownColumn, alternatives
from mispredict.core.options import shown
from mispredict.core.results import plain
from mispredict.core.schema import ColumnType, Role, Schema

if TYPE_CHECKING:
    import pyarrow as pa

MOST_VARIANTS = 1_000
_TRUE, _FALSE = ("true", "yes", "1", "on"), ("false", "no", "0", "off")
_LISTS = (ColumnType.VECTOR, ColumnType.LABELS, ColumnType.IMAGE, ColumnType.AUDIO)


class Values:
    """Checks values for the columns of a table of inputs."""

    def __init__(self, table: pa.Table, schema: Schema, of: str, *, unseen: bool = False) -> None:
        """Values for the columns of the table.

        Args:
            table: the inputs of all rows, which say what is known.
            schema: of the whole dataset.
            of: the dataset's name in messages.
            unseen: whether categories and missing values that no row has are allowed.
        """
        self._table, self._schema, self._of, self._unseen = table, schema, of, unseen

    def variants(self, given: Any, edits: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Every variant that was asked for, with checked values.

        Args:
            given: a dictionary of changes, a list of them, or None.
            edits: further changes, made in all of them. A list stands for one variant each.
        """
        found = []
        for changes in _dictionaries(given):
            twice = sorted(set(changes) & set(edits), key=str)
            if twice:
                raise BadOption(
                    f"{twice[0]!r} was given twice.",
                    known="It stands among the changes and as an argument of its own.",
                    hint=f"ev.what_if(row, {twice[0]}=…)",
                )
            for name in {**changes, **edits}:
                self.known(name)
            found += list(self._combined({**changes, **edits}))
            if len(found) > MOST_VARIANTS:
                raise BadOption(
                    f"these are more than {MOST_VARIANTS:,} variants.",
                    known="Lists of values are combined, each with each.",
                    hint="fewer values, or a list of dictionaries",
                )
        if not found or not any(found):
            raise BadOption(
                "nothing was changed.",
                known=f"Columns: {', '.join(self._table.column_names[:8])}.",
                hint=f"ev.what_if(row, {self._table.column_names[0]}=…)",
            )
        return found

    def known(self, name: str) -> str:
        """The name, if it is a column that a model is given."""
        if name in self._table.column_names:
            return name
        if name in self._schema and self._schema[name].role is not Role.INPUT:
            raise BadOption(
                f"column {name!r} is no input of the model.",
                known=f"Its role is {self._schema[name].role}.",
                hint=f"one of {', '.join(map(repr, self._table.column_names[:5]))}",
            )
        names = self._table.column_names
        raise UnknownColumn.among(name, names, where=f"dataset {self._of!r}")

    def checked(self, name: str, value: Any) -> Any:
        """The value in the column's type.

        Raises:
            BadOption: it is of another type, or a category that no row has.
        """
        column = self._schema[self.known(name)]
        if isinstance(value, np.generic):
            value = value.item()
        if value is None or (isinstance(value, float) and np.isnan(value)):
            return self._missing(name)
        if column.type is ColumnType.NUMERIC:
            return self._number(name, value)
        if column.type is ColumnType.BOOLEAN:
            return _boolean(name, value)
        if column.type is ColumnType.CATEGORICAL:
            return self._category(name, value)
        if column.type is ColumnType.DATETIME:
            return _moment(name, value)
        if column.type is ColumnType.TEXT and not isinstance(value, str):
            raise _refused(name, value, "a text", f"{name}='…'")
        return value

    def _combined(self, changes: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """The changes with each value of each list, combined."""
        names = list(changes)
        choices = [self._choices(name, changes[name]) for name in names]
        size = int(np.prod([len(values) for values in choices], dtype=np.float64))
        if size > MOST_VARIANTS:
            yield from ({} for _ in range(MOST_VARIANTS + 1))
            return
        for values in itertools.product(*choices):
            yield dict(zip(names, values, strict=True))

    def _choices(self, name: str, value: Any) -> list[Any]:
        is_list = isinstance(value, (list, tuple, np.ndarray))
        if is_list and self._schema[name].type not in _LISTS:
            return [self.checked(name, item) for item in value]
        return [self.checked(name, value)]

    def _missing(self, name: str) -> None:
        if self._table[name].null_count or self._unseen:
            return
        raise BadOption(
            f"{name} cannot be missing.",
            known=f"All {self._table.num_rows:,} rows have a value there.",
            hint="unseen=True to try it all the same",
        )

    def _number(self, name: str, value: Any) -> float | int:
        import pyarrow as pa

        kind = self._table[name].type
        try:
            found = float(value)
        except (TypeError, ValueError):
            found = np.nan
        if isinstance(value, bool) or not np.isfinite(found):
            raise _refused(
                name, value, f"a number, {self._span(name)}", f"{name}={self._some(name)}"
            )
        if not pa.types.is_integer(kind):
            return found
        if found != int(found):
            known = f"a whole number, {self._span(name)}"
            raise _refused(name, value, known, f"{name}={round(found)}")
        if abs(found) >= 2 ** (kind.bit_width - 1):
            raise _refused(name, value, f"stored as {kind}", f"{name}={self._some(name)}")
        return int(found)

    def _category(self, name: str, value: Any) -> Any:
        values = self._distinct(name)
        for item in values:
            if item == value and isinstance(item, bool) == isinstance(value, bool):
                return item
        if isinstance(value, str):
            for item in values:
                if str(item) == value:
                    return item
        if self._unseen:
            return value
        raise BadOption(
            f"{name}={shown(value)} is no value that a row has.",
            known=alternatives(str(value), map(str, values), "value"),
            hint=f"{name}={plain(values[0])!r}, or unseen=True" if values else "unseen=True",
        )

    def _distinct(self, name: str) -> list[Any]:
        import pyarrow.compute as pc

        counts = pc.value_counts(pc.drop_null(self._table[name]))
        order = np.argsort(-counts.field("counts").to_numpy(), kind="stable")
        values = counts.field("values").to_pylist()
        return [values[at] for at in order]

    def _span(self, name: str) -> str:
        import pyarrow.compute as pc

        found = pc.min_max(self._table[name]).as_py()
        return f"in the data from {found['min']} to {found['max']}"

    def _some(self, name: str) -> Any:
        import pyarrow.compute as pc

        return pc.max(self._table[name]).as_py()


def _dictionaries(given: Any) -> Sequence[Mapping[str, Any]]:
    if given is None:
        return [{}]
    listed = [given] if isinstance(given, Mapping) else given
    if not isinstance(listed, (list, tuple)) or not all(
        isinstance(item, Mapping) for item in listed
    ):
        raise BadOption(
            f"changes={shown(given)} cannot be used.",
            known="changes is a dictionary of column and value, or a list of them.",
            hint="changes={'a column': 1}",
        )
    return listed


def _boolean(name: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if isinstance(value, (bool, int, float, str)) and word in (*_TRUE, *_FALSE, "1.0", "0.0"):
        return word in (*_TRUE, "1.0")
    raise _refused(name, value, "true or false", f"{name}=True")


def _moment(name: str, value: Any) -> Any:
    import pandas as pd

    try:
        found = pd.Timestamp(value)
    except (TypeError, ValueError, OverflowError):
        found = pd.NaT
    if found is pd.NaT or isinstance(value, (bool, int, float)):
        raise _refused(name, value, "a time", f"{name}='2024-05-31 12:00'")
    return found


def _refused(name: str, value: Any, kind: str, hint: str) -> BadOption:
    return BadOption(
        f"{name}={shown(value)} cannot be used.", known=f"{name} is {kind}.", hint=hint
    )
