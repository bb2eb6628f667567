"""Comparing two versions of a dataset: rows matched by key or content, then column by column."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.predicate import equals
from mispredict.core.schema import ColumnType, Role
from mispredict.core.words import counted
from mispredict.data.difference.difference import (
    CohortDifference,
    ColumnDifference,
    DatasetDiff,
    RowChange,
)
from mispredict.data.difference.differences import mean_difference, share_difference
from mispredict.data.hashing import column_hashes, row_hashes
from mispredict.data.kinds.numbers import moments
from mispredict.data.rows import rows_where, share_of, shortened
from mispredict.data.values import counts
from mispredict.expectations.subject import Bools, Numbers
from mispredict.expectations.verdict import NAN, Changed

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

_NUMBERS = (ColumnType.NUMERIC, ColumnType.BOOLEAN)
_FEW = 200  # values of a column of which those that are new or gone are named
_NAMED = 10
_MOST_COHORTS = 50


@dataclass(frozen=True, slots=True, eq=False)
class _Match:
    """Rows that are in both versions, by number, and which are in one alone."""

    after: Numbers
    before: Numbers
    added: Bools
    removed: Bools


def find_difference(
    after: DataView,
    before: DataView,
    key: str | None = None,
    by: Sequence[str] | None = None,
    *,
    limit: int = 20,
) -> DatasetDiff:
    """What changed from `before` to `after`; see `Dataset.diff`."""
    started = time.perf_counter()
    name, note = _key(after, before, key)
    shared = tuple(item for item in after.schema.names if item in before.schema)
    match = _matched(after, before, name, shared)
    differing = {item: _differing(after, before, item, match) for item in shared}
    is_changed = np.zeros(len(match.after), dtype=bool)
    for part in differing.values():
        is_changed |= part
    label = after.label if after.label in differing else None
    relabelled = differing[label] if label is not None else np.zeros(len(is_changed), dtype=bool)
    rows = tuple(_column(after, before, item, match, differing) for item in _all(after, before))
    cohorts = _cohorts(after, before, by, match, is_changed, relabelled)
    added, removed = np.flatnonzero(match.added), np.flatnonzero(match.removed)
    changed = match.after[is_changed]
    return DatasetDiff(
        rows,
        before.ref,
        after.ref,
        name,
        before.n,
        after.n,
        len(added),
        len(removed),
        len(changed),
        len(match.after) - len(changed),
        int(relabelled.sum()),
        cohorts,
        _examples(after, before, name, match, differing, is_changed, limit),
        rows_where(added),
        rows_where(removed),
        rows_where(changed),
        _sentence(after, before, match, len(changed), int(relabelled.sum()), rows),
        note,
        time.perf_counter() - started,
    )


def _key(after: DataView, before: DataView, key: str | None) -> tuple[str, str]:
    """The column by which rows are matched, "" for their content, and why."""
    if key is not None:
        after.schema[key]
        before.schema[key]
        repeated = max(
            view.n - len(np.unique(column_hashes(view, key))) for view in (after, before)
        )
        note = (
            f"{key} is the same in several rows, of which the first is matched with the first, and"
            " so on: a key names one row each."
        )
        return key, note if repeated else ""
    found = after.schema.first(Role.ID)
    if found is not None and found.name in before.schema:
        return found.name, ""
    return "", (
        "There is no id in both, so rows are matched by their content: one that changed counts"
        " as removed and added."
    )


def _matched(after: DataView, before: DataView, key: str, shared: Sequence[str]) -> _Match:
    """Rows of both versions; of rows with the same key the first with the first, and so on."""
    if key:
        here, there = column_hashes(after, key), column_hashes(before, key)
    else:
        here, there = row_hashes(after, tuple(shared)), row_hashes(before, tuple(shared))
    here, there = _numbered(here), _numbered(there)
    _, at_here, at_there = np.intersect1d(here, there, assume_unique=True, return_indices=True)
    order = np.argsort(at_here)
    added, removed = np.ones(after.n, dtype=bool), np.ones(before.n, dtype=bool)
    added[at_here], removed[at_there] = False, False
    return _Match(at_here[order], at_there[order], added, removed)


def _numbered(hashes: Any) -> Any:
    """The hashes, those that repeat told apart by how often they came before."""
    order = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    is_new = np.ones(len(order), dtype=bool)
    is_new[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(is_new)
    place = np.arange(len(order)) - np.repeat(starts, np.diff(np.r_[starts, len(order)]))
    out = hashes.copy()
    out[order] += place.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return out


def _differing(after: DataView, before: DataView, column: str, match: _Match) -> Bools:
    here, there = column_hashes(after, column), column_hashes(before, column)
    differs: Bools = here[match.after] != there[match.before]
    return differs


def _all(after: DataView, before: DataView) -> list[str]:
    return list(dict.fromkeys([*after.schema.names, *before.schema.names]))


def _column(
    after: DataView,
    before: DataView,
    name: str,
    match: _Match,
    differing: dict[str, Bools],
) -> ColumnDifference:
    here, there = (view if name in view.schema else None for view in (after, before))
    types = ["" if view is None else view.schema[name].type.value for view in (there, here)]
    shares = [NAN if v is None else v.column(name).null_count / max(v.n, 1) for v in (there, here)]
    is_number = [v is not None and v.schema[name].type in _NUMBERS for v in (there, here)]
    means = [
        moments(view.values(name)) if view is not None and number else (NAN, NAN, 0)
        for view, number in zip((there, here), is_number, strict=True)
    ]
    changed = differing.get(name, np.zeros(0, dtype=bool))
    n = int(changed.sum())
    status = "same"
    if here is None or there is None:
        status = "removed" if here is None else "added"
    elif types[0] != types[1]:
        status = "type"
    elif n:
        status = "changed"
    found = mean_difference(means[1], means[0])
    new, gone = _new_and_gone(here, there, name)
    return ColumnDifference(
        name, status, types[0], types[1], n, n / len(changed) if len(changed) else 0.0,
        shares[0], shares[1], means[0][0], means[1][0], found.value, found.low, found.high,
        new, gone, rows_where(match.after[changed]) if n else "",
        _column_words(name, status, types, n, len(changed), new, gone),
    )  # fmt: skip


def _new_and_gone(
    here: DataView | None, there: DataView | None, name: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Values that one version alone has, of a column of names."""
    if here is None or there is None:
        return (), ()
    if here.schema[name].type not in (ColumnType.CATEGORICAL, ColumnType.BOOLEAN):
        return (), ()
    a, b = counts(here, name), counts(there, name)
    if max(len(a), len(b)) > _FEW:
        return (), ()
    mine, theirs = [str(v) for v in a.as_dict()], [str(v) for v in b.as_dict()]
    new = tuple(value for value in mine if value not in theirs)[:_NAMED]
    return new, tuple(value for value in theirs if value not in mine)[:_NAMED]


