"""Threads that end with the process, whatever they are at: no computation delays its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")
_Queue: TypeAlias = "SimpleQueue[Callable[[], None] | None]"


class Threads:
    """Up to a number of threads that do what is submitted, first come first served.

    They start with the first work, also with the first after `close`.
    """

    def __init__(self, count: int, name: str) -> None:
        self._count = count
        self._name = name
        self._lock = threading.Lock()
        self._queue: _Queue | None = None

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """What the work will give; it runs in the caller's context."""
        future: Future[T] = Future()
        context = copy_context()
        with self._lock:
            self._queue = self._queue or self._started()
            self._queue.put(lambda: fulfil(future, lambda: context.run(work)))
        return future

    def close(self) -> None:
        """End each thread after what was submitted; this does not wait for it."""
        with self._lock:
            if self._queue is not None:
                for _ in range(self._count):
                    self._queue.put(None)
            self._queue = None

    def _started(self) -> _Queue:
        queue: _Queue = SimpleQueue()
        for place in range(self._count):
            name = f"{self._name}-{place}"
            threading.Thread(target=_work, args=(queue,), name=name, daemon=True).start()
        return queue


def fulfil(future: Future[Any], work: Callable[[], Any]) -> None:
    """Do the work for who waits for the future."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        found = work()
    except StopIteration as error:  # which asyncio cannot hand on
        future.set_exception(RuntimeError(f"a look-up found nothing: {error!r}"))
    except BaseException as error:  # noqa: BLE001 - whoever waits is told
        future.set_exception(error)
    else:
        future.set_result(found)


def _work(queue: _Queue) -> None:
    while (do := queue.get()) is not None:
        do()
        del do  # so that what was computed is not kept until the next comes
