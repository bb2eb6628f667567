"""What is said of labels that are likely wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from mispredict.core.results import Result, Source

if TYPE_CHECKING:
    from mispredict.expectations.check import Check

NOWHERE = Source("")


@dataclass(frozen=True, slots=True)
class LabelError:
    """One row whose label is likely wrong, with what speaks against it.

    `score` is the probability that the model gives the label, at most 1; the lower, the likelier
    is an error. `found_by` is `model`, `neighbours` (rows nearly equal to it have another label)
    or `both`. `decision` is what people decided of it: `keep`, `relabel`, `unsure`, `conflict`
    (they disagree) or "" for nothing yet; `decided` is the label they chose.
    """

    row: int
    id: Any
    given: Any
    suggested: Any
    prediction: Any
    score: float
    probability: float
    found_by: Literal["model", "neighbours", "both"]
    reason: str
    decision: str
    decided: Any
    where: str


@dataclass(frozen=True, slots=True)
class LabelClass:
    """One class as a label: how many rows have it, how many of them are likely wrong.

    `share` with its interval is estimated from rows that surely are of a class; `wrong` is that
    many rows. `threshold` is the probability from which on a row surely is of the class.
    `taken_for` is the class that its flagged rows mostly seem to be.
    """

    label: Any
    n: int
    flagged: int
    wrong: int
    share: float
    low: float
    high: float
    threshold: float
    taken_for: Any
    where: str


@dataclass(frozen=True, slots=True)
class LabelPair:
    """Rows with one label that seem to be of another class.

    `wrong` of the rows with the label are estimated to be of the class, a `share` of them with
    interval. `back` are flagged rows the other way round; a pair is `is_ambiguous` where rows
    are mixed up both ways, which labels turned at random also do, but mostly classes that overlap
    or a rule that people read differently.
    """

    given: Any
    suggested: Any
    flagged: int
    back: int
    wrong: int
    share: float
    low: float
    high: float
    is_ambiguous: bool
    sentence: str
    where: str


@dataclass(frozen=True, slots=True)
class LabelGroup:
    """Rows that are nearly equal and have several labels.

    `labels` are (label, rows), the most frequent first; `majority` is the label of more than half
    of them, None without one.
    """

    rows: tuple[int, ...]
    labels: tuple[tuple[Any, int], ...]
    majority: Any
    sentence: str
    where: str


@dataclass(frozen=True, slots=True)
class LabelCost:
    """What wrong labels do to a metric: as it is, and if the suggestions were right.

    `value` is the metric by the given labels and `suggested` by the suggested ones of flagged
    rows, each with its interval; `difference` is what lies between, on the same rows.
    """

    metric: str
    value: float
    low: float
    high: float
    suggested: float
    suggested_low: float
    suggested_high: float
    difference: float
    difference_low: float
    difference_high: float
    n: int
    sentence: str


@dataclass(frozen=True, slots=True)
class ReviewShare:
    """What people decided of flagged rows: how many, and how many labels were really wrong."""

    reviewed: int
    confirmed: int
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class LabelErrors(Result):
    """Rows whose label is likely wrong, the likeliest first; nothing is changed by it.

    `rows` are the first `limit` of all `flagged`. `share` is the estimated share of wrong labels
    among `n`, with interval; it stands on the model's probabilities, and `review` is what people
    found. `joint[i][j]` are estimated rows with label `classes[i].label` that are of class
    `classes[j].label`, `noise[i][j]` is the chance that a row of class i gets label j, and
    `inverse[i][j]` that a row with label i is of class j. `where` is the cohort of all flagged
    rows.
    """

    row_type: ClassVar[type] = LabelError
    title: ClassVar[str] = "Labels that are likely wrong"

    rows: tuple[LabelError, ...]
    classes: tuple[LabelClass, ...]
    pairs: tuple[LabelPair, ...]
    groups: tuple[LabelGroup, ...]
    joint: tuple[tuple[int, ...], ...]
    noise: tuple[tuple[float, ...], ...]
    inverse: tuple[tuple[float, ...], ...]
    n: int
    flagged: int
    share: float
    low: float
    high: float
    costs: tuple[LabelCost, ...]
    review: ReviewShare
    method: str
    warnings: tuple[str, ...]
    sentence: str
    where: str
    seconds: float
    source: Source = NOWHERE

    def to_check(self, *, max: float | None = None, name: str = "") -> Check:  # noqa: A002 - option
        """A check that fails where clearly more labels look wrong than now.

        Args:
            max: the largest good share; by default that of now, more by two and a half times
                the distance to its interval's end.
            name: of the check.
        """
        from mispredict.expectations.bounds import exact_share
        from mispredict.expectations.check import KINDS, Check

        bound = max
        if bound is None:
            now = self.flagged / self.n
            high = exact_share(self.flagged, self.n)[1]
            bound = round(min(1.0, now + 2.5 * (high - now)), 4)
        options = {"max": bound, "method": self.method, "where": self.source.where or None}
        return Check(name or "few labels look wrong", KINDS["label_errors"](**options))

    def __str__(self) -> str:
        warned = "".join(f"\nCaution: {warning}" for warning in self.warnings)
        return f"{self.sentence}{warned}\n{super().__str__()}"


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """A label that may be chosen in a review, with its key and what the model gives it."""

    key: str
    label: Any
    probability: float
    is_given: bool
    is_suggested: bool


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One row to be reviewed, with all that a person needs to decide.

    `kind` is `suspected`, or `audit` for a row drawn from those not flagged, which tells how many
    errors were missed. `inputs` are (column, value). `choices` are the labels, likeliest first.
    """

    place: int
    row: int
    id: Any
    kind: Literal["suspected", "audit"]
    given: Any
    suggested: Any
    prediction: Any
    score: float
    reason: str
    inputs: tuple[tuple[str, Any], ...]
    choices: tuple[LabelChoice, ...]
    decision: str
    decided: Any
    where: str


