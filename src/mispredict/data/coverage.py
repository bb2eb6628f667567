"""Regions of the current rows that the reference lacks.

A value is uncovered if no reference row has it, a number if it lies beyond all of the
reference's. A few such rows are expected of any two samples of the same source, so a column
counts only if it has more of them than chance explains (for values, the share of the reference's
own values that occur once says how often a new one is to be expected: Good 1953).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mispredict.core.figures import percent, shortened
from mispredict.core.predicate import (
    ColumnRef,
    Predicate,
    any_of,
    is_missing,
    less_than,
    more_than,
    one_of,
)
from mispredict.data.coverage_results import CoverageRow
from mispredict.data.drift.counting import Counted
from mispredict.data.drift.grown import newcombe
from mispredict.data.drift.sides import Bools, Side
from mispredict.engine.codebook import MISSING
from mispredict.metrics.intervals import mean_bounds, wilson_bounds

BOUND = 0.01
CHANCE = 0.01  # of any region where both sides are alike
MOST_EXAMPLES = 10
_MOST_VALUES = 50  # named in one cohort


@dataclass(frozen=True, eq=False)
class Region:
    """Current rows that the reference lacks."""

    kind: str
    column: str
    predicate: Predicate
    mask: Bools
    reference_n: int = 0


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean error with its interval; NaN without labelled rows."""

    value: float
    low: float
    high: float
    n: int


def column_regions(reference: Side, current: Side, counts: Sequence[Counted]) -> list[Region]:
    """New values, numbers out of range, and missing values where there were none.

    Only those that hold more rows than two samples of one source would show by chance, all
    columns together in one of a hundred comparisons.
    """
    allowed = CHANCE / max(3 * len(counts), 1)
    found = []
    for counted in counts:
        found += _missing(counted, current, allowed)
        if _has_numbers(counted):
            found += _ranges(counted, reference, current, allowed)
        else:
            found += _values(counted, current, allowed)
    return found


def chance_of_beyond(rows: int, n: int, m: int) -> float:
    """Chance that so many of m rows lie beyond the largest of n others of the same source."""
    return float((m / (n + m)) ** rows)


def region_row(region: Region, current: Side, reference_n: int) -> CoverageRow:
    """The region in numbers and words."""
    n = int(region.mask.sum())
    share = n / current.n
    low, high = wilson_bounds(np.array([share]), np.array([float(current.n)]), 0.95)
    inside = mean_error(current, region.mask)
    rest = mean_error(current, current.selected & ~region.mask)
    before = region.reference_n / reference_n if reference_n else np.nan
    row = CoverageRow(
        where=region.predicate.text,
        kind=region.kind,
        column=region.column,
        n=n,
        share=share,
        low=float(low[0]),
        high=float(high[0]),
        reference_n=region.reference_n,
        reference_share=before,
        ratio=share / before if before else float("inf"),
        error=inside.value,
        error_low=inside.low,
        error_high=inside.high,
        error_n=inside.n,
        rest=rest.value,
        examples=examples_of(region.mask),
        sentence="",
    )
    return _with_sentence(row, region, current.is_rate)


def examples_of(mask: Bools) -> tuple[int, ...]:
    """Numbers of some rows, spread over all."""
    rows = np.flatnonzero(mask)
    places = np.unique(np.linspace(0, max(len(rows) - 1, 0), MOST_EXAMPLES).astype(int))
    return tuple(rows[places[: len(rows)]].tolist())


def mean_error(side: Side, mask: Bools) -> Mean:
    """The error rate, or mean loss, of the labelled rows among these."""
    if side.target is None or side.judged is None:
        return Mean(np.nan, np.nan, np.nan, 0)
    values = side.target[side.judged & mask]
    if not len(values):
        return Mean(np.nan, np.nan, np.nan, 0)
    n, mean = len(values), float(values.mean())
    if side.is_rate:
        low, high = wilson_bounds(np.array([mean]), np.array([float(n)]), 0.95)
    else:
        error = np.array([values.std(ddof=1) / np.sqrt(n) if n > 1 else np.nan])
        low, high = mean_bounds(
            np.array([mean]), error, np.zeros(1), np.array([float(n - 1)]), 0.95
        )
    return Mean(mean, float(low[0]), float(high[0]), n)


