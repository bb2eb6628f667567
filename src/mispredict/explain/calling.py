"""One number per row from a model, for rows that nobody has checked: counted and bounded.

Attributions by sampling ask about hundreds of changed rows for each row, which are rarely asked
twice, so answers are not remembered here; what is kept are the attributions. A batch that fails
is halved until the rows at fault are alone; these are counted and stay unknown.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadPredictions, MispredictError, ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.core.words import counted
from mispredict.explain.counterfactuals.search_calls import Budget
from mispredict.explain.halving import Failed, Halving, failure_words
from mispredict.models.blame import words_of
from mispredict.models.conform import align, check_answer
from mispredict.models.pacing import Pace
from mispredict.models.protocol import Answer, Cancelled, Model, RowsRefused

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]

FIRST_ROWS = 1024


@dataclass(frozen=True, slots=True)
class Calls:
    """What the model was asked: `rows` in `calls`, of which it failed on `failed`.

    `unsettled` rows stood in a call that failed and were not asked alone.
    """

    calls: int = 0
    rows: int = 0
    failed: int = 0
    unsettled: int = 0
    seconds: float = 0.0
    is_spent: bool = False
    failure: str = ""

    @property
    def failures(self) -> str:
        """What to say of rows that were not answered; nothing if all were."""
        return failure_words(self.failed, self.unsettled, self.failure, "changed rows")


class Caller:
    """A model as a function from rows to numbers."""

    def __init__(
        self,
        model: Model,
        task: Task,
        *,
        budget: Budget | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        self.model, self.task = model, task
        self.budget = budget or Budget()
        self._cancel = cancel
        self._started = time.monotonic()
        self._calls = self._rows = self._failed = self._unsettled = 0
        self._seconds = 0.0
        self._is_spent = False
        self._failure = ""
        self._pace = Pace(FIRST_ROWS)
        self._allotted = np.inf

    @property
    def used(self) -> Calls:
        """What it cost so far."""
        return Calls(
            self._calls, self._rows, self._failed, self._unsettled, self._seconds,
            self._is_spent, self._failure,
        )  # fmt: skip

    @property
    def rate(self) -> float:
        """Rows per second of the model so far; 0 before the first call."""
        return self._rows / self._seconds if self._seconds > 0 else 0.0

    def left(self) -> float:
        """Rows that may still be asked: of the budget, and of what is allotted for now."""
        bounds = [self._allotted - self._rows]
        if self.budget.rows is not None:
            bounds.append(self.budget.rows - self._rows)
        if self.budget.calls is not None:
            bounds.append((self.budget.calls - self._calls) * self._pace.size)
        if self.budget.seconds is not None:
            seconds = self.budget.seconds - (time.monotonic() - self._started)
            bounds.append(seconds * self.rate if self.rate else (np.inf if seconds > 0 else 0))
        return max(min(bounds), 0.0)

    def allot(self, share: float) -> None:
        """Let what follows use this share of what is left of the budget; 1 for all of it."""
        self._allotted = np.inf
        self._allotted = self._rows + share * self.left() if share < 1 else np.inf

    def spend(self) -> None:
        """Note that the budget ended before the work."""
        self._is_spent = True

    def heed_cancel(self) -> None:
        """Stop where that was asked for.

        Raises:
            Cancelled: it was.
        """
        if self._cancel is not None and self._cancel():
            raise Cancelled(
                f"stopped after the model was asked for {counted(self._rows, 'row')}.",
                hint="run it again; rows that are explained are not explained twice",
            )

    def numbers(self, rows: pd.DataFrame, targets: Codes) -> Floats:
        """The explained number of each row for its class, NaN where the model failed.

        The probability of the class; without probabilities 1 where it is predicted and else 0;
        the value of a regression.
        """
        table = self.all_numbers(rows)
        if table.shape[1] == 1:
            return table[:, 0]
        return np.asarray(table[np.arange(len(table)), targets])

    def all_numbers(self, rows: pd.DataFrame) -> Floats:
        """The numbers of all classes, (n, K); (n, 1) for a regression."""
        width = max(len(self.task.classes), 1)
        out = np.full((len(rows), width), np.nan)

        def ask(part: Codes) -> None:
            self.heed_cancel()
            out[part] = self._call(rows if len(part) == len(rows) else _part(rows, part))

        halving = Halving(ask, self._has_time)
        at = 0
        while at < len(rows):
            size, before = self._pace.size, self._seconds
            piece = np.arange(at, min(at + size, len(rows)))
            faults = halving.settle(piece)
            self._failed += len(faults.failed)
            self._unsettled += len(faults.unsettled)
            self._failure = self._failure or halving.failure
            if faults.is_none:  # else it took the time of many calls
                self._pace.heard(len(piece), self._seconds - before)
            at += len(piece)
        return out

    def _has_time(self) -> bool:
        budget = self.budget
        return (budget.calls is None or self._calls < budget.calls) and (
            budget.seconds is None or time.monotonic() - self._started < budget.seconds
        )

    def _call(self, batch: pd.DataFrame) -> Floats:
        started = time.perf_counter()
        try:
            answer = self.model.predict(batch)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # a model may say SystemExit
            if isinstance(error, MispredictError) and not isinstance(error, RowsRefused):
                raise  # not about these rows: a server that is away, a column that is missing
            raise Failed(words_of(error)) from error
        finally:
            self._calls += 1
            self._rows += len(batch)
            self._seconds += time.perf_counter() - started
        try:
            checked = check_answer(answer, n=len(batch), task=self.task)
            return self._read(align(checked, self.task)[0])
        except BadPredictions as error:
            raise Failed(error.problem) from error

    def _read(self, answer: Answer) -> Floats:
        if self.task.kind is TaskKind.REGRESSION:
            assert answer.values is not None  # `check_answer` saw to it
            return answer.values[:, None]
        width = len(self.task.classes)
        if answer.probabilities is not None:
            return answer.probabilities[:, :width]
        assert answer.labels is not None  # an answer has one of them
        if answer.labels.ndim == 2:
            return np.asarray(answer.labels[:, :width], dtype=np.float64)
        names = np.asarray(self.task.classes)
        return np.asarray(answer.labels[:, None] == names[None, :], dtype=np.float64)


def refuse_silence(caller: Caller, numbers: Floats, what: str) -> None:
    """Raise where the model answered for none of the rows.

    Raises:
        ModelError: it failed on all of them.
    """
    if len(numbers) and np.isnan(numbers).all():
        raise ModelError(
            f"model {caller.model.name!r} failed on {what}.",
            known=f"It said: {caller.used.failure or 'nothing'}",
            hint="ws.evaluate(…) names the row at fault",
        )


def _part(rows: pd.DataFrame, part: Codes) -> pd.DataFrame:
    if part[-1] - part[0] + 1 == len(part):  # a slice is not a copy
        return rows.iloc[part[0] : part[-1] + 1].reset_index(drop=True)
    return rows.iloc[part].reset_index(drop=True)
