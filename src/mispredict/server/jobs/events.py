"""A job's changes as server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from mispredict.server.jobs.running import Jobs
from mispredict.server.shapes import Job
from mispredict.server.wire import dumps

LEAST_S = 0.1  # between two reports of progress
ALIVE_S = 15.0  # after which a silent stream says that it lives
LONGEST_S = 300.0  # of one stream; a browser opens the next by itself


async def events(jobs: Jobs, id_: str) -> AsyncIterator[bytes]:
    """`progress` with the job at each change, and `end` when it is over."""
    loop = asyncio.get_running_loop()
    changed = asyncio.Event()
    newest: list[Job] = []

    def note(job: Job) -> None:  # called by the thread that changes the job
        newest[:] = [job]
        loop.call_soon_threadsafe(changed.set)

    stop = jobs.watch(id_, note)
    until = loop.time() + LONGEST_S
    try:
        while loop.time() < until and not jobs.is_closing:
            try:
                await asyncio.wait_for(changed.wait(), ALIVE_S)
            except TimeoutError:
                yield b": alive\n\n"
                continue
            changed.clear()
            job = newest[0]
            yield _event("progress", job)
            if job.is_over:
                yield _event("end", job)
                return
            await asyncio.sleep(LEAST_S)
    finally:
        stop()


async def over(jobs: Jobs, id_: str, seconds: float) -> None:
    """Wait until the job is over, or for so long."""
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()

    def note(job: Job) -> None:  # called by the thread that changes the job
        if job.is_over:
            loop.call_soon_threadsafe(ended.set)

    stop = jobs.watch(id_, note)
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)
    finally:
        stop()


def _event(name: str, job: Job) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), dumps(job))
