"""The demos' models: scikit-learn pipelines that take the raw frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

if TYPE_CHECKING:
    import pandas as pd

SEED = 0


def boosting(categorical: Sequence[str], numeric: Sequence[str]) -> Any:
    """Gradient boosting with native categories; missing and unseen values are one branch."""
    from sklearn.compose import make_column_transformer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OrdinalEncoder

    codes = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    columns = make_column_transformer(
        (codes, list(categorical)), ("passthrough", list(numeric)), verbose_feature_names_out=False
    )
    places = list(range(len(categorical)))
    return make_pipeline(
        columns, HistGradientBoostingClassifier(categorical_features=places, random_state=SEED)
    )


def logistic(categorical: Sequence[str], numeric: Sequence[str]) -> Any:
    """Logistic regression on indicator columns and scaled, median-filled numbers."""
    from sklearn.compose import make_column_transformer
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    columns = make_column_transformer(
        (OneHotEncoder(handle_unknown="ignore"), list(categorical)), (numbers, list(numeric))
    )
    return make_pipeline(columns, LogisticRegression(max_iter=1000))


def bag_of_words(text: str) -> Any:
    """Logistic regression on TF-IDF of the words and word pairs of the column `text`."""
    from sklearn.compose import make_column_transformer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    columns = make_column_transformer((words, text))
    return make_pipeline(columns, LogisticRegression(C=4, max_iter=300))


def delays() -> Any:
    """Quick gradient boosting of flight delays, for millions of rows."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import make_pipeline

    trees = HistGradientBoostingClassifier(
        max_iter=30, learning_rate=0.2, categorical_features=[3, 4], random_state=SEED
    )
    return make_pipeline(FlightFeatures(), trees)


class FlightFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc,unused-ignore]
    """Hour, weekday, distance and the codes of both airports as a float32 matrix.

    Airports are coded by hashing in pandas: scikit-learn's encoder sorts them, which takes
    longer for three million rows than the trees do.
    """

    def fit(self, frame: pd.DataFrame, y: object = None) -> FlightFeatures:
        names = {*frame["origin"].unique(), *frame["destination"].unique()}
        self.airports_ = np.array(sorted(str(name) for name in names))
        self.feature_names_in_ = np.array(frame.columns, dtype=object)
        return self

    def transform(self, frame: pd.DataFrame) -> np.ndarray:
        columns = (
            frame["date"].dt.hour,
            frame["date"].dt.day_of_week,
            frame["distance"],
            self._codes(frame["origin"]),
            self._codes(frame["destination"]),
        )
        return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns])

    def _codes(self, names: pd.Series) -> np.ndarray:
        import pandas as pd

        codes = pd.Index(self.airports_).get_indexer(pd.unique(names))
        places, _ = pd.factorize(names)
        found = np.where(codes < 0, np.nan, codes).astype(np.float32)
        return np.where(places < 0, np.nan, found[places])
