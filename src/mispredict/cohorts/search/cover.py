"""Few passes over the rows for the cubes of very many sets of columns.

A cube over five columns holds, summed over two of them, all ten cubes over three. So instead
of a pass for each triple the search passes once per *block* of columns, chosen greedily so that
blocks cover all wanted sets while each cube still fits the processor's second cache.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import prod

import numpy as np
from numpy.typing import NDArray

from mispredict.engine.kernels.slices import Plan

Set = tuple[int, ...]
MOST_CELLS = 1 << 16
_WORTH_COVERING = 6_000


@dataclass(frozen=True, slots=True)
class Block:
    """Columns counted together, and which of the wanted sets they give."""

    columns: Set
    sets: tuple[Set, ...]


def cover(sets: list[Set], sizes: NDArray[np.int64], *, rows: int) -> list[Block]:
    """Blocks that together give every set once, in the order of the sets.

    A block's cube has at most as many cells as a quarter of the rows: else folding it costs more
    than the passes it saves.
    """
    limit = min(MOST_CELLS, rows // 4)
    if len(sets) > _WORTH_COVERING:
        return [Block(item, (item,)) for item in sets]
    open_sets = dict.fromkeys(sets)
    width = len(sets[0]) if sets else 0
    used = sorted({j for item in sets for j in item})
    size_of = {j: int(sizes[j]) for j in used}
    blocks = []
    while open_sets:
        columns = _grow(next(iter(open_sets)), open_sets, size_of, limit)
        given = tuple(item for item in combinations(columns, width) if item in open_sets)
        for item in given:
            del open_sets[item]
        blocks.append(Block(columns, given))
    return blocks


def _grow(seed: Set, open_sets: dict[Set, None], sizes: dict[int, int], limit: int) -> Set:
    """The seed and the columns that add most open sets per cell while the cube stays small."""
    columns = seed
    cells = prod(sizes[j] for j in seed)
    while True:
        best, best_gain = -1, 0.0
        parts = list(combinations(columns, len(seed) - 1))
        for j, size in sizes.items():
            if j in columns or cells * size > limit:
                continue
            new = sum(tuple(sorted((*part, j))) in open_sets for part in parts)
            if new > best_gain:
                best, best_gain = j, new
        if best < 0:
            return columns
        columns = tuple(sorted((*columns, best)))
        cells *= sizes[best]


def plan(
    block: Block, sizes: NDArray[np.int64], offsets: dict[Set, int], rows: dict[int, int]
) -> Plan:
    """How to count a block's cubes: which axes to sum out of what, in an order without repeats.

    Args:
        offsets: where the cube of each set starts.
        rows: where the codes of each column are.
    """
    steps: list[tuple[int, ...]] = []
    lengths = tuple(int(sizes[j]) for j in block.columns)
    counted = prod(lengths)
    end = _add_steps(block.columns, lengths, 0, 0, counted, set(block.sets), offsets, steps)
    strides = [prod(lengths[i + 1 :]) for i in range(len(lengths))]
    return Plan(
        np.array([rows[j] for j in block.columns], np.int64),
        np.array(strides, np.int64),
        np.array(steps, np.int64).reshape(len(steps), 6),
        end,
    )


def _add_steps(
    columns: Set,
    lengths: Set,
    source: int,
    position: int,
    end: int,
    wanted: set[Set],
    offsets: dict[Set, int],
    steps: list[tuple[int, ...]],
) -> int:
    """Steps that drop columns from left to right, so that every subset is met once.

    Results lie one after another from `end` in the scratch array, over those no longer needed;
    the answer is how long that array must be.
    """
    width = len(next(iter(wanted)))
    if len(columns) == width:
        steps.append((source, offsets[columns], prod(lengths), 1, 1, True))
        return end
    longest = end
    for i in range(position, len(columns)):
        rest, rest_lengths = columns[:i] + columns[i + 1 :], lengths[:i] + lengths[i + 1 :]
        if not _leads_to(rest, i, width, wanted):
            continue
        before, after = prod(lengths[:i]), prod(lengths[i + 1 :])
        if len(rest) == width:
            steps.append((source, offsets[rest], before, lengths[i], after, True))
            continue
        steps.append((source, end, before, lengths[i], after, False))
        top = _add_steps(rest, rest_lengths, end, i, end + before * after, wanted, offsets, steps)
        longest = max(longest, top)
    return longest


def _leads_to(columns: Set, position: int, width: int, wanted: set[Set]) -> bool:
    """Whether dropping columns from `position` on leads to a wanted set."""
    fixed, free = columns[:position], columns[position:]
    if len(fixed) > width:
        return False
    return any((*fixed, *item) in wanted for item in combinations(free, width - len(fixed)))
