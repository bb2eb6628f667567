"""How sure the model is of the label, or of a class, row by row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mispredict.checks.rows import (
    RowsKind,
    Tests,
    chance_of,
    class_name,
    class_of,
    drawn_words,
    label_codes,
)
from mispredict.core.errors import BadOption
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Floats, Numbers, Subject
from mispredict.expectations.verdict import FailingRow, Judged


@check_kind("confidence")
@dataclass(frozen=True, kw_only=True)
class ConfidenceCheck(RowsKind):
    """The probability of the label, or of a class, reaches a threshold on each row.

    Attributes:
        threshold: the probability, from 0 to 1.
        of: the class whose probability is looked at; the row's own label when left out.
        is_at_most: whether the threshold is the most, for a model that must not be sure.
        sample: number of rows that are drawn; null for all.
    """

    threshold: float = option(minimum=0, maximum=1)
    of: str | int | float | bool | None = option(None, label=True)
    is_at_most: bool = False
    sample: int | None = option(None, minimum=1)

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        codes = self._codes(subject)
        rows = self.rows(subject, plan.seed, also=codes >= 0)
        said = subject.predicted
        if said.probabilities is None:
            raise BadOption(
                f"{subject.ref} has no probabilities.",
                known="The check is about how probable a class is.",
                hint="a model that answers probabilities",
            )
        chance = chance_of(said.take(rows), codes[rows])
        is_good = chance <= self.threshold if self.is_at_most else chance >= self.threshold
        of = "the label" if self.of is None else repr(self.of)
        sign = "≤" if self.is_at_most else "≥"
        words = (
            f"The share of {drawn_words(self, len(rows))} with p({of}) {sign} {self.threshold:g}"
        )
        worst = chance if self.is_at_most else -chance
        shown = _Shown(subject, rows, codes, chance)
        return self.judged(words, Tests(is_good, shown, worst=worst, unit="rows"))

    def _codes(self, subject: Subject) -> Numbers:
        """The class whose probability is looked at, of each row."""
        if self.of is None:
            return label_codes(subject)
        return np.full(subject.n, class_of(subject.task, self.of, "of"), np.int64)


@dataclass(frozen=True, eq=False)
class _Shown:
    """Rows whose probability is on the wrong side."""

    subject: Subject
    rows: Numbers
    codes: Numbers
    chance: Floats

    def __call__(self, tests: Numbers) -> list[FailingRow]:
        return [
            FailingRow(
                row=int(self.rows[at]),
                label=self.subject.label(int(self.rows[at])),
                prediction=self.subject.predicted.prediction(int(self.rows[at])),
                probability=float(self.chance[at]),
                note=f"p({class_name(self.subject.task, int(self.codes[self.rows[at]]))})",
            )
            for at in tests
        ]
