"""Lanes: one that is slow keeps none of the others waiting, and no more is done than may be."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextvars import ContextVar

import pytest

from mispredict.server.lanes import Lanes

WHO: ContextVar[str] = ContextVar("who", default="nobody")


class Busy:
    """Work that is at it until it may end."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.begun: list[str] = []
        self.is_begun = threading.Event()

    def named(self, name: str) -> Callable[[], str]:
        def work() -> str:
            self.begun.append(name)
            self.is_begun.set()
            assert self.go.wait(30)
            return name

        return work


def test_a_slow_lane_keeps_no_other_waiting() -> None:
    lanes, busy = Lanes(1, 2, "test"), Busy()
    slow = [lanes.submit(busy.named(f"slow {place}"), "slow") for place in range(3)]
    assert [lanes.submit(lambda n=n: n, "quick").result(60) for n in range(5)] == [*range(5)]
    assert busy.is_begun.wait(10)
    assert busy.begun == ["slow 0"]
    busy.go.set()
    assert [found.result(60) for found in slow] == ["slow 0", "slow 1", "slow 2"]
    assert busy.begun == ["slow 0", "slow 1", "slow 2"]
    lanes.close()


def test_no_more_is_done_at_a_time_than_there_are_places() -> None:
    lanes, busy = Lanes(1, 2, "test"), Busy()
    waiting = [lanes.submit(busy.named(name), name) for name in ("a", "b")]
    third = lanes.submit(busy.go.is_set, "c")
    busy.go.set()
    assert third.result(60)
    assert {found.result(60) for found in waiting} == {"a", "b"}
    lanes.close()


def test_lanes_take_turns() -> None:
    lanes, busy = Lanes(1, 1, "test"), Busy()
    order: list[str] = []
    first = lanes.submit(busy.named("first"), "a")
    told = [
        lanes.submit(lambda name=name: order.append(name), name[0])
        for name in ("c1", "c2", "d1", "d2")
    ]
    busy.go.set()
    assert first.result(60) == "first"
    for found in told:
        found.result(60)
    assert order == ["c1", "d1", "c2", "d2"]
    lanes.close()


@pytest.mark.parametrize("error", [ValueError("x"), KeyboardInterrupt()])
def test_an_error_is_told_and_its_lane_goes_on(error: BaseException) -> None:
    lanes = Lanes(1, 1, "test")

    def fail() -> None:
        raise error

    with pytest.raises(type(error)):
        lanes.submit(fail, "a").result(60)
    assert lanes.submit(lambda: 7, "a").result(60) == 7
    lanes.close()


def test_work_has_the_context_of_who_submits_it() -> None:
    lanes = Lanes(1, 1, "test")
    WHO.set("Ada")
    assert lanes.submit(WHO.get).result(60) == "Ada"
    lanes.close()


def test_what_waits_is_not_begun_after_the_end() -> None:
    lanes, busy = Lanes(1, 1, "test"), Busy()
    first = lanes.submit(busy.named("first"))
    second = lanes.submit(busy.named("second"))
    lanes.close()
    busy.go.set()
    assert first.result(60) == "first"
    assert not second.done()
    assert lanes.submit(lambda: 7).result(60) == 7
    assert busy.begun == ["first"]
    lanes.close()
