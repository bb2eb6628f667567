"""Models with scikit-learn's interface: `predict`, and `predict_proba` where they have it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from mispredict.core.errors import BadOption
from mispredict.core.task import Scalar
from mispredict.models.describing import class_name, content_hash, libraries, parameters
from mispredict.models.inputs import Feed
from mispredict.models.protocol import Answer, Array, scalars

if TYPE_CHECKING:
    import pandas as pd

# Modules whose `predict` is the most probable class of `predict_proba`, so that one call does.
# Elsewhere (SVC, tuned thresholds, estimators of users) the two can differ: both are called.
_ARGMAX = (
    "sklearn.ensemble._forest",
    "sklearn.ensemble._hist_gradient_boosting",
    "sklearn.ensemble._gb",
    "sklearn.linear_model._logistic",
    "sklearn.naive_bayes",
    "sklearn.tree",
    "sklearn.neural_network",
    "lightgbm.sklearn",
    "xgboost.sklearn",
)


class SklearnModel:
    """An estimator or pipeline, called through `predict_proba` and `predict`.

    Without `predict_proba` there are no probabilities: a decision function is not one.

    Args:
        estimator: fitted; anything with `predict`.
        input: the form of its rows, see `Feed`; None decides from how it was fitted.
        classes: names of its classes, in the order of `classes_` (or of the outputs).
        version: who vouches that models of one version answer alike; replaces the content's hash.
    """

    kind = "sklearn"

    def __init__(
        self,
        estimator: Any,
        *,
        input: str | None = None,  # noqa: A002 - the word users know from `wrap`
        classes: Sequence[Scalar] | None = None,
        name: str | None = None,
        version: str | None = None,
    ) -> None:
        self.estimator = estimator
        self.name = name or type(estimator).__name__
        self._classes = None if classes is None else tuple(classes)
        self._version = version
        self._feed = _feed_of(estimator) if input is None else Feed.parse(input)

    def __repr__(self) -> str:
        return f"SklearnModel({self.name!r}, input={str(self._feed)!r})"

    def describe(self) -> dict[str, Any]:
        steps = [type(part).__module__ for part in (self.estimator, last_step(self.estimator))]
        return {
            "kind": self.kind,
            "name": self.name,
            "class": class_name(self.estimator),
            "estimator": class_name(last_step(self.estimator)),
            "libraries": libraries(steps),
            "parameters": parameters(self.estimator),
            "columns": list(_fitted_names(self.estimator)) or None,
            "classes": None if self.classes is None else list(self.classes),
            "input": str(self._feed),
            "has_probabilities": hasattr(self.estimator, "predict_proba"),
            "version": self._version,
        }

    @property
    def classes(self) -> tuple[Scalar, ...] | None:
        """Names of the classes; None for a regression or outputs without names."""
        if self._classes is not None:
            return self._classes
        found = getattr(self.estimator, "classes_", None)
        if found is None or isinstance(found, list):
            return None
        return scalars(found)

    def fingerprint(self) -> str | None:
        options = [self.kind, str(self._feed), self._classes]
        if self._version is not None:
            return content_hash(self._version, self.name, *options)
        return content_hash(self.estimator, *options)

    def fed(self, batch: pd.DataFrame) -> Any:
        """The batch in the form in which the estimator is given it."""
        return self._feed.take(batch)

    def predict(self, batch: pd.DataFrame) -> Answer:
        rows = self._feed.take(batch)
        if not any(hasattr(self.estimator, name) for name in ("classes_", "predict_proba")):
            values = np.asarray(self.estimator.predict(rows))
            return Answer(values=values, raw=values)
        if not hasattr(self.estimator, "predict_proba"):
            found = self._named(np.asarray(self.estimator.predict(rows)))
            return Answer(labels=found, classes=self.classes, raw=found)
        raw = self.estimator.predict_proba(rows)
        probabilities = _stacked(raw, self.estimator)
        labels = None
        if not self._is_argmax():
            labels = self._named(np.asarray(self.estimator.predict(rows)))
        return Answer(labels=labels, probabilities=probabilities, classes=self.classes, raw=raw)

    def _is_argmax(self) -> bool:
        return type(last_step(self.estimator)).__module__.startswith(_ARGMAX)

    def _named(self, labels: Array) -> Array:
        """Labels with the estimator's own classes replaced by the names that were given."""
        own = getattr(self.estimator, "classes_", None)
        if self._classes is None or own is None or isinstance(own, list) or labels.ndim == 2:
            return labels
        own = np.asarray(own)
        if len(own) != len(self._classes):
            raise BadOption(
                f"classes has {len(self._classes)} names for {len(own)} classes.",
                known=f"The estimator's classes are {own.tolist()}.",
            )
        return np.array(self._classes)[np.searchsorted(own, labels)]


def last_step(estimator: Any) -> Any:
    """The part that predicts: the end of a pipeline, the best of a search."""
    for name in ("best_estimator_", "steps"):
        inner = getattr(estimator, name, None)
        if inner:
            return last_step(inner[-1][1] if name == "steps" else inner)
    return estimator


def first_step(estimator: Any) -> Any:
    """The part that sees the rows first."""
    for name in ("best_estimator_", "steps", "estimator_", "estimator", "calibrated_classifiers_"):
        inner = getattr(estimator, name, None)
        if inner is not None and not isinstance(inner, str):
            if name == "steps":
                return first_step(inner[0][1])
            return first_step(inner[0] if isinstance(inner, list) else inner)
    return estimator


def _feed_of(estimator: Any) -> Feed:
    """The form of rows that it was fitted on.

    Its column names if it has them; else its first step says: a text vectorizer takes one
    text per row, a DictVectorizer records; else it was fitted on an array without names.
    """
    names = _fitted_names(estimator)
    if names:
        return Feed("frame", columns=names)
    first = first_step(estimator)
    if _is_text_step(first):
        return Feed("text")
    if type(first).__name__ == "DictVectorizer":
        return Feed("records")
    return Feed("array" if getattr(estimator, "n_features_in_", None) else "frame")


def _fitted_names(estimator: Any) -> tuple[str, ...]:
    names = getattr(estimator, "feature_names_in_", None)
    if names is None:  # LightGBM and XGBoost raise or lack it when fitted on arrays
        return ()
    return tuple(str(name) for name in names)


def _is_text_step(step: Any) -> bool:
    from sklearn.feature_extraction import text

    kinds = (text.CountVectorizer, text.HashingVectorizer)  # Tfidf is a CountVectorizer
    if isinstance(step, kinds):
        return True
    parts = getattr(step, "transformer_list", None) or []  # of a FeatureUnion
    return len(parts) > 0 and all(_is_text_step(first_step(part)) for _, part in parts)


def _stacked(raw: Any, estimator: Any) -> Array:
    """(n, K) probabilities; a list of (n, 2), one per label, becomes its second columns."""
    if not isinstance(raw, list):
        return np.asarray(raw)
    classes = getattr(estimator, "classes_", None) or [None] * len(raw)
    columns = [_of_true(np.asarray(part), own) for part, own in zip(raw, classes, strict=True)]
    return np.stack(columns, axis=1)


def _of_true(part: Array, own: Any) -> Array:
    """The probability of 1 in an output that may have seen only one of 0 and 1."""
    if part.shape[1] == 2:
        return part[:, 1]
    only = bool(np.asarray(own).ravel()[0]) if own is not None else False
    return part[:, 0] if only else 1 - part[:, 0]
