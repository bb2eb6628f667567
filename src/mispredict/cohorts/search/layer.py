"""All cubes over one number of columns: counted, kept, lessened by rows, and scanned."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.cover import Block, Set, cover, plan
from mispredict.cohorts.search.grid import Grid
from mispredict.cohorts.search.space import Box
from mispredict.engine.kernels.slices import Bounds, Boxes, Cells, Plan, add_cubes, recode, scan

# Parts of the work per thread, so that threads end at about the same time.
_PARTS = 16


@dataclass
class Layer:
    """The cubes of sets of `conditions` columns each, one after another in `cells`."""

    grid: Grid
    conditions: int
    sets: list[Set]
    width: int
    threads: int
    blocks: list[Block] = field(init=False)
    codes: NDArray[np.uint8] = field(init=False)
    cells: Cells = field(init=False)
    is_counted: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        sizes = np.append(self.grid.sizes, 1)
        chosen = np.array(self.sets, np.int64).reshape(len(self.sets), self.conditions)
        missing = ((0, 0), (4 - self.conditions, 0))
        self.columns = np.pad(chosen, missing, constant_values=len(self.grid.axes))
        self.shapes = sizes[self.columns]
        lengths = self.shapes.prod(axis=1)
        self.offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.cells = np.zeros((int(self.offsets[-1]), self.width), np.int64)
        self.is_counted = np.zeros(len(self.sets), np.bool_)
        self._position = {item: i for i, item in enumerate(self.sets)}
        self.codes = self._encode(np.unique(chosen))
        self.blocks = cover(self.sets, self.grid.sizes, rows=self.codes.shape[1])
        self._plans: dict[int, Plan] = {}

    @property
    def searched(self) -> int:
        """How many slices the counted cubes hold."""
        counts = self.grid.ranges.count[self.columns].astype(object)
        return int(counts.prod(axis=1)[self.is_counted].sum()) if len(self.sets) else 0

    def add(self, block: int, payload: NDArray[np.int64]) -> None:
        """Count all rows into the cubes of a block."""
        add_cubes(self.cells, self.codes, payload, self._plan(block))
        for item in self.blocks[block].sets:
            self.is_counted[self._position[item]] = True

    def remove(self, rows: NDArray[np.intp], payload: NDArray[np.int64]) -> None:
        """Take rows, of which the payload is given, out of all counted cubes."""
        codes = np.empty((len(self.codes), len(rows)), np.uint8)
        for column, part in zip(self.codes, codes, strict=True):
            np.take(column, rows, out=part)
        gone = -payload

        def work(block: int) -> None:
            if self.is_counted[self._position[self.blocks[block].sets[0]]]:
                add_cubes(self.cells, codes, gone, self._plan(block))

        parallel(work, range(len(self.blocks)), self.threads)

    def scan(self, first: int, last: int, bounds: Bounds, most: int) -> Boxes:
        """Boxes above the bounds in the cubes from `first` to before `last`."""
        chosen = slice(first, last)
        found = scan(
            self.cells,
            self.offsets[:-1][chosen],
            self.shapes[chosen],
            self.columns[chosen],
            self.grid.ranges,
            bounds,
            most=most,
        )
        return Boxes(found.cube + first, found.conditions, found.size, found.errors, found.is_cut)

    def box(self, cube: int, conditions: NDArray[np.int64]) -> Box:
        """The box on the columns' own codes."""
        chosen = conditions[4 - self.conditions :]
        axes = [self.grid.axes[j] for j in self.sets[cube]]
        return Box.of(axis.condition(int(i)) for axis, i in zip(axes, chosen, strict=True))

    def _encode(self, used: NDArray[np.int64]) -> NDArray[np.uint8]:
        """The codes of the columns that some set has, one row of the answer for each."""
        axes = [self.grid.axes[j] for j in used.tolist()]
        self._row_of = {j: row for row, j in enumerate(used.tolist())}
        codes = np.empty((len(axes), len(axes[0].column.codes) if axes else 0), np.uint8)

        def work(row: int) -> None:
            recode(axes[row].column.codes, axes[row].codes_of, codes[row])

        parallel(work, range(len(axes)), self.threads)
        return codes

    def _plan(self, block: int) -> Plan:
        if block not in self._plans:
            chosen = self.blocks[block]
            starts = {item: int(self.offsets[self._position[item]]) for item in chosen.sets}
            self._plans[block] = plan(chosen, self.grid.sizes, starts, self._row_of)
        return self._plans[block]


def parallel(work: Callable[[int], object], items: range, threads: int) -> None:
    """Do the work on all items in some threads, the first items first."""
    if threads <= 1 or len(items) < 2:
        for item in items:
            work(item)
        return
    parts = min(len(items), threads * _PARTS)

    def work_part(part: int) -> None:
        for item in items[part * len(items) // parts : (part + 1) * len(items) // parts]:
            work(item)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work_part, range(parts)))
