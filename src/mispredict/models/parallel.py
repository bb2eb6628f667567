"""A model that is asked by several processes at a time, each with a copy of it.

Copies share nothing, so that a model need not bear several questions at once. What asks or
computes on several cores by itself (HTTP, ONNX), and what cannot be copied, is left as it is.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cached_property
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.options import whole
from mispredict.models.caching import concatenate, same_layout
from mispredict.models.protocol import Answer, Model

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import pandas as pd

LEAST_ROWS = 64  # of a question that is divided; fewer are soon answered
_BY_ITSELF = ("http", "onnx")
_workers: ContextVar[int] = ContextVar("workers", default=1)
_copy: Model | None = None  # in a process of the pool: its own


@contextmanager
def asked_by(workers: int) -> Iterator[None]:
    """Models that are asked within are asked by so many processes; 0 for one on each core."""
    token = _workers.set(whole("workers", workers, 0) or (os.cpu_count() or 1))
    try:
        yield
    finally:
        _workers.reset(token)


def divided(model: Model) -> Model:
    """The model itself, or one that several processes ask, as `asked_by` says."""
    return model if _workers.get() < 2 else Parallel(model, _workers.get())


class Parallel:
    """The model, whose larger batches are divided among processes.

    They begin with the first such batch. Use it in a `with`, or `close` it, to end them; they
    end by themselves when this process does, however it does.
    """

    def __init__(self, model: Model, workers: int) -> None:
        """The model for up to so many processes; never more than there are cores."""
        self._model = model
        self.workers = max(1, min(workers, os.cpu_count() or 1))
        self._is_broken = False
        self._is_waiting = False  # for answers
        self._ends: tuple[Connection, Connection] | None = None  # of the pipe that closes
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def kind(self) -> str:
        return self._model.kind

    @property
    def name(self) -> str:
        return self._model.name

    def describe(self) -> dict[str, Any]:
        return self._model.describe()

    def fingerprint(self) -> str | None:
        return self._model.fingerprint()

    def predict(self, batch: pd.DataFrame) -> Answer:
        if len(batch) < LEAST_ROWS or self._pool is None:
            return self._model.predict(batch)
        sizes = np.array_split(np.arange(len(batch)), self.workers)
        parts = [batch.iloc[at].reset_index(drop=True) for at in sizes]
        self._is_waiting = True
        try:
            found = list(self._pool.map(_predict, parts))
        except (BrokenExecutor, pickle.PicklingError):  # it ended its process, or says what it may
            self._is_broken = True
            self.close()
            return self._model.predict(batch)
        self._is_waiting = False
        return concatenate(found) if same_layout(found) else self._model.predict(batch)

    def close(self) -> None:
        """End the processes, also those that still compute what nobody waits for."""
        pool = vars(self).pop("_pool", None)
        if self._is_waiting:
            self._close_ends()
        if pool is not None:
            pool.shutdown(cancel_futures=True)
        self._close_ends()
        self._is_waiting = False
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _close_ends(self) -> None:
        for end in self._ends or ():
            end.close()
        self._ends = None

    def __enter__(self) -> Parallel:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _pool(self) -> ProcessPoolExecutor | None:
        """The processes; None where there are to be none."""
        if self._is_broken or self.workers < 2 or self._model.kind in _BY_ITSELF:
            return None
        try:
            content = pickle.dumps(self._model)
            pickle.loads(content)
        except Exception:  # noqa: BLE001 - a function of a notebook, a lock, a session
            return None
        self._folder = TemporaryDirectory(prefix="mispredict-")
        path = Path(self._folder.name) / "model"
        path.write_bytes(content)
        share = max(1, (os.cpu_count() or 1) // self.workers)
        context = get_context("spawn")
        self._ends = context.Pipe(duplex=False)
        given = (path, share, self._ends[0])
        return ProcessPoolExecutor(self.workers, context, initializer=_load, initargs=given)


def _load(path: Path, threads: int, end: Connection) -> None:
    """Take a copy of the model, which computes on its share of the cores."""
    global _copy  # noqa: PLW0603 - a process of the pool has one model
    from threadpoolctl import threadpool_limits

    sys.stdout = sys.stderr  # what the model prints is no answer of the program's
    Thread(target=_end_with, args=(end, path.parent), daemon=True).start()
    _copy = pickle.loads(path.read_bytes())
    threadpool_limits(threads)


def _end_with(end: Connection, folder: Path) -> None:
    """End this process as soon as the other end of the pipe is closed, as by a death."""
    with suppress(EOFError, OSError):
        end.recv_bytes()  # nothing is ever sent
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)  # the model may be asked, and never answer


def _predict(part: pd.DataFrame) -> Answer:
    assert _copy is not None  # loaded when the process began
    said = _copy.predict(part)
    return Answer(said.labels, said.probabilities, said.classes, said.values)
