"""Anything that holds rows, as one Arrow table."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadDataset
from mispredict.core.words import counted

if TYPE_CHECKING:
    import pyarrow as pa

ACCEPTED = (
    "a path to CSV, TSV, JSON lines, Parquet or Arrow, a folder of them or of images or sounds, "
    "a pandas or polars frame, an Arrow table, a DuckDB relation, a Hugging Face dataset, "
    "a dictionary of columns or a list of dictionaries"
)


def read(
    source: Any,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    missing: str | Sequence[str] = (),
) -> pa.Table:
    """The rows of `source` as an Arrow table, just as they are (see `normalise`).

    Args:
        source: a path, or a frame of any common library.
        encoding: of a text file; UTF-8 (with or without mark) and UTF-16 with a mark are
            recognised.
        delimiter: of a CSV file; by default `,`, or tab in a `.tsv` file.
        missing: words that mean "no value" in a CSV file, beside the empty cell, NA, N/A,
            NaN, nan, null, NULL, None and #N/A. With the empty word among them they are the
            only ones: `missing=[""]` keeps a class named "None" or a country "NA".

    Raises:
        BadDataset: it does not exist, cannot be read, has no rows or columns, or has two
            columns of one name.
    """
    missing = (missing,) if isinstance(missing, str) else missing
    if isinstance(source, (str, os.PathLike)):
        from mispredict.sources.files import read_path

        _check_no_address(os.fspath(source))
        path = Path(os.fspath(source)).expanduser()
        table = read_path(path, encoding=encoding, delimiter=delimiter, missing=missing)
        return check(table, str(path))
    from mispredict.sources.frames import read_frame

    return check(read_frame(source), f"the {type(source).__name__}")


def check_names(names: Sequence[str]) -> None:
    """Raise BadDataset if a name cannot be written as text."""
    for place, name in enumerate(names):
        try:
            name.encode()
        except UnicodeEncodeError as error:
            raise BadDataset(
                f"the name of column {place + 1} is not text: {name!r:.80}.",
                known=f"It has half a character (a surrogate) at position {error.start}.",
                hint="rename the column",
            ) from error


def _check_no_address(source: str) -> None:
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", source):
        raise BadDataset(
            f"{source[:200]!r} is an address, not a path.",
            known="Rows are read from this machine only.",
            hint="download it first and give its path, or read it with pandas and give the frame",
        )


def check(table: pa.Table, origin: str) -> pa.Table:
    """The table, if it has columns with different names, and rows."""
    names = [str(name) for name in table.column_names]
    if not names:
        raise BadDataset(f"{origin} has no columns.", hint=f"give {ACCEPTED}")
    check_names(names)
    repeated = (
        sorted({name for name in names if names.count(name) > 1}) if _has_twins(names) else []
    )
    if repeated:
        places = [position + 1 for position, name in enumerate(names) if name == repeated[0]]
        raise BadDataset(
            f"{origin} has {len(places)} columns named {repeated[0]!r}.",
            known=f"They are columns {', '.join(map(str, places))} of {len(names)}.",
            hint="rename all but one of them",
        )
    if table.num_rows == 0:
        shown = ", ".join(repr(name) for name in names[:5])
        raise BadDataset(
            f"{origin} has no rows.",
            known=f"It has only a header, with {counted(len(names), 'column')}: {shown}"
            + (" …" if len(names) > 5 else "."),
            hint="check that the file was written completely",
        )
    named = [name.strip() or f"unnamed_{index}" for index, name in enumerate(names)]
    return table if _has_twins(named) else table.rename_columns(named)


def _has_twins(names: Sequence[str]) -> bool:
    return len(set(names)) < len(names)
