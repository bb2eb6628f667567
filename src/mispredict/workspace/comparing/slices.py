"""Slices of the difference of two models: the search of `cohorts`, wired to the comparison."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.cohorts.search.options import Found
    from mispredict.compare.diff.diff import DifferenceSearch
    from mispredict.compare.diff.pairs import Searcher, Slices
    from mispredict.compare.diff.sides import Side
    from mispredict.compare.diff.slices import Candidate
    from mispredict.workspace.comparing.comparing import Wish
    from mispredict.workspace.evaluation import Evaluation

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.intp]

FEW_ROWS = 100
FEW_CHANGED = 10  # rows that differ, under which a search is no use
MOST_CANDIDATES = 6  # of each direction
MOST_CHANGED = 40_000  # rows that are searched, and as many others
_SLACK = 0.9  # a slice of just the least size may by chance have fewer of the searched rows


def searcher(of: Evaluation, mask: Bools, wish: Wish) -> Searcher:
    """What looks for slices of the difference of two sides, in the evaluation's columns."""

    def search(after: Side, before: Side) -> tuple[Slices, Slices, DifferenceSearch]:
        return _search(of, after, before, mask, wish)

    return search


def _search(
    of: Evaluation, after: Side, before: Side, mask: Bools, wish: Wish
) -> tuple[Slices, Slices, DifferenceSearch]:
    from mispredict.cohorts.search.confirm import searched_part
    from mispredict.compare.diff.diff import DifferenceSearch
    from mispredict.compare.diff.slices import Judged, confirmed

    start = time.perf_counter()
    gap = after.costs - before.costs
    known = mask & np.isfinite(gap)
    rows = np.flatnonzero(known)
    changed = int(np.count_nonzero(gap[rows]))
    if len(rows) < FEW_ROWS or changed < FEW_CHANGED:
        note = (
            f"Not enough data for a search: of {counted(len(rows), 'row')} {changed:,} "
            f"{'differs' if changed == 1 else 'differ'}, and it needs {FEW_ROWS} rows of which "
            f"{FEW_CHANGED} differ."
        )
        return (), (), DifferenceSearch(0, 0, True, 0.0, note)
    searched = searched_part(len(rows), seed=wish.seed, keys=rows)
    held_out = np.zeros(of.n, np.bool_)
    held_out[rows[~searched]] = True
    judged = Judged(
        before.costs, after.costs, known, held_out, of.outcomes.weight, after.is_judged,
        after.measure,
    )  # fmt: skip
    part = _sample(rows[searched], gap, wish.seed)
    slices: list[Slices] = []
    seen: list[tuple[Found, int]] = []
    for sign in (1.0, -1.0):
        found, candidates = _found(of, part, sign * gap[part], wish)
        seen.append((found, len(candidates)))
        slices.append(confirmed(candidates, judged, is_worse=sign > 0))
    seconds = time.perf_counter() - start
    searched_n = sum(found.searched for found, _ in seen)
    tested = sum(count for _, count in seen)
    is_exhausted = all(found.is_exhausted for found, _ in seen)
    note = _note(searched_n, tested, sum(map(len, slices)), len(rows), seconds, is_exhausted)
    search = DifferenceSearch(searched_n, tested, is_exhausted, seconds, note)
    return slices[0], slices[1], search


def _sample(rows: Numbers, gap: Floats, seed: int) -> Numbers:
    """The rows to search: all, or of very many a part of those that differ and of the others.

    A cohort that is worse stands out by the rows that differ. Of the others so many as these
    tell nearly as much as all of them would; the test on the other half counts them all.
    """
    if len(rows) <= 2 * MOST_CHANGED:
        return rows
    random = np.random.default_rng(seed)
    differs = gap[rows] != 0
    parts = []
    for part in (rows[differs], rows[~differs]):
        most = min(MOST_CHANGED, len(part))
        parts.append(random.choice(part, most, replace=False, shuffle=False))
    return np.sort(np.concatenate(parts))


def _found(of: Evaluation, rows: Numbers, gap: Floats, wish: Wish) -> tuple[Found, list[Candidate]]:
    """Where the gap is larger than elsewhere, as cohorts of all rows."""
    from mispredict.cohorts.search.find import DEFAULT
    from mispredict.cohorts.search.options import Found
    from mispredict.cohorts.search.search import distinct
    from mispredict.cohorts.searchable import searchable
    from mispredict.cohorts.slices import search_columns
    from mispredict.compare.diff.slices import Candidate

    table = of._table_with(wish.columns)
    errors = gap - gap.min()
    space = searchable(
        table,
        search_columns(table, of._searched(wish.columns, wish.skip)),
        rows,
        errors=errors,
        is_searched=np.ones(len(rows), np.bool_),
        min_rows=int(wish.min_share * len(rows)),
    )
    if not space.space.columns or not errors.any():
        return Found((), 0, True, 0.0), []
    weight = of.outcomes.weight
    found = distinct(
        space.space,
        errors,
        weights=None if weight is None else weight[rows],
        options=replace(
            DEFAULT,
            k=MOST_CANDIDATES,
            conditions=wish.conditions,
            min_share=wish.min_share * _SLACK,
            budget_s=wish.budget_s / 2,
        ),
        cancel=wish.cancel,
    )
    predicates = [space.predicate(item.box) for item in found.slices]
    candidates = [Candidate(p.text, p.sentence(), table.mask(p)) for p in predicates]
    return found, candidates


def _note(
    searched: int, tested: int, kept: int, rows: int, seconds: float, is_exhausted: bool
) -> str:
    said = (
        f"{counted(searched, 'slice')} of the difference compared on one half of "
        f"{counted(rows, 'row')} in "
        f"{seconds:.1f} s"
    )
    if not is_exhausted:
        said += " (not exhausted: the time was up, or columns were cut coarser)"
    if kept:
        return f"{said}; {kept} of {tested} confirmed on the other half."
    return (
        f"No cohort differs more than chance explains. {said}; candidates: {tested}, none "
        "confirmed on the other half."
    )
