"""Groups of rows, found by search, on which the model really fails."""

from __future__ import annotations

from typing import Any

import numpy as np

from mispredict.report.errors import usable
from mispredict.report.shapes import FoundSlice, SlicesPart
from mispredict.report.subject import Subject
from mispredict.report.wording import clip, plural

BUDGET_S = 10.0
LONGEST_NAME = 300
_FEWEST = 30  # rows whose halves could hold anything to compare


def slices(subject: Subject) -> SlicesPart | None:
    """The confirmed slices, worst first, or a note that says why there is none."""
    judged = int(np.isfinite(subject.chosen(subject.evaluation.target)).sum())
    if not judged:
        return None
    if judged < _FEWEST:
        note = f"Not enough data: {plural(judged, 'row')} can be judged."
        objective = "error" if subject.has("correct") else "loss"
        return SlicesPart((), objective, searched=0, exhausted=True, note=note)
    found = subject.evaluation.slices(where=subject.where, budget_s=BUDGET_S)
    return SlicesPart(
        rows=tuple(_slice(subject, row) for row in found.rows),
        objective=found.objective,
        searched=int(found.searched),
        exhausted=bool(found.exhausted),
        note=str(found.note),
    )


def _slice(subject: Subject, row: Any) -> FoundSlice:
    name = subject.evaluation.predicate(row.where).sentence()
    short = clip(name, LONGEST_NAME)
    return FoundSlice(
        name=short,
        sentence=row.sentence.replace(name, short, 1),
        where=usable(row.where),
        n=row.n,
        share=row.share,
        errors=row.errors,
        share_of_errors=row.share_of_errors,
        value=row.value,
        rest=row.rest,
        difference=row.difference,
        low=row.low,
        high=row.high,
        gain=row.gain,
        lift=row.lift,
        p_adjusted=row.p_adjusted,
        confirmed_n=row.confirmed_n,
        also=clip(row.also, LONGEST_NAME),
    )
