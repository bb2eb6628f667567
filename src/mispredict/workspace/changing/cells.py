"""Kinds of rows: cohorts of columns, the same on both sides, and which of them changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.compare.changed.changed import ChangedCohort, LeftOut
from mispredict.compare.changed.cohorts import Candidate, Valued, carriers
from mispredict.compare.changed.divide import merged_cells
from mispredict.core.errors import BadOption, MispredictError, UnknownColumn
from mispredict.core.predicate import ColumnRef
from mispredict.core.task import TaskKind
from mispredict.core.words import counted
from mispredict.metrics.columns import Columns, split_name
from mispredict.metrics.paired import MEANS
from mispredict.workspace.changing.pairs import Bools, Numbers, Pairing

if TYPE_CHECKING:
    from mispredict.workspace.changing.answers import Crossings
    from mispredict.workspace.evaluation import Evaluation

LEAST_ROWS = 30  # of a kind, on each side
_MOST_CODES = 50  # of a column
_MOST_COLUMNS = 2  # that are chosen by themselves
_ALPHA = 0.01  # of a column's mix, over all columns


@dataclass(frozen=True, eq=False)
class Kinds:
    """The kind of every row: `columns` make it up, `cells` number it from 0 on both sides."""

    columns: tuple[str, ...]
    cells: tuple[Numbers, Numbers]
    words: str = ""
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, eq=False)
class _Coded:
    """A column in cohorts: the number of each row's, one more than the last for none of them."""

    name: str
    codes: tuple[Numbers, Numbers]
    size: int


def kinds_of(
    before: Evaluation,
    after: Evaluation,
    pairing: Pairing,
    masks: Sequence[Bools],
    by: tuple[str, ...] | None,
) -> Kinds:
    """Kinds by the named columns, or by those whose mix changed by more than chance."""
    whole = (np.zeros(before.n, dtype=np.int64), np.zeros(after.n, dtype=np.int64))
    if not pairing.has_other_rows(masks):
        return Kinds((), whole)
    if by is not None:
        for name in by:
            for of in (before, after):
                if name not in of.fields.columns:
                    raise UnknownColumn.among(name, of.fields.columns, where=of.dataset.ref)
        chosen = [_coded(before, after, name) for name in by]
        missing = [name for name, item in zip(by, chosen, strict=True) if item is None]
        if missing:
            raise BadOption(
                f"by={missing[0]!r} has too many values to tell kinds of rows by.",
                known=f"At most {_MOST_CODES} are used.",
                hint="another column, or fewer",
            )
        columns = [item for item in chosen if item is not None]
    else:
        columns = _changed_columns(before, after, pairing, masks)
    if not columns:
        return Kinds((), whole)
    return _crossed(columns, masks)


def looked_at(
    before: Evaluation,
    after: Evaluation,
    pairing: Pairing,
    crossings: Crossings,
    masks: Sequence[Bools],
    metric: str,
) -> tuple[ChangedCohort, ...]:
    """Cohorts of single columns that carry the difference, by the metric or by the error rate."""
    name = split_name(metric)[0]
    if name not in MEANS:
        name = "accuracy" if crossings.task.classes else "mae"
        name = "loss" if crossings.task.kind is TaskKind.SCORE else name
    sides = []
    for side, of in enumerate((before, after)):
        values = Columns(crossings.own(side)).column(MEANS[name]).astype(np.float64)
        values = 1 - values if name == "error_rate" else values
        weight = of.outcomes.weight
        sides.append(
            Valued(
                np.where(masks[side], values, np.nan),
                np.ones(of.n) if weight is None else np.asarray(weight, dtype=np.float64),
                pairing.units[side],
            )
        )
    candidates = list(_candidates(before, after))
    return carriers(sides, candidates, is_mixed=pairing.has_other_rows(masks))


def _candidates(before: Evaluation, after: Evaluation) -> Iterator[Candidate]:
    for name in _shared(before, after):
        for predicate, masks in _cohorts(before, after, name):
            yield Candidate(predicate.text, predicate.sentence(), *masks)


def _shared(before: Evaluation, after: Evaluation) -> list[str]:
    """Columns to look through that both have, of the same type."""
    kinds = before.fields.columns
    return [
        name for name in after.dataset.searched if kinds.get(name) is after.fields.columns[name]
    ]


