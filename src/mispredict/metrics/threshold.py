"""The threshold of a binary model that costs least, and what each other one would cost."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.options import number, shown
from mispredict.core.results import Interval, Result, Source
from mispredict.core.task import TaskKind
from mispredict.metrics.columns import no_probabilities
from mispredict.metrics.curves import ranking
from mispredict.metrics.outcomes import Array, Outcomes

_NOWHERE = Source("")
_GRID = np.linspace(0.0, 1.0, 201)


_COSTS = {
    "false_positive": "cost_fp",
    "false_negative": "cost_fn",
    "true_positive": "true_positive",
    "true_negative": "true_negative",
    "review_cost": "cost_review",
}


@dataclass(frozen=True, slots=True)
class Costs:
    """What each outcome of a row costs, in any unit; right ones may gain: a negative cost.

    `review` is a band of probabilities whose rows a person decides, without error, at
    `review_cost` each.
    """

    false_positive: float = 1.0
    false_negative: float = 1.0
    true_positive: float = 0.0
    true_negative: float = 0.0
    review: tuple[float, float] | None = None
    review_cost: float = 0.0

    def __post_init__(self) -> None:
        for name, said in _COSTS.items():
            least = -math.inf if name.startswith("true_") else 0.0
            number(said, getattr(self, name), least, hint=f"{said}=5")
        if self.review is not None and not _is_band(self.review):
            raise BadOption(
                f"review={shown(self.review)} is not a band of probabilities.",
                known="Both ends are between 0 and 1, the lower first.",
                hint="review=(0.4, 0.6)",
            )


@dataclass(frozen=True, slots=True)
class ThresholdRow:
    """What happens when rows with a probability of at least `threshold` are called positive.

    Reviewed rows are in none of `tp, fp, fn, tn`; `cost` is per row, reviewed ones included.
    Precision is missing where none is called positive, recall where none is.
    """

    threshold: float
    tp: float
    fp: float
    fn: float
    tn: float
    precision: float
    recall: float
    cost: float
    reviewed: float


@dataclass(frozen=True)
class ThresholdTable(Result):
    """Cost of thresholds from 0 to 1 and of the best one.

    Attributes:
        rows: 201 steps and the best, by threshold.
        best: the row that costs least.
        usual: the row of 0.5.
        change: bootstrap interval of the best one's cost less that of 0.5, per row.
        optimism: how much cheaper the best threshold looks on the rows it was chosen on than
            it will be on others, by the same bootstrap (Efron & Gong 1983).
        n: rows that count.
    """

    row_type: ClassVar[type] = ThresholdRow
    title: ClassVar[str] = "Thresholds"

    rows: tuple[ThresholdRow, ...]
    best: ThresholdRow
    usual: ThresholdRow
    change: Interval
    optimism: float
    n: int
    source: Source = _NOWHERE


def threshold(
    outcomes: Outcomes,
    costs: Costs | None = None,
    mask: Array | None = None,
    *,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> ThresholdTable:
    """Thresholds with their costs, and the one that costs least, for a binary task.

    The best is searched among all probabilities that occur, not only the rows shown.

    Raises:
        BadOption: the task is not binary, or there are no probabilities.
        EmptyCohort: no row counts.
    """
    if outcomes.task.kind is not TaskKind.BINARY:
        raise BadOption(
            f"a {outcomes.task.kind.value} task has no threshold to choose.",
            known="A threshold turns the probability of a binary task into a class.",
            hint="ev.metrics()",
        )
    if not outcomes.has_probabilities:
        raise no_probabilities("a choice of threshold")
    costs = costs or Costs()
    by_score, positive, weight = ranking(outcomes, mask, outcomes.positive)
    if not by_score.values.size:
        raise EmptyCohort("no rows to choose a threshold from.")
    rows = _Rows.of(by_score.values, positive == 1, weight, costs)
    best = float(rows.best())
    steps = np.unique(np.r_[_GRID, best])
    table = rows.table(steps)
    chosen, usual = (table[int(np.searchsorted(steps, step))] for step in (best, 0.5))
    change, optimism = rows.compare(steps, best, level, draws, seed)
    n = int(by_score.values.size)
    return ThresholdTable(tuple(table), chosen, usual, change, optimism, n)


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Rows by ascending probability, with what each costs when called either way."""

    scores: Array
    positive: Array
    weight: Array
    is_reviewed: Array
    as_positive: Array
    as_negative: Array
    costs: Costs

    @classmethod
    def of(cls, scores: Array, positive: Array, weight: Array, costs: Costs) -> _Rows:
        w = weight if weight.size else np.ones(scores.size)
        low, high = costs.review or (2.0, -1.0)
        reviewed = (scores >= low) & (scores <= high)
        up = np.where(positive, costs.true_positive, costs.false_positive)
        down = np.where(positive, costs.false_negative, costs.true_negative)
        up, down = (np.where(reviewed, costs.review_cost, cost) for cost in (up, down))
        return cls(scores, positive, w, reviewed, up, down, costs)

    def best(self) -> float:
        """The probability, or 1 beyond the largest, at which the cost is smallest."""
        starts = np.flatnonzero(np.r_[True, np.diff(self.scores) != 0])
        below = np.r_[0.0, np.cumsum(self.weight * (self.as_negative - self.as_positive))]
        change = below[np.r_[starts, self.scores.size]]
        at = np.flatnonzero(change <= change.min() + 1e-9 * self.weight.sum())
        beyond = np.nextafter(self.scores[-1], 2.0)
        candidates = np.r_[self.scores[starts], max(beyond, 1.0)][at]
        # of thresholds that cost the same, the one that changes the usual one least
        return float(candidates[np.abs(candidates - 0.5).argmin()])

    def table(self, steps: Array) -> list[ThresholdRow]:
        """The rows of some thresholds."""
        decided = ~self.is_reviewed
        from_step = np.searchsorted(self.scores, steps)
        total = self.weight.sum()
        tp, fp = (self._above(from_step, decided & p) for p in (self.positive, ~self.positive))
        fn, tn = tp[0] - tp[1], fp[0] - fp[1]
        cost = self._above(from_step, values=self.as_positive)[1]
        below = self._above(from_step, values=self.as_negative)
        with np.errstate(invalid="ignore"):  # of rows that all weigh 0 nothing is known
            cost = (cost + below[0] - below[1]) / total
            reviewed = float(self.weight[self.is_reviewed].sum() / total)
        table = np.stack([steps, tp[1], fp[1], fn, tn, cost], axis=1).tolist()
        return [_row(*values, reviewed=reviewed) for values in table]

    def _above(
        self, starts: Array, kept: Array | None = None, values: Array | None = None
    ) -> tuple[float, Array]:
        """Total weight (× value) of the rows kept, and that from each start on."""
        weight = self.weight if values is None else self.weight * values
        running = np.cumsum(weight if kept is None else np.where(kept, weight, 0.0))
        return float(running[-1]), running[-1] - np.r_[0.0, running][starts]

    def compare(
        self, steps: Array, best: float, level: float, draws: int, seed: int
    ) -> tuple[Interval, float]:
        """Interval of cost(best) − cost(0.5), and the optimism of having chosen the best."""
        count, mean, each = self._cells(steps)
        whole = count.sum()
        drawn = np.random.default_rng(seed).multinomial(whole, count / whole, size=draws)
        with np.errstate(invalid="ignore"):
            cost = (drawn * mean) @ each / (drawn @ mean)[:, None]
            own = (count * mean) @ each / (count @ mean)
        at, usual = int(np.searchsorted(steps, best)), int(np.searchsorted(steps, 0.5))
        tail = (1 - level) / 2
        low, high = np.quantile(cost[:, at] - cost[:, usual], [tail, 1 - tail])
        again = cost.argmin(axis=1)
        optimism = float((own[again] - cost[np.arange(draws), again]).mean())
        return Interval(float(low), float(high), level), max(optimism, 0.0)

    def _cells(self, steps: Array) -> tuple[Array, Array, Array]:
        """Rows that fare alike at every step: number, mean weight, cost at each step."""
        band = np.searchsorted(steps, self.scores, side="right")
        kind = (band * 2 + self.positive) * 2 + self.is_reviewed
        _, first, inverse = np.unique(kind, return_index=True, return_inverse=True)
        count = np.bincount(inverse)
        up = self.scores[first][:, None] >= steps[None, :]
        cost = np.where(up, self.as_positive[first][:, None], self.as_negative[first][:, None])
        return count, np.bincount(inverse, weights=self.weight) / count, cost


def _is_band(given: Any) -> bool:
    try:
        low, high = given
        return bool(0 <= low <= high <= 1)
    except (TypeError, ValueError):
        return False


def _row(
    step: float, tp: float, fp: float, fn: float, tn: float, cost: float, *, reviewed: float
) -> ThresholdRow:
    precision = tp / (tp + fp) if tp + fp > 0 else math.nan
    recall = tp / (tp + fn) if tp + fn > 0 else math.nan
    return ThresholdRow(step, tp, fp, fn, tn, precision, recall, cost, reviewed)
