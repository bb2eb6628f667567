"""Sums of columns of numbers over a selection and over the rest, for moments of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.kernels.linked import explained_sums, power_sums

if TYPE_CHECKING:
    from mispredict.engine.kernels.linked import Rows
    from mispredict.engine.linked import Selection
    from mispredict.engine.table import Table

Floats = NDArray[np.float64]


class SelectedSums:
    """Sums over the whole are kept; only the smaller of selection and rest is visited."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self._known: dict[object, Any] = {}

    def powers(self, column: str, selection: Selection, *, is_squared: bool = False) -> Floats:
        """Number, Σx, Σx², Σx³ of the rest and of the selection, `(2, 4)`, x about `centre`."""
        values, centre = self.table.values(column), self.centre(column, is_squared=is_squared)

        def sums(rows: Rows) -> Floats:
            return power_sums(values, rows, centre=centre, is_squared=is_squared)

        return self._both(("powers", column, is_squared), sums, selection)

    def explained(self, selection: Selection) -> Floats:
        """The sums of `explained_sums` of the rest and of the selection, `(2, 9)`."""
        residual, label = self.table.values("residual"), self.table.values("label")
        centre = self.centre("label")

        def sums(rows: Rows) -> Floats:
            return explained_sums(residual, label, rows, centre=centre)

        return self._both(("explained",), sums, selection)

    def centre(self, column: str, *, is_squared: bool = False) -> float:
        """Mean of a column or of its squares: sums about it lose nothing."""

        def mean() -> float:
            values, rows = self.table.values(column), self._all()
            n, total, *_ = power_sums(values, rows, centre=0.0, is_squared=is_squared)
            return float(total / n) if n and np.isfinite(total) else 0.0

        found: float = self._once(("centre", column, is_squared), mean)
        return found

    def _both(self, key: object, sums: Callable[[Rows], Floats], selection: Selection) -> Floats:
        whole, part = self._once(key, lambda: sums(self._all())), sums(selection.visited)
        other = whole - part
        if not other[0]:
            other = np.zeros_like(other)
        return np.stack([part, other] if selection.is_rest else [other, part])

    def _all(self) -> Rows:
        return np.arange(self.table.n, dtype=np.int32)

    def _once(self, key: object, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]
