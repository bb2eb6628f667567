"""Where more data of a kind would help, measured before anybody trains.

Of rows that a perturbation makes, three things are asked: are they realistic, are they still
clear, and does the model do poorly on them? Data that is all three is worth adding.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.figures import percent
from mispredict.core.results import Interval, Result, Source
from mispredict.core.words import counted
from mispredict.metrics.intervals import wilson
from mispredict.perturb.realism import ToldApart

Floats = npt.NDArray[np.float64]
ENOUGH = 30  # changed rows, for anything to be said
REALISTIC = 0.5  # of realism: the AUC of telling apart is 0.75 at most
CLEAR = 0.9  # of what the ceiling gets right of the rows as they are
AMBIGUOUS = 0.02  # share of rows whose equals have another label


@dataclass(frozen=True, slots=True)
class AdvisedChange:
    """One perturbation at one strength.

    `realism` is 1 where changed rows cannot be told from real ones; `clear` what the ceiling
    (a better model, or people) gets right of them, `error` what the model gets wrong of them,
    and `rise` how much more than before, with its interval. `verdict` is what follows.
    """

    perturbation: str
    strength: float
    n: int
    realism: float
    realism_low: float
    realism_high: float
    clear: float
    clear_low: float
    clear_high: float
    clear_before: float
    error: float
    error_low: float
    error_high: float
    error_before: float
    rise: float
    low: float
    high: float
    verdict: str
    sentence: str


@dataclass(frozen=True)
class AugmentationAdvice(Result):
    """Perturbations and strengths, those worth adding first; `warnings` say when it could hurt.

    A chart has realism across, error up and `clear` as the size of its points: the rows are it.
    `ceiling` is the model, or "votes", that says whether rows are clear; "" for none.
    """

    rows: tuple[AdvisedChange, ...]
    ceiling: str
    warnings: tuple[str, ...]
    source: Source
    seconds: float

    row_type: ClassVar[type] = AdvisedChange
    title: ClassVar[str] = "Augmentation advice"

    @property
    def worth_adding(self) -> tuple[AdvisedChange, ...]:
        """What is realistic, clear as far as known, and done poorly."""
        return tuple(row for row in self.rows if row.verdict == "add")

    def __str__(self) -> str:
        warned = "\n".join(f"Warning: {warning}" for warning in self.warnings)
        return f"{super().__str__()}\n{warned}".rstrip()


@dataclass(frozen=True, eq=False)
class Measured:
    """What was measured of the changed rows of one perturbation and strength.

    `wrong` and `wrong_before` are 1 where the model is wrong, of rows whose label is known and
    kept; `clear` and `clear_before` are 1 where the ceiling is right. `has_ceiling` is False of
    a ceiling that is worse than the model, which says nothing of what is clear.
    """

    perturbation: str
    strength: float
    keeps_label: bool
    n: int
    told: ToldApart
    wrong: Floats
    wrong_before: Floats
    clear: Floats
    clear_before: Floats
    has_ceiling: bool = True


def advised(of: Measured) -> AdvisedChange:
    """The three measures, and what follows from them."""
    error, error_bounds = _share(of.wrong)
    before, _ = _share(of.wrong_before)
    clear, clear_bounds = _share(of.clear)
    clear_before, _ = _share(of.clear_before)
    rise, low, high = _rise(of.wrong, of.wrong_before)
    realism_low = float(np.clip(2 * (1 - of.told.high), 0, 1))
    realism_high = float(np.clip(2 * (1 - of.told.low), 0, 1))
    verdict, sentence = _verdict(of, clear, clear_before, error, rise, low)
    return AdvisedChange(
        perturbation=of.perturbation,
        strength=of.strength,
        n=of.n,
        realism=of.told.realism if of.told.n else np.nan,
        realism_low=realism_low,
        realism_high=realism_high,
        clear=clear,
        clear_low=clear_bounds.low,
        clear_high=clear_bounds.high,
        clear_before=clear_before,
        error=error,
        error_low=error_bounds.low,
        error_high=error_bounds.high,
        error_before=before,
        rise=rise,
        low=low,
        high=high,
        verdict=verdict,
        sentence=sentence,
    )


def is_ceiling(clear: Floats, right: Floats) -> bool:
    """Whether what is right of the same rows is no worse than the model's, as far as they tell."""
    known = np.isfinite(clear) & np.isfinite(right)
    return not _rise(clear[known], right[known])[2] < 0


