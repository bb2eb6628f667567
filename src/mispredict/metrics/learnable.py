"""Rows that boosted trees can learn from, whatever is missing."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def learnable(matrix: Floats) -> Floats:
    """The rows, with 0 in columns that have no value at all.

    Boosted trees of scikit-learn 1.9 raise for such a column, which any fold of rows may have
    where a value is rare. Nothing can be learned from it, or from one value.

    Example:
        >>> learnable(np.array([[1.0, np.nan], [np.nan, np.nan]]))[:, 1].tolist()
        [0.0, 0.0]
    """
    is_empty = np.isnan(matrix).all(axis=0)
    return np.where(is_empty, 0.0, matrix) if is_empty.any() else matrix
