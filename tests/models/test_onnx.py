"""Real ONNX files, written by skl2onnx, through their adapter."""

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mispredict.core.errors import ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.models import MemoryCache, run, wrap

pytest.importorskip("onnxruntime")
skl2onnx = pytest.importorskip("skl2onnx")
types = pytest.importorskip("skl2onnx.common.data_types")

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")
TAGS = Task(TaskKind.MULTILABEL, ("cold", "even", "hot"))


@pytest.fixture(scope="module")
def churn():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(
        {
            "age": rng.normal(size=300),
            "tenure": rng.normal(size=300),
            "country": rng.choice(["France", "Spain"], 300),
            "note": rng.choice(["late again", "all fine", "very late"], 300),
        }
    )
    return frame, np.where(frame["age"] + frame["tenure"] > 0, "yes", "no")


def save(path, estimator, inputs, *, zipmap=True):
    options = {"zipmap": zipmap} if hasattr(estimator, "predict_proba") else {}
    made = skl2onnx.convert_sklearn(
        estimator, initial_types=inputs, options={id(estimator): options} if options else None
    )
    path.write_bytes(made.SerializeToString())
    return path


def matrix(width):
    return [("X", types.FloatTensorType([None, width]))]


@pytest.mark.parametrize("zipmap", [True, False], ids=["maps", "tensor"])
@pytest.mark.parametrize("labels", ["text", "number"])
def test_classifier_of_a_matrix(churn, tmp_path, zipmap, labels):
    frame, label = churn
    rows = frame[["age", "tenure"]]
    target = label if labels == "text" else (label == "yes").astype(int)
    estimator = LogisticRegression().fit(rows, target)
    names = ("no", "yes") if labels == "number" else None
    model = wrap(save(tmp_path / "m.onnx", estimator, matrix(2), zipmap=zipmap), classes=names)
    found = run(model, rows, task=TASK)
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(rows), atol=1e-5)
    assert (found.labels == np.array(["no", "yes"])[found.probabilities.argmax(1)]).all()


def test_one_input_per_column(churn, tmp_path):
    frame, label = churn
    estimator = make_pipeline(
        ColumnTransformer([("n", StandardScaler(), ["age"]), ("c", OneHotEncoder(), ["country"])]),
        RandomForestClassifier(5, random_state=0),
    ).fit(frame[["age", "country"]], label)
    inputs = [
        ("age", types.FloatTensorType([None, 1])),
        ("country", types.StringTensorType([None, 1])),
    ]
    model = wrap(save(tmp_path / "m.onnx", estimator, inputs))
    assert model.describe()["columns"] == ["age", "country"]
    found = run(model, frame, task=TASK)
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(frame), atol=1e-5)
    with pytest.raises(ValueError, match="no column 'country'"):
        run(model, frame[["age"]])


@pytest.mark.parametrize("given", [None, "note"], ids=["found", "named"])
def test_text(churn, tmp_path, given):
    frame, label = churn
    estimator = make_pipeline(CountVectorizer(lowercase=False), LogisticRegression()).fit(
        frame["note"], label
    )
    text = [("text", types.StringTensorType([None]))]
    model = wrap(save(tmp_path / "m.onnx", estimator, text), input=given)
    rows = frame[["note"]] if given is None else frame
    found = run(model, rows, task=TASK)
    expected = estimator.predict_proba(frame["note"])
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)


def test_regression(churn, tmp_path):
    frame, _ = churn
    rows = frame[["age", "tenure"]]
    estimator = LinearRegression().fit(rows, rows["age"] * 3)
    model = wrap(save(tmp_path / "m.onnx", estimator, matrix(2)))
    for task in (Task(TaskKind.REGRESSION), None):
        found = run(model, rows, task=task)
        np.testing.assert_allclose(found.values, rows["age"] * 3, atol=1e-4)


@pytest.mark.parametrize(
    "estimator",
    [
        RandomForestClassifier(5, random_state=0),
        OneVsRestClassifier(LogisticRegression()),
        MLPClassifier((4,), random_state=0, max_iter=5000),
    ],
    ids=lambda value: type(value).__name__,
)
def test_multilabel(churn, tmp_path, estimator):
    frame, _ = churn
    rows = frame[["age", "tenure"]]
    target = np.stack([rows["age"] < 0, rows["tenure"] < 0.5, rows["age"] > 0.5], axis=1)
    estimator.fit(rows, target.astype(int))
    model = wrap(save(tmp_path / "m.onnx", estimator, matrix(2), zipmap=False))
    found = run(model, rows, task=TAGS)
    raw = estimator.predict_proba(rows)
    expected = np.stack([p[:, 1] for p in raw], axis=1) if isinstance(raw, list) else raw
    np.testing.assert_allclose(found.probabilities, expected, atol=1e-5)
    assert (found.labels == estimator.predict(rows).astype(bool)).mean() > 0.99


def test_answers_are_kept_by_the_files_content(churn, tmp_path):
    frame, label = churn
    rows, cache = frame[["age", "tenure"]], MemoryCache()
    path = save(tmp_path / "m.onnx", LogisticRegression().fit(rows, label), matrix(2))
    run(wrap(path), rows, cache=cache)
    assert run(wrap(path), rows, cache=cache).usage.calls == 0
    save(path, LogisticRegression(C=0.01).fit(rows, label), matrix(2))
    assert run(wrap(path), rows, cache=cache).usage.rows == len(rows)


def test_wrong_number_of_columns(churn, tmp_path):
    frame, label = churn
    rows = frame[["age", "tenure"]]
    path = save(tmp_path / "m.onnx", LogisticRegression().fit(rows, label), matrix(2))
    with pytest.raises(ModelError, match="takes 2 columns, the rows have 1"):
        run(wrap(path), rows[["age"]])


def test_files_that_are_no_models(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        wrap(tmp_path / "absent.onnx")
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match="not a model that onnxruntime runs"):
        wrap(tmp_path / "broken.onnx")
