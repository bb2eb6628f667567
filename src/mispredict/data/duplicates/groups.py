"""Groups of rows that are alike, as results."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType
from mispredict.core.words import counted
from mispredict.data.duplicates.duplicates import (
    ConflictGroup,
    Conflicts,
    DuplicateGroup,
    Duplicates,
    LabelCount,
)
from mispredict.data.duplicates.embedding import Embedding, embedded_column
from mispredict.data.duplicates.rows import (
    compared_columns,
    embedded_rows,
    first_of,
    is_text,
    is_vector,
    joined_rows,
)
from mispredict.data.duplicates.texts import Joined
from mispredict.data.found_checks import conflicts_text, duplicates_text
from mispredict.data.hashing import row_hashes
from mispredict.data.rows import rows_where, share_of, shortened
from mispredict.expectations.subject import Bools, Numbers

if TYPE_CHECKING:
    from mispredict.expectations.data import DataView

SHOWN = 20  # rows of a group
_LETTERS = 300


def joined(
    data: DataView,
    near: float,
    columns: Sequence[str],
    against: DataView | None,
    *,
    embedding: Embedding | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Joined:
    """Which rows are alike; computed once for the same question."""
    views = [data] if against is None else [data, against]
    if embedding is not None:
        return embedded_rows(views, columns[0], near, embedding, progress=progress, cancel=cancel)
    key = ("joined", near, tuple(columns), "" if against is None else against.ref)
    return data.once(
        key, lambda: joined_rows(views, columns, near, progress=progress, cancel=cancel)
    )


def doubled(data: DataView, found: Joined, against: DataView | None) -> Bools:
    """The rows that would go: those that another one stands for, or that are in `against` too."""
    n = data.n
    if against is None:
        return np.asarray(found.root[:n] != np.arange(n), dtype=bool)
    is_known = np.zeros(len(found.root), dtype=bool)
    is_known[found.root[n:]] = True
    return np.asarray(is_known[found.root[:n]], dtype=bool)


def find_duplicates(
    data: DataView,
    near: float = 1.0,
    columns: Sequence[str] | None = None,
    against: DataView | None = None,
    *,
    embedding: Embedding | None = None,
    limit: int = 100,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Duplicates:
    """Rows that are the same, or nearly so; see `Dataset.duplicates`."""
    started = time.perf_counter()
    if embedding is not None:
        _check_embedding(embedding, near, against)
        used: tuple[str, ...] = (embedded_column(data, columns),)
    else:
        used = compared_columns(data, columns)
    if against is not None and not columns:
        used = tuple(name for name in used if name in against.schema) or used
    found = joined(data, near, used, against, embedding=embedding, progress=progress, cancel=cancel)
    extra = doubled(data, found, against)
    groups = _Groups(data, used, found, against)
    rows = tuple(groups.row(at) for at in range(min(limit, groups.count)))
    share = share_of(int(extra.sum()), data.n)
    picked = np.flatnonzero(extra)
    made = Duplicates(
        rows,
        Source(data.ref, "", data.n),
        used,
        near,
        "" if against is None else against.ref,
        groups.count,
        int(groups.sizes.sum()),
        len(picked),
        share.value,
        share.low,
        share.high,
        groups.exact,
        groups.conflicts,
        rows_where(picked),
        _method(data, used, near, embedding),
        _sentence(groups, len(picked), data.n, near, against),
        time.perf_counter() - started,
        groups.group_of,
    )
    return made if embedding is not None else replace(made, check=duplicates_text(made))


def _check_embedding(embedding: Embedding, near: float, against: DataView | None) -> None:
    if near >= 1:
        raise BadOption(
            "rows are the same (near=1) or not, whatever their embedding.",
            known="An embedding says how much alike they are, as a cosine.",
            hint="near=0.95, or no embedding",
        )
    if against is not None and not callable(embedding):
        raise BadOption(
            "an array has vectors for one dataset, and two are compared.",
            known="A function embeds both; so does a column of vectors in both.",
            hint="embedding=a function, or columns=['a vector column']",
        )


def find_conflicts(
    data: DataView,
    near: float = 1.0,
    columns: Sequence[str] | None = None,
    *,
    limit: int = 100,
) -> Conflicts:
    """Rows with the same inputs and different labels; see `Dataset.conflicts`."""
    started = time.perf_counter()
    used = compared_columns(data, columns)
    found = conflicting(data, near, used)
    order = np.argsort(-found.sizes, kind="stable")
    rows = tuple(_conflict(data, used, found, int(at), place) for place, at in
                 enumerate(order[:limit]))  # fmt: skip
    share = share_of(int(found.is_wrong.sum()), found.known)
    wrong = np.flatnonzero(found.is_wrong)
    count = len(found.sizes)
    said = f"Different labels in {counted(count, 'group')} of rows with the same inputs"
    more = (
        f": another label than the majority in {counted(len(wrong), 'row')} of {found.known:,},"
        f" so that no model that sees these inputs alone is right on more than"
        f" {100 * (1 - share.value):.2f} % of these rows."
    )
    made = Conflicts(
        rows,
        Source(data.ref, "", data.n),
        used,
        near,
        count,
        int(found.sizes.sum()),
        len(wrong),
        share.value,
        share.low,
        share.high,
        1 - share.value,
        1 - share.high,
        1 - share.low,
        rows_where(wrong),
        said + more if count else "No rows with the same inputs have different labels.",
        time.perf_counter() - started,
    )
    return replace(made, check=conflicts_text(made))


class conflicting:  # noqa: N801 - reads as a function: the groups that conflict
    """Groups of rows with the same inputs and different labels.

    `starts` and `sizes` say where in `order` each group is; `is_wrong` marks the rows whose
    label is not the one that most of their group have.
    """

    def __init__(self, data: DataView, near: float, columns: Sequence[str]) -> None:
        root = joined(data, near, columns, None).root
        labels = label_codes(data)
        self.labels = labels
        self.known = int((labels >= 0).sum())
        rows = np.flatnonzero(labels >= 0)
        pairs = root[rows].astype(np.uint64) * np.uint64(max(int(labels.max(initial=0)) + 1, 1))
        pairs += labels[rows].astype(np.uint64)
        _, inverse, counts = np.unique(pairs, return_inverse=True, return_counts=True)
        own = counts[inverse]  # rows of the same group and label
        roots, group, sizes = np.unique(root[rows], return_inverse=True, return_counts=True)
        most = np.zeros(len(roots), np.int64)
        np.maximum.at(most, group, own)
        is_mixed = most < sizes
        first = np.full(len(roots), np.iinfo(np.int64).max)
        is_most = own == most[group]
        np.minimum.at(first, group[is_most], labels[rows][is_most])  # ties: the lesser code
        self.is_wrong = np.zeros(data.n, dtype=bool)
        self.is_wrong[rows] = is_mixed[group] & (labels[rows] != first[group])
        chosen = np.flatnonzero(is_mixed[group])
        order = chosen[np.argsort(group[chosen], kind="stable")]
        self.order: Numbers = rows[order]
        _, self.starts, self.sizes = np.unique(group[order], return_index=True, return_counts=True)

    def members(self, at: int) -> Numbers:
        """The rows of a group."""
        return self.order[self.starts[at] : self.starts[at] + self.sizes[at]]


def label_codes(data: DataView) -> Numbers:
    """A number per row for its label, -1 without one."""
    import pyarrow.compute as pc

    if data.label is None:
        return np.full(data.n, -1, np.int64)

    def made() -> Numbers:
        column = data.column(str(data.label))
        import pyarrow as pa

        if pa.types.is_nested(column.type):
            column = pa.chunked_array([[repr(item) for item in column.to_pylist()]])
        encoded = pc.dictionary_encode(column).unify_dictionaries()
        parts = [pc.fill_null(chunk.indices, -1).to_numpy() for chunk in encoded.chunks]
        return np.concatenate([np.empty(0, np.int64), *parts]).astype(np.int64)

    return data.once("label codes", made)


class _Groups:
    """The groups of two or more rows (or of rows that are in both), the largest first."""

    def __init__(
        self, data: DataView, columns: Sequence[str], found: Joined, against: DataView | None
    ) -> None:
        self._data, self._columns, self._found, self._against = data, columns, found, against
        n, root = data.n, found.root
        sizes = np.bincount(root, minlength=len(root))
        inside = np.bincount(root[:n], minlength=len(root))
        is_group = sizes > 1 if against is None else (inside > 0) & (sizes > inside)
        roots = np.flatnonzero(is_group)
        roots = roots[np.argsort(-sizes[roots], kind="stable")]
        self.count = len(roots)
        number = np.full(len(root), -1, np.int64)
        number[roots] = np.arange(len(roots))
        all_groups = number[root]
        self.group_of: Numbers = all_groups[:n]
        members = np.flatnonzero(all_groups >= 0)
        self._members = members[np.argsort(all_groups[members], kind="stable")]
        self._ends = np.r_[0, np.cumsum(sizes[roots])]
        self.sizes = inside[roots]
        exact = self._exact_roots()
        self._least = np.ones(len(roots))
        np.minimum.at(self._least, all_groups[members], found.similarity[members])
        starts = self._ends[:-1].astype(np.intp)
        values = exact[self._members]
        self._is_exact = (
            np.maximum.reduceat(values, starts) == np.minimum.reduceat(values, starts)
            if len(roots)
            else np.empty(0, dtype=bool)
        )
        labels = self._all_labels()[self._members]
        high = np.maximum.reduceat(labels, starts) if len(roots) else labels
        known = np.where(labels < 0, np.iinfo(np.int64).max, labels)
        low = np.minimum.reduceat(known, starts) if len(roots) else labels
        self._is_conflict = (high > low) & (high >= 0)
        self.exact = int(self._is_exact.sum())
        self.conflicts = int(self._is_conflict.sum())

    def row(self, at: int) -> DuplicateGroup:
        members = self._members[self._ends[at] : self._ends[at + 1]]
        n = self._data.n
        own, others = members[members < n], members[members >= n] - n
        labels = self._labels(own)
        similarity = 1.0 if self._is_exact[at] else float(self._least[at])
        words = "the same" if self._is_exact[at] else f"alike (at least {similarity:.2f})"
        said = f"{counted(len(own), 'row')} {'is' if len(own) == 1 else 'are'} {words}"
        if self._against is not None:
            said = (
                f"{counted(len(own), 'row')} and {len(others):,} of {self._against.ref} are {words}"
            )
        if self._is_conflict[at]:
            said += ", with different labels"
        return DuplicateGroup(
            at,
            len(own),
            tuple(int(row) for row in own[:SHOWN]),
            tuple(int(row) for row in others[:SHOWN]),
            similarity,
            bool(self._is_exact[at]),
            bool(self._is_conflict[at]),
            labels,
            shown(self._data, self._columns, int(own[0])),
            rows_where(own),
            f"{said}.",
        )

    def _exact_roots(self) -> Numbers:
        is_counted = is_text(self._data, self._columns) or is_vector(self._data, self._columns)
        if self._found.similarity.min(initial=1.0) == 1.0 and not is_counted:
            return self._found.root
        views = [self._data] if self._against is None else [self._data, self._against]
        return first_of(np.concatenate([row_hashes(view, self._columns) for view in views]))

    def _all_labels(self) -> Numbers:
        own = label_codes(self._data)
        if self._against is None:
            return own
        both: Numbers = np.r_[own, np.full(self._against.n, -1, np.int64)]
        return both

    def _labels(self, rows: Numbers) -> tuple[LabelCount, ...]:
        return label_counts(self._data, rows)


def label_counts(data: DataView, rows: Numbers) -> tuple[LabelCount, ...]:
    """How many of the rows have each label, the commonest first."""
    if data.label is None:
        return ()
    values = data.take([data.label], rows)[0].to_pylist()
    counts: dict[str, int] = {}
    for value in values:
        text = "missing" if value is None else str(value)
        counts[text] = counts.get(text, 0) + 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(LabelCount(name, n) for name, n in ordered)


def shown(data: DataView, columns: Sequence[str], row: int) -> str:
    """A row's values in a line: of the columns, or in place of vectors of what else is known."""
    readable = [item.name for item in data.schema if item.type is not ColumnType.VECTOR]
    columns = [name for name in columns if name in readable] or readable or columns
    parts = [part[0].as_py() for part in data.take(list(columns), np.array([row]))]
    if len(columns) == 1:
        text = str(parts[0])
    else:
        text = ", ".join(
            f"{name} {shortened(value)}" for name, value in zip(columns, parts, strict=True)
        )
    return text if len(text) <= _LETTERS else f"{text[: _LETTERS - 1]}…"


