"""Files and folders as Arrow tables."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mispredict.core.errors import BadDataset, BadOption

if TYPE_CHECKING:
    import pyarrow as pa

IMAGE_SUFFIXES = frozenset((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"))
AUDIO_SUFFIXES = frozenset((".wav", ".flac", ".mp3", ".ogg", ".m4a", ".opus"))
_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
_TABLE_SUFFIXES = (".parquet", ".pq", ".arrow", ".feather", ".ipc")
_PACKED = (".gz", ".bz2", ".zst", ".lz4")
_NULLS = ("", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "#N/A")
_BLOCK = 1 << 24


def read_path(
    path: Path, *, encoding: str | None, delimiter: str | None, missing: Sequence[str]
) -> pa.Table:
    """The rows of a file, or of all files of a folder."""
    try:
        if not path.exists():
            raise _absent(path)
        if path.is_dir():
            return _read_folder(path)
        if path.stat().st_size == 0:
            raise BadDataset(f"{path} is empty (0 bytes).", hint="check how the file was written")
        return _reader(path, encoding, delimiter, missing)(path)
    except PermissionError as error:
        raise BadDataset(f"no permission to read {path}.", hint=f"chmod +r '{path}'") from error
    except OSError as error:
        raise BadDataset(
            f"{str(path)[:100]!r} cannot be read.",
            known=f"The system says: {error.strerror or error}.",
            hint="check the path",
        ) from error


def _reader(
    path: Path, encoding: str | None, delimiter: str | None, missing: Sequence[str]
) -> Callable[[Path], pa.Table]:
    suffix = _suffix(path)
    if suffix in _TABLE_SUFFIXES:
        return _read_parquet if suffix in (".parquet", ".pq") else _read_arrow
    if suffix in _JSON_SUFFIXES:
        return _read_json
    if suffix in _TEXT_SUFFIXES:
        comma = delimiter or ("\t" if suffix == ".tsv" else ",")
        return lambda file: _read_csv(file, encoding, comma, missing)
    known = ", ".join((*_TEXT_SUFFIXES, *_JSON_SUFFIXES, *_TABLE_SUFFIXES))
    raise BadDataset(
        f"{path} has the unknown ending {path.suffix or '(none)'!r}.",
        known=f"Known endings: {known}, and {', '.join(_PACKED)} after them.",
        hint="read it with pandas and give the frame",
    )


def _suffix(path: Path) -> str:
    plain = path.with_suffix("") if path.suffix.lower() in _PACKED else path
    return plain.suffix.lower()


def _absent(path: Path) -> BadDataset:
    import difflib

    folder = path.parent
    names = sorted(item.name for item in folder.iterdir()) if folder.is_dir() else []
    near = difflib.get_close_matches(path.name, names, n=3)
    known = f"In {folder.resolve()}: {', '.join(near)}." if near else ""
    if not folder.is_dir():
        known = f"The folder {folder} does not exist either."
    return BadDataset(f"there is no file {path}.", known=known, hint="check the path")


def _read_parquet(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadDataset(
            f"{path} is not a readable Parquet file.",
            known=f"Reading said: {error}",
            hint="check that the file was written completely",
        ) from error


def _read_arrow(path: Path) -> pa.Table:
    import pyarrow as pa
    from pyarrow import feather

    try:
        return feather.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise BadDataset(
            f"{path} is not a readable Arrow file.",
            known=f"Reading said: {error}",
            hint="check that the file was written completely",
        ) from error


def _read_json(path: Path) -> pa.Table:
    import pyarrow as pa
    import pyarrow.json as pj

    options = pj.ReadOptions(block_size=max(_BLOCK, min(path.stat().st_size, 1 << 30)))
    try:
        return pj.read_json(path, read_options=options)
    except pa.ArrowInvalid as error:
        hint = "one JSON object per line (JSON lines)"
        raise BadDataset(
            f"{path} cannot be read as JSON lines.", known=f"Reading said: {error}", hint=hint
        ) from error


def _read_csv(path: Path, encoding: str | None, delimiter: str, missing: Sequence[str]) -> pa.Table:
    import pyarrow as pa
    from pyarrow import csv

    names = _header(path, encoding or _encoding(path), delimiter)
    parse = csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    convert = csv.ConvertOptions(
        null_values=[*_NULLS, *missing], strings_can_be_null=True, quoted_strings_can_be_null=True
    )
    for block in (_BLOCK, 1 << 30):  # a block must hold the longest row
        options = csv.ReadOptions(
            use_threads=pa.cpu_count() > 1,  # Arrow's threaded reader can hang with one thread
            block_size=block,
            encoding=encoding or _encoding(path),
            column_names=names,
            skip_rows_after_names=1,
        )
        try:
            return csv.read_csv(path, options, parse, convert)
        except pa.ArrowInvalid as error:
            problem = str(error)
            if "straddl" in problem and block == _BLOCK:
                continue
            if "CSV conversion error" in problem and not convert.column_types:
                convert.column_types = dict.fromkeys(names, pa.large_string())
                return csv.read_csv(path, options, parse, convert)
            raise _unreadable(path, problem) from error
    raise _unreadable(path, "a row is longer than 1 GiB")


def _header(path: Path, encoding: str, delimiter: str) -> list[str]:
    """Names in the first row; read apart, since Arrow would merge rows of one name in silence."""
    import csv

    import pyarrow as pa

    with pa.input_stream(path) as raw:
        start = raw.read(1 << 22)
    try:
        lines = codecs.getincrementaldecoder(encoding)().decode(start).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        raise _undecodable(path, encoding, error.start) from error
    except LookupError as error:
        raise BadOption(
            f"there is no encoding {encoding!r}.", hint="utf-8, latin-1, cp1252"
        ) from error
    csv.field_size_limit(1 << 30)
    return next(iter(csv.reader(lines.splitlines(), delimiter=delimiter)), [])


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(2)
    return "utf-16" if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"


def _unreadable(path: Path, problem: str) -> BadDataset:
    if "invalid UTF8" in problem or "UTF8" in problem.upper().replace("-", ""):
        return _undecodable(path, "utf-8", None)
    hint = "delimiter=';' or whatever stands between the columns"
    return BadDataset(f"{path} cannot be read as CSV.", known=f"Reading said: {problem}", hint=hint)


def _undecodable(path: Path, encoding: str, byte: int | None) -> BadDataset:
    place = f" at byte {byte:,}" if byte is not None else ""
    return BadDataset(
        f"{path} is not text in {encoding}{place}.",
        known="It was probably written with another encoding.",
        hint="encoding='latin-1' (often right for files from spreadsheets), or 'cp1252'",
    )


def _read_folder(folder: Path) -> pa.Table:
    import pyarrow as pa

    files = sorted(item for item in folder.rglob("*") if item.is_file())
    tables = [item for item in files if _suffix(item) in (".parquet", ".pq")]
    if tables:
        return pa.concat_tables([_read_parquet(item) for item in tables], promote_options="default")
    media = [item for item in files if item.suffix.lower() in IMAGE_SUFFIXES | AUDIO_SUFFIXES]
    if not media:
        raise BadDataset(
            f"the folder {folder} has no Parquet files, images or sounds.",
            known=f"It has {len(files):,} files.",
            hint="give the path of one file",
        )
    kind = "image" if media[0].suffix.lower() in IMAGE_SUFFIXES else "audio"
    paths = [str(item.resolve()) for item in media]
    columns = {"file": [str(item.relative_to(folder)) for item in media], kind: paths}
    if all(item.parent != folder for item in media):  # one folder per class, as is usual
        columns["label"] = [item.relative_to(folder).parts[0] for item in media]
    return pa.table(columns)
