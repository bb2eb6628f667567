"""What every answer of mispredict is: a frozen dataclass that shows and exports itself.

A result is made once and never changes. Its rows are small frozen dataclasses, so that
`to_dict` is the JSON that the HTTP API serves and `to_frame` is the table people work with.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Interval:
    """A range that holds the true value with probability `level`; NaN where unknown."""

    low: float
    high: float
    level: float = 0.95


@dataclass(frozen=True, slots=True)
class Source:
    """What a figure stands on: the evaluation (or dataset), the cohort and its rows."""

    of: str
    where: str = ""
    n: int = 0


class Result:
    """Base of results that are a table of rows.

    A subclass is a frozen dataclass with a field `rows`, a tuple of frozen dataclasses of the
    type `row_type`, whose fields are the columns of the frame.
    """

    row_type: ClassVar[type]
    title: ClassVar[str] = ""
    shown: ClassVar[tuple[str, ...]] = ()  # columns that are printed; all of them for none
    unknown_counts: ClassVar[tuple[str, ...]] = ()  # columns of counts, -1 where not known

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(field.name for field in fields(self.row_type))

    def records(self) -> list[dict[str, Any]]:
        """One dictionary per row, with plain values."""
        return [{name: getattr(row, name) for name in self.columns} for row in self._rows()]

    def to_frame(self) -> pd.DataFrame:
        import pandas as pd

        frame = pd.DataFrame(self.records(), columns=list(self.columns))
        for name in self.unknown_counts:
            numbers = frame[name].astype("Int64")
            frame[name] = numbers.mask(numbers < 0)
        return frame

    def to_polars(self) -> pl.DataFrame:
        import_polars()
        import polars as pl

        frame = pl.from_arrow(self.to_arrow())
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()

    def to_arrow(self) -> pa.Table:
        import pyarrow as pa

        return pa.Table.from_pandas(self.to_frame(), preserve_index=False)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready value: numbers that JSON lacks (NaN, infinity) are None."""
        value = plain(self)
        assert isinstance(value, dict)
        return value

    def to_json(self, *, indent: int | None = None) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent)

    def __len__(self) -> int:
        return len(self._rows())

    def __str__(self) -> str:
        body = "(no rows)"
        if len(self):
            body = self._shown_frame().to_string(
                index=False,
                max_rows=40,
                max_colwidth=60 if self.shown else None,
                float_format=lambda value: f"{value:.4g}",
            )
        elif self._said():
            body = ""
        return "\n".join(part for part in (self.title, self._said(), body) if part)

    def _repr_html_(self) -> str:
        from html import escape

        caption = f"<p><b>{escape(self.title)}</b></p>" if self.title else ""
        caption += f"<p>{escape(self._said())}</p>" if self._said() else ""
        return caption + str(self._shown_frame().to_html(index=False, max_rows=60, escape=True))

    def _shown_frame(self) -> pd.DataFrame:
        """The frame as it is printed."""
        frame = self.to_frame()
        return frame[list(self.shown)] if self.shown else frame

    def _said(self) -> str:
        """What is printed above a frame that is not shown whole."""
        return str(getattr(self, "sentence", "")) if self.shown else ""

    def _rows(self) -> Sequence[Any]:
        rows: Sequence[Any] = getattr(self, "rows", ())
        return rows


def plain(value: Any) -> Any:
    """The value with dataclasses, enums, tuples, dates and NumPy scalars as JSON values."""
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    if isinstance(value, bytes):
        return f"<{len(value):,} bytes>"
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return str(value)


def import_polars() -> None:
    """Fail with a clear message where polars is missing."""
    from importlib.util import find_spec

    from mispredict.core.errors import MissingExtra

    if find_spec("polars") is None:
        raise MissingExtra.of("polars", "polars", "A polars frame")