@dataclass(frozen=True, slots=True)
class QueueKey:
    """A key of the review and what it does."""

    key: str
    action: str
    meaning: str


@dataclass(frozen=True)
class LabelQueue(Result):
    """Rows to be reviewed, in the order in which a person should look at them.

    `total` rows are suspected, `done` of them have a decision, `left` have none; `rows` are the
    next ones. `keys` say which key does what.
    """

    row_type: ClassVar[type] = QueueRow
    title: ClassVar[str] = "Labels to review"

    rows: tuple[QueueRow, ...]
    keys: tuple[QueueKey, ...]
    total: int
    done: int
    left: int
    order: str
    dataset: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class LabelDecision:
    """What was decided of one row's label: `keep`, `relabel`, `unsure`, or `conflict`.

    `label` is the chosen one where it is to be another. `who` decided last and `when`; `people`
    is how many did; `is_audit` where the row was drawn for them from those not flagged. `where`
    opens the row.
    """

    row: int
    id: Any
    given: Any
    decision: str
    label: Any
    who: str
    when: str
    people: int
    is_audit: bool
    note: str
    where: str


@dataclass(frozen=True)
class LabelDecisions(Result):
    """Decisions about labels of a dataset: one version of them; the data are unchanged.

    `version` names it, such as `churn@3`, for `ds.relabelled(decisions=…)`; "" where nothing was
    decided yet.
    """

    row_type: ClassVar[type] = LabelDecision
    title: ClassVar[str] = "Decisions about labels"

    rows: tuple[LabelDecision, ...]
    dataset: str
    version: str
    kept: int
    relabelled: int
    unsure: int
    conflicts: int
    sentence: str


@dataclass(frozen=True, slots=True)
class CorrectedMetric:
    """A metric by the labels as given, and corrected for those that are wrong.

    `relabelled` is the metric with the labels that people decided on in place of the given ones,
    and nothing else changed. `corrected` also holds what the rows that nobody looked at are
    expected to be; `difference` is corrected minus given. NaN where it is not known.
    """

    metric: str
    value: float
    low: float
    high: float
    relabelled: float
    relabelled_low: float
    relabelled_high: float
    corrected: float
    corrected_low: float
    corrected_high: float
    difference: float
    difference_low: float
    difference_high: float
    n: int


@dataclass(frozen=True)
class CorrectedMetrics(Result):
    """Metrics corrected for wrong labels, with intervals that hold what is not known of them.

    `method` is `reviewed` (from a reviewed sample) or `noise` (from the chances that a row of one
    class gets another label). `assumes` says what it stands on; `reviewed` rows were looked at.
    """

    row_type: ClassVar[type] = CorrectedMetric
    title: ClassVar[str] = "Metrics corrected for wrong labels"

    rows: tuple[CorrectedMetric, ...]
    method: str
    reviewed: int
    assumes: str
    warnings: tuple[str, ...]
    sentence: str
    source: Source = NOWHERE


@dataclass(frozen=True, slots=True)
class ConsensusRow:
    """What several people together say of one row.

    `label` is the consensus with the `probability` that it is right; `majority` is the label of
    most votes, None for a tie. `agreement` is the share of votes for the consensus.
    """

    row: int
    id: Any
    label: Any
    probability: float
    votes: int
    agreement: float
    majority: Any
    given: Any
    where: str


@dataclass(frozen=True, slots=True)
class Annotator:
    """One person: how often they are right by the consensus of the others, with interval.

    `quality` is the estimated chance that they give the right label; `accuracy` how often they
    agree with the consensus of the other people. `confusion[i][j]` is how often they say class j
    of rows that are of class i. `sentence` names what they mix up most.
    """

    annotator: str
    n: int
    quality: float
    accuracy: float
    low: float
    high: float
    confusion: tuple[tuple[float, ...], ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class AnnotatorAgreement:
    """How far people agree beyond chance: 1 always, 0 as chance would; with interval."""

    measure: str
    between: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Consensus(Result):
    """One label per row out of those of several people, who they are, and how far they agree.

    `where` is the cohort of the rows on which people disagree, "" where none can be written.
    """

    row_type: ClassVar[type] = ConsensusRow
    title: ClassVar[str] = "Consensus of annotators"

    rows: tuple[ConsensusRow, ...]
    annotators: tuple[Annotator, ...]
    agreement: tuple[AnnotatorAgreement, ...]
    classes: tuple[Any, ...]
    prior: tuple[float, ...]
    method: str
    n: int
    votes: int
    disagreed: int
    differs: int
    iterations: int
    warnings: tuple[str, ...]
    sentence: str
    dataset: str = ""
    where: str = ""
