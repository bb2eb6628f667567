"""Rows that are most like one row, over columns of all types."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.predicate import ColumnRef
from mispredict.core.schema import ColumnType
from mispredict.workspace.example import Difference, Neighbour

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

MOST = 8
DIFFERENCES = 4


def nearest(of: Evaluation, row: int) -> tuple[tuple[Neighbour, ...], str]:
    """The nearest rows, and in words by what they are near."""
    names = [name for name in of.dataset.searched if of.table.find_coded(name, True) is not None]
    if not names:
        return (), ""
    distance = np.zeros(of.n, np.float32)
    for name in names:
        distance += _gaps(of, name, row)
    distance /= len(names)
    distance[row] = np.inf
    most = min(MOST, of.n - 1)
    near = np.argpartition(distance, most - 1)[:most] if most else np.zeros(0, np.intp)
    near = near[np.lexsort((near, distance[near]))]
    found = tuple(_neighbour(of, names, row, int(i), float(distance[i])) for i in near)
    return found, f"quantile ranks and equal values of {len(names)} columns"


def _gaps(of: Evaluation, name: str, row: int) -> np.ndarray:
    coded = of.table.coded(name, True)
    codes, size = coded.codes, coded.book.size
    mine = int(codes[row])
    is_ordered = coded.book.type in (ColumnType.NUMERIC, ColumnType.DATETIME)
    if is_ordered and mine:
        counts = np.bincount(codes, minlength=size).astype(float)
        counts[0] = 0
        rank = (np.cumsum(counts) - counts / 2) / max(counts.sum(), 1)
        gap = np.abs(rank - rank[mine])
        gap[0] = 1.0
    else:
        gap = np.ones(size)
        gap[mine] = 0.0
    return gap.astype(np.float32)[codes]


def _neighbour(
    of: Evaluation, names: list[str], row: int, other: int, distance: float
) -> Neighbour:
    from mispredict.workspace.reading import _cell, _id, _value

    gaps = []
    for name in names:
        ref = ColumnRef(name, True)
        a, b = _cell(of, ref, row), _cell(of, ref, other)
        if a != b:
            gaps.append(Difference(name, a, b))
    return Neighbour(
        other,
        _id(of, other),
        distance,
        _value(of, "label", other),
        _value(of, "prediction", other),
        _value(of, "correct", other),
        tuple(gaps[:DIFFERENCES]),
    )
