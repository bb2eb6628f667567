"""Phrases that are looked up in all texts of a batch at once, and what may stand there instead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.perturb.draws import Draws, picked
from mispredict.perturb.texts import Texts, Whole, texts_of
from mispredict.perturb.words import Words

Hashes = npt.NDArray[np.uint64]
_MIX = np.uint64(0xFF51AFD7ED558CCD)
_SIZES = (3, 2, 1)


@dataclass(frozen=True, eq=False)
class Found:
    """Where phrases stand: the first and last word, and which phrase it is."""

    words: Words
    first: Whole
    last: Whole
    entry: Whole

    @property
    def row(self) -> Whole:
        return self.words.row[self.first]

    def only(self, which: npt.NDArray[Any]) -> Found:
        return Found(self.words, self.first[which], self.last[which], self.entry[which])


class Phrases:
    """Phrases of up to three words in any case, each with the texts that may replace it.

    Of two phrases that overlap the longer one counts, then the first.
    """

    def __init__(self, choices: Mapping[str, Sequence[str]], *, is_proper: bool = False) -> None:
        """A lexicon.

        Args:
            choices: of each phrase, what may stand there instead.
            is_proper: whether only phrases that begin with a capital letter are meant.
        """
        known: dict[str, Sequence[str]] = {}
        for phrase, others in choices.items():
            if others:
                known.setdefault(phrase.lower(), others)
                known.setdefault(phrase.lower().replace("'", "’"), others)
        self.is_proper = is_proper
        self._names = list(known)
        pool = dict.fromkeys(other for others in known.values() for other in others)
        places = {other: place for place, other in enumerate(pool)}
        self._width = max(len(pool), 1)
        self._bits = texts_of(
            [*pool, *(_capital(other) for other in pool), *(other.upper() for other in pool)]
        )
        picks = [[places[other] for other in others] for others in known.values()]
        self._count = np.array([len(mine) for mine in picks], dtype=np.int64)
        self._at = np.r_[0, np.cumsum(self._count)].astype(np.int64)
        self._picks = np.array([place for mine in picks for place in mine], dtype=np.int64)
        self._keys = {size: self._index(size) for size in _SIZES}

    @classmethod
    def among(cls, pools: Iterable[Sequence[str]], *, is_proper: bool = False) -> Phrases:
        """Phrases of which each may be replaced by any other of its pools."""
        choices: dict[str, tuple[str, ...]] = {}
        for pool in pools:
            for phrase in pool:
                others = tuple(other for other in pool if other.lower() != phrase.lower())
                choices[phrase] = tuple(dict.fromkeys((*choices.get(phrase, ()), *others)))
        return cls(choices, is_proper=is_proper)

    def __len__(self) -> int:
        return len(self._names)

    @property
    def counts(self) -> Whole:
        """How many choices each phrase has."""
        return self._count

    def entry_of(self, phrase: str) -> int:
        """The number of a phrase."""
        return self._names.index(phrase)

    def find(self, words: Words) -> Found:
        """Every place where a phrase stands, in order."""
        free = np.ones(len(words), dtype=bool)
        found: list[tuple[Whole, Whole, Whole]] = []
        for size in _SIZES:
            keys, entries = self._keys[size]
            if len(keys) and len(words) >= size:
                found.append(self._matches(words, size, keys, entries, free))
        if not found:
            empty = np.empty(0, dtype=np.int64)
            return Found(words, empty, empty, empty)
        first, last, entry = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(first, kind="stable")
        return Found(words, first[order], last[order], entry[order])

    def replaced(
        self, texts: Texts, strength: float, rng: Draws, *, is_consistent: bool = False
    ) -> Texts:
        """The texts with phrases replaced, as they were written: small, Capital or UPPER.

        Args:
            texts: the batch.
            strength: the share of phrases.
            rng: the draws.
            is_consistent: whether a phrase that comes again in a text has the same fate.
        """
        found = self.find(Words.of(texts))
        sites = found.entry if is_consistent else found.words.site[found.first]
        row = found.row
        chosen = picked(rng, strength, row, sites)
        which = rng.integers(self._count[found.entry], places=row, sites=sites)
        return self.put(texts, found.only(chosen), which[chosen])

    def put(self, texts: Texts, found: Found, which: Whole) -> Texts:
        """The texts with what was found replaced by the given of its choices."""
        words = found.words
        pick = self._picks[self._at[found.entry] + which]
        is_short = words.is_capital & (words.length == 1)
        upper = (words.is_upper | is_short)[found.first] & words.is_upper[found.last]
        form = np.where(upper, 2, words.is_capital[found.first].astype(np.int64))
        start, end = words.start[found.first], words.end[found.last]
        return texts.spliced(start, end, self._bits, pick + form * self._width)

    def _matches(
        self,
        words: Words,
        size: int,
        keys: Hashes,
        entries: Whole,
        free: npt.NDArray[np.bool_],
    ) -> tuple[Whole, Whole, Whole]:
        hashes = _grams(words, size)
        place = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
        is_hit = keys[place] == hashes
        n = len(words) - size + 1
        for shift in range(size):
            is_hit &= free[shift : shift + n]
            if shift < size - 1:
                is_hit &= words.is_followed[shift : shift + n]
        if self.is_proper:
            is_hit &= words.is_capital[:n]
        first = np.flatnonzero(is_hit)
        if size > 1 and len(first):
            first = _apart(first, size)
        for shift in range(size):
            free[first + shift] = False
        return first, first + size - 1, entries[place[first]]

    def _index(self, size: int) -> tuple[Hashes, Whole]:
        """Hashes of the phrases of so many words in order, and which phrases they are."""
        words = Words.of(texts_of(self._names))
        counts = np.bincount(words.row, minlength=len(self._names))
        mine = np.flatnonzero(counts == size)
        starts = np.searchsorted(words.row, mine)
        hashes = _grams(words, size)[starts] if len(mine) else np.empty(0, dtype=np.uint64)
        order = np.argsort(hashes)
        return hashes[order], mine[order]


def _grams(words: Words, size: int) -> Hashes:
    """A hash for each run of so many words."""
    n = len(words) - size + 1
    with np.errstate(over="ignore"):
        total = words.hashes[:n].copy()
        for shift in range(1, size):
            total = (total * _MIX) ^ words.hashes[shift : shift + n]
    found: Hashes = total
    return found


def _apart(first: Whole, size: int) -> Whole:
    """Starts of runs, without those that begin inside the one before."""
    kept: list[int] = []
    end = -1
    if (np.diff(first) >= size).all():
        return first
    for start in first.tolist():
        if start >= end:
            kept.append(start)
            end = start + size
    return np.array(kept, dtype=np.int64)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
