"""What is said of problems: the list with priorities, one problem in full, its history."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any, ClassVar

from mispredict.core.figures import rounded
from mispredict.core.results import Result

NAN = math.nan


@dataclass(frozen=True, slots=True)
class ProblemPriority:
    """How much a problem matters in one evaluation: share × error × harm, from 0 to 100.

    `share` is that of the rows (by their weight, or of the users, where `users` names their
    column) that are in the cohort, `affected` of them in number. `error` is from 0 to 1: the error
    rate there (`is_share`), or the mean loss over `scale`. `low` to `high` is the interval of
    `value`; `working` says the sum in words.
    """

    value: float
    low: float
    high: float
    share: float
    error: float
    error_low: float
    error_high: float
    harm: int
    harm_words: str
    n: int
    affected: int
    scale: float
    is_share: bool
    users: str
    evaluation: str
    working: str


@dataclass(frozen=True, slots=True)
class ProblemVersion:
    """What a problem is in one evaluation: a point of its chart over model versions.

    `value` (of `metric`, in the cohort) with its interval is held against `bound`; `verdict` is
    that of its check, "" where nothing tells. `rest` is the metric of all other rows. `error`,
    `share` and `priority` are those of the priority. `is_current` marks the evaluation that the
    problem is judged by. `note` says why something is missing.
    """

    problem: str
    evaluation: str
    model: str
    dataset: str
    created_at: str
    metric: str
    value: float
    low: float
    high: float
    rest: float
    n: int
    bound: float
    expected: str
    verdict: str
    share: float
    error: float
    priority: float
    priority_low: float
    priority_high: float
    is_current: bool
    note: str


@dataclass(frozen=True)
class ProblemHistory(Result):
    """Problems over the versions of models, in the order in which they were evaluated."""

    rows: tuple[ProblemVersion, ...]

    row_type: ClassVar[type] = ProblemVersion
    title: ClassVar[str] = "Problems by model version"


@dataclass(frozen=True, slots=True)
class Comment:
    """What somebody said about a problem."""

    number: int
    text: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class Link:
    """A place elsewhere where the problem is dealt with, such as an issue of GitHub."""

    url: str
    title: str
    site: str


@dataclass(frozen=True, slots=True)
class ProblemEvent:
    """One thing that was done to a problem: version `version` changed `what`.

    `who` is a person, or `mispredict` where a check did it; `evaluation` is the one whose verdict
    did.
    """

    version: int
    at: str
    who: str
    what: str
    before: Any
    after: Any
    evaluation: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ProblemCheck:
    """The check that says when a problem is fixed; `yaml` is its text in a suite."""

    check: str
    kind: str
    expected: str
    reason: str
    yaml: str


@dataclass(frozen=True, slots=True)
class ProblemPattern:
    """A pattern of examples: one that shows the problem (positive) or that is no case of it.

    `where` is its cohort, "" where `text` is words alone; then nothing is counted. `value` is the
    error rate (or mean loss) of its `n` rows in the current evaluation.
    """

    text: str
    is_positive: bool
    where: str
    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class ProblemExample:
    """A row that shows the problem (`is_positive`), or one of the cohort that is done right."""

    row: int
    id: Any
    is_positive: bool
    label: Any
    prediction: Any
    loss: float
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a problem was opened from: a kind of finding, its sentence, the evaluation."""

    kind: str
    sentence: str
    evaluation: str


