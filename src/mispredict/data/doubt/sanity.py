"""Whether a model does what any model should: learn, use its inputs, beat a constant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from mispredict.core.results import Result, Source


@dataclass(frozen=True, slots=True)
class SanityRow:
    """One sanity test.

    Attributes:
        test: `beats_constant`, `uses_inputs`, `overfits_batch`, `label_shuffle` or `train_gap`,
            which are kinds of checks, too.
        verdict: `pass`, `fail`, `unsure`, or `skipped` where it could not be done.
        value: the skill that it is about: the share of a constant predictor's loss that is saved;
            of `train_gap` the skill on training rows less that on the others.
        low: end of its interval.
        high: other end.
        n: rows.
        expected: the bound, such as "≥ 0.9".
        sentence: what it comes to, or why it was skipped.
        check: the lines of a check in a suite.
    """

    test: str
    verdict: str
    value: float
    low: float
    high: float
    n: int
    expected: str
    sentence: str
    check: str


@dataclass(frozen=True, slots=True)
class AblationRow:
    """An input, and what is lost when its values are shuffled among the rows.

    Attributes:
        column: the input.
        value: the skill that is lost.
        low: end of its interval.
        high: other end.
        n: rows.
        share: of what is lost without all inputs in turn, the part of this one.
        changed: share of the rows whose prediction changes.
        is_used: whether anything that the model says changes.
    """

    column: str
    value: float
    low: float
    high: float
    n: int
    share: float
    changed: float
    is_used: bool


@dataclass(frozen=True)
class Sanity(Result):
    """Sanity tests of a model, those that fail first.

    Attributes:
        rows: the tests.
        source: the evaluation.
        skill: what skill is a share of: `Brier score`, `error rate` or `squared error`.
        ablation: each input shuffled alone, the most important first.
        is_passed: whether no test failed.
        note: what it comes to, in a sentence.
    """

    rows: tuple[SanityRow, ...]
    source: Source
    skill: str
    ablation: tuple[AblationRow, ...] = ()
    is_passed: bool = True
    note: str = ""
    seconds: float = 0.0

    row_type: ClassVar[type] = SanityRow
    title: ClassVar[str] = "Sanity"
    shown: ClassVar[tuple[str, ...]] = (
        "test",
        "verdict",
        "value",
        "low",
        "high",
        "n",
        "expected",
    )

    def to_checks(self) -> Any:
        """The tests that could be done, as checks."""
        from mispredict.data.found_checks import checks_of

        return checks_of(row.check for row in self.rows if row.verdict != "skipped")

    def __str__(self) -> str:
        return "\n".join([super().__str__(), self.note])
