"""Cohorts that must not be served much worse than others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.figures import decimals, figure
from mispredict.core.words import counted
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Estimate, Floats, Subject
from mispredict.expectations.verdict import Judged

_LEAST = 1e-12


@check_kind("gap")
@dataclass(frozen=True, kw_only=True)
class GapCheck(Kind):
    """A metric differs between cohorts by at most so much, each pair of them looked at.

    Attributes:
        metric: any metric of the task.
        by: columns whose values are compared; their crossing, of several.
        cohorts: these cohorts are compared instead.
        max: the largest good difference between two of them.
        min_ratio: the least good ratio of two of them, such as 0.8.
        where: only rows of this cohort.
        tag: only rows with this tag.
        smallest: cohorts with fewer rows are left out, and counted in the sentence.
        exact: whether it is about these very rows, so that the values decide and not their
            intervals.
    """

    metric: str = option(metric=True)
    by: tuple[str, ...] = option((), column=True)
    cohorts: tuple[str, ...] = option((), cohort=True)
    max: float | None = option(None, minimum=0)
    min_ratio: float | None = option(None, minimum=0, maximum=1)
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    smallest: int = option(30, minimum=1)
    exact: bool = False

    def validate(self) -> None:
        if bool(self.by) == bool(self.cohorts):
            raise BadOption(
                "a gap is between the values of columns, or between cohorts.",
                known="Exactly one of by and cohorts is given.",
                hint="by=['Geography']",
            )
        if (self.max is None) == (self.min_ratio is None):
            raise BadOption(
                f"a gap of {self.metric} needs one bound.",
                known="Exactly one of max and min_ratio is given.",
                hint="max=0.05",
            )
        if len(self.cohorts) == 1:
            raise BadOption("a gap is between two cohorts or more.", hint="cohorts=['…', '…']")

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        where = subject.condition(self.where, self.tag)
        by = self.by or self.cohorts
        groups = [group for group in subject.metrics(self.metric, by, where) if group.n]
        large = [group for group in groups if group.n >= self.smallest]
        small = len(groups) - len(large)
        more = f"{counted(small, 'cohort')} of fewer than {self.smallest} rows left out."
        if len(large) < 2:
            return Judged(
                "unsure",
                f"The gap of {self.metric} is not known: "
                f"{counted(len(large), 'cohort')} large enough."
                f"{f' {more}' if small else ''}",
                expected=self._bound.words,
            )
        pairs = len(large) * (len(large) - 1)
        wide = subject.metrics(self.metric, by, where, level=1 - 0.05 / pairs)
        chosen = {group.cohort for group in large}
        found, one, other = self._widest([group for group in wide if group.cohort in chosen])
        places = decimals(found.low, found.high) if self.max is not None else None
        return self._bound.judged(
            found,
            f"The {'gap' if self.max is not None else 'ratio'} of {self.metric} between "
            f"{one.cohort} ({figure(one.value, places)}, {counted(one.n, 'row')}) and "
            f"{other.cohort} ({figure(other.value, places)}, {counted(other.n, 'row')}), "
            f"the {'widest' if self.max is not None else 'least'} among {len(large)} cohorts,",
            more=more if small else "",
        )

    @property
    def _bound(self) -> Bound:
        return Bound(low=self.min_ratio, high=self.max, is_exact=self.exact)

    def _widest(self, groups: Sequence[Estimate]) -> tuple[Estimate, Estimate, Estimate]:
        """The widest gap with an interval that holds for all pairs at once, and its cohorts."""
        value, low, high = (
            np.array([getattr(group, name) for group in groups])
            for name in ("value", "low", "high")
        )
        compared = _differences if self.max is not None else _ratios
        table = compared(value, low, high)
        sign = 1 if self.max is not None else -1
        for part in table:
            np.fill_diagonal(part, -sign * np.inf)
        gap, least, most = (sign * part for part in table)
        if np.isnan(gap).any():
            nan = float("nan")
            return Estimate(nan, nan, nan, sum(g.n for g in groups)), groups[0], groups[1]
        one, other = np.unravel_index(int(np.argmax(gap)), gap.shape)
        ends = sorted((sign * float(least.max()), sign * float(most.max())))
        n = sum(group.n for group in groups)
        estimate = Estimate(sign * float(gap.max()), ends[0], ends[1], n)
        return estimate, groups[int(one)], groups[int(other)]


def _differences(value: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Each value minus each other one, with an interval from both (Zou & Donner 2008)."""
    gap = value[:, None] - value[None, :]
    down, up = value - low, high - value
    least = gap - np.sqrt(down[:, None] ** 2 + up[None, :] ** 2)
    most = gap + np.sqrt(up[:, None] ** 2 + down[None, :] ** 2)
    return gap, least, most


def _ratios(value: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats, Floats]:
    """Each value over each other one, with an interval from both on the scale of logarithms."""
    log, least, most = (np.log(np.maximum(part, _LEAST)) for part in (value, low, high))
    return tuple(np.exp(part) for part in _differences(log, least, most))  # type: ignore[return-value]
