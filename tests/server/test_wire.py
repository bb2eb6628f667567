"""Answers as bytes."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass

import pytest

from mispredict.server.answers import Answers
from mispredict.server.wire import Encoded, dumps, encoded


@dataclass(frozen=True)
class Thing:
    """A thing."""

    name: str
    size: float


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Thing('ä\u2028"', math.nan), {"name": 'ä\u2028"', "size": None}),
        ({"size": math.inf, "none": None}, {"size": None, "none": None}),
        ([1, 10**30, True, 0.1, -0.0, 1e300], [1, 10**30, True, 0.1, -0.0, 1e300]),
        ("half \ud800", "half ?"),
    ],
    ids=["NaN", "infinity", "numbers", "half a character"],
)
def test_json_is_what_json_can_be(value: object, expected: object) -> None:
    assert json.loads(dumps(value)) == expected


def test_bytes_stay_as_they_are() -> None:
    assert encoded(b"<p>", "text/html") == Encoded(b"<p>", "text/html")
    assert encoded(b"x" * 5_000).packed is not None


def test_answers_are_forgotten_the_least_used_first() -> None:
    answers = Answers(100)
    for name in "abcd":
        answers.keep(name, Encoded(name.encode() * 25))
    answers.find("a")
    answers.keep("e", Encoded(b"e" * 25))
    assert [name for name in "abcde" if answers.find(name)] == ["a", "c", "d", "e"]
    answers.keep("big", Encoded(b"x" * 30))
    assert answers.find("big") is None
    assert answers.used == 100
