"""Texts that are nearly the same, found by MinHash and confirmed by counting.

A text is the set of its runs of five bytes, in lower case, all else than letters and digits
taken for one space. How alike two texts are is the share of runs that they have in common
(Jaccard). MinHash (Broder 1997) makes equal signatures likely where that is large, and bands of
signatures (locality-sensitive hashing) bring such texts together; every pair that is joined is
then compared by its runs themselves, so that nothing is joined by chance.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.data.hashing import text_buffers
from mispredict.engine.jit import kernel
from mispredict.expectations.subject import Floats, Numbers

if TYPE_CHECKING:
    import pyarrow as pa

Progress = Callable[[int, int], None]
HASHES = 128  # in a signature
RUN = 5  # bytes
_RECALL = 0.995  # wanted of pairs at the threshold
_THREADS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """Which rows are alike: `root` is the same number for those of a group.

    `similarity` is that of the pair by which a row was joined to others, 1 for the first.
    """

    root: Numbers
    similarity: Floats


def bands_for(near: float) -> tuple[int, int]:
    """Bands and hashes in a band, so that pairs at the threshold are missed in 0.5 %.

    Example:
        >>> bands_for(0.9)
        (14, 9)
    """
    for width in range(HASHES // 2, 1, -1):
        bands = HASHES // width
        if 1 - (1 - near**width) ** bands >= _RECALL:
            return bands, width
    return HASHES, 1


def near_texts(
    texts: pa.ChunkedArray,
    near: float,
    *,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Joined:
    """Groups of texts of which each is at least `near` another one of its group.

    Missing texts, and those without a letter or digit, are in no group of others.
    """
    offsets, held = _whole(texts)
    n = len(offsets) - 1
    keys = np.empty(n, np.uint64)
    lengths = np.empty(n, np.int64)
    _in_parts(lambda a, b: _keys(offsets, held, keys, lengths, a, b), n)
    joined = Joined(np.arange(n, dtype=np.int64), np.ones(n))
    present = np.flatnonzero(lengths > 0)
    _, first, inverse = np.unique(keys[present], return_index=True, return_inverse=True)
    joined.root[present] = present[first][inverse]
    alone = present[first]  # one of each that differ by more than case and signs
    bands, width = bands_for(near)
    signatures = np.empty((len(alone), bands), np.uint64)
    factors = _factors()

    def sign(start: int, end: int) -> None:
        _sign(offsets, held, alone, factors, width, signatures, start, end)

    _in_parts(sign, len(alone))
    longest = int((offsets[1:] - offsets[:-1]).max(initial=0)) + 2 * RUN
    for band in range(bands):
        if cancel is not None and cancel():
            _stop()
        order = np.argsort(signatures[:, band], kind="stable")
        _join(
            offsets, held, alone, order, signatures[:, band][order], near, longest,
            joined.root, joined.similarity,
        )  # fmt: skip
        if progress is not None:
            progress(band + 1, bands)
    flatten(joined.root)
    return joined


def flatten(root: Numbers) -> None:
    """Let every row point to the first one of its group, in place."""
    _flatten(root)


def similarity_of(first: str, second: str) -> float:
    """How alike two texts are: the share of their runs of bytes that both have."""
    import pyarrow as pa

    offsets, held = _whole(pa.chunked_array([pa.array([first, second], pa.large_string())]))
    longest = int((offsets[1:] - offsets[:-1]).max(initial=0)) + 2 * RUN
    scratch = [np.empty(longest, np.uint8), *(np.empty(longest, np.uint32) for _ in range(2))]
    return float(_compared(offsets, held, 0, 1, *scratch))


def _whole(texts: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.uint8]]:
    import pyarrow as pa

    joined = texts.cast(pa.large_string()).combine_chunks()
    if isinstance(joined, pa.ChunkedArray):
        joined = pa.concat_arrays(joined.chunks) if joined.num_chunks else pa.array([], joined.type)
    return text_buffers(joined.fill_null(""))


def _in_parts(work: Callable[[int, int], Any], n: int) -> None:
    bounds = np.linspace(0, n, _THREADS + 1).astype(int)
    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lambda ends: work(int(ends[0]), int(ends[1])), pairwise(bounds)))


def _factors() -> npt.NDArray[np.uint32]:
    random = np.random.default_rng(0)
    odd = random.integers(0, 2**31, HASHES).astype(np.uint32) * np.uint32(2) + np.uint32(1)
    return np.stack([odd, random.integers(0, 2**32, HASHES, dtype=np.uint32)])


def _stop() -> None:
    from mispredict.core.errors import Cancelled

    raise Cancelled("stopped while texts were compared.", hint="run it again")


@kernel()
def _normal(held: Any, start: int, end: int, out: Any) -> int:
    """Write a text in lower case, with one space around and for all else than words."""
    length = 1
    out[0] = 32
    for place in range(start, end):
        byte = held[place]
        if 65 <= byte <= 90:
            byte = byte + 32
        is_word = 97 <= byte <= 122 or 48 <= byte <= 57 or byte >= 128
        if is_word:
            out[length] = byte
            length += 1
        elif out[length - 1] != 32:
            out[length] = 32
            length += 1
    if out[length - 1] != 32:
        out[length] = 32
        length += 1
    return length if length > 1 else 0


@kernel()
def _keys(offsets: Any, held: Any, keys: Any, lengths: Any, start: int, end: int) -> None:
    """A hash of each text as it is compared, and its length."""
    longest = 0
    for row in range(start, end):
        longest = max(longest, offsets[row + 1] - offsets[row])
    text = np.empty(longest + 3, np.uint8)
    for row in range(start, end):
        length = _normal(held, offsets[row], offsets[row + 1], text)
        total = np.uint64(0xCBF29CE484222325)
        for place in range(length):
            total = (total ^ np.uint64(text[place])) * np.uint64(0x100000001B3)
        keys[row] = total
        lengths[row] = length


@kernel()
def _runs(text: Any, length: int, out: Any) -> int:
    """Write a hash of each run of bytes; how many there are."""
    count = max(length - 4, 1)
    for place in range(count):
        total = np.uint32(2166136261)
        for step in range(min(5, length)):
            total = np.uint32((total ^ np.uint32(text[place + step])) * np.uint32(16777619))
        total = np.uint32((total ^ (total >> np.uint32(16))) * np.uint32(0x85EBCA6B))
        out[place] = np.uint32(total ^ (total >> np.uint32(13)))
    return count


@kernel()
def _sign(
    offsets: Any, held: Any, rows: Any, factors: Any, width: int, out: Any, start: int, end: int
) -> None:
    """The bands of each text's signature, each as one number."""
    longest = 0
    for place in range(start, end):
        row = rows[place]
        longest = max(longest, offsets[row + 1] - offsets[row])
    text = np.empty(longest + 3, np.uint8)
    runs = np.empty(longest + 3, np.uint32)
    size = factors.shape[1]
    least = np.empty(size, np.uint32)
    scale, shift = factors[0], factors[1]
    for place in range(start, end):
        row = rows[place]
        length = _normal(held, offsets[row], offsets[row + 1], text)
        count = _runs(text, length, runs)
        for item in range(size):
            least[item] = np.uint32(0xFFFFFFFF)
        for number in range(count):
            value = runs[number]
            for item in range(size):
                hashed = np.uint32(value * scale[item] + shift[item])
                least[item] = min(hashed, least[item])
        for band in range(out.shape[1]):
            total = np.uint64(band)
            for item in range(band * width, band * width + width):
                total = (total ^ np.uint64(least[item])) * np.uint64(0x9E3779B97F4A7C15)
                total = total ^ (total >> np.uint64(29))
            out[place, band] = total


