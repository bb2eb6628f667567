"""A metric at every crossing of what was with what is, and its difference divided among factors.

Intervals are those of the delete-a-group jackknife (Kott 2001): units, which are rows that are
the same on both sides or stand alone, are dealt into blocks, and everything is measured again
without each of them. What is paired stays so, and shares vary together with what they weigh.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from mispredict.compare.changed.orders import Coalition, Joint, number_of_orders, orders_of, shares
from mispredict.metrics.columns import Columns, split_name
from mispredict.metrics.intervals import t_of
from mispredict.metrics.measure import measure
from mispredict.metrics.outcomes import Groups, Outcomes
from mispredict.metrics.paired import MEANS

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

ROWS = ("mix", "within")  # factors that choose and weigh rows; the others change what they say
BLOCKS = 100  # of metrics that are means, which are cheap
FEW_BLOCKS = 40  # of the others
LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class Side:
    """The rows of one side.

    Attributes:
        unit: a number for each row; a row that is on both sides has the same one.
        cell: which kind of row it is, from 0; the kinds are the same on both sides.
        weight: of each row.
    """

    unit: Numbers
    cell: Numbers
    weight: Floats


@dataclass(frozen=True)
class Part:
    """A factor, or several at once, with its share of the difference."""

    factors: Joint
    value: float
    low: float
    high: float
    error: float


@dataclass(frozen=True, eq=False)
class Measured:
    """The metric with some factors swapped; `values` are that, and without each block."""

    swapped: Coalition
    values: Floats
    n: int

    @property
    def value(self) -> float:
        """The metric of all rows."""
        return float(self.values[0])


@dataclass(frozen=True, eq=False)
class Division:
    """The difference and its parts; `crossings` are in order of how much is swapped."""

    parts: tuple[Part, ...]
    whole: Part
    crossings: tuple[Measured, ...]
    orders: int
    all_orders: int


# Answers of one side's rows with some factors swapped; None where nobody knows them.
Answered: TypeAlias = Callable[[int, Coalition], Outcomes | None]


def divide(
    sides: Sequence[Side], answered: Answered, factors: Sequence[str], metric: str
) -> Division:
    """The difference of a metric divided among factors.

    Args:
        sides: rows before and after.
        answered: outcomes of the rows of a side (0 or 1) under swapped factors other than rows.
        factors: what differs, in the order of the answer.
        metric: any metric of the task.
    """
    blocks = BLOCKS if split_name(metric)[0] in MEANS else FEW_BLOCKS
    values: dict[Coalition, Floats] = {}
    sizes: dict[Coalition, int] = {}
    grids = _Grids(sides, answered, metric, _blocks(sides, blocks), blocks)
    for swapped in _coalitions(factors):
        found = grids.values(swapped)
        if found is not None:
            values[swapped], sizes[swapped] = found
    parts, orders = orders_of(factors, values.keys())
    coalitions, table = shares(parts, orders)
    measured = np.array([values[item] for item in coalitions])  # (coalitions, 1 + blocks)
    rows = table @ measured if parts else []
    made = [_part(part, row, blocks) for part, row in zip(parts, rows, strict=True)]
    whole = frozenset(factors)
    difference = values[whole] - values[frozenset()]
    crossings = [
        Measured(item, values[item], sizes[item])
        for item in sorted(values, key=lambda item: (len(item), sorted(item)))
    ]
    return Division(
        tuple(made),
        _part(tuple(factors), difference, blocks),
        tuple(crossings),
        len(orders),
        number_of_orders(factors),
    )


def entangled(
    division: Division, first: str, second: str, *, is_higher_better: bool
) -> tuple[float, float] | None:
    """The metric with only one of two factors swapped, where they surely work as one alone.

    Two factors that were made for one another lose by being swapped apart, whichever is. Where
    that loss is larger than either part, by more than chance, the order of swapping decides what
    a part is, and the mean over the orders says nothing of either. All else is as it is now.
    """
    values = {item.swapped: item.values for item in division.crossings}
    everything = frozenset().union(*values)
    neither = everything - {first, second}
    wanted = (neither, neither | {first}, neither | {second}, everything)
    if any(item not in values for item in wanted) or len({*wanted}) < len(wanted):
        return None
    none, one, other, both = (values[item] for item in wanted)
    loss = (none + both - one - other) * (1 if is_higher_better else -1)
    parts = ((one - none + both - other) / 2, (other - none + both - one) / 2)
    excess = loss - np.maximum(np.abs(parts[0]), np.abs(parts[1]))
    if not jackknife(excess, len(excess) - 1)[1] > 0:
        return None
    return float(one[0]), float(other[0])


def blocks_of(unit: Numbers, blocks: int) -> Numbers:
    """The block of each unit: a number from 0, by a hash that does not depend on the order."""
    mixed = unit.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return np.asarray(mixed % np.uint64(blocks), dtype=np.int64)


def jackknife(values: Floats, blocks: int) -> tuple[float, float, float]:
    """Standard error and interval of an estimate, `values[0]`, and those without each block."""
    left = values[1:]
    known = left[~np.isnan(left)]
    if np.isnan(values[0]) or len(known) < len(left) / 2:
        return float("nan"), float("nan"), float("nan")
    spread = float(((known - known.mean()) ** 2).sum())
    error = float(np.sqrt((len(known) - 1) / len(known) * spread))
    half = float(t_of(LEVEL, np.array(blocks - 1.0))) * error
    return error, float(values[0]) - half, float(values[0]) + half


class _Grids:
    """The metric of a crossing: of all rows, and without each block."""

    def __init__(
        self,
        sides: Sequence[Side],
        answered: Answered,
        metric: str,
        block: Sequence[Numbers],
        blocks: int,
    ) -> None:
        self.sides, self.answered, self.metric = sides, answered, metric
        self.block, self.blocks = block, blocks
        self.cells = int(max(side.cell.max(initial=0) for side in sides)) + 1
        self.column = MEANS.get(split_name(metric)[0])
        self._sums: dict[tuple[int, Coalition], tuple[Floats, Floats, int] | None] = {}
        self._counted = [self._weights(side) for side in (0, 1)]

    def values(self, swapped: Coalition) -> tuple[Floats, int] | None:
        """The metric, first of all rows; and how many rows it stands on."""
        side, mix = (int(name in swapped) for name in ("within", "mix"))
        answers = frozenset(swapped - set(ROWS))
        if self.column is not None:
            return self._mean(side, mix, answers)
        return self._any(side, mix, answers)

    def _mean(self, side: int, mix: int, answers: Coalition) -> tuple[Floats, int] | None:
        """A mean: sums by kind and block are enough, and leaving out is a subtraction."""
        found = self._summed(side, answers)
        if found is None:
            return None
        sums, weights, n = found
        own, target = weights, self._counted[mix] if side != mix else weights
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = sums / own
            share = target / target.sum(axis=0)
            value = np.where(share > 0, share * mean, 0.0).sum(axis=0)
        return value, n

    def _summed(self, side: int, answers: Coalition) -> tuple[Floats, Floats, int] | None:
        key = (side, answers)
        if key not in self._sums:
            outcomes = self.answered(side, answers)
            self._sums[key] = None if outcomes is None else self._by_cell(side, outcomes)
        return self._sums[key]

    def _by_cell(self, side: int, outcomes: Outcomes) -> tuple[Floats, Floats, int]:
        """Sums of the values and of the weights, `(kinds, 1 + blocks)`."""
        assert self.column is not None
        values = Columns(outcomes).column(self.column).astype(np.float64)
        if split_name(self.metric)[0] == "error_rate":
            values = 1 - values
        known = ~np.isnan(values)
        weight = np.where(known, self.sides[side].weight, 0.0)
        sums = self._table(side, weight * np.where(known, values, 0.0))
        return sums, self._table(side, weight), int(known.sum())

    def _weights(self, side: int) -> Floats:
        return self._table(side, self.sides[side].weight)

    def _table(self, side: int, values: Floats) -> Floats:
        """Sums by kind: of all blocks, then without each."""
        place = self.sides[side].cell * self.blocks + self.block[side]
        table = np.bincount(place, values, self.cells * self.blocks)
        by_block = table.reshape(self.cells, self.blocks)
        whole = by_block.sum(axis=1, keepdims=True)
        return np.concatenate([whole, whole - by_block], axis=1)

    def _any(self, side: int, mix: int, answers: Coalition) -> tuple[Floats, int] | None:
        """Any other metric, of weighted rows, measured anew without each block."""
        outcomes = self.answered(side, answers)
        if outcomes is None:
            return None
        weight = self.sides[side].weight
        found = [self._one(outcomes, self._reweighted(side, mix, weight, 0))]
        for number in range(self.blocks):
            kept = np.where(self.block[side] == number, 0.0, weight)
            found.append(self._one(outcomes, self._reweighted(side, mix, kept, number + 1)))
        return np.array(found), int(Columns(outcomes).counted().sum())

    def _reweighted(self, side: int, mix: int, weight: Floats, at: int) -> Floats:
        if side == mix:
            return weight
        own, target = self._counted[side][:, at], self._counted[mix][:, at]
        with np.errstate(invalid="ignore", divide="ignore"):
            times = np.where(own > 0, target / target.sum() / (own / own.sum()), 0.0)
        return weight * times[self.sides[side].cell]

    def _one(self, outcomes: Outcomes, weight: Floats) -> float:
        rows = np.flatnonzero(weight > 0)
        part = replace(outcomes, weight=weight) if len(rows) == outcomes.n else None
        part = part or replace(outcomes.take(rows), weight=weight[rows])
        return measure(part, Groups.whole(part.n), metrics=[self.metric])[0].value


def _blocks(sides: Sequence[Side], blocks: int) -> list[Numbers]:
    return [blocks_of(side.unit, blocks) for side in sides]


def _part(factors: Joint, values: Floats, blocks: int) -> Part:
    error, low, high = jackknife(values, blocks)
    return Part(factors, float(values[0]), low, high, error)


def _coalitions(factors: Sequence[str]) -> list[Coalition]:
    made: list[Coalition] = [frozenset()]
    for factor in factors:
        made += [item | {factor} for item in made]
    return made


def merged_cells(cells: Sequence[Numbers], least: int) -> tuple[list[Numbers], Mapping[int, int]]:
    """The kinds of both sides numbered anew, those of few rows on a side joined into the last one.

    Where what is joined still has few rows on a side, the smallest kind joins them.
    """
    size = int(max(cell.max(initial=0) for cell in cells)) + 1
    counts = np.stack([np.bincount(cell, minlength=size) for cell in cells])
    kept = [at for at in range(size) if counts[:, at].min() >= least]
    left = counts.sum(axis=1) - counts[:, kept].sum(axis=1)
    kept.sort(key=lambda at: -int(counts[:, at].min()))
    while kept and left.max() > 0 and left.min() < least:
        left = left + counts[:, kept.pop()]
    place = {at: number for number, at in enumerate(sorted(kept))}
    numbers = np.array([place.get(at, len(place)) for at in range(size)], dtype=np.int64)
    return [numbers[cell] for cell in cells], place
