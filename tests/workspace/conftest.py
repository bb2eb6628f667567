from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

import mispredict as mp


def people(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """People whose churn depends on age and city, with missing values here and there."""
    random = np.random.default_rng(seed)
    age = random.integers(18, 90, rows).astype(float)
    city = random.choice(["Rome", "Oslo", "Bern"], rows, p=[0.5, 0.3, 0.2])
    logit = (age - 50) / 12 + np.where(city == "Oslo", 1.5, 0)
    return pd.DataFrame(
        {
            "user_id": [f"u{i}" for i in range(rows)],
            "age": np.where(random.random(rows) < 0.03, np.nan, age),
            "city": pd.Series(city).where(random.random(rows) > 0.02, None),
            "member": random.random(rows) < 0.5,
            "since": pd.Timestamp("2024-01-01")
            + pd.to_timedelta(random.integers(0, 500, rows), "D"),
            "note": [
                f"customer number {i} said that all is {'well' if i % 3 else 'bad'} today"
                for i in range(rows)
            ],
            "churn": np.where(random.random(rows) < 1 / (1 + np.exp(-logit)), "yes", "no"),
        }
    )


@pytest.fixture(scope="session")
def frame() -> pd.DataFrame:
    return people()


@pytest.fixture(scope="session")
def pipeline(frame: pd.DataFrame) -> Pipeline:
    from sklearn.impute import SimpleImputer

    prepare = make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), ["age"]),
        (OneHotEncoder(handle_unknown="ignore"), ["city"]),
    )
    train = people(2000, seed=1)
    return make_pipeline(prepare, LogisticRegression()).fit(train[["age", "city"]], train["churn"])


@pytest.fixture
def ws(tmp_path: Path) -> Iterator[mp.Workspace]:
    with mp.open(tmp_path / "ws") as workspace:
        yield workspace


@pytest.fixture(scope="session")
def ev(
    tmp_path_factory: pytest.TempPathFactory, frame: pd.DataFrame, pipeline: Pipeline
) -> Iterator[mp.Evaluation]:
    """A read-only evaluation that many tests look at."""
    with mp.open(tmp_path_factory.mktemp("shared") / "ws") as workspace:
        workspace.add_dataset("people", frame, label="churn", metadata=["note"])
        workspace.add_model("logistic", pipeline)
        yield workspace.evaluate("logistic", "people")
