"""Kinds that any model should pass: it beats a constant, learns, and does not hang on one input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption, EmptyCohort, UnknownColumn
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.data.doubt.ablation import Ablated, ablate, lost_by_column
from mispredict.data.doubt.skill import check_task, skill, skill_gap
from mispredict.expectations.bounds import Bound
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Estimate

if TYPE_CHECKING:
    from mispredict.data.doubt.skill import Labels
    from mispredict.expectations.subject import Answers, Bools, Numbers, Subject
    from mispredict.expectations.verdict import Judged

SEEN = 0.1  # of skill, that may be luck


@dataclass(frozen=True, kw_only=True)
class SkillKind(Kind):
    """Base of kinds about skill: the share of a constant predictor's loss that is saved.

    Attributes:
        where: the cohort; all rows when left out.
        tag: only rows with this tag.
    """

    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)

    def rows(self, subject: Subject, seed: int, sample: int | None = None) -> Numbers:
        """Rows with label and prediction: those of the cohort, or a sample of them."""
        check_task(subject.task)
        where = subject.condition(self.where, self.tag)
        numbers = subject.sample(None, where, seed)
        numbers = numbers[has_label(subject)[numbers] & subject.predicted.known[numbers]]
        if not len(numbers):
            raise EmptyCohort(
                "there are no rows with a label and a prediction.",
                known=f"Of {subject.ref}{f' where {where}' if where else ''}.",
                hint="a wider cohort",
            )
        if sample is None or sample >= len(numbers):
            return numbers
        return np.sort(np.random.default_rng(seed).choice(numbers, sample, replace=False))


@check_kind("beats_constant")
@dataclass(frozen=True, kw_only=True)
class BeatsConstant(SkillKind):
    """The model is better than the best predictor that always says the same.

    Attributes:
        min_skill: least share of that predictor's loss (Brier score, error rate, or squared
            error) that the model saves.
    """

    min_skill: float = option(0.0, maximum=1)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows = self.rows(subject, plan.seed)
        found = skill(subject.predicted.take(rows), labels(subject)[rows])
        more = "" if found.n and not np.isnan(found.value) else "All labels are the same."
        return Bound(low=self.min_skill).judged(found, "The skill over a constant", more=more)


@check_kind("train_gap")
@dataclass(frozen=True, kw_only=True)
class TrainGap(SkillKind):
    """The model is about as good on rows that it did not learn from as on those it did.

    Attributes:
        train: the cohort of the rows that it learned from, such as `split = 'train'`.
        max: the largest good difference of the skills (1 is a perfect model, 0 a constant one).
    """

    train: str = option(cohort=True)
    max: float = option(0.1, minimum=0)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows = self.rows(subject, plan.seed)
        is_train = subject.mask(self.train)[rows]
        if is_train.all() or not is_train.any():
            raise EmptyCohort(
                f"{'all' if is_train.any() else 'none'} of the rows meet {self.train}.",
                known="Rows that the model learned from are compared with others.",
                hint="train=\"split = 'train'\"",
            )
        seen, unseen = (
            skill(subject.predicted.take(part), labels(subject)[part])
            for part in (rows[is_train], rows[~is_train])
        )
        more = f"It is {seen.value:.4g} there and {unseen.value:.4g} on the other rows."
        return Bound(high=self.max).judged(
            skill_gap(seen, unseen), f"The skill that is lost outside {self.train}", more=more
        )


@check_kind("input_ablation")
@dataclass(frozen=True, kw_only=True)
class InputAblation(SkillKind):
    """No single input carries the model: of all that shuffling inputs costs, each is a part.

    An input that nearly everything hangs on is often a leak, or a model that learned too little.

    Attributes:
        columns: the inputs to shuffle, one at a time; all when left out.
        max_share: the largest part of the skill that one input may carry: what is lost without
            it, of what is lost without each in turn.
        sample: number of rows that are drawn; null for all.
    """

    columns: tuple[str, ...] | None = option(None, column=True)
    max_share: float = option(0.9, minimum=0, maximum=1)
    sample: int | None = option(1000, minimum=2)

    needs = "model"

    def plan(self, subject: Subject, seed: int) -> Plan:
        rows = self.rows(subject, seed, self.sample)
        names = tuple(self.columns or subject.columns)
        for name in names:
            if name not in subject.columns:
                raise UnknownColumn.among(name, subject.columns, where="the model's inputs")
        if len(subject.columns) < 2:
            raise BadOption(
                "the model has one input alone.",
                known="Without it nothing can be left.",
                hint="beats_constant",
            )
        frame, work = ablate(subject.frame(rows), rows, names, seed)
        return Plan(frame, work, seed)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        work: Ablated = plan.work
        before, label = subject.predicted.take(work.rows), labels(subject)[work.rows]
        found = lost_by_column(before, answers, label, work)
        worst = max(found, key=lambda item: item.lost.value)
        unused = [item.column for item in found if not item.changed]
        more = f"Nothing changes without {', '.join(unused)}." if unused else ""
        carried = Estimate(worst.share, worst.share_low, worst.share_high, worst.lost.n)
        return Bound(high=self.max_share).judged(
            carried, f"The part of the skill that hangs on {worst.column}", more=more
        )


@check_kind("overfits_batch")
@dataclass(frozen=True, kw_only=True)
class OverfitsBatch(SkillKind):
    """The model can learn a few rows by heart, which a broken pipeline cannot.

    It is fitted again, on these rows alone, in which classes are as even as can be.

    Attributes:
        n: number of rows.
        min_skill: least skill on them.
    """

    n: int = option(50, minimum=2, maximum=100_000)
    min_skill: float = option(0.25, maximum=1)

    needs = "model"

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        every = self.rows(subject, plan.seed)
        rows = _even(every, labels(subject)[every], self.n, subject, plan.seed)
        said = subject.refit(rows, labels(subject)[rows], rows)
        found = skill(said, labels(subject)[rows])
        bound = Bound(low=self.min_skill, is_exact=True)
        return bound.judged(
            found, f"The skill on all of the {counted(len(rows), 'row')} learned from"
        )


@check_kind("label_shuffle")
@dataclass(frozen=True, kw_only=True)
class LabelShuffle(SkillKind):
    """Fitted on shuffled labels the model knows nothing of other rows.

    Skill that is left does not come from the labels: from an earlier fit that is not forgotten,
    or an answer that is in the pipeline.

    Attributes:
        max_skill: the largest good skill on rows that it did not learn from.
        sample: number of rows that are drawn, half of them to learn from.
    """

    max_skill: float = option(SEEN, minimum=0, maximum=1)
    sample: int = option(2000, minimum=20)

    needs = "model"

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows = self.rows(subject, plan.seed, self.sample)
        rng = np.random.default_rng(plan.seed)
        mixed = rng.permutation(rows)
        learn, held = np.sort(mixed[::2]), np.sort(mixed[1::2])
        said = subject.refit(learn, rng.permutation(labels(subject)[learn]), held)
        found = skill(said, labels(subject)[held])
        bound = Bound(high=self.max_skill)
        return bound.judged(found, "The skill after learning from shuffled labels")


def labels(subject: Subject) -> Labels:
    """The label of each row: the place among the classes, -1 without; or a number, NaN without."""
    if subject.outcomes.label is None:
        raise BadOption(
            f"{subject.ref} has no labels.",
            known="Skill is measured by them.",
            hint="a dataset with a label",
        )
    label: Labels = np.asarray(subject.outcomes.label)
    return label


def has_label(subject: Subject) -> Bools:
    """Which rows have a label."""
    label = labels(subject)
    if subject.task.kind is TaskKind.REGRESSION:
        return ~np.isnan(label.astype(np.float64))
    return np.asarray(label.astype(np.int64) >= 0, dtype=bool)


def _even(rows: Numbers, label: Labels, n: int, subject: Subject, seed: int) -> Numbers:
    """At most n of the rows, of each class as many as can be."""
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(rows))
    if subject.task.kind is TaskKind.REGRESSION:
        return np.sort(rows[order[:n]])
    codes = label[order].astype(np.int64)
    place = np.empty(len(codes), np.int64)
    for code in np.unique(codes):
        at = np.flatnonzero(codes == code)
        place[at] = np.arange(len(at))
    return np.sort(rows[order[np.argsort(place, kind="stable")[:n]]])
