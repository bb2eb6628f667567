"""Answers of one run in memory, above those that are kept for later runs.

A run asks again and again. Reading pages each time would cost more than many models do, so
they are read once, what is new is found by hashing, and pages are written at the end.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from mispredict.models.caching import AnswerCache, Index, Keys, concatenate, same_layout, take
from mispredict.models.protocol import Answer

_TOGETHER = 8  # blocks that are joined
_ROOM = 4  # of keys that are not known one of so many is looked for, or fewer


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
        self._beginnings = _Beginnings()

    def find(self, keys: Keys) -> tuple[npt.NDArray[np.int64], Answer | None]:
        """Which rows have an answer, and their answers in the same order."""
        found: list[npt.NDArray[np.int64]] = []
        parts: list[Answer] = []
        blocks = self._read()
        maybe = self._beginnings.among(keys)
        some = keys.take(maybe, axis=0)
        for block in blocks if len(maybe) else []:
            at = block.index.places(some)
            rows = np.flatnonzero(at >= 0)
            if len(rows):
                found.append(maybe[rows])
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
        self._beginnings.add(keys, blocks)

    def close(self) -> None:
        """Keep what is new."""
        if self._below is not None and self._new:
            self._below.add_all(self._new)
        self._new.clear()

    def _read(self) -> list[_Block]:
        if self._blocks is None:
            kept = [] if self._below is None else self._below.pages()
            self._blocks = []
            if kept and same_layout([answer for _, answer in kept]):
                keys = np.concatenate([keys for keys, _ in kept])
                _stack(self._blocks, keys, concatenate([answer for _, answer in kept]))
                self._beginnings.add(keys, self._blocks)
        return self._blocks


@dataclass(frozen=True, eq=False)
class _Block:
    """Answers and their keys."""

    keys: Keys
    answer: Answer

    @cached_property
    def index(self) -> Index:
        return Index(self.keys)


class _Beginnings:
    """The first bits of the keys in all blocks, by which most other keys are dismissed at once."""

    def __init__(self) -> None:
        self._occur = np.zeros(0, dtype=bool)
        self._shift = np.uint64(0)
        self._count = 0

    def among(self, keys: Keys) -> npt.NDArray[np.int64]:
        """Places of the keys that may be in a block."""
        if not self._count:
            return np.empty(0, dtype=np.int64)
        return np.flatnonzero(self._occur.take(self._bits(keys)))

    def add(self, keys: Keys, blocks: list[_Block]) -> None:
        """Keys that are in the blocks now."""
        self._count += len(keys)
        if self._count * _ROOM <= len(self._occur):
            self._occur[self._bits(keys)] = True
            return
        bits = (4 * _ROOM * self._count).bit_length()
        self._occur, self._shift = np.zeros(1 << bits, dtype=bool), np.uint64(64 - bits)
        for block in blocks:
            self._occur[self._bits(block.keys)] = True

    def _bits(self, keys: Keys) -> npt.NDArray[np.int64]:
        return (keys[:, 0] >> self._shift).view(np.int64)


def _stack(blocks: list[_Block], keys: Keys, answer: Answer) -> None:
    """Put a block on top; where there are too many, those at the top are joined."""
    blocks.append(_Block(keys, answer))
    if len(blocks) > 2 * _TOGETHER:
        last = blocks[-_TOGETHER:]
        keys = np.concatenate([block.keys for block in last])
        blocks[-_TOGETHER:] = [_Block(keys, concatenate([block.answer for block in last]))]
