"""The parts of an overview: small frozen records of plain values, which are its JSON shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Floats: TypeAlias = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class About:
    """Which rows, model, data and versions the figures stand on, when and by whom made."""

    model: str
    model_kind: str
    model_hash: str
    dataset: str
    dataset_hash: str
    dataset_origin: str
    dataset_rows: int
    dataset_columns: int
    label: str
    evaluation_hash: str
    evaluated_at: str
    evaluated_by: str
    how: str
    code: str
    environment: tuple[str, ...]
    mispredict: str
    made_at: str


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """The task; of many classes the first ones are named."""

    kind: str
    classes: tuple[str, ...]
    n_classes: int
    positive: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric with interval; NaN where it is not defined.

    `lowest` and `highest` bound what the metric can be (infinite where nothing does);
    `higher_is_better` is None where neither is.
    """

    metric: str
    value: float
    low: float
    high: float
    n: int
    lowest: float
    highest: float
    higher_is_better: bool | None
    explanation: str


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class against the rest; `support` rows have the label, `predicted` the prediction."""

    label: str
    support: int
    share: float
    predicted: int
    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    f1: float
    f1_low: float
    f1_high: float


@dataclass(frozen=True, slots=True)
class Average:
    """Precision, recall and F1 averaged over classes in one way."""

    average: str
    precision: float
    precision_low: float
    precision_high: float
    recall: float
    recall_low: float
    recall_high: float
    f1: float
    f1_low: float
    f1_high: float
    n: int


@dataclass(frozen=True, slots=True)
class ConfusionPart:
    """Counts by label (row) and prediction (column); no matrix where classes are many."""

    classes: tuple[str, ...]
    counts: tuple[tuple[float, ...], ...]
    n_classes: int
    n: int


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Rows whose confidence lies in (low, high], and how often they are right."""

    low: float
    high: float
    n: int
    confidence: float
    accuracy: float
    accuracy_low: float
    accuracy_high: float


@dataclass(frozen=True, slots=True)
class CalibrationPart:
    """Confidence against correctness; `ece` is the mean gap, weighted by rows."""

    bins: tuple[CalibrationBin, ...]
    ece: float
    ece_low: float
    ece_high: float
    n: int


@dataclass(frozen=True, slots=True)
class CurvePart:
    """A curve of one class against the rest, thinned; `area` is AUC or average precision."""

    kind: str
    label: str
    x: Floats
    y: Floats
    area: float
    low: float
    high: float
    n: int
    positives: int


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """What deciding at a threshold gives."""

    threshold: float
    cost: float
    precision: float
    recall: float
    false_positives: int
    false_negatives: int


@dataclass(frozen=True, slots=True)
class Decision:
    """A threshold that someone signed off."""

    threshold: float
    who: str
    reason: str
    decided_at: str


@dataclass(frozen=True, slots=True)
class ThresholdPart:
    """Cost per row of each threshold where both kinds of error cost 1, and the cheapest.

    `change_low` and `change_high` bound the cheapest one's cost less that of 0.5; `optimism` is
    how much cheaper it looks on these rows than it will be on others.
    """

    positive: str
    best: ThresholdPoint
    usual: ThresholdPoint
    thresholds: Floats
    costs: Floats
    change_low: float
    change_high: float
    optimism: float
    n: int
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Baseline:
    """What something simpler, or the model before, reaches on the same rows.

    `kind` is majority, stratified, mean, median, previous or whole (all rows, beside a cohort).
    For a previous model with classes, `fixed` rows are right now and were wrong, `broken` rows
    the other way round.
    """

    kind: str
    name: str
    figures: tuple[Figure, ...]
    fixed: int | None = None
    broken: int | None = None


@dataclass(frozen=True, slots=True)
class ErrorClassRow:
    """Rows of one label that got one wrong prediction."""

    label: str
    prediction: str
    where: str
    n: int
    share_of_errors: float
    share_of_label: float
    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Examples:
    """Rows, each a tuple of cells in the order of `columns`; long texts are cut.

    `kinds` says what each column is: id, outcome, text or input. `total` is how many rows there
    are of this sort.
    """

    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    total: int


@dataclass(frozen=True, slots=True)
class CardRow:
    """One condition: its error rate (or mean loss) inside, and in the rest of the rows."""

    kind: str
    column: str
    value: str
    where: str
    n: int
    share: float
    errors: float
    rate: float
    low: float
    high: float
    rest: float
    lift: float
    p_adjusted: float


@dataclass(frozen=True, slots=True)
class CardsPart:
    """Conditions that go with being wrong (mispredictive) or right (predictive)."""

    mispredictive: tuple[CardRow, ...] = ()
    predictive: tuple[CardRow, ...] = ()
    mispredictive_tokens: tuple[CardRow, ...] = ()
    predictive_tokens: tuple[CardRow, ...] = ()
    outcomes: tuple[CardRow, ...] = ()
    tested: int = 0
    significant: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class FoundSlice:
    """A group of rows that a search found and other rows confirmed.

    `name` is its condition in English, `where` the same as a cohort. `value` is the error rate
    (or mean loss), `rest` the same elsewhere, and `low` to `high` bound their `difference`: all
    on the `confirmed_n` rows of it that the search never saw. `gain` is how many errors (or how
    much loss) would go if it were as good as the rest.
    """

    name: str
    sentence: str
    where: str
    n: int
    share: float
    errors: float
    share_of_errors: float
    value: float
    rest: float
    difference: float
    low: float
    high: float
    gain: float
    lift: float
    p_adjusted: float
    confirmed_n: int
    also: str


@dataclass(frozen=True, slots=True)
class SlicesPart:
    """Confirmed slices, worst first; empty when nothing is significant, and `note` says so.

    `objective` is error where values are error rates, else loss. `searched` slices were
    compared, and `exhausted` says whether none was left out.
    """

    rows: tuple[FoundSlice, ...]
    objective: str
    searched: int
    exhausted: bool
    note: str


@dataclass(frozen=True, slots=True)
class Histogram:
    """Rows by equal-width bins; the last bin also holds what is above it.

    `wrong` counts the wrong rows in each bin; empty where rows are not right or wrong.
    """

    column: str
    edges: Floats
    counts: tuple[int, ...]
    wrong: tuple[int, ...]
    n: int


@dataclass(frozen=True, slots=True)
class Quantile:
    """The value below which a share of the rows lies."""

    q: float
    value: float


@dataclass(frozen=True, slots=True)
class SpreadPart:
    """How loss, and for regression the residual (label − prediction), is spread.

    `worst_tenth` is the share of all loss that the worst tenth of the rows carries.
    """

    loss: Histogram | None = None
    loss_quantiles: tuple[Quantile, ...] = ()
    worst_tenth: float = 0.0
    residual: Histogram | None = None
    residual_quantiles: tuple[Quantile, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a part of the overview says, in a sentence; `where` is its cohort if it has one."""

    part: str
    sentence: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What is missing or doubtful, and what to do about it."""

    problem: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Seconds:
    """How long a part took to compute."""

    part: str
    seconds: float