def ranked(rows: Sequence[AdvisedChange]) -> tuple[AdvisedChange, ...]:
    """What is worth adding first, by how much more the model gets wrong."""
    order = ("add", "unclear", "unrealistic", "robust", "unknown", "unsure")
    return tuple(
        sorted(
            rows,
            key=lambda row: (order.index(row.verdict), -np.nan_to_num(row.rise, nan=-1.0)),
        )
    )


def _verdict(
    of: Measured, clear: float, clear_before: float, error: float, rise: float, low: float
) -> tuple[str, str]:
    what = f"“{of.perturbation}” at {of.strength:g}"
    if not of.keeps_label:
        return "unknown", f"{what} may change the right answer: label such rows before adding them."
    if not len(of.wrong):
        return "unknown", f"{what}: of no row are both the label and the model's answers known."
    if of.n < ENOUGH:
        return "unsure", f"{what} changes {counted(of.n, 'row')}, too few to say."
    if not low > 0:
        return "robust", f"The model does not get worse by {what} ({_points(rise)})."
    worse = f"the model gets {percent(error, 0)} of {what} wrong, {_points(rise)} more than before"
    if of.told.realism < REALISTIC:
        return "unrealistic", (
            f"{worse[0].upper()}{worse[1:]}, but such rows are told from real ones "
            f"(AUC {of.told.auc:.2f}): adding them teaches what does not occur."
        )
    is_known = of.has_ceiling and np.isfinite(clear)
    if is_known and clear < CLEAR * clear_before:
        return "unclear", (
            f"{worse[0].upper()}{worse[1:]}, but the ceiling gets only "
            f"{percent(clear, 0)} of them right (before: {percent(clear_before, 0)})."
        )
    known = f", clear to the ceiling ({percent(clear, 0)})" if is_known else ""
    return "add", f"Realistic{known}, and {worse}: worth adding."


def warnings_of(
    *,
    parameters: int | None,
    rows: int,
    ambiguous: float,
    ceiling: str,
    clear: float,
    right: float = float("nan"),
    has_ceiling: bool = True,
) -> tuple[str, ...]:
    """When adding data could hurt.

    Adding made-up data rarely hurts a large model of a clear task; a small one spends its few
    parameters on it, and where inputs do not say the answer more of them moves the balance.

    Args:
        parameters: of the model, where they could be counted.
        rows: of the data.
        ambiguous: share of rows that have an equal with another label.
        ceiling: what it is; "" for none.
        clear: what the ceiling gets right as it is.
        right: what the model gets right of the same rows.
        has_ceiling: whether the ceiling is no worse than the model.
    """
    found = []
    if parameters is not None and parameters < _SMALL:
        found.append(
            f"The model is small ({parameters:,} parameters): added data can take room from the "
            "data that is there. Compare before and after on the same rows."
        )
    if ambiguous > AMBIGUOUS:
        found.append(
            f"{percent(ambiguous)} of the rows have an equal with another label: the inputs do not "
            "say the answer, and added rows shift the balance between answers."
        )
    if not has_ceiling:
        found.append(
            f"{ceiling} gets {percent(clear, 0)} right as it is, the model itself "
            f"{percent(right, 0)}: it is no ceiling, and whether changed rows are still clear is "
            "not known. Give a better model, or votes of people."
        )
    elif np.isfinite(clear) and clear < _CLEAR_TASK:
        found.append(
            f"The ceiling gets only {percent(clear, 0)} right as it is (the model "
            f"{percent(right, 0)}): if nothing does better, the task is ambiguous, and added rows "
            "shift the balance between answers."
        )
    if not ceiling:
        found.append(
            "No ceiling was given: whether changed rows are still clear is not known. "
            "Give a ceiling: another model, or votes of people."
        )
    return tuple(found)


_SMALL = 1_000
_CLEAR_TASK = 0.8


def _share(values: Floats) -> tuple[float, Interval]:
    known = values[np.isfinite(values)]
    if not len(known):
        return float("nan"), Interval(float("nan"), float("nan"))
    return float(known.mean()), wilson(float(known.sum()), len(known))


def _rise(after: Floats, before: Floats) -> tuple[float, float, float]:
    """Difference of paired shares with its interval."""
    if len(after) < 2:
        return float("nan"), float("nan"), float("nan")
    difference = after - before
    mean = float(difference.mean())
    # one pair more of each kind keeps the interval from being empty where nothing differs
    n = len(difference) + 2
    spread = np.sqrt(((difference**2).sum() + 2) / n - (difference.sum() / n) ** 2)
    half = 1.96 * float(spread) / np.sqrt(n)
    return mean, mean - half, mean + half


def _points(rise: float) -> str:
    return f"{rise * 100:+.1f} points"
