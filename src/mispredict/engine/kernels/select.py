"""Which rows have one of the chosen codes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.jit import has_numba, kernel
from mispredict.engine.kernels.views import read_only


def select(codes: NDArray[Any], chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which rows have a code that is True in `chosen`, an array over the codes."""
    out = np.empty(len(codes), np.bool_)
    if has_numba():
        _select(read_only(codes), read_only(chosen), out)
    else:
        np.take(chosen, codes, out=out)
    return out


@kernel()
def _select(codes: NDArray[Any], chosen: NDArray[np.bool_], out: NDArray[np.bool_]) -> None:
    for i in range(len(codes)):
        out[i] = chosen[codes[i]]
