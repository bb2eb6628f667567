"""Random numbers that belong to a row: a hash of its content, the seed and a counter."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

_STEP = np.uint64(0x9E3779B97F4A7C15)


class Draws:
    """Reproducible draws for rows with these keys, whatever rows stand beside them."""

    def __init__(self, keys: npt.NDArray[np.uint64], seed: int) -> None:
        start = np.array([seed % 2**64], dtype=np.uint64)  # arrays wrap around in silence
        self._states = _mixed(keys[:, 0] ^ _mixed(keys[:, 1] + start * _STEP + _STEP))

    def uniform(self, row: int, count: int, *, salt: int) -> Floats:
        """Numbers from 0 to 1 for one row."""
        return np.asarray(self.uniforms(self._states[row : row + 1], count, salt)[0])

    def whole(self, row: int, count: int, below: int, *, salt: int) -> Codes:
        """Whole numbers from 0 to below `below` for one row."""
        return np.asarray(self.uniform(row, count, salt=salt) * below, dtype=np.int64)

    def order(self, width: int, *, salt: int) -> Codes:
        """A permutation of 0 … width-1 per row, (rows, width)."""
        return np.argsort(self.uniforms(self._states, width, salt), axis=1, kind="stable")

    def ranks(self, counts: Codes, most: int, *, salt: int) -> Codes:
        """Per row a permutation of its players: the place of each, those behind them last."""
        draws = self.uniforms(self._states, most, salt)
        draws[np.arange(most)[None, :] >= counts[:, None]] = 2.0
        order = np.argsort(draws, axis=1, kind="stable")
        ranks = np.empty_like(order)
        np.put_along_axis(ranks, order, np.arange(most)[None, :].repeat(len(order), 0), axis=1)
        return ranks

    @staticmethod
    def uniforms(states: npt.NDArray[np.uint64], count: int, salt: int) -> Floats:
        """(rows, count) numbers from 0 to 1."""
        counter = np.arange(count, dtype=np.uint64) + np.uint64(salt) * np.uint64(1 << 32)
        mixed = _mixed(states[:, None] + _mixed(counter + _STEP)[None, :])
        return np.asarray(mixed >> np.uint64(11), dtype=np.float64) * 2.0**-53


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """SplitMix64's finaliser."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
