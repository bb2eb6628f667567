"""How a value stands among all values of its column, from the rows of each code."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.codebook import MISSING, Codebook
from mispredict.workspace.exploring.edits import is_ordered

Floats = NDArray[np.float64]


class Ranks:
    """Percentiles of one column's values: the share of known values below, ties counted half.

    Exact for columns with a code per value; inside of a bin, of which there are about fifty
    with a like number of rows, values are taken to be spread evenly.
    """

    def __init__(self, book: Codebook, rows: NDArray[np.int64]) -> None:
        known = rows.astype(np.float64)
        known[MISSING] = 0.0
        self._book = book
        self._total = max(known.sum(), 1.0)
        self.is_ordered = is_ordered(book)
        self._below = (np.cumsum(known) - known) / self._total
        self._share = known / self._total

    @property
    def middles(self) -> Floats:
        """Percentile of the middle of each code; NaN for missing."""
        found: Floats = self._below + self._share / 2
        found[MISSING] = np.nan
        return found

    def of(self, codes: NDArray[Any], values: NDArray[Any]) -> Floats:
        """Percentiles of values, given as numbers with their codes; NaN for missing ones."""
        found: Floats = self.middles[codes]
        if self._book.kind == "bins":
            edges = self._book.edges().astype(np.float64)
            low, high = edges[np.maximum(codes, 1) - 1], edges[np.maximum(codes, 1)]
            with np.errstate(all="ignore"):
                inside = (values.astype(np.float64) - low) / (high - low)
            is_known = (codes != MISSING) & np.isfinite(inside)
            inside = np.clip(np.where(is_known, inside, 0.5), 0.0, 1.0)
            found = np.where(
                codes == MISSING, np.nan, self._below[codes] + inside * self._share[codes]
            )
        return found
