"""Errors left when a model may abstain: risk-coverage curves and what they come to.

Rows are taken from the surest on; the risk at a coverage is the error among the rows so far. The
area under that curve (AURC, Geifman and El-Yaniv 2017) is its mean over all n coverages; the
excess over that of an order with every wrong row last (Geifman, Uziel and El-Yaniv 2019) does not
depend on how good the model is. Rows that are equally sure have no order: each counts as their
mean, which is what a random order among them would give.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
        best: the same in the order of the losses.
    """

    order: Whole
    sure: Floats
    loss: Floats
    risk: Floats
    best: Floats

    @classmethod
    def of(cls, sure: Floats, loss: Floats) -> RiskCurve:
        """The curve of rows, of which each has a loss (or 1 for wrong and 0 for right)."""
        order = np.argsort(-sure, kind="stable")
        return cls(
            order,
            sure[order],
            loss[order],
            _prefix_means(_level_means(sure[order], loss[order])),
            _prefix_means(np.sort(loss)),
        )

    @property
    def n(self) -> int:
        return len(self.order)

    @property
    def area(self) -> float:
        """Area under the risk-coverage curve (AURC)."""
        return float(self.risk.mean()) if self.n else float("nan")

    @property
    def excess(self) -> float:
        """Area above that of the best order (E-AURC)."""
        return self.area - float(self.best.mean()) if self.n else float("nan")

    @property
    def area_error(self) -> float:
        """Standard error of the area, by the influence that each row has on it.

        The area is the mean of loss × −ln of the share of rows that are as sure; a row counts by
        its own loss and by moving the rows after it.
        """
        if self.n < 2:
            return float("nan")
        place = np.arange(1, self.n + 1)
        weight = _level_means(self.sure, np.cumsum(1 / place[::-1])[::-1])
        smooth = _level_means(self.sure, self.loss)
        moved = _level_means(self.sure, np.cumsum((smooth / place)[::-1])[::-1])
        influence = self.loss * weight - moved
        return float(influence.std(ddof=1) / np.sqrt(self.n))

    def kept(self, coverage: float) -> int:
        """Rows at a coverage: all that are as sure as the last one, too."""
        last = min(max(int(np.ceil(coverage * self.n)), 1), self.n) - 1
        return int(np.searchsorted(-self.sure, -self.sure[last], side="right"))

    def points(self) -> list[tuple[float, float, float]]:
        """Coverage, risk and best risk at some coverages, for a chart."""
        at = np.unique(np.linspace(0, self.n - 1, min(POINTS, self.n)).astype(np.int64))
        return [((i + 1) / self.n, float(self.risk[i]), float(self.best[i])) for i in at.tolist()]


def auroc(sure: Floats, wrong: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
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


def _prefix_means(values: Floats) -> Floats:
    means: Floats = np.cumsum(values) / np.arange(1, len(values) + 1)
    return means


def _level_means(sure: Floats, loss: Floats) -> Floats:
    """Each loss as the mean of those that are equally sure."""
    starts = np.flatnonzero(np.r_[True, sure[1:] != sure[:-1]]) if len(sure) else np.empty(0, int)
    if len(starts) == len(sure):
        return loss
    sizes = np.diff(np.r_[starts, len(sure)])
    means: Floats = np.repeat(np.add.reduceat(loss, starts) / sizes, sizes)
    return means
