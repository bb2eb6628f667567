"""The cohort of a column whose share of the rows changed most, and how values moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from mispredict.core.predicate import (
    ColumnRef,
    Predicate,
    all_of,
    at_least,
    at_most,
    between,
    equals,
    is_missing,
    less_than,
    negate,
    one_of,
)
from mispredict.data.drift.counting import Counted
from mispredict.data.drift.effect import larger
from mispredict.engine.codebook import MISSING, Codebook

Floats = npt.NDArray[np.float64]
_FEW_VALUES = 4


@dataclass(frozen=True, slots=True)
class Grown:
    """Codes whose share changed, with the shares and the interval of the change."""

    codes: tuple[int, ...]
    predicate: Predicate
    reference: float
    current: float
    low: float
    high: float

    @property
    def change(self) -> float:
        return self.current - self.reference


def grown(counted: Counted, *, tests: int, level: float) -> Grown | None:
    """The values, or the one range, that gained most; what lost most if nothing gained as much.

    Args:
        counted: the column.
        tests: ranges or values that could have been chosen; the interval holds for all of them.
        level: of the interval.
    """
    n, m = int(counted.reference.sum()), int(counted.current.sum())
    if not n or not m or len(counted.reference) < 2:
        return None
    gaps = counted.current / m - counted.reference / n
    codes = _range(gaps) if counted.is_ordered else _values(gaps)
    if abs(gaps[MISSING]) >= abs(gaps[codes].sum()):
        codes = np.array([MISSING])
    before = float(counted.reference[codes].sum()) / n
    after = float(counted.current[codes].sum()) / m
    low, high = newcombe(before, n, after, m, 1 - (1 - level) / max(tests, 1))
    return Grown(tuple(codes.tolist()), predicate_of(counted, codes), before, after, low, high)


def newcombe(before: float, n: int, after: float, m: int, level: float) -> tuple[float, float]:
    """Interval of the difference of two shares (Newcombe 1998, method 10)."""
    from mispredict.metrics.intervals import wilson_bounds

    low, high = wilson_bounds(np.array([before, after]), np.array([n, m], float), level)
    gap = after - before
    down = np.hypot(after - low[1], high[0] - before)
    up = np.hypot(high[1] - after, before - low[0])
    return float(gap - down), float(gap + up)


def direction_of(counted: Counted, found: Grown | None) -> str:
    """Where the values went, in a word or two."""
    if found is None:
        return ""
    if found.codes == (MISSING,):
        return "more missing" if found.change > 0 else "less missing"
    if not counted.is_ordered:
        return "other values"
    chance = larger(counted.reference[1:], counted.current[1:])
    reach = abs(chance - 0.5) * 2
    if reach >= 0.4 * abs(found.change):
        return "higher" if chance > 0.5 else "lower"
    return "wider" if _spread(counted.current[1:]) > _spread(counted.reference[1:]) else "narrower"


def _spread(counts: npt.NDArray[np.int64]) -> float:
    """Variance of the codes, which are ranks of a sort."""
    n = counts.sum()
    if not n:
        return 0.0
    places = np.arange(len(counts))
    mean = (counts * places).sum() / n
    return float((counts * (places - mean) ** 2).sum() / n)


def _range(gaps: Floats) -> npt.NDArray[np.intp]:
    """The run of codes with the largest gain of share."""
    sums = np.concatenate([[0.0], np.cumsum(gaps[1:])])
    least = np.minimum.accumulate(sums)
    stop = int(np.argmax(sums[1:] - least[:-1])) + 1
    start = int(np.argmin(sums[:stop]))
    return np.arange(start + 1, stop + 1)


def _values(gaps: Floats) -> npt.NDArray[np.intp]:
    """The few values with the largest gains that make up most of all gains."""
    order = np.argsort(-gaps[1:], kind="stable") + 1
    gains = np.maximum(gaps[order], 0.0)
    if gains[0] <= 0:
        return order[:1]
    enough = int(np.searchsorted(np.cumsum(gains), 0.8 * gains.sum())) + 1
    kept = order[: min(enough, _FEW_VALUES)]
    return np.sort(kept[gaps[kept] >= 0.1 * gains[0]])


def predicate_of(counted: Counted, codes: npt.NDArray[np.intp]) -> Predicate:
    """The cohort of the rows with these codes, which are a run where the book is ordered."""
    book = counted.book
    ref = ColumnRef(counted.column.name, counted.column.is_input)
    first, last = int(codes[0]), int(codes[-1])
    if first == MISSING:
        return is_missing(ref)
    if counted.is_ordered:
        return between_codes(book, ref, first, last)
    values = [book.value(code) for code in codes.tolist() if code != book.other]
    if not values:
        return book.condition(ref.name, first, is_input=ref.is_input)
    return equals(ref, values[0]) if len(values) == 1 else one_of(ref, values)


def between_codes(book: Codebook, ref: ColumnRef, first: int, last: int) -> Predicate:
    """The rows whose code is from `first` to `last`, open at the column's ends."""
    is_first, is_last = first == 1, last == book.size - 1
    if is_first and is_last:
        return negate(is_missing(ref))
    if book.kind == "values":
        low, high = book.value(first), book.value(last)
        if is_first or is_last:
            return at_most(ref, high) if is_first else at_least(ref, low)
        return equals(ref, low) if low == high else between(ref, low, high)
    bottom = book.interval(first)[0]
    if is_last:
        return at_least(ref, bottom)
    top = book.whole_top(last)
    if top is not None:
        return at_most(ref, top) if is_first else between(ref, bottom, top)
    upper = less_than(ref, book.interval(last)[1])
    return upper if is_first else all_of([at_least(ref, bottom), upper])
