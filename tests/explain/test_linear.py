"""Linear models are explained by what they add up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression, PoissonRegressor, Ridge
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, PolynomialFeatures, StandardScaler
from sklearn.svm import LinearSVC

from mispredict.core.errors import BadOption
from mispredict.core.schema import ColumnType
from mispredict.core.task import Task, TaskKind
from mispredict.explain.attributions import Subject, choose

from .subjects import VALUE, YES_NO, subject, targets

KINDS = {"age": ColumnType.NUMERIC, "debt": ColumnType.NUMERIC, "city": ColumnType.CATEGORICAL}
THREE = Task(TaskKind.MULTICLASS, ("a", "b", "c"))


def frame(n: int = 200) -> pd.DataFrame:
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "age": rng.normal(40, 10, n),
            "debt": rng.normal(size=n),
            "city": rng.choice(["Rome", "Oslo", "Bern"], n),
        }
    )


def labels(rows: pd.DataFrame) -> Any:
    rng = np.random.default_rng(1)
    score = rows["debt"] + (rows["city"] == "Oslo") + rng.normal(size=len(rows))
    return np.where(score > 0.4, "yes", "no")


def asked(model: Any, rows: pd.DataFrame, task: Task, y: Any) -> Subject:
    prepare = make_column_transformer(
        (StandardScaler(), ["age", "debt"]), (OneHotEncoder(), ["city"])
    )
    return subject(make_pipeline(prepare, model).fit(rows, y), rows, task=task, kinds=KINDS)


@pytest.mark.parametrize(
    "is_scaled", [False, True], ids=["alone", "after a step that makes frames"]
)
def test_a_model_that_is_given_a_frame(is_scaled: bool) -> None:
    rows = frame()[["age", "debt"]]
    steps = [StandardScaler().set_output(transform="pandas")] if is_scaled else []
    fitted = make_pipeline(*steps, LogisticRegression()).fit(rows, labels(frame()))
    kinds = {name: KINDS[name] for name in rows}
    made = subject(fitted if is_scaled else fitted[-1], rows, task=YES_NO, kinds=kinds)
    batch = choose(made, "linear").explainer.explain(rows, targets(200, 1))
    decision = made.model.estimator.decision_function(rows)  # type: ignore[attr-defined]
    np.testing.assert_allclose(batch.base + batch.values.sum(axis=1), decision)


@pytest.mark.parametrize(
    ("model", "scale"),
    [(LogisticRegression(), "log-odds"), (LinearSVC(), "decision value")],
    ids=["logistic", "support vectors"],
)
def test_classes(model: Any, scale: str) -> None:
    rows = frame()
    made = asked(model, rows, YES_NO, labels(rows))
    choice = choose(made)
    assert choice.explainer.method == "linear"
    assert choice.explainer.scale == scale
    batch = choice.explainer.explain(rows, targets(200, 1))
    decision = made.model.estimator.decision_function(rows)  # type: ignore[attr-defined]
    np.testing.assert_allclose(batch.output, decision)
    np.testing.assert_allclose(batch.base + batch.values.sum(axis=1), decision)
    other = choice.explainer.explain(rows, targets(200, 0))
    np.testing.assert_allclose(other.values, -batch.values)
    city = pd.Series(batch.values[:, 2]).groupby(rows["city"]).agg(["min", "max"])
    np.testing.assert_allclose(city["min"], city["max"])


def test_several_classes() -> None:
    rows = frame()
    names = np.digitize(rows["debt"], [-0.5, 0.5])
    made = asked(LogisticRegression(), rows, THREE, np.array(["a", "b", "c"])[names])
    explainer = choose(made).explainer
    assert explainer.scale == "score before softmax"
    decision = made.model.estimator.decision_function(rows)  # type: ignore[attr-defined]
    for code in range(3):
        batch = explainer.explain(rows, targets(200, code))
        np.testing.assert_allclose(batch.base + batch.values.sum(axis=1), decision[:, code])


@pytest.mark.parametrize(
    ("model", "scale"), [(Ridge(), "value"), (PoissonRegressor(), "log of the value")]
)
def test_values(model: Any, scale: str) -> None:
    rows = frame()
    made = asked(model, rows, VALUE, np.exp(rows["debt"]))
    explainer = choose(made).explainer
    assert explainer.scale == scale
    batch = explainer.explain(rows, targets(200))
    said = made.model.predict(rows).values
    assert said is not None
    expected = np.log(said) if scale.startswith("log") else said
    np.testing.assert_allclose(batch.base + batch.values.sum(axis=1), expected)


def test_products_of_inputs_are_not_shared_out() -> None:
    rows = frame()
    model = make_pipeline(PolynomialFeatures(2), LogisticRegression(max_iter=5000))
    numbers = rows[["age", "debt"]] / [40, 1]
    model.fit(numbers, labels(rows))
    made = subject(model, numbers, task=YES_NO)
    with pytest.raises(BadOption) as error:
        choose(made, "linear")
    assert "made of several inputs" in error.value.known
    assert choose(made).explainer.method == "enumeration"
