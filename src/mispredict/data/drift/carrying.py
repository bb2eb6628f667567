"""Cohorts that have grown or shrunk: shares on rows that their search did not see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.core.figures import percent, shortened
from mispredict.data.drift.grown import newcombe
from mispredict.data.drift.results import DriftCohort
from mispredict.data.drift.words import points

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Candidate:
    """A cohort that a search proposes, as masks of both sides.

    `reference_held` and `current_held` are the rows that the search did not see.
    """

    where: str
    words: str
    p_adjusted: float
    reference: Bools
    current: Bools
    reference_held: Bools
    current_held: Bools
    error: float
    overall: float


def carried(candidate: Candidate, *, bound: float, tests: int) -> DriftCohort | None:
    """The cohort with its shares; None if its change alone is within the bound."""
    n, m = int(candidate.reference_held.sum()), int(candidate.current_held.sum())
    if not n or not m:
        return None
    before = float(candidate.reference[candidate.reference_held].mean())
    after = float(candidate.current[candidate.current_held].mean())
    low, high = newcombe(before, n, after, m, 1 - 0.05 / max(tests, 1))
    nearest = low if after > before else high
    if (nearest > 0) != (after > before) or distance(before, before + nearest) < bound:
        return None
    cost = (after - before) * (candidate.error - candidate.overall)
    word = "more" if after > before else "less"
    sentence = (
        f"Rows where {shortened(candidate.words)} are {word} frequent: {percent(after)} of the "
        f"current rows, {percent(before)} before ({points(low)} to {points(high)} points)."
    )
    return DriftCohort(
        where=candidate.where,
        reference_n=int(candidate.reference.sum()),
        current_n=int(candidate.current.sum()),
        reference_share=before,
        current_share=after,
        change=after - before,
        low=low,
        high=high,
        p_adjusted=candidate.p_adjusted,
        error=candidate.error,
        cost=cost,
        sentence=sentence,
    )


def distance(before: float, after: float) -> float:
    """Hellinger distance of two shares."""
    p, q = min(max(before, 0.0), 1.0), min(max(after, 0.0), 1.0)
    overlap = np.sqrt(p * q) + np.sqrt((1 - p) * (1 - q))
    return float(np.sqrt(max(1 - overlap, 0.0)))
