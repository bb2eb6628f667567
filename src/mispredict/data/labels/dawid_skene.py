"""The true class of each row and how each person errs, from their votes alone.

Dawid & Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm",
Applied Statistics 28 (1979): rows have a class that is not seen, each person has chances of what
they say of each class, and both are estimated in turns, starting from the shares of votes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mispredict.core.errors import Cancelled
from mispredict.data.labels.kernels import Array
from mispredict.data.labels.votes import Votes

MOST_ROUNDS = 500
CLOSE = 1e-10  # of the log likelihood per vote, between two rounds


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """What the votes say, by maximum likelihood.

    Attributes:
        posterior: rows × K, chance of each class; the prior for a row without votes.
        prior: K, share of each class.
        confusion: people × K × K, chance that a person says a class (last) of a row of a class.
        likelihood: log likelihood of all votes.
        rounds: until it no longer rose.
        has_settled: whether it did.
    """

    posterior: Array
    prior: Array
    confusion: Array
    likelihood: float
    rounds: int
    has_settled: bool


def dawid_skene(
    votes: Votes,
    *,
    smoothing: float = 0.01,
    most_rounds: int = MOST_ROUNDS,
    cancel: Callable[[], bool] | None = None,
) -> Estimated:
    """The classes of rows and the errors of people that make the votes likeliest.

    Args:
        votes: of several people.
        smoothing: votes that each person is given for each pair of classes beforehand, so that
            what was never seen is not impossible; 0 is the paper's estimate.
        most_rounds: after which it ends.
        cancel: asked each round; True stops.
    """
    counts = votes.counts.astype(np.float64)
    totals = counts.sum(axis=1, keepdims=True)
    k = len(votes.classes)
    posterior = np.divide(counts, totals, out=np.full(counts.shape, 1 / k), where=totals > 0)
    before, rounds, settled = -np.inf, 0, False
    voted = totals[:, 0] > 0
    while not settled and rounds < most_rounds:
        if cancel is not None and cancel():
            raise Cancelled("the consensus was stopped.", hint="ask again")
        prior = posterior[voted].mean(axis=0)
        confusion = _confusion(votes, posterior, smoothing)
        posterior, likelihood = _expected(votes, prior, confusion)
        rounds += 1
        settled = abs(likelihood - before) <= CLOSE * len(votes)
        before = likelihood
    return Estimated(posterior, prior, confusion, before, rounds, settled)


def without(votes: Votes, found: Estimated) -> Array:
    """For each vote, the likeliest class of its row by all other people's votes."""
    scores = log(found.posterior)[votes.row] - log(found.confusion)[votes.who, :, votes.said]
    return np.asarray(scores.argmax(axis=1))


def log(values: Array) -> Array:
    """Logarithms, of 0 that of the smallest number."""
    return np.asarray(np.log(np.maximum(values, np.finfo(np.float64).tiny)))


def _confusion(votes: Votes, posterior: Array, smoothing: float) -> Array:
    people, k = len(votes.people), len(votes.classes)
    cells = votes.who * k + votes.said
    sums: Array = smoothing + np.stack(
        [
            np.bincount(cells, posterior[votes.row, true], minlength=people * k).reshape(people, k)
            for true in range(k)
        ],
        axis=1,
    )
    totals = sums.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(sums, totals, out=np.full(sums.shape, 1 / k), where=totals > 0))


def _expected(votes: Votes, prior: Array, confusion: Array) -> tuple[Array, float]:
    """Chances of the classes given the estimates, and the log likelihood of the votes."""
    chances = log(confusion)
    scores = np.tile(log(prior), (votes.n, 1))
    for true in range(len(votes.classes)):
        said = chances[votes.who, true, votes.said]
        scores[:, true] += np.bincount(votes.row, said, minlength=votes.n)
    most = scores.max(axis=1, keepdims=True)
    parts = np.exp(scores - most)
    sums = parts.sum(axis=1, keepdims=True)
    return parts / sums, float((most + np.log(sums)).sum())
