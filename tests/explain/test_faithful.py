"""Curves of deletion and insertion tell attributions from noise."""

from __future__ import annotations

import numpy as np

from mispredict.core.results import Source
from mispredict.explain.attributions import explainers
from mispredict.explain.counterfactuals.search_calls import Budget
from mispredict.explain.draws import Draws
from mispredict.explain.faithful import NAMES, STEPS, Faithfulness, find_faithfulness
from mispredict.explain.games import TableGame
from mispredict.explain.sampled import Asking
from mispredict.models.caching import row_keys

from .games import Floats
from .subjects import linear, numbers, subject, targets

WEIGHTS = [3.0, -2.0, 1.0, 0.0, 0.5, 0.1]
FRAME = numbers(60, 6)


def curves(values: Floats | None, budget: Budget | None = None) -> Faithfulness | None:
    asked = subject(linear(WEIGHTS), FRAME, budget=budget)
    if values is None:
        values = explainers()["permutation"](asked).explain(FRAME, targets(60)).values
    asking = Asking(asked, TableGame(FRAME, asked.background.frame), targets(60))
    return find_faithfulness(
        asking, Draws(row_keys(FRAME), 0), FRAME, values, scale="value",
        source=Source("test"),
    )  # fmt: skip


def test_true_attributions_hold() -> None:
    result = curves(None)
    assert result is not None
    assert result.holds
    assert result.deletion_low > 0.5
    assert "They hold" in result.sentence
    assert [row.curve for row in result.rows] == [n for n in NAMES for _ in range(STEPS + 1)]
    by = {(row.curve, row.share): row.value for row in result.rows}
    for name in ("deletion", "insertion"):  # both orders begin and end alike
        for end in (0.0, 1.0):
            assert np.isclose(by[name, end], by[f"random {name}", end])
    assert by["deletion", 0.5] < by["random deletion", 0.5]
    assert by["insertion", 0.5] > by["random insertion", 0.5]


def test_attributions_that_say_nothing_do_not_hold() -> None:
    held = 0
    for seed in range(20):
        result = curves(np.random.default_rng(seed).normal(size=(60, 6)))
        assert result is not None
        held += bool(result.holds)
    assert held <= 1


def test_attributions_the_wrong_way_round_do_not_hold() -> None:
    asked = subject(linear(WEIGHTS), FRAME)
    values = explainers()["permutation"](asked).explain(FRAME, targets(60)).values
    result = curves(-values)
    assert result is not None
    assert result.deletion_high < 0


def test_without_a_budget_nothing_is_said() -> None:
    assert curves(np.ones((60, 6)), Budget(rows=100)) is None
