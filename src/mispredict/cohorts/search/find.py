"""From columns and errors to findings: searched, confirmed, corrected, merged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.confirm import Comparison, compare, corrected, searched_part
from mispredict.cohorts.search.merge import merge
from mispredict.cohorts.search.options import Cancel, Found, Options, Progress
from mispredict.cohorts.search.search import Errors, Weights, distinct
from mispredict.cohorts.search.space import Box, Mask, Slice, Space

MOST_FINDINGS = 15


DEFAULT = Options(k=2 * MOST_FINDINGS, floor=0.0, min_share=0.005)
# A slice of just the least size may by chance have fewer of the searched rows.
_SLACK = 0.9
# Slices that hold so much of the rows are searched once more inside, for where they are worst.
_WIDE = 0.1
_MOST_WIDE = 3
_INSIDE = 2


@dataclass(frozen=True, slots=True)
class Rules:
    """When a slice is reported.

    `share` of the rows is searched; a slice is reported when its corrected p on the others is
    at most `significance`. At most `most` are.
    """

    share: float = 0.5
    seed: int = 0
    significance: float = 0.05
    correction: Literal["holm", "benjamini-yekutieli"] = "holm"
    level: float = 0.95
    most: int = MOST_FINDINGS


RULES = Rules()


@dataclass(frozen=True)
class Finding:
    """A confirmed slice.

    `n`, `size` and `errors` count all rows; `confirmed` compares the slice with all other rows
    among those that were not searched. `score` is the search's, `p_adjusted` is corrected.
    """

    box: Box
    n: int
    size: float
    errors: float
    score: float
    p_adjusted: float
    confirmed: Comparison


@dataclass(frozen=True)
class Findings:
    """Confirmed slices, the strongest first, and what they were picked from.

    `tested` slices were taken from the search to be confirmed.
    """

    slices: tuple[Finding, ...]
    tested: int
    searched: int
    is_exhausted: bool
    seconds: float


def find(
    space: Space,
    errors: Errors,
    *,
    weights: Weights | None = None,
    keys: NDArray[np.integer] | None = None,
    options: Options = DEFAULT,
    rules: Rules = RULES,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Findings:
    """The slices in which errors are really larger; none is an answer.

    Args:
        errors: error of each row, not negative.
        keys: a number per row that stays when rows are added or sorted; decides which part a row
            is in.
    """
    is_searched = searched_part(space.n, share=rules.share, seed=rules.seed, keys=keys)
    part, wrong = space.rows(is_searched), errors[is_searched]
    weight = None if weights is None else weights[is_searched]
    slack = replace(options, min_share=options.min_share * _SLACK)
    found = distinct(part, wrong, weights=weight, options=slack, progress=progress, cancel=cancel)
    inner = _inside(part, wrong, weight, found, slack, cancel)
    candidates = [(item, None) for item in found.slices] + inner
    test = _Test(space, errors, weights, ~is_searched, rules)
    findings = test.findings(candidates)
    return Findings(findings, len(candidates), found.searched, found.is_exhausted, found.seconds)


def _inside(
    space: Space,
    errors: Errors,
    weights: Weights | None,
    found: Found,
    options: Options,
    cancel: Cancel | None,
) -> list[tuple[Slice, int | None]]:
    """Where the widest of the slices are worst, each with the place of the slice it lies in."""
    inner: list[tuple[Slice, int | None]] = []
    wide = [i for i, item in enumerate(found.slices) if item.n >= _WIDE * space.n][:_MOST_WIDE]
    for place in wide:
        box = found.slices[place].box
        more = options.conditions - len(box.conditions)
        left = options.budget_s - found.seconds
        if more < 1 or left <= 0:
            continue
        rows = box.mask(space)
        share = options.min_share * space.n / max(1, int(rows.sum()))
        within = distinct(
            space.rows(rows),
            errors[rows],
            weights=None if weights is None else weights[rows],
            options=replace(
                options, k=_INSIDE, conditions=more, min_share=min(1.0, share), budget_s=left
            ),
            cancel=cancel,
        )
        inner += [(replace(item, box=box & item.box), place) for item in within.slices]
    return inner


@dataclass
class _Test:
    """The rows that confirm, and the rules by which they do."""

    space: Space
    errors: Errors
    weights: Weights | None
    is_held_out: Mask
    rules: Rules

    def findings(self, candidates: Sequence[tuple[Slice, int | None]]) -> tuple[Finding, ...]:
        slices = [item for item, _ in candidates]
        rows = [item.box.mask(self.space) for item in slices]
        whole = [self._compare(mask, ~mask) for mask in rows]
        alone = self._as_found(rows, [place for _, place in candidates])
        # Twice the one-sided p, so that a finding's interval does not hold 0.
        p = corrected(
            [min(1.0, 2 * max(a.p, b.p)) for a, b in zip(whole, alone, strict=True)],
            self.rules.correction,
        )
        real = [i for i in range(len(slices)) if p[i] <= self.rules.significance]
        kept = merge(
            [rows[i] for i in real],
            [len(slices[i].box.conditions) for i in real],
            most=self.rules.most,
            is_worse_than_rest=lambda i, j: self._is_worse(rows[real[i]], rows[real[j]]),
        )
        return tuple(
            self._finding(slices[i], rows[i], p[i], whole[i]) for i in (real[k] for k in kept)
        )

    def _as_found(self, rows: list[Mask], places: list[int | None]) -> list[Comparison]:
        """Each slice as it was found: among the rows that no earlier slice covers, or that the
        slice it lies in covers."""
        left = np.ones(self.space.n, np.bool_)
        found = []
        for mask, place in zip(rows, places, strict=True):
            among = left if place is None else rows[place]
            found.append(self._compare(mask & among, ~mask & among))
            if place is None:
                left &= ~mask
        return found

    def _is_worse(self, child: Mask, parent: Mask) -> bool:
        return self._compare(child, parent & ~child).p <= self.rules.significance

    def _compare(self, inside: Mask, outside: Mask) -> Comparison:
        return compare(
            inside & self.is_held_out,
            outside & self.is_held_out,
            self.errors,
            self.weights,
            level=self.rules.level,
        )

    def _finding(self, item: Slice, rows: Mask, p: float, confirmed: Comparison) -> Finding:
        weights = np.ones(self.space.n) if self.weights is None else self.weights
        size = float(weights[rows].sum())
        errors = float((weights[rows] * self.errors[rows]).sum())
        n = int(np.count_nonzero(rows))
        return Finding(item.box, n, size, errors, item.score, p, confirmed)
