"""Rows with given values must get the expected answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from mispredict.checks.changing import with_values
from mispredict.checks.drawing import check_column, distinct, drawn
from mispredict.checks.rows import MOST_EXAMPLES, chance_of, class_of, inputs, refused
from mispredict.core.errors import BadOption, EmptyCohort
from mispredict.core.task import TaskKind
from mispredict.expectations.bounds import Bound, share
from mispredict.expectations.check import Kind, check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Bools, Numbers, Subject
from mispredict.expectations.verdict import FailingRow, Judged
from mispredict.models.copies import Copies

Given = str | int | float | bool | None


@check_kind("unit")
@dataclass(frozen=True, kw_only=True)
class UnitCheck(Kind):
    """Rows with exact values or ranges get the expected label; their other values are real ones.

    Attributes:
        values: for each column a value; a pair of numbers, which is a range (null is as far as
            the data goes); or a list of values, of which one is drawn.
        label: the class that is expected; of a regression the value.
        min: of a regression, the least value that is good.
        max: of a regression, the largest value that is good.
        tolerance: of a regression, by how much the value may differ from the label.
        n: number of tests.
        where: the cohort whose rows the other values are drawn from, a row's together.
        tag: only rows with this tag.
        min_share: least share of the tests that must hold.
        exact: whether these very tests decide, and not what they say of others like them.
    """

    values: Mapping[str, str | int | float | bool | tuple[Given, ...] | None] = option(column=True)
    label: str | int | float | bool | None = option(None, label=True)
    min: float | None = option(None)
    max: float | None = option(None)
    tolerance: float = option(0.0, minimum=0)
    n: int = option(100, minimum=1, maximum=1_000_000)
    where: str | None = option(None, cohort=True)
    tag: str | None = option(None, tag=True)
    min_share: float = option(0.95, minimum=0, maximum=1)
    exact: bool = False

    needs = "model"

    def validate(self) -> None:
        if self.label is None and self.min is None and self.max is None:
            raise BadOption(
                "a unit check needs something to expect.",
                known="Neither label nor min nor max is given.",
                hint="label='the expected class'",
            )

    def plan(self, subject: Subject, seed: int) -> Plan:
        self._check(subject)
        rng = np.random.default_rng(seed)
        where = subject.condition(self.where, self.tag)
        among = subject.sample(None, where, seed)
        if not len(among):
            raise EmptyCohort(
                "there are no rows to draw the other values from.",
                known=f"No row meets {where or 'the cohort'}.",
                hint="a wider cohort",
            )
        copies = subject.copies(rng.choice(among, self.n))
        for name, given in self.values.items():
            copies = with_values(copies, name, drawn(subject.values(name), given, self.n, rng))
        return Plan(copies, distinct(copies), seed)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        assert isinstance(plan.frame, Copies)  # it was planned
        known, said = answers.answered()
        holds = self._holds(subject, said)
        groups: Numbers = plan.work[known]
        kinds = len(np.unique(groups))
        is_exact = self.exact or kinds == 1  # one input: there is nothing to estimate
        judged = Bound(low=self.min_share, is_exact=is_exact).judged(
            share(holds, groups),
            f"The share of rows with {self._given()} that are predicted as {self._expected()}",
            unit="tests",
            more=f"They are {kinds:,} different rows." if kinds < len(known) else "",
            examples=self._examples(subject, plan.frame, answers, known[~holds][:MOST_EXAMPLES]),
            failing=int((~holds).sum()),
        )
        unknown = len(answers) - len(known)
        return refused(judged, unknown, answers.failure) if unknown else judged

    def _check(self, subject: Subject) -> None:
        for name in self.values:
            check_column(subject, name)
        if subject.task.kind is not TaskKind.REGRESSION:
            if self.label is None:
                raise BadOption(
                    f"min and max are of values, and {subject.ref} predicts classes.",
                    known=f"Classes: {', '.join(map(str, subject.task.classes[:8]))}.",
                    hint="label='the expected class'",
                )
            class_of(subject.task, self.label)
        elif self.label is not None and not isinstance(self.label, (int, float)):
            raise BadOption(f"label={self.label!r} is no value of a regression.", hint="min=1")

    def _holds(self, subject: Subject, said: Answers) -> Bools:
        if said.values is None:
            assert self.label is not None  # checked before the model was asked
            right: Bools = said.codes == class_of(subject.task, self.label)
            return right
        holds = np.ones(len(said), dtype=bool)
        if self.label is not None:
            holds &= np.abs(said.values - float(self.label)) <= self.tolerance
        if self.min is not None:
            holds &= said.values >= self.min
        if self.max is not None:
            holds &= said.values <= self.max
        return holds

    def _given(self) -> str:
        parts = []
        for name, given in self.values.items():
            is_range = isinstance(given, tuple) and len(given) == 2
            if isinstance(given, tuple):
                join = " to " if is_range and not isinstance(given[0], str) else " or "
                parts.append(f"{name} {join.join('…' if v is None else str(v) for v in given)}")
            else:
                parts.append(f"{name} = {given}")
        return ", ".join(parts) or "any values"

    def _expected(self) -> str:
        if self.label is not None:
            return f"{self.label}"
        parts = [] if self.min is None else [f"at least {self.min:g}"]
        parts += [] if self.max is None else [f"at most {self.max:g}"]
        return " and ".join(parts)

    def _examples(
        self, subject: Subject, copies: Copies, answers: Answers, tests: Numbers
    ) -> list[FailingRow]:
        said = answers.take(tests)
        chance, given = chance_of(said, said.codes), inputs(copies.take(tests))
        return [
            FailingRow(
                label=self.label,
                prediction=said.prediction(at),
                probability=float(chance[at]),
                inputs=given[at],
            )
            for at in range(len(tests))
        ]
