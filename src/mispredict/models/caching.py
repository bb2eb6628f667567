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
_ROUNDS = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
_LAST = np.uint64(31)
_BLOCK = 16_384
_SPARE_BITS = 3  # of keys that are not there one of 8 or 16 is looked for
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
        one, two, spare = (np.zeros(at.stop - start, dtype=np.uint64) for _ in range(3))
        for position, column in enumerate(columns):
            first, second = column(at)
            step = np.uint64(2 * position + 1)
            one += first
            one ^= step
            _mix(one, spare)
            one *= _ODD[0]
            two *= _ODD[1]
            np.add(second, step, out=spare)
            two ^= spare
            _mix(two, spare)
        keys[at, 0], keys[at, 1] = one, two
    return keys


def schema_key(frame: pd.DataFrame) -> str:
    """Hash of the names and types of the columns."""
    return form_of({name: frame[name].dtype for name in frame.columns})


def form_of(types: Mapping[Any, Any]) -> str:
    """Hash of the names and types of columns."""
    return hash_json([[str(name), str(type_)] for name, type_ in types.items()])


class Index:
    """Where keys stand among others, found by their first halves."""

    def __init__(self, keys: Keys) -> None:
        """Sorts the keys once.

        Of keys that share their first half the first is found, and the others are not.
        """
        half = np.ascontiguousarray(keys[:, 0])
        order = np.argsort(half)
        ordered = half[order]
        if (ordered[1:] == ordered[:-1]).any():
            order = np.argsort(half, kind="stable")
        bits = max(len(half) - 1, 1).bit_length() + _SPARE_BITS
        self._keys, self._order, self._ordered = keys, order, ordered
        self._shift = np.uint64(64 - bits)
        self._occurs = np.zeros(1 << bits, dtype=bool)  # leading bits of keys: dismiss most at once
        self._occurs[(half >> self._shift).view(np.int64)] = True

    def places(self, wanted: Keys) -> npt.NDArray[np.int64]:
        """Where each wanted key stands, -1 where it does not."""
        found = np.full(len(wanted), -1, dtype=np.int64)
        half = wanted[:, 0]
        maybe = np.flatnonzero(self._occurs.take((half >> self._shift).view(np.int64)))
        if not len(maybe):
            return found
        at = np.searchsorted(self._ordered, half[maybe])
        at = self._order[np.minimum(at, len(self._order) - 1)]
        is_same = (self._keys[at] == wanted[maybe]).all(axis=1)
        found[maybe[is_same]] = at[is_same]
        return found


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
                at = Index(stored[0]).places(keys[rows])
                found.append(rows[at >= 0])
                parts.append(take(stored[1], at[at >= 0]))
        if not parts or not same_layout(parts):
            return np.empty(0, dtype=np.int64), None
        rows = np.concatenate(found)
        order = np.argsort(rows, kind="stable")
        return rows[order], take(concatenate(parts), order)

    def add(self, keys: Keys, answer: Answer) -> None:
        """Keep the answers of these rows, of which none was found."""
        self.add_all([(keys, answer)])

    def add_all(self, parts: Sequence[tuple[Keys, Answer]]) -> None:
        """Keep the answers of the rows of all parts, which have the same layout."""
        split = [_by_page(keys) for keys, _ in parts]
        for page in range(PAGES):
            keys: list[Keys] = []
            answers: list[Answer] = []
            for rows, (own, answer) in zip(split, parts, strict=True):
                if len(rows[page]):
                    keys.append(own.take(rows[page], axis=0))
                    answers.append(take(answer, rows[page]))
            if keys:
                self._write(page, keys, answers)

    def pages(self) -> list[tuple[Keys, Answer]]:
        """All that is kept, page by page."""
        read = [self._read(page) for page in range(PAGES)]
        return [page for page in read if page is not None]

    def _write(self, page: int, keys: list[Keys], answers: list[Answer]) -> None:
        stored = self._read(page)
        if stored is not None and same_layout([stored[1], *answers]):
            keys, answers = [stored[0], *keys], [stored[1], *answers]
        whole = concatenate(answers) if len(answers) > 1 else answers[0]
        kept = slice(-PAGE_ROWS, None)
        data = encode(np.concatenate(keys)[kept], take(whole, kept))
        self._cache.put(self._key(page), data)

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
    """The answers of these rows: their places, or a slice."""
    if isinstance(rows, slice):
        return _each(answer, lambda array: array[rows])
    return _each(answer, lambda array: array.take(rows, axis=0))  # much quicker than array[rows]


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


def _by_page(keys: Keys) -> list[npt.NDArray[np.int64]]:
    """The rows of each page."""
    page_of = _page(keys)
    order = np.argsort(page_of, kind="stable")
    return np.split(order, np.cumsum(np.bincount(page_of, minlength=PAGES))[:-1])


def _page(keys: Keys) -> npt.NDArray[np.uint8]:
    return keys[:, 0].astype(np.uint8) % np.uint8(PAGES)


def hashes_of(values: Any) -> Hashes:
    """Two hashes of each value of a column, a series or an array of pandas."""
    import pandas as pd
    from pandas.util import hash_array

    if isinstance(values.dtype, np.dtype) and values.dtype.kind in "biufmM":
        numbers = np.ascontiguousarray(values)
        return lambda at: (hashed := _mixed(numbers[at]), hashed)
    series = pd.Series(values, copy=False)
    if series.dtype != object and not isinstance(series.dtype, pd.StringDtype):
        series = series.astype(object)
    codes, texts = _texts(series)
    texts = np.append(texts, "\0missing")  # the code -1
    first, second = (hash_array(texts, hash_key=key, categorize=False) for key in _HASH_KEYS)
    return lambda at: (first.take(codes[at]), second.take(codes[at]))


def _mixed(numbers: Array) -> npt.NDArray[np.uint64]:
    """Hashes of numbers, from their bits; 0 and -0 are one number, and so are all NaN."""
    if numbers.dtype.kind == "f":
        numbers = numbers + numbers.dtype.type(0)
        gone = np.isnan(numbers)
        if gone.any():
            numbers[gone] = np.nan
    is_truth = numbers.dtype.kind == "b"
    bits = numbers if is_truth else numbers.view(f"u{numbers.dtype.itemsize}")
    mixed = bits.astype(np.uint64)
    _mix(mixed, np.empty_like(mixed))
    return mixed


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


def _mix(values: npt.NDArray[np.uint64], spare: npt.NDArray[np.uint64]) -> None:
    """SplitMix64's finaliser, in place: every bit of the input moves every bit of the output."""
    for shift, factor in _ROUNDS:
        np.right_shift(values, shift, out=spare)
        values ^= spare
        values *= factor
    np.right_shift(values, _LAST, out=spare)
    values ^= spare
