"""Random numbers that belong to a row, so that the same seed gives a row the same change.

A number is a hash (splitmix64, Steele, Lea and Flood 2014) of the seed, the row, the site in the
row and the call: neither the batch nor the rows beside it matter, and millions come at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
_STEP = np.uint64(0x9E3779B97F4A7C15)
_SITE = np.uint64(0xD1342543DE82EF95)
_ONE = np.uint64(0xBF58476D1CE4E5B9)
_TWO = np.uint64(0x94D049BB133111EB)


class Draws:
    """The draws of one perturbation for the rows of a batch.

    Every call of a method draws anew. Without `places` and `sites` it draws one number for each
    row of the batch; with them one for each site, where `sites` counts from 0 in its row.

    Example:
        >>> rng = Draws("typo", 0, np.arange(3))
        >>> rng.random().round(2).tolist()
        [0.03, 0.74, 0.69]
    """

    def __init__(self, name: str, seed: int, rows: npt.NDArray[Any]) -> None:
        digest = hashlib.blake2b(f"{name}/{seed}".encode(), digest_size=8).digest()
        self._key = np.uint64(int.from_bytes(digest, "little"))
        self._rows = np.asarray(rows).astype(np.int64).view(np.uint64)
        self._calls = 0

    def __len__(self) -> int:
        return len(self._rows)

    def random(
        self, *, places: npt.NDArray[Any] | None = None, sites: npt.NDArray[Any] | None = None
    ) -> Floats:
        """Numbers from 0 up to but not 1.

        Args:
            places: of each site, the place of its row in the batch.
            sites: of each site, its number in the row.
        """
        hashes = self._hashes(places, sites) >> np.uint64(11)
        found: Floats = hashes.astype(np.float64) * 2.0**-53
        return found

    def integers(
        self,
        high: Any,
        *,
        places: npt.NDArray[Any] | None = None,
        sites: npt.NDArray[Any] | None = None,
    ) -> Whole:
        """Whole numbers from 0 up to but not `high`, a number or one for each site."""
        found: Whole = (self.random(places=places, sites=sites) * high).astype(np.int64)
        return found

    def normal(
        self, *, places: npt.NDArray[Any] | None = None, sites: npt.NDArray[Any] | None = None
    ) -> Floats:
        """Standard normal numbers."""
        from scipy.special import ndtri

        found: Floats = ndtri(np.maximum(self.random(places=places, sites=sites), 1e-16))
        return found

    def choice(self, options: Sequence[Any]) -> list[Any]:
        """One of the options for each row."""
        return [options[at] for at in self.integers(len(options)).tolist()]

    def generator(self, place: int) -> np.random.Generator:
        """NumPy's generator for one row of the batch, for what is done row by row."""
        return np.random.default_rng([int(self._key), int(self._rows[place])])

    def _hashes(self, places: npt.NDArray[Any] | None, sites: npt.NDArray[Any] | None) -> Hashes:
        self._calls += 1
        with np.errstate(over="ignore"):
            key = _mixed(np.array([self._key + np.uint64(self._calls) * _STEP]))[0]
            base = _mixed(self._rows * _STEP ^ key)
            if places is not None:
                base = base[places]
            if sites is not None:
                base = _mixed(base + (np.asarray(sites).astype(np.uint64) + np.uint64(1)) * _SITE)
        return base


def picked(
    rng: Draws, strength: float, places: npt.NDArray[Any], sites: npt.NDArray[Any]
) -> npt.NDArray[np.bool_]:
    """Which sites are changed: each with the chance `strength`, at least one in every row.

    Sites of a row stand together. What is changed at a strength is also changed at any higher
    one, and everything is at 1.
    """
    if strength <= 0 or not len(places):
        return np.zeros(len(places), dtype=bool)
    drawn = rng.random(places=places, sites=sites)
    chosen: npt.NDArray[np.bool_] = drawn < strength
    first = np.flatnonzero(np.r_[True, places[1:] != places[:-1]])
    least = np.minimum.reduceat(drawn, first)
    counts = np.diff(np.r_[first, len(places)])
    chosen |= drawn == np.repeat(least, counts)
    return chosen


def _mixed(values: Hashes) -> Hashes:
    values = (values ^ (values >> np.uint64(30))) * _ONE
    values = (values ^ (values >> np.uint64(27))) * _TWO
    mixed: Hashes = values ^ (values >> np.uint64(31))
    return mixed
