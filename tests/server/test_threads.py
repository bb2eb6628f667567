"""Threads that answers are computed in."""

from __future__ import annotations

import threading
from contextvars import ContextVar

import pytest

from mispredict.server.threads import Threads

WHO: ContextVar[str] = ContextVar("who", default="nobody")


def test_what_is_submitted_is_done_in_the_callers_context() -> None:
    threads = Threads(2, "test")
    WHO.set("Ada")
    assert threads.submit(WHO.get).result(60) == "Ada"
    threads.close()


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt(), StopIteration(3)])
def test_an_error_is_told_and_the_thread_goes_on(error: BaseException) -> None:
    threads = Threads(1, "test")

    def fail() -> None:
        raise error

    wanted = RuntimeError if isinstance(error, StopIteration) else type(error)
    with pytest.raises(wanted):
        threads.submit(fail).result(60)
    assert threads.submit(lambda: 7).result(60) == 7
    threads.close()


def test_they_start_again_after_they_were_closed() -> None:
    threads = Threads(1, "test")
    first = threads.submit(threading.current_thread).result(60)
    threads.close()
    first.join(10)
    assert not first.is_alive()
    assert threads.submit(threading.current_thread).result(60) is not first
    threads.close()


def test_no_thread_holds_the_process() -> None:
    threads = Threads(1, "test")
    assert threads.submit(lambda: threading.current_thread().daemon).result(60)
    threads.close()
