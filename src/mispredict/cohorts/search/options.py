"""What a search is asked for, and when it must stop."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from mispredict.cohorts.search.space import Slice
from mispredict.core.errors import BadOption

Progress = Callable[[int, int, int], None]
Cancel = Callable[[], bool]
MOST_CONDITIONS = 4


@dataclass(frozen=True, slots=True)
class Options:
    """How to search.

    Attributes:
        k: how many slices to return at most.
        conditions: most conditions of a slice, 1 to 4.
        min_share: least share of all rows (by weight) in a slice.
        min_rows: least number of rows in a slice.
        with_ranges: whether neighbouring codes of ordered columns are joined.
        scoring: "significance" or "sliceline".
        alpha: weight of the error against the size in the score of SliceLine.
        floor: least score; None for the scoring's own.
        budget_s: seconds after which the best found so far is returned.
        threads: how many threads count and scan.
        most_cells: most cells kept in memory for each number of conditions.
    """

    k: int = 10
    conditions: int = 3
    min_share: float = 0.01
    min_rows: int = 1
    with_ranges: bool = True
    scoring: Literal["significance", "sliceline"] = "significance"
    alpha: float = 0.95
    floor: float | None = None
    budget_s: float = math.inf
    threads: int = 2
    most_cells: int = 1 << 25

    def __post_init__(self) -> None:
        _check("k", self.k, 1, 1_000_000)
        _check("conditions", self.conditions, 1, MOST_CONDITIONS)
        _check("min_share", self.min_share, 0.0, 1.0)
        _check("min_rows", self.min_rows, 1, math.inf)
        _check("alpha", self.alpha, 1e-6, 1.0)
        _check("threads", self.threads, 1, 256)
        if self.scoring not in ("significance", "sliceline"):
            raise BadOption.choice("scoring", self.scoring, ("significance", "sliceline"))


@dataclass(frozen=True, slots=True)
class Found:
    """Slices, best first, and how far the search came.

    `searched` slices were compared; `is_exhausted` says that none was left out.
    """

    slices: tuple[Slice, ...]
    searched: int
    is_exhausted: bool
    seconds: float


class Clock:
    """Time spent, and whether to stop: the budget is spent or the caller cancelled."""

    def __init__(self, budget_s: float, cancel: Cancel | None, progress: Progress | None) -> None:
        self._started = time.perf_counter()
        self._budget_s = budget_s
        self._cancel = cancel
        self._progress = progress
        self.was_stopped = False

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._started

    def share_until(self, part: float) -> float:
        """The share of the budget that is spent when this part of what is left of it is."""
        if math.isinf(self._budget_s):
            return 1.0
        spent = self.seconds / max(self._budget_s, 1e-9)
        return spent + part * max(1 - spent, 0.0)

    def must_stop(self, share: float = 1.0) -> bool:
        """Whether this share of the budget is spent, or the caller cancelled."""
        stop = self.seconds >= share * self._budget_s
        stop = stop or (self._cancel is not None and self._cancel())
        self.was_stopped = self.was_stopped or stop
        return stop

    def report(self, conditions: int, done: int, total: int) -> None:
        if self._progress is not None:
            self._progress(conditions, done, total)


def _check(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise BadOption(
            f"{name}={value!r} is out of range.", known=f"It goes from {low:g} to {high:g}."
        )
