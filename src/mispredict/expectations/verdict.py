"""What a check comes to: a verdict with the numbers and rows that it stands on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from html import escape
from typing import Any, ClassVar, Literal, TypeAlias

from mispredict.core.figures import figure
from mispredict.core.results import Result

Word: TypeAlias = Literal["pass", "fail", "unsure", "error"]
WORDS: tuple[Word, ...] = ("pass", "fail", "unsure", "error")
NAN = math.nan
_MARKS = {"pass": "✓", "fail": "✗", "unsure": "?", "error": "!"}


@dataclass(frozen=True, slots=True)
class Changed:
    """One input that was changed."""

    column: str
    before: Any
    after: Any

    def __str__(self) -> str:
        before, after = (
            f"{value:.6g}" if isinstance(value, float) else str(value)
            for value in (self.before, self.after)
        )
        if before == after:  # a change too small for six digits
            before, after = str(self.before), str(self.after)
        return f"{self.column}: {before} → {after}"


@dataclass(frozen=True, slots=True)
class FailingRow:
    """One row, or one made-up input, on which the expectation does not hold.

    `row` is the number of the row it is or comes from, None for made-up inputs, which are in
    `inputs`. `before` is the prediction before the `changes`, `prediction` the one that fails,
    `probability` that of the class in question.
    """

    row: int | None = None
    label: Any = None
    before: Any = None
    prediction: Any = None
    probability: float = NAN
    changes: tuple[Changed, ...] = ()
    inputs: tuple[tuple[str, Any], ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a kind says of its expectation.

    `value` with its interval is held against `bound`; `expected` says how, such as "≥ 0.8".
    `where` is the cohort of the rows that do not hold, where there is one.
    """

    verdict: Word
    sentence: str
    value: float = NAN
    low: float = NAN
    high: float = NAN
    n: int = 0
    bound: float = NAN
    expected: str = ""
    examples: tuple[FailingRow, ...] = ()
    failing: int = 0
    error: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check came to.

    `verdict` is `pass`, `fail`, `unsure` (not enough data, or an interval that spans the bound)
    or `error`. `value` with its interval, from `n` rows or tests, is held against `bound`.
    `failing` counts the rows that do not hold, some of which are the `examples`; `where` is
    their cohort, "" where it cannot be said.
    """

    check: str
    kind: str
    verdict: Word
    value: float
    low: float
    high: float
    n: int
    bound: float
    seconds: float
    expected: str = ""
    severity: str = "block"
    sentence: str = ""
    seed: int = 0
    failing: int = 0
    tags: tuple[str, ...] = ()
    owner: str = ""
    reason: str = ""
    examples: tuple[FailingRow, ...] = ()
    error: str = ""
    where: str = ""

    @property
    def is_passed(self) -> bool:
        return self.verdict == "pass"

    @property
    def blocks(self) -> bool:
        """Whether it keeps a model from passing."""
        return self.severity == "block" and not self.is_passed

    def __str__(self) -> str:
        return f"{_MARKS[self.verdict]} {self.verdict}  {self.check}: {self.sentence}"

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready value."""
        from mispredict.core.results import plain

        value = plain(self)
        assert isinstance(value, dict)
        return value

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self.verdict)}</b> {escape(self.check)}: {escape(self.sentence)}</p>"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a run asked of the model: `planned` rows, of which `rows` were new to it.

    `seconds` is the time inside the model, in `calls`.
    """

    planned: int = 0
    rows: int = 0
    calls: int = 0
    seconds: float = 0.0


_NO_COST = Cost()


@dataclass(frozen=True)
class Verdicts(Result):
    """The verdicts of a run, in the order of its checks.

    `of` is the evaluation, or the dataset where no model was asked; `baseline` is the evaluation
    and `reference` the data it was held against. `skipped` names the checks that were not run
    because the run was to stop at the first failure.
    """

    rows: tuple[Verdict, ...]
    of: str = ""
    baseline: str = ""
    suite: str = ""
    seconds: float = 0.0
    cost: Cost = _NO_COST
    skipped: tuple[str, ...] = ()
    reference: str = ""

    row_type: ClassVar[type] = Verdict
    title: ClassVar[str] = "Checks"

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(item.name for item in fields(Verdict) if item.name != "examples")

    @property
    def is_passed(self) -> bool:
        """Whether every check of severity `block` was run and passes."""
        return not self.skipped and not any(row.blocks for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many checks came to each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {word: found[word] for word in WORDS}

    @property
    def summary(self) -> str:
        """The run in a sentence."""
        said = ", ".join(f"{count} {word}" for word, count in self.counts.items() if count)
        outcome = "passed" if self.is_passed else "did not pass"
        more = f", {len(self.skipped)} not run" if self.skipped else ""
        return f"{self.of or 'The run'} {outcome}: {said or 'no checks'}{more}."

    def __getitem__(self, check: str) -> Verdict:
        from mispredict.core.errors import UnknownName

        for row in self.rows:
            if row.check == check:
                return row
        raise UnknownName.of("check", check, [row.check for row in self.rows])

    def of_verdict(self, *words: str) -> tuple[Verdict, ...]:
        """The verdicts that are one of the words."""
        return tuple(row for row in self.rows if row.verdict in words)

    def to_dict(self) -> dict[str, Any]:
        extra = {"is_passed": self.is_passed, "counts": self.counts, "summary": self.summary}
        return {**super().to_dict(), **extra}

    def __str__(self) -> str:
        return "\n".join([self.summary, *map(str, self.rows)])

    def _repr_html_(self) -> str:
        shown = ("check", "verdict", "value", "low", "high", "n", "expected", "sentence")
        head = "".join(f"<th>{name}</th>" for name in shown)
        body = "".join(f"<tr>{_cells(row, shown)}</tr>" for row in self.rows)
        return f"<p><b>{escape(self.summary)}</b></p><table><tr>{head}</tr>{body}</table>"


def _cells(row: Verdict, names: Sequence[str]) -> str:
    def text(value: Any) -> str:
        if isinstance(value, float):
            return "" if math.isnan(value) else figure(value)
        return escape(str(value))

    return "".join(f"<td>{text(getattr(row, name))}</td>" for name in names)
