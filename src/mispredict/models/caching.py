"""What a model already answered, by the content of rows.

Answers are kept per row, in a few pages per model: a row's hash says its page. So a run hits
whatever rows it shares with earlier ones, in any order and batch size, while the store sees
some files per model and not one per row. Pages are npz without pickle.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from mispredict.core.ids import hash_json
from mispredict.models.protocol import Answer, Array

if TYPE_CHECKING:
    import pandas as pd

Keys = npt.NDArray[np.uint64]
Hashes = Callable[[slice], tuple[Keys, Keys]]  # of the values of a column in a slice of rows
PAGES = 16
PAGE_ROWS = 250_000  # the oldest answers beyond this are forgotten
_ARRAYS = ("labels", "probabilities", "values")
_HASH_KEYS = ("mispredict-row-1", "mispredict-row-2")  # 16 letters each
_BLOCK = 8_192
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)


class Cache(Protocol):
    """Bytes by key; the store has one. A later `put` of a key replaces the former."""

    def get(self, key: str) -> bytes | None: ...

    def put(self, key: str, data: bytes) -> object: ...


class Pages(Protocol):
    """Kept answers of one model to rows of one schema."""

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int64], Answer | None]: ...

    def add(self, keys: Keys, answer: Answer) -> None: ...


class MemoryCache:
    """A cache that lives as long as the object."""

    def __init__(self) -> None:
        self._items: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._items)

    def get(self, key: str) -> bytes | None:
        return self._items.get(key)

    def put(self, key: str, data: bytes) -> None:
        self._items[key] = data


def row_keys(frame: pd.DataFrame) -> Keys:
    """(n, 2) hashes of the rows: 128 bits from the values of all columns.

    The columns' names and types are not in it; `schema_key` holds them.
    """
    return mixed_keys([hashes_of(frame[name]) for name in frame.columns], len(frame))


def mixed_keys(columns: Sequence[Hashes], n: int) -> Keys:
    """(n, 2) hashes of rows from those of their columns.

    Some rows at a time, so that all of it stays in the processor's cache.
    """
    keys = np.empty((n, 2), dtype=np.uint64)
    for start in range(0, n, _BLOCK):
        at = slice(start, min(start + _BLOCK, n))
        one, two = (np.zeros(at.stop - start, dtype=np.uint64) for _ in range(2))
        for position, column in enumerate(columns):
            first, second = column(at)
            step = np.uint64(2 * position + 1)
            one += first
            one ^= step
            _mix(one)
            one *= _ODD[0]
            two *= _ODD[1]
            two ^= second + step
            _mix(two)
        keys[at, 0], keys[at, 1] = one, two
    return keys


def schema_key(frame: pd.DataFrame) -> str:
    """Hash of the names and types of the columns."""
    return form_of({name: frame[name].dtype for name in frame.columns})


def form_of(types: Mapping[Any, Any]) -> str:
    """Hash of the names and types of columns."""
    return hash_json([[str(name), str(type_)] for name, type_ in types.items()])


class AnswerCache:
    """The pages of one model and one schema, read when first needed."""

    def __init__(self, cache: Cache, identity: str) -> None:
        self._cache = cache
        self._identity = identity

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int64], Answer | None]:
        """Which rows have an answer, and their answers in the same order."""
        found: list[npt.NDArray[np.int64]] = []
        parts: list[Answer] = []
        page_of = _page(keys)
        for page in np.unique(page_of):
            stored = self._read(int(page))
            if stored is not None:
                rows = np.flatnonzero(page_of == page)
                at = _positions(stored[0], keys[rows])
                found.append(rows[at >= 0])
                parts.append(take(stored[1], at[at >= 0]))
        if not parts or not same_layout(parts):
            return np.empty(0, dtype=np.int64), None
        rows = np.concatenate(found)
        order = np.argsort(rows, kind="stable")
        return rows[order], take(concatenate(parts), order)

    def add(self, keys: Keys, answer: Answer) -> None:
        """Keep the answers of these rows."""
        page_of = _page(keys)
        order = np.argsort(page_of, kind="stable")
        keys, answer = keys[order], take(answer, order)
        ends = np.cumsum(np.bincount(page_of, minlength=PAGES))
        for page, (start, end) in enumerate(zip([0, *ends], ends, strict=False)):
            if end > start:
                self._write(page, keys[start:end], take(answer, slice(start, end)))

    def pages(self) -> list[tuple[Keys, Answer]]:
        """All that is kept, page by page."""
        read = [self._read(page) for page in range(PAGES)]
        return [page for page in read if page is not None]

    def _write(self, page: int, keys: Keys, answer: Answer) -> None:
        stored = self._read(page)
        if stored is not None and same_layout([stored[1], answer]):
            old = np.flatnonzero(_positions(keys, stored[0]) < 0)
            keys = np.concatenate([stored[0][old], keys])[-PAGE_ROWS:]
            joined = concatenate([take(stored[1], old), answer])
            answer = take(joined, slice(-PAGE_ROWS, None))
        self._cache.put(self._key(page), encode(keys, answer))

    def _read(self, page: int) -> tuple[Keys, Answer] | None:
        data = self._cache.get(self._key(page))
        return None if data is None else decode(data)

    def _key(self, page: int) -> str:
        return hashlib.sha256(f"{self._identity}/{page}".encode()).hexdigest()


def encode(keys: Keys, answer: Answer) -> bytes:
    """Bytes of the rows' keys and answers."""
    arrays = {name: getattr(answer, name) for name in _ARRAYS}
    kept = {name: array for name, array in arrays.items() if array is not None}
    buffer = io.BytesIO()
    classes = np.array(json.dumps(answer.classes))
    np.savez(buffer, allow_pickle=False, keys=keys, classes=classes, **kept)
    return buffer.getvalue()


