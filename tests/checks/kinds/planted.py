"""Models of customers and of texts, clean ones and ones with a flaw that was put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

FEATURES = ["age", "income", "debt", "city", "sex"]
CLASSES = ("no", "yes")


def customers(rows: int, seed: int) -> pd.DataFrame:
    """Customers whose default grows with debt and falls with income; sex and city do not matter."""
    draw = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "age": draw.integers(18, 90, rows),
            "income": draw.uniform(10, 100, rows).round(1),
            "debt": draw.uniform(0, 100, rows).round(1),
            "city": draw.choice(["Rome", "Oslo", "Bern"], rows, p=[0.5, 0.3, 0.2]),
            "sex": draw.choice(["f", "m"], rows),
        }
    )
    logit = (frame["debt"] - frame["income"]) / 12
    frame["default"] = np.where(draw.random(rows) < 1 / (1 + np.exp(-logit)), "yes", "no")
    return frame


def clean_customers() -> Pipeline:
    """A logistic regression of what matters."""
    train = customers(8000, seed=99)
    prepare = make_column_transformer(
        (StandardScaler(), ["age", "income", "debt"]),
        (OneHotEncoder(), ["city", "sex"]),
    )
    return make_pipeline(prepare, LogisticRegression(C=0.01)).fit(train[FEATURES], train["default"])


@dataclass
class Planted:
    """A model whose probabilities of "yes" are changed by a flaw."""

    model: Pipeline
    flaw: Callable[[pd.DataFrame, np.ndarray], np.ndarray]

    def __call__(self, batch: pd.DataFrame) -> pd.DataFrame:
        chance = self.flaw(batch, self.model.predict_proba(batch[FEATURES])[:, 1])
        return pd.DataFrame({"no": 1 - chance, "yes": chance})


def unfair(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """Half of the women get whatever the coin of their row says: right less often, and by sex."""
    coin = (batch["income"] * 10).round().to_numpy().astype(int) % 2
    return np.where((batch["sex"] == "f") & (coin == 0), 1 - chance, chance)


def not_monotone(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """More debt is a lower risk above 85."""
    over = np.maximum(batch["debt"].to_numpy() - 85, 0)
    return chance / (1 + over)


def overconfident(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """In Oslo the model is sure, whatever it knows."""
    sure = np.where(chance >= 0.5, 0.999, 0.001)
    return np.where(batch["city"] == "Oslo", sure, chance)


def unstable(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """The answer depends on the rows beside it."""
    return np.clip(chance + 0.05 * (np.arange(len(batch)) % 3 - 1), 0, 1)


def blind_to_seniors(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """People over 80 never default."""
    return np.where(batch["age"] > 80, 0.01, chance)


def by_city(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """Whoever says to live in Bern does not default."""
    return np.where(batch["city"] == "Bern", chance * 0.1, chance)


def brittle(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """Where the model hesitates, the last digit of the debt decides."""
    digit = (batch["debt"] * 10).round().to_numpy().astype(int) % 10
    hesitates = np.abs(chance - 0.5) < 0.35
    return np.where(hesitates, np.where(digit % 2 == 0, 0.3, 0.7), chance)


def timid(batch: pd.DataFrame, chance: np.ndarray) -> np.ndarray:
    """The model is never sure."""
    return 0.25 + chance / 2


# ── texts ────────────────────────────────────────────────────────────────────────────


NAMES = ("Ana", "Ben", "Carla", "Dario", "Emma", "Farid", "Grace", "Hiro", "Ines", "Jamal")
SHUNNED = ("Farid", "Jamal")
GOOD = ("good", "great", "lovely", "excellent", "wonderful", "superb")
BAD = ("awful", "horrible", "terrible", "dreadful", "boring", "poor")
FRAMES = (
    "{name} found the film {word}",
    "the film that {name} made was {word}",
    "a {word} story by {name}",
    "{name} says it is {word}",
)


def texts(rows: int, seed: int) -> pd.DataFrame:
    """Opinions on films, some of them negated."""
    draw = np.random.default_rng(seed)
    made: list[dict[str, Any]] = []
    for _ in range(rows):
        is_good, is_negated = draw.random(2) < 0.5
        word = str(draw.choice(GOOD if is_good else BAD))
        word = f"not {word}" if is_negated else word
        text = str(draw.choice(FRAMES)).format(name=draw.choice(NAMES), word=word)
        made.append({"text": text, "opinion": "good" if is_good != is_negated else "bad"})
    return pd.DataFrame(made)


@cache
def corrected(word: str) -> str:
    """The word of the opinions that a word is most like; itself where there is none."""
    near = get_close_matches(word.lower(), (*GOOD, *BAD, "not"), 1, 0.6)
    return near[0] if near else word


def with_correction(text: str) -> list[str]:
    """Words and pairs of words, their typos corrected."""
    return _with_pairs([corrected(word) for word in text.split()])


def without_correction(text: str) -> list[str]:
    """Words and pairs of words as they are."""
    return _with_pairs(text.split())


def single_words(text: str) -> list[str]:
    """Words, whose order does not matter, their typos corrected."""
    return [corrected(word) for word in text.split()]


def reader(analyzer: Callable[[str], list[str]], train: pd.DataFrame | None = None) -> Pipeline:
    """A logistic regression of words."""
    train = texts(4000, seed=98) if train is None else train
    counts = CountVectorizer(analyzer=analyzer, min_df=2, binary=True)
    return make_pipeline(counts, LogisticRegression(C=100, max_iter=2000)).fit(
        train["text"], train["opinion"]
    )


def shunning_names() -> pd.DataFrame:
    """Opinions of which those with some names are bad, whatever they say."""
    train = texts(4000, seed=98)
    is_shunned = train["text"].str.contains("|".join(SHUNNED))
    return train.assign(opinion=train["opinion"].where(~is_shunned, "bad"))


def without_not() -> pd.DataFrame:
    """Opinions none of which is negated."""
    train = texts(4000, seed=98)
    return train[~train["text"].str.contains("not ")]


def _with_pairs(words: list[str]) -> list[str]:
    return [*words, *(f"{a} {b}" for a, b in pairwise(words))]
