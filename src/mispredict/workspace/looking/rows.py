"""Rows of an evaluation, as a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import UnknownColumn
from mispredict.core.options import names as names_of
from mispredict.core.options import text, whole
from mispredict.core.results import Result, Source, plain
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mispredict.core.predicate import Predicate
    from mispredict.workspace.evaluation import Evaluation

LONGEST_CELL = 200


@dataclass(frozen=True)
class Rows(Result):
    """Examples in order; `total` is how many the cohort has in all."""

    table: pa.Table
    source: Source
    total: int

    title: ClassVar[str] = ""

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.table.column_names)

    def records(self) -> list[dict[str, Any]]:
        records: list[dict[str, Any]] = self.table.to_pylist()
        return records

    def to_frame(self) -> pd.DataFrame:
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    def to_arrow(self) -> pa.Table:
        return self.table

    def to_dict(self) -> dict[str, Any]:
        return {
            "columns": list(self.columns),
            "rows": plain(self.records()),
            "source": plain(self.source),
            "total": self.total,
        }

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __str__(self) -> str:
        if not len(self):
            return "(no rows)"
        return str(self.short().to_string(index=False, max_rows=40))

    def _repr_html_(self) -> str:
        note = f"<p>{len(self):,} of {counted(self.total, 'row')}</p>"
        return note + str(self.short().to_html(index=False, max_rows=60, escape=True))

    def short(self) -> pd.DataFrame:
        """The frame with long cells cut, for showing."""
        frame = self.to_frame()
        for name in frame.columns:
            if frame[name].dtype.kind in "OUST" or str(frame[name].dtype) in ("str", "string"):
                frame[name] = [_clip(value) for value in frame[name]]
        return frame


def find_rows(
    evaluation: Evaluation,
    where: str | Predicate | None,
    order_by: str | None,
    *,
    limit: int,
    offset: int,
    columns: Sequence[str] | None,
) -> Rows:
    """The rows of a cohort in the asked order (the dataset's order without one)."""
    from mispredict.engine import query
    from mispredict.engine.order import parse_order

    limit, offset = whole("limit", limit, 0), min(whole("offset", offset, 0), evaluation.n)
    limit = min(limit, evaluation.n)
    if order_by is not None:
        text("order_by", order_by, hint="order_by='loss DESC'")
    mask = evaluation.mask(where)
    total = int(mask.sum())
    if order_by:
        order = parse_order(order_by, evaluation.fields)
        numbers = query.rows(
            evaluation.table, evaluation.predicate(where), order, limit=limit, offset=offset
        )
    else:
        numbers = np.flatnonzero(mask)[offset : offset + limit]
    return rows_at(evaluation, numbers, total=total, where=where, columns=columns)


def rows_at(
    evaluation: Evaluation,
    numbers: npt.NDArray[np.integer[Any]],
    *,
    total: int,
    where: str | Predicate | None = None,
    columns: Sequence[str] | None = None,
    extra: Mapping[str, npt.NDArray[Any]] | None = None,
) -> Rows:
    """The rows of these numbers, in this order, with further columns at the end."""
    import pyarrow as pa

    names = list(evaluation.column_names)
    known = {*names, *evaluation.fields.columns, *evaluation.fields.reserved}
    if columns is not None:
        columns = names_of("columns", columns)
    for name in columns or ():
        if name not in known and name not in evaluation.fields.reserved:  # another model's is
            raise UnknownColumn.among(name, sorted(known), where=evaluation.ref)
    shown = list(columns) if columns is not None else names
    keys = [_key(evaluation, name) for name in shown]
    table = pa.table(dict(zip(shown, evaluation.table.take_all(keys, numbers), strict=True)))
    for name, values in (extra or {}).items():
        table = table.append_column(name, pa.array(values))
    return Rows(table, evaluation.source(where, total), total)


def _key(evaluation: Evaluation, name: str) -> tuple[str, bool]:
    """What a column is called; `input("name")` is the dataset's own behind a reserved name."""
    hidden = name.removeprefix('input("').removesuffix('")')
    is_hidden = name.startswith('input("') and hidden in evaluation.fields.columns
    return (hidden, True) if is_hidden else (name, False)


def _clip(value: Any) -> Any:
    if not isinstance(value, str) or len(value) <= LONGEST_CELL:
        return value
    return f"{value[:LONGEST_CELL]}… ({len(value):,} characters)"
