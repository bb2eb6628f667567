"""The bank customers of the documentation's examples: made up, seeded, with a planted weakness.

Who leaves follows from age, country, activity and products, and a model can learn it; but
Germans from 50 on leave almost by chance, so that is where every model is wrong.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

ROWS = 4_000
MESSAGES = (
    "please close my account",
    "the app does not start",
    "thank you, all is well",
    "why was my card declined?",
    "what is the interest rate?",
)


@cache
def customers(seed: int) -> pd.DataFrame:
    """Customers with what is known of them and whether they left."""
    draw = np.random.default_rng(seed)
    age = draw.integers(18, 81, ROWS)
    country = draw.choice(["France", "Germany", "Spain"], ROWS, p=[0.5, 0.25, 0.25])
    active = draw.random(ROWS) < 0.6
    products = draw.choice([1, 2, 3], ROWS, p=[0.5, 0.4, 0.1])
    wish = (age - 45) / 6 - 2 * active + 1.5 * (products == 1) + (country == "Germany")
    chance = 1 / (1 + np.exp(-4 * wish))
    chance = np.where((country == "Germany") & (age >= 50), 0.55, chance)
    left = draw.random(ROWS) < chance
    since = pd.Timestamp("2024-01-01") + pd.to_timedelta(draw.integers(0, 8_760, ROWS), "h")
    closing = draw.random(ROWS) < np.where(left, 0.3, 0.05)
    message = np.where(closing, MESSAGES[0], draw.choice(MESSAGES[1:], ROWS))
    return pd.DataFrame(
        {
            "CustomerId": seed * 100_000 + np.arange(ROWS),
            "Geography": country,
            "Age": age,
            "Balance": np.where(draw.random(ROWS) < 0.1, np.nan, draw.gamma(2, 4e4, ROWS)).round(2),
            "NumOfProducts": products,
            "IsActiveMember": active,
            "Since": since,
            "Message": message,
            "Exited": np.where(left, "yes", "no"),
        }
    )


@cache
def pipeline() -> Pipeline:
    """Gradient boosting on other customers than the examples'."""
    inputs = ["Geography", "Age", "Balance", "NumOfProducts", "IsActiveMember"]
    train = customers(1)
    columns = make_column_transformer(
        (OneHotEncoder(), ["Geography"]), remainder="passthrough", sparse_threshold=0
    )
    boosting = HistGradientBoostingClassifier(max_iter=40, random_state=0)
    return make_pipeline(columns, boosting).fit(train[inputs], train["Exited"])


def write(folder: Path) -> None:
    """Write the files that the examples read."""
    test = customers(2)
    customers(1).to_parquet(folder / "train.parquet", index=False)
    test.to_parquet(folder / "test.parquet", index=False)
    test.to_csv(folder / "test.csv", index=False)
    joblib.dump(pipeline(), folder / "churn.joblib")
    probabilities = pipeline().predict_proba(test[list(pipeline().feature_names_in_)])
    frame = test[["CustomerId"]].copy()
    frame["prediction"] = pipeline().predict(test[list(pipeline().feature_names_in_)])
    for place, name in enumerate(pipeline().classes_):
        frame[f"p_{name}"] = probabilities[:, place].round(6)
    frame.to_csv(folder / "predictions.csv", index=False)
