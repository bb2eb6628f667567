"""What happens to predictions when one attribute alone is another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import one_or_many
from mispredict.core.results import Result, Source, plain
from mispredict.explain.counterfactuals.search_answers import Said
from mispredict.explain.counterfactuals.search_calls import Asker, Queries, refuse_without_answers
from mispredict.explain.counterfactuals.search_space import Feature, Space
from mispredict.explain.effects.effects import Output, Sample, mean_interval
from mispredict.explain.effects.grid import grid_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Codes = npt.NDArray[np.int64]
MOST_VALUES = 12
FEW_NUMBERS = 10  # different numbers of a column that are tried each
ANY = "any"


@dataclass(frozen=True, slots=True)
class Flip:
    """Rows that have `value` ("any" of a number) and are asked about as if they had `other`.

    `flips` of the `n` rows are then predicted otherwise; `share` is their share with Wilson's
    interval, of which `gained` are newly predicted as the class looked at and `lost` no longer
    are. `shift` is the mean change of its probability (of a regression: of the value).
    """

    value: Any
    other: Any
    n: int
    flips: int
    share: float
    low: float
    high: float
    gained: int
    lost: int
    shift: float
    shift_low: float
    shift_high: float


@dataclass(frozen=True)
class Flips(Result):
    """How predictions depend on one attribute, all else equal.

    `share` is the share of the `n` rows for which any other value changes the prediction. The
    attribute may still act through columns that go with it: these stay as they are.
    """

    rows: tuple[Flip, ...]
    column: str
    measure: str
    n: int
    flips: int
    share: float
    low: float
    high: float
    largest_shift: float
    is_input: bool
    queries: Queries
    source: Source
    note: str

    row_type: ClassVar[type] = Flip
    title: ClassVar[str] = ""


def find_flips(
    asker: Asker,
    space: Space,
    sample: Sample,
    feature: Feature,
    values: Floats,
    output: Output,
    *,
    is_input: bool,
    source: Source,
) -> Flips:
    """Each row with each other value of the attribute.

    Args:
        asker: of the model.
        space: of the features.
        sample: the rows.
        feature: the attribute.
        values: of the attribute, that rows are set to.
        output: the class whose probability is followed.
        is_input: whether the model takes the column at all; if not, it isn't asked.
        source: what it stands on.
    """
    at = space.names.index(feature.name)
    as_is = asker.ask(sample.frame)
    refuse_without_answers(as_is, asker, "all rows that were drawn")
    own = sample.matrix[:, at]
    told = [_set_to(asker, space, sample, at, value, as_is, is_input) for value in values]
    before = output.of(as_is)
    changed = np.zeros(len(own), dtype=bool)
    asked = np.zeros(len(own), dtype=bool)
    rows: list[Flip] = []
    shifts = []
    for value, said in zip(values, told, strict=True):
        other = (own != value) & as_is.known & said.known
        differ = _differ(as_is, said) & other
        changed |= differ
        asked |= other
        for start in _starts(feature, own[other]):
            group = other & _has(own, start)
            rows.append(_flip(feature, start, value, group, differ, as_is, said, output))
        shifts.append(np.abs(np.where(other, output.of(said) - before, 0.0)))
    share, low, high = _wilson(int(changed.sum()), int(asked.sum()))
    largest = np.max(shifts, axis=0)[asked] if shifts and asked.any() else np.zeros(1)
    return Flips(
        tuple(sorted(rows, key=lambda row: (-row.share, -row.n))),
        feature.name,
        output.name,
        int(asked.sum()),
        int(changed.sum()),
        share,
        low,
        high,
        float(np.nanmean(largest)) if len(largest) else np.nan,
        is_input,
        asker.queries,
        source,
        _note(asker, feature.name, is_input),
    )


def values_of(feature: Feature, given: Sequence[Any] | None) -> Floats:
    """The values that rows are set to: those given, or the categories or few numbers there are."""
    if given is not None:
        return grid_of(feature, list(one_or_many("values", given)), "values").values
    if feature.spread is not None:
        numbers = np.unique(feature.spread)
        if 0 < len(numbers) <= FEW_NUMBERS:
            return numbers
        raise BadOption(
            f"column {feature.name!r} is {feature.type}, and has too many values to try each.",
            known=f"It goes from {feature.plain(feature.low)} to {feature.plain(feature.high)}.",
            hint=f"values=[{feature.plain(feature.low)!r}, {feature.plain(feature.high)!r}]",
        )
    return np.arange(min(len(feature.values), MOST_VALUES), dtype=np.float64)


def _set_to(
    asker: Asker,
    space: Space,
    sample: Sample,
    at: int,
    value: float,
    as_is: Said,
    is_input: bool,
) -> Said:
    """What the model says of all rows with this value."""
    if not is_input:
        return as_is
    matrix = sample.matrix.copy()
    matrix[:, at] = value
    owner = np.arange(len(matrix))
    return asker.ask(space.decode(matrix, sample.frame, owner, sample.matrix))


def _differ(before: Said, after: Said) -> Bools:
    if before.values is not None and after.values is not None:
        with np.errstate(invalid="ignore"):
            moved: Bools = before.values != after.values
        return moved
    changed: Bools = before.codes != after.codes
    return changed


def _starts(feature: Feature, own: Floats) -> list[float | None]:
    """The values that rows come from; None for all of them together, as with numbers."""
    if feature.is_number:
        return [None]
    known = np.unique(own[~np.isnan(own)]).tolist()[:MOST_VALUES]
    return [*known, np.nan] if np.isnan(own).any() else known


def _has(own: Floats, start: float | None) -> Bools:
    if start is None:
        return np.ones(len(own), dtype=bool)
    found: Bools = np.isnan(own) if np.isnan(start) else own == start
    return found


def _flip(
    feature: Feature,
    start: float | None,
    value: float,
    group: Bools,
    differ: Bools,
    as_is: Said,
    said: Said,
    output: Output,
) -> Flip:
    n, flips = int(group.sum()), int((differ & group).sum())
    share, low, high = _wilson(flips, n)
    moved = (output.of(said) - output.of(as_is))[group]
    shift, shift_low, shift_high, _ = mean_interval(moved)
    gained = lost = 0
    if output.code is not None:
        was, now = _is(as_is, output.code), _is(said, output.code)
        gained, lost = int((group & ~was & now).sum()), int((group & was & ~now).sum())
    return Flip(
        ANY if start is None else plain(feature.plain(start)), plain(feature.plain(value)), n,
        flips, share, low, high, gained, lost, shift, shift_low, shift_high,
    )  # fmt: skip


def _is(said: Said, code: int) -> Bools:
    if said.sets is not None:
        return said.sets[:, code]
    is_it: Bools = said.codes == code
    return is_it


def _wilson(successes: int, n: int) -> tuple[float, float, float]:
    from mispredict.metrics.intervals import wilson

    if not n:
        return np.nan, np.nan, np.nan
    interval = wilson(successes, n)
    return successes / n, interval.low, interval.high


def _note(asker: Asker, name: str, is_input: bool) -> str:
    notes = []
    if not is_input:
        notes.append(
            f"The model does not take {name}, so no prediction can change with it alone; columns"
            " that go with it may still tell."
        )
    if asker.queries.is_spent:
        notes.append("The budget ended before all values were tried.")
    return " ".join([*notes, asker.queries.failures]).strip()
