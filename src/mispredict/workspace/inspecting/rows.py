"""Rows of a dataset by itself, a page at a time: for data that no model has predicted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import UnknownColumn
from mispredict.core.options import whole
from mispredict.core.results import Source
from mispredict.workspace.inspecting.asking import view_of
from mispredict.workspace.looking.rows import Rows

if TYPE_CHECKING:
    from mispredict.workspace.dataset import Dataset

ROW = "row"


def rows_of_data(
    of: Dataset,
    where: str | None = None,
    *,
    limit: int = 100,
    offset: int = 0,
    columns: Sequence[str] | None = None,
) -> Rows:
    """Rows of a cohort in the dataset's order, with their numbers first.

    Args:
        of: the dataset.
        where: the cohort; it may name columns, `row`, tags and saved cohorts.
        limit: most rows.
        offset: how many rows of the cohort come before.
        columns: which; all of them by default.
    """
    import pyarrow as pa

    limit, offset = whole("limit", limit, 0), whole("offset", offset, 0)
    names = [name for name in columns or of.schema.names if name != ROW]
    for name in names:
        if name not in of.schema:
            raise UnknownColumn.among(name, of.schema.names, where=f"dataset {of.ref!r}")
    view = view_of(of)
    numbers = np.flatnonzero(view.mask(where or None))
    chosen = numbers[offset : offset + limit]
    values = view.take(names, chosen)
    table = pa.table([pa.array(chosen), *values], names=[ROW, *names])
    return Rows(table, Source(of.ref, where or "", len(numbers)), len(numbers))
