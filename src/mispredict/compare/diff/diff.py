"""Two or more models on the same rows: what a comparison says, and of which rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from mispredict.core.results import Result, Source
from mispredict.core.task import Scalar

if TYPE_CHECKING:
    from mispredict.expectations.check import Check

BETTER, WORSE, MIXED, UNCLEAR, SAME = "better", "worse", "mixed", "unclear", "same"


@dataclass(frozen=True, slots=True)
class MetricChange:
    """A metric of one cohort for two models; `difference` is `after` less `before`.

    `word` says whether `model` is "better" or "worse" than `against` by `p_adjusted` (5 %,
    corrected for all that stands beside it), else "unclear"; "same" where no row differs,
    "changed" where the metric has no better direction. `fixed` rows were wrong and are right,
    `broken` ones the reverse (-1 where rows are not right or wrong).
    """

    model: str
    against: str
    cohort: str
    metric: str
    before: float
    after: float
    difference: float
    low: float
    high: float
    n: int
    p: float
    p_adjusted: float
    word: str
    fixed: int
    broken: int

    def to_check(self, *, max_drop: float | None = None, name: str = "") -> Check:
        """A check that a model is not worse than its baseline by this metric in this cohort."""
        half = (self.high - self.low) / 2
        return _check(self.metric, self.cohort, max_drop, half, name)


@dataclass(frozen=True, slots=True)
class ModelFigure:
    """A metric of a model on the rows that count for all models."""

    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class ComparedModel:
    """One of the models, with its figures; `threshold` is null where the model's own holds."""

    model: str
    evaluation: str
    threshold: float | None
    figures: tuple[ModelFigure, ...]


@dataclass(frozen=True, slots=True)
class RowGroup:
    """Rows by what both models make of them, as a cohort of the later evaluation.

    `name` is fixed, broken, both_right or both_wrong; for losses nearer, further or equal.
    `where` is "" where no cohort names the rows, as in a comparison of three dataset versions.
    """

    name: str
    n: int
    share: float
    low: float
    high: float
    where: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DifferenceSlice:
    """A cohort in which the later model is really worse, or better, than the earlier one.

    Found on one half of the rows; `before`, `after` and their `difference` with `low` to `high`
    are measured on the `confirmed_n` rows of it in the other half, `rest` is the difference
    elsewhere there. `p_adjusted` is corrected for all slices that were tested. `n`, `share`,
    `fixed` and `broken` count all rows.
    """

    word: str
    where: str
    n: int
    share: float
    before: float
    after: float
    difference: float
    low: float
    high: float
    rest: float
    p_adjusted: float
    fixed: int
    broken: int
    confirmed_n: int
    metric: str
    sentence: str

    def to_check(self, *, max_drop: float | None = None, name: str = "") -> Check:
        """A check that a model is not worse than its baseline in this cohort.

        Without `max_drop` the bound is two and a half times the distance from the difference to
        its interval's end, which an equally good version keeps.
        """
        half = (self.high - self.low) / 2
        return _check(self.metric, self.where, max_drop, half, name)


