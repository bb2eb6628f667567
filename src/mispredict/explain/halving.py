"""Which rows of a batch a model fails on, found by halving within a budget.

A row counts as failed only if it failed alone. Where the budget ends first, the rows left are
*unsettled*: they stood in a call that failed, and may well be rows that work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.int64]

MOST_CALLS = 5_000  # of all searches for one question
MOST_SECONDS = 20.0
ALL_ALIKE = 64  # rows drawn from a batch of which each failed alone: the others are given up


class Failed(Exception):
    """The model cannot answer for these rows, but perhaps for fewer."""


@dataclass(frozen=True, slots=True)
class Faults:
    """Places of the rows that failed alone, and of those that nobody knows of."""

    failed: Codes
    unsettled: Codes

    @property
    def is_none(self) -> bool:
        return not len(self.failed) and not len(self.unsettled)


class Halving:
    """Searches batches for the rows at fault; one budget for all of them."""

    def __init__(self, ask: Callable[[Codes], None], may_go_on: Callable[[], bool]) -> None:
        """A search.

        Args:
            ask: asks for rows and keeps the answer; raises `Failed` where it cannot.
            may_go_on: whether the model may be asked for more.
        """
        self._ask, self._may_go_on = ask, may_go_on
        self._calls, self._seconds = 0, 0.0
        self.failure = ""

    def settle(self, rows: Codes) -> Faults:
        """Ask for the rows, all at once if that works, and tell which cannot be answered."""
        try:
            self._ask(rows)
        except Failed as failed:
            self.failure = self.failure or str(failed)
            return self._search(rows)
        return Faults(rows[:0], rows[:0])

    def _search(self, rows: Codes) -> Faults:
        """Halves of the rows in random order, so that those left are like those asked."""
        if len(rows) == 1:
            return Faults(rows, rows[:0])
        ahead = _halves(np.random.default_rng(len(rows)).permutation(rows))
        failed: list[Codes] = []
        has_worked = False
        while ahead and self._has_budget() and (has_worked or len(failed) < ALL_ALIKE):
            piece = ahead.pop()
            if self._works(piece):
                has_worked = True
            elif len(piece) == 1:
                failed.append(piece)
            else:
                ahead += _halves(piece)
        return Faults(*(np.sort(np.concatenate([rows[:0], *part])) for part in (failed, ahead)))

    def _works(self, piece: Codes) -> bool:
        started = time.monotonic()
        self._calls += 1
        try:
            self._ask(np.sort(piece))
        except Failed as failed:
            self.failure = str(failed) if len(piece) == 1 and not self.failure else self.failure
            return False
        finally:
            self._seconds += time.monotonic() - started
        return True

    def _has_budget(self) -> bool:
        return self._calls < MOST_CALLS and self._seconds < MOST_SECONDS and self._may_go_on()


def failure_words(failed: int, unsettled: int, failure: str, what: str = "rows") -> str:
    """What to say of rows that were not answered; nothing if all were."""
    said = f": {failure.rstrip('.')}." if failure else "."
    notes = []
    if failed:
        one = what.replace("rows as they are", "row as it is").replace("rows", "row")
        notes.append(f"The model failed on {failed:,} {one if failed == 1 else what}{said}")
    if unsettled:
        more = "" if failed else said.removesuffix(".")
        notes.append(
            f"{unsettled:,} {what} were not asked one by one after it failed on several at"
            f" once{more}; they are left out."
        )
    return " ".join(notes)


def _halves(rows: Codes) -> list[Codes]:
    middle = len(rows) // 2
    return [rows[middle:], rows[:middle]]
