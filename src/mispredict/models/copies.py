"""Copies of rows with some other inputs, without the inputs that stay as they are.

A question to a model is rows of a sheet and the columns that differ from it. Nothing else is
held; a frame is made of them only for the batch that the model is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from mispredict.models.caching import Keys, form_of, hashes_of, mixed_keys, schema_key
from mispredict.models.sheet import Numbers, Sheet

if TYPE_CHECKING:
    import pandas as pd

Asked: TypeAlias = "pd.DataFrame | Copies"


@dataclass(frozen=True, eq=False)
class Copies:
    """Copies of rows of a sheet, some of whose columns hold other values.

    `rows` are the numbers of the rows; `changed` holds, for columns that differ, the values of
    all copies as pandas holds them.
    """

    sheet: Sheet
    rows: Numbers
    changed: Mapping[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def form(self) -> str:
        """Says the names and types of the columns."""
        types = {name: values.dtype for name, values in self.changed.items()}
        return form_of({**self.sheet.types, **types})

    def column(self, name: str) -> Any:
        """The values of a column, as pandas holds them."""
        return self.changed[name] if name in self.changed else self.sheet[name].take(self.rows)

    def take(self, places: Numbers) -> Copies:
        """Some of the copies."""
        at = np.asarray(places)
        part = {name: values.take(at) for name, values in self.changed.items()}
        return Copies(self.sheet, self.rows.take(at), part)

    def assign(self, columns: Mapping[str, Any]) -> Copies:
        """The copies with other values in columns."""
        return Copies(self.sheet, self.rows, {**self.changed, **columns})

    def frame(self, places: Numbers | None = None) -> pd.DataFrame:
        """Some of the copies as the model is given them, all by default."""
        import pandas as pd

        every = np.arange(len(self))  # taken and not sliced: a model may write to its batch
        part = self.take(every if places is None else places)
        columns = {name: part.column(name) for name in self.sheet}
        return pd.DataFrame(columns, index=pd.RangeIndex(len(part)), copy=False)

    def keys(self) -> Keys:
        """Hashes of the copies, alike to those of their frame."""
        hashes = [
            hashes_of(self.changed[name])
            if name in self.changed
            else self.sheet[name].hashes(self.rows)
            for name in self.sheet
        ]
        return mixed_keys(hashes, len(self))


def joined(parts: Sequence[Copies]) -> Copies:
    """Copies of one sheet one below the other."""
    if len(parts) == 1:
        return parts[0]
    names = dict.fromkeys(name for part in parts for name in part.changed)
    changed = {name: _joined([part.column(name) for part in parts]) for name in names}
    return Copies(parts[0].sheet, np.concatenate([part.rows for part in parts]), changed)


def form(asked: Asked) -> str:
    """Says the names and types of the columns."""
    return asked.form if isinstance(asked, Copies) else schema_key(asked)


def frame_of(asked: Asked) -> pd.DataFrame:
    """The rows as the model takes them."""
    return asked.frame() if isinstance(asked, Copies) else asked


def column_of(asked: Asked, name: str) -> Any:
    """The values of a column, as copies hold them."""
    return asked.column(name) if isinstance(asked, Copies) else values_of(asked[name])


def values_of(series: pd.Series[Any]) -> Any:
    """The values of a series as copies hold them."""
    return series.to_numpy() if isinstance(series.dtype, np.dtype) else series.array


def _joined(values: list[Any]) -> Any:
    import pandas as pd

    if all(isinstance(part, np.ndarray) for part in values):
        return np.concatenate(values)
    return pd.concat([pd.Series(part) for part in values], ignore_index=True).array
