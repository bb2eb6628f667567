"""What is asked of a model in a search: counted, bounded, remembered, never fatal."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mispredict.core.errors import ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.explain.calling import Caller
from mispredict.explain.counterfactuals.search_calls import Asker, Budget
from mispredict.models.protocol import Cancelled
from mispredict.models.wrapping import wrap

TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")


def numbers(*values: float) -> pd.DataFrame:
    return pd.DataFrame({"x": np.array(values, dtype=float)})


class Counted:
    """A model of one number that counts what it is asked and refuses what it is told to."""

    def __init__(self, refused: tuple[float, ...] = ()) -> None:
        self.calls: list[int] = []
        self._refused = refused

    def __call__(self, frame: pd.DataFrame) -> pd.DataFrame:
        self.calls.append(len(frame))
        if frame["x"].isin(self._refused).any():
            raise ValueError("not this one")
        p = 1 / (1 + np.exp(-frame["x"].to_numpy()))
        return pd.DataFrame({"no": 1 - p, "yes": p})


def test_each_row_is_asked_once() -> None:
    model = Counted()
    asker = Asker(wrap(model), TASK)
    first = asker.ask(numbers(-1, 1, 1, -1, 2))
    again = asker.ask(numbers(2, -1, 3))
    assert first.codes.tolist() == [0, 1, 1, 0, 1]
    assert again.codes.tolist() == [1, 0, 1]
    assert model.calls == [3, 1]
    assert (asker.queries.rows, asker.queries.calls, asker.queries.remembered) == (4, 2, 4)
    np.testing.assert_allclose(again.chance(1), 1 / (1 + np.exp([-2, 1, -3])))


@pytest.mark.parametrize("refused", [(3.0,), (0.0, 1.0, 7.0), (9.0,)], ids=str)
def test_rows_that_a_model_refuses_are_found_and_the_others_answered(
    refused: tuple[float, ...],
) -> None:
    asker = Asker(wrap(Counted(refused)), TASK)
    said = asker.ask(numbers(*range(10)))
    assert np.flatnonzero(~said.known).tolist() == [int(value) for value in refused]
    assert asker.queries.failed == len(refused)
    assert asker.queries.failure == "ValueError: not this one"
    before = asker.queries.calls
    assert not asker.ask(numbers(refused[0])).known.any()
    assert asker.queries.calls == before  # it is not asked again


def test_a_model_that_refuses_everything_ends_soon() -> None:
    model = Counted(tuple(map(float, range(500))))
    said = Asker(wrap(model), TASK).ask(numbers(*range(500)))
    assert not said.known.any()
    assert len(model.calls) < 200


def test_the_budget_of_rows_is_exact_and_leaves_the_rest_unknown() -> None:
    model = Counted()
    asker = Asker(wrap(model), TASK, budget=Budget(rows=7))
    said = asker.ask(numbers(*range(10)))
    assert said.known.tolist() == [True] * 7 + [False] * 3
    assert asker.queries.is_spent
    assert asker.left == 0
    assert asker.ask(numbers(99), is_free=True).known.all()


def test_calls_and_seconds_are_bounded_too() -> None:
    asker = Asker(wrap(Counted()), TASK, budget=Budget(calls=1))
    assert asker.ask(numbers(1)).known.all()
    assert not asker.ask(numbers(2)).known.any()
    timed = Asker(wrap(Counted()), TASK, budget=Budget(seconds=1e-9))
    assert not timed.ask(numbers(1)).known.any()


def test_answers_in_another_form_are_an_error() -> None:
    state = {"calls": 0}

    def fickle(frame: pd.DataFrame) -> object:
        state["calls"] += 1
        return np.array(["no"] * len(frame)) if state["calls"] > 1 else Counted()(frame)

    asker = Asker(wrap(fickle), TASK)
    asker.ask(numbers(1))
    with pytest.raises(ModelError, match="another form than before"):
        asker.ask(numbers(2))


def test_nonsense_is_a_failure_of_the_row() -> None:
    def odd(frame: pd.DataFrame) -> pd.DataFrame:
        p = frame["x"].to_numpy()
        return pd.DataFrame({"no": 1 - p, "yes": p})

    said = Asker(wrap(odd), TASK).ask(numbers(0.2, 7.0, 0.8))
    assert said.known.tolist() == [True, False, True]


def test_an_error_that_is_not_about_rows_is_raised() -> None:
    def away(frame: pd.DataFrame) -> pd.DataFrame:
        raise ModelError("the server is away.", hint="start it")

    with pytest.raises(ModelError, match="the server is away"):
        Asker(wrap(away), TASK).ask(numbers(1, 2))


def test_a_stop_is_heard_between_batches() -> None:
    told: list[tuple[int, int]] = []
    asker = Asker(
        wrap(Counted()),
        TASK,
        progress=lambda done, total: told.append((done, total)),
        cancel=lambda: len(told) > 0,
    )
    with pytest.raises(Cancelled):
        asker.ask(numbers(*range(2000)))
    assert len(told) == 1
    assert 0 < told[0][0] < 2000


def test_classes_that_only_the_model_knows_are_kept_apart() -> None:
    def third(frame: pd.DataFrame) -> np.ndarray:
        return np.where(frame["x"] > 5, "perhaps", np.where(frame["x"] > 0, "yes", "no"))

    asker = Asker(wrap(third), TASK)
    assert asker.ask(numbers(-1, 1)).codes.tolist() == [0, 1]
    assert asker.ask(numbers(9, 1)).codes.tolist() == [2, 1]
    assert asker.ask(numbers(9)).prediction(0) == "perhaps"


@pytest.mark.parametrize("share", [0.05, 0.5, 0.9], ids=str)
def test_no_row_that_works_is_taken_for_one_that_fails(share: float) -> None:
    fails = np.random.default_rng(1).random(600) < share
    refused = tuple(np.flatnonzero(fails).astype(float))
    asker = Asker(wrap(Counted(refused)), TASK)
    said = asker.ask(numbers(*range(600)))
    np.testing.assert_array_equal(said.known, ~fails)
    assert asker.queries.failed == fails.sum()
    assert asker.queries.unsettled == 0


def test_rows_are_not_called_failed_before_they_failed_alone() -> None:
    asker = Asker(wrap(Counted(tuple(map(float, range(500))))), TASK)
    asker.ask(numbers(*range(500)))
    queries = asker.queries
    assert 0 < queries.failed < 200
    assert queries.failed + queries.unsettled == 500
    assert f"{queries.unsettled:,} rows were not asked one by one" in queries.failures


def test_explanations_keep_every_row_that_works_too() -> None:
    fails = np.random.default_rng(2).random(600) < 0.5
    caller = Caller(wrap(Counted(tuple(np.flatnonzero(fails).astype(float)))), TASK)
    table = caller.all_numbers(numbers(*range(600)))
    np.testing.assert_array_equal(np.isnan(table[:, 1]), fails)
    assert (caller.used.failed, caller.used.unsettled) == (fails.sum(), 0)


def test_a_fixed_cost_per_call_does_not_make_batches_smaller(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = {"now": 0.0}
    model = Counted()

    def slow(frame: pd.DataFrame) -> pd.DataFrame:
        clock["now"] += 3.0
        return model(frame)

    counter = "mispredict.explain.counterfactuals.search_calls.time.perf_counter"
    monkeypatch.setattr(counter, lambda: clock["now"])
    Asker(wrap(slow), TASK).ask(numbers(*range(20_000)))
    assert len(model.calls) < 9  # with batches of a second it would be over a hundred
