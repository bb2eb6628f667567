"""Rows that are far from all rows of the reference, as cohorts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.results import Source
from mispredict.core.schema import ColumnType
from mispredict.workspace.drifting.pooled import Pooled

if TYPE_CHECKING:
    from mispredict.cohorts.slices import SliceRow

FAR = 0.99  # share of reference rows that have a nearer neighbour
MOST_ROWS = 10_000  # of each side
LEAST_RATE = 0.3  # of far rows in a cohort of them
MOST = 5

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


def far_rows(found: Pooled) -> Bools | None:
    """Current rows whose nearest reference row is farther than those of 99 % of its own rows.

    Rows are compared by all columns (numbers by rank), with a text or vector column by that.
    None where there is nothing to compare.
    """
    points = _points(found)
    if points is None or found.is_current.all() or not found.is_current.any():
        return None
    from sklearn.neighbors import NearestNeighbors

    reference, current = points[~found.is_current], points[found.is_current]
    if len(reference) < 100:
        return None
    near = NearestNeighbors(n_neighbors=2).fit(reference)
    own = near.kneighbors(reference)[0][:, 1]
    others = near.kneighbors(current, n_neighbors=1)[0][:, 0]
    far = np.zeros(len(points), np.bool_)
    far[found.is_current] = others > max(float(np.quantile(own, FAR)), 1e-9)
    return far


def far_cohorts(found: Pooled, far: Bools, *, seed: int = 0) -> list[SliceRow]:
    """Cohorts in which at least 30 % of the current rows are far."""
    from mispredict.cohorts.objective import Objective
    from mispredict.cohorts.slices import SearchOptions, Slices, find_slices

    target = Objective("far", far.astype(np.float64), "share of far rows", "are far", is_rate=True)
    result = find_slices(
        found.table,
        target,
        SearchOptions(found.names, top=MOST, conditions=2, min_share=0.002, budget_s=10, seed=seed),
        source=Source("current", n=int(found.is_current.sum())),
        mask=found.is_current,
    )
    if not isinstance(result, Slices):
        return []
    return [row for row in result.rows if row.value >= LEAST_RATE]


def _points(found: Pooled) -> Floats | None:
    from mispredict.cohorts.embedding import embed
    from mispredict.cohorts.tabular import read_columns

    rows = np.arange(len(found.is_current))
    special = _first(found, (ColumnType.VECTOR, ColumnType.TEXT))
    if special is not None:
        known = not found.table.column(special, True).null_count
        return embed(found.table, special, rows) if known else None
    columns = read_columns(found.table, found.names)
    return None if columns is None else columns[1](rows)


def _first(found: Pooled, kinds: Sequence[ColumnType]) -> str | None:
    types = found.table.fields.columns
    return next((n for kind in kinds for n in found.names if types[n] is kind), None)