def decode(data: bytes) -> tuple[Keys, Answer] | None:
    """Keys and answers, or None where the bytes are damaged: a cache may forget."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in _ARRAYS if name in stored}
            classes = json.loads(str(stored["classes"]))
            keys = stored["keys"]
    except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
        return None
    return keys, Answer(**arrays, classes=None if classes is None else tuple(classes))


def take(answer: Answer, rows: Any) -> Answer:
    """The answers of these rows."""
    return _each(answer, lambda array: array[rows])


def concatenate(parts: list[Answer]) -> Answer:
    """The answers of all parts, one below the other; they have the same layout."""
    first = parts[0]
    arrays = {
        name: np.concatenate([getattr(part, name) for part in parts])
        for name in _ARRAYS
        if getattr(first, name) is not None
    }
    return Answer(**arrays, classes=first.classes)


def same_layout(parts: list[Answer]) -> bool:
    """Whether the parts have the same arrays, classes and kinds of labels."""
    return len({_layout(part) for part in parts}) == 1


def _layout(answer: Answer) -> tuple[object, ...]:
    labels = answer.labels
    kind = None if labels is None else (labels.dtype.kind, labels.shape[1:])
    typed = None if answer.classes is None else tuple((type(c), c) for c in answer.classes)
    return kind, typed, answer.probabilities is None, answer.values is None


def _each(answer: Answer, change: Callable[[Array], Array]) -> Answer:
    arrays = {name: getattr(answer, name) for name in _ARRAYS}
    changed = {name: None if array is None else change(array) for name, array in arrays.items()}
    return Answer(**changed, classes=answer.classes)


def length(answer: Answer) -> int:
    """Number of rows that were answered."""
    arrays = (getattr(answer, name) for name in _ARRAYS)
    return next((len(array) for array in arrays if array is not None), 0)


def _page(keys: Keys) -> npt.NDArray[np.uint8]:
    return (keys[:, 0] % np.uint64(PAGES)).astype(np.uint8)


def _positions(stored: Keys, wanted: Keys) -> npt.NDArray[np.int64]:
    """Where each wanted key stands in the stored ones, -1 where it does not."""
    if len(stored) == 0:
        return np.full(len(wanted), -1, dtype=np.int64)
    order = np.argsort(stored[:, 0])
    at = np.searchsorted(stored[order, 0], wanted[:, 0])
    at = order[np.minimum(at, len(order) - 1)]
    is_same = (stored[at] == wanted).all(axis=1)
    return np.where(is_same, at, -1)


def hashes_of(values: Any) -> Hashes:
    """Two hashes of each value of a column, a series or an array of pandas."""
    import pandas as pd
    from pandas.util import hash_array

    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biufmM":
        numbers = np.asarray(values)
        return lambda at: (hashed := hash_array(numbers[at]), hashed)
    series = pd.Series(values, copy=False)
    if series.dtype != object and not isinstance(series.dtype, pd.StringDtype):
        series = series.astype(object)
    codes, texts = _texts(series)
    texts = np.append(texts, "\0missing")  # the code -1
    first, second = (hash_array(texts, hash_key=key, categorize=False) for key in _HASH_KEYS)
    return lambda at: (first.take(codes[at]), second.take(codes[at]))


def _texts(series: pd.Series[Any]) -> tuple[npt.NDArray[np.int64], Array]:
    """For each row the place of its value among the distinct ones, which are texts."""
    import pandas as pd

    if getattr(series.dtype, "storage", "") == "pyarrow":
        codes, values = pd.factorize(series)
        return codes, _plain_objects(np.asarray(values, dtype=object))
    codes, values = pd.factorize(_plain_objects(series))
    return codes, np.asarray(values, dtype=object)


def _plain_objects(given: Any) -> Array:
    """The values as text, such that values that differ in type or content differ."""
    values = np.empty(len(given), dtype=object)
    for at, value in enumerate(given):
        is_plain = isinstance(value, str) and "\0" not in value and not value.startswith("\1")
        values[at] = value if is_plain else _text_of(value)
    return values


def _text_of(value: object) -> str:
    if isinstance(value, np.ndarray) and value.dtype != object:
        digest = hashlib.blake2b(np.ascontiguousarray(value).tobytes()).hexdigest()
        return f"\1array {value.dtype} {value.shape} {digest}"
    if isinstance(value, (bytes, bytearray, memoryview)):
        return f"\1bytes {hashlib.blake2b(value).hexdigest()}"
    if isinstance(value, (list, tuple, np.ndarray)):
        return f"\1list {[_text_of(item) for item in value]}"
    return f"\1{type(value).__name__} {value!r}"


def _mix(values: npt.NDArray[np.uint64]) -> None:
    """SplitMix64's finaliser, in place: every bit of the input moves every bit of the output."""
    values ^= values >> np.uint64(30)
    values *= np.uint64(0xBF58476D1CE4E5B9)
    values ^= values >> np.uint64(27)
    values *= np.uint64(0x94D049BB133111EB)
    values ^= values >> np.uint64(31)
