"""A change of an input in one direction must not move the answer the wrong way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mispredict.checks.changing import changed_copies, differ_from, with_values
from mispredict.checks.drawing import beyond, check_column, number_column
from mispredict.checks.rows import RowsKind, Tests, changes, class_of, drawn_words
from mispredict.core.errors import BadOption
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Floats, Numbers, Subject
from mispredict.expectations.verdict import FailingRow, Judged
from mispredict.models.copies import Copies


@dataclass(frozen=True, eq=False)
class _Moved:
    """Rows before and after the change."""

    rows: Numbers
    before: Copies
    after: Copies
    skipped: int


@check_kind("directional")
@dataclass(frozen=True, kw_only=True)
class DirectionalCheck(RowsKind):
    """When an input is changed, the probability of a class (or the value) must not fall, or rise.

    Attributes:
        column: the input that is changed.
        perturbation: what is done to the row instead; `a | b` does both.
        move: whether a number goes `up` or `down`: to a value that is drawn from the larger (or
            smaller) ones of the data.
        by: by how much it goes instead, in its own units.
        to: the value that the column is set to instead.
        expect: what the answer must do: `not_fall` or `not_rise`.
        of: the class whose probability is looked at; the positive one when left out.
        tolerance: by how much it may go the wrong way.
        strength: of the perturbation, from 0 to 1.
    """

    column: str | None = option(None, column=True)
    perturbation: str | None = option(None, perturbation=True)
    move: Literal["up", "down"] = "up"
    by: float | None = option(None, exclusive_minimum=0)
    to: str | int | float | bool | None = option(None)
    expect: Literal["not_fall", "not_rise"] = "not_fall"
    of: str | int | float | bool | None = option(None, label=True)
    tolerance: float = option(1e-6, minimum=0)
    strength: float = option(0.3, exclusive_minimum=0, maximum=1)

    needs = "model"

    def validate(self) -> None:
        if (self.column is None) == (self.perturbation is None):
            raise BadOption(
                "a directional check changes a column, or perturbs rows.",
                known="Exactly one of column and perturbation is given.",
                hint="column='Age'",
            )
        if self.by is not None and self.to is not None:
            raise BadOption(
                "give either by or to.", known="Both were given.", hint="by=10, or to='a value'"
            )

    def plan(self, subject: Subject, seed: int) -> Plan:
        self._code(subject)
        rows = self.rows(subject, seed, also=subject.predicted.known)
        before = subject.copies(rows)
        if self.perturbation is not None:
            made = subject.perturb(
                self.perturbation, before.frame(), strength=self.strength, seed=seed, rows=rows
            )
            kept = np.flatnonzero(made.is_changed)
            after = changed_copies(before, made, kept)
        else:
            moved, kept = self._moved(subject, before, seed)
            after = moved.take(kept)
        work = _Moved(rows[kept], before.take(kept), after, len(rows) - len(kept))
        return Plan(after, work, seed)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        work: _Moved = plan.work
        known, said = answers.answered()
        code = self._code(subject)
        old = _level(subject.predicted.take(work.rows[known]), code)
        new = _level(said, code)
        wrong = old - new if self.expect == "not_fall" else new - old
        name = "the value" if code < 0 else f"p({subject.task.classes[code]})"
        verb = "fall" if self.expect == "not_fall" else "rise"
        tests = Tests(
            wrong <= self.tolerance,
            lambda tests: self._shown(subject, work, answers, known[tests], (old, new, tests)),
            worst=wrong,
            unit="rows",
            more=f"{counted(work.skipped, 'row')} could not be changed." if work.skipped else "",
            unknown=len(answers) - len(known),
            failure=answers.failure,
        )
        drawn = drawn_words(self, len(work.rows) + work.skipped)
        words = f"The share of {drawn} on which {name} does not {verb} when {self._change()}"
        return self.judged(f"{words},", tests)

    def _code(self, subject: Subject) -> int:
        """The class whose probability is looked at; -1 of a regression."""
        task = subject.task
        if task.kind is TaskKind.REGRESSION:
            return -1
        if self.of is not None:
            return class_of(task, self.of, "of")
        if task.kind is not TaskKind.BINARY:
            raise BadOption(
                f"a {task.kind} evaluation has no positive class.",
                known=f"Classes: {', '.join(map(str, task.classes[:8]))}.",
                hint=f"of={task.classes[0]!r}" if task.classes else "",
            )
        return task.classes.index(task.positive) if task.positive is not None else 1

    def _moved(self, subject: Subject, before: Copies, seed: int) -> tuple[Copies, Numbers]:
        """The rows with the column changed, and which of them are."""
        assert self.column is not None  # or else there is a perturbation
        name = self.column
        check_column(subject, name)
        if self.to is not None:
            after = with_values(before, name, [self.to] * len(before))
            return after, np.flatnonzero(differ_from(before.column(name), self.to))
        values = number_column(subject, name)
        own = np.asarray(before.column(name), np.float64)
        is_up = self.move == "up"
        if self.by is None:
            new = beyond(values, own, up=is_up, rng=np.random.default_rng(seed))
        else:
            new = own + self.by if is_up else own - self.by
        kept = np.flatnonzero(~np.isnan(new))
        return with_values(before, name, np.where(np.isnan(new), own, new)), kept

    def _change(self) -> str:
        if self.perturbation is not None:
            return f"{self.perturbation} is done"
        if self.to is not None:
            return f"{self.column} becomes {self.to}"
        by = "" if self.by is None else f" by {self.by:g}"
        return f"{self.column} goes {self.move}{by}"

    def _shown(
        self,
        subject: Subject,
        work: _Moved,
        answers: Answers,
        tests: Numbers,
        levels: tuple[Floats, Floats, Numbers],
    ) -> list[FailingRow]:
        old, new, places = levels
        moved = changes(work.before.take(tests), work.after.take(tests))
        return [
            FailingRow(
                row=int(work.rows[test]),
                label=subject.label(int(work.rows[test])),
                before=subject.predicted.prediction(int(work.rows[test])),
                prediction=answers.prediction(int(test)),
                probability=float(new[place]) if answers.values is None else float("nan"),
                changes=moved[at],
                note=f"{old[place]:.4g} → {new[place]:.4g}",
            )
            for at, (test, place) in enumerate(zip(tests, places, strict=True))
        ]


def _level(said: Answers, code: int) -> Floats:
    """What must not go the wrong way: the value, or the probability of the class."""
    if said.values is not None:
        return said.values
    return said.chance(code)
