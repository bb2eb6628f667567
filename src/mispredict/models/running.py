"""Predictions of a model for a whole frame: in batches, cached, timed, with errors that say where.

The size of the batches follows the model's speed, about a second each, so that progress
moves and a stop is heard. With a cache, rows that are equal are asked once, and rows that the
model answered before are not asked at all.
"""

from __future__ import annotations

import time
import uuid
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mispredict.core.errors import BadOption, BadPredictions, ModelError
from mispredict.core.ids import hash_json
from mispredict.core.options import whole
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.models.blame import Place, nonsense, raised
from mispredict.models.caching import (
    AnswerCache,
    Cache,
    Keys,
    MemoryCache,
    Pages,
    concatenate,
    length,
    same_layout,
    take,
)
from mispredict.models.conform import align, check_answer
from mispredict.models.pacing import Pace
from mispredict.models.protocol import Answer, Array, Cancelled, Floats, Model
from mispredict.models.question import FrameRows, Positions, Rows

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FIRST_ROWS = 256
KEEP_SECONDS = 30.0  # of answers that a crash may lose
SURE_ROWS = 20  # so many labels, none of them a class, are not an accident


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run cost. `rows` were sent to the model; `seconds` is the time inside it."""

    calls: int = 0
    rows: int = 0
    seconds: float = 0.0
    cached_rows: int = 0
    repeated_rows: int = 0

    @property
    def rows_per_second(self) -> float:
        return self.rows / self.seconds if self.seconds > 0 else float("nan")


@dataclass(frozen=True, slots=True)
class Predictions:
    """Predictions for n rows, in their order, over the task's classes.

    `labels` is (n,) in the classes' type, or (n, K) bool for multilabel; `probabilities` is
    (n, K); `values` is (n,). `classes` are the task's, then those only the model knows.
    """

    labels: Array | None
    probabilities: Floats | None
    classes: tuple[Scalar, ...] | None
    values: Floats | None
    usage: Usage
    notes: tuple[str, ...] = ()


def run(
    model: Model,
    frame: pd.DataFrame | pa.Table | Rows,
    *,
    task: Task | None = None,
    batch_rows: int | None = None,
    cache: Cache | None = None,
    pages: Pages | None = None,
    pace: Pace | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Predictions:
    """Predictions of the model for every row of the frame.

    Args:
        model: from `wrap`, or anything with the protocol.
        frame: the rows as the model knows them, one column per input; or what makes them.
        task: checks the answers and orders the classes; without it they stay the model's.
        batch_rows: rows per call; None adapts to about a second per call.
        cache: answers by content. A model without fingerprint uses a `MemoryCache` only,
            since nobody would notice that it changed.
        pages: answers to rows of this form, instead of those in the cache.
        pace: of this model, where it was asked before.
        progress: called with (rows done, rows in all) after each batch.
        cancel: asked before each batch; True stops.

    Raises:
        ModelError: the model raised or answered nonsense; names the batch and the row.
        Cancelled: `cancel` said so.
    """
    if batch_rows is not None:
        whole("batch_rows", batch_rows, 1, hint="batch_rows=1000")
    rows = _rows_of(frame)
    pace = pace or Pace(FIRST_ROWS)
    asking = _Asking(model, rows, task, batch_rows, pace, progress, cancel)
    if len(rows) == 0:
        classes = None if task is None else task.classes
        return Predictions(None, None, classes, None, asking.usage())
    pages = pages or pages_of(model, task, rows, cache)
    answer = asking.ask(np.arange(len(rows))) if pages is None else asking.ask_new(pages)
    try:
        answer, notes = align(answer, task)
    except BadPredictions as error:
        raise nonsense(model.name, "", error) from error
    return Predictions(
        answer.labels, answer.probabilities, answer.classes, answer.values, asking.usage(), notes
    )


class _Asking:
    """One run: asks batch by batch and counts."""

    def __init__(
        self,
        model: Model,
        rows: Rows,
        task: Task | None,
        batch_rows: int | None,
        pace: Pace,
        progress: Callable[[int, int], None] | None,
        cancel: Callable[[], bool] | None,
    ) -> None:
        self._model, self._rows, self._task = model, rows, task
        self._batch_rows, self._pace = batch_rows, pace
        self._progress, self._cancel = progress, cancel
        self._calls = self._sent = self._cached = self._repeated = self._done = 0
        self._seconds = 0.0

    def usage(self) -> Usage:
        return Usage(self._calls, self._sent, self._seconds, self._cached, self._repeated)

    def ask(self, rows: Positions, keep: _Keep | None = None) -> Answer:
        """The model's answers for these rows of the frame."""
        parts: list[Answer] = []
        at, pace = 0, self._pace
        try:
            while at < len(rows):
                place = Place(
                    self._model.name,
                    len(parts) + 1,
                    rows[at : at + (self._batch_rows or pace.size)],
                )
                before = self._seconds
                parts.append(self._batch(place, parts))
                at += len(place.rows)
                self._report(len(place.rows))
                pace.heard(len(place.rows), self._seconds - before)
                if keep is not None:
                    keep.now_and_then(parts)
        except BaseException:
            if keep is not None:
                keep.rest(parts)
            raise
        whole = concatenate(parts)
        if keep is not None:
            keep.rest([whole])
        return whole

    def ask_new(self, pages: Pages) -> Answer:
        """The answers for the whole frame, of which only unknown rows are asked, once each."""
        keys = self._rows.keys()
        first, group = _distinct(keys)
        distinct = keys if len(first) == len(keys) else keys.take(first, axis=0)
        found, known = pages.find(distinct)
        is_missing = np.ones(len(first), dtype=bool)
        is_missing[found] = False
        missing = np.flatnonzero(is_missing)
        is_all_new = len(missing) == len(keys)
        self._cached = 0 if not len(found) else int((~is_missing)[group].sum())
        self._repeated = len(group) - self._cached - len(missing)
        self._report(self._cached + self._repeated)
        if len(missing) == 0 and known is not None:
            return take(known, group)
        fresh = self.ask(first[missing], _Keep(pages, distinct.take(missing, axis=0)))
        if known is None:
            return fresh if is_all_new else take(fresh, group)
        if not same_layout([known, fresh]):  # what is known was said by another kind of answer
            self._done, self._cached = 0, 0
            return self.ask(np.arange(len(self._rows)))
        place = np.empty(len(first), dtype=np.int64)
        place[found] = np.arange(len(found))
        place[missing] = np.arange(len(found), len(first))
        return take(concatenate([known, fresh]), place[group])

    def _batch(self, place: Place, parts: list[Answer]) -> Answer:
        self._heed_cancel()
        batch = self._rows.frame(place.rows)
        try:
            answer = self._call(batch)
        except (KeyboardInterrupt, GeneratorExit):
            raise
        except BaseException as error:  # a model may say SystemExit
            raise raised(place, batch, error, self._call, self._heed_cancel) from error
        try:
            checked = check_answer(answer, n=len(batch), task=self._task, rows=place.rows)
            if not parts and (checked.classes is not None or len(batch) >= SURE_ROWS):
                align(checked, self._task)
        except BadPredictions as error:
            raise nonsense(place.model, f" in {place}", error) from error
        if parts and not same_layout([parts[0], checked]):
            raise _changed(place, parts[0], checked)
        return checked

    def _call(self, batch: pd.DataFrame) -> Answer:
        started = time.perf_counter()
        try:
            return self._model.predict(batch)
        finally:
            self._calls += 1
            self._sent += len(batch)
            self._seconds += time.perf_counter() - started

    def _report(self, rows: int) -> None:
        self._done += rows
        if self._progress is not None and rows:
            self._progress(self._done, len(self._rows))

    def _heed_cancel(self) -> None:
        if self._cancel is not None and self._cancel():
            raise Cancelled(
                f"stopped after {self._done:,} of {len(self._rows):,} rows.",
                hint="run it again; what is in the cache is not asked twice",
            )


