"""Words that tell one group of texts from the others, and a cohort of a few of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.tokens import TokenIndex, stop_words
from mispredict.core.predicate import ColumnRef, any_of, has

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

_PRIOR = 500.0  # texts that all groups are thought to share, so that rare words don't lead
_LEAST_Z = 4.0  # some thousand words are looked at
_MOST_TRIED = 12  # words that a cohort is made of are among the most telling ones


@dataclass(frozen=True, slots=True)
class WordCohort:
    """A few words, the cohort of texts with any of them, and how well it fits the group.

    `precision` is the share of its rows that are in the group, `recall` the share of the group
    that it has.
    """

    words: tuple[str, ...]
    where: Predicate | None
    precision: float
    recall: float


def telling_words(index: TokenIndex, inside: Bools, *, most: int = 8) -> tuple[str, ...]:
    """Words that texts inside have more often than others, the surest first.

    Log-odds with an informative prior (Monroe, Colaresi & Quinn 2008), over texts with the word.
    Grammar words are left out where others are found.
    """
    order = _order(index, inside)
    names = [index.vocabulary[at] for at in order]
    content = [name for name in names if name not in stop_words()]
    return tuple((content or names)[:most])


def word_cohort(
    index: TokenIndex, column: ColumnRef, inside: Bools, *, searched: Bools, most: int = 4
) -> WordCohort:
    """The words whose texts fit the group best (F1), found on the `searched` rows.

    Precision and recall are those of the other rows.
    """
    tried = _order(index, inside & searched, searched)[:_MOST_TRIED]
    holds = {at: _holds(index, at) for at in tried}
    chosen: list[int] = []
    covered, best = np.zeros(index.n, dtype=bool), 0.0
    for _ in range(most):
        scores = {at: _f1(covered | holds[at], inside, searched) for at in tried}
        top = max(scores, key=lambda at: scores[at], default=-1)
        if top < 0 or scores[top] <= best * 1.02:
            break
        chosen.append(top)
        covered, best = covered | holds[top], scores[top]
    words = tuple(index.vocabulary[at] for at in chosen)
    where = any_of([has(column, word) for word in words]) if words else None
    both = float((covered & inside & ~searched).sum())
    precision = _ratio(both, float((covered & ~searched).sum()))
    return WordCohort(words, where, precision, _ratio(both, float((inside & ~searched).sum())))


def _order(index: TokenIndex, inside: Bools, among: Bools | None = None) -> Sequence[int]:
    """Words by how sure it is that texts inside have them more often."""
    everywhere = np.ones(index.n, dtype=bool) if among is None else among
    here = index.totals(inside.astype(np.float64))
    there = index.totals(everywhere.astype(np.float64)) - here
    n_here, n_there = float(inside.sum()), float((everywhere & ~inside).sum())
    if not n_here or not n_there:
        return []
    prior = _PRIOR * (here + there) / (n_here + n_there)
    odds = _log_odds(here, n_here, prior) - _log_odds(there, n_there, prior)
    error = np.sqrt(1 / (here + prior + 1e-9) + 1 / (there + prior + 1e-9))
    z = odds / error
    order: list[int] = np.argsort(-z, kind="stable").tolist()
    return [at for at in order if z[at] > _LEAST_Z]


def _log_odds(count: Floats, n: float, prior: Floats) -> Floats:
    odds: Floats = np.log((count + prior + 1e-9) / (n + _PRIOR - count - prior + 1e-9))
    return odds


def _holds(index: TokenIndex, at: int) -> Bools:
    mask = np.zeros(index.n, dtype=bool)
    mask[index.rows[index.starts[at] : index.starts[at + 1]]] = True
    return mask


def _f1(covered: Bools, inside: Bools, searched: Bools) -> float:
    both = (covered & inside & searched).sum()
    return _ratio(2 * float(both), float((covered & searched).sum() + (inside & searched).sum()))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
