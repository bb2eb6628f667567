"""Frames in memory, of any library, as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadDataset

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


def read_frame(frame: Any) -> pa.Table:
    """Arrow table with the rows of a frame.

    pandas keeps an index only if it was named or is not a plain range. Anything that speaks
    the Arrow PyCapsule interface (polars, DuckDB, ibis, …) is taken without a copy.
    """
    import pyarrow as pa

    if isinstance(frame, pa.Table):
        return frame
    if isinstance(frame, (pa.RecordBatch, pa.RecordBatchReader)):
        return pa.table(frame) if isinstance(frame, pa.RecordBatch) else frame.read_all()
    if _is_pandas(frame):
        return _from_pandas(frame)
    if hasattr(frame, "with_format") and hasattr(frame, "features"):  # Hugging Face datasets
        return pa.table(frame.with_format("arrow")[:])
    if hasattr(frame, "__arrow_c_stream__"):
        return pa.table(frame)
    if hasattr(frame, "collect") and hasattr(frame, "lazy"):  # polars LazyFrame
        return pa.table(frame.collect())
    if isinstance(frame, Mapping):
        return _from_columns(frame)
    if isinstance(frame, Sequence) and frame and isinstance(frame[0], Mapping):
        return _from_records(frame)
    from mispredict.sources.read import ACCEPTED

    raise BadDataset(f"cannot read rows from a {type(frame).__name__}.", hint=f"give {ACCEPTED}")


def _is_pandas(frame: Any) -> bool:
    return type(frame).__module__.partition(".")[0] == "pandas" and hasattr(frame, "columns")


def _from_pandas(frame: pd.DataFrame) -> pa.Table:
    import pandas as pd
    import pyarrow as pa

    is_plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    if not is_plain and frame.index.name is not None and frame.index.name not in frame.columns:
        frame = frame.reset_index()
    columns = [_series(frame.iloc[:, index], str(name)) for index, name in enumerate(frame.columns)]
    return pa.table(columns, names=[str(name) for name in frame.columns])


def _series(values: pd.Series, name: str) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    try:
        return pa.array(values, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise _mixed(name, list(values)) from error


def _from_columns(columns: Mapping[Any, Any]) -> pa.Table:
    import pyarrow as pa

    arrays = []
    for name, values in columns.items():
        try:
            arrays.append(pa.array(values, from_pandas=True))
        except (pa.ArrowInvalid, pa.ArrowTypeError) as error:
            raise _mixed(str(name), list(values)) from error
    lengths = {str(name): len(array) for name, array in zip(columns, arrays, strict=True)}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name!r} {length:,}" for name, length in list(lengths.items())[:6])
        raise BadDataset("the columns have different lengths.", known=f"Lengths: {shown}.")
    return pa.table(arrays, names=list(lengths))


def _from_records(records: Sequence[Mapping[str, Any]]) -> pa.Table:
    names = dict.fromkeys(str(name) for record in records for name in record)
    return _from_columns({name: [record.get(name) for record in records] for name in names})


def _mixed(name: str, values: list[Any]) -> BadDataset:
    kinds: dict[str, tuple[int, Any]] = {}
    for row, value in enumerate(values):
        if value is not None and value == value:  # noqa: PLR0124 - NaN is missing
            kinds.setdefault(type(value).__name__, (row, value))
    shown = "; ".join(
        f"{kind} first at row {row:,}: {str(value)[:40]!r}" for kind, (row, value) in kinds.items()
    )
    return BadDataset(
        f"column {name!r} mixes types.",
        known=f"It has {shown}.",
        hint=f"convert it first, for example frame[{name!r}] = frame[{name!r}].astype(str)",
    )
