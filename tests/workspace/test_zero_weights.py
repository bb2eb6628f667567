"""Rows of which none counts: figures are unknown or refused, and nothing breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, EmptyCohort

WHERE = "weight = 0"


@pytest.fixture
def ev(tmp_path: Path) -> Iterator[mp.Evaluation]:
    """Rows of which the first half has no weight."""
    draw = np.random.default_rng(0)
    x = draw.normal(size=400)
    chance = 1 / (1 + np.exp(-x))
    frame = pd.DataFrame({"x": x, "g": draw.choice(["a", "b"], 400)})
    frame["weight"] = np.where(np.arange(400) < 200, 0.0, 1.0)
    frame["y"] = np.where(draw.random(400) < chance, "yes", "no")
    said = pd.DataFrame({"prediction": np.where(chance > 0.5, "yes", "no")})
    said["p_no"], said["p_yes"] = 1 - chance, chance
    with mp.open(tmp_path / "ws") as ws:
        ws.add_dataset("d", frame, label="y", weight="weight", positive="yes")
        yield ws.add_predictions("m", "d", said)


@pytest.mark.parametrize(
    "asked",
    [
        lambda ev: ev.overview(where=WHERE),
        lambda ev: ev.cards(where=WHERE),
        lambda ev: ev.slices(where=WHERE),
        lambda ev: ev.thresholds(where=WHERE),
        lambda ev: ev.explore(WHERE),
    ],
    ids=["overview", "cards", "slices", "thresholds", "explore"],
)
def test_pages_of_rows_without_weight_open(
    ev: mp.Evaluation, asked: Callable[[mp.Evaluation], Any]
) -> None:
    assert asked(ev).to_dict()


def test_what_cannot_be_said_is_refused(ev: mp.Evaluation) -> None:
    with pytest.raises(EmptyCohort, match="has weight 0") as caught:
        ev.workspace.changed(ev, ev, where=WHERE)
    assert caught.value.known == "Such rows do not count; these are 200 rows."
    with pytest.raises(BadOption, match="no row of"):
        ev.uncertainty(where=WHERE)
    for given in ({"where": WHERE}, {"calibration": WHERE}, {"calibration": "weight = 1"}):
        with pytest.raises(BadOption, match="weigh 0"):
            ev.conformal(**given)
