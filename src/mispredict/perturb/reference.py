"""What is known of the columns of a table: their kind, spread and values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import UnknownColumn

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
ColumnKind: TypeAlias = Literal["numeric", "category", "text", "other"]
_WORDS = 3.0  # of a text on average; less is a category
_LOOKED_AT = 2_000  # values from which texts are told from categories
_QUANTILES = 257
_MOST_VALUES = 1_000


@dataclass(frozen=True, eq=False)
class Facts:
    """A column: its kind, and of numbers the spread, of categories the values and shares."""

    kind: ColumnKind
    deviation: float = 0.0
    low: float = np.nan
    high: float = np.nan
    is_whole: bool = False
    decimals: int = 15
    quantiles: Floats | None = None
    values: tuple[Any, ...] = ()
    shares: Floats | None = None


@dataclass(frozen=True, eq=False)
class Reference:
    """Facts of each column, learned once, so that a batch is changed like the whole."""

    columns: Mapping[str, Facts]

    @classmethod
    def of(cls, frame: pd.DataFrame, kinds: Mapping[str, ColumnKind] | None = None) -> Reference:
        """What the frame says.

        Args:
            frame: all rows, or many.
            kinds: of columns, where they are known better.
        """
        kinds = kinds or {}
        return cls({name: _facts(frame[name], kinds.get(name)) for name in map(str, frame.columns)})

    def named(self, kind: ColumnKind, columns: Sequence[str] | None = None) -> tuple[str, ...]:
        """Columns of a kind, among the given ones."""
        return tuple(
            name
            for name, facts in self.columns.items()
            if facts.kind == kind and (columns is None or name in columns)
        )

    def checked(self, columns: Sequence[str]) -> tuple[str, ...]:
        """The columns, which must be there."""
        for name in columns:
            if name not in self.columns:
                raise UnknownColumn.among(name, self.columns, where="the inputs")
        return tuple(columns)


def _facts(column: pd.Series, kind: ColumnKind | None) -> Facts:
    kind = kind or _kind(column)
    if kind == "numeric":
        return _numeric(column)
    if kind == "category":
        return _category(column)
    return Facts(kind)


def _kind(column: pd.Series) -> ColumnKind:
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype) or pd.api.types.is_bool_dtype(column):
        return "category"
    if pd.api.types.is_numeric_dtype(column):
        return "numeric"
    known = column.dropna().iloc[:_LOOKED_AT]
    if not len(known) or not all(isinstance(value, str) for value in known):
        is_plain = all(isinstance(value, (str, bool, int)) for value in known)
        return "category" if len(known) and is_plain else "other"
    words = np.mean([value.count(" ") + 1 for value in known])
    return "text" if words >= _WORDS and known.nunique() > len(known) / 4 else "category"


def _numeric(column: pd.Series) -> Facts:
    values = column.dropna().to_numpy(dtype=np.float64)
    values = values[np.isfinite(values)]
    if not len(values):
        return Facts("numeric")
    return Facts(
        "numeric",
        deviation=float(values.std()),
        low=float(values.min()),
        high=float(values.max()),
        is_whole=bool((values == np.round(values)).all()),
        decimals=_decimals(values[:_LOOKED_AT]),
        quantiles=np.quantile(values, np.linspace(0, 1, _QUANTILES)),
    )


def _decimals(values: Floats) -> int:
    """Digits after the point that the values are written with."""
    scale = max(float(np.abs(values).max()), 1.0)
    for digits in range(7):
        if (np.abs(values - np.round(values, digits)) <= 1e-9 * scale).all():
            return digits
    return 15


def _category(column: pd.Series) -> Facts:
    counts = column.value_counts(dropna=True)
    counts = counts[counts > 0].iloc[:_MOST_VALUES]
    values = tuple(counts.index.tolist())
    total = int(counts.sum())
    shares = counts.to_numpy(dtype=np.float64) / total if total else None
    return Facts("category", values=values, shares=shares)
