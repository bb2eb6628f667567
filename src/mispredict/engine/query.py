"""The query engine: Ibis over DuckDB, for sorting, exact values and free aggregates.

Each query has its own DuckDB in memory, without access to files or the network, with a bound
on memory and on time. It reads only the columns that are named, as Arrow and without a copy.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.errors import BadOption, InputError
from mispredict.core.predicate import ColumnRef, Predicate, column_of
from mispredict.engine.expressions import Frame, expression, operand_value
from mispredict.engine.order import Order

if TYPE_CHECKING:
    import pyarrow as pa

    from mispredict.engine.table import Table

_ROW = "row_number"
_AGGREGATES = ("count", "sum", "mean", "min", "max")


@dataclass(frozen=True, slots=True)
class QueryLimits:
    """What one query may use."""

    memory: str = "2GB"
    threads: int = 2
    timeout_s: float = 30.0


DEFAULT_LIMITS = QueryLimits()
_LIMITS: ContextVar[QueryLimits] = ContextVar("query limits", default=DEFAULT_LIMITS)


@contextmanager
def limited(limits: QueryLimits) -> Iterator[None]:
    """Queries inside that are given no limits of their own have these."""
    before = _LIMITS.set(limits)
    try:
        yield
    finally:
        _LIMITS.reset(before)


def matching(
    table: Table, where: Predicate, *, limits: QueryLimits | None = None
) -> NDArray[np.bool_]:
    """Which rows the predicate selects, as DuckDB answers it; equal to `table.mask`."""
    with _session(table, _refs(table, [where]), _tags(table, [where]), limits) as session:
        frame = session.frame
        found = session.run(frame.table.filter(expression(where, frame)).select(_ROW))
    selected = np.zeros(table.n, np.bool_)
    selected[found.column(_ROW).to_numpy()] = True
    return selected


def rows(
    table: Table,
    where: Predicate | None = None,
    order_by: Sequence[Order] = (),
    limit: int | None = None,
    offset: int = 0,
    *,
    limits: QueryLimits | None = None,
) -> NDArray[np.int64]:
    """Numbers of the selected rows, sorted; missing values come last and ties by number."""
    if offset < 0 or (limit is not None and limit < 0):
        raise BadOption("limit and offset cannot be negative.", hint="limit=20, offset=0")
    selected = None if where is None else np.flatnonzero(table.mask(where))
    if not order_by:
        numbers = np.arange(table.n) if selected is None else selected
        return numbers[offset : None if limit is None else offset + limit].astype(np.int64)
    refs = {column_of(order.operand) for order in order_by}
    with _session(table, refs, (), limits, selected) as session:
        keys = [_key(order, session.frame) for order in order_by]
        ordered = session.frame.table.order_by([*keys, session.frame.table[_ROW].asc()])
        found = session.run(ordered.select(_ROW).limit(limit, offset=offset))
    return np.asarray(found.column(_ROW).to_numpy(), np.int64)


def aggregate(
    table: Table,
    measures: Mapping[str, tuple[str, str | None]],
    *,
    by: Sequence[str] = (),
    where: Predicate | None = None,
    limits: QueryLimits | None = None,
) -> pa.Table:
    """A row per group with its keys and measures, sorted by the keys, missing keys last.

    `measures` gives for each result's name one of count, sum, mean, min, max and a column;
    count with None counts rows.
    """
    named = [column for _, column in measures.values() if column is not None]
    refs = {ColumnRef(name) for name in [*by, *named]}
    selected = None if where is None else np.flatnonzero(table.mask(where))
    with _session(table, refs, (), limits, selected) as session:
        frame = session.frame
        keys = {f"key_{i}": frame.column(ColumnRef(name)) for i, name in enumerate(by)}
        sums = {name: _measure(how, column, frame) for name, (how, column) in measures.items()}
        grouped = frame.table.group_by(**keys) if keys else frame.table
        found = grouped.aggregate(**sums)
        if keys:
            found = found.order_by([found[key].asc() for key in keys])
        return session.run(found).rename_columns([*by, *measures])


@dataclass(frozen=True, slots=True)
class _Session:
    """A locked-down DuckDB with the needed columns registered."""

    raw: Any
    frame: Frame
    limits: QueryLimits

    def run(self, query: Any) -> pa.Table:
        """The answer as Arrow; an error when it takes too long."""
        import duckdb
        import ibis

        sql = ibis.to_sql(query, dialect="duckdb")
        is_done = threading.Event()
        threading.Thread(target=self._interrupt, args=[is_done], daemon=True).start()
        try:
            answer = self.raw.sql(sql)
            return (getattr(answer, "to_arrow_table", None) or answer.fetch_arrow_table)()
        except duckdb.InterruptException:
            raise InputError(
                f"the query did not end within {self.limits.timeout_s:g} s.",
                hint="a narrower filter, or fewer columns to sort by",
            ) from None
        except duckdb.OutOfMemoryException:
            raise InputError(
                f"the query needs more than {self.limits.memory} of memory.",
                hint="a narrower filter, or fewer columns to sort by",
            ) from None
        finally:
            is_done.set()

    def _interrupt(self, is_done: threading.Event) -> None:
        """Interrupt what runs after the time limit, again until it is over."""
        import duckdb

        wait_s = self.limits.timeout_s
        while not is_done.wait(wait_s):
            with suppress(duckdb.ConnectionException):  # it was closed just now
                self.raw.interrupt()
            wait_s = 0.05


@contextmanager
def _session(
    table: Table,
    refs: Collection[ColumnRef],
    tags: Collection[str],
    limits: QueryLimits | None,
    selected: NDArray[np.intp] | None = None,
) -> Iterator[_Session]:
    """A session over the columns and tags, for all rows or the selected ones."""
    import duckdb
    import ibis

    limits = limits or _LIMITS.get()
    raw = duckdb.connect(":memory:")
    try:
        names = {ref: f"c{i}" for i, ref in enumerate(sorted(refs))}
        tag_names = {tag: f"t{i}" for i, tag in enumerate(sorted(tags))}
        columns = _arrow(table, names, tag_names, selected)
        raw.register("rows", columns)
        _lock(raw, limits)
        rows = ibis.table(ibis.Schema.from_pyarrow(columns.schema), name="rows")
        yield _Session(raw, Frame(rows, names, tag_names, table.cohort), limits)
    finally:
        raw.close()


def _lock(raw: Any, limits: QueryLimits) -> None:
    raw.execute("SET memory_limit = ?", [limits.memory])
    raw.execute("SET threads = ?", [limits.threads])
    raw.execute("SET enable_external_access = false")
    raw.execute("SET lock_configuration = true")


def _arrow(
    table: Table,
    names: Mapping[ColumnRef, str],
    tags: Mapping[str, str],
    selected: NDArray[np.intp] | None,
) -> pa.Table:
    import pyarrow as pa

    numbers = np.arange(table.n) if selected is None else selected
    columns = {name: _portable(table.column(ref.name, ref.is_input)) for ref, name in names.items()}
    columns.update({name: pa.array(table.tag(tag)) for tag, name in tags.items()})
    if selected is not None:
        columns = {name: column.take(pa.array(selected)) for name, column in columns.items()}
    return pa.table({_ROW: numbers, **columns})


def _portable(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The column, times in nanoseconds as whole numbers: engines round them differently."""
    import pyarrow as pa

    return column.cast(pa.int64()) if column.type == pa.timestamp("ns") else column


