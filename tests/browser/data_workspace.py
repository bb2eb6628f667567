"""Loans of two months: some labels are wrong, and incomes of the second month are higher."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import mispredict as mp

WRONG = 30  # labels of the first month


def loans(seed: int, rise: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Loans, and what a rule that knows the truth says of them."""
    rng = np.random.default_rng(seed)
    n = 1_500
    income = rng.normal(50 + rise, 15, n).round(1)
    good = rng.random(n) < 1 / (1 + np.exp(-(income - 50) / 4))
    label = good.copy()
    sure = np.flatnonzero(np.abs(income - 50) > 15)[:WRONG]
    label[sure] = income[sure] < 50
    frame = pd.DataFrame(
        {
            "id": np.arange(n) + seed * 10_000,
            "income": income,
            "age": rng.integers(18, 80, n),
            "city": rng.choice(["Oslo", "Bergen", "Tromsø"], n),
            "paid": np.where(label, "yes", "no"),
        }
    )
    yes = 1 / (1 + np.exp(-(income - 50) / 4))
    said = pd.DataFrame(
        {
            "id": frame["id"],
            "prediction": np.where(yes > 0.5, "yes", "no"),
            "p_no": 1 - yes,
            "p_yes": yes,
        }
    )
    return frame, said


def make(folder: Path) -> Path:
    """A workspace of `rule@1` on `loans@1` and `loans@2`."""
    with mp.open(folder) as workspace:
        for seed, rise, model in ((0, 0.0, "rule"), (1, 8.0, "rule@1")):
            frame, said = loans(seed, rise)
            workspace.add_dataset("loans", frame, label="paid", id="id")
            workspace.add_predictions(model, "loans", said)
    return folder
