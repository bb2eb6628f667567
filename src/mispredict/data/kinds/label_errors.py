"""Labels that are likely wrong, as a check."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.words import counted
from mispredict.expectations.bounds import Bound, exact_share
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Estimate, Subject
from mispredict.expectations.verdict import FailingRow, Judged

_EXAMPLES = 10


@check_kind("label_errors")
@dataclass(frozen=True, kw_only=True)
class LabelErrorsCheck(Kind):
    """Few labels look wrong, by the probabilities of a model that did not learn from them.

    Attributes:
        max: the largest good share of rows whose label looks wrong.
        label: only rows with this label.
        method: `noise_rate`, `confident` or `disagreement`, as in `ev.label_errors()`.
        where: the cohort; all rows when left out.
        tag: only rows with this tag.
        exact: whether it is about these very rows, so that the value decides and not its
            interval.
    """

    max: float = option(minimum=0, maximum=1)
    label: str | int | bool | None = option(None, label=True)
    method: Literal["noise_rate", "confident", "disagreement"] = "noise_rate"
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    exact: bool = False

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        from mispredict.data.labels.confident import Probabilities, learn

        outcomes = subject.outcomes
        if not subject.task.is_classification or not outcomes.has_probabilities:
            raise BadOption(
                f"{subject.ref} has no probabilities of classes.",
                known="Labels are judged by the probability that a model gives them.",
                hint="ws.cross_validate(model, data)",
            )
        where = subject.condition(self.where, self.tag)
        label = np.where(subject.mask(where), np.asarray(outcomes.label, np.int32), np.int32(-1))
        first = np.asarray(outcomes.probability(0))
        label = np.where(np.isfinite(first), label, np.int32(-1))
        classes = len(subject.task.classes)
        probabilities = Probabilities(subject.n, classes, outcomes.probability)  # type: ignore[arg-type]
        found = learn(label, probabilities, method=self.method)
        counts = label >= 0
        if self.label is not None:
            counts &= label == self._code(subject)
        n = int(counts.sum())
        rows = np.flatnonzero(found.flagged & counts)
        low, high = exact_share(len(rows), n)
        share = Estimate(len(rows) / n if n else np.nan, low, high, n)
        examples = [
            self._example(subject, found, int(row))
            for row in rows[np.argsort(found.own[rows], kind="stable")][:_EXAMPLES]
        ]
        named = "" if self.label is None else f" ‘{self.label}’"
        bound = Bound(high=self.max, is_exact=self.exact)
        return bound.judged(
            share,
            f"The share of labels{named} that look wrong{f' where {where}' if where else ''}",
            more=f"{counted(len(rows), 'label')} to look at." if len(rows) else "",
            examples=examples,
            failing=len(rows),
        )

    def _code(self, subject: Subject) -> int:
        for code, name in enumerate(subject.task.classes):
            if name == self.label or str(name) == str(self.label):
                return code
        raise BadOption.choice("label", self.label, map(str, subject.task.classes))

    def _example(self, subject: Subject, found: Any, row: int) -> FailingRow:
        classes, outcomes = subject.task.classes, subject.outcomes
        said = int(np.asarray(outcomes.prediction)[row])
        return FailingRow(
            row=row,
            label=classes[int(np.asarray(outcomes.label)[row])],
            prediction=classes[said] if said >= 0 else None,
            probability=float(found.own[row]),
            note=f"looks like ‘{classes[int(found.suggested[row])]}’",
        )
