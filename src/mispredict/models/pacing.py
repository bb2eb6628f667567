"""How many rows to ask at once, so that the rows of a call take about a second."""

from __future__ import annotations

BATCH_SECONDS = 1.0
LEAST_ROWS, MOST_ROWS = 16, 65_536
_GROWTH = 4  # times more, or fewer, than before
_SURE_SECONDS = 0.5  # batches that are surely quicker than this may grow by more
_APART = 1.5  # sizes that differ by less say nothing of what one row costs


class Pace:
    """The size of the next batch, by how long batches of other sizes took.

    A call may cost the same whatever its size: a request over a network, a program that is
    started. Smaller batches make such a model slower and no call shorter, so what counts is the
    time per row alone, known from two sizes. Of one size all the time is taken for its rows'.
    """

    def __init__(self, first: int) -> None:
        self.size = first
        self._before: tuple[int, float] | None = None
        self._per_row: float | None = None

    def heard(self, rows: int, seconds: float) -> None:
        """Take in that a call with so many rows took so long."""
        if rows < 1:
            return
        self._measure(rows, seconds)
        per_row = seconds / rows if self._per_row is None else self._per_row
        wanted = BATCH_SECONDS / max(per_row, 1e-9)
        least = LEAST_ROWS if self._per_row is not None else max(rows // _GROWTH, LEAST_ROWS)
        sure = rows * _SURE_SECONDS / max(seconds, 1e-9)  # were all of the time that of its rows
        most = max(rows * _GROWTH, self.size * _GROWTH, sure)
        self.size = int(min(max(wanted, least), most, MOST_ROWS))

    def _measure(self, rows: int, seconds: float) -> None:
        """Time per row between this size and the one before; a trend within one size too."""
        before = self._before
        if before is None or max(rows, before[0]) >= _APART * min(rows, before[0]):
            if before is not None:
                slope = (seconds - before[1]) / (rows - before[0])
                self._per_row = min(max(slope, 0.0), seconds / rows)
            self._before = rows, seconds
        elif self._per_row is not None:
            expected = before[1] + self._per_row * (rows - before[0])
            self._per_row *= seconds / max(expected, 1e-9)
            self._before = rows, seconds
