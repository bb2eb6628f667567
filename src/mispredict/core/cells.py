"""Cells of frames, some of which hold arrays: whether two are alike, and one as JSON has it."""

from __future__ import annotations

from typing import Any

import numpy as np

from mispredict.core.results import plain

_LONG = 16  # numbers of an array that are shown one by one


def is_alike(old: Any, new: Any) -> bool:
    """Whether two cells hold the same; missing equals missing.

    Example:
        >>> is_alike(None, float("nan")), is_alike(np.zeros(3), np.zeros(3)), is_alike(1, "1")
        (True, True, False)
    """
    if old is new:
        return True
    if isinstance(old, np.ndarray) or isinstance(new, np.ndarray):
        return np.shape(old) == np.shape(new) and bool(np.array_equal(old, new))
    gone = _is_missing(old), _is_missing(new)
    return all(gone) or (not any(gone) and bool(old == new))


def plain_cell(value: Any) -> Any:
    """The cell as JSON has it; None where it is missing, of an image what it is.

    Example:
        >>> plain_cell(np.int64(7)), plain_cell(float("nan")), plain_cell(np.zeros((8, 8)))
        (7, None, '<8 × 8 float64>')
    """
    if isinstance(value, np.ndarray) and value.size > _LONG:
        return f"<{' × '.join(map(str, value.shape))} {value.dtype}>"
    return None if _is_missing(value) else plain(value)


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return bool(pd.api.types.is_scalar(value)) and bool(pd.isna(value))
