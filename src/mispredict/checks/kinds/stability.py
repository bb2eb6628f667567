"""The same input gives the same answer, whatever is asked beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.checks.rows import RowsKind, Tests, drawn_words
from mispredict.expectations.check import check_kind
from mispredict.expectations.options import option
from mispredict.expectations.planning import Plan
from mispredict.expectations.subject import Answers, Bools, Floats, Numbers, Subject
from mispredict.expectations.verdict import FailingRow, Judged

if TYPE_CHECKING:
    import pandas as pd


@check_kind("stability")
@dataclass(frozen=True, kw_only=True)
class StabilityCheck(RowsKind):
    """Rows get the same answer twice: asked again, in another order, and in other batches.

    Attributes:
        tolerance: by how much probabilities (or values) may differ.
        repeats: how often the rows are asked again as they are.
        sample: number of rows that are drawn; null for all.
    """

    tolerance: float = option(1e-6, minimum=0)
    repeats: int = option(1, minimum=1, maximum=100)
    sample: int | None = option(200, minimum=1)

    needs = "model"

    def judge(self, subject: Subject, plan: Plan, answers: Answers) -> Judged:
        rows = self.rows(subject, plan.seed)
        frame = subject.frame(rows).reset_index(drop=True)
        holds = np.ones(len(rows), dtype=bool)
        notes = np.full(len(rows), "", dtype=object)
        first, other = Answers.none(), Answers.none()
        if len(rows):
            first = other = subject.call(frame)[0]
            for name, said in self._again(subject, frame, plan.seed):
                same = _is_same(first, said, self.tolerance)
                new = holds & ~same
                notes[new] = name
                other = _merged(other, said, new)
                holds &= same
        words = f"The share of {drawn_words(self, len(rows))} that get the same answer every time"
        shown = _Shown(subject, rows, first, other, notes)
        return self.judged(words, Tests(holds, shown, unit="rows"))

    def _again(self, subject: Subject, frame: pd.DataFrame, seed: int) -> list[tuple[str, Answers]]:
        """The answers of each further way of asking for the same rows."""
        ways = [("asked again", np.arange(len(frame)))] * self.repeats
        ways.append(("in another order", np.random.default_rng(seed).permutation(len(frame))))
        found = []
        for name, order in ways:
            said, _ = subject.call(frame.iloc[order].reset_index(drop=True))
            found.append((name, said.take(np.argsort(order))))
        middle = len(frame) // 2
        if middle:
            halves = [
                subject.call(frame.iloc[part].reset_index(drop=True))[0]
                for part in (slice(0, middle), slice(middle, None))
            ]
            found.append(("in smaller batches", _joined(halves)))
        return found


@dataclass(frozen=True, eq=False)
class _Shown:
    """Rows that got two answers."""

    subject: Subject
    rows: Numbers
    first: Answers
    other: Answers
    notes: np.ndarray

    def __call__(self, tests: Numbers) -> list[FailingRow]:
        return [
            FailingRow(
                row=int(self.rows[at]),
                label=self.subject.label(int(self.rows[at])),
                before=self.first.prediction(int(at)),
                prediction=self.other.prediction(int(at)),
                note=str(self.notes[at]),
            )
            for at in tests
        ]


def _is_same(one: Answers, other: Answers, tolerance: float) -> Bools:
    if one.values is not None and other.values is not None:
        return _is_near(one.values[:, None], other.values[:, None], tolerance)
    same: Bools = one.codes == other.codes
    if one.probabilities is not None and other.probabilities is not None:
        same = _is_near(one.probabilities, other.probabilities, tolerance)
    return same


def _is_near(one: Floats, other: Floats, tolerance: float) -> Bools:
    near = (np.abs(one - other) <= tolerance) | (np.isnan(one) & np.isnan(other))
    return np.asarray(near.all(axis=1), dtype=bool)


def _merged(one: Answers, other: Answers, mask: Bools) -> Answers:
    """The answers of one, and of the other where the mask is set."""
    values = None
    if one.values is not None and other.values is not None:
        values = np.where(mask, other.values, one.values)
    return Answers(np.where(mask, other.codes, one.codes), one.classes, None, values)


def _joined(parts: list[Answers]) -> Answers:
    first = parts[0]
    chances = [part.probabilities for part in parts if part.probabilities is not None]
    values = [part.values for part in parts if part.values is not None]
    return Answers(
        np.concatenate([part.codes for part in parts]),
        first.classes,
        np.concatenate(chances) if len(chances) == len(parts) else None,
        np.concatenate(values) if len(values) == len(parts) else None,
    )
