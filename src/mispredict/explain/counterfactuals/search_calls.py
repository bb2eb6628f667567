"""Asking a model about changed rows: in batches, within a budget, and remembered.

A search asks about thousands of rows that nobody checked: some of them a model may not take.
Such rows are found by halving, counted and left unknown, and the search goes on with the rest.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadPredictions, MispredictError, ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.explain.counterfactuals.search_answers import UNKNOWN, Bools, Codes, Said
from mispredict.explain.halving import Failed, Faults, Halving, failure_words
from mispredict.models.blame import words_of
from mispredict.models.caching import (
    Keys,
    Pages,
    concatenate,
    row_keys,
    same_layout,
    take,
)
from mispredict.models.classes import listed, rename_labels
from mispredict.models.conform import align, check_answer
from mispredict.models.pacing import Pace
from mispredict.models.protocol import Answer, Array, Cancelled, Floats, Model, RowsRefused, scalar

if TYPE_CHECKING:
    import pandas as pd

FIRST_ROWS, MOST_ROWS = 512, 65_536
SURE_ROWS = 20  # so many labels, none of them a class, are not an accident


@dataclass(frozen=True, slots=True)
class Budget:
    """What may be asked of a model: rows, calls and seconds; None for no bound."""

    rows: int | None = None
    calls: int | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Queries:
    """What the model was asked: `rows` in `calls`; `remembered` rows were known already.

    `failed` rows are those that the model could not take, `failure` what it said of the first;
    `unsettled` rows stood in a call that failed and were not asked alone. `is_spent` says that
    the budget ended before the work.
    """

    calls: int = 0
    rows: int = 0
    remembered: int = 0
    failed: int = 0
    unsettled: int = 0
    seconds: float = 0.0
    is_spent: bool = False
    failure: str = ""

    @property
    def failures(self) -> str:
        """What to say of rows that were not answered; nothing if all were."""
        return failure_words(self.failed, self.unsettled, self.failure)


class Asker:
    """One model for one search: asks what it does not know yet, and keeps count."""

    def __init__(
        self,
        model: Model,
        task: Task,
        *,
        budget: Budget | None = None,
        pages: Callable[[pd.DataFrame], Pages | None] | None = None,
        predicted: Callable[[], Sequence[Any]] | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> None:
        """An asker of the model.

        Args:
            model: what is asked.
            task: of the evaluation; orders the classes.
            budget: after which rows stay unknown.
            pages: the kept answers for rows of such a frame, looked at first and added to.
            predicted: the classes that the model is known to predict, beside the task's.
            progress: called with rows asked and the rows of the budget (or of this question).
            cancel: asked before each batch; True stops.
        """
        self._model, self._task = model, task
        self._budget = budget or Budget()
        self._pages, self._progress, self._cancel = pages, progress, cancel
        self._predicted = predicted
        self._is_familiar = not task.is_classification
        self._kept: Pages | None = None
        self._places: dict[bytes, int] = {}
        self._answers: list[Answer] = []
        self._fresh: list[tuple[Keys, Answer]] = []
        self._size = 0
        self._classes = list(task.classes)
        self._pace = Pace(FIRST_ROWS)
        self._calls = self._rows = self._remembered = self._failed = self._unsettled = 0
        self._seconds = 0.0
        self._is_spent = False
        self._failure = ""
        self._started = time.monotonic()

    @property
    def task(self) -> Task:
        return self._task

    @property
    def name(self) -> str:
        return self._model.name

    @property
    def queries(self) -> Queries:
        """What it cost so far."""
        return Queries(
            self._calls, self._rows, self._remembered, self._failed, self._unsettled,
            self._seconds, self._is_spent, self._failure,
        )  # fmt: skip

    @property
    def left(self) -> int:
        """Rows that may still be asked."""
        if self._is_over():
            return 0
        return MOST_ROWS * 1000 if self._budget.rows is None else self._budget.rows - self._rows

    def ask(self, frame: pd.DataFrame, *, is_free: bool = False) -> Said:
        """What the model says of these rows; `is_free` asks whatever the budget says."""
        if not len(frame):
            return self._nothing()
        keys = row_keys(frame)
        names = [key.tobytes() for key in keys]
        new = list(dict.fromkeys(name for name in names if name not in self._places))
        self._remembered += len(names) - len(new)
        if new:
            first = {name: at for at, name in reversed(list(enumerate(names)))}
            rows = np.array([first[name] for name in new])
            rows = self._from_pages(frame, keys, rows)
            self._ask_new(frame, keys, rows, is_free=is_free)
        places = np.array([self._places.get(name, UNKNOWN) for name in names], dtype=np.int64)
        return self._said(places)

    def close(self) -> None:
        """Keep what was answered for the next search."""
        if self._kept is not None and self._fresh:
            parts = [answer for _, answer in self._fresh]
            if same_layout(parts):
                keys = np.concatenate([keys for keys, _ in self._fresh])
                self._kept.add(keys, concatenate(parts))
        self._fresh = []

    def _from_pages(self, frame: pd.DataFrame, keys: Keys, rows: Codes) -> Codes:
        """The rows that no earlier search has asked."""
        if self._pages is None:
            return rows
        if self._kept is None:
            self._kept = self._pages(frame)
            if self._kept is None:
                self._pages = None
                return rows
        found, answer = self._kept.find(keys[rows])
        if answer is None or not self._add(answer, keys[rows[found]]):
            return rows
        self._remembered += len(found)
        return np.delete(rows, found)

    def _ask_new(self, frame: pd.DataFrame, keys: Keys, rows: Codes, *, is_free: bool) -> None:
        halving = Halving(
            lambda piece: self._ask_piece(frame, keys, piece),
            lambda: is_free or not self._is_late(),
        )
        at = 0
        while at < len(rows):
            self._heed_cancel()
            allowed = len(rows) if is_free else self.left
            if allowed <= 0:
                self._is_spent = True
                return
            chunk = rows[at : at + min(self._pace.size, allowed)]
            before = self._seconds
            faults = halving.settle(chunk)
            self._note(halving, faults, keys)
            if faults.is_none:  # else it took the time of many calls
                self._pace.heard(len(chunk), self._seconds - before)
            at += len(chunk)
            if self._progress is not None:
                self._progress(self._rows, self._budget.rows or max(len(rows), self._rows))

    def _ask_piece(self, frame: pd.DataFrame, keys: Keys, piece: Codes) -> None:
        answer = self._call(frame.iloc[piece].reset_index(drop=True))
        if not self._add(answer, keys[piece]):
            raise _changed(self._model.name)
        self._fresh.append((keys[piece], answer))

    def _note(self, halving: Halving, faults: Faults, keys: Keys) -> None:
        """Remember which rows stay unknown, so that they are not asked again."""
        self._failure = self._failure or halving.failure
        self._failed += len(faults.failed)
        self._unsettled += len(faults.unsettled)
        for row in (*faults.failed, *faults.unsettled):
            self._places[keys[row].tobytes()] = UNKNOWN

    def _call(self, batch: pd.DataFrame) -> Answer:
        self._heed_cancel()
        started = time.perf_counter()
        try:
            answer = self._model.predict(batch)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # a model may say SystemExit
            if isinstance(error, MispredictError) and not isinstance(error, RowsRefused):
                raise  # not about these rows: a server that is away, a column that is missing
            raise Failed(words_of(error)[:200]) from error
        finally:
            self._calls += 1
            self._rows += len(batch)
            self._seconds += time.perf_counter() - started
        try:
            return check_answer(answer, n=len(batch), task=self._task)
        except BadPredictions as error:
            raise Failed(error.problem) from error

    def _add(self, answer: Answer, keys: Keys) -> bool:
        """Whether the answers are in the form of those before, and so were remembered."""
        if self._answers and not same_layout([self._answers[0], answer]):
            return False
        self._answers.append(answer)
        for offset, key in enumerate(keys):
            self._places[key.tobytes()] = self._size + offset
        self._size += len(keys)
        return True

    def _said(self, places: Codes) -> Said:
        if not self._answers:
            return self._nothing(len(places))
        self._refuse_strangers()
        if len(self._answers) > 1:
            self._answers = [concatenate(self._answers)]
        is_known = places >= 0
        return self._read(self._aligned(np.maximum(places, 0)), is_known)

    def _refuse_strangers(self) -> None:
        """Raise if many answers name no class of the data: the model is of other data."""
        if self._is_familiar or self._size < SURE_ROWS:
            return
        known = {*self._task.classes, *(self._predicted() if self._predicted else ())}
        said: set[Any] = set()
        for answer in self._answers:
            labels = answer.labels
            if answer.probabilities is not None or labels is None:
                said |= known  # `align` looks at the classes of probabilities
            else:
                said |= set(rename_labels(labels, self._task.classes).tolist())
        if not said & known:
            raise no_class(self._model.name, sorted(map(str, said)), self._task)
        self._is_familiar = True

    def _aligned(self, places: Codes) -> Answer:
        """The answers over the task's classes.

        Labels alone say of no class that the model does not know it: a few rows may well all
        be of a class that only the model knows.
        """
        answer, task = take(self._answers[0], places), self._task
        is_labels = answer.probabilities is None and answer.classes is None
        if task.is_classification and is_labels and answer.labels is not None:
            return Answer(rename_labels(answer.labels, task.classes), classes=task.classes)
        return align(answer, task)[0]

    def _read(self, answer: Answer, is_known: Bools) -> Said:
        probabilities = _blank(answer.probabilities, is_known)
        if self._task.kind is TaskKind.REGRESSION:
            values = _blank(answer.values, is_known)
            return Said(np.where(is_known, 0, UNKNOWN), (), None, values)
        assert answer.labels is not None  # `align` derives them from probabilities
        classes = answer.classes or self._task.classes
        self._classes += [name for name in classes if name not in self._classes]
        if answer.labels.ndim == 2:
            sets = np.asarray(answer.labels, dtype=bool)
            codes = np.where(is_known, _packed(sets), UNKNOWN)
            return Said(codes, tuple(classes), probabilities, None, sets)
        codes = np.where(is_known, self._codes(answer.labels), UNKNOWN)
        return Said(codes, tuple(self._classes), self._widened(probabilities))

    def _codes(self, labels: Array) -> Codes:
        used, inverse = np.unique(labels, return_inverse=True)
        names = [scalar(item) for item in used]
        self._classes += [name for name in names if name not in self._classes]
        codes: Codes = np.array([self._classes.index(name) for name in names])[inverse]
        return codes

    def _widened(self, probabilities: Floats | None) -> Floats | None:
        """The probabilities with columns of 0 for classes that were only said as labels."""
        if probabilities is None or probabilities.shape[1] == len(self._classes):
            return probabilities
        more = len(self._classes) - probabilities.shape[1]
        return np.hstack([probabilities, np.zeros((len(probabilities), more))])

    def _nothing(self, n: int = 0) -> Said:
        values = np.full(n, np.nan) if self._task.kind is TaskKind.REGRESSION else None
        return Said(np.full(n, UNKNOWN), tuple(self._classes), None, values)

    def _is_over(self) -> bool:
        budget = self._budget
        return (budget.rows is not None and self._rows >= budget.rows) or self._is_late()

    def _is_late(self) -> bool:
        """Whether calls or seconds are used up: rows at fault are found beyond those of rows."""
        budget = self._budget
        return (budget.calls is not None and self._calls >= budget.calls) or (
            budget.seconds is not None and time.monotonic() - self._started >= budget.seconds
        )

    def _heed_cancel(self) -> None:
        if self._cancel is not None and self._cancel():
            self.close()
            raise Cancelled(
                f"stopped after {self._rows:,} rows were asked.",
                hint="run it again; what is in the cache is not asked twice",
            )


def refuse_without_answers(said: Said, asker: Asker, what: str) -> None:
    """Raise if the model could not answer for any of the rows.

    Raises:
        ModelError: it failed for all of them.
    """
    if len(said) and not said.known.any():
        raise ModelError(
            f"the model failed on {what}.",
            known=f"It said: {asker.queries.failure or 'nothing'}",
            hint="ws.evaluate(…) names the row at fault",
        )


def no_class(model: str, said: Sequence[Any], task: Task) -> ModelError:
    """The error of a model that answers other classes than the data has."""
    return ModelError(
        f"model {model!r} knows none of the data's classes; it answers {listed(said)}.",
        known=f"The data's classes are {listed(task.classes)}.",
        hint="a model of the same classes",
    )


def failures_since(queries: Queries, first: Queries, what: str) -> list[str]:
    """What to say of rows that were not answered: as they are (`first`), and changed ones."""
    as_they_are = failure_words(first.failed, first.unsettled, first.failure, "rows as they are")
    failed, unsettled = queries.failed - first.failed, queries.unsettled - first.unsettled
    later = failure_words(failed, unsettled, queries.failure, what)
    return [words for words in (as_they_are, later) if words]


def _blank(array: Array | None, is_known: Bools) -> Floats | None:
    if array is None:
        return None
    result = np.array(array, dtype=np.float64)
    result[~is_known] = np.nan
    return result


def _packed(sets: Bools) -> Codes:
    """A number for each set of labels, the same for the same set."""
    weights = np.random.default_rng(0).integers(1, 2**40, sets.shape[1])
    codes: Codes = sets.astype(np.int64) @ weights
    return codes


def _changed(model: str) -> ModelError:
    return ModelError(
        f"model {model!r} answers in another form than before.",
        known="Its labels, classes or kinds of answers changed from one batch to the next.",
        hint="a model that answers for every class in each batch, in one order",
    )
