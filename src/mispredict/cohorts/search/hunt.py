"""One search under way: its rows, its scoring, its counted cubes."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import partial
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from mispredict.cohorts.search.best import Best, kth_best
from mispredict.cohorts.search.grid import Axis, counts_by_code, cut, log_choices, make_grid
from mispredict.cohorts.search.layer import Layer, parallel
from mispredict.cohorts.search.options import Clock, Options
from mispredict.cohorts.search.payload import Payload
from mispredict.cohorts.search.scoring import Scoring, Significance, SliceLine, Totals, bounds
from mispredict.cohorts.search.sets import choose, signals
from mispredict.cohorts.search.space import Mask, Space
from mispredict.engine.kernels.slices import Bounds

_PRICE_BINS = 12
_CHUNK = 24
_MOST_BOXES = 4096
# Share of the time left in which to count the cubes of 0, 1, 2, 3 and 4 conditions.
_COUNTING = (0.0, 0.9, 0.5, 0.5, 0.6)


@dataclass
class Hunt:
    """A search's state.

    Rows that were dropped stay in place and weigh nothing.
    """

    space: Space
    payload: Payload
    options: Options
    clock: Clock
    layers: list[Layer] = field(default_factory=list)
    is_complete: bool = True

    def __post_init__(self) -> None:
        self.payload = self.payload.copy()
        self.totals: Totals = self.payload.totals()
        least = self.options.min_share * self.totals.size * (1 - 1e-12)
        if self.options.min_rows > 1:  # rows of the usual weight
            usual = self.totals.size / max(self.space.n, 1)
            least = max(least, self.options.min_rows * usual)
        self.smallest = max(math.ceil(least), 1)
        sizes = self.payload.sizes
        self._counts = [counts_by_code(column, sizes) for column in self.space.columns]
        self._prices = self._make_prices()
        self.scoring: Scoring = self._make_scoring()
        self._fine: dict[str, Axis] = {}
        self._limits: tuple[float, int, Bounds] | None = None

    @property
    def has_errors(self) -> bool:
        """Whether some rows are worse than others."""
        errors, size = self.totals.errors, self.totals.size
        return errors > 0 and not (self.payload.is_binary and errors >= size)

    @property
    def searched(self) -> int:
        return sum(layer.searched for layer in self.layers)

    @property
    def is_exhausted(self) -> bool:
        return self.is_complete and not self.clock.was_stopped

    def count(self, bests: list[Best]) -> None:
        """Count all cubes, for few conditions first, and take what is best in them.

        Args:
            bests: where to put the boxes of one condition, of two, and so on.
        """
        for best in bests:
            layer = self._make_layer(len(self.layers) + 1)
            self.layers.append(layer)
            self._count_layer(layer)
            self._scan_layer(layer, best)

    def scan(self, bests: list[Best]) -> None:
        """Take the best of all counted cubes."""
        for layer, best in zip(self.layers, bests, strict=True):
            self._scan_layer(layer, best)

    def drop(self, rows: Mask) -> None:
        """Take rows out of the search."""
        chosen = np.flatnonzero(rows & self.payload.is_present)
        gone = self.payload.rows[chosen]
        for layer in self.layers:
            layer.remove(chosen, gone)
        self.payload.rows[chosen] = 0
        self.totals = self.payload.totals()
        self.scoring = self._make_scoring()
        self._limits = None

    def score(
        self, size: NDArray[np.int64], errors: NDArray[np.int64], conditions: int
    ) -> NDArray[np.float64]:
        """Scores of slices by their sums in whole units."""
        return self.scoring.score(size.astype(np.float64), errors.astype(np.float64), conditions)

    def fine_axis(self, column: str) -> Axis | None:
        """The column as finely as the search can cut it."""
        if not self._fine:
            self._fine = {axis.column.name: axis for axis in self.layers[0].grid.axes}
        return self._fine.get(column)

    def _make_layer(self, conditions: int) -> Layer:
        grid = make_grid(
            self.space,
            self._counts,
            conditions=conditions,
            smallest=self.smallest,
            with_ranges=self.options.with_ranges,
        )
        self.is_complete = self.is_complete and grid.is_complete
        known = self.layers[1] if len(self.layers) > 1 else None
        sets, has_all = choose(
            grid,
            conditions,
            signal=signals(self.layers[0], self.totals) if self.layers else {},
            pairs=known,
            smallest=self.smallest,
            most_cells=self.options.most_cells,
        )
        self.is_complete = self.is_complete and has_all
        width = self.payload.rows.shape[1]
        return Layer(grid, conditions, sets, width, self.options.threads)

    def _count_layer(self, layer: Layer) -> None:
        share = self.clock.share_until(_COUNTING[layer.conditions])
        telling = Lock()  # so that no thread says less than was said before it

        def work(index: int) -> None:
            if not self.clock.must_stop(share):
                layer.add(index, self.payload.rows)
                with telling:
                    done = int(layer.is_counted.sum())
                    self.clock.report(layer.conditions, done, len(layer.sets))

        parallel(work, range(len(layer.blocks)), self.options.threads)

    def _scan_layer(self, layer: Layer, best: Best) -> None:
        work = partial(self._scan_chunk, layer, best)
        parallel(work, range(0, len(layer.sets), _CHUNK), self.options.threads)

    def _scan_chunk(self, layer: Layer, best: Best, first: int) -> None:
        """Scan some cubes, again with a higher target as long as too many boxes pass it."""
        most = _MOST_BOXES
        target = best.target
        last = min(first + _CHUNK, len(layer.sets))
        while not self.clock.must_stop():
            target = max(target, best.target)
            limits = self._bounds(target, layer.conditions)
            boxes = layer.scan(first, last, limits, most)
            scores = self.score(boxes.size, boxes.errors, layer.conditions)
            if not boxes.is_cut:
                best.add(layer, boxes, scores)
                return
            higher = kth_best(scores, best.k)
            if higher <= target:
                most *= 4
            target = max(target, higher)

    def _bounds(self, target: float, conditions: int) -> Bounds:
        known = self._limits
        if known is None or known[0] != target or known[1] != conditions:
            limits = bounds(self.scoring, target, conditions, self.smallest, self.totals)
            self._limits = known = (target, conditions, limits)
        return known[2]

    def _make_prices(self) -> tuple[float, ...]:
        axes = [
            cut(
                column,
                count,
                bins=_PRICE_BINS,
                smallest=self.smallest,
                with_ranges=self.options.with_ranges,
            )
            for column, count in zip(self.space.columns, self._counts, strict=True)
        ]
        return log_choices([len(axis.intervals) for axis in axes], self.options.conditions)

    def _make_scoring(self) -> Scoring:
        floor = self.options.floor
        if self.options.scoring == "sliceline":
            return SliceLine(self.totals, self.options.alpha, 0.0 if floor is None else floor)
        return Significance(
            self.totals,
            self._prices,
            self.payload.is_binary,
            -math.inf if floor is None else floor,
        )
