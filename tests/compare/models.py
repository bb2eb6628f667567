"""Two models on the same made-up rows: differing in one cohort, or by their seed alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import mispredict as mp

PLANTED = "city = 'Oslo' AND age >= 60"


def rows(n: int, seed: int) -> pd.DataFrame:
    """Rows with columns of several kinds, and a label that they half explain."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": np.arange(n),
            "age": random.integers(18, 90, n),
            "city": random.choice(["Rome", "Oslo", "Bern", "Wien"], n),
            "member": random.random(n) < 0.5,
            "balance": random.gamma(2, 500, n).round(2),
            "plan": random.choice(list("abcdefgh"), n),
            "score": random.normal(size=n),
        }
    )
    chance = 1 / (1 + np.exp(-(frame["score"] + (frame["age"] - 54) / 20)))
    return frame.assign(y=np.where(random.random(n) < chance, "yes", "no"))


def answers(frame: pd.DataFrame, wrong: Any, random: np.random.Generator) -> pd.DataFrame:
    """Predictions that are wrong in these rows, with probabilities."""
    is_yes = (frame["y"] == "yes").to_numpy() ^ np.asarray(wrong)
    chance = random.uniform(0.5, 1, len(frame))
    positive = np.where(is_yes, chance, 1 - chance)
    said = np.where(is_yes, "yes", "no")
    return pd.DataFrame(
        {"id": frame["id"], "prediction": said, "no": 1 - positive, "yes": positive}
    )


def planted(folder: Path, seed: int, *, n: int = 5000, share: float = 0.3) -> mp.Workspace:
    """A workspace with models "a" and "b", alike but in the planted cohort, where b is worse."""
    random = np.random.default_rng(seed + 10_000)
    frame = rows(n, seed)
    ws = mp.open(folder)
    ws.add_dataset("d", frame, label="y", id="id")
    wrong = random.random(n) < 0.15
    inside = ((frame["city"] == "Oslo") & (frame["age"] >= 60)).to_numpy()
    worse = wrong | (inside & (random.random(n) < share))
    ws.add_predictions("a", "d", answers(frame, wrong, random))
    ws.add_predictions("b", "d", answers(frame, worse, random))
    return ws


def by_seed(folder: Path, seed: int, *, n: int = 3000) -> mp.Workspace:
    """A workspace with the same forest fitted with two seeds."""
    from sklearn.ensemble import RandomForestClassifier

    frame, train = rows(n, seed), rows(1500, seed + 50_000)
    inputs = ["age", "member", "balance", "score"]
    ws = mp.open(folder)
    ws.add_dataset("d", frame, label="y", id="id")
    for name, state in (("a", 2 * seed), ("b", 2 * seed + 1)):
        forest = RandomForestClassifier(20, min_samples_leaf=5, random_state=state, n_jobs=1)
        forest.fit(train[inputs], train["y"])
        chance = forest.predict_proba(frame[inputs])[:, 1]
        said = np.where(chance >= 0.5, "yes", "no")
        table = {"id": frame["id"], "prediction": said, "no": 1 - chance, "yes": chance}
        ws.add_predictions(name, "d", pd.DataFrame(table))
    return ws


def jaccard(ws: mp.Workspace, found: str, wanted: str = PLANTED) -> float:
    """How far two cohorts are the same rows."""
    evaluation = ws.evaluation("b/d")
    one, other = evaluation.mask(found), evaluation.mask(wanted)
    return float((one & other).sum() / max(1, (one | other).sum()))
