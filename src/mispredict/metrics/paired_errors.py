"""Standard errors of the difference of a metric of two models, for metrics that are no means.

Areas under curves have influence functions: the weight that each row has in the area, of both
models, row by row (DeLong et al. 1988 for the area under the ROC curve). Metrics of counts are
worked out again without one block of rows at a time, whose counts are taken off those of all.
Others are worked out anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from mispredict.core.task import Task
from mispredict.metrics.arrays import ArrayStatistics
from mispredict.metrics.columns import Columns, split_name
from mispredict.metrics.measure import measure_statistics
from mispredict.metrics.outcomes import Array, Groups
from mispredict.metrics.registry import Asked
from mispredict.metrics.statistics import Bins, ClassCounts, Confusion

T = TypeVar("T")
Floats = npt.NDArray[np.float64]

BLOCKS = 40
_LARGE = 500  # rows of a block from which on blocks are measured alone
_WORTH_THREADS = 50_000
_MANY = 1e6  # degrees of freedom of what is as good as normal


@dataclass(frozen=True, slots=True)
class Errors:
    """Standard errors of a difference, and of the difference over the value before."""

    error: float
    relative: float
    freedom: float


NOTHING = Errors(float("nan"), float("nan"), float("nan"))


def errors_of(
    after: ArrayStatistics, before: ArrayStatistics, asked: Sequence[Asked]
) -> dict[tuple[str, str], Errors]:
    """Errors of each metric in each group, by the names of both."""
    found: dict[tuple[str, str], Errors] = {}
    counted = [item for item in asked if split_name(item.name)[0] not in _RANKED]
    # What needs most of a ranking comes first, and the others find it there.
    for item in sorted(asked, key=lambda item: "precision" not in item.name):
        if split_name(item.name)[0] in _RANKED:
            found |= _ranked(item, after, before)
    if counted:
        found |= _jackknife(after.columns, before.columns, after.groups, counted)
    return found


def _ranked(
    item: Asked, after: ArrayStatistics, before: ArrayStatistics
) -> dict[tuple[str, str], Errors]:
    """By influence functions."""
    pull, groups = _RANKED[split_name(item.name)[0]], after.groups
    new, old = of_both(lambda stats: pull(stats, item), after, before)
    code = after.row_groups()
    if not (code >= 0).all():
        inside = code >= 0
        code, new, old = code[inside], new[inside], old[inside]
    gap = new - old
    error = np.sqrt(_total(code, gap**2, groups.n))
    mine, theirs = of_both(
        lambda stats: np.array([r.value for r in measure_statistics(stats, groups.names, [item])]),
        after,
        before,
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        share = (mine - theirs) / theirs
        away = gap - (share[code] if groups.n > 1 else share) * old
        relative = np.sqrt(_total(code, away**2, groups.n)) / np.abs(theirs)
    return {
        (name, item.name): Errors(float(error[g]), float(relative[g]), _MANY)
        for g, name in enumerate(groups.names)
    }


def of_both(
    work: Callable[[ArrayStatistics], T], after: ArrayStatistics, before: ArrayStatistics
) -> tuple[T, T]:
    """What the work makes of both sides, of many rows side by side."""
    if after.columns.outcomes.n < _WORTH_THREADS:
        return work(after), work(before)
    with ThreadPoolExecutor(2) as pool:
        new, old = pool.map(work, (after, before))
    return new, old


def _total(code: npt.NDArray[np.int64], values: Floats, groups: int) -> Floats:
    """Sums by group."""
    if groups == 1:
        return np.array([values.sum()])
    return np.bincount(code, values, groups).astype(np.float64)


def _roc(stats: ArrayStatistics, item: Asked) -> Floats:
    return stats.influence(item.ask.k)


def _roc_macro(stats: ArrayStatistics, item: Asked) -> Floats:
    classes = range(len(stats.task.classes))
    pulls: Floats = np.mean([stats.influence(k) for k in classes], axis=0)
    return pulls


def _precise(stats: ArrayStatistics, item: Asked) -> Floats:
    return stats.precise_influence(item.ask.k)


def _precise_macro(stats: ArrayStatistics, item: Asked) -> Floats:
    classes = range(len(stats.task.classes))
    pulls: Floats = np.mean([stats.precise_influence(k) for k in classes], axis=0)
    return pulls


_RANKED: dict[str, Callable[[ArrayStatistics, Asked], Floats]] = {
    "roc_auc": _roc,
    "roc_auc_macro": _roc_macro,
    "average_precision": _precise,
    "average_precision_macro": _precise_macro,
}


def _jackknife(
    after: Columns, before: Columns, groups: Groups, asked: Sequence[Asked]
) -> dict[tuple[str, str], Errors]:
    """By leaving out blocks, of which each group has up to `BLOCKS`."""
    blocks = _blocks(groups)
    additive, others = [], []
    parts = [_LeftOut(ArrayStatistics(side, blocks), BLOCKS) for side in (after, before)]
    tables: dict[str, tuple[Floats, Floats]] = {}
    for item in asked:
        try:
            new, old = (item.metric.fn(part, item.ask).value for part in parts)
            additive.append(item)
            tables[item.name] = (np.asarray(new, float), np.asarray(old, float))
        except _NotAdditiveError:
            others.append(item)
    used = np.bincount(blocks.codes[blocks.codes >= 0], minlength=groups.n * BLOCKS) > 0
    shape = (groups.n, BLOCKS)
    found = {}
    for item in additive:
        new, old = (part.reshape(shape) for part in tables[item.name])
        for g, name in enumerate(groups.names):
            kept = used.reshape(shape)[g]
            found[name, item.name] = _left_out(new[g][kept], old[g][kept])
    if others:
        found |= _anew(after, before, blocks, groups, others)
    return found


def _blocks(groups: Groups) -> Groups:
    """Each group in blocks of rows drawn by chance, but always the same."""
    code = groups.codes.astype(np.int64)
    rows = np.flatnonzero((code >= 0) & (code < groups.n))
    rows = np.random.default_rng(0).permutation(rows)
    rows = rows[np.argsort(code[rows], kind="stable")]
    starts = np.searchsorted(code[rows], np.arange(groups.n))
    place = np.arange(len(rows)) - starts[code[rows]]
    codes = np.full(len(code), -1, np.int32)
    codes[rows] = code[rows] * BLOCKS + place % BLOCKS
    return Groups(tuple(str(i) for i in range(groups.n * BLOCKS)), codes)


def _left_out(new: Floats, old: Floats) -> Errors:
    """Errors from the values without each block."""
    with np.errstate(divide="ignore", invalid="ignore"):
        shares = (new - old) / old
    m = int((~np.isnan(new - old)).sum())
    if m < 2 or m < len(new) / 2:
        return NOTHING
    return Errors(_pseudo_error(new - old), _pseudo_error(shares), m - 1.0)


def _pseudo_error(values: Floats) -> float:
    known = values[np.isfinite(values)]
    if len(known) < max(2, len(values) / 2):
        return float("nan")
    spread = float(((known - known.mean()) ** 2).sum())
    return float(np.sqrt((len(known) - 1) / len(known) * spread))


def _anew(
    after: Columns, before: Columns, blocks: Groups, groups: Groups, asked: Sequence[Asked]
) -> dict[tuple[str, str], Errors]:
    """Errors of metrics that are worked out from the rows themselves.

    Large blocks are measured alone (random groups), which takes one pass; of small ones, too
    small for that, the rest of the group is measured.
    """
    found = {}
    code = groups.codes.astype(np.int64)
    for g, name in enumerate(groups.names):
        rows = np.flatnonzero(code == g)
        block = blocks.codes[rows] - g * BLOCKS
        is_large = len(rows) >= BLOCKS * _LARGE
        values = []
        for side in (after, before):
            own = Columns(side.outcomes.take(rows))
            if is_large:
                whole = Groups(tuple(map(str, range(BLOCKS))), block)
                got = measure_statistics(ArrayStatistics(own, whole), whole.names, asked)
                table = np.array([row.value for row in got]).reshape(BLOCKS, len(asked))
            else:
                table = np.array(
                    [_without(own, block != number, asked) for number in np.unique(block)]
                ).reshape(-1, len(asked))
            values.append(table)
        for place, item in enumerate(asked):
            new, old = values[0][:, place], values[1][:, place]
            found[name, item.name] = _alone(new, old) if is_large else _left_out(new, old)
    return found


def _without(columns: Columns, kept: npt.NDArray[np.bool_], asked: Sequence[Asked]) -> list[float]:
    rest = columns.outcomes.take(np.flatnonzero(kept))
    groups = Groups.whole(rest.n)
    stats = ArrayStatistics(Columns(rest), groups)
    return [row.value for row in measure_statistics(stats, groups.names, asked)]


def _alone(new: Floats, old: Floats) -> Errors:
    """Errors from the values of blocks alone."""
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [new - old, (new - old) / old]
    errors = []
    for part in parts:
        known = part[np.isfinite(part)]
        is_known = len(known) >= max(2, len(part) / 2)
        errors.append(float(known.std(ddof=1) / np.sqrt(len(known))) if is_known else np.nan)
    return Errors(errors[0], errors[1], BLOCKS - 1.0)


class _NotAdditiveError(Exception):
    """A metric asked for a statistic that blocks do not add up to."""


class _LeftOut:
    """Statistics of groups without one of their blocks each, from those of the blocks."""

    def __init__(self, stats: ArrayStatistics, blocks: int) -> None:
        self._stats, self._blocks = stats, blocks

    @property
    def task(self) -> Task:
        return self._stats.task

    @property
    def positive(self) -> int:
        return self._stats.positive

    @property
    def n_groups(self) -> int:
        return self._stats.n_groups

    def rows(self) -> Array:
        return self._rest(self._stats.rows())

    def confusion(self) -> Confusion:
        if not self.task.is_classification:
            raise _NotAdditiveError
        found = self._stats.confusion()
        return Confusion(*(self._rest(part) for part in (found.rows, found.sums, found.squares)))

    def by_class(self) -> ClassCounts:
        if self.task.is_classification:
            return self.confusion().by_class()
        found = self._stats.by_class()
        parts = (found.rows, found.sums, found.squares)
        return ClassCounts(*(np.stack([self._rest(one) for one in part]) for part in parts))

    def spread(self, hit: Array, predicted: Array, actual: Array) -> Array:
        return np.zeros(self.n_groups)  # of intervals, which nobody asks for here

    def calibration(self, bins: int) -> Bins:
        found = self._stats.calibration(bins)
        parts = (found.rows, found.weight, found.confident, found.correct, found.noise)
        return Bins(*(self._rest(part) for part in parts))

    def __getattr__(self, name: str) -> Any:
        raise _NotAdditiveError

    def _rest(self, part: Array) -> Array:
        shaped = part.reshape(-1, self._blocks, *part.shape[1:])
        rest: Array = (shaped.sum(axis=1, keepdims=True) - shaped).reshape(part.shape)
        return rest
