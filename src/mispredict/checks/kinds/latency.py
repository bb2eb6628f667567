"""How long the model takes to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mispredict.core.errors import EmptyCohort
from mispredict.core.words import counted
from mispredict.expectations.bounds import LEVEL, Bound
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Estimate, Subject
from mispredict.expectations.verdict import Judged
from mispredict.metrics.intervals import rank_bounds

_WARM_UP = 5


@check_kind("latency")
@dataclass(frozen=True, kw_only=True)
class LatencyCheck(Kind):
    """A quantile of the time that calls of the model take, measured here and now.

    Attributes:
        max_ms: the largest good time in milliseconds.
        quantile: which share of the calls must be within it: 0.5 the median, 0.95.
        per: whether the time is that of a call, or of a row of it.
        batch_rows: rows of a call.
        calls: how many calls are timed, after a few that are not.
        where: the cohort whose rows are sent; all rows when left out.
        tag: only rows with this tag.
        exact: whether the quantile of these calls decides, and not its interval.
    """

    max_ms: float = option(exclusive_minimum=0)
    quantile: float = option(0.95, exclusive_minimum=0, exclusive_maximum=1)
    per: Literal["call", "row"] = "call"
    batch_rows: int = option(1, minimum=1, maximum=1_000_000)
    calls: int = option(100, minimum=2, maximum=100_000)
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    exact: bool = False

    needs = "model"

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        among = subject.sample(None, subject.condition(self.where, self.tag), plan.seed)
        if not len(among):
            raise EmptyCohort("there are no rows to send.", hint="a wider cohort")
        rng = np.random.default_rng(plan.seed)
        kinds = max(1, min(self.calls, 2_000 // self.batch_rows))
        frame = subject.frame(rng.choice(among, kinds * self.batch_rows))
        seconds = []
        for call in range(_WARM_UP + self.calls):
            start = call % kinds * self.batch_rows
            batch = frame.iloc[start : start + self.batch_rows].reset_index(drop=True)
            seconds.append(subject.call(batch)[1])
        share = self.batch_rows if self.per == "row" else 1
        times = np.sort(np.array(seconds[_WARM_UP:]) * 1000 / share)
        found = _quantile(times, self.quantile)
        rows = counted(self.batch_rows, "row")
        return Bound(high=self.max_ms, is_exact=self.exact).judged(
            found,
            f"The {self.quantile:g} quantile of milliseconds per {self.per}, of {rows} a call,",
            unit="calls",
        )


def _quantile(times: np.ndarray, q: float) -> Estimate:
    """A quantile of sorted times with its interval by ranks; an end beyond them is open."""
    n = len(times)
    low, high = (float(end[0]) for end in rank_bounds(q, np.array([float(n)]), LEVEL))
    least = 0.0 if np.isnan(low) else float(times[max(int(np.floor(low * n)) - 1, 0)])
    most = np.inf if np.isnan(high) else float(times[min(int(np.ceil(high * n)), n - 1)])
    return Estimate(float(np.quantile(times, q)), least, most, n)
