"""What each column is: its type from its values, its role from its name and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadDataset, BadOption, UnknownColumn
from mispredict.core.schema import Column, ColumnType
from mispredict.sources.given import as_times, convert
from mispredict.sources.media import AUDIO_SUFFIXES, IMAGE_SUFFIXES
from mispredict.sources.normalise import normalise

if TYPE_CHECKING:
    import pyarrow as pa

SAMPLE = 20_000
COUNTED = (ColumnType.NUMERIC, ColumnType.CATEGORICAL, ColumnType.BOOLEAN, ColumnType.DATETIME)
_ID_NAME = re.compile(r"(^|[^a-z])(id|uuid|guid|key)$|Id$|ID$|_id$|^unnamed_0$|^row_?(id|names?)$")
_DATE = re.compile(r"\d{4}-\d\d?-\d\d?([T ]\d\d?:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?")
_NUMBER = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*")
_TOKEN = re.compile(r"[^\W_]+")
_MIXED = 0.95  # share of numbers above which a stray word is a mistake, not a category


def infer_columns(
    table: pa.Table, types: Mapping[str, str] | None = None
) -> tuple[pa.Table, tuple[Column, ...]]:
    """The table in canonical storage, with each column described.

    A type is taken from the values: text that holds ISO dates becomes datetime, text that
    holds only numbers becomes numeric unless leading zeros show that it is a code, long and
    varied text is text and the rest categorical. `types` overrules for the columns it names.

    Raises:
        BadDataset: a column is mostly numbers with some words among them.
    """
    import pyarrow as pa

    given = _checked(types, table.column_names)
    arrays, columns = [], []
    for name, raw in zip(table.column_names, table.columns, strict=True):
        array, kind, note = _infer(str(name), normalise(raw, str(name)), given.get(name))
        arrays.append(array)
        columns.append(_describe(str(name), array, kind, note, origin=str(raw.type)))
    return pa.table(arrays, names=[str(name) for name in table.column_names]), tuple(columns)


def looks_like_id(column: Column, rows: int) -> bool:
    """Whether the column has a different value in each row and a name such as `customer_id`."""
    return (
        column.missing == 0
        and column.distinct == rows
        and column.type in (ColumnType.NUMERIC, ColumnType.CATEGORICAL)
        and column.storage in ("int64", "large_string")
        and bool(_ID_NAME.search(column.name))
        and rows > 1
    )


def _checked(types: Mapping[str, str] | None, names: list[str]) -> dict[str, ColumnType]:
    types = {} if types is None else types
    if not isinstance(types, Mapping):
        raise BadOption(
            "types is not a dictionary.",
            known=f"It is a {type(types).__name__}: {types!r:.60}.",
            hint="types={'column name': 'text'}",
        )
    types = {str(name): kind for name, kind in types.items()}
    for name, kind in types.items():
        if name not in names:
            raise UnknownColumn.among(name, names, hint="types={'column name': 'text'}")
        if kind not in list(ColumnType):
            raise BadOption.choice(
                f"type of column {name!r}", str(kind), [item.value for item in ColumnType]
            )
    return {name: ColumnType(kind) for name, kind in types.items()}


def _infer(
    name: str, column: pa.ChunkedArray, given: ColumnType | None
) -> tuple[pa.ChunkedArray, ColumnType, str]:
    import pyarrow.types as pt

    kind = column.type
    if pt.is_large_string(kind):
        return _infer_text(name, column, given)
    if given is not None:
        return convert(name, column, given), given, "given"
    if pt.is_boolean(kind):
        return column, ColumnType.BOOLEAN, ""
    if pt.is_integer(kind) or pt.is_floating(kind):
        return column, ColumnType.NUMERIC, ""
    if pt.is_timestamp(kind):
        return column, ColumnType.DATETIME, ""
    if pt.is_list(kind) or pt.is_large_list(kind) or pt.is_fixed_size_list(kind):
        is_text = pt.is_string(kind.value_type) or pt.is_large_string(kind.value_type)
        return column, ColumnType.LABELS if is_text else ColumnType.VECTOR, ""
    return column, _media(column), ""


def _infer_text(
    name: str, column: pa.ChunkedArray, given: ColumnType | None
) -> tuple[pa.ChunkedArray, ColumnType, str]:
    sample = [text for text in column.slice(0, SAMPLE).to_pylist() if text and text.strip()]
    if given is ColumnType.NUMERIC:
        return _numbers(name, column, is_forced=True)[0], given, "given"
    if given is not None:
        return convert(name, column, given), given, "given"
    if not sample:
        return column, ColumnType.CATEGORICAL, "no values"
    if _share(_NUMBER, sample) >= _MIXED:
        numbers, note = _numbers(name, column, is_forced=False)
        if not note:
            return numbers, ColumnType.NUMERIC, "numbers stored as text"
        return numbers, ColumnType.CATEGORICAL, note
    if _share(_DATE, sample) == 1:
        times, wrong = as_times(column)
        if not len(wrong):
            return normalise(times, name), ColumnType.DATETIME, "ISO dates stored as text"
    kind = _media_of_paths(sample)
    if kind is not None:
        return column, kind, "paths of files"
    return column, *_text_or_category(sample)


def _share(pattern: re.Pattern[str], sample: list[str]) -> float:
    return sum(1 for text in sample if pattern.fullmatch(text)) / len(sample)


def _numbers(name: str, column: pa.ChunkedArray, *, is_forced: bool) -> tuple[pa.ChunkedArray, str]:
    """Numbers parsed from text; or the text, and why they are codes rather than numbers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    bare = pc.utf8_trim_whitespace(column)
    bare = pc.if_else(pc.equal(bare, ""), pa.scalar(None, pa.large_string()), bare)
    is_code = pc.any(pc.match_substring_regex(bare, r"^[+-]?0\d")).as_py()
    if is_code and not is_forced:
        return column, "leading zeros"
    words = pc.invert(pc.match_substring_regex(bare, r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"))
    count = pc.sum(words).as_py() or 0
    if count:
        raise _words_among_numbers(name, bare, words, count)
    bare = pc.utf8_ltrim(bare, "+")
    if pc.any(pc.match_substring_regex(bare, "[.eE]")).as_py():
        return normalise(bare.cast(pa.float64()), name), ""
    try:
        return bare.cast(pa.int64()), ""
    except pa.ArrowInvalid:
        if is_forced:
            return bare.cast(pa.float64()), ""
        return column, "too large for whole numbers"


def _words_among_numbers(
    name: str, column: pa.ChunkedArray, words: pa.ChunkedArray, count: int
) -> BadDataset:
    import pyarrow.compute as pc

    first = pc.index(words, True).as_py()
    values = pc.value_counts(column.filter(words)).to_pylist()
    values = sorted(values, key=lambda item: -item["counts"])[:3]
    shown = ", ".join(f"{str(item['values'])[:40]!r} ({item['counts']:,} ×)" for item in values)
    placeholder = str(values[0]["values"])[:40]
    return BadDataset(
        f"column {name!r} mixes numbers and text.",
        known=f"{len(column) - count:,} of {len(column):,} values are numbers or missing; "
        f"the others are {shown}, first at row {first:,}.",
        hint=f"missing=[{placeholder!r}] if that means no value, "
        f"or types={{{name!r}: 'categorical'}}",
    )


def _text_or_category(sample: list[str]) -> tuple[ColumnType, str]:
    words = sum(len(_TOKEN.findall(text[:2000])) for text in sample) / len(sample)
    length = sum(map(len, sample)) / len(sample)
    distinct = len(set(sample))
    is_varied = distinct > 50 or distinct > 0.5 * len(sample)
    if is_varied and (words >= 4 or length >= 60):
        return ColumnType.TEXT, f"{words:.0f} words on average"
    if distinct > 1000 or (distinct > 50 and distinct > 0.5 * len(sample)):
        return ColumnType.CATEGORICAL, "high cardinality"
    pair = {text.strip().lower() for text in sample}
    is_pair = len(pair) <= 2 and pair <= {"yes", "no", "true", "false", "t", "f", "y", "n"}
    return ColumnType.CATEGORICAL, "bool-like" if is_pair else ""


def _media_of_paths(sample: list[str]) -> ColumnType | None:
    endings = {("." + text.rpartition(".")[2]).lower() for text in sample[:200]}
    if endings <= IMAGE_SUFFIXES:
        return ColumnType.IMAGE
    return ColumnType.AUDIO if endings <= AUDIO_SUFFIXES else None


def _media(column: pa.ChunkedArray) -> ColumnType:
    """Image or audio by the first bytes of a file in the column, or of its `bytes` field."""
    import pyarrow as pa

    first: Any = next((item.as_py() for item in column if item.is_valid), None)
    if pa.types.is_struct(column.type) and isinstance(first, dict):
        first = first.get("bytes") or first.get("path")
    if isinstance(first, str):
        return _media_of_paths([first]) or ColumnType.OTHER
    if not isinstance(first, bytes):
        return ColumnType.OTHER
    if first.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM")) or first[8:12] == b"WEBP":
        return ColumnType.IMAGE
    is_audio = first.startswith((b"fLaC", b"OggS", b"ID3")) or first[8:12] == b"WAVE"
    return ColumnType.AUDIO if is_audio else ColumnType.OTHER


def _describe(
    name: str, column: pa.ChunkedArray, kind: ColumnType, note: str, *, origin: str
) -> Column:
    import pyarrow.compute as pc

    countable = kind in COUNTED and not _is_measured(column)
    distinct = pc.count_distinct(column).as_py() if countable else None
    return Column(
        name=name,
        type=kind,
        storage=str(column.type),
        missing=column.null_count,
        distinct=distinct,
        note=note,
        origin=origin,
    )


def _is_measured(column: pa.ChunkedArray) -> bool:
    """Whether the column is fractions that hardly repeat, whose count nobody needs."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pa.types.is_floating(column.type) or len(column) <= SAMPLE:
        return False
    return bool(pc.count_distinct(column.slice(0, SAMPLE)).as_py() > SAMPLE // 2)
