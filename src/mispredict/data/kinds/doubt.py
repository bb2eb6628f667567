"""Kinds about how well a model knows when it may be wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.data.doubt.conformal_ask import Wish, held_out
from mispredict.data.doubt.sureness import Measure, sureness
from mispredict.data.doubt.uncertainty import RiskCurve, auroc
from mispredict.data.doubt.weighing import unequal, weighted_share
from mispredict.data.kinds.sanity import SkillKind, has_label, labels
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate
from mispredict.expectations.verdict import FailingRow

if TYPE_CHECKING:
    from mispredict.expectations.planning import Plan
    from mispredict.expectations.subject import Answers, Bools, Floats, Numbers, Subject
    from mispredict.expectations.verdict import Judged

MOST_EXAMPLES = 10


@dataclass(frozen=True, kw_only=True)
class DoubtKind(SkillKind):
    """Base of kinds about the order of rows by how sure the model is.

    Attributes:
        measure: `confidence`, `margin` or `entropy`.
    """

    measure: Literal["confidence", "margin", "entropy"] = "confidence"

    def ordered(self, subject: Subject, seed: int) -> tuple[Numbers, Floats, Bools]:
        """Rows, how sure the model is of each, and whether it is wrong."""
        if not subject.task.is_classification or subject.predicted.probabilities is None:
            raise BadOption(
                f"{subject.ref} has no probabilities.",
                known="How sure a model is of a class is read from them.",
                hint="a model that answers probabilities",
            )
        rows = self.rows(subject, seed)
        said = subject.predicted.take(rows)
        assert said.probabilities is not None  # checked above
        wrong = said.codes != labels(subject)[rows].astype(np.int64)
        measure: Measure = self.measure
        return rows, sureness(said.probabilities, measure), wrong


@check_kind("selective")
@dataclass(frozen=True, kw_only=True)
class Selective(DoubtKind):
    """The model makes few errors among the rows that it is surest of.

    Attributes:
        kept: share of the rows, the surest ones; as many as are equally sure go with them.
        max: the largest good error rate among them.
    """

    kept: float = option(0.8, exclusive_minimum=0, maximum=1)
    max: float = option(minimum=0, maximum=1)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows, sure, wrong = self.ordered(subject, plan.seed)
        curve = RiskCurve.of(sure, wrong.astype(np.float64), weights(subject, rows))
        kept = curve.kept(self.kept)
        is_wrong = curve.loss[:kept] > 0
        bad = rows[curve.order[:kept][is_wrong]]
        threshold = abs(curve.sure[kept - 1])
        return Bound(high=self.max).judged(
            weighted_share(is_wrong, None if curve.weight is None else curve.weight[:kept]),
            f"The error rate of the surest {100 * curve.share(kept):.3g} % of the rows",
            more=f"They end at a {self.measure} of {threshold:.4g}.",
            examples=[_shown(subject, int(row)) for row in bad[:MOST_EXAMPLES]],
            failing=len(bad),
        )


@check_kind("knows_errors")
@dataclass(frozen=True, kw_only=True)
class KnowsErrors(DoubtKind):
    """Wrong rows are less sure than right ones, so that a person can be asked about those.

    Attributes:
        min: least chance that a wrong row is less sure than a right one (AUROC); 0.5 is a coin.
    """

    min: float = option(0.6, minimum=0, maximum=1)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows, sure, wrong = self.ordered(subject, plan.seed)
        value, low, high = auroc(sure, wrong, weights(subject, rows))
        found = Estimate(value, low, high, len(rows))
        return Bound(low=self.min).judged(
            found,
            f"The chance that a wrong row is less sure than a right one by {self.measure}",
            more=f"{counted(int(wrong.sum()), 'row is', 'rows are')} wrong.",
        )


@check_kind("conformal")
@dataclass(frozen=True, kw_only=True)
class Conformal(SkillKind):
    """Conformal sets hold the label as often as they say, in each cohort, too.

    Half of the rows calibrate the sets, the others are judged.

    Attributes:
        target: chance that a set holds the label.
        slack: by how much a cohort may fall short.
        method: `lac`, `aps` or `raps` of classes; the distance to the prediction of values.
        by: a column, or columns that are crossed; the worst value is held against the bound.
        cohorts: cohorts instead.
        smallest: cohorts with fewer judged rows are left out.
    """

    target: float = option(0.9, exclusive_minimum=0, exclusive_maximum=1)
    slack: float = option(0.05, minimum=0, maximum=1)
    method: Literal["lac", "aps", "raps"] = "lac"
    by: str | tuple[str, ...] | None = option(None, column=True)
    cohorts: tuple[str, ...] = option((), cohort=True)
    smallest: int = option(50, minimum=1)

    def validate(self) -> None:
        if self.by is not None and self.cohorts:
            raise BadOption(
                "give either by or cohorts.", known="Both were given.", hint="by='a column'"
            )

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows = self.rows(subject, plan.seed)
        is_value = subject.task.kind is TaskKind.REGRESSION
        wish = Wish(self.target, "absolute" if is_value else self.method, plan.seed)
        weight = None if weights(subject, rows) is None else subject.outcomes.weight
        judged, held = held_out(subject.predicted, labels(subject), rows, wish, weight)
        parts = self._parts(subject, judged)
        parts = {name: part for name, part in parts.items() if len(part) >= self.smallest}
        if not parts:
            raise EmptyCohort(
                f"no cohort has {counted(self.smallest, 'row')} to judge.",
                known=f"Half of {len(rows):,} rows are judged.",
                hint="smallest=20, or fewer cohorts",
            )
        level = 1 - 0.05 / len(parts)  # all intervals hold together
        place = {int(row): at for at, row in enumerate(judged)}
        found = {
            name: weighted_share(
                held[[place[int(row)] for row in part]],
                None if weight is None else weight[part],
                level=level,
            )
            for name, part in parts.items()
        }
        worst = min(found, key=lambda name: found[name].value)
        of = "" if worst == "all" else f" where {worst}"
        missed = judged[~held]
        return Bound(low=max(self.target - self.slack, 0.0)).judged(
            found[worst],
            f"The share of rows{of} whose set holds the label",
            more=f"Sets of {self.target:g}, calibrated on "
            f"{counted(len(rows) - len(judged), 'row')}.",
            examples=[_shown(subject, int(row)) for row in missed[:MOST_EXAMPLES]],
            failing=len(missed),
        )

    def _parts(self, subject: Subject, judged: Numbers) -> dict[str, Numbers]:
        """The judged rows of each cohort."""
        names = list(self.cohorts)
        if self.by is not None:
            metric = "mae" if subject.task.kind is TaskKind.REGRESSION else "accuracy"
            names = [item.cohort for item in subject.metrics(metric, self.by)]
        if not names:
            return {"all": judged}
        return {name: judged[subject.mask(name)[judged]] for name in names}


def weights(subject: Subject, rows: Numbers) -> Floats | None:
    """The weights of the rows, which count by them; None where all are equal."""
    weight = subject.outcomes.weight
    return None if weight is None else unequal(weight[rows])


def _shown(subject: Subject, row: int) -> FailingRow:
    said = subject.predicted
    chance = float("nan")
    if said.probabilities is not None and has_label(subject)[row]:
        code = int(labels(subject)[row])
        chance = float(said.probabilities[row, code]) if code < said.probabilities.shape[1] else 0.0
    return FailingRow(
        row=row, label=subject.label(row), prediction=said.prediction(row), probability=chance
    )
