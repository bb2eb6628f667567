"""Rows whose players can be taken out: what sampling needs to know of an input's kind.

A player is a feature of a table, or a token of a text; regions of an image and stretches of a
sound are meant to follow with a class of their own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pandas as pd

Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]


class Game(Protocol):
    """n rows with players that are kept or taken out."""

    @property
    def players(self) -> Codes:
        """How many players each row has, (n,)."""

    @property
    def substitutes(self) -> int:
        """How many ways there are to take players out: background rows, or 1."""

    def frame(self, rows: Codes, kept: Bools, substitute: Codes) -> pd.DataFrame:
        """Rows as the model is given them, the players that are not kept taken out.

        Args:
            rows: which row each is made of, (k,).
            kept: (k, most players); places behind a row's players mean nothing.
            substitute: which of the ways, (k,).
        """


class TableGame:
    """Columns are the players; one that is out has the value of a background row."""

    def __init__(self, rows: pd.DataFrame, background: pd.DataFrame) -> None:
        import pandas as pd

        self._n = len(rows)
        self.substitutes = len(background)
        both = pd.concat([rows, background], ignore_index=True)
        self._columns: dict[Any, Any] = {}
        for name in rows.columns:
            kind = rows[name].dtype
            column = both[name] if both[name].dtype == kind else both[name].astype(kind)
            plain = isinstance(kind, np.dtype)
            self._columns[name] = column.to_numpy() if plain else column.array
        self._names = list(rows.columns)

    @property
    def players(self) -> Codes:
        return np.full(self._n, len(self._names), dtype=np.int64)

    def frame(self, rows: Codes, kept: Bools, substitute: Codes) -> pd.DataFrame:
        import pandas as pd

        other, columns = self._n + substitute, {}
        own = np.ascontiguousarray(kept.T)
        for is_kept, name in zip(own, self._names, strict=False):
            values = self._columns[name].take(np.where(is_kept, rows, other))
            # pandas would make strings of objects
            is_object = values.dtype == object
            columns[name] = pd.Series(values, dtype=object, copy=False) if is_object else values
        return pd.DataFrame(columns, copy=False)
