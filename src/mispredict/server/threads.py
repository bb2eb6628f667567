"""Threads that end with the process, whatever they are at: no computation delays its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Threads:
    """A fixed number of threads that do what is submitted, first come first served."""

    def __init__(self, count: int, name: str) -> None:
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"{name}-{i}", daemon=True)
            for i in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """What the work will give; it runs in the caller's context."""
        future: Future[T] = Future()
        context = copy_context()
        self._queue.put(lambda: _do(future, lambda: context.run(work)))
        return future

    def close(self) -> None:
        """End each thread after what was submitted; this does not wait for it."""
        for _ in self._threads:
            self._queue.put(None)

    def _work(self) -> None:
        while (do := self._queue.get()) is not None:
            do()
            del do  # so that what was computed is not kept until the next comes


def _do(future: Future[Any], work: Callable[[], Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        found = work()
    except BaseException as error:  # noqa: BLE001 - whoever waits is told
        future.set_exception(error)
    else:
        future.set_result(found)
