"""Drift between two sets of rows of a workspace: what the room needs is here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.core.options import names, number
from mispredict.data.drift.comparing import BOUND, LEVEL, compare, judged, measure_of, whole_verdict
from mispredict.data.drift.results import Drift
from mispredict.data.drift.words import summary
from mispredict.workspace.drifting_sides import Rows, rows_of, shared_columns

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.workspace import Workspace


def drift_of(
    workspace: Workspace,
    reference: str | Dataset | Evaluation,
    current: str | Dataset | Evaluation,
    *,
    where: str | Predicate | None,
    reference_where: str | Predicate | None,
    columns: Sequence[str] | None,
    bound: float = BOUND,
    level: float = LEVEL,
) -> Drift:
    """The drift of each column from reference to current rows."""
    begun = time.perf_counter()
    bound = number("bound", bound, 0, 1, is_above=True)
    asked = None if columns is None else names("columns", columns)
    before = rows_of(workspace, reference, reference_where)
    after = rows_of(workspace, current, where, name="current")
    coded, _, notes = shared_columns(before, after, asked)
    found = compare(before.side, after.side, coded, bound=bound, level=level)
    measure = measure_of(before.side)
    rows = judged(found.rows, level=level, measure=measure)
    from dataclasses import replace

    found = replace(found, rows=rows)
    verdict = whole_verdict(rows)
    return Drift(
        rows=rows,
        source=after.side.source,
        reference=before.side.source,
        verdict=verdict,
        drifted=tuple(row.column for row in rows if row.verdict == "drift"),
        bound=bound,
        level=level,
        measure=measure,
        distributions=found.distributions,
        cohorts=(),
        parts=(),
        performance=(),
        note=summary(rows, before.side.n, after.side.n, verdict),
        notes=tuple(notes),
        seconds=time.perf_counter() - begun,
    )


__all__ = ["Rows", "drift_of"]
