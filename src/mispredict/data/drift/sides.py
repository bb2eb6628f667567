"""The two sets of rows that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Source

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.core.predicate import Predicate
    from mispredict.core.schema import ColumnType
    from mispredict.engine.encode import Coded

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class SideTable(Protocol):
    """What a comparison reads: columns, their numbers and their codes."""

    n: int

    def kind(self, name: str, is_input: bool = False) -> ColumnType: ...
    def column(self, name: str, is_input: bool = False) -> pa.ChunkedArray: ...
    def values(self, name: str, is_input: bool = False) -> Floats: ...
    def coded(self, name: str, is_input: bool = False) -> Coded: ...
    def take(self, name: str, numbers: Any, is_input: bool = False) -> pa.Array: ...
    def mask(self, predicate: Predicate) -> Bools: ...


@dataclass(frozen=True, eq=False)
class Side:
    """Rows of a dataset or an evaluation.

    Attributes:
        table: all rows of it.
        source: what it is called, the cohort and its rows.
        mask: the rows of the cohort; None for all.
        target: 1 for wrong and 0 for right rows, or a loss; NaN where there is no label, None
            where there is no model.
    """

    table: SideTable
    source: Source
    mask: Bools | None = None
    target: Floats | None = None

    @property
    def n(self) -> int:
        return self.source.n

    @cached_property
    def selected(self) -> Bools:
        """The rows as a mask."""
        return np.ones(self.table.n, np.bool_) if self.mask is None else self.mask

    @cached_property
    def judged(self) -> Bools | None:
        """The rows whose error is known; None where none is."""
        if self.target is None:
            return None
        known: Bools = np.isfinite(self.target) & self.selected
        return known if known.any() else None

    @cached_property
    def is_rate(self) -> bool:
        """Whether errors are 0 or 1."""
        if self.target is None or self.judged is None:
            return False
        return bool(np.isin(np.unique(self.target[self.judged][:100_000]), (0.0, 1.0)).all())