@dataclass(frozen=True)
class ProblemRecord(Result):
    """One problem with all that is known of it; its rows are its history over evaluations.

    `version` is to be given with an edit, so that nobody overwrites what they have not seen.
    `proposal` is "fixed" where the newest evaluation passes its check and nobody has said so yet,
    and `proposed_by` that evaluation. `current` is the newest point of the history.
    """

    rows: tuple[ProblemVersion, ...]
    name: str
    version: int
    title: str = field()  # type: ignore[misc]  # without the class's own as its default
    description: str
    expected: str
    where: str
    sentence: str
    dataset: str
    model: str
    metric: str
    status: str
    status_words: str
    proposal: str
    proposed_by: str
    fixed_in: str
    owner: str
    harm: int
    harm_words: str
    users: str
    target: float
    origin: Origin
    priority: ProblemPriority | None
    current: ProblemVersion | None
    check: ProblemCheck | None
    patterns: tuple[ProblemPattern, ...]
    examples: tuple[ProblemExample, ...]
    links: tuple[Link, ...]
    comments: tuple[Comment, ...]
    events: tuple[ProblemEvent, ...]
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    note: str

    row_type: ClassVar[type] = ProblemVersion

    @property
    def judged_by(self) -> str:
        """The evaluation that the priority is of, as it stands behind the word."""
        return f" in {self.current.evaluation}:" if self.current is not None else ""

    def __str__(self) -> str:
        lines = [f"{self.name}: {self.title} ({self.status}, harm {self.harm}: {self.harm_words})"]
        lines += [self.description] if self.description else []
        lines.append(f"Rows where {self.sentence}.")
        if self.priority is not None:
            lines.append(f"Priority{self.judged_by} {self.priority.working}")
        if self.proposal:
            lines.append(f"{self.proposed_by} passes its check: to be marked as fixed?")
        lines += [f"{row.model} on {row.dataset}: {_point(row)}" for row in self.rows]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        return "".join(f"<p>{escape(line)}</p>" for line in str(self).split("\n"))


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """A problem in the list, with the sum of its priority in the evaluation that it is judged by.

    `priority` = 100 × `share` × `error` × `harm` / 5, with `low` and `high`. `verdict` is that of
    its check, `before` the one for the model version before on the same data. `proposed_by` is
    the evaluation whose check passes, perhaps another one, where it waits to be called fixed.
    `open_days` counts the days since it was opened, until it was fixed.
    """

    problem: str
    title: str
    status: str
    proposal: str
    proposed_by: str
    owner: str
    harm: int
    harm_words: str
    priority: float
    low: float
    high: float
    share: float
    error: float
    n: int
    affected: int
    verdict: str
    before: str
    value: float
    bound: float
    metric: str
    evaluation: str
    where: str
    sentence: str
    working: str
    comments: int
    links: int
    open_days: int
    version: int
    updated_at: str
    note: str


@dataclass(frozen=True)
class Problems(Result):
    """Problems, the most urgent first: open ones by priority, then accepted and fixed ones.

    `counts` has how many are of each status, `proposed` how many wait for somebody to say that
    they are fixed; `of` is the evaluation that was asked for, "" for the newest of each.
    `harms` are the words of the scale of harm, from 1 on.
    """

    rows: tuple[ProblemRow, ...]
    of: str
    counts: Mapping[str, int]
    proposed: int
    harms: tuple[str, ...]
    explanation: str

    row_type: ClassVar[type] = ProblemRow
    title: ClassVar[str] = "Problems"

    _SHOWN: ClassVar[tuple[str, ...]] = (
        "problem", "status", "priority", "low", "high", "share", "error", "harm", "verdict",
        "owner",
    )  # fmt: skip

    def __str__(self) -> str:
        if not self.rows:
            return f"{self.title}\n{self.explanation}"
        frame = self.to_frame()[list(self._SHOWN)]
        table = frame.to_string(index=False, float_format=lambda value: f"{value:.3g}")
        return f"{self.title}\n{table}\n{self.explanation}"


@dataclass(frozen=True, slots=True)
class Triaged:
    """What an evaluation changed of a problem: `before` and `after` are its status.

    `proposal` is "fixed" where it is to be confirmed; `sentence` says what happened and why.
    """

    problem: str
    title: str
    before: str
    after: str
    proposal: str
    verdict: str
    value: float
    bound: float
    priority: float
    evaluation: str
    is_changed: bool
    sentence: str


@dataclass(frozen=True)
class Triage(Result):
    """Every problem of an evaluation's dataset held against it, what changed first."""

    rows: tuple[Triaged, ...]
    of: str
    summary: str

    row_type: ClassVar[type] = Triaged
    title: ClassVar[str] = "Triage"

    def __str__(self) -> str:
        return "\n".join([self.summary, *(row.sentence for row in self.rows)])


def _point(row: ProblemVersion) -> str:
    if math.isnan(row.value):
        return row.note or "not known"
    word = f", {row.verdict}" if row.verdict else ""
    value, low, high = rounded(row.value, row.low, row.high, [row.bound])
    return f"{row.metric} {value} [{low}, {high}] of {row.n:,} rows{word}"
