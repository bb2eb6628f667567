"""How far people agree beyond chance: Cohen's and Fleiss' kappa, Krippendorff's alpha.

Cohen (1960) for two people, Fleiss (1971) for as many as there are, Krippendorff (2011) also
where rows have different numbers of votes. Intervals are percentiles of a bootstrap over rows
(Efron 1979); of many rows over blocks of them, which says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

import numpy as np

from mispredict.data.labels.kernels import Array
from mispredict.data.labels.results import AnnotatorAgreement
from mispredict.data.labels.votes import Votes

DRAWS = 1000
MOST_BLOCKS = 2000
MOST_PAIRS = 45  # of people who are compared with each other: those of ten
LEVEL = 0.95


def agreements(votes: Votes, *, seed: int = 0) -> tuple[AnnotatorAgreement, ...]:
    """Krippendorff's alpha, Fleiss' kappa, and Cohen's kappa of each two people."""
    counts = votes.counts
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        return ()
    rng = np.random.default_rng(seed)
    everyone = f"{len(votes.people):,} annotators" if len(votes.people) > 1 else "all votes"
    found = [_of_rows("krippendorff_alpha", everyone, counts, _alpha_parts, _alpha, rng)]
    if len(np.unique(counts.sum(axis=1))) == 1:
        found.append(_of_rows("fleiss_kappa", everyone, counts, _fleiss_parts, _fleiss, rng))
    if len(votes.people) > 1:
        found.extend(_cohen(votes, rng))
    return tuple(found)


def krippendorff_alpha(counts: Array) -> float:
    """Krippendorff's alpha of nominal classes, from votes by row and class.

    Example:
        >>> import numpy as np
        >>> krippendorff_alpha(np.array([[2, 0], [0, 2], [2, 0]]))
        1.0
    """
    counts = counts[counts.sum(axis=1) >= 2]
    return float(_alpha(_alpha_parts(counts).sum(axis=0)[None])[0])


def fleiss_kappa(counts: Array) -> float:
    """Fleiss' kappa, from votes by row and class; rows have equally many votes."""
    return float(_fleiss(_fleiss_parts(counts).sum(axis=0)[None])[0])


def cohen_kappa(table: Array) -> float:
    """Cohen's kappa, from rows by what one person and another said."""
    return float(_kappa(np.asarray(table, np.float64)[None])[0])


Parts = Callable[[Array], Array]


def _of_rows(
    measure: str, between: str, counts: Array, parts: Parts, value: Parts, rng: np.random.Generator
) -> AnnotatorAgreement:
    """The measure with its interval, from sums over rows."""
    sums = _blocks(parts(counts))
    low, high = np.nan, np.nan
    if len(sums) > 1:
        weights = rng.multinomial(len(sums), np.full(len(sums), 1 / len(sums)), DRAWS)
        low, high = _middle(value(weights @ sums))
    whole = float(value(sums.sum(axis=0)[None])[0])
    return AnnotatorAgreement(measure, between, whole, low, high, len(counts))


def _blocks(parts: Array) -> Array:
    """Sums over blocks of rows, where there are more rows than are drawn from."""
    if len(parts) <= MOST_BLOCKS:
        return parts
    starts = np.linspace(0, len(parts), MOST_BLOCKS, endpoint=False).astype(np.int64)
    return np.asarray(np.add.reduceat(parts, starts, axis=0))


def _alpha_parts(counts: Array) -> Array:
    """Disagreement of a row's votes, then its votes of each class."""
    votes = counts.sum(axis=1)
    apart = (counts * (votes[:, None] - counts)).sum(axis=1) / (votes - 1)
    return np.column_stack([apart, counts]).astype(np.float64)


def _alpha(sums: Array) -> Array:
    classes = sums[:, 1:]
    total = classes.sum(axis=1)
    chance = (classes * (total[:, None] - classes)).sum(axis=1) / (total - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(chance > 0, 1 - sums[:, 0] / chance, np.nan))


def _fleiss_parts(counts: Array) -> Array:
    """A row's share of agreeing pairs, then its shares of each class, then 1."""
    votes = counts.sum(axis=1)
    agreeing = ((counts**2).sum(axis=1) - votes) / (votes * (votes - 1))
    return np.column_stack([agreeing, counts / votes[:, None], np.ones(len(counts))])


def _fleiss(sums: Array) -> Array:
    n = sums[:, -1]
    chance = ((sums[:, 1:-1] / n[:, None]) ** 2).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((sums[:, 0] / n - chance) / (1 - chance))


def _cohen(votes: Votes, rng: np.random.Generator) -> Iterator[AnnotatorAgreement]:
    k = len(votes.classes)
    table = np.full((votes.n, len(votes.people)), -1, np.int64)
    table[votes.row, votes.who] = votes.said
    for first, second in list(combinations(range(len(votes.people)), 2))[:MOST_PAIRS]:
        both = (table[:, first] >= 0) & (table[:, second] >= 0)
        n = int(both.sum())
        if n < 2:
            continue
        cells = np.bincount(table[both, first] * k + table[both, second], minlength=k * k)
        drawn = rng.multinomial(n, cells / n, DRAWS).reshape(DRAWS, k, k)
        low, high = _middle(_kappa(drawn.astype(np.float64)))
        between = f"{votes.people[first]}, {votes.people[second]}"
        value = cohen_kappa(cells.reshape(k, k))
        yield AnnotatorAgreement("cohen_kappa", between, value, low, high, n)


def _kappa(tables: Array) -> Array:
    total = tables.sum(axis=(1, 2))
    same = np.trace(tables, axis1=1, axis2=2) / total
    chance = (tables.sum(axis=1) * tables.sum(axis=2)).sum(axis=1) / total**2
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((same - chance) / (1 - chance))


def _middle(draws: Array) -> tuple[float, float]:
    known = draws[np.isfinite(draws)]
    if known.size < draws.size / 2:
        return np.nan, np.nan
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)
