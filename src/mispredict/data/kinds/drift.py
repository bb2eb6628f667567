"""Kinds about rows that are no longer like those before: drift, coverage, estimates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.results import Source
from mispredict.core.task import TaskKind
from mispredict.data.coverage import column_regions, examples_of, union
from mispredict.data.drift.comparing import LEVEL, compare, judged
from mispredict.data.drift.counting import Named, count
from mispredict.data.drift.results import DriftRow
from mispredict.data.drift.sides import Side
from mispredict.data.drift.views import PredictionTable, columns_of, side_of
from mispredict.data.estimated.estimated import Estimator, known_metrics
from mispredict.data.estimated.estimated import Judged as Predicted
from mispredict.data.estimated.expected import LOSSES
from mispredict.expectations.bounds import Bound, share
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.data import DataKind, reference_of
from mispredict.expectations.options import option
from mispredict.expectations.subject import Estimate
from mispredict.expectations.verdict import FailingRow, Judged, Word

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView
    from mispredict.expectations.planning import Plan
    from mispredict.expectations.subject import Answers, Subject

_WORDS: dict[str, Word] = {"drift": "fail", "same": "pass", "unsure": "unsure"}


@check_kind("drift")
@dataclass(frozen=True, kw_only=True)
class Drift(DataKind):
    """No column differs from the reference by more than a distance.

    The distance is Hellinger's, from 0 to 1, with an interval corrected for all columns: a large
    dataset does not fail for a small difference.

    Attributes:
        columns: which; all with values or bins, but ids, times and weights, when left out.
        max: the largest distance; 0.05 is 50 % that became 57 %.
        where: the rows to compare.
        reference_where: the rows of the reference.
    """

    needs_reference: ClassVar[bool] = True

    columns: tuple[str, ...] = option((), column=True)
    max: float = option(0.05, exclusive_minimum=0, maximum=1)
    where: str | None = option(None, cohort=True)
    reference_where: str | None = option(None, cohort=True)

    def judge_data(self, data: DataView, seed: int) -> Judged:
        before = reference_of(data, self)
        mine, theirs = side_of(before, self.reference_where), side_of(data, self.where)
        named = columns_of(data, before, self.columns)
        rows = judged(compare(mine, theirs, named, bound=self.max).rows, level=LEVEL, measure="")
        return _drift_verdict(rows, theirs.n, self.max, "column")


@check_kind("prediction_drift")
@dataclass(frozen=True, kw_only=True)
class PredictionDrift(Kind):
    """Predictions on some rows are spread as they are on others.

    Compared are the predicted classes or values and the probability of the positive class (of
    several classes: the confidence).

    Attributes:
        against: the cohort of rows to compare with, such as those of an earlier time.
        where: the rows to compare; all others when left out.
        max: the largest Hellinger distance.
    """

    against: str = option(cohort=True)
    where: str | None = option(None, cohort=True)
    max: float = option(0.05, exclusive_minimum=0, maximum=1)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        reference = subject.mask(self.against)
        current = subject.mask(self.where) if self.where else ~reference
        table = PredictionTable(subject)
        mine, theirs = (
            Side(table, Source(subject.ref, n=int(mask.sum())), mask)
            for mask in (reference, current)
        )
        rows = judged(
            compare(mine, theirs, _said(subject), bound=self.max).rows, level=LEVEL, measure=""
        )
        return _drift_verdict(rows, theirs.n, self.max, "prediction")


@check_kind("coverage")
@dataclass(frozen=True, kw_only=True)
class Coverage(DataKind):
    """Few rows lie where the reference has none.

    Counted are rows with values that the reference lacks, numbers beyond its range, and values
    missing that never are there, where there are more of them than chance brings.

    Attributes:
        columns: which; all inputs when left out.
        max: the largest share of such rows.
        exact: whether the share alone decides, and not its interval.
    """

    needs_reference: ClassVar[bool] = True

    columns: tuple[str, ...] = option((), column=True)
    max: float = option(0.01, minimum=0, maximum=1)
    exact: bool = False

    def judge_data(self, data: DataView, seed: int) -> Judged:
        before = reference_of(data, self)
        mine, theirs = side_of(before, None), side_of(data, None)
        named = [c for c in columns_of(data, before, self.columns) if c.role != "label"]
        regions = column_regions(mine, theirs, count(mine, theirs, named))
        bad = union(regions, data.n)
        found = Bound(high=self.max, is_exact=self.exact).judged(
            share(bad),
            f"The share of rows that {before.ref} does not cover",
            more="; ".join(region.predicate.text for region in regions[:3]),
            examples=[FailingRow(row) for row in examples_of(bad)] if bad.any() else (),
            failing=int(bad.sum()),
        )
        return _with_where(found, " OR ".join(f"({r.predicate.text})" for r in regions))


@check_kind("estimated_performance")
@dataclass(frozen=True, kw_only=True)
class EstimatedPerformance(Kind):
    """A metric, estimated from the probabilities of rows without labels, is good enough.

    Probabilities are calibrated on the rows of `against`, which have labels. It cannot see a
    change of what inputs mean.

    Attributes:
        metric: what is estimated: accuracy, f1, roc_auc and the like.
        against: the cohort of rows with labels to learn from.
        where: the rows to estimate; all others when left out.
        min: the least value.
        max: the largest value, for losses.
        fall: instead of both, how far it may be worse than on the rows of `against`.
    """

    metric: str = option("accuracy", metric=True)
    against: str = option(cohort=True)
    where: str | None = option(None, cohort=True)
    min: float | None = option(None)
    max: float | None = option(None)
    fall: float | None = option(None, minimum=0)

    def validate(self) -> None:
        given = [item for item in (self.min, self.max) if item is not None]
        if bool(given) == (self.fall is not None):
            raise BadOption(
                "an estimate is held against min, max or a fall.",
                known=f"min={self.min}, max={self.max}, fall={self.fall}.",
                hint="fall=0.02",
            )

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        reference = subject.mask(self.against)
        current = subject.mask(self.where) if self.where else ~reference
        if not subject.task.is_classification:
            raise BadOption(
                f"the check is of a classification, and {subject.ref} is a {subject.task.kind}.",
                known="It estimates by probabilities.",
                hint="ev.estimated_performance('model/before') estimates errors of a regression",
            )
        (name,) = known_metrics(subject.task, [self.metric])
        rows = _predicted(subject)
        found = Estimator(rows.take(reference), seed=plan.seed)(rows.take(current), [name])[name]
        n = int(current.sum())
        value = Estimate(found.value, found.low, found.high, n)
        return self._bound(subject, name).judged(value, f"The estimated {name}")

    def _bound(self, subject: Subject, name: str) -> Bound:
        if self.fall is None:
            return Bound(self.min, self.max)
        base = subject.metric(name, self.against).value
        if name in LOSSES:
            return Bound(high=base + self.fall)
        return Bound(low=base - self.fall)


def _said(subject: Subject) -> list[Named]:
    found = [Named("prediction", "prediction")]
    if subject.predicted.probabilities is not None:
        is_binary = subject.task.kind is TaskKind.BINARY
        found.append(Named("probability" if is_binary else "confidence", "prediction"))
    return found


def _predicted(subject: Subject) -> Predicted:
    said, outcomes = subject.predicted, subject.outcomes
    if said.probabilities is None or outcomes.label is None:
        raise BadOption(
            f"{subject.ref} has no probabilities of classes.",
            known="Performance is estimated from them.",
            hint="predictions with a probability for each class",
        )
    positive = outcomes.positive
    raw = np.nan_to_num(np.asarray(said.probabilities, np.float64))
    return Predicted(raw, said.codes.astype(np.int32), outcomes.label, positive)


def _drift_verdict(rows: Sequence[DriftRow], n: int, bound: float, noun: str) -> Judged:
    """The verdict of the column that is furthest from passing."""
    if not rows:
        return Judged("unsure", f"There is no {noun} to compare.", n=n, bound=bound)
    order = ("drift", "unsure", "same")
    first = min(rows, key=lambda row: (order.index(row.verdict), -row.effect))
    drifted = [row.column for row in rows if row.verdict == "drift"]
    others = f" {len(drifted)} of {len(rows)} drift: {', '.join(drifted[:5])}." if drifted else ""
    return Judged(
        _WORDS[first.verdict],
        f"{first.sentence}{others}",
        first.effect,
        first.low,
        first.high,
        n,
        bound,
        f"≤ {bound:g}",
        where=first.where if first.verdict == "drift" and noun == "column" else "",
    )


def _with_where(found: Judged, where: str) -> Judged:
    from dataclasses import replace

    return replace(found, where=where)
