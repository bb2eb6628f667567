"""Rows that are changed in ways that should not matter: the prediction stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from mispredict.checks.changing import changed_copies
from mispredict.checks.rows import (
    RowsKind,
    Tests,
    agrees,
    chance_of,
    changes,
    class_of,
    drawn_words,
    label_codes,
    label_values,
    refused,
)
from mispredict.core.errors import BadOption
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.expectations.bounds import Bound, share, worst_of
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Bools, Numbers, Subject
from mispredict.expectations.verdict import FailingRow, Judged
from mispredict.models.copies import Copies, joined

Strengths = Mapping[str, float]
STRENGTH = 0.3


@dataclass(frozen=True, eq=False)
class Variants:
    """Changed rows: where each comes from, before and after, and what was done to it."""

    rows: Numbers
    before: Copies
    after: Copies
    owner: Numbers
    part: Numbers
    names: tuple[str, ...]
    unchanged: int
    keeps_label: bool = True

    @property
    def n(self) -> int:
        return len(self.owner)

    @cached_property
    def numbers(self) -> Numbers:
        """The row that each one comes from."""
        return self.rows[self.owner]


@dataclass(frozen=True, kw_only=True)
class VariantsKind(RowsKind):
    """Base of kinds that change rows by perturbations and ask again.

    Attributes:
        columns: only these columns are changed; all that can be when left out.
        tolerance: of a regression, by how much the value may differ.
    """

    columns: tuple[str, ...] | None = option(None, column=True)
    tolerance: float = option(0.0, minimum=0)

    def varied(
        self, subject: Subject, seed: int, steps: Sequence[tuple[str, float, int]], also: Bools
    ) -> Plan:
        """A plan that asks about rows after each step: a perturbation, its strength, its copy."""
        rows = self.rows(subject, seed, also=also)
        before = subject.copies(rows)
        frame = before.frame()
        copies, owners, parts, unchanged, keeps = [], [], [], 0, True
        for number, (name, strength, copy) in enumerate(steps):
            made = subject.perturb(
                name, frame, strength=strength, seed=seed + 1_000_003 * copy, rows=rows,
                columns=self.columns,
            )  # fmt: skip
            keeps = keeps and made.keeps_label
            kept = np.flatnonzero(made.is_changed)
            unchanged += len(rows) - len(kept)
            copies.append(changed_copies(before, made, kept))
            owners.append(kept)
            parts.append(np.full(len(kept), number))
        after = joined(copies)
        names = tuple(f"{name} at {strength:g}" for name, strength, _ in steps)
        work = Variants(
            rows, before, after, np.concatenate(owners), np.concatenate(parts), names, unchanged,
            keeps,
        )  # fmt: skip
        return Plan(after, work, seed)


@check_kind("augmentation")
@dataclass(frozen=True, kw_only=True)
class AugmentationCheck(VariantsKind):
    """Rows made from real ones by perturbations get the expected label, or the same prediction.

    Attributes:
        perturbations: what is done to each row, one at a time (`a | b` does both); or a mapping
            of each to its strength.
        strength: of those that are not given one, from 0 to 1.
        multiplier: how many changed copies each perturbation makes of a row.
        expect: `same` prediction as before the change, or the row's own `label`.
        label: this class is expected instead.
    """

    perturbations: tuple[str, ...] | Mapping[str, float] = option(
        perturbation=True, minimum=0, maximum=1
    )
    strength: float = option(STRENGTH, exclusive_minimum=0, maximum=1)
    multiplier: int = option(1, minimum=1, maximum=1000)
    expect: Literal["same", "label"] = "same"
    label: str | int | float | bool | None = option(None, label=True)

    needs = "model"

    def validate(self) -> None:
        if not self.perturbations:
            raise BadOption(
                "perturbations is empty.",
                known="Each row is changed by at least one of them.",
                hint="perturbations=['typo_swap']",
            )

    def plan(self, subject: Subject, seed: int) -> Plan:
        given = self.perturbations
        pairs = (
            [*given.items()] if isinstance(given, Mapping) else [(n, self.strength) for n in given]
        )
        steps = [(name, at, copy) for name, at in pairs for copy in range(self.multiplier)]
        if self.label is None and self.expect == "label":
            check_labels_stay(subject, [name for name, _ in pairs])
        return self.varied(subject, seed, steps, self._wanted(subject).known)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        work: Variants = plan.work
        wanted = self._wanted(subject).take(work.numbers)
        tests = tests_of(subject, work, answers, wanted, self.tolerance)
        if self.label is not None:
            expected = f"are predicted as {self.label!r}"
        else:
            expected = f"keep {'their prediction' if self.expect == 'same' else 'their label'}"
        names = ", ".join(dict.fromkeys(work.names))
        words = f"The share of changed rows ({names}) that {expected}"
        return self.judged(f"{words}, of {drawn_words(self, len(work.rows))},", tests)

    def _wanted(self, subject: Subject) -> Answers:
        """What is expected of each row; -1 where nothing is."""
        if self.label is not None:
            code = class_of(subject.task, self.label)
            return Answers(np.full(subject.n, code, np.int64), subject.task.classes)
        if self.expect == "same":
            return subject.predicted
        if subject.task.kind is TaskKind.REGRESSION:
            values = label_values(subject)
            return Answers(np.where(np.isnan(values), -1, 0), values=values)
        return Answers(label_codes(subject), subject.task.classes)


@check_kind("robustness")
@dataclass(frozen=True, kw_only=True)
class RobustnessCheck(VariantsKind):
    """The share of predictions that stay the same, at each strength of a perturbation.

    Attributes:
        perturbation: what is done to each row; `a | b` does both.
        strengths: from 0 to 1; the weakest result is held against `min_share`.
    """

    perturbation: str = option(perturbation=True)
    strengths: tuple[float, ...] = option((0.1, 0.3, 0.5), exclusive_minimum=0, maximum=1)

    needs = "model"

    def validate(self) -> None:
        if not self.strengths:
            raise BadOption("strengths is empty.", hint="strengths=[0.1, 0.3, 0.5]")

    def plan(self, subject: Subject, seed: int) -> Plan:
        steps = [(self.perturbation, strength, 0) for strength in self.strengths]
        return self.varied(subject, seed, steps, subject.predicted.known)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        work: Variants = plan.work
        wanted = subject.predicted.take(work.numbers)
        tests = tests_of(subject, work, answers, wanted, self.tolerance)
        parts = work.part[answers.known]
        level = 1 - 0.05 / len(self.strengths)  # all intervals hold together
        found = [
            share(tests.holds[parts == number], level=level)
            for number in range(len(self.strengths))
        ]
        known = [item for item in found if item.n]
        worst = min(known, key=lambda item: item.value) if known else found[0]
        bound = Bound(low=self.min_share, is_exact=self.exact)
        word = worst_of([bound.word(item) for item in found])
        each = ", ".join(
            f"{item.value:.4g} at {strength:g}"
            for strength, item in zip(self.strengths, found, strict=True)
            if item.n
        )
        judged = bound.judged(
            worst,
            f"The least share of predictions kept under {self.perturbation}",
            unit="rows",
            more=f"By strength: {each}.",
            examples=tests.examples(),
            failing=int((~tests.holds).sum()),
            word=word,
        )
        return refused(judged, tests.unknown, tests.failure) if tests.unknown else judged


def tests_of(
    subject: Subject, work: Variants, answers: Answers, wanted: Answers, tolerance: float
) -> Tests:
    """One test per changed row: the answer is the wanted one."""
    known, said = answers.answered()
    holds = agrees(subject.task, said, wanted.take(known), tolerance)
    chance = chance_of(said, said.codes)
    notes = []
    if work.unchanged:
        copies = counted(work.unchanged, "copy", "copies")
        notes.append(f"Not counted: {copies} that came out as before.")
    if not work.keeps_label:
        notes.append("The change may well change the right answer, too.")
    return Tests(
        holds,
        lambda tests: _shown(subject, work, answers, known[tests]),
        groups=work.numbers[known],
        worst=np.nan_to_num(chance),
        unit="tests",
        more=" ".join(notes),
        unknown=work.n - len(known),
        failure=answers.failure,
    )


def check_labels_stay(subject: Subject, names: Sequence[str]) -> None:
    """Raise where a perturbation changes what is right, so that the label is no expectation."""
    nothing = subject.frame(np.empty(0, np.int64))
    for name in names:
        if not subject.perturb(name, nothing, strength=1.0, seed=0).keeps_label:
            raise BadOption(
                f"the perturbation {name!r} may change the right answer.",
                known="The label of the row cannot be expected after it.",
                hint="expect='same', or label='the class that is right afterwards'",
            )


def _shown(subject: Subject, work: Variants, answers: Answers, tests: Numbers) -> list[FailingRow]:
    moved = changes(work.before.take(work.owner[tests]), work.after.take(tests))
    chance = chance_of(answers.take(tests), answers.codes[tests])
    return [
        FailingRow(
            row=int(work.numbers[test]),
            label=subject.label(int(work.numbers[test])),
            before=subject.predicted.prediction(int(work.numbers[test])),
            prediction=answers.prediction(int(test)),
            probability=float(chance[at]),
            changes=moved[at],
            note=work.names[work.part[test]],
        )
        for at, test in enumerate(tests)
    ]
