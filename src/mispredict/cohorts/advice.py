"""Which columns that the model does not see would tell where it is wrong.

A column is judged on rows it was not learned from: the error per value on one half of the rows
predicts the errors of the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.cohorts.association import adjusted
from mispredict.cohorts.estimates import Estimate, estimate
from mispredict.cohorts.halves import found_on
from mispredict.cohorts.regions import Feature, find_features
from mispredict.core.results import Result, Source
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.engine.table import Table

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.intp]

_SHRINKAGE = 20.0  # rows of the average added to each value, so that rare ones don't lead
_LEAST_WORST = 0.05  # share of the rows that the worst values must make up to be shown
_STEPS = 40


@dataclass(frozen=True, slots=True)
class Advice:
    """A column that is not an input: how much of the errors it explains.

    `explained` is the share of the errors' variance that it explains on rows it was not learned
    from (R²; below 0 is worse than nothing). `knows_direction` says whether it also tells which
    way the model errs, which an input can mend, and not only where it is unsure: it is judged by
    what the model's residuals have to do with it, corrected p `p_direction`. On the rows that
    the column calls worst, `where`, the model is wrong at `rate` (`low` to `high`), elsewhere at
    `rest`, both on the held-out half.
    """

    column: str
    n: int
    explained: float
    p_adjusted: float
    knows_direction: bool
    p_direction: float
    where: str
    share: float
    rate: float
    low: float
    high: float
    rest: float
    sentence: str


@dataclass(frozen=True)
class FeatureAdvice(Result):
    """Columns that explain the errors, the one that explains most first."""

    rows: tuple[Advice, ...]
    source: Source
    searched: tuple[str, ...]
    note: str

    row_type: ClassVar[type] = Advice
    title: ClassVar[str] = "Columns that explain the errors but are not inputs"

    def __str__(self) -> str:
        return "\n".join([self.title, *(row.sentence for row in self.rows), self.note])


def advise_features(
    table: Table,
    target: Floats,
    *,
    source: Source,
    columns: Sequence[str],
    residuals: Floats | None = None,
    mask: Bools | None = None,
    significance: float = 0.05,
    seed: int = 0,
) -> FeatureAdvice:
    """The columns whose values predict errors on rows they were not learned from.

    Args:
        target: 1 for wrong and 0 for right rows, or a loss per row; NaN where undefined.
        columns: columns of the dataset that the model doesn't see; of texts the number of words
            is used.
        residuals: what is true minus what the model said, one column per class (1 and 0 minus
            its probability) or one for numbers; to tell which way the model errs.
        mask: the cohort; None for all rows.
        significance: columns with a larger corrected p are left out.
    """
    usable = np.isfinite(target) if mask is None else mask & np.isfinite(target)
    rows = np.flatnonzero(usable)
    features = find_features(table, columns)
    half = found_on(len(rows), seed=seed)
    fit, held = rows[half], rows[~half]
    found = [_judged(feature, target[:, None], fit, held) for feature in features.values()]
    told = [np.nan] * len(found)
    if residuals is not None:
        signed = residuals if residuals.ndim == 2 else residuals[:, None]
        told = [_judged(feature, signed, fit, held)[1] for feature in features.values()]
    p = adjusted(np.array([item[1] for item in found]))
    p_told = adjusted(np.array(told))
    advice = [
        _advice(name, feature, target, fit, held, (found[at][0], p[at], p_told[at]))
        for at, (name, feature) in enumerate(features.items())
        if p[at] < significance
    ]
    advice.sort(key=lambda row: (-row.explained, row.column))
    note = _note(advice, features, columns, len(rows))
    return FeatureAdvice(tuple(advice), source, tuple(features), note)


def _judged(feature: Feature, values: Floats, fit: Rows, held: Rows) -> tuple[float, float]:
    """R² on the held-out rows, and the one-sided p that prediction and truth go together.

    The mean of prediction × truth, both without their averages, is 0 if the column tells
    nothing; over several outputs (classes) the products are added.
    """
    from scipy import stats

    fit, held = (part[np.isfinite(values[part]).all(axis=1)] for part in (fit, held))
    if len(fit) < 2 or len(held) < 2:
        return np.nan, np.nan
    centre = values[fit].mean(axis=0)
    table = _learned(feature, values[fit] - centre, fit)
    guess, truth = table[feature.codes[held]], values[held] - values[held].mean(axis=0)
    guess = guess - guess.mean(axis=0)
    products = (guess * truth).sum(axis=1)
    error = products.std() / np.sqrt(len(held))
    p = float(stats.norm.sf(products.mean() / error)) if error > 0 else 1.0
    scatter = (truth**2).sum()
    explained = 1 - ((truth - guess) ** 2).sum() / scatter if scatter > 0 else np.nan
    return float(explained), p


def _learned(feature: Feature, values: Floats, rows: Rows) -> Floats:
    """Average of the values by code, drawn towards 0 where rows are few; (codes, outputs)."""
    codes, size = feature.codes[rows], feature.book.size
    n = np.bincount(codes, minlength=size)
    sums = [np.bincount(codes, weights=part, minlength=size) for part in values.T]
    learned: Floats = np.column_stack(sums) / (n + _SHRINKAGE)[:, None]
    return learned


def _advice(
    name: str,
    feature: Feature,
    target: Floats,
    fit: Rows,
    held: Rows,
    judged: tuple[float, float, float],
) -> Advice:
    allowed = _worst(feature, target[fit], fit)
    where = feature.condition(allowed)
    inside = allowed[feature.codes[held]]
    is_share = bool(np.isin(target[held], (0.0, 1.0)).all())
    rate, rest = (
        estimate(target[held[part]], np.ones(int(part.sum())), is_share=is_share, level=0.95)
        for part in (inside, ~inside)
    )
    explained, p, p_direction = judged
    return Advice(
        column=name,
        n=len(fit) + len(held),
        explained=explained,
        p_adjusted=float(p),
        knows_direction=bool(p_direction < 0.05),
        p_direction=float(p_direction),
        where=where.text if where is not None else "TRUE",
        share=float(inside.mean()),
        rate=rate.value,
        low=rate.low,
        high=rate.high,
        rest=rest.value,
        sentence=_sentence(name, explained, where, rate, rest, is_share, bool(p_direction < 0.05)),
    )


def _worst(feature: Feature, values: Floats, rows: Rows) -> Bools:
    """The codes that are worst on the searched half: one value or range, of 5 % of it or more.

    A range is an end of the numbers, as that reads best; of the two, the one that explains more.
    """
    codes, size = feature.codes[rows], feature.book.size
    n = np.bincount(codes, minlength=size).astype(np.float64)
    excess = np.bincount(codes, weights=values - values.mean(), minlength=size)
    sides = np.eye(size, dtype=bool)
    if feature.is_ordered:
        ends = np.unique(np.linspace(1, size - 1, min(size - 1, _STEPS)).astype(int))
        low = (np.arange(size)[None] <= ends[:, None]) & (np.arange(size)[None] > 0)
        high = np.arange(size)[None] > ends[:-1, None]
        sides = np.concatenate([low[:-1], high, np.eye(1, size, dtype=bool)])
    elif size > 1000:
        sides = sides[np.argsort(-n, kind="stable")[:1000]]
    count = sides @ n
    enough = (count >= _LEAST_WORST * n.sum()) & (count < n.sum())
    with np.errstate(all="ignore"):
        score = np.where(enough, sides @ excess / np.sqrt(count), -np.inf)
    if not len(score) or not np.isfinite(score.max()):
        score = sides @ excess  # all values are rare: the one with most errors too many
    worst: Bools = sides[int(score.argmax())]
    return worst


def _sentence(
    name: str,
    explained: float,
    where: Any,
    rate: Estimate,
    rest: Estimate,
    is_share: bool,
    knows_direction: bool,
) -> str:
    place = where.sentence() if where is not None else "everywhere"
    if is_share:
        told = f"{100 * rate.value:.1f} % are wrong, elsewhere {100 * rest.value:.1f} %"
    else:
        told = f"the mean loss is {rate.value:.4g}, elsewhere {rest.value:.4g}"
    direction = (
        "It also tells which way the model errs, so it may help as an input."
        if knows_direction
        else "It tells where the model is unsure, not which way it errs."
    )
    return (
        f"“{name}” explains {100 * max(explained, 0.0):.1f} % of the errors' variance: where"
        f" {place}, {told}. {direction}"
    )


def _note(
    advice: Sequence[Advice], features: dict[str, Feature], columns: Sequence[str], n: int
) -> str:
    if not columns:
        return "Every column is an input: there is no metadata to look at."
    skipped = [name for name in columns if name not in features]
    looked = (
        f"{counted(len(features), 'column')} looked at on {counted(n, 'row')}, judged on the half "
        "not learned from."
    )
    if skipped:
        looked += f" Without values to group by: {', '.join(skipped[:5])}."
    if not advice:
        return f"Nothing significant: no column beyond the inputs explains the errors. {looked}"
    return f"{looked} Check that a column is known when the model has to answer."
