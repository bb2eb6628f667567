"""Cards count what the masks count, weighted or not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import mispredict as mp


def evaluation(folder: Path, *, weighted: bool) -> mp.Evaluation:
    random = np.random.default_rng(0)
    n = 3_000
    frame = pd.DataFrame(
        {
            "g": random.choice(["a", "b", "c"], n),
            "x": random.integers(0, 500, n),
            "text": [f"word{i % 7} and more of the same text here" for i in range(n)],
            "w": random.uniform(0.5, 3, n),
            "y": random.integers(0, 2, n),
        }
    )
    wrong = random.random(n) < np.where(frame["g"] == "a", 0.4, 0.1)
    with mp.open(folder / "ws") as ws:
        options = {"weight": "w"} if weighted else {}
        ws.add_dataset("d", frame, label="y", types={"text": "text"}, **options)
        answers = pd.DataFrame({"prediction": np.where(wrong, 1 - frame["y"], frame["y"])})
        return ws.add_predictions("m", "d", answers)


@pytest.mark.parametrize("weighted", [False, True], ids=["plain", "weighted"])
def test_cards_are_the_metrics_of_their_cohorts(tmp_path: Path, weighted: bool) -> None:
    ev = evaluation(tmp_path, weighted=weighted)
    cards = ev.cards(top=None)
    assert {card.kind for card in cards.rows} >= {"value", "token", "label", "prediction"}
    weights = ev.outcomes.weight if weighted else np.ones(ev.n)
    for card in cards.rows:
        mask = ev.mask(card.where)
        assert card.n == mask.sum(), card.where
        assert card.errors == pytest.approx((ev.target * weights)[mask].sum())
        assert card.share == pytest.approx(weights[mask].sum() / weights.sum())
        metric = ev.metrics(where=card.where, metrics="error_rate").rows[0]
        assert (card.rate, card.low, card.high) == pytest.approx(
            (metric.value, metric.low, metric.high), abs=0.01
        )
    first = next(card for card in cards.rows if card.kind == "value")
    assert first.where == "g = 'a'"
    assert first.direction == "mispredictive"


def test_numbers_make_few_ranges_that_cover_all_rows(tmp_path: Path) -> None:
    ev = evaluation(tmp_path, weighted=False)
    ranges = ev.cards(top=None, columns=["x"], kinds=["value"]).rows
    assert 5 <= len(ranges) <= 10
    assert sum(card.n for card in ranges) == ev.n


def test_noise_has_no_direction(tmp_path: Path) -> None:
    ev = evaluation(tmp_path, weighted=False)
    shown = ev.cards(columns=["x", "text"], kinds=["value", "token"])
    assert not any(card.direction for card in shown.rows)
    assert "Nothing significant" in shown.note


def test_conditions_of_the_same_rows_are_one_card_and_others_of_as_many_are_not(
    tmp_path: Path,
) -> None:
    at = np.arange(400)
    frame = pd.DataFrame({
        "one": at % 4, "again": (at % 4) + 10, "as many": (at + 1) % 4, "y": at % 2,
    })  # fmt: skip
    said = np.where(at % 4 == 0, 1 - frame["y"], frame["y"])
    said[1::8] = 1 - said[1::8]  # as many errors where `as many` is 1 and where `one` is 1
    with mp.open(tmp_path / "ws") as ws:
        ws.add_dataset("d", frame, label="y")
        ev = ws.add_predictions("m", "d", pd.DataFrame({"prediction": said}))
        cards = {card.where: card for card in ev.cards(top=None, kinds=["value"]).rows}
    twins = {where: card.also for where, card in cards.items() if card.also}
    assert twins and all(
        np.array_equal(ev.mask(where), ev.mask(part))
        for where, also in twins.items()
        for part in also.split(", ")
    )
    masks = [ev.mask(where).tobytes() for where in cards]
    assert len(set(masks)) == len(masks)
    assert len(cards) + sum(len(also.split(", ")) for also in twins.values()) == 12
