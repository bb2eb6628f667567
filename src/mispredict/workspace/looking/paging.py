"""Pages of rows in any order, at any place, from orders that are worked out once."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.options import text, whole
from mispredict.core.predicate import Always, Predicate
from mispredict.engine.cache import Cache
from mispredict.engine.sorting import sort_rows
from mispredict.workspace.exploring.chips import cohort_of

if TYPE_CHECKING:
    from mispredict.engine.order import Order
    from mispredict.engine.table import Table
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.looking.rows import Rows
    from mispredict.workspace.view import View

Numbers = NDArray[np.integer[Any]]

ORDER_BYTES = 192 << 20  # of orders that are kept, four bytes a row
_FEW = 8  # fewer than one in this many rows are sorted by themselves


def page(
    of: Evaluation,
    where: str | Predicate | None = None,
    order_by: str | None = None,
    *,
    offset: int = 0,
    limit: int = 100,
    columns: Sequence[str] | None = None,
) -> Rows:
    """Rows of a cohort from `offset` on: what `ev.rows` gives, fast at every place."""
    from mispredict.workspace.looking.rows import rows_at

    limit, offset = whole("limit", limit, 0), whole("offset", offset, 0)
    predicate = cohort_of(of, where)
    numbers = ordered(of, predicate, order_by)
    part = np.asarray(numbers[offset : offset + limit], np.int64)
    return rows_at(of, part, total=len(numbers), where=predicate, columns=columns)


def ordered(of: View, where: Predicate, order_by: str | None) -> Numbers:
    """Numbers of the cohort's rows in the order asked for (the dataset's without one)."""
    from mispredict.engine.order import parse_order

    if order_by is not None:
        text("order_by", order_by, hint="order_by='loss DESC'")
    order = parse_order(order_by, of.fields) if order_by else ()
    return _orders(of).of(where, order)


class Orders:
    """Orders of the rows of one evaluation, the last ones kept; threads may share it."""

    def __init__(self, of: View) -> None:
        self._of = of
        self.table: Table = of.table
        self._kept: Cache[Numbers] = Cache(ORDER_BYTES, lambda numbers: int(numbers.nbytes))
        self._sorting = threading.Lock()  # one sort at a time: the next may want the same

    def of(self, where: Predicate, order: tuple[Order, ...]) -> Numbers:
        """Numbers of the rows of a cohort in order."""
        if isinstance(where, Always):
            return self._whole(order)
        key = (order, where.key, self._stamp(where))
        return self._kept.get(key, lambda: self._some(where, order))

    def _whole(self, order: tuple[Order, ...]) -> Numbers:
        if not order:
            return np.arange(self.table.n, dtype=np.int32)
        with self._sorting:
            return self._kept.get((order,), lambda: self._sorted(order, None, None))

    def _some(self, where: Predicate, order: tuple[Order, ...]) -> Numbers:
        mask = self.table.mask(where)
        if not order:
            return np.flatnonzero(mask).astype(np.int32)
        is_few = int(np.count_nonzero(mask)) * _FEW < self.table.n
        if is_few and (order,) not in self._kept:
            return self._sorted(order, where, np.flatnonzero(mask).astype(np.int32))
        everything = self._whole(order)
        return everything[mask[everything]]

    def _sorted(
        self, order: tuple[Order, ...], where: Predicate | None, rows: NDArray[np.int32] | None
    ) -> Numbers:
        """All rows, or those of the cohort, sorted."""
        from mispredict.engine import query

        found = sort_rows(self.table, order, rows)
        if found is None:
            found = query.rows(self.table, where, order).astype(np.int32)
        return found

    def _stamp(self, where: Predicate) -> str:
        """What else the rows of a cohort depend on: tags and saved cohorts as they are now."""
        if not where.tags() and not where.cohorts():
            return ""
        return self._of.workspace.store.revision("tag", "cohort")


def _orders(of: View) -> Orders:
    """The orders of the evaluation, made when first asked for."""
    found = of.__dict__.get("_orders")
    if found is None or found.table is not of.table:
        found = of.__dict__["_orders"] = Orders(of)
    made: Orders = found
    return made
