"""Answers of one run in memory, above those that are kept for later runs.

A run asks again and again. Reading pages each time would cost more than many models do, so
they are read once, what is new is found by hashing, and pages are written at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from mispredict.models.caching import AnswerCache, Keys, concatenate, same_layout, take
from mispredict.models.protocol import Answer

_SPARE_BITS = 3  # of a key that is not known, one of 8 or 16 is looked for


class Remembered:
    """What is known of a model's answers to rows of one schema."""

    def __init__(self, below: AnswerCache | None) -> None:
        """Nothing new yet.

        Args:
            below: the kept answers; None keeps none.
        """
        self._below = below
        self._blocks: list[_Block] | None = None
        self._new: list[tuple[Keys, Answer]] = []

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int64], Answer | None]:
        """Which rows have an answer, and their answers in the same order."""
        found: list[npt.NDArray[np.int64]] = []
        parts: list[Answer] = []
        for block in self._read():
            at = block.places(keys)
            rows = np.flatnonzero(at >= 0)
            if len(rows):
                found.append(rows)
                parts.append(take(block.answer, at[rows]))
        if not parts:
            return np.empty(0, dtype=np.int64), None
        rows = np.concatenate(found)
        order = np.argsort(rows, kind="stable")
        return rows[order], take(concatenate(parts), order)

    def add(self, keys: Keys, answer: Answer) -> None:
        """Remember the answers of these rows, of which none was known."""
        blocks = self._read()
        if blocks and not same_layout([blocks[0].answer, answer]):
            blocks.clear()  # said by another kind of answer
            self._new.clear()
        self._new.append((keys, answer))
        _stack(blocks, keys, answer)

    def close(self) -> None:
        """Keep what is new."""
        if self._below is not None and self._new:
            keys = np.concatenate([keys for keys, _ in self._new])
            self._below.add(keys, concatenate([answer for _, answer in self._new]))
        self._new.clear()

    def _read(self) -> list[_Block]:
        if self._blocks is None:
            kept = [] if self._below is None else self._below.pages()
            self._blocks = []
            if kept and same_layout([answer for _, answer in kept]):
                keys = np.concatenate([keys for keys, _ in kept])
                _stack(self._blocks, keys, concatenate([answer for _, answer in kept]))
        return self._blocks


@dataclass(frozen=True, eq=False)
class _Block:
    """Answers, found by the first halves of their keys."""

    keys: Keys
    answer: Answer

    def places(self, wanted: Keys) -> npt.NDArray[np.int64]:
        """Where each wanted key stands, -1 where it does not."""
        order, ordered, is_there, shift = self._index
        found = np.full(len(wanted), -1, dtype=np.int64)
        half = wanted[:, 0]
        maybe = np.flatnonzero(is_there[(half >> shift).view(np.int64)])
        at = np.minimum(np.searchsorted(ordered, half[maybe]), len(ordered) - 1)
        at = order[at]
        is_same = (self.keys[at] == wanted[maybe]).all(axis=1)
        found[maybe[is_same]] = at[is_same]
        return found

    @cached_property
    def _index(self) -> tuple[Any, Any, Any, np.uint64]:
        """Order, ordered halves, and which leading bits occur, to dismiss most keys at once.

        Of keys that share their first half the first is found; others are asked again.
        """
        half = np.ascontiguousarray(self.keys[:, 0])
        order = np.argsort(half)
        ordered = half[order]
        if (ordered[1:] == ordered[:-1]).any():
            order = np.argsort(half, kind="stable")
        bits = max(len(half) - 1, 1).bit_length() + _SPARE_BITS
        shift = np.uint64(64 - bits)
        is_there = np.zeros(1 << bits, dtype=bool)
        is_there[(half >> shift).view(np.int64)] = True
        return order, ordered, is_there, shift


def _stack(blocks: list[_Block], keys: Keys, answer: Answer) -> None:
    """Put a block on top; those that are not larger are joined, so that there are few."""
    while blocks and len(blocks[-1].keys) <= len(keys):
        last = blocks.pop()
        keys = np.concatenate([last.keys, keys])
        answer = concatenate([last.answer, answer])
    blocks.append(_Block(keys, answer))
