"""Coverage of the rows of one side by those of another: what the room needs is here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.options import names, number
from mispredict.data.coverage import (
    BOUND,
    Region,
    column_regions,
    difference,
    examples_of,
    mean_error,
    region_row,
    union,
)
from mispredict.data.coverage_results import Coverage
from mispredict.data.drift.comparing import measure_of
from mispredict.data.drift.counting import count
from mispredict.data.drift.words import percent
from mispredict.metrics.intervals import wilson_bounds
from mispredict.workspace.drifting_sides import rows_of, shared_columns

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

OUTCOMES = ("label", "prediction", "confidence")


def coverage_of(
    workspace: Workspace,
    reference: str | Dataset | Evaluation,
    current: str | Dataset | Evaluation,
    *,
    where: str | Predicate | None,
    reference_where: str | Predicate | None,
    columns: Sequence[str] | None,
    bound: float = BOUND,
) -> Coverage:
    """Regions of the current rows that the reference lacks."""
    begun = time.perf_counter()
    bound = number("bound", bound, 0, 1)
    asked = None if columns is None else names("columns", columns)
    before = rows_of(workspace, reference, reference_where)
    after = rows_of(workspace, current, where, name="current")
    coded, _, notes = shared_columns(before, after, asked)
    inputs = [item for item in coded if item.role not in OUTCOMES]
    counts = count(before.side, after.side, inputs)
    regions: list[Region] = column_regions(before.side, after.side, counts)
    side = after.side
    rows = [region_row(region, side, before.side.n) for region in regions]
    rows.sort(key=lambda row: -row.n)
    mask = union(regions, side.table.n)
    n = int(mask.sum())
    low, high = wilson_bounds(np.array([n / side.n]), np.array([float(side.n)]), 0.95)
    verdict = "gaps" if low[0] > bound else "covered" if high[0] <= bound else "unsure"
    inside, rest = mean_error(side, mask), mean_error(side, side.selected & ~mask)
    gap, gap_low, gap_high = difference(side, inside, rest)
    return Coverage(
        tuple(rows), side.source, before.side.source, verdict, n, n / side.n,
        float(low[0]), float(high[0]), bound, measure_of(side), inside.value, inside.low,
        inside.high, inside.n, rest.value, gap, gap_low, gap_high, examples_of(mask),
        _note(n, side.n, len(rows), verdict), tuple(notes), time.perf_counter() - begun,
    )  # fmt: skip


def _note(n: int, total: int, regions: int, verdict: str) -> str:
    if verdict == "covered":
        return f"Covered: {n:,} of {total:,} rows ({percent(n / total)}) are unlike the reference."
    plural = "" if regions == 1 else "s"
    return (
        f"{n:,} of {total:,} rows ({percent(n / total)}) lie in {regions} region{plural} "
        "that the reference lacks."
    )
