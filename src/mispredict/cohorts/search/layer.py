"""All cubes over one number of columns: counted, kept, lessened by rows, and scanned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.cover import Block, Set, cover, plan
from mispredict.cohorts.search.grid import Grid
from mispredict.cohorts.search.space import Box
from mispredict.engine.kernels.slices import Bounds, Boxes, Cells, Plan, add_cubes, scan

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Layer:
    """The cubes of sets of `conditions` columns each, one after another in `cells`."""

    grid: Grid
    conditions: int
    sets: list[Set]
    width: int
    blocks: list[Block] = field(init=False)
    cells: Cells = field(init=False)
    is_counted: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        sizes = np.append(self.grid.sizes, 1)
        padding = [len(self.grid.axes)] * (4 - self.conditions)
        self.columns = np.array([[*padding, *item] for item in self.sets], np.int64)
        self.columns = self.columns.reshape(len(self.sets), 4)
        self.shapes = sizes[self.columns]
        lengths = self.shapes.prod(axis=1)
        self.offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        self.cells = np.zeros((int(self.offsets[-1]), self.width), np.int64)
        self.is_counted = np.zeros(len(self.sets), np.bool_)
        self._position = {item: i for i, item in enumerate(self.sets)}
        self.blocks = cover(self.sets, self.grid.sizes, rows=self.grid.codes.shape[1])
        self._plans: dict[int, Plan] = {}

    @property
    def searched(self) -> int:
        """How many slices the counted cubes hold."""
        counts = self.grid.ranges.count[self.columns].astype(object)
        return int(counts.prod(axis=1)[self.is_counted].sum()) if len(self.sets) else 0

    def add(self, block: int, codes: NDArray[np.uint8], payload: NDArray[np.int64]) -> None:
        """Count rows into the cubes of a block."""
        add_cubes(self.cells, codes, payload, self._plan(block))
        for item in self.blocks[block].sets:
            self.is_counted[self._position[item]] = True

    def remove(self, rows: NDArray[np.intp], payload: NDArray[np.int64], threads: int) -> None:
        """Take rows, of which the payload is given, out of all counted cubes."""
        codes = np.ascontiguousarray(self.grid.codes[:, rows])
        gone = -payload

        def work(block: int) -> None:
            if self.is_counted[self._position[self.blocks[block].sets[0]]]:
                add_cubes(self.cells, codes, gone, self._plan(block))

        parallel(work, range(len(self.blocks)), threads)

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

    def _plan(self, block: int) -> Plan:
        if block not in self._plans:
            starts = {
                item: int(self.offsets[self._position[item]]) for item in self.blocks[block].sets
            }
            self._plans[block] = plan(self.blocks[block], self.grid.sizes, starts)
        return self._plans[block]


def parallel(work: Callable[[T], R], items: Iterable[T], threads: int) -> list[R]:
    """`work` done on all items by some threads; results in the order of the items."""
    if threads <= 1:
        return [work(item) for item in items]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, items))
