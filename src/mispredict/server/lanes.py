"""Work in lanes: what is slow in one does not keep waiting what is in another."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import TypeVar

from mispredict.server.threads import Threads, fulfil

T = TypeVar("T")


class Lanes:
    """Work of each lane first come first served; lanes with work take turns.

    Of one lane up to `each` are done at a time, and of all lanes up to `most`: only as many slow
    lanes as fill all places, `most / each`, keep the others waiting.
    """

    def __init__(self, each: int, most: int, name: str) -> None:
        self._each, self._most = each, max(each, most)
        self._threads = Threads(self._most, name)
        self._lock = threading.Lock()
        self._waiting: dict[str, deque[Callable[[], None]]] = {}  # the lane whose turn it is first
        self._busy: dict[str, int] = {}

    def submit(self, work: Callable[[], T], lane: str = "") -> Future[T]:
        """What the work will give; it runs in the caller's context."""
        future: Future[T] = Future()
        context = copy_context()

        def do() -> None:
            try:
                fulfil(future, lambda: context.run(work))
            finally:
                self._end(lane)

        with self._lock:
            self._waiting.setdefault(lane, deque()).append(do)
            self._begin()
        return future

    def close(self) -> None:
        """Begin nothing more, and end each thread after what it is at."""
        with self._lock:
            self._waiting.clear()
        self._threads.close()

    def _begin(self) -> None:
        """Begin what there is room for; the lock is held."""
        while sum(self._busy.values()) < self._most:
            lane = next((lane for lane in self._waiting if self._has_room(lane)), None)
            if lane is None:
                return
            left = self._waiting.pop(lane)
            do = left.popleft()
            if left:
                self._waiting[lane] = left  # behind the others
            self._busy[lane] = self._busy.get(lane, 0) + 1
            self._threads.submit(do)

    def _end(self, lane: str) -> None:
        with self._lock:
            self._busy[lane] -= 1
            if not self._busy[lane]:
                del self._busy[lane]
            self._begin()

    def _has_room(self, lane: str) -> bool:
        return self._busy.get(lane, 0) < self._each
