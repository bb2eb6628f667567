"""Pages of rows: by offset for a table that jumps, by cursor for who reads on; rows as bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from mispredict.core.errors import BadOption
from mispredict.core.options import whole
from mispredict.server.cursors import cursor_of, offset_of
from mispredict.server.shapes import RowMask, RowsPage

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.workspace import Evaluation


def page_of(
    ev: Evaluation,
    where: str | Predicate | None,
    order_by: str | None,
    *,
    limit: int,
    offset: int,
    cursor: str | None,
    columns: Sequence[str] | None,
    most: int,
) -> RowsPage:
    """The page, with the cursor of the next one."""
    from mispredict.workspace.looking.paging import page

    limit = page_size(limit, most)
    of = (ev.ref, ev.predicate(where).key, order_by or "", list(columns or ()))
    if cursor is not None:
        if offset:
            raise BadOption(
                "give either cursor or offset.",
                known="A cursor says where its page begins.",
                hint="cursor without offset",
            )
        offset = offset_of(cursor, *of)
    found = page(ev, where, order_by, offset=offset, limit=limit, columns=columns or None)
    after = offset + len(found)
    values = found.to_dict()
    return RowsPage(
        columns=tuple(values["columns"]),
        rows=tuple(values["rows"]),
        source=found.source,
        total=found.total,
        offset=offset,
        next=cursor_of(after, *of) if len(found) and after < found.total else None,
    )


def mask_of(ev: Evaluation, where: str | None) -> RowMask:
    """The rows of the cohort as bits, for a map that shows them."""
    from base64 import b64encode

    import numpy as np

    rows = ev.mask(where)
    bits = b64encode(np.packbits(rows, bitorder="little").tobytes()).decode()
    return RowMask(where or "", len(rows), int(rows.sum()), bits)


def page_size(limit: int, most: int) -> int:
    """The number of rows asked for, if one page may have as many."""
    hint = f"limit={min(limit, most)}, and further pages by cursor or offset"
    return whole("limit", limit, 0, most, hint=hint)
