"""Rows that are most like one row, over columns of all types.

A number or time is as far from another as the share of rows between them, values of other
columns are equal or not (Gower 1971, on ranks). Texts are compared by their words, a column of
vectors by the angle. One pass over the codes finds candidates, whose own values then decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.codebook import MISSING
from mispredict.engine.columns import chunk_values
from mispredict.engine.kernels.nearest import nearest_rows
from mispredict.workspace.exploring.linked import linked
from mispredict.workspace.looking.example import NearRow, NeighbourDifference
from mispredict.workspace.looking.likeness import likeness_of
from mispredict.workspace.looking.ranks import Ranks

if TYPE_CHECKING:
    from mispredict.engine.encode import Coded
    from mispredict.workspace.view import View

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

MOST = 8
CANDIDATES = 64
DIFFERENCES = 4
_SAID = ("label", "prediction", "correct")


def nearest(of: View, row: int) -> tuple[tuple[NearRow, ...], str]:
    """The nearest rows, and in words by what they are near; none where nothing can be compared."""
    columns = _compared(of)
    likeness = likeness_of(of)
    if not columns and likeness is None:
        return (), ""
    weight = float(max(len(columns), 1)) if likeness is not None else 0.0
    rows, apart = (None, None) if likeness is None else likeness.distances(row)
    near = _candidates(of, row, columns, rows, None if apart is None else apart * weight)
    gaps = _gaps(of, row, near, columns)
    total = gaps.sum(axis=0)
    if apart is not None:
        places = near if rows is None else np.searchsorted(rows, near)
        total = total + apart[places].astype(np.float64) * weight
    total /= len(columns) + weight
    order = np.lexsort((near, total))[:MOST]
    found = _neighbours(of, row, near[order], total[order], columns, gaps[:, order])
    words = [f"quantile ranks and equal values of {len(columns)} columns"] if columns else []
    return found, " and ".join([*([likeness.words] if likeness else []), *words])


@dataclass(frozen=True, slots=True)
class _Column:
    """A column in which rows are compared."""

    name: str
    coded: Coded
    ranks: Ranks

    def gaps(self, row: int, percentile: float) -> NDArray[np.float32]:
        """How far each code is from the row; 1 where only one of both is missing."""
        code = int(self.coded.codes[row])
        if self.ranks.is_ordered and code != MISSING:
            gap = np.abs(self.ranks.middles - percentile)
            gap[MISSING] = 1.0
        else:
            gap = np.ones(self.coded.book.size)
            gap[code] = 0.0
        return gap.astype(np.float32)


def _compared(of: View) -> list[_Column]:
    """The coded inputs, or else all columns that findings are looked for in."""
    from mispredict.core.predicate import ColumnRef
    from mispredict.workspace.exploring.chips import name_of

    views = linked(of)
    inputs = of.dataset.inputs or of.dataset.searched
    names = [name_of(of, of.fields.resolve(ColumnRef(name, True))) for name in inputs]
    known = [name for name in names if name in views.names]
    wholes = views.counter.wholes(known)
    coded = {name: views.coded(name) for name in known}
    return [_Column(n, coded[n], Ranks(coded[n].book, wholes[n].rows)) for n in known]


def _candidates(
    of: View,
    row: int,
    columns: Sequence[_Column],
    rows: Rows | None,
    start: NDArray[np.float32] | None,
) -> Rows:
    """Some more rows than are shown, the nearest by their codes."""
    own = _percentiles(of, np.array([row]), columns)
    gaps = [column.gaps(row, float(p[0])) for column, p in zip(columns, own, strict=True)]
    codes = [column.coded.codes for column in columns]
    if rows is not None:
        codes = [item[rows] for item in codes]
    n = of.n if rows is None else len(rows)
    near, _ = nearest_rows(codes, gaps, start, n, min(CANDIDATES, n))
    found: Rows = near if rows is None else rows[near]
    others: Rows = found[found != row]
    return others


def _gaps(of: View, row: int, near: Rows, columns: Sequence[_Column]) -> Floats:
    """How far each of the rows is from the row in each column, by their own values."""
    everyone = np.append(row, near)
    percentiles = _percentiles(of, everyone, columns)
    found = np.zeros((len(columns), len(near)))
    for place, (column, own) in enumerate(zip(columns, percentiles, strict=True)):
        codes = column.coded.codes[everyone]
        if column.ranks.is_ordered:
            gap = np.abs(own[1:] - own[0])
            either = (codes[1:] == MISSING) != (codes[0] == MISSING)
            both = (codes[1:] == MISSING) & (codes[0] == MISSING)
            found[place] = np.where(either, 1.0, np.where(both, 0.0, gap))
        else:
            found[place] = codes[1:] != codes[0]
    return found


def _percentiles(of: View, rows: Rows, columns: Sequence[_Column]) -> list[Floats]:
    """Percentiles of the rows' values in each column; NaN in columns without an order."""
    views = linked(of)
    wanted = [c for c in columns if c.ranks.is_ordered and c.coded.book.kind == "bins"]
    refs = [views.names[column.name] for column in wanted]
    taken = of.table.take_all([(ref.name, ref.is_input) for ref in refs], rows)
    values = {c.name: chunk_values(part) for c, part in zip(wanted, taken, strict=True)}
    nothing = np.zeros(len(rows))
    return [
        c.ranks.of(c.coded.codes[rows].astype(np.intp), values.get(c.name, nothing))
        if c.ranks.is_ordered
        else np.full(len(rows), np.nan)
        for c in columns
    ]


def _neighbours(
    of: View,
    row: int,
    near: Rows,
    distances: Floats,
    columns: Sequence[_Column],
    gaps: Floats,
) -> tuple[NearRow, ...]:
    views, reserved = linked(of), of.fields.reserved
    said = [name for name in _SAID if name in reserved]
    refs = [views.names[column.name] for column in columns]
    keys = [(ref.name, ref.is_input) for ref in refs] + [(name, False) for name in said]
    keys += [(of.dataset.id, True)] if of.dataset.id else []
    taken = [part.to_pylist() for part in of.table.take_all(keys, np.append(row, near))]
    values, rest = taken[: len(columns)], taken[len(columns) :]
    by_name: dict[str, list[Any]] = dict(zip(said, rest, strict=False))
    found = []
    for i, number in enumerate(near.tolist(), start=1):
        apart = gaps[:, i - 1]
        most = [int(k) for k in np.argsort(-apart, kind="stable")[:DIFFERENCES] if apart[k] > 0]
        found.append(
            NearRow(
                row=number,
                id=rest[-1][i] if of.dataset.id else None,
                distance=float(distances[i - 1]),
                label=by_name["label"][i] if "label" in by_name else None,
                prediction=by_name["prediction"][i] if "prediction" in by_name else None,
                correct=by_name["correct"][i] if "correct" in by_name else None,
                differences=tuple(
                    NeighbourDifference(columns[k].name, values[k][0], values[k][i]) for k in most
                ),
            )
        )
    return tuple(found)