@dataclass(frozen=True, slots=True)
class DifferenceSearch:
    """How slices of the difference were looked for; `note` says it in words."""

    searched: int
    tested: int
    is_exhausted: bool
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often both predict the same, right or wrong: `share` with its interval.

    `kappa` is Cohen's, what is above chance. For numbers, `same` and `share` are missing and
    `correlation` is that of the predictions.
    """

    n: int
    same: int
    share: float
    low: float
    high: float
    kappa: float
    kappa_low: float
    kappa_high: float
    correlation: float


@dataclass(frozen=True, slots=True)
class ConfusionChange:
    """One cell of the confusion table before and after; `difference` is in rows.

    `where` selects the rows that came into the cell, `where_left` those that left it. `p` is
    that of as many coming as going (McNemar).
    """

    label: Scalar
    prediction: Scalar
    before: int
    after: int
    difference: int
    came: int
    left: int
    p: float
    where: str
    where_left: str


@dataclass(frozen=True, slots=True)
class LossCell:
    """How many rows have a loss in these bins: `before` and `after` count from 0."""

    before: int
    after: int
    n: int


@dataclass(frozen=True, slots=True)
class LossPoints:
    """Rows by both models' losses, column by column; those that differ most are all there.

    `group` is the place of the row's name among `groups`. `total` rows have both losses, and
    all of them are counted in `cells`, between the `edges` of both axes.
    """

    row: tuple[int, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    group: tuple[int, ...]
    groups: tuple[str, ...]
    total: int
    measure: str
    edges: tuple[float, ...]
    cells: tuple[LossCell, ...]


@dataclass(frozen=True, slots=True)
class ModelPair:
    """`model` compared with `against`.

    `word` is better, worse, mixed (better in parts and worse in others), unclear or same.
    `metrics` are about all rows, `cohorts` about the values that were asked for, the regressed
    first. `regressed` and `improved` slices were found by search.
    """

    model: str
    against: str
    evaluation: str
    baseline: str
    word: str
    sentence: str
    metrics: tuple[MetricChange, ...]
    cohorts: tuple[MetricChange, ...]
    groups: tuple[RowGroup, ...]
    regressed: tuple[DifferenceSlice, ...]
    improved: tuple[DifferenceSlice, ...]
    search: DifferenceSearch | None
    agreement: Agreement
    confusion: tuple[ConfusionChange, ...]
    losses: LossPoints | None

    @property
    def has_regressed(self) -> bool:
        """Whether the model is worse, as a whole or in a cohort."""
        return self.word in (WORSE, MIXED)

    def group(self, name: str) -> RowGroup:
        """The rows of a name, such as "fixed"."""
        return next(item for item in self.groups if item.name == name)


@dataclass(frozen=True, slots=True)
class EnsembleFigure:
    """What all models together would reach: the best one, their average or vote, an oracle.

    The oracle takes for each row a model that is right, if any is: more than can be reached by
    choosing among them.
    """

    name: str
    value: float
    low: float
    high: float
    n: int
    sentence: str


@dataclass(frozen=True, slots=True)
class CommonRows:
    """How rows of different dataset versions were matched.

    `by` is the id's column, or "content". `changed` rows have the same id and another content;
    `relabelled` of them another label.
    """

    by: str
    n: int
    only_before: int
    only_after: int
    changed: int
    relabelled: int
    sentence: str


@dataclass(frozen=True)
class Comparison(Result):
    """Models on the same rows, each with the first; `.rows` are all changes of metrics.

    `verdict` is one sentence, `word` its gist. `metric` is the one that decides, `by` the
    columns whose values are compared one by one.
    """

    verdict: str
    word: str
    metric: str
    by: tuple[str, ...]
    models: tuple[ComparedModel, ...]
    pairs: tuple[ModelPair, ...]
    ensemble: tuple[EnsembleFigure, ...]
    common: CommonRows | None
    notes: tuple[str, ...]
    source: Source
    seconds: float

    row_type: ClassVar[type] = MetricChange
    title: ClassVar[str] = "Comparison"
    unknown_counts: ClassVar[tuple[str, ...]] = ("fixed", "broken")

    @property
    def rows(self) -> tuple[MetricChange, ...]:
        """All changes of metrics: of all rows, then of cohorts, pair by pair."""
        return tuple(row for pair in self.pairs for row in (*pair.metrics, *pair.cohorts))

    @property
    def has_regressed(self) -> bool:
        """Whether any model is worse than the first, as a whole or in a cohort."""
        return any(pair.has_regressed for pair in self.pairs)

    @property
    def pair(self) -> ModelPair:
        """The last model against the first."""
        return self.pairs[-1]

    def to_markdown(self) -> str:
        """The comparison as Markdown, for a pull request."""
        from mispredict.compare.diff.markdown import markdown

        return markdown(self)

    def __str__(self) -> str:
        lines = [self.verdict]
        for pair in self.pairs:
            lines += [f"  worse: {item.sentence}" for item in pair.regressed]
            lines += [f"  better: {item.sentence}" for item in pair.improved]
        return "\n".join([*lines, *self.notes])

    def _repr_html_(self) -> str:
        from html import escape

        said = "".join(f"<li>{escape(line.strip())}</li>" for line in str(self).split("\n")[1:])
        return f"<p><b>{escape(self.verdict)}</b></p><ul>{said}</ul>{super()._repr_html_()}"


def regressed_first(rows: Sequence[MetricChange]) -> tuple[MetricChange, ...]:
    """Rows with the regressed first, by what they cost: rows × difference."""
    order = {WORSE: 0, BETTER: 1}
    return tuple(
        sorted(rows, key=lambda row: (order.get(row.word, 2), -abs(row.difference) * row.n))
    )


def _check(metric: str, where: str, max_drop: float | None, half: float, name: str) -> Check:
    from mispredict.expectations.check import KINDS, Check

    bound = float(f"{2.5 * half:.2g}") if max_drop is None else max_drop
    cohort = None if where in ("", "all") else where
    made = KINDS["regression"](metric=metric, max_drop=bound, where=cohort)  # type: ignore[call-arg]
    return Check(name or f"{metric} is no worse{f' where {cohort}' if cohort else ''}", made)
