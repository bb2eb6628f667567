"""A batch of texts as one array of bytes, which is cut and joined without a loop over texts.

A text is UTF-8. Signs outside ASCII are bytes of 128 and more: they belong to words and are
never cut apart, because changes are made at ASCII bytes or between words only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption

Bytes = npt.NDArray[np.uint8]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Texts:
    """Bytes of all texts, and where each begins; `offsets` has one more entry than texts."""

    data: Bytes
    offsets: Whole

    @classmethod
    def of(cls, values: Any) -> Texts:
        """Texts of a list, an array or a Series of strings; a missing one is ""."""
        import pyarrow.compute as pc

        array = arrow_of(values)
        array = pc.fill_null(array, "") if array.null_count else array
        _, offsets, data = array.buffers()
        places = np.frombuffer(offsets, dtype=np.int64)[array.offset :][: len(array) + 1]
        if not len(array):
            return cls(np.empty(0, np.uint8), np.zeros(1, np.int64))
        flat = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
        return cls(flat[places[0] : places[-1]], places - places[0])

    def to_arrow(self) -> Any:
        """The texts as an Arrow array."""
        import pyarrow as pa

        buffers = [None, pa.py_buffer(self.offsets.tobytes()), pa.py_buffer(self.data.tobytes())]
        return pa.Array.from_buffers(pa.large_string(), len(self), buffers)

    def to_list(self) -> list[str]:
        """The texts as strings."""
        found: list[str] = self.to_arrow().to_pylist()
        return found

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @cached_property
    def lengths(self) -> Whole:
        """Bytes of each text."""
        return np.diff(self.offsets)

    @cached_property
    def is_start(self) -> npt.NDArray[np.bool_]:
        """Of each byte, whether a text begins with it."""
        starts = np.zeros(len(self.data) + 1, dtype=bool)
        starts[self.offsets[:-1]] = True
        return starts[:-1]

    def row_of(self, places: Whole) -> Whole:
        """The text that each byte is in."""
        return np.searchsorted(self.offsets, places, side="right") - 1

    def with_bytes(self, data: Bytes) -> Texts:
        """The texts with other bytes of the same number."""
        return Texts(data, self.offsets)

    def without(self, dropped: Whole) -> Texts:
        """The texts without some bytes."""
        keep = np.ones(len(self.data), dtype=bool)
        keep[dropped] = False
        gone = np.searchsorted(np.sort(dropped), self.offsets)
        return Texts(self.data[keep], self.offsets - gone)

    def spliced(self, start: Whole, end: Whole, bits: Texts, pick: Whole) -> Texts:
        """The texts with spans of bytes replaced; a span without bytes is a place to insert.

        Args:
            start: of each span, in order; spans do not overlap and lie in one text each.
            end: of each span.
            bits: texts to put there.
            pick: of each span, which of the bits.
        """
        return self._spliced(start, end, bits, pick, self.row_of(start))

    def spliced_after(self, rows: Whole, bits: Texts, pick: Whole) -> Texts:
        """The texts with something put after some of them, whose rows are given in order."""
        end = self.offsets[rows + 1]
        return self._spliced(end, end, bits, pick, rows)

    def spliced_before(self, rows: Whole, bits: Texts, pick: Whole) -> Texts:
        """The texts with something put before some of them, whose rows are given in order."""
        start = self.offsets[rows]
        return self._spliced(start, start, bits, pick, rows)

    def _spliced(self, start: Whole, end: Whole, bits: Texts, pick: Whole, rows: Whole) -> Texts:
        new = bits.lengths[pick]
        starts = np.empty(2 * len(start) + 1, dtype=np.int64)
        counts = np.empty_like(starts)
        starts[0::2] = np.r_[0, end]
        counts[0::2] = np.r_[start, len(self.data)] - starts[0::2]
        starts[1::2] = len(self.data) + bits.offsets[pick]
        counts[1::2] = new
        pool = np.concatenate([self.data, bits.data])
        grown = np.bincount(rows, weights=new - (end - start), minlength=len(self))
        offsets = self.offsets + np.r_[0, np.cumsum(grown.astype(np.int64))]
        return Texts(pool[_ranges(starts, counts)], offsets)


def arrow_of(values: Any) -> Any:
    """The texts as one Arrow array of large strings, in which missing ones are null.

    Raises:
        BadOption: something among them is no text.
    """
    import pyarrow as pa

    try:
        if isinstance(values, (pa.Array, pa.ChunkedArray)):
            array = values.cast(pa.large_string())
        else:
            array = pa.array(values, from_pandas=True, type=pa.large_string())
    except (pa.ArrowException, TypeError, UnicodeError) as error:
        raise BadOption(
            "there are values that are no texts.",
            known=f"Arrow says: {error}.",
            hint="a list, array or Series of strings",
        ) from error
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def _ranges(starts: Whole, counts: Whole) -> Whole:
    """Every number of each range, one range after the other."""
    before = np.cumsum(counts) - counts
    return np.repeat(starts - before, counts) + np.arange(int(counts.sum()))


def texts_of(values: Sequence[str]) -> Texts:
    """Short form for constants of the room."""
    return Texts.of(list(values))