def _key(order: Order, frame: Frame) -> Any:
    value = operand_value(order.operand, frame)
    if value.type().is_nested() or value.type().is_binary():
        raise BadOption("rows cannot be sorted by a list or by bytes.", hint="a plain column")
    return value.desc(nulls_first=False) if order.descending else value.asc(nulls_first=False)


def _measure(how: str, column: str | None, frame: Frame) -> Any:
    if how not in _AGGREGATES:
        raise BadOption.choice("aggregate", how, _AGGREGATES)
    if column is None:
        return frame.table.count()
    value = frame.column(ColumnRef(column))
    if how == "mean":
        return value.cast("float64").sum() / value.count().nullif(0)
    return getattr(value, how)()


def _refs(table: Table, predicates: Sequence[Predicate]) -> set[ColumnRef]:
    """Columns that the predicates read, also by the cohorts they name."""
    return {ref for predicate in _with_cohorts(table, predicates) for ref in predicate.columns()}


def _tags(table: Table, predicates: Sequence[Predicate]) -> set[str]:
    return {tag for predicate in _with_cohorts(table, predicates) for tag in predicate.tags()}


def _with_cohorts(table: Table, predicates: Sequence[Predicate]) -> list[Predicate]:
    found, names = list(predicates), set[str]()
    for predicate in found:  # grows while it is walked
        new = predicate.cohorts() - names
        names |= new
        found += [table.cohort(name) for name in sorted(new)]
    return found