class _Keep:
    """Puts answers into the cache, now and then."""

    def __init__(self, pages: Pages, keys: Keys) -> None:
        self._pages, self._keys = pages, keys
        self._kept = self._parts = 0
        self._since = time.monotonic()

    def now_and_then(self, parts: list[Answer]) -> None:
        """Keep the answers of all parts so far, if the last time was a while ago."""
        if time.monotonic() - self._since > KEEP_SECONDS:
            self._add(parts[self._parts :], 0)
            self._parts, self._since = len(parts), time.monotonic()

    def rest(self, parts: list[Answer]) -> None:
        """Keep what was not kept of all parts; one part is all of them."""
        if len(parts) == 1:
            self._add(parts, self._kept)
        else:
            self._add(parts[self._parts :], 0)

    def _add(self, parts: list[Answer], start: int) -> None:
        """Keep the answers of these parts, of the first from a row on."""
        answer = concatenate(parts) if parts else Answer()
        n = length(answer) - start
        if n > 0:
            answer = take(answer, slice(start, None)) if start else answer
            self._pages.add(self._keys[self._kept : self._kept + n], answer)
            self._kept += n


_sessions: weakref.WeakKeyDictionary[Model, str] = weakref.WeakKeyDictionary()


def pages_of(
    model: Model, task: Task | None, frame: pd.DataFrame | Rows, cache: Cache | None
) -> AnswerCache | None:
    """The kept answers of a model for rows in the frame's columns and types; None without any."""
    if cache is None:
        return None
    identity = model.fingerprint()
    if identity is None:
        if not isinstance(cache, MemoryCache):
            return None
        identity = _sessions.setdefault(model, uuid.uuid4().hex)
    kind = None if task is None else task.kind.value
    classes = task.classes if task is not None and task.kind is TaskKind.MULTILABEL else ()
    return AnswerCache(cache, hash_json([identity, kind, list(classes), _rows_of(frame).form]))


