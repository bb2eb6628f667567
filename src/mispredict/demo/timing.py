"""How long each step of a demo took, and threads that do not fight for cores."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a demo and the wall time it took."""

    name: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.name} ({self.seconds:.1f} s)"


OnStep = Callable[[Step], None]


def keep_quiet(_: Step) -> None:
    """Nothing: the listener of those who do not watch."""


class Clock:
    """Steps so far, each told to a listener as it ends."""

    def __init__(self, on_step: OnStep = keep_quiet) -> None:
        self.steps: list[Step] = []
        self._on_step = on_step

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Block that becomes a `Step` when it succeeds."""
        start = time.perf_counter()
        yield
        done = Step(name, time.perf_counter() - start)
        self.steps.append(done)
        self._on_step(done)


@contextmanager
def one_thread() -> Iterator[None]:
    """Block in which OpenMP and BLAS use one thread each.

    Threads that spin while they wait made boosting ten times slower on a busy machine; demo
    models fit in a second on one. The process is as before when the block ends.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped,unused-ignore]

    with threadpool_limits(limits=1):
        yield


def wait_passively() -> None:
    """Let OpenMP's threads sleep instead of spin, unless the user said otherwise.

    OpenMP reads this once, so it must be called before scikit-learn is imported: by the
    command line at its start, never by the library on its own.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
