"""Threads in which answers are computed, so that the loop that speaks to everyone never waits.

A thread cannot be stopped from outside. When an answer is given up it is computed to its end, in
its place; who comes meanwhile waits in a queue of bounded length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

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
        self.busy = 0  # answers that are computed or wait

    async def quick(self, work: Callable[[], T]) -> T:
        """What a look-up gives."""
        return await self._run(self._quick, work)

    async def heavy(self, work: Callable[[], T]) -> T:
        """What a computation gives.

        Raises:
            Refused: too many wait already, or it takes too long.
        """
        most = self._limits.heavy_threads + self._limits.queue
        if self.busy >= most:
            raise Refused(
                503,
                "Busy",
                "the server is busy.",
                known=f"{self.busy:,} answers are being computed or wait.",
                hint="ask again in some seconds",
                headers={"Retry-After": str(_RETRY_S)},
            )
        return await self._run(self._heavy, work, is_counted=True)

    def close(self) -> None:
        """Take no more work; what runs is not waited for."""
        for pool in (self._quick, self._heavy):
            pool.close()

    async def _run(self, pool: Threads, work: Callable[[], T], *, is_counted: bool = False) -> T:
        loop = asyncio.get_running_loop()
        future = pool.submit(lambda: self._limited(work))
        if is_counted:
            self.busy += 1
            future.add_done_callback(lambda _: _soon(loop, self._release))
        waited = asyncio.wrap_future(future)
        try:
            return await asyncio.wait_for(asyncio.shield(waited), self._limits.request_s)
        except TimeoutError:
            if not future.cancel():
                waited.add_done_callback(_ignore)
            raise _too_slow(self._limits.request_s) from None

    def _limited(self, work: Callable[[], T]) -> T:
        with limited(self._limits.of_queries):
            return work()

    def _release(self) -> None:
        self.busy -= 1


def _soon(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)


def _ignore(future: asyncio.Future[T]) -> None:
    """Take note of what nobody waits for any more."""
    if not future.cancelled():
        future.exception()


def _too_slow(seconds: float) -> Refused:
    return Refused(
        504,
        "TooSlow",
        f"the answer was not ready within {seconds:g} s.",
        known="It is given up for this request.",
        hint="a narrower cohort, fewer columns, or a job (POST /api/v1/jobs)",
    )
