"""Frames in memory, of any library, as Arrow tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadDataset
from mispredict.core.results import plain

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
        return _from_pandas(frame if hasattr(frame, "columns") else _framed(frame))
    if hasattr(frame, "with_format") and hasattr(frame, "features"):  # Hugging Face datasets
        return pa.table(frame.with_format("arrow")[:])
    if hasattr(frame, "__arrow_c_stream__"):
        return _from_stream(frame)
    if hasattr(frame, "collect") and hasattr(frame, "lazy"):  # polars LazyFrame
        return pa.table(frame.collect())
    if isinstance(frame, Mapping):
        return _from_columns(frame)
    if isinstance(frame, Sequence) and frame and isinstance(frame[0], Mapping):
        return _from_records(frame)
    from mispredict.sources.read import ACCEPTED

    raise BadDataset(
        f"cannot read rows from a {type(frame).__name__}.",
        known=f"It is {frame!r:.60}.",
        hint=f"give {ACCEPTED}",
    )


def _from_stream(frame: Any) -> pa.Table:
    import pyarrow as pa

    try:
        return pa.table(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise BadDataset(
            f"cannot read rows from a {type(frame).__name__}.",
            known=f"Reading said: {error}",
            hint="give a frame with named columns",
        ) from error


def _is_pandas(frame: Any) -> bool:
    is_pandas = type(frame).__module__.partition(".")[0] == "pandas"
    return is_pandas and hasattr(frame, "iloc")


def _framed(series: pd.Series) -> pd.DataFrame:
    return series.to_frame("value" if series.name is None else series.name)


def _from_pandas(frame: pd.DataFrame) -> pa.Table:
    import pandas as pd

    is_plain = isinstance(frame.index, pd.RangeIndex) and frame.index.name is None
    if not is_plain and frame.index.name is not None and frame.index.name not in frame.columns:
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    arrays = [_array(_known(frame.iloc[:, place]), name) for place, name in enumerate(names)]
    return _table(arrays, names)


def _known(values: pd.Series) -> pd.Series:
    """The values without what Arrow does not know: sparse storage and intervals."""
    import pandas as pd

    kind = values.dtype
    if isinstance(kind, pd.SparseDtype):
        return values.sparse.to_dense()
    if isinstance(kind, pd.CategoricalDtype):
        kind = kind.categories.dtype
    if isinstance(kind, (pd.IntervalDtype, pd.PeriodDtype)):
        return values.astype(object).map(str, na_action="ignore")
    return values


def _from_columns(columns: Mapping[Any, Any]) -> pa.Table:
    arrays = []
    for name, values in columns.items():
        if isinstance(values, (str, bytes, Mapping)) or not hasattr(values, "__len__"):
            raise BadDataset(
                f"column {str(name)!r} is {values!r:.60}, not a list of values.",
                known=f"It is a {type(values).__name__}.",
                hint="a list or array per column, or a list of dictionaries, one per row",
            )
        arrays.append(_array(values, str(name)))
    names = [str(name) for name in columns]
    lengths = {name: len(array) for name, array in zip(names, arrays, strict=True)}
    if len(set(lengths.values())) > 1:
        shown = ", ".join(f"{name!r} {length:,}" for name, length in list(lengths.items())[:6])
        raise BadDataset(
            "the columns have different lengths.",
            known=f"Lengths: {shown}.",
            hint="a value per row in each column, None where there is none",
        )
    return _table(arrays, names)


def _from_records(records: Sequence[Mapping[str, Any]]) -> pa.Table:
    for row, record in enumerate(records):
        if not isinstance(record, Mapping):
            raise BadDataset(
                f"row {row:,} is {record!r:.60}, not a dictionary.",
                known=f"It is a {type(record).__name__}; the first row is a dictionary.",
                hint="a dictionary per row: {'column': value}",
            )
    names = dict.fromkeys(name for record in records for name in record)
    return _from_columns({name: [record.get(name) for record in records] for name in names})


def _table(arrays: list[Any], names: list[str]) -> pa.Table:
    import pyarrow as pa

    from mispredict.sources.read import check_names

    check_names(names)
    return pa.table(arrays, names=names)


def _array(values: Any, name: str) -> pa.Array | pa.ChunkedArray:
    import pyarrow as pa

    try:
        return pa.array(values, from_pandas=True)
    except OverflowError as error:
        return _huge(name, list(values), error)
    except UnicodeEncodeError as error:
        raise _no_text(name, list(values)) from error
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise _mixed(name, list(values), error) from error


def _huge(name: str, values: list[Any], error: Exception) -> pa.Array:
    """Whole numbers beyond 64 bits, as text: as fractions two could become the same."""
    import pyarrow as pa

    found = [None if _is_missing(value) else value for value in values]
    if any(type(plain(value)) is not int for value in found if value is not None):
        raise _mixed(name, values, error)
    return pa.array([None if value is None else str(value) for value in found], pa.large_string())


def _is_missing(value: Any) -> bool:
    return value is None or type(value).__name__ == "NAType" or bool(value != value)  # noqa: PLR0124


def _no_text(name: str, values: list[Any]) -> BadDataset:
    row = next((place for place, value in enumerate(values) if not _is_writable(value)), 0)
    return BadDataset(
        f"column {name!r} holds what is not text at row {row:,}.",
        known=f"{values[row]!r:.60} has half a character (a surrogate).",
        hint="value.encode('utf-8', 'replace').decode() for each value",
    )


def _is_writable(value: Any) -> bool:
    try:
        str(value).encode()
    except UnicodeEncodeError:
        return False
    return True


def _mixed(name: str, values: list[Any], error: Exception) -> BadDataset:
    kinds: dict[str, tuple[int, Any]] = {}
    for row, value in enumerate(values):
        if value is not None and not (isinstance(value, float) and value != value):  # noqa: PLR0124
            kinds.setdefault(type(value).__name__, (row, value))
    hint = f"convert it first, for example frame[{name!r}] = frame[{name!r}].astype(str)"
    if len(kinds) < 2:
        kind = next(iter(kinds), "nothing")
        return BadDataset(
            f"column {name!r} cannot be read.",
            known=f"It holds {kind}; reading said: {str(error)[:200]}.",
            hint=hint,
        )
    shown = "; ".join(
        f"{kind} first at row {row:,}: {str(value)[:40]!r}" for kind, (row, value) in kinds.items()
    )
    return BadDataset(f"column {name!r} mixes types.", known=f"It has {shown}.", hint=hint)