@kernel()
def found_root(root: Any, row: int) -> int:
    while root[row] != row:
        root[row] = root[root[row]]
        row = root[row]
    return row


@kernel()
def _flatten(root: Any) -> None:
    for row in range(len(root)):
        root[row] = found_root(root, row)


@kernel()
def _set_of(offsets: Any, held: Any, row: int, text: Any, runs: Any) -> int:
    """The runs of a text, sorted and each once; how many there are."""
    length = _normal(held, offsets[row], offsets[row + 1], text)
    count = _runs(text, length, runs)
    runs[:count].sort()
    kept = 1
    for place in range(1, count):
        if runs[place] != runs[kept - 1]:
            runs[kept] = runs[place]
            kept += 1
    return kept


@kernel()
def _compared(
    offsets: Any, held: Any, one: int, other: int, text: Any, first: Any, second: Any
) -> float:
    """Jaccard similarity of two texts."""
    a = _set_of(offsets, held, one, text, first)
    b = _set_of(offsets, held, other, text, second)
    i, j, both = 0, 0, 0
    while i < a and j < b:
        if first[i] == second[j]:
            both += 1
            i += 1
            j += 1
        elif first[i] < second[j]:
            i += 1
        else:
            j += 1
    return both / (a + b - both)


@kernel()
def _join(
    offsets: Any,
    held: Any,
    rows: Any,
    order: Any,
    keys: Any,
    near: float,
    longest: int,
    root: Any,
    similarity: Any,
) -> None:
    """Join the texts of one band that are alike.

    Each is compared with the five before it in its bucket and with the bucket's first one: a
    bucket of many is work in proportion to its size.
    """
    text = np.empty(longest, np.uint8)
    first = np.empty(longest, np.uint32)
    second = np.empty(longest, np.uint32)
    start = 0
    for place in range(1, len(order)):
        if keys[place] != keys[place - 1]:
            start = place
            continue
        row = rows[order[place]]
        tries = 0
        back = place - 1
        while back >= start and tries < 6:
            other = rows[order[back]] if tries < 5 else rows[order[start]]
            here, there = found_root(root, row), found_root(root, other)
            if here == there:
                break
            tries += 1
            back -= 1
            alike = _compared(offsets, held, row, other, text, first, second)
            if alike >= near:
                root[max(here, there)] = min(here, there)
                similarity[row] = min(similarity[row], alike)
                similarity[other] = min(similarity[other], alike)
                break