def _rows_of(frame: pd.DataFrame | pa.Table | Rows) -> Rows:
    import pandas as pd

    if isinstance(frame, Rows):
        return frame
    rows = frame if isinstance(frame, pd.DataFrame) else frame.to_pandas()
    if not rows.columns.is_unique:
        twice = rows.columns[rows.columns.duplicated()][0]
        raise BadOption(f"column {twice!r} stands twice in the frame.", hint="rename one of them")
    return FrameRows(rows)


def _distinct(keys: Keys) -> tuple[Positions, Positions]:
    """First row of each distinct key, in the rows' order, and each row's place among them."""
    half = np.ascontiguousarray(keys[:, 0])
    order = np.argsort(half)
    ordered = half[order]
    is_start = np.r_[True, ordered[1:] != ordered[:-1]]
    if is_start.all():
        every = np.arange(len(keys))
        return every, every
    starts = np.flatnonzero(is_start)
    firsts = np.minimum.reduceat(order, starts)
    own = np.empty(len(keys), dtype=np.int64)
    own[order] = np.repeat(firsts, np.diff(np.r_[starts, len(keys)]))
    if (keys[own, 1] != keys[:, 1]).any():  # two keys that share their first half
        return _distinct_pairs(keys)
    is_first = np.zeros(len(keys), dtype=bool)
    is_first[firsts] = True
    return np.flatnonzero(is_first), (np.cumsum(is_first) - 1)[own]


def _distinct_pairs(keys: Keys) -> tuple[Positions, Positions]:
    import pandas as pd

    group, _ = pd.MultiIndex.from_arrays([keys[:, 0], keys[:, 1]]).factorize()
    so_far = np.maximum.accumulate(group)  # groups are numbered as they appear
    return np.flatnonzero(np.diff(so_far, prepend=-1)), group


def _changed(place: Place, before: Answer, now: Answer) -> ModelError:
    def shown(answer: Answer) -> str:
        kind = "" if answer.labels is None else f"{answer.labels.dtype.name} labels, "
        return f"{kind}classes {list(answer.classes or ())}"

    return ModelError(
        f"model {place.model!r} answers in {place} in another form than before.",
        known=f"Before: {shown(before)}; now: {shown(now)}.",
        hint="a model that answers for every class in each batch, in one order",
    )
