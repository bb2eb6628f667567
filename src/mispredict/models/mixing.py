"""Hashes of a row's values made into one of the row."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mispredict.engine.jit import has_numba, kernel

Hashes = npt.NDArray[np.uint64]
_ODD_ONE, _ODD_TWO = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31 = np.uint64(30), np.uint64(27), np.uint64(31)
_FEW = 10_000  # rows below which a loop is not worth being loaded


def fold(one: Hashes, two: Hashes, first: Hashes, second: Hashes, step: np.uint64) -> None:
    """Take the hashes of a column into both halves of the rows' hashes, in place."""
    if len(one) >= _FEW and has_numba():
        _fold_loop(one, two, first, second, step)
        return
    one += first
    one ^= step
    _mix(one)
    one *= _ODD_ONE
    two *= _ODD_TWO
    two ^= second + step
    _mix(two)


@kernel()
def _fold_loop(one: Hashes, two: Hashes, first: Hashes, second: Hashes, step: np.uint64) -> None:
    for row in range(len(one)):
        a = (one[row] + first[row]) ^ step
        a = (a ^ (a >> _S30)) * _FIRST
        a = (a ^ (a >> _S27)) * _SECOND
        one[row] = (a ^ (a >> _S31)) * _ODD_ONE
        b = (two[row] * _ODD_TWO) ^ (second[row] + step)
        b = (b ^ (b >> _S30)) * _FIRST
        b = (b ^ (b >> _S27)) * _SECOND
        two[row] = b ^ (b >> _S31)


def _mix(values: Hashes) -> None:
    """SplitMix64's finaliser: every bit of the input moves every bit of the output."""
    values ^= values >> _S30
    values *= _FIRST
    values ^= values >> _S27
    values *= _SECOND
    values ^= values >> _S31
