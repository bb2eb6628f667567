"""Small models that are known through and through, and a workspace to ask them in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

import mispredict as mp

N = 300


def loans(rows: int = N, seed: int = 0) -> pd.DataFrame:
    """People who ask for a loan; nothing is missing but some incomes."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "person": [f"p{i}" for i in range(rows)],
            "age": random.integers(18, 80, rows),
            "income": np.round(random.gamma(4, 10, rows), 1),
            "debt": np.round(random.gamma(2, 5, rows), 2),
            "city": random.choice(["Rome", "Oslo", "Bern"], rows, p=[0.5, 0.3, 0.2]),
            "member": random.random(rows) < 0.5,
            "since": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(random.integers(0, 500, rows), "D"),
        }
    )
    frame.loc[random.random(rows) < 0.05, "income"] = np.nan
    frame["granted"] = np.where(scores(frame) + random.normal(0, 0.5, rows) > 0, "yes", "no")
    return frame


def scores(frame: pd.DataFrame) -> np.ndarray:
    """What decides: income helps, debt harms, and members of Oslo are liked."""
    income = frame["income"].fillna(30).to_numpy(float)
    debt = frame["debt"].to_numpy(float)
    city = np.asarray(frame["city"] == "Oslo", float)
    return income / 20 - debt / 5 + city - 0.5 + 0.3 * np.asarray(frame["member"], float)


def lender(frame: pd.DataFrame) -> pd.DataFrame:
    """The model: the probability of a loan by the scores."""
    p = 1 / (1 + np.exp(-scores(frame)))
    return pd.DataFrame({"no": 1 - p, "yes": p})


def evaluated(
    ws: mp.Workspace, model: Callable[[pd.DataFrame], Any] = lender, **options: Any
) -> mp.Evaluation:
    """The model evaluated on the loans."""
    ws.add_dataset("loans", loans(), label="granted", id="person")
    ws.add_model("lender", model, version="1", **options)
    return ws.evaluate("lender", "loans")