def _column_words(
    name: str,
    status: str,
    types: list[str],
    n: int,
    total: int,
    new: tuple[str, ...],
    gone: tuple[str, ...],
) -> str:
    said = {
        "added": f"{name} is a new column",
        "removed": f"{name} is not there any more",
        "type": f"{name} was {types[0]} and is {types[1]}",
        "changed": f"{name} changed in {n:,} of {counted(total, 'row')}",
        "same": f"{name} is the same in all rows of both",
    }[status]
    said += f"; new values: {', '.join(new)}" if new else ""
    return f"{said}; gone: {', '.join(gone)}." if gone else f"{said}."


def _cohorts(
    after: DataView,
    before: DataView,
    by: Sequence[str] | None,
    match: _Match,
    is_changed: Bools,
    relabelled: Bools,
) -> tuple[CohortDifference, ...]:
    texts = _cohort_texts(after, before, by)
    found = []
    for text in texts:
        here, there = after.mask(text), before.mask(text)
        a, b = share_of(int(here.sum()), after.n), share_of(int(there.sum()), before.n)
        change = share_difference(a, b) if a.n and b.n else a
        inside = here[match.after]
        found.append(
            CohortDifference(
                text, int(there.sum()), int(here.sum()), b.value, a.value,
                change.value, change.low, change.high,
                int((here & match.added).sum()), int((there & match.removed).sum()),
                int((inside & is_changed).sum()), int((inside & relabelled).sum()),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda row: -abs(row.difference)))


