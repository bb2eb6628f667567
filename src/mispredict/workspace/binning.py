"""Numbers and times in as many bins as the rows support, for metrics by a column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import numpy.typing as npt

from mispredict.core.schema import ColumnType
from mispredict.engine.codebook import MISSING, Codebook
from mispredict.engine.encode import Coded

MOST_BINS = 10
LEAST_ROWS = 30
_ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)


def binned(coded: Coded, mask: npt.NDArray[np.bool_] | None = None) -> Coded:
    """The column in at most 10 bins of about the same number of rows, at least 30 each.

    Columns of which no more than 10 different codes occur, and those that are neither numbers
    nor times, stay as they are. Bins join neighbouring codes, so that their ends are those of
    other views.

    Args:
        coded: the column.
        mask: the rows that count.
    """
    book = coded.book
    codes = coded.codes if mask is None else coded.codes[mask]
    counts = np.bincount(codes, minlength=book.size)[MISSING + 1 :]
    if book.type not in _ORDERED or book.has_other or np.count_nonzero(counts) <= MOST_BINS:
        return coded
    starts = _starts(counts)
    place = np.zeros(book.size, np.uint8)
    place[MISSING + 1 :] = np.searchsorted(starts, np.arange(len(counts)), side="right")
    return Coded(place[coded.codes], _coarser(book, starts))


def _starts(counts: npt.NDArray[np.int64]) -> list[int]:
    """Where bins begin, among the codes in order."""
    total = left = int(counts.sum())
    bins = int(np.clip(total // LEAST_ROWS, 1, MOST_BINS))
    starts, inside = [0], 0
    for place, count in enumerate(counts.tolist()):
        wanted = max(LEAST_ROWS, left / (bins - len(starts) + 1))
        if inside >= wanted - count / 2 and inside >= LEAST_ROWS and left - inside >= LEAST_ROWS:
            starts.append(place)
            left, inside = left - inside, 0
        inside += count
        if len(starts) == bins:
            break
    return starts


def _coarser(book: Codebook, starts: list[int]) -> Codebook:
    edges = (*(book.points[place] for place in starts), book.points[-1])
    return replace(book, kind="bins", points=edges)
