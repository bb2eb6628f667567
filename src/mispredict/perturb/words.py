"""Words of a batch of texts, and those of them that a lexicon knows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mispredict.perturb.texts import Bytes, Texts, Whole

Hashes = npt.NDArray[np.uint64]
Bools = npt.NDArray[np.bool_]
SPACE, MARK, LETTER, DIGIT, OTHER = range(5)
_BASE = np.uint64(0x9E3779B97F4A7C15)
_LONGEST = 64  # bytes of a word that is looked up


def _table() -> Bytes:
    table = np.full(256, MARK, dtype=np.uint8)
    table[[9, 10, 11, 12, 13, 32]] = SPACE
    table[48:58] = DIGIT
    table[65:91] = table[97:123] = LETTER
    table[128:] = OTHER
    return table


_CLASSES = _table()
_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[65:91] += 32
with np.errstate(over="ignore"):
    _POWERS = np.cumprod(np.full(_LONGEST, _BASE, dtype=np.uint64))


def lower(data: Bytes) -> Bytes:
    """The bytes with ASCII letters in lower case."""
    return _LOWER[data]


def classes(texts: Texts) -> Bytes:
    """Of each byte, whether it is a space, a mark, a letter, a digit or not ASCII.

    Dashes and quotation marks of Unicode's General Punctuation are marks, but for the
    apostrophe (U+2019) in a word.
    """
    kind = _CLASSES[texts.data]
    lead = np.flatnonzero(texts.data[:-2] == 0xE2)
    lead = lead[texts.data[lead + 1] == 0x80]
    for shift in range(3):
        kind[lead + shift] = MARK
    curly = lead[texts.data[lead + 2] == 0x99]
    for at, width in ((np.flatnonzero(texts.data == 39), 1), (curly, 3)):
        inner = at[(at > 0) & (at + width < len(kind))]
        inner = inner[(kind[inner - 1] >= LETTER) & (kind[inner + width] >= LETTER)]
        inner = inner[~(texts.is_start[inner] | texts.is_start[inner + width])]
        for shift in range(width):
            kind[inner + shift] = OTHER
    return kind


@dataclass(frozen=True, eq=False)
class Words:
    """Where words begin and end, in whose text, and which word of the text each is."""

    texts: Texts
    start: Whole
    end: Whole

    @classmethod
    def of(cls, texts: Texts) -> Words:
        """Runs of letters, digits, apostrophes inside them, and signs outside ASCII."""
        inside = classes(texts) >= LETTER
        before = np.r_[False, inside[:-1]] & ~texts.is_start
        start = np.flatnonzero(inside & ~before)
        after = np.r_[inside[1:] & ~texts.is_start[1:], False]
        end = np.flatnonzero(inside & ~after) + 1
        return cls(texts, start, end)

    def __len__(self) -> int:
        return len(self.start)

    @cached_property
    def row(self) -> Whole:
        """The text that each word is in."""
        return self.texts.row_of(self.start)

    @cached_property
    def site(self) -> Whole:
        """The number of each word in its text, from 0."""
        return counted(self.row)

    @cached_property
    def length(self) -> Whole:
        """Bytes of each word."""
        return self.end - self.start

    @cached_property
    def hashes(self) -> Hashes:
        """A number for each word, the same in any case; 0 for words too long to be looked up."""
        data = lower(self.texts.data)
        order = np.argsort(-self.length, kind="stable")  # the long first: each byte is a slice
        start, length = self.start[order], self.length[order]
        total = length.astype(np.uint64)
        with np.errstate(over="ignore"):
            for shift in range(min(int(length[0]), _LONGEST) if len(self) else 0):
                some = int(np.searchsorted(-length, -shift))  # words with more bytes than that
                total[:some] += (data[start[:some] + shift] + np.uint64(1)) * _POWERS[shift]
            mixed = total * _BASE ^ (total >> np.uint64(29))
        found = np.empty(len(self), dtype=np.uint64)
        found[order] = np.where(length <= _LONGEST, mixed, np.uint64(0))
        return found

    @cached_property
    def is_capital(self) -> Bools:
        """Whether a word begins with a capital letter."""
        first = self.texts.data[self.start]
        found: Bools = (first >= 65) & (first <= 90)
        return found

    @cached_property
    def is_upper(self) -> Bools:
        """Whether a word of two letters and more ends with a capital one, as it begins."""
        last = self.texts.data[self.end - 1]
        capital: Bools = (last >= 65) & (last <= 90)
        found: Bools = self.is_capital & capital & (self.length > 1)
        return found

    @cached_property
    def is_followed(self) -> Bools:
        """Whether the next word of the same text follows after nothing but one space."""
        if not len(self):
            return np.empty(0, dtype=bool)
        follows = (self.start[1:] == self.end[:-1] + 1) & (self.row[1:] == self.row[:-1])
        follows &= self.texts.data[np.minimum(self.end[:-1], len(self.texts.data) - 1)] == 32
        found: Bools = np.r_[follows, False]
        return found

    def text(self, at: Whole) -> list[str]:
        """Some of the words as strings."""
        data = self.texts.data.tobytes()
        return [
            data[start:end].decode("utf-8", "replace")
            for start, end in zip(self.start[at].tolist(), self.end[at].tolist(), strict=True)
        ]


def counted(rows: Whole) -> Whole:
    """The number of each item among those of its row, which stand together."""
    if not len(rows):
        return np.empty(0, dtype=np.int64)
    first = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
    return np.arange(len(rows)) - np.repeat(first, np.diff(np.r_[first, len(rows)]))