def difference(current: Side, inside: Mean, rest: Mean) -> tuple[float, float, float]:
    """How much larger the error is inside, with interval."""
    gap = inside.value - rest.value
    if not inside.n or not rest.n:
        return np.nan, np.nan, np.nan
    if current.is_rate:
        low, high = newcombe(rest.value, rest.n, inside.value, inside.n, 0.95)
        return gap, low, high
    down = np.hypot(inside.value - inside.low, rest.high - rest.value)
    up = np.hypot(inside.high - inside.value, rest.value - rest.low)
    return gap, float(gap - down), float(gap + up)


def _has_numbers(counted: Counted) -> bool:
    return counted.is_ordered and (
        counted.book.kind == "bins" or counted.book.type.value in ("numeric", "datetime")
    )


def _missing(counted: Counted, current: Side, allowed: float) -> list[Region]:
    rows, n, m = int(counted.current[MISSING]), counted.reference.sum(), counted.current.sum()
    if counted.reference[MISSING] or chance_of_beyond(rows, int(n), int(m)) > allowed:
        return []
    name = counted.column
    values = current.table.column(name.name, name.is_input)
    mask = np.asarray(values.is_null()) & current.selected
    return [Region("missing", name.name, is_missing(ColumnRef(name.name, name.is_input)), mask)]


def _ranges(counted: Counted, reference: Side, current: Side, allowed: float) -> list[Region]:
    """Numbers beyond the smallest and largest of the reference."""
    name = counted.column
    known = reference.table.values(name.name, name.is_input)[reference.selected]
    known = known[~np.isnan(known)]  # where infinities are kept, they are values
    if not len(known):
        return []
    values = current.table.values(name.name, name.is_input)
    with np.errstate(invalid="ignore"):
        below = (values < known.min()) & current.selected
        above = (values > known.max()) & current.selected
    terms, ref = [], ColumnRef(name.name, name.is_input)
    n, m = len(known), int((~np.isnan(values[current.selected])).sum())
    below &= chance_of_beyond(int(below.sum()), n, m) <= allowed
    above &= chance_of_beyond(int(above.sum()), n, m) <= allowed
    if below.any():
        terms.append(less_than(ref, _as_value(counted, float(known.min()))))
    if above.any():
        terms.append(more_than(ref, _as_value(counted, float(known.max()))))
    if not terms:
        return []
    return [Region("range", name.name, any_of(terms), below | above)]


def _as_value(counted: Counted, value: float) -> object:
    from datetime import UTC, datetime

    if counted.book.type.value == "datetime":
        return datetime.fromtimestamp(value, UTC).replace(tzinfo=None)
    return int(value) if counted.book.storage == "int64" else value


def _values(counted: Counted, current: Side, allowed: float) -> list[Region]:
    """Values that no reference row has, if they are more than chance brings."""
    new = np.flatnonzero((counted.reference == 0) & (counted.current > 0))
    new = new[new != MISSING]
    if counted.book.other is not None:
        new = new[new != counted.book.other]
    unseen = int(counted.current[new].sum())
    if not unseen or not _is_more_than_chance(counted, unseen, allowed):
        return []
    order = new[np.argsort(-counted.current[new], kind="stable")][:_MOST_VALUES]
    name = counted.column
    values = [counted.book.value(code) for code in order.tolist()]
    predicate = one_of(ColumnRef(name.name, name.is_input), values)
    return [Region("value", name.name, predicate, current.table.mask(predicate) & current.selected)]


def _is_more_than_chance(counted: Counted, unseen: int, allowed: float) -> bool:
    """Whether so many rows with new values are surely more than values seen once foretell."""
    n, m = int(counted.reference.sum()), int(counted.current.sum())
    once = int((counted.reference == 1).sum())
    low, _ = newcombe(once / n if n else 0.0, max(n, 1), unseen / m, m, 1 - 2 * allowed)
    return low > 0


def _with_sentence(row: CoverageRow, region: Region, is_rate: bool) -> CoverageRow:
    from dataclasses import replace

    text = (
        f"Rows where {shortened(region.predicate.sentence())}: {row.n:,} ({percent(row.share)}), "
        f"{row.reference_n:,} in the reference"
    )
    if row.error_n:
        shown = percent(row.error) if is_rate else f"{row.error:.3g}"
        text += f"; {shown} {'wrong' if is_rate else 'mean loss'} there"
        if not np.isnan(row.rest):
            rest = percent(row.rest) if is_rate else f"{row.rest:.3g}"
            text += f", {rest} elsewhere"
    return replace(row, sentence=f"{text}.")


def union(regions: Sequence[Region], n: int) -> Bools:
    """Rows of any region."""
    found = np.zeros(n, np.bool_)
    for region in regions:
        found |= region.mask
    return found
