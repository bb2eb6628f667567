"""Rows of tables as points, near to one another where their columns are alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.schema import ColumnType

if TYPE_CHECKING:
    from mispredict.cohorts.embedding import Learned
    from mispredict.engine.codebook import Codebook
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]

MOST_COLUMNS = 500
MOST_LEVELS = 20  # of a column that have a dimension each; rarer ones share one
MOST_DIMENSIONS = 2_000
_ORDERED = (ColumnType.NUMERIC, ColumnType.DATETIME)


def read_columns(table: Table, names: Sequence[str]) -> tuple[tuple[str, ...], Learned] | None:
    """What gives rows their points by these columns, and which of them differ; None if none do.

    Numbers and times become their rank among the rows, so that no outlier and no unit stretches
    the space; other columns a dimension per value. Each column has variance 1 in all, and so an
    equal say (Pagès 2004 does so for mixed tables).
    """
    levels = min(MOST_LEVELS, max(1, MOST_DIMENSIONS // max(len(names), 1)))
    blocks = {}
    for name in names[:MOST_COLUMNS]:
        coded = table.find_coded(name, True)
        if coded is None:
            continue
        counts = np.bincount(coded.codes, minlength=coded.book.size).astype(np.float64)
        block = _block(coded.book, counts, levels)
        if block is not None:
            blocks[name] = (coded.codes, block)
    if not blocks:
        return None

    def read(rows: npt.NDArray[np.intp]) -> Floats:
        return np.concatenate([block[codes[rows]] for codes, block in blocks.values()], axis=1)

    return tuple(blocks), read


def _block(book: Codebook, counts: Floats, levels: int) -> Floats | None:
    """The coordinates of each code of a column, with mean 0 and variance 1 in all."""
    share = counts / max(counts.sum(), 1)
    found = _ranks(share) if book.type in _ORDERED else _levels(share, levels)
    found = found - share @ found
    spread = float((share[:, None] * found**2).sum())
    return None if spread < 1e-12 else found / np.sqrt(spread)


def _ranks(share: Floats) -> Floats:
    """The middle rank of each code; that of the middle where the value is missing."""
    known = share.copy()
    known[0] = 0
    ranks = np.cumsum(known) - known / 2
    ranks[0] = known @ ranks / max(known.sum(), 1e-12)
    return ranks[:, None]


def _levels(share: Floats, most: int) -> Floats:
    """A dimension for each of the most frequent codes and one for all others."""
    frequent = np.argsort(-share, kind="stable")[:most]
    place = np.full(len(share), len(frequent))
    place[frequent] = np.arange(len(frequent))
    found: Floats = np.eye(len(frequent) + 1)[place]
    return found
