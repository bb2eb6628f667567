"""Real scikit-learn models (and LightGBM's) through their adapter."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction import DictVectorizer
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.model_selection import FixedThresholdClassifier, GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import LinearSVC

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.models import run, wrap

TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")
TAGS = Task(TaskKind.MULTILABEL, ("cold", "hot", "wet"))


@pytest.fixture(scope="module")
def churn():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            "age": rng.integers(18, 80, 400),
            "country": rng.choice(["France", "Spain"], 400),
            "note": rng.choice(["late again", "all fine", "very late"], 400),
        }
    )
    return frame, np.where((frame["age"] > 50) | frame["note"].str.contains("late"), "yes", "no")


def columns():
    return ColumnTransformer(
        [("kind", OneHotEncoder(), ["country"]), ("number", StandardScaler(), ["age"])]
    )


@pytest.mark.parametrize(
    "last",
    [
        LogisticRegression(),
        RandomForestClassifier(n_estimators=5, random_state=0),
        CalibratedClassifierCV(LogisticRegression(), cv=2),
        FixedThresholdClassifier(LogisticRegression(), threshold=0.9),
        GridSearchCV(LogisticRegression(), {"C": [0.1, 1]}, cv=2),
    ],
    ids=lambda value: type(value).__name__,
)
def test_pipelines_with_probabilities(churn, last):
    frame, label = churn
    model = make_pipeline(columns(), last).fit(frame, label)
    found = run(wrap(model), frame.assign(extra=1)[["extra", "note", "country", "age"]], task=TASK)
    assert (found.labels == model.predict(frame)).all()
    np.testing.assert_allclose(found.probabilities, model.predict_proba(frame))


@pytest.mark.parametrize("last", [LinearSVC(), RidgeClassifier()], ids=["svc", "ridge"])
def test_a_decision_function_is_not_a_probability(churn, last):
    frame, label = churn
    model = make_pipeline(columns(), last).fit(frame, label)
    found = run(wrap(model), frame, task=TASK)
    assert found.probabilities is None
    assert (found.labels == model.predict(frame)).all()


def test_one_call_is_enough_where_labels_are_the_most_probable(churn):
    frame, label = churn
    calls = []

    class Counting(RandomForestClassifier):
        def predict_proba(self, X):
            calls.append(len(X))
            return super().predict_proba(X)

    model = make_pipeline(columns(), RandomForestClassifier(5, random_state=0)).fit(frame, label)
    model.steps[-1] = ("last", Counting(5, random_state=0).fit(model[:-1].transform(frame), label))
    run(wrap(model), frame, task=TASK)
    assert calls == [256, 256, 144, 144]  # of a user's class: predict and predict_proba


@pytest.mark.parametrize(
    "first",
    [
        TfidfVectorizer(),
        CountVectorizer(),
        FeatureUnion([("w", TfidfVectorizer()), ("c", TfidfVectorizer(analyzer="char"))]),
    ],
    ids=["tfidf", "count", "union"],
)
@pytest.mark.parametrize("given", [None, "note"], ids=["found", "named"])
def test_text_pipelines_take_one_text_per_row(churn, first, given):
    frame, label = churn
    model = make_pipeline(first, LogisticRegression()).fit(frame["note"], label)
    rows = frame[["age", "note"]] if given is None else frame
    found = run(wrap(model, input=given), rows, task=TASK)
    np.testing.assert_allclose(found.probabilities, model.predict_proba(frame["note"]))


def test_which_column_is_the_text_must_be_clear(churn):
    frame, label = churn
    model = make_pipeline(TfidfVectorizer(), LogisticRegression()).fit(frame["note"], label)
    with pytest.raises(ModelError, match="'country', 'note'") as caught:
        run(wrap(model), frame)
    assert caught.value.hint.startswith("input=")


def test_calibrated_and_searched_text_pipelines(churn):
    frame, label = churn
    inner = make_pipeline(TfidfVectorizer(), LogisticRegression())
    for outer in (CalibratedClassifierCV(inner, cv=2), GridSearchCV(inner, {}, cv=2)):
        model = outer.fit(frame["note"], label)
        found = run(wrap(model), frame[["note"]], task=TASK)
        np.testing.assert_allclose(found.probabilities, model.predict_proba(frame["note"]))


def test_records_for_a_dict_vectorizer(churn):
    frame, label = churn
    records = frame.to_dict("records")
    model = make_pipeline(DictVectorizer(), LogisticRegression(max_iter=2000)).fit(records, label)
    found = run(wrap(model), frame, task=TASK)
    np.testing.assert_allclose(found.probabilities, model.predict_proba(records))


def test_fitted_on_an_array(churn):
    frame, label = churn
    model = HistGradientBoostingClassifier(max_iter=3).fit(frame[["age"]].to_numpy(), label)
    found = run(wrap(model), frame[["age"]], task=TASK)
    np.testing.assert_allclose(found.probabilities, model.predict_proba(frame[["age"]].to_numpy()))


def test_missing_column_is_named_with_the_like(churn):
    frame, label = churn
    model = LogisticRegression().fit(frame[["age"]], label)
    with pytest.raises(ValueError, match="no column 'age'") as caught:
        run(wrap(model), frame.rename(columns={"age": "Age"}))
    assert "'Age'" in caught.value.known


def test_regression(churn):
    frame, _ = churn
    model = LinearRegression().fit(frame[["age"]], frame["age"] * 2.0)
    found = run(wrap(model), frame[["age"]], task=Task(TaskKind.REGRESSION))
    np.testing.assert_allclose(found.values, frame["age"] * 2.0)
    assert found.labels is None


@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestClassifier(5, random_state=0),
        KNeighborsClassifier(),
        OneVsRestClassifier(LogisticRegression()),
        RidgeClassifier(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_multilabel(churn, estimator):
    frame, _ = churn
    age = frame["age"].to_numpy()
    target = np.stack([age < 40, age > 60, age % 2 == 0], axis=1).astype(int)
    model = estimator.fit(frame[["age"]], target)
    found = run(wrap(model), frame[["age"]], task=TAGS)
    assert (found.labels == model.predict(frame[["age"]]).astype(bool)).all()
    assert found.classes == ("cold", "hot", "wet")
    if isinstance(estimator, RandomForestClassifier):
        expected = np.stack([p[:, 1] for p in model.predict_proba(frame[["age"]])], axis=1)
        np.testing.assert_allclose(found.probabilities, expected)


def test_multilabel_output_that_never_was_1(churn):
    frame, _ = churn
    target = np.stack([frame["age"] < 40, frame["age"] > 500, frame["age"] > 0], axis=1)
    model = RandomForestClassifier(5, random_state=0).fit(frame[["age"]], target.astype(int))
    found = run(wrap(model), frame[["age"]], task=TAGS)
    assert found.probabilities[:, 1].max() == 0
    assert found.probabilities[:, 2].min() == 1


def test_classes_rename_the_estimators_own(churn):
    frame, label = churn
    model = LinearSVC().fit(frame[["age"]], (label == "yes").astype(int))
    found = run(wrap(model, classes=("no", "yes")), frame[["age"]], task=TASK)
    assert set(found.labels) <= {"no", "yes"}
    with pytest.raises(BadOption, match="3 names for 2 classes"):
        wrap(model, classes=("a", "b", "c")).predict(frame[["age"]])


@pytest.mark.parametrize("target", [str, int, bool], ids=["text", "int", "bool"])
def test_label_types(churn, target):
    frame, label = churn
    values = {str: ["no", "yes"], int: [0, 1], bool: [False, True]}[target]
    known = np.array(values)[(label == "yes").astype(int)]
    model = LogisticRegression().fit(frame[["age"]], known)
    found = run(wrap(model), frame[["age"]], task=Task(TaskKind.BINARY, tuple(values), values[1]))
    assert found.labels.dtype.kind == known.dtype.kind
    assert found.classes == tuple(values)


def test_description(churn):
    frame, label = churn
    about = wrap(make_pipeline(columns(), LogisticRegression(C=0.5)).fit(frame, label)).describe()
    assert about["estimator"].endswith("LogisticRegression")
    assert about["parameters"]["logisticregression__C"] == 0.5
    assert about["columns"] == ["age", "country", "note"]
    assert about["classes"] == ["no", "yes"]
    assert "scikit-learn" in about["libraries"]


SCRIPT = """
import numpy as np, pandas as pd
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline
from mispredict.models import wrap
text = ["late again", "all fine", "very late", "fine"] * 10
words = TfidfVectorizer(stop_words=["all", "very"])
model = make_pipeline(words, RandomForestClassifier(5, random_state=0))
print(wrap(model.fit(text, [1, 0, 1, 0] * 10)).fingerprint())
"""


def test_fingerprint_is_the_same_in_every_process():
    prints = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True,
            timeout=120, env={"PYTHONHASHSEED": seed, "PATH": ""},
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(prints) == 1
    assert len(prints.pop().strip()) == 64


def test_no_fingerprint_of_what_is_defined_in_a_function(churn):
    frame, label = churn

    class Local(LogisticRegression):
        pass

    assert wrap(Local().fit(frame[["age"]], label)).fingerprint() is None


def test_lightgbm(churn):
    lightgbm = pytest.importorskip("lightgbm")
    frame, label = churn
    model = lightgbm.LGBMClassifier(n_estimators=3, verbose=-1, n_jobs=1).fit(frame[["age"]], label)
    found = run(wrap(model), frame[["age"]], task=TASK)
    np.testing.assert_allclose(found.probabilities, model.predict_proba(frame[["age"]]))
    booster = run(wrap(model.booster_), frame[["age"]], task=TASK)
    np.testing.assert_allclose(booster.probabilities, found.probabilities)