def _conflict(
    data: DataView, columns: Sequence[str], found: Any, at: int, place: int
) -> ConflictGroup:
    rows = found.members(at)
    labels = label_counts(data, rows)
    values = [part[0].as_py() for part in data.take(list(columns), rows[:1])]
    words = ", ".join(f"{item.label} {item.n:,}" for item in labels)
    return ConflictGroup(
        place,
        len(rows),
        tuple(int(row) for row in rows[:SHOWN]),
        labels,
        labels[0].label,
        int(found.is_wrong[rows].sum()),
        tuple((name, shortened(value)) for name, value in zip(columns, values, strict=True)),
        rows_where(rows),
        f"{counted(len(rows), 'row')} have the same inputs and these labels: {words}.",
    )


def _method(
    data: DataView, columns: Sequence[str], near: float, embedding: Embedding | None
) -> str:
    names = ", ".join(columns[:6]) + (f" and {len(columns) - 6} more" if len(columns) > 6 else "")
    if near >= 1:
        return f"the same values of {names}"
    if embedding is not None or is_vector(data, columns):
        vectors = names if embedding is None else f"an embedding of {names}"
        return f"vectors of {vectors} with a cosine of at least {near:g}, every pair compared"
    if is_text(data, columns):
        return (
            f"texts of {names} that share at least {near:.0%} of their runs of five bytes,"
            " found by MinHash and counted"
        )
    return f"rows that agree in at least {near:.0%} of the {len(columns)} columns {names}"


def _sentence(groups: _Groups, extra: int, n: int, near: float, against: DataView | None) -> str:
    words = "the same" if near >= 1 else "nearly the same"
    if against is not None:
        if not extra:
            return f"No row is {words} as one of {against.ref}."
        return f"{counted(extra, 'row')} of {n:,} {'is' if extra == 1 else 'are'} {words} as one of {against.ref}."  # noqa: E501
    if not extra:
        return f"No rows are {words}."
    conflicts = (
        f", {counted(groups.conflicts, 'group')} with different labels" if groups.conflicts else ""
    )
    return (
        f"{counted(groups.count, 'group')} of rows that are {words}: {extra:,} of "
        f"{counted(n, 'row')} {'repeats' if extra == 1 else 'repeat'} another one{conflicts}."
    )
