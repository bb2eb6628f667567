"""Slices of the difference of two models: the search of `cohorts`, wired to the comparison."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from mispredict.cohorts.search.find import Findings
    from mispredict.cohorts.searchable import Searchable
    from mispredict.compare.diff import DifferenceSearch
    from mispredict.compare.diff_pairs import Searcher, Slices
    from mispredict.compare.diff_sides import Side
    from mispredict.workspace.comparing import Wish
    from mispredict.workspace.evaluation import Evaluation

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

FEW_ROWS = 100
FEW_CHANGED = 10  # rows that differ, under which a search is no use


def searcher(of: Evaluation, mask: Bools, wish: Wish) -> Searcher:
    """What looks for slices of the difference of two sides, in the evaluation's columns."""

    def search(after: Side, before: Side) -> tuple[Slices, Slices, DifferenceSearch]:
        return _search(of, after, before, mask, wish)

    return search


def _search(
    of: Evaluation, after: Side, before: Side, mask: Bools, wish: Wish
) -> tuple[Slices, Slices, DifferenceSearch]:
    from mispredict.cohorts.search.confirm import searched_part
    from mispredict.cohorts.search.find import RULES
    from mispredict.cohorts.searchable import searchable
    from mispredict.cohorts.slices import search_columns
    from mispredict.compare.diff import DifferenceSearch
    from mispredict.compare.diff_slices import Judged, confirmed

    start = time.perf_counter()
    old, new = before.costs(), after.costs()
    gap = new - old
    rows = np.flatnonzero(mask & np.isfinite(gap))
    changed = int((gap[rows] != 0).sum())
    if len(rows) < FEW_ROWS or changed < FEW_CHANGED:
        note = (
            f"Not enough data for a search: {changed:,} of {len(rows):,} rows differ, and it "
            f"needs {FEW_ROWS} rows of which {FEW_CHANGED} differ."
        )
        return (), (), DifferenceSearch(0, 0, True, 0.0, note)
    searched = searched_part(len(rows), share=RULES.share, seed=wish.seed, keys=rows)
    held_out = np.zeros(of.n, np.bool_)
    held_out[rows[~searched]] = True
    weight = of.outcomes.weight
    judged = Judged(old, new, held_out, weight, after.is_judged, after.measure)
    names = search_columns(of._table_with(wish.columns), of._searched(wish.columns, wish.skip))
    slices: list[Slices] = []
    seen: list[Findings] = []
    for sign in (1.0, -1.0):
        errors = sign * gap[rows]
        errors = errors - errors.min()
        space = searchable(
            of._table_with(wish.columns),
            names,
            rows,
            errors=errors,
            is_searched=searched,
            min_rows=int(wish.min_share * len(rows)),
        )
        if not space.space.columns:
            note = "There is no column to search in."
            return (), (), DifferenceSearch(0, 0, True, 0.0, note)
        found = _find(space, errors, None if weight is None else weight[rows], rows, wish)
        seen.append(found)
        slices.append(
            confirmed(
                _candidates(of, space, found, rows),
                judged,
                is_worse=sign > 0,
                tested=found.tested,
            )
        )
    seconds = time.perf_counter() - start
    note = _note(seen, slices, len(rows), seconds, wish)
    return slices[0], slices[1], DifferenceSearch(
        sum(item.searched for item in seen), sum(item.tested for item in seen),
        all(item.is_exhausted for item in seen), seconds, note,
    )  # fmt: skip


def _find(
    found: Searchable, errors: Floats, weight: Floats | None, rows: npt.NDArray[np.intp], wish: Wish
) -> Findings:
    from mispredict.cohorts.search.find import DEFAULT, RULES, find

    return find(
        found.space,
        errors,
        weights=weight,
        keys=rows,
        options=replace(
            DEFAULT,
            conditions=wish.conditions,
            min_share=wish.min_share,
            budget_s=wish.budget_s / 2,
        ),
        rules=replace(RULES, seed=wish.seed),
        cancel=wish.cancel,
    )


def _candidates(
    of: Evaluation, space: Searchable, found: Findings, rows: npt.NDArray[np.intp]
) -> list[object]:
    from mispredict.compare.diff_slices import Candidate

    made = []
    for item in found.slices:
        predicate = space.predicate(item.box)
        mask = np.zeros(of.n, np.bool_)
        mask[rows] = item.box.mask(space.space)
        made.append(Candidate(predicate.text, predicate.sentence(), mask, item.p_adjusted))
    return made


def _note(seen: list[Findings], slices: list[Slices], rows: int, seconds: float, wish: Wish) -> str:
    searched = sum(item.searched for item in seen)
    tested = sum(item.tested for item in seen)
    kept = sum(map(len, slices))
    said = (
        f"{searched:,} slices of the difference compared on one half of {rows:,} rows in "
        f"{seconds:.1f} s"
    )
    if not all(item.is_exhausted for item in seen):
        said += " (not exhausted: the time was up, or columns were cut coarser)"
    if kept:
        return f"{said}; {kept} of {tested} confirmed on the other half."
    return (
        f"No cohort differs more than chance explains. {said}; candidates: {tested}, none "
        "confirmed on the other half."
    )
