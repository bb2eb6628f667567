"""What the server answers beside the results of the SDK: small frozen records, its JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mispredict.core.results import Source
from mispredict.core.task import Scalar

State = Literal["waiting", "running", "done", "failed", "cancelled"]
MapState = Literal["ready", "possible", "none"]
View = Literal["values", "bins", "text", "none"]


@dataclass(frozen=True, slots=True)
class Failure:
    """An error in three parts; `position` is the place in a cohort's text, where it is known."""

    code: str
    message: str
    hint: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class ServerHealth:
    """That the server answers."""

    status: Literal["ok"]


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """Which mispredict serves, and which API."""

    version: str
    api: str


@dataclass(frozen=True, slots=True)
class Session:
    """Whether the asker is signed in; writes by cookie send `csrf` as X-CSRF-Token."""

    signed_in: bool
    token_required: bool
    csrf: str
    version: str


@dataclass(frozen=True, slots=True)
class Headline:
    """The first metric of an evaluation with its interval."""

    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class EvaluationEntry:
    """An evaluation of the workspace; `headline` is null until it has been measured."""

    ref: str
    model: str
    dataset: str
    task: str
    n: int
    created_at: str
    created_by: str
    headline: Headline | None


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """A version of a dataset or model."""

    ref: str
    rows: int
    created_at: str
    created_by: str
    summary: str
    labels: str


@dataclass(frozen=True, slots=True)
class SavedCohort:
    """A saved cohort: its name, version, what it selects, and a note."""

    name: str
    ref: str
    where: str
    sentence: str
    note: str


@dataclass(frozen=True, slots=True)
class SavedCohorts:
    """The newest version of each saved cohort, by name."""

    rows: tuple[SavedCohort, ...]


@dataclass(frozen=True, slots=True)
class TagEntry:
    """A tag of a dataset and how many rows have it."""

    name: str
    dataset: str
    n: int


@dataclass(frozen=True, slots=True)
class WorkspaceSummary:
    """What the workspace holds, newest first."""

    name: str
    version: str
    evaluations: tuple[EvaluationEntry, ...]
    datasets: tuple[StoredEntry, ...]
    models: tuple[StoredEntry, ...]
    cohorts: tuple[SavedCohort, ...]
    tags: tuple[TagEntry, ...]


@dataclass(frozen=True, slots=True)
class TaskOf:
    """The task with all its classes."""

    kind: str
    classes: tuple[Scalar, ...]
    positive: Scalar | None


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column that cohorts may use; `view` says what can be drawn of it."""

    name: str
    type: str
    role: str
    is_reserved: bool
    view: View


@dataclass(frozen=True, slots=True)
class EvaluationFacts:
    """What there is to ask of an evaluation."""

    ref: str
    model: str
    dataset: str
    n: int
    task: TaskOf
    can_call_model: bool
    is_loss: bool
    columns: tuple[ColumnFacts, ...]
    classes: tuple[Scalar, ...]
    tags: tuple[TagEntry, ...]
    cohorts: tuple[SavedCohort, ...]
    has_text: bool
    map: MapState
    content: str
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True)
class ModelInput:
    """A column that a model takes.

    One that `can_vary` has, in the data, `low` and `high` (numbers, or times as text) with so
    many `decimals` (null for more than six), or `values`, the most frequent first, and `more`
    that are not named; others, such as texts, are only typed in.
    """

    name: str
    type: str
    can_vary: bool
    low: float | str | None
    high: float | str | None
    decimals: int | None
    values: tuple[Scalar, ...]
    more: int
    has_missing: bool


@dataclass(frozen=True, slots=True)
class ModelInputs:
    """The columns that a model takes, in their order."""

    rows: tuple[ModelInput, ...]


@dataclass(frozen=True, slots=True)
class RowsAnswer:
    """Rows in order; `total` is how many there are in all."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    source: Source
    total: int


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows; `next` is the cursor of the following page, null on the last one."""

    columns: tuple[str, ...]
    rows: tuple[dict[str, Any], ...]
    source: Source
    total: int
    offset: int
    next: str | None


@dataclass(frozen=True, slots=True)
class RowMask:
    """Which rows a cohort has: of `n` rows, `rows` are in it.

    `bits` is base64; row 8 i + j is bit j of byte i, from the lowest one.
    """

    where: str
    n: int
    rows: int
    bits: str


@dataclass(frozen=True, slots=True)
class TagState:
    """A tag after a change; `n` rows have it."""

    name: str
    dataset: str
    n: int
    ease: int | None
    importance: int | None
    ceiling: float | None
    note: str


@dataclass(frozen=True, slots=True)
class DecisionMade:
    """A recorded choice of a threshold."""

    ref: str
    evaluation: str
    threshold: float
    who: str
    reason: str
    created_at: str


@dataclass(frozen=True, slots=True)
class EvaluationMade:
    """The evaluation that a job made."""

    ref: str
    model: str
    dataset: str
    n: int


@dataclass(frozen=True, slots=True)
class Job:
    """Work that takes longer than a request; `result_url` is where its result is once done.

    `kind`, `evaluation` and `options` are what it is started with (POST /api/v1/jobs).
    """

    id: str
    kind: str
    title: str
    evaluation: str
    state: State
    done: int
    total: int
    created_at: str
    started_at: str | None
    ended_at: str | None
    error: Failure | None
    options: Mapping[str, Any]
    result_url: str | None

    @property
    def is_over(self) -> bool:
        return self.state in ("done", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Jobs:
    """Jobs, the newest first."""

    rows: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """One version of a dataset."""

    ref: str
    n: int
    created_at: str
    created_by: str
    origin: str


@dataclass(frozen=True, slots=True)
class DatasetEvaluation:
    """An evaluation of a model on a dataset; the newest one of each model."""

    ref: str
    model: str
    task: str
    has_probabilities: bool
    created_at: str


@dataclass(frozen=True, slots=True)
class DatasetFacts:
    """What there is to ask of a dataset, with or without models.

    `versions` are all of its name, the newest first; `evaluations` those of this version.
    `annotators` are the columns of what people said: their labels, or counts of votes.
    """

    ref: str
    name: str
    n: int
    task: TaskOf | None
    label: str | None
    id: str | None
    time: str | None
    annotators: tuple[str, ...]
    columns: tuple[ColumnFacts, ...]
    versions: tuple[DatasetVersion, ...]
    evaluations: tuple[DatasetEvaluation, ...]
    origin: str
    created_at: str
    created_by: str


@dataclass(frozen=True, slots=True)
class DatasetMade:
    """A new version of a dataset, and what it was made from."""

    ref: str
    n: int
    before: str
    decisions: str
    relabelled: int
