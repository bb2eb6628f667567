"""Which rows have one of the chosen codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel


def select(codes: NDArray[Any], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows have a code that is True in `chosen`, an array over the codes."""
    if not has_numba():
        return chosen[codes]
    out = np.empty(len(codes), np.bool_)
    _select(codes, chosen, out)
    return out


@kernel()
def _select(codes: NDArray[Any], chosen: NDArray[np.bool_], out: NDArray[np.bool_]) -> None:
    for i in range(len(codes)):
        out[i] = chosen[codes[i]]
