"""Coverage of the rows of one side by those of another: what the room needs is here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.figures import percent
from mispredict.core.options import number, some_names, whole
from mispredict.core.words import counted
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
from mispredict.data.drift.counting import Named, count
from mispredict.data.found_checks import check_yaml
from mispredict.metrics.intervals import wilson_bounds
from mispredict.workspace.drifting.sides import OUTCOMES, Rows, rows_of, shared_columns
from mispredict.workspace.drifting.usual import usual_reference
from mispredict.workspace.stages import Stages

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace

RARE = 5  # times as frequent as in the reference
NOTHING = "No column could be compared."


def coverage_of(
    workspace: Workspace,
    reference: str | Dataset | Evaluation | None,
    current: str | Dataset | Evaluation,
    *,
    where: str | Predicate | None,
    reference_where: str | Predicate | None,
    columns: Sequence[str] | None,
    bound: float = BOUND,
    search: bool = True,
    seed: int = 0,
    step: Stages,
) -> Coverage:
    """Regions of the current rows that the reference lacks."""
    step.total = 4 if search else 2
    begun = time.perf_counter()
    bound = number("bound", bound, 0, 1)
    seed = whole("seed", seed, 0, hint="seed=0")
    asked = None if columns is None else some_names("columns", columns)
    after = rows_of(workspace, current, where, name="current")
    given = usual_reference(workspace, after) if reference is None else reference
    before = rows_of(workspace, given, reference_where)
    coded, others, notes = shared_columns(before, after, asked)
    inputs = [item for item in coded if item.role not in OUTCOMES]
    step()
    counts = count(before.side, after.side, inputs)
    step()
    regions: list[Region] = column_regions(before.side, after.side, counts)
    if search and (inputs or others):
        _search(before, after, [*inputs, *others], regions, notes, seed, step)
    side = after.side
    rows = [region_row(region, side, before.side.n) for region in regions]
    rows.sort(key=lambda row: -row.n)
    mask = union(regions, side.table.n)
    n = int(mask.sum())
    is_known = bool(inputs or others)
    seen = np.array([n / side.n]) if is_known else np.array([np.nan])
    low, high = wilson_bounds(seen, np.array([float(side.n)]), 0.95)
    verdict = (
        "unsure"
        if not is_known
        else "gaps"
        if low[0] > bound
        else "covered"
        if high[0] <= bound
        else "unsure"
    )
    inside, rest = mean_error(side, mask), mean_error(side, side.selected & ~mask)
    gap, gap_low, gap_high = difference(side, inside, rest)
    return Coverage(
        tuple(rows), side.source, before.side.source, verdict, n, float(seen[0]),
        float(low[0]), float(high[0]), bound, measure_of(side), inside.value, inside.low,
        inside.high, inside.n, rest.value, gap, gap_low, gap_high, examples_of(mask),
        _note(n, side.n, len(rows), verdict) if is_known else NOTHING,
        tuple(notes), time.perf_counter() - begun,
        check_yaml("rows are covered by the reference", "coverage", {"max": bound}),
    )  # fmt: skip


def _search(
    before: Rows,
    after: Rows,
    columns: Sequence[Named],
    regions: list[Region],
    notes: list[str],
    seed: int,
    step: Stages,
) -> None:
    """Add regions of several columns that are rare in the reference, and of far rows."""
    from mispredict.workspace.drifting.near import MOST_ROWS, far_cohorts, far_rows
    from mispredict.workspace.drifting.pooled import cohorts_of, pooled

    table = pooled(before, after, columns, seed=seed)
    for row in cohorts_of(table, top=10, bound=0.0, min_share=0.002, seed=seed):
        is_rare = row.change > 0 and row.reference_share * RARE <= row.reference_share + row.low
        if is_rare:
            _add(before, after, row.where, "combination", regions)
    step()
    few = pooled(before, after, columns, seed=seed, most=MOST_ROWS)
    far = far_rows(few)
    step()
    if far is None:
        return
    share = float(far[few.is_current].mean())
    notes.append(
        f"{percent(share)} of the rows are farther from every reference row than 99 % of "
        "reference rows are from their nearest."
    )
    for slice_ in far_cohorts(few, far, seed=seed):
        _add(before, after, slice_.where, "neighbourhood", regions)


def _add(before: Rows, after: Rows, where: str, kind: str, regions: list[Region]) -> None:
    """Add the cohort unless most of it is in a region already."""
    predicate = after.predicate_of(where)
    mask = after.table.mask(predicate) & after.side.selected
    known = union(regions, after.table.n)
    if not mask.any() or (mask & known).sum() > 0.8 * mask.sum():
        return
    columns = dict.fromkeys(ref.name for ref in predicate.columns())
    there = before.table.mask(before.predicate_of(where)) & before.side.selected
    regions.append(Region(kind, ", ".join(columns), predicate, mask, int(there.sum())))


def _note(n: int, total: int, regions: int, verdict: str) -> str:
    if verdict == "covered":
        return (
            f"Covered: {n:,} of {counted(total, 'row')} ({percent(n / total)}) "
            f"{'is' if n == 1 else 'are'} unlike the reference."
        )
    return (
        f"{n:,} of {counted(total, 'row')} ({percent(n / total)}) {'lies' if n == 1 else 'lie'} in "
        f"{counted(regions, 'region')} "
        "that the reference lacks."
    )