def _cohort_texts(after: DataView, before: DataView, by: Sequence[str] | None) -> list[str]:
    """The cohorts to count: those given, or one per value of the given columns."""
    given = list(by) if by is not None else [after.label] if after.label else []
    texts: list[str] = []
    for item in given:
        name = str(item)
        if name not in after.schema or name not in before.schema:
            if name not in after.schema:
                texts.append(name)  # a cohort, which is read where it is asked
            continue
        if after.schema[name].type is not before.schema[name].type:
            continue  # no value of one is a value of the other
        values = {**counts(after, name).as_dict(), **counts(before, name).as_dict()}
        if len(values) <= _MOST_COHORTS:
            texts += [_value_text(name, value) for value in values]
        else:
            texts += _range_texts(after, name)
    return texts


def _value_text(name: str, value: Any) -> str:
    return equals(name, value).text


def _range_texts(data: DataView, name: str) -> list[str]:
    """Four cohorts of numbers by quartile."""
    if data.schema[name].type is not ColumnType.NUMERIC:
        return []
    from mispredict.core.predicate import all_of, at_least, at_most, more_than

    values = data.values(name)
    ends = np.unique(np.nanquantile(values, [0, 0.25, 0.5, 0.75, 1]))
    return [
        all_of(
            [(at_least if not place else more_than)(name, float(low)), at_most(name, float(high))]
        ).text
        for place, (low, high) in enumerate(pairwise(ends))
    ]


def _examples(
    after: DataView,
    before: DataView,
    key: str,
    match: _Match,
    differing: dict[str, Bools],
    is_changed: Bools,
    limit: int,
) -> tuple[RowChange, ...]:
    chosen = np.flatnonzero(is_changed)[:limit]
    if not len(chosen):
        return ()
    names = [name for name, part in differing.items() if part[chosen].any()]
    new = [part.to_pylist() for part in after.take(names, match.after[chosen])]
    old = [part.to_pylist() for part in before.take(names, match.before[chosen])]
    keys = after.take([key], match.after[chosen])[0].to_pylist() if key else [None] * len(chosen)
    return tuple(
        RowChange(
            keys[place],
            int(match.before[at]),
            int(match.after[at]),
            tuple(
                Changed(name, shortened(was[place]), shortened(now[place]))
                for name, was, now in zip(names, old, new, strict=True)
                if differing[name][at]
            ),
        )
        for place, at in enumerate(chosen)
    )


def _sentence(
    after: DataView,
    before: DataView,
    match: _Match,
    changed: int,
    relabelled: int,
    rows: Sequence[ColumnDifference],
) -> str:
    added, removed = int(match.added.sum()), int(match.removed.sum())
    columns = [row for row in rows if row.status in ("added", "removed", "type")]
    if not (added or removed or changed or columns):
        return f"{before.ref} and {after.ref} hold the same rows and columns."
    parts = [f"{counted(added, 'row')} added, {removed:,} removed, {changed:,} changed"]
    parts += [f"{counted(relabelled, 'label')} changed"] if relabelled else []
    parts += (
        [f"{counted(len(columns), 'column')} added, removed or of another type"] if columns else []
    )
    share = changed / len(match.after) if len(match.after) else 0.0
    of_both = f"{100 * share:.1f} % of the rows in both"
    return f"From {before.ref} to {after.ref}: {'; '.join(parts)} ({of_both})."
