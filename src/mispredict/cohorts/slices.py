"""Slices: groups of rows on which the model really fails, each a cohort with a sentence.

Searched on one part of the rows and confirmed on the other (`search/`); this module puts the
search's answers into words and numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.objective import Objective
from mispredict.cohorts.search.confirm import searched_part
from mispredict.cohorts.search.find import DEFAULT, RULES, Finding, Findings, find
from mispredict.cohorts.search.options import MOST_CONDITIONS
from mispredict.cohorts.search.search import top as search_top
from mispredict.cohorts.searchable import Searchable, searchable
from mispredict.cohorts.sentences import plain
from mispredict.core.options import choice, number, whole
from mispredict.core.predicate import Predicate
from mispredict.core.results import Result, Source
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
Progress = Callable[[int, int, int], None]

FEW_ROWS = 100  # usable rows under which a search is no use
FEW_ERRORS = 10
MOST = 15
_SEARCHED = (
    ColumnType.NUMERIC,
    ColumnType.CATEGORICAL,
    ColumnType.BOOLEAN,
    ColumnType.DATETIME,
    ColumnType.TEXT,
)


@dataclass(frozen=True, slots=True)
class SliceRow:
    """A confirmed slice.

    `n`, `share` (of the rows), `errors` and `share_of_errors` count all rows. `value` (error rate
    or mean of the objective), `rest` (the same elsewhere), `difference` with `low` to `high`, and
    `p_adjusted` are measured on the `confirmed_n` rows of it that the search never saw. `lift`
    is value / rest. `gain` is how many errors (or how much loss) would go if the slice were as
    good as the rest. `also` says what else is unusual about its rows.
    """

    where: str
    n: int
    share: float
    errors: float
    value: float
    rest: float
    difference: float
    low: float
    high: float
    p_adjusted: float
    share_of_errors: float
    gain: float
    lift: float
    confirmed_n: int
    sentence: str
    also: str


@dataclass(frozen=True)
class Slices(Result):
    """Slices, worst first; empty when nothing is significant, and `note` then says so.

    `searched` is the number of slices that were compared, `exhausted` whether none was left
    out, `seconds` how long it took.
    """

    rows: tuple[SliceRow, ...]
    source: Source
    objective: str
    searched: int
    exhausted: bool
    seconds: float
    note: str

    row_type: ClassVar[type] = SliceRow
    title: ClassVar[str] = "Slices"

    def __str__(self) -> str:
        lines = [f"{place}. {row.sentence}" for place, row in enumerate(self.rows, start=1)]
        return "\n".join([*lines, self.note])


@dataclass(frozen=True, slots=True)
class ScoredSlice:
    """A slice by the score of Sagadeeva & Boehm (SIGMOD 2021); nothing is confirmed."""

    where: str
    score: float
    n: int
    errors: float
    value: float
    max_error: float


@dataclass(frozen=True)
class ScoredSlices(Result):
    """The slices with the highest scores on the very rows that were searched."""

    rows: tuple[ScoredSlice, ...]
    source: Source
    objective: str
    searched: int
    exhausted: bool
    seconds: float
    note: str

    row_type: ClassVar[type] = ScoredSlice
    title: ClassVar[str] = "Slices by SliceLine's score"


@dataclass(frozen=True)
class SearchOptions:
    """How slices are searched; see `Evaluation.slices`."""

    columns: tuple[str, ...]
    top: int = MOST
    conditions: int = 3
    min_share: float = 0.01
    budget_s: float = 60.0
    scoring: str = "significance"
    alpha: float = 0.95
    seed: int = 0
    threads: int = 2

    def __post_init__(self) -> None:
        whole("top", self.top, 1)
        whole("conditions", self.conditions, 1, MOST_CONDITIONS)
        number("min_share", self.min_share, 0, 1)
        number("budget_s", self.budget_s, 0, is_above=True, is_endless=True, hint="budget_s=60")
        choice("scoring", self.scoring, ("significance", "sliceline"))
        number("alpha", self.alpha, 1e-6, 1)
        whole("seed", self.seed, 0, hint="seed=0")


def find_slices(
    table: Table,
    target: Objective,
    options: SearchOptions,
    *,
    source: Source,
    mask: Bools | None = None,
    weights: Floats | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Slices | ScoredSlices:
    """Groups of rows in which the objective is really larger.

    Args:
        target: error of each row, NaN where undefined.
        mask: the rows to search in; None for all.
        weights: how much each row counts.
    """
    usable = np.isfinite(target.values) if mask is None else mask & np.isfinite(target.values)
    rows = np.flatnonzero(usable)
    errors = target.values[rows]
    weight = None if weights is None else weights[rows]
    searched = searched_part(len(rows), share=RULES.share, seed=options.seed, keys=rows)
    is_plain = options.scoring == "sliceline"
    too_few = "" if is_plain else _too_few(errors)
    if too_few:
        return Slices((), source, target.name, 0, True, 0.0, too_few)
    found = searchable(
        table,
        [name for name in options.columns if table.fields.columns[name] in _SEARCHED],
        rows,
        errors=errors,
        is_searched=np.ones(len(rows), dtype=bool) if is_plain else searched,
        min_rows=int(options.min_share * len(rows)),
    )
    if is_plain:
        return _scored(found, target, errors, weight, options, source, progress, cancel)
    if not found.space.columns:
        note = "There is no column to search in: slices need columns with values or texts."
        return Slices((), source, target.name, 0, True, 0.0, note)
    findings = find(
        found.space,
        errors,
        weights=weight,
        keys=rows,
        options=replace(
            DEFAULT,
            conditions=options.conditions,
            min_share=options.min_share,
            budget_s=options.budget_s,
            threads=options.threads,
        ),
        rules=replace(RULES, seed=options.seed, most=min(options.top, MOST)),
        progress=progress,
        cancel=cancel,
    )
    words = _Words(found, target, errors, weight)
    slices = [words.row(item) for item in findings.slices]
    slices.sort(key=lambda row: -row.gain)
    note = _note(findings, target, len(rows), len(found.space.columns))
    return Slices(
        tuple(slices),
        source,
        target.name,
        findings.searched,
        findings.is_exhausted,
        findings.seconds,
        note,
    )


def _scored(
    found: Searchable,
    target: Objective,
    errors: Floats,
    weight: Floats | None,
    options: SearchOptions,
    source: Source,
    progress: Progress | None,
    cancel: Callable[[], bool] | None,
) -> ScoredSlices:
    chosen = replace(
        DEFAULT,
        k=options.top,
        conditions=options.conditions,
        min_share=options.min_share,
        budget_s=options.budget_s,
        threads=options.threads,
        scoring="sliceline",
        alpha=options.alpha,
        with_ranges=False,
        floor=None,
    )
    result = search_top(
        found.space, errors, weights=weight, options=chosen, progress=progress, cancel=cancel
    )
    rows = tuple(
        ScoredSlice(
            found.predicate(item.box).text,
            item.score,
            item.n,
            item.errors,
            item.value,
            float(errors[item.box.mask(found.space)].max()),
        )
        for item in result.slices
    )
    note = f"{counted(result.searched, 'slice')} compared; nothing is confirmed on other rows."
    return ScoredSlices(
        rows, source, target.name, result.searched, result.is_exhausted, result.seconds, note
    )


class _Words:
    """Findings as rows with sentences."""

    def __init__(
        self, found: Searchable, target: Objective, errors: Floats, weight: Floats | None
    ) -> None:
        self.found, self.target, self.errors = found, target, errors
        self.size = float(len(errors) if weight is None else weight.sum())
        self.total = float(errors.sum() if weight is None else (errors * weight).sum())

    def row(self, item: Finding) -> SliceRow:
        predicate = self.found.predicate(item.box)
        test = item.confirmed
        shift = self.target.shift
        gain = item.size * max(0.0, test.difference)
        total = self.total - shift * self.size
        errors = item.errors - shift * item.size
        row = SliceRow(
            where=predicate.text,
            n=item.n,
            share=item.size / self.size,
            errors=errors,
            value=test.value - shift,
            rest=test.rest - shift,
            difference=test.difference,
            low=test.interval.low,
            high=test.interval.high,
            p_adjusted=item.p_adjusted,
            share_of_errors=errors / total if total > 0 else float("nan"),
            gain=gain,
            lift=(test.value - shift) / (test.rest - shift) if test.rest > shift else np.inf,
            confirmed_n=test.n,
            sentence="",
            also=self._also(item),
        )
        return replace(row, sentence=sentence(row, predicate, self.target))

    def _also(self, item: Finding) -> str:
        """Values of other columns that are much commoner inside than outside."""
        inside = item.box.mask(self.found.space)
        used = {condition.column for condition in item.box.conditions}
        found = []
        for column in self.found.space.columns:
            if column.name in used or column.is_ordered or column.size > 256:
                continue
            within = np.bincount(column.codes[inside], minlength=column.size) / inside.sum()
            without = np.bincount(column.codes[~inside], minlength=column.size)
            gap = within - without / max(1, (~inside).sum())
            gap[list({0, *column.excluded})] = 0
            code = int(gap.argmax())
            if gap[code] >= 0.2:
                found.append((float(gap[code]), column.name, code, float(within[code])))
        return "; ".join(
            f"{self._condition(name, code)} ({100 * share:.0f} % against "
            f"{100 * (share - gap):.0f} %)"
            for gap, name, code, share in sorted(found, reverse=True)[:3]
        )

    def _condition(self, name: str, code: int) -> str:
        from mispredict.cohorts.search.space import Condition

        return self.found.readers[name](Condition(name, code, code)).text


def sentence(row: SliceRow, predicate: Predicate, target: Objective) -> str:
    """The finding for a product owner."""
    where = f"Where {predicate.sentence()}"
    if target.is_rate:
        rates = (
            f"{100 * row.value:.1f} % of {counted(row.confirmed_n, 'held-out row')} {target.verb}, "
            f"{100 * row.rest:.1f} % elsewhere "
            f"({_points(row.low)} to {_points(row.high)} points more)"
        )
        gain = f"{counted(round(row.gain), 'error')} fewer if it were as good as the rest"
    else:
        rates = (
            f"{target.noun} {plain(row.value, 3)} on {counted(row.confirmed_n, 'held-out row')}, "
            f"{plain(row.rest, 3)} elsewhere "
            f"({plain(row.low, 3)} to {plain(row.high, 3)} more)"
        )
        gain = f"{plain(row.gain)} of the total less if it were as good as the rest"
    all_of_it = "errors" if target.is_rate else "loss"
    share = (
        f"{counted(row.n, 'row')} in all, {100 * row.share:.1f} % of the data with "
        f"{100 * row.share_of_errors:.0f} % of all {all_of_it}"
    )
    return f"{where}: {rates}. {share}; {gain}."


def _points(value: float) -> str:
    return f"{100 * value:.1f}"


def _too_few(errors: Floats) -> str:
    if len(errors) < FEW_ROWS:
        return (
            f"Not enough data: {counted(len(errors), 'row')} can be judged, and a search that "
            f"is confirmed on other rows needs at least {FEW_ROWS}."
        )
    if np.isin(errors, (0.0, 1.0)).all() and errors.sum() < FEW_ERRORS:
        return (
            f"Not enough data: {counted(int(errors.sum()), 'error')} among "
            f"{counted(len(errors), 'row')} are too few to tell where they are more frequent."
        )
    if errors.min() == errors.max():
        return "All rows have the same error, so no group is worse than the others."
    return ""


def _note(findings: Findings, target: Objective, rows: int, columns: int) -> str:
    seen = (
        f"{counted(findings.searched, 'slice')} of {counted(columns, 'column')} compared on one "
        f"half of {counted(rows, 'row')} in {findings.seconds:.1f} s"
    )
    if not findings.is_exhausted:
        seen += " (not exhausted: the time was up, or columns were cut coarser)"
    if findings.slices:
        return f"{seen}; {len(findings.slices)} of {findings.tested} confirmed on the other half."
    return (
        f"Nothing significant: no group has a larger {target.noun} than chance explains. {seen}; "
        f"candidates: {findings.tested}, none confirmed on the other half."
    )


def search_columns(table: Table, names: Sequence[str]) -> tuple[str, ...]:
    """Those of the columns that slices can be searched in."""
    return tuple(name for name in names if table.fields.columns[name] in _SEARCHED)
