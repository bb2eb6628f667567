"""A metric of a cohort, held against a bound."""

from __future__ import annotations

from dataclasses import dataclass

from mispredict.core.errors import BadOption
from mispredict.expectations.bounds import Bound, exact_share
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Estimate, Subject
from mispredict.expectations.verdict import Judged

_SHARES = ("accuracy", "error_rate")


@check_kind("metric")
@dataclass(frozen=True, kw_only=True)
class MetricCheck(Kind):
    """A metric of a cohort is at least, or at most, so much.

    Attributes:
        metric: any metric of the task, such as `accuracy` or `recall[yes]`.
        min: the least value that is good.
        max: the largest value that is good.
        where: the cohort; all rows when left out.
        tag: only rows with this tag.
        exact: whether it is about these very rows, so that the value decides and not its
            interval.
    """

    metric: str = option(metric=True)
    min: float | None = option(None)
    max: float | None = option(None)
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    exact: bool = False

    def validate(self) -> None:
        if self.min is None and self.max is None:
            raise BadOption(
                f"a check of {self.metric} needs a bound.",
                known="Neither min nor max is given.",
                hint="min=0.8",
            )

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        where = subject.condition(self.where, self.tag)
        found = subject.metric(self.metric, where)
        if self.metric in _SHARES and subject.outcomes.weight is None:
            low, high = exact_share(round(found.value * found.n) if found.n else 0, found.n)
            found = Estimate(found.value, low, high, found.n)
        bound = Bound(self.min, self.max, is_exact=self.exact)
        of = f" where {where}" if where else ""
        return bound.judged(found, f"The {self.metric}{of}", unit="rows")
