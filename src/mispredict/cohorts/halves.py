"""One half of the rows to look in, the other to confirm on what was found."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt


def found_on(n: int, *, seed: int = 0) -> npt.NDArray[np.bool_]:
    """Which of `n` rows are in the half that is searched: half of them, drawn at random."""
    mask = np.zeros(n, dtype=bool)
    mask[np.random.default_rng(seed).permutation(n)[: n // 2]] = True
    return mask


def evenly(rows: npt.NDArray[np.int64], most: int) -> npt.NDArray[np.int64]:
    """At most `most` of the rows, evenly spaced."""
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.int64)]
