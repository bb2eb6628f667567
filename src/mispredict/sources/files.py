"""Files and folders as Arrow tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mispredict.core.errors import BadDataset
from mispredict.core.words import counted
from mispredict.sources.delimited import read_csv
from mispredict.sources.media import AUDIO_SUFFIXES, IMAGE_SUFFIXES

if TYPE_CHECKING:
    import pyarrow as pa

_TEXT_SUFFIXES = (".csv", ".tsv", ".txt")
_JSON_SUFFIXES = (".jsonl", ".ndjson", ".json")
_TABLE_SUFFIXES = (".parquet", ".pq", ".arrow", ".feather", ".ipc")
_PACKED = (".gz", ".bz2", ".zst", ".lz4")
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
            raise BadDataset(
                f"{path} is empty (0 bytes).",
                known="A table has at least a header and a row.",
                hint="check how the file was written",
            )
        return _reader(path, encoding, delimiter, missing)(path)
    except PermissionError as error:
        raise BadDataset(
            f"no permission to read {path}.",
            known=f"The system says: {error.strerror or error}.",
            hint=f"chmod +r '{path}'",
        ) from error
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
        return lambda file: read_csv(file, encoding=encoding, delimiter=comma, missing=missing)
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
    shown = ", ".join(near or names[:5]) or "nothing"
    more = f" and {len(names) - 5:,} more" if not near and len(names) > 5 else ""
    known = f"In {folder.resolve()}: {shown}{more}."
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
            known=f"It has {counted(len(files), 'file')}.",
            hint="give the path of one file",
        )
    kind = "image" if media[0].suffix.lower() in IMAGE_SUFFIXES else "audio"
    paths = [str(item.resolve()) for item in media]
    columns = {"file": [str(item.relative_to(folder)) for item in media], kind: paths}
    if all(item.parent != folder for item in media):  # one folder per class, as is usual
        columns["label"] = [item.relative_to(folder).parts[0] for item in media]
    return pa.table(columns)
