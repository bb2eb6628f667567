"""How far work of several stages is, and whether the next is still wanted."""

from __future__ import annotations

from collections.abc import Callable

from mispredict.core.errors import Cancelled


class Stages:
    """Called after each stage: says how many are done, stops where nobody wants the next."""

    def __init__(
        self,
        progress: Callable[[int, int], None] | None,
        cancel: Callable[[], bool] | None,
        total: int = 0,
    ) -> None:
        self.total, self._done = total, 0
        self._progress, self._cancel = progress, cancel

    def __call__(self) -> None:
        self._done += 1
        if self._progress is not None:
            self._progress(self._done, self.total)
        if self._cancel is not None and self._cancel():
            raise Cancelled("it was stopped.", hint="ask again")
