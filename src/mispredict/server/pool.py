"""Threads in which answers are computed, so that the loop that speaks to everyone never waits.

A thread cannot be stopped from outside. An answer that is given up is computed to its end in its
place, and kept for who asks again; who comes meanwhile waits in a queue of bounded length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from mispredict.core.words import counted
from mispredict.engine.query import limited
from mispredict.server.failures import Refused
from mispredict.server.settings import Limits
from mispredict.server.threads import Threads

T = TypeVar("T")

_QUICK_THREADS = 8
_RETRY_S = 2


class Pool:
    """Some threads for look-ups and some for what is computed."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._quick = Threads(_QUICK_THREADS, "mispredict-quick")
        self._heavy = Threads(limits.heavy_threads, "mispredict-heavy")
        self._pending: dict[str, Future[Any]] = {}
        self.busy = 0  # answers that are computed or wait

    async def quick(self, work: Callable[[], T]) -> T:
        """What a look-up gives."""
        return await self._wait(self._quick.submit(work))

    async def heavy(self, work: Callable[[], T], *, key: str = "") -> T:
        """What a computation gives; the same `key` asked meanwhile shares it.

        Raises:
            Refused: too many wait already, or it takes too long.
        """
        future: Future[T] | None = self._pending.get(key) if key else None
        if future is None:
            future = self._begun(work, key)
        return await self._wait(future)

    def close(self) -> None:
        """Take no more work; what runs is not waited for."""
        for pool in (self._quick, self._heavy):
            pool.close()

    def _begun(self, work: Callable[[], T], key: str) -> Future[T]:
        limits = self._limits
        if self.busy >= limits.heavy_threads + limits.queue:
            raise _busy(self.busy)
        loop = asyncio.get_running_loop()
        future = self._heavy.submit(lambda: _limited(work, limits))
        self.busy += 1
        if key:
            self._pending[key] = future
        future.add_done_callback(lambda _: _soon(loop, lambda: self._release(key)))
        return future

    async def _wait(self, future: Future[T]) -> T:
        """The result, waited for as long as a request may take."""
        waited = asyncio.wrap_future(future)
        waited.add_done_callback(_ignore)
        done, _ = await asyncio.wait([waited], timeout=self._limits.request_s)
        if not done:
            raise _too_slow(self._limits.request_s)
        return waited.result()

    def _release(self, key: str) -> None:
        self.busy -= 1
        self._pending.pop(key, None)


def _limited(work: Callable[[], T], limits: Limits) -> T:
    with limited(limits.of_queries):
        return work()


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


def _ignore(future: asyncio.Future[T]) -> None:
    """Take note of an error that perhaps nobody waits for any more."""
    if not future.cancelled():
        future.exception()


def _busy(count: int) -> Refused:
    return Refused(
        503,
        "Busy",
        "the server is busy.",
        known=f"{counted(count, 'answer is', 'answers are')} being computed or waiting.",
        hint="ask again in some seconds",
        headers={"Retry-After": str(_RETRY_S)},
    )


def _too_slow(seconds: float) -> Refused:
    return Refused(
        504,
        "TooSlow",
        f"the answer was not ready within {seconds:g} s.",
        known="It is still computed, and kept for who asks again.",
        hint="the same again later, a narrower cohort, or a job (POST /api/v1/jobs)",
    )
