"""What is remembered of a model's answers while a run lasts."""

from __future__ import annotations

import numpy as np
import pytest

from mispredict.models import Answer, MemoryCache
from mispredict.models.caching import AnswerCache, Keys
from mispredict.models.remembering import Remembered


def keys_of(numbers: range) -> Keys:
    halves = np.array(list(numbers), dtype=np.uint64)
    return np.column_stack([halves * np.uint64(7919), halves])


def said(numbers: range) -> Answer:
    return Answer(values=np.array(list(numbers), dtype=np.float64))


def test_what_was_added_is_found_in_the_order_asked() -> None:
    known = Remembered(None)
    for start in range(0, 1000, 50):
        known.add(keys_of(range(start, start + 50)), said(range(start, start + 50)))
    rows, answer = known.find(keys_of(range(1010, 400, -7)))
    assert answer is not None and answer.values is not None
    wanted = np.array(range(1010, 400, -7), dtype=np.float64)
    np.testing.assert_array_equal(rows, np.flatnonzero(wanted < 1000))
    np.testing.assert_array_equal(answer.values, wanted[wanted < 1000])


def test_nothing_is_known_at_first() -> None:
    rows, answer = Remembered(None).find(keys_of(range(3)))
    assert len(rows) == 0 and answer is None


def test_only_what_is_closed_is_kept_for_later_runs() -> None:
    cache = MemoryCache()
    first = Remembered(AnswerCache(cache, "model"))
    first.add(keys_of(range(100)), said(range(100)))
    assert len(cache) == 0
    first.close()
    rows, answer = Remembered(AnswerCache(cache, "model")).find(keys_of(range(50, 150)))
    assert answer is not None and answer.values is not None
    assert (rows == np.arange(50)).all() and (answer.values == np.arange(50, 100)).all()


def test_answers_of_another_kind_take_the_place_of_those_before() -> None:
    known = Remembered(None)
    known.add(keys_of(range(5)), said(range(5)))
    known.add(keys_of(range(5, 8)), Answer(labels=np.array(["a", "b", "c"])))
    rows, answer = known.find(keys_of(range(8)))
    assert rows.tolist() == [5, 6, 7]
    assert answer is not None and answer.labels is not None and answer.values is None


@pytest.mark.parametrize("n", [20, 50_000], ids=["few", "many"])
def test_rows_with_one_half_of_the_key_alike_are_not_taken_for_each_other(n: int) -> None:
    keys = keys_of(range(n))
    keys[1, 0] = keys[0, 0]
    known = Remembered(None)
    known.add(keys, said(range(n)))
    rows, answer = known.find(keys[:3])
    assert rows.tolist() == [0, 2]
    assert answer is not None and answer.values is not None and answer.values.tolist() == [0, 2]
