"""Which input each encoded column was made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.decomposition import PCA
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.feature_selection import SelectKBest
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    OneHotEncoder,
    OrdinalEncoder,
    PolynomialFeatures,
    StandardScaler,
)

from mispredict.explain.encoding import MIXED, encoding_of


def frame(n: int = 60) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": np.where(rng.random(n) < 0.2, np.nan, rng.normal(size=n)),
            "city": rng.choice(["Rome", "Oslo", "Bern"], n),
            "kind": rng.choice(["a", "b"], n),
            "note": rng.choice(["all is well", "bad food", "never again"], n),
            "debt": rng.normal(size=n),
        }
    )


def doubled(rows: Any) -> Any:
    return np.column_stack([np.asarray(rows)[:, 1], np.asarray(rows)[:, 0], rows])


CASES: dict[str, tuple[Any, list[int]]] = {
    "indicators and numbers": (
        make_column_transformer(
            (OneHotEncoder(), ["city", "kind"]), (StandardScaler(), ["debt", "age"])
        ),
        [1, 1, 1, 2, 2, 4, 0],
    ),
    "first category dropped": (
        make_column_transformer((OneHotEncoder(drop="first"), ["city", "kind"])),
        [1, 1, 2],
    ),
    "missing as a column": (
        make_column_transformer(
            (SimpleImputer(add_indicator=True), ["debt", "age"]), ("passthrough", ["kind"])
        ),
        [4, 0, 0, 2],
    ),
    "pipeline inside": (
        make_column_transformer(
            (make_pipeline(SimpleImputer(), StandardScaler()), ["age"]),
            (make_pipeline(OrdinalEncoder(), OneHotEncoder()), ["kind", "city"]),
        ),
        [0, 2, 2, 1, 1, 1],
    ),
    "words": (
        make_column_transformer((TfidfVectorizer(), "note"), (StandardScaler(), ["debt"])),
        [3] * 7 + [4],
    ),
    "a stranger's step": (
        make_column_transformer((FunctionTransformer(doubled), ["debt", "age"])),
        [0, 4, 4, 0],
    ),
    "products": (
        make_column_transformer(
            (make_pipeline(SimpleImputer(), PolynomialFeatures(2, include_bias=False)),
             ["debt", "age"])
        ),
        [4, 0, 4, MIXED, 0],
    ),
    "mixtures": (
        make_column_transformer((make_pipeline(SimpleImputer(), PCA(1)), ["debt", "age"])),
        [MIXED],
    ),
    "mixtures of one": (
        make_column_transformer((make_pipeline(TfidfVectorizer(), PCA(2)), "note")),
        [3, 3],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_origin_of_each_column(name: str) -> None:
    step, expected = CASES[name]
    rows = frame()
    step.fit(rows)
    found = encoding_of([step], rows, rows.shape[1])
    assert found.origins.tolist() == expected
    encoded = found.encode(rows)
    assert encoded.shape[1] == len(expected)


def test_selected_columns_keep_their_origin() -> None:
    rows = frame()
    first = make_column_transformer((OneHotEncoder(), ["city", "kind"]))
    labels = np.where(np.random.default_rng(0).random(60) < 0.8, rows["kind"] == "a", False)
    steps = [first.fit(rows)]
    steps.append(SelectKBest(k=2).fit(steps[0].transform(rows), labels))
    found = encoding_of(steps, rows, rows.shape[1])
    assert found.origins.tolist() == [2, 2]
