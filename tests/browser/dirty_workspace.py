"""Loans with what goes wrong with data: stand-ins, gaps, spellings, doubles, a leak."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

import mispredict as mp

DOUBLES, CONTRADICTING, KNOWN, MISSING = 50, 20, 120, 140  # rows


def loans(n: int, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    age = rng.integers(18, 80, n).astype(float)
    income = np.round(rng.lognormal(10, 0.5, n), 2)
    amount = np.round(rng.lognormal(9, 0.6, n))
    region = rng.choice(["north", "south", "east", "west"], n)
    risk = -1 + 2 * amount / income - (age - 40) / 40 + 0.8 * (region == "south")
    is_late = rng.random(n) < 1 / (1 + np.exp(-risk))
    return pd.DataFrame(
        {
            "loan": np.arange(n) + seed * 100_000,
            "age": age,
            "income": income,
            "region": region,
            "job": rng.choice(["clerk", "nurse", "driver", "teacher"], n),
            "amount": amount,
            "default": np.where(is_late, "yes", "no"),
            # Letters about the default itself: known only afterwards.
            "letters": np.where(is_late, rng.integers(1, 5, n), rng.random(n) < 0.03).astype(int),
        }
    )


def dirty(clean: pd.DataFrame, learned: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The next version, in which all of it went wrong."""
    rng = np.random.default_rng(seed)
    frame = clean.copy()
    n = len(frame)
    frame.loc[rng.choice(n, 90, replace=False), "job"] = "N/A"
    gone = rng.choice(n, MISSING, replace=False)
    frame.loc[gone, "age"] = np.nan
    frame.loc[gone, "default"] = rng.choice(["yes", "no"], MISSING)
    spelled = rng.choice(n, 60, replace=False)
    frame.loc[spelled, "region"] += " "
    doubles = frame.iloc[rng.choice(n, DOUBLES, replace=False)].copy()
    doubles["loan"] = np.arange(DOUBLES) + 900_000
    other = doubles.index[:CONTRADICTING]
    doubles.loc[other, "default"] = np.where(doubles.loc[other, "default"] == "yes", "no", "yes")
    known = learned.iloc[:KNOWN].assign(loan=np.arange(KNOWN) + 910_000)
    return pd.concat([frame, doubles, known], ignore_index=True).assign(branch="main")


def make(folder: Path) -> Path:
    """A workspace of `loans@1`, `loans@2` with a model's predictions, and `train@1`."""
    learned, first = loans(3_000, 1), loans(2_000, 2)
    second = dirty(first, learned, 5)
    with mp.open(folder) as workspace:
        workspace.add_dataset("train", learned, label="default", id="loan")
        workspace.add_dataset("loans", first, label="default", id="loan")
        workspace.add_dataset("loans", second, label="default", id="loan")
        risk = 2 * second["amount"] / second["income"] - (second["age"].fillna(48) - 40) / 40
        late = 1 / (1 + np.exp(1 - risk))
        said = pd.DataFrame(
            {
                "loan": second["loan"],
                "prediction": np.where(late > 0.5, "yes", "no"),
                "p_no": 1 - late,
                "p_yes": late,
            }
        )
        workspace.add_predictions("rule", "loans", said)
    return folder
