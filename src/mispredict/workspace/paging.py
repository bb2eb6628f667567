"""Pages of rows in any order, at any place, from an order that is worked out once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from mispredict.core.options import text, whole
from mispredict.core.predicate import Always, Predicate
from mispredict.engine.cache import Cache
from mispredict.workspace.chips import cohort_of

if TYPE_CHECKING:
    from mispredict.engine.order import Order
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.rows import Rows
    from mispredict.workspace.view import View

Numbers = NDArray[np.integer[Any]]
CACHED_BYTES = 256 << 20


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
    from mispredict.workspace.rows import rows_at

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
    if isinstance(where, Always):
        return _permutation(of, order)
    mask = of.table.mask(where)
    if not order:
        return np.flatnonzero(mask)
    everything = _permutation(of, order)
    return everything[mask[everything]]


def _permutation(of: View, order: tuple[Order, ...]) -> Numbers:
    """Numbers of all rows in this order."""
    from mispredict.engine import query

    dtype = np.int32 if of.n < 2**31 else np.int64
    if not order:
        return np.arange(of.n, dtype=dtype)
    return _orders(of).get(order, lambda: query.rows(of.table, None, order).astype(dtype))


def _orders(of: View) -> Cache[Numbers]:
    found: Cache[Numbers] = of.__dict__.setdefault(
        "_orders", Cache(CACHED_BYTES, lambda numbers: int(numbers.nbytes))
    )
    return found
