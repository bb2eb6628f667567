"""Progress of long work: a bar on stderr, on a terminal only."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Bar:
    """Callable that is told rows done and rows in all; silent without a terminal."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._progress: Any = None
        self._task: Any = None

    def __call__(self, done: int, total: int) -> None:
        if not sys.stderr.isatty():
            return
        if self._progress is None:
            self._start(total)
        self._progress.update(self._task, completed=done, total=total, description=self._title)

    def compiling(self) -> None:
        """Say that loops are made ready, which is slow the first time on a machine."""
        self(0, 1)
        if self._progress is not None:
            self._progress.update(self._task, description=f"{self._title}: compiling, once")

    def stop(self) -> None:
        """Take the bar away."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None

    def _start(self, total: int) -> None:
        from rich import progress

        from mispredict.cli.table import console

        self._progress = progress.Progress(
            progress.TextColumn("{task.description}", markup=False),
            progress.BarColumn(),
            progress.MofNCompleteColumn(),
            progress.TimeRemainingColumn(),
            console=console(stderr=True),
            transient=True,
        )
        self._progress.start()
        self._task = self._progress.add_task(self._title, total=total)


@contextmanager
def progress_bar(title: str) -> Iterator[Bar]:
    """A bar that is gone when the block ends, however it ends."""
    bar = Bar(title)
    try:
        yield bar
    finally:
        bar.stop()
