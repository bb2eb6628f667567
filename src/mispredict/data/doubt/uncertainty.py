"""Errors left when a model may abstain: risk-coverage curves and what they come to.

Rows are taken from the surest on; the risk at a coverage is the error among the rows so far. The
area under that curve (AURC, Geifman and El-Yaniv 2017) is its mean over all n coverages; the
excess over that of an order with every wrong row last (Geifman, Uziel and El-Yaniv 2019) does not
depend on how good the model is. Rows that are equally sure have no order: each counts as their
mean, which is what a random order among them would give.

With weights, a row of weight w counts as w rows that are equally sure, in units of the mean
weight: shares of rows are shares of the weight, and the area of equal weights is that of none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.data.doubt.weighing import effective_rows

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

POINTS = 100  # of the curve that is drawn


@dataclass(frozen=True, eq=False)
class RiskCurve:
    """Rows in the order of how sure they are, and the risk of each prefix.

    Attributes:
        order: numbers of the rows, the surest first.
        sure: how sure each one is, in that order.
        loss: the loss of each one, in that order.
        risk: mean loss of the first 1, 2, … n rows.
        best: the least risk of as many rows, or of as much weight.
        best_area: the area under the curve of that order.
        weight: of each row in the order of how sure, 1 on average; None for equal ones.
    """

    order: Whole
    sure: Floats
    loss: Floats
    risk: Floats
    best: Floats
    best_area: float
    weight: Floats | None = None

    @classmethod
    def of(cls, sure: Floats, loss: Floats, weight: Floats | None = None) -> RiskCurve:
        """The curve of rows, of which each has a loss (or 1 for wrong and 0 for right).

        Rows of weight 0 count for nothing and are left out of the curve.
        """
        order, ideal = np.argsort(-sure, kind="stable"), np.argsort(loss, kind="stable")
        if weight is None:
            best = _prefix_means(loss[ideal])
            risk = _prefix_means(_level_means(sure[order], loss[order]))
            return cls(order, sure[order], loss[order], risk, best, _mean(best))
        order, ideal = order[weight[order] > 0], ideal[weight[ideal] > 0]
        unit = weight / weight[order].mean() if len(order) else weight
        smooth = _level_means(sure[order], loss[order], unit[order])
        return cls(
            order,
            sure[order],
            loss[order],
            _prefix_means(smooth, unit[order]),
            _risk_at(np.cumsum(unit[order]), loss[ideal], unit[ideal]),
            _weighted_area(loss[ideal], loss[ideal], unit[ideal]),
            unit[order],
        )

    @property
    def n(self) -> int:
        return len(self.order)

    @property
    def area(self) -> float:
        """Area under the risk-coverage curve (AURC)."""
        if self.weight is None:
            return _mean(self.risk)
        return _weighted_area(self.sure, self.loss, self.weight)

    @property
    def excess(self) -> float:
        """Area above that of the best order (E-AURC)."""
        return self.area - self.best_area

    @property
    def area_error(self) -> float:
        """Standard error of the area, by the influence that each row has on it.

        The area is the mean of loss × −ln of the share of rows that are as sure; a row counts by
        its own loss and by moving the rows after it.
        """
        if self.n < 2:
            return float("nan")
        own = np.ones(self.n) if self.weight is None else self.weight
        place = np.cumsum(own)
        weight = _level_means(self.sure, _from_here(own / place), own)
        smooth = _level_means(self.sure, self.loss, own)
        moved = _level_means(self.sure, _from_here(smooth * own / place), own)
        influence = self.loss * weight - moved
        away = own * (influence - np.average(influence, weights=own))
        return float(np.sqrt((away**2).sum() / (self.n - 1) / self.n))

    def kept(self, coverage: float) -> int:
        """Rows at a coverage: all that are as sure as the last one, too."""
        last = min(max(int(np.ceil(coverage * self.n)), 1), self.n) - 1
        if self.weight is not None:
            wanted = coverage * self.n * (1 - 1e-12)
            last = min(int(np.searchsorted(np.cumsum(self.weight), wanted)), self.n - 1)
        return int(np.searchsorted(-self.sure, -self.sure[last], side="right"))

    def share(self, kept: int) -> float:
        """The share that the first rows are of all, by weight."""
        return kept / self.n if self.weight is None else float(self.weight[:kept].sum() / self.n)

    def mean(self, rows: slice) -> float:
        """Mean loss of some of the rows in the order of how sure."""
        weight = None if self.weight is None else self.weight[rows]
        return float(np.average(self.loss[rows], weights=weight))

    def worth(self, rows: slice) -> float:
        """How many rows of equal weight some of them are worth (Kish 1965)."""
        if self.weight is None:
            return float(len(self.loss[rows]))
        return effective_rows(self.weight[rows])

    def points(self) -> list[tuple[int, float, float, float]]:
        """Rows, coverage, risk and best risk at some coverages, for a chart."""
        at = np.unique(np.linspace(0, self.n - 1, min(POINTS, self.n)).astype(np.int64))
        return [
            (i + 1, self.share(i + 1), float(self.risk[i]), float(self.best[i]))
            for i in at.tolist()
        ]


def auroc(
    sure: Floats, wrong: npt.NDArray[np.bool_], weight: Floats | None = None
) -> tuple[float, float, float]:
    """Chance that a wrong row is less sure than a right one, with its interval.

    It is the AUROC of telling errors by uncertainty, with DeLong's variance.
    """
    from scipy.stats import rankdata

    from mispredict.core.task import Task, TaskKind
    from mispredict.metrics.measure import measure
    from mispredict.metrics.outcomes import Groups, Outcomes

    if not wrong.any() or wrong.all():
        return float("nan"), float("nan"), float("nan")
    rank = rankdata(-sure) / (len(sure) + 1)
    outcomes = Outcomes.of(
        Task(TaskKind.BINARY, ("right", "wrong")),
        wrong.astype(np.int32),
        (rank > 0.5).astype(np.int32),
        probabilities=np.column_stack([1 - rank, rank]),
        weight=weight,
    )
    row = measure(outcomes, Groups.whole(len(sure)), metrics=["roc_auc"])[0]
    return row.value, row.low, row.high


def disagreement(votes: npt.NDArray[np.integer], probabilities: Floats | None = None) -> Floats:
    """How far the members of an ensemble disagree on each row, from 0 to 1.

    With probabilities (members, n, K) it is the information that the members' identity has about
    the class, over log K (mutual information, as in BALD: Houlsby et al. 2011); else the share
    of members that do not vote with the most.

    Args:
        votes: (members, n) places of the predicted classes; -1 is no vote.
        probabilities: of the members.
    """
    if probabilities is not None:
        mean = probabilities.mean(axis=0)
        information = _entropy(mean) - _entropy(probabilities).mean(axis=0)
        found: Floats = np.clip(information / np.log(probabilities.shape[2]), 0.0, 1.0)
        return found
    classes = int(votes.max(initial=0)) + 1
    counts = np.stack([(votes == k).sum(axis=0) for k in range(classes)])
    cast = counts.sum(axis=0)
    with np.errstate(invalid="ignore"):
        shared: Floats = np.where(cast > 0, 1 - counts.max(axis=0) / cast, np.nan)
    return shared


def _entropy(probabilities: Floats) -> Floats:
    from scipy.special import xlogy

    entropy: Floats = -xlogy(probabilities, probabilities).sum(axis=-1)
    return entropy


def _prefix_means(values: Floats, weight: Floats | None = None) -> Floats:
    if weight is None:
        means: Floats = np.cumsum(values) / np.arange(1, len(values) + 1)
        return means
    held: Floats = np.cumsum(values * weight) / np.cumsum(weight)
    return held


def _risk_at(held: Floats, loss: Floats, weight: Floats) -> Floats:
    """The mean loss of the first rows of some weights, of which the last may count in part."""
    ends, lost = np.cumsum(weight), np.cumsum(loss * weight)
    last = np.minimum(np.searchsorted(ends, held * (1 - 1e-12)), max(len(ends) - 1, 0))
    if not len(ends):
        return held
    found: Floats = (lost[last] - (ends[last] - held) * loss[last]) / held
    return found


def _from_here(values: Floats) -> Floats:
    """The sum of each value and all after it."""
    sums: Floats = np.cumsum(values[::-1])[::-1]
    return sums


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else float("nan")


def _weighted_area(sure: Floats, loss: Floats, weight: Floats) -> float:
    """The mean risk over coverages, where a row of weight w is w rows that are equally sure.

    After rows of weight N and summed loss S, W rows of mean loss m add up to the risks
    Σ (S + j m) / (N + j), j = 1 … W, which is W m + (S - N m) (ψ(N + W + 1) - ψ(N + 1)) with the
    digamma function ψ: also where W is no whole number.
    """
    from scipy.special import digamma

    if not len(sure):
        return float("nan")
    starts = np.flatnonzero(np.r_[True, sure[1:] != sure[:-1]])
    wide = np.add.reduceat(weight, starts)
    means = np.add.reduceat(loss * weight, starts) / wide
    before = np.r_[0.0, np.cumsum(wide)[:-1]]
    lost = np.r_[0.0, np.cumsum(wide * means)[:-1]]
    steps = digamma(before + wide + 1) - digamma(before + 1)
    return float((wide * means + (lost - before * means) * steps).sum() / wide.sum())


def _level_means(sure: Floats, loss: Floats, weight: Floats | None = None) -> Floats:
    """Each loss as the mean of those that are equally sure."""
    starts = np.flatnonzero(np.r_[True, sure[1:] != sure[:-1]]) if len(sure) else np.empty(0, int)
    if len(starts) == len(sure):
        return loss
    sizes = np.diff(np.r_[starts, len(sure)])
    if weight is None:
        means: Floats = np.repeat(np.add.reduceat(loss, starts) / sizes, sizes)
        return means
    sums = np.add.reduceat(loss * weight, starts) / np.add.reduceat(weight, starts)
    held: Floats = np.repeat(sums, sizes)
    return held
