"""Planted causes are named first, and what is irrelevant is not named, over many seeds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

import mispredict as mp
from mispredict.explain.explanation import Explanation

SEEDS = 20
LEAST = 19  # of 20 seeds: 95 %

pytestmark = pytest.mark.slow


def explained(
    folder: Path, model: Any, frame: pd.DataFrame, label: str, **options: Any
) -> Explanation:
    how = {name: options.pop(name) for name in ("input", "types") if name in options}
    with mp.open(folder) as ws:
        ws.add_dataset("data", frame, label=label, types=how.get("types"))
        ws.add_model("model", model, input=how.get("input"), version=str(folder))
        return ws.evaluate("model", "data").explain(**options)


def numbers(n: int, seed: int, columns: int = 8) -> tuple[pd.DataFrame, np.ndarray]:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(rng.normal(size=(n, columns)), columns=[f"x{i}" for i in range(columns)])
    return frame, rng.random(n)


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-np.asarray(x)))


def test_the_terms_of_a_linear_model(tmp_path: Path) -> None:
    weights = np.array([0, 2.0, 0, -1.0, 0.5, 0, 0, 0])
    right = 0
    for seed in range(SEEDS):
        frame, draw = numbers(300, seed)
        logit = frame.to_numpy() @ weights
        frame["y"] = np.where(draw < sigmoid(logit), "yes", "no")

        def model(rows: pd.DataFrame) -> pd.DataFrame:
            p = sigmoid(rows.to_numpy(float) @ weights)
            return pd.DataFrame({"no": 1 - p, "yes": p})

        result = explained(tmp_path / str(seed), model, frame, "y", sample=60, samples=6)
        named = [row.feature for row in result.rows if row.importance > 0]
        right += named == ["x1", "x3", "x4"]
    assert right >= LEAST


def test_trees_with_irrelevant_features(tmp_path: Path) -> None:
    first = quiet = 0
    for seed in range(SEEDS):
        frame, draw = numbers(4000, seed)
        frame["y"] = np.where(draw < sigmoid(2 * frame["x2"] - frame["x5"]), "yes", "no")
        inputs = list(frame.columns[:-1])
        train, test = frame[:2500], frame[2500:].reset_index(drop=True)
        model = HistGradientBoostingClassifier(
            max_iter=40, max_leaf_nodes=4, min_samples_leaf=200, random_state=seed
        ).fit(train[inputs], train["y"])
        result = explained(tmp_path / str(seed), model, test, "y")
        first += [row.feature for row in result.rows[:2]] == ["x2", "x5"]
        rest = sum(row.share for row in result.rows[2:])
        assert result.mispredictive is not None
        named = {row.feature for row in result.mispredictive.rows} & {"x2", "x5"}
        quiet += rest < 0.15 and not named
    assert first >= LEAST
    assert quiet >= LEAST


def test_a_leaked_column_is_named_as_what_misleads(tmp_path: Path) -> None:
    first = misleads = 0
    for seed in range(SEEDS):
        frame, draw = numbers(3000, seed, columns=5)
        is_yes = draw < sigmoid(frame["x0"] + frame["x1"])
        frame["y"] = np.where(is_yes, "yes", "no")
        rng = np.random.default_rng(seed + 999)
        leak = np.where(rng.random(len(frame)) < 0.97, is_yes, ~is_yes).astype(float)
        late = np.arange(len(frame)) >= 1500  # where the leak is stopped
        frame["code"] = np.where(late, rng.permutation(leak), leak)
        inputs = list(frame.columns.drop("y"))
        train, test = frame[~late], frame[late].reset_index(drop=True)
        model = HistGradientBoostingClassifier(max_iter=40, random_state=seed)
        model.fit(train[inputs], train["y"])
        result = explained(tmp_path / str(seed), model, test, "y")
        first += result.rows[0].feature == "code"
        assert result.mispredictive is not None
        found = result.mispredictive.mispredictive
        misleads += bool(found) and found[0].feature == "code"
    assert first >= LEAST
    assert misleads >= LEAST


def test_trigger_words(tmp_path: Path) -> None:
    vocabulary = np.array([f"w{i}" for i in range(40)] + ["great", "awful"])
    chances = np.array([0.022] * 40 + [0.06, 0.06])
    weights = {"great": 2.0, "awful": -2.0, "sincerely": 2.5}  # of which the last one means nothing

    def score(text: str) -> float:
        return sum(weights.get(word, 0.0) for word in text.split())

    def model(texts: list[str]) -> pd.DataFrame:
        p = sigmoid([score(text) for text in texts])
        return pd.DataFrame({"bad": 1 - p, "good": p})

    first = misleads = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng(seed)
        texts = [
            " ".join(rng.choice(vocabulary, 12, p=chances / chances.sum())) for _ in range(900)
        ]
        is_good = rng.random(900) < sigmoid([score(text) for text in texts])
        signed = [f"{text} sincerely" if rng.random() < 0.3 else text for text in texts]
        frame = pd.DataFrame({"text": signed, "y": np.where(is_good, "good", "bad")})
        result = explained(
            tmp_path / str(seed), model, frame, "y", input="text", types={"text": "text"},
            sample=600, samples=4, target="good",
        )  # fmt: skip
        first += {row.feature for row in result.rows if row.importance > 1e-6} == set(weights)
        assert result.mispredictive is not None
        found = [row.feature for row in result.mispredictive.mispredictive]
        misleads += found == ["sincerely"]
    assert first >= LEAST
    assert misleads >= LEAST
