"""Visits of people, and versions of a model that is wrong about the old ones."""

from __future__ import annotations

import numpy as np
import pandas as pd

import mispredict as mp

N = 600


def visits(seed: int = 0) -> pd.DataFrame:
    """Visits of 200 people, two thirds of whom are young."""
    draw = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "id": np.arange(N),
            "person": np.arange(N) % 200,
            "age": draw.integers(18, 90, N),
            "city": draw.choice(["Rome", "Oslo"], N),
            "y": draw.choice(["no", "yes"], N),
        }
    )


def said(frame: pd.DataFrame, wrong: np.ndarray, seed: int = 1) -> pd.DataFrame:
    """Predictions that are wrong with the given chance of each row."""
    is_wrong = np.random.default_rng(seed).random(len(frame)) < wrong
    other = frame["y"].map({"no": "yes", "yes": "no"})
    return pd.DataFrame({"id": frame["id"], "prediction": frame["y"].where(~is_wrong, other)})


def version(ws: mp.Workspace, number: int, bad: float) -> mp.Evaluation:
    """A version of the model that is wrong about the old as often as is said."""
    frame = visits()
    made = ws.store.commit("model", "m", spec={"kind": "predictions", "place": None, "describe": {},
                                                "fingerprint": str(number)})  # fmt: skip
    wrong = np.where(frame["age"] > 60, bad, 0.03)
    return ws.add_predictions(str(made.ref), "visits", said(frame, wrong))
