"""CSV and its kin as Arrow tables."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mispredict.core.errors import BadDataset, BadOption

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow import csv

NULLS = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A")
_BLOCK = 1 << 24
_START = 1 << 22
_EXACT = 2.0**53  # whole numbers beyond it are rounded when read as fractions


@dataclass(frozen=True)
class _Header:
    """The names in the first row, the lines they take, and whether rows follow."""

    names: list[str]
    lines: int
    has_rows: bool


def read_csv(
    path: Path, *, encoding: str | None, delimiter: str, missing: Sequence[str]
) -> pa.Table:
    """The rows of a file with a header.

    Raises:
        BadDataset: it is not text in this encoding, or its rows do not fit its header.
        BadOption: there is no such encoding, or the delimiter is not one ASCII character.
    """
    import pyarrow as pa

    if len(delimiter) != 1 or not delimiter.isascii() or delimiter in '\n\r"\0':
        raise BadOption(
            f"delimiter={delimiter!r} is not one ASCII character.",
            known="It stands between the columns of each row.",
            hint="',' or ';' or a tab; replace any other in the file first",
        )
    encoding = _encoding(path, encoding)
    try:
        header = _header(path, encoding, delimiter)
        if not header.has_rows:
            names = header.names
            return pa.table([pa.array([], pa.large_string()) for _ in names], names=names)
        return _rows(path, header, encoding, delimiter, nulls(missing))
    except UnicodeError as error:
        raise _undecodable(path, encoding, getattr(error, "reason", "")) from error


def nulls(missing: Sequence[str]) -> list[str]:
    """Words that mean no value: the usual ones and `missing`, or, if it has "", it alone."""
    return list(missing) if "" in missing else [*NULLS, *missing]


def _rows(path: Path, header: _Header, encoding: str, delimiter: str, words: list[str]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    convert = csv.ConvertOptions(
        null_values=words, strings_can_be_null=True, quoted_strings_can_be_null=True
    )

    def run() -> pa.Table:
        return _by_blocks(path, header, encoding, delimiter, convert)

    try:
        table = run()
    except pa.ArrowInvalid as error:
        if "CSV conversion error" not in str(error):
            raise _unreadable(path, str(error), encoding) from error
        convert.column_types = dict.fromkeys(header.names, pa.large_string())
        table = _again(path, encoding, run)
    if any(
        pa.types.is_binary(kind) or pa.types.is_large_binary(kind) for kind in table.schema.types
    ):
        raise _undecodable(path, encoding, _first_binary(table))
    pairs = zip(header.names, table.columns, strict=True)
    rounded = [name for name, column in pairs if _is_rounded(column)]
    if rounded:
        convert.column_types = dict.fromkeys(rounded, pa.large_string())
        table = _again(path, encoding, run)
    return table


def _again(path: Path, encoding: str, run: Callable[[], pa.Table]) -> pa.Table:
    import pyarrow as pa

    try:
        return run()
    except pa.ArrowInvalid as error:
        raise _unreadable(path, str(error), encoding) from error


def _by_blocks(
    path: Path, header: _Header, encoding: str, delimiter: str, convert: csv.ConvertOptions
) -> pa.Table:
    """The rows, in larger blocks if a row does not fit into one."""
    import pyarrow as pa
    from pyarrow import csv

    parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    options = csv.ReadOptions(
        block_size=_BLOCK,
        encoding=encoding,
        column_names=header.names,
        skip_rows=header.lines,
    )
    try:
        return csv.read_csv(path, options, parse, convert)
    except pa.ArrowInvalid as error:
        if "straddl" not in str(error) and "skip initial" not in str(error):
            raise
    options.block_size = 1 << 30
    return csv.read_csv(path, options, parse, convert)


def _is_rounded(column: pa.ChunkedArray) -> bool:
    """Whether these fractions are whole numbers too large to be kept exactly so."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_floating(column.type):
        return False
    finite = column.filter(pc.is_finite(column))
    if not len(finite) or pc.max(pc.abs(finite)).as_py() < _EXACT:
        return False
    return bool(pc.all(pc.equal(finite, pc.floor(finite))).as_py())


def _header(path: Path, encoding: str, delimiter: str) -> _Header:
    """What the first row says; read apart, since Arrow would merge columns of one name."""
    import csv
    import io

    import pyarrow as pa

    with pa.input_stream(path) as raw:
        start = raw.read(_START)
    text = codecs.getincrementaldecoder(encoding)().decode(start).lstrip("\ufeff")
    csv.field_size_limit(1 << 30)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = next((row for row in rows if row), [])
    except csv.Error as error:
        raise BadDataset(
            f"the first line of {path} is not a header of names.",
            known=f"Reading said: {error}.",
            hint='close the quotes of each name: "name", and "" for a quote within one',
        ) from error
    if any("\0" in name for name in names):
        raise BadDataset(
            f"the header of {path} holds NUL characters.",
            known=f"The first such name is {next(name for name in names if chr(0) in name)!r:.80}.",
            hint="encoding='utf-16-le' if the text is UTF-16 without a mark, or mend the file",
        )
    lines = rows.line_num
    rest = io.StringIO(text, newline="").readlines()[lines:] if len(start) < _START else ["?"]
    return _Header(names, lines, any(line.strip("\r\n") for line in rest))


def _encoding(path: Path, given: str | None) -> str:
    """The given encoding, if it is one of text and fits the file, or the one of its mark."""
    import pyarrow as pa

    with pa.input_stream(path) as file:
        start = file.read(4096)
    is_marked = start[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if given is None:
        return "utf-16" if is_marked else "utf-8"
    try:
        found = codecs.lookup(given)
    except (LookupError, ValueError) as error:
        raise _no_encoding(given) from error
    if not getattr(found, "_is_text_encoding", True) or found.name in ("undefined", "idna"):
        raise _no_encoding(given)
    if found.name.startswith(("utf-16", "utf-32")) and b"\0" not in start and not is_marked:
        raise _undecodable(path, given, "it has no zero bytes", hint="encoding='utf-8'")
    return given


def _no_encoding(given: str) -> BadOption:
    return BadOption(
        f"there is no encoding {given!r} of text.",
        known="It is the name of a text encoding that Python knows.",
        hint="utf-8, latin-1, cp1252",
    )


def _unreadable(path: Path, problem: str, encoding: str) -> BadDataset:
    if "UTF8" in problem.upper().replace("-", ""):
        return _undecodable(path, encoding, "")
    hint = "delimiter=';' or whatever stands between the columns"
    return BadDataset(f"{path} cannot be read as CSV.", known=f"Reading said: {problem}", hint=hint)


def _first_binary(table: pa.Table) -> str:
    import pyarrow as pa

    for name, column in zip(table.column_names, table.columns, strict=True):
        if not pa.types.is_binary(column.type) and not pa.types.is_large_binary(column.type):
            continue
        for row, value in enumerate(column.to_pylist()):
            if value is not None and value.decode("utf-8", "ignore").encode() != value:
                return f"column {name!r}, row {row:,}, holds {value[:40]!r}"
    return ""


def _undecodable(path: Path, encoding: str, reason: str, hint: str = "") -> BadDataset:
    said = f" ({reason})" if reason else ""
    usual = "encoding='latin-1' (often right for files from spreadsheets), or 'cp1252'"
    return BadDataset(
        f"{path} is not text in {encoding}.",
        known=f"It was probably written with another encoding, or is cut off{said}.",
        hint=hint or usual,
    )
