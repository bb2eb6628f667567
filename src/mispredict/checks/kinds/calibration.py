"""Probabilities that mean what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.expectations.bounds import Bound, mean
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Subject
from mispredict.expectations.verdict import Judged

_METRICS = {"ece": "expected calibration error", "overconfidence": "overconfidence"}


@check_kind("calibration")
@dataclass(frozen=True, kw_only=True)
class CalibrationCheck(Kind):
    """The model is as often right as its confidence says, on the whole of a cohort.

    Attributes:
        max: the largest good value.
        measure: `ece`, the mean gap between confidence and accuracy over bins; or
            `overconfidence`, the mean confidence minus the accuracy.
        where: the cohort; all rows when left out.
        tag: only rows with this tag.
        exact: whether it is about these very rows, so that the value decides and not its
            interval.
    """

    max: float = option(minimum=0, maximum=1)
    measure: Literal["ece", "overconfidence"] = "ece"
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    exact: bool = False

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        where = subject.condition(self.where, self.tag)
        if self.measure == "ece":
            found = subject.metric("ece", where)
        else:
            found = mean(self._excess(subject)[subject.mask(where)])
        of = f" where {where}" if where else ""
        bound = Bound(high=self.max, is_exact=self.exact)
        return bound.judged(found, f"The {_METRICS[self.measure]}{of}")

    def _excess(self, subject: Subject) -> np.ndarray:
        """Confidence minus 1 for right and 0 for wrong rows; NaN without either."""
        outcomes = subject.outcomes
        if outcomes.confidence is None or not subject.task.is_classification:
            raise BadOption(
                f"{subject.ref} has no confidence.",
                known="It is the largest probability of a class.",
                hint="a model that answers probabilities",
            )
        label, said = np.asarray(outcomes.label), np.asarray(outcomes.prediction)
        right = np.where((label >= 0) & (said >= 0), label == said, np.nan)
        return np.asarray(outcomes.confidence, np.float64) - right
