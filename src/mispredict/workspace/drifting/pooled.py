"""Rows of both sides in one table, so that slices of it can be searched for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.predicate import Fields, parse
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType
from mispredict.data.drift.carrying import Candidate, carried, distance
from mispredict.data.drift.counting import Named
from mispredict.data.drift.results import DriftCohort
from mispredict.workspace.evaluating import SCORE

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.cohorts.slices import SliceRow
    from mispredict.engine.table import Table
    from mispredict.workspace.drifting.sides import Rows

MOST_ROWS = 50_000  # of each side
CONDITIONS = 2
BUDGET_S = 10.0
_ALIKE = 0.7

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pooled:
    """A table of rows of both sides, the reference's first; `numbers` are their own ones."""

    table: Table
    names: tuple[str, ...]
    is_current: Bools
    numbers: npt.NDArray[np.intp]
    target: Floats


def pooled(
    before: Rows, after: Rows, columns: Sequence[Named], *, seed: int = 0, most: int = MOST_ROWS
) -> Pooled:
    """At most so many rows of each side with these columns."""
    import pyarrow as pa

    from mispredict.engine.table import Table

    picked = [_some(np.flatnonzero(rows.side.selected), most, seed) for rows in (before, after)]
    names = tuple(column.name for column in columns)
    held = {name: _joined(before, after, name, picked) for name in names}
    reserved = dict.fromkeys(before.fields.reserved, ColumnType.OTHER)
    types = {name: before.fields.columns[name] for name in names}
    fields = Fields(types, reserved, (), {name: str(held[name].type) for name in names})
    stored = {
        f'input("{name}")' if name in reserved else name: column for name, column in held.items()
    }
    table = Table.from_arrow(pa.table(stored), fields=fields, task=SCORE)
    is_current = np.repeat([False, True], [len(rows) for rows in picked])
    targets = [
        np.full(len(rows), np.nan) if side.side.target is None else side.side.target[rows]
        for side, rows in zip((before, after), picked, strict=True)
    ]
    return Pooled(table, names, is_current, np.concatenate(picked), np.concatenate(targets))


def cohorts_of(
    found: Pooled,
    *,
    top: int,
    bound: float,
    min_share: float = 0.01,
    seed: int = 0,
    progress: Callable[[int, int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> list[DriftCohort]:
    """Cohorts that have grown or shrunk, those whose change is largest first."""
    from mispredict.cohorts.search.confirm import searched_part
    from mispredict.cohorts.search.find import RULES

    n = len(found.is_current)
    searched = searched_part(n, share=RULES.share, seed=seed, keys=np.arange(n))
    slices: list[SliceRow] = []
    for wanted, noun in ((found.is_current, "current"), (~found.is_current, "reference")):
        slices += _search(
            found, wanted.astype(np.float64), noun, top=top, min_share=min_share, seed=seed,
            progress=progress, cancel=cancel,
        )  # fmt: skip
    rows = [_carried(found, item, ~searched, bound, len(slices)) for item in slices]
    known = [row for row in rows if row is not None]
    known.sort(key=lambda row: -distance(row.reference_share, row.current_share))
    return _distinct(found, known)[:top]


def _distinct(found: Pooled, rows: list[DriftCohort]) -> list[DriftCohort]:
    """The cohorts that are neither much the same as one before nor all the rows outside of it."""
    kept: list[tuple[DriftCohort, Bools]] = []
    for row in rows:
        mask = found.table.mask(parse(row.where, found.table.fields))
        if all(abs(_correlation(mask, other)) < _ALIKE for _, other in kept):
            kept.append((row, mask))
    return [row for row, _ in kept]


def _correlation(first: Bools, second: Bools) -> float:
    """The phi coefficient of two cohorts."""
    p, q, both = first.mean(), second.mean(), (first & second).mean()
    spread = np.sqrt(p * (1 - p) * q * (1 - q))
    return float((both - p * q) / spread) if spread > 0 else 1.0


def _search(
    found: Pooled, values: Floats, noun: str, *, top: int, min_share: float, seed: int,
    progress: Any, cancel: Any,
) -> list[SliceRow]:  # fmt: skip
    from mispredict.cohorts.objective import Objective
    from mispredict.cohorts.slices import SearchOptions, Slices, find_slices

    target = Objective(noun, values, f"share of {noun} rows", f"are {noun}", is_rate=True)
    options = SearchOptions(
        columns=found.names, top=max(top, 5), conditions=CONDITIONS, min_share=min_share,
        budget_s=BUDGET_S, seed=seed,
    )  # fmt: skip
    result = find_slices(
        found.table, target, options, source=Source(noun, n=len(values)), progress=progress,
        cancel=cancel,
    )  # fmt: skip
    return list(result.rows) if isinstance(result, Slices) else []


def _carried(
    found: Pooled, item: SliceRow, held: Bools, bound: float, tests: int
) -> DriftCohort | None:
    predicate = parse(item.where, found.table.fields)
    mask = found.table.mask(predicate)
    reference, current = ~found.is_current, found.is_current
    errors = found.target[reference]
    inside = errors[mask[reference] & np.isfinite(errors)]
    known = errors[np.isfinite(errors)]
    candidate = Candidate(
        where=item.where,
        words=predicate.sentence(),
        p_adjusted=item.p_adjusted,
        reference=mask[reference],
        current=mask[current],
        reference_held=held[reference],
        current_held=held[current],
        error=float(inside.mean()) if len(inside) else float("nan"),
        overall=float(known.mean()) if len(known) else float("nan"),
    )
    return carried(candidate, bound=bound, tests=tests)


def _joined(
    before: Rows, after: Rows, name: str, picked: Sequence[npt.NDArray[np.intp]]
) -> pa.ChunkedArray:
    import pyarrow as pa

    parts = [
        rows.table.take(name, numbers, True)
        for rows, numbers in zip((before, after), picked, strict=True)
    ]
    first, second = (part.type for part in parts)
    if first != second:
        target = pa.float64() if pa.types.is_floating(first) else first
        if pa.types.is_floating(second):
            target = second
        parts = [part.cast(target) for part in parts]
    return pa.chunked_array(parts)


def _some(rows: npt.NDArray[np.intp], most: int, seed: int) -> npt.NDArray[np.intp]:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
