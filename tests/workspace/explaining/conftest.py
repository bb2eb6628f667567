"""People whose churn depends on three of four columns, and models of it that are explained."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder

import mispredict as mp

N = 500
INPUTS = ["age", "city", "debt", "noise"]


def people(rows: int = N, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "user_id": [f"u{i}" for i in range(rows)],
            "age": random.integers(18, 90, rows).astype(float),
            "city": random.choice(["Rome", "Oslo", "Bern"], rows),
            "debt": random.normal(size=rows),
            "noise": random.normal(size=rows),
        }
    )
    logit = (frame["age"] - 50) / 12 + np.where(frame["city"] == "Oslo", 1.5, 0) + frame["debt"]
    frame["churn"] = np.where(random.random(rows) < 1 / (1 + np.exp(-logit)), "yes", "no")
    return frame


def trees() -> Pipeline:
    codes = make_column_transformer(
        (OrdinalEncoder(), ["city"]), ("passthrough", ["age", "debt", "noise"])
    )
    boosting = HistGradientBoostingClassifier(
        max_iter=30, categorical_features=[0], random_state=0, min_samples_leaf=50
    )
    train = people(2000, seed=1)
    return make_pipeline(codes, boosting).fit(train[INPUTS], train["churn"])


@pytest.fixture(scope="module")
def model() -> Pipeline:
    return trees()


@pytest.fixture
def ev(ws: mp.Workspace, model: Pipeline) -> mp.Evaluation:
    ws.add_dataset("people", people(), label="churn", id="user_id")
    ws.add_model("gbm", model)
    return ws.evaluate("gbm", "people")


def black_box(model: Pipeline, log: list[int] | None = None) -> Callable[[pd.DataFrame], Any]:
    def predict(frame: pd.DataFrame) -> pd.DataFrame:
        if log is not None:
            log.append(len(frame))
        return pd.DataFrame(model.predict_proba(frame), columns=list(model.classes_))

    return predict


@pytest.fixture
def called(ws: mp.Workspace, model: Pipeline) -> tuple[mp.Evaluation, list[int]]:
    """An evaluation of a model that is known by its answers, and how many rows it was asked."""
    log: list[int] = []
    ws.add_dataset("people", people(), label="churn", id="user_id")
    ws.add_model("box", black_box(model, log), version="1")
    ev = ws.evaluate("box", "people")
    log.clear()
    return ev, log