def _cohorts(
    before: Evaluation, after: Evaluation, name: str
) -> Iterator[tuple[Any, tuple[Bools, Bools]]]:
    """The values or bins of a column, as cohorts with their rows on both sides."""
    from mispredict.workspace.binning import binned

    ref = after.fields.resolve(ColumnRef(name, is_input=name in after.fields.reserved))
    try:
        item = binned(after.table.coded(ref.name, ref.is_input))
    except MispredictError:
        return
    codes = np.asarray(item.codes)
    used = np.flatnonzero(np.bincount(codes, minlength=item.book.size))
    if len(used) > _MOST_CODES:
        return
    for code in used.tolist():
        predicate = item.book.condition(ref.name, code, is_input=ref.is_input)
        yield predicate, (before.mask(predicate), after.mask(predicate))


def _coded(before: Evaluation, after: Evaluation, name: str) -> _Coded | None:
    codes = [np.full(of.n, -1, dtype=np.int64) for of in (before, after)]
    size = 0
    for _, masks in _cohorts(before, after, name):
        for own, mask in zip(codes, masks, strict=True):
            own[mask] = size
        size += 1
    if size < 2:
        return None
    made = [np.where(own < 0, size, own) for own in codes]
    return _Coded(name, (made[0], made[1]), size + 1)


def _changed_columns(
    before: Evaluation, after: Evaluation, pairing: Pairing, masks: Sequence[Bools]
) -> list[_Coded]:
    """The columns whose mix surely changed, those that matter most to the error first.

    Whether a column's mix changed does not look at the errors, so that choosing it does not make
    its part look larger than it is.
    """
    from scipy.stats import chi2_contingency

    found = []
    names = _shared(before, after)
    for name in names:
        column = _coded(before, after, name)
        if column is None:
            continue
        table = _groups(column, pairing, masks)
        if table.shape[0] < 2 or table.shape[1] < 2:
            continue
        if float(chi2_contingency(table).pvalue) < _ALPHA / len(names):
            found.append((-_weight_of(before, after, column, masks), name, column))
    return [column for _, _, column in sorted(found, key=lambda item: item[:2])[:_MOST_COLUMNS]]


def _groups(column: _Coded, pairing: Pairing, masks: Sequence[Bools]) -> npt.NDArray[np.int64]:
    """Counts of the values among rows that are gone, that stayed, and that are new."""
    gone = masks[0] & ~pairing.shared(0, masks)
    stayed = masks[1] & pairing.shared(1, masks)
    new = masks[1] & ~pairing.shared(1, masks)
    counts = np.stack(
        [
            np.bincount(column.codes[side][mask], minlength=column.size)
            for side, mask in ((0, gone), (1, stayed), (1, new))
        ]
    )
    counts = counts[counts.sum(axis=1) > 0]
    kept = counts[:, counts.sum(axis=0) > 0]
    return np.asarray(kept, dtype=np.int64)


def _weight_of(
    before: Evaluation, after: Evaluation, column: _Coded, masks: Sequence[Bools]
) -> float:
    """How far the change of its mix moves the error, at the errors of both sides."""
    shares, rates, sizes = [], [], []
    for side, of in enumerate((before, after)):
        known = masks[side] & ~np.isnan(of.target)
        n = np.bincount(column.codes[side][known], minlength=column.size).astype(float)
        total = np.bincount(column.codes[side][known], of.target[known], column.size)
        shares.append(n / max(n.sum(), 1))
        rates.append(total)
        sizes.append(n)
    rate = sum(rates) / np.maximum(sum(sizes), 1)
    return float(abs(((shares[1] - shares[0]) * rate).sum()))


def _crossed(columns: Sequence[_Coded], masks: Sequence[Bools]) -> Kinds:
    cells = [np.zeros(len(mask), dtype=np.int64) for mask in masks]
    for column in columns:
        cells = [
            cell * column.size + codes for cell, codes in zip(cells, column.codes, strict=True)
        ]
    looked = [cell[mask] for cell, mask in zip(cells, masks, strict=True)]
    used = np.unique(np.concatenate(looked))
    compact = [np.clip(np.searchsorted(used, cell), 0, len(used) - 1) for cell in cells]
    _, place = merged_cells([c[m] for c, m in zip(compact, masks, strict=True)], LEAST_ROWS)
    last = len(place)
    numbers = np.array([place.get(at, last) for at in range(len(used))], dtype=np.int64)
    made = [numbers[cell] for cell in compact]
    joined = len(used) - len(place)
    names = ", ".join(column.name for column in columns)
    words = f"Rows are of one kind by {names}: {counted(len(place), 'kind')}"
    words += f", and {joined:,} of few rows taken together." if joined else "."
    if not place:
        return Kinds(
            (), (made[0] * 0, made[1] * 0), "No kind of rows is on both sides often enough."
        )
    return Kinds(tuple(column.name for column in columns), (made[0], made[1]), words)
