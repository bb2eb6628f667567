"""Codes joined to cells that hold enough rows to be compared.

Which codes are joined depends on the rows of both sides together alone, never on how they are
divided: a cell that was chosen for its difference would show one where there is none.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from mispredict.data.drift.counting import Counted
from mispredict.engine.codebook import MISSING

Places = npt.NDArray[np.intp]

MOST_CELLS = 50
_FEWEST = 10.0  # rows of both sides in a cell, at least five in the smaller one


def cells_of(counted: Counted) -> Places:
    """The cell of each code, from 0; ordered codes join neighbours, others the rare ones."""
    together = (counted.reference + counted.current).astype(np.float64)
    n, m = float(counted.reference.sum()), float(counted.current.sum())
    if n + m == 0:
        return np.zeros(len(together), np.intp)
    least = max(_FEWEST, 5 * (n + m) / max(min(n, m), 1.0))
    most = int(np.clip((2 * n * m / max(n + m, 1)) ** 0.4, 4, MOST_CELLS))
    least = max(least, 0.5 * (n + m) / most) if counted.is_ordered else least
    places = (
        _neighbours(together[1:], least, (n + m) / most)
        if counted.is_ordered
        else _frequent(together[1:], least, most)
    )
    missing = together[MISSING]
    own = places.max(initial=-1) + 1 if missing >= _FEWEST else 0
    return np.concatenate([[own], places]).astype(np.intp)


def sums(counts: npt.NDArray[np.generic], cells: Places) -> npt.NDArray[np.float64]:
    """Counts of codes added up per cell."""
    return np.bincount(cells, weights=np.asarray(counts, np.float64)).astype(np.float64)


def _neighbours(rows: npt.NDArray[np.float64], least: float, wanted: float) -> Places:
    """Runs of codes of about `wanted` rows; a common value stays alone."""
    places = np.zeros(len(rows), np.intp)
    cell, gathered = 0, 0.0
    for code, own in enumerate(rows.tolist()):
        if gathered >= least and gathered + own / 2 > wanted:
            cell, gathered = cell + 1, 0.0
        places[code] = cell
        gathered += own
    if cell and gathered < least:
        places[places == cell] = cell - 1
    return places


def _frequent(rows: npt.NDArray[np.float64], least: float, most: int) -> Places:
    """The most frequent codes alone, all others together."""
    order = np.argsort(-rows, kind="stable")
    kept = [code for code in order[: most - 1].tolist() if rows[code] >= least]
    places = np.full(len(rows), len(kept), np.intp)
    places[kept] = np.arange(len(kept))
    return places
