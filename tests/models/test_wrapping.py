"""Which adapter is chosen, what functions may return, and what is refused."""

import os
import subprocess
import sys
from types import SimpleNamespace

import joblib
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from mispredict.core.errors import BadOption, MissingExtra, ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.models import Model, run, wrap

FRAME = pd.DataFrame({"x": np.linspace(-1, 1, 30), "words": ["good", "bad", "so so"] * 10})
TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")


def p(frame):
    return one(frame["x"].to_numpy())


def one(x):
    return 1 / (1 + np.exp(-x))


P = 1 / (1 + np.exp(-FRAME["x"].to_numpy()))


@pytest.mark.parametrize(
    ("function", "options"),
    [
        (lambda f: pd.DataFrame({"yes": p(f), "no": 1 - p(f)}), {}),
        (lambda f: [{"yes": value, "no": 1 - value} for value in p(f)], {}),
        (lambda f: np.column_stack([p(f), 1 - p(f)]), {"classes": ("yes", "no")}),
        (lambda f: np.column_stack([1 - p(f), p(f)]), {}),
        (lambda f: np.column_stack([1 - p(f), p(f)]).tolist(), {}),
        (p, {}),
        (lambda f: pd.Series(p(f)), {}),
        (lambda r: [{"yes": (v := one(d["x"])), "no": 1 - v} for d in r], {"input": "records"}),
        (lambda xs: [one(x) for x in xs], {"input": "x"}),
        (lambda a: one(a[:, 0].astype(float)), {"input": "array"}),
    ],
    ids=[
        "frame", "records", "array-classes", "array-task", "lists", "positive", "series",
        "records-in", "column-in", "array-in",
    ],
)  # fmt: skip
def test_functions_may_return_many_forms(function, options):
    found = run(wrap(function, **options), FRAME, task=TASK)
    np.testing.assert_allclose(found.probabilities[:, 1], P)
    assert found.labels.tolist() == np.where(P > 0.5, "yes", "no").tolist()


def test_function_of_texts():
    model = wrap(lambda texts: ["yes" if "good" in text else "no" for text in texts], input="words")
    assert run(model, FRAME, task=TASK).labels.tolist()[:3] == ["yes", "no", "no"]


def test_function_of_label_sets():
    task = Task(TaskKind.MULTILABEL, ("bad", "so"))
    found = run(wrap(lambda texts: [text.split() for text in texts], input="words"),
                FRAME[FRAME["words"] != "good"], task=task)  # fmt: skip
    assert found.labels[:2].tolist() == [[True, False], [False, True]]


def test_a_record_with_an_undeclared_class():
    model = wrap(lambda frame: [{"maybe": 1.0}] * len(frame), classes=("no", "yes"))
    with pytest.raises(ModelError, match="'maybe'"):
        run(model, FRAME)


def test_column_named_as_a_form():
    model = wrap(np.array, input="column:frame")
    assert run(model, pd.DataFrame({"frame": [1.0, 2.0]})).values.tolist() == [1, 2]


@pytest.mark.parametrize(
    "thing",
    [42, None, object(), "nothing", LogisticRegression, "file.txt"],
    ids=["number", "nothing", "object", "text", "class", "file"],
)
def test_what_is_no_model_is_refused_with_what_is(thing):
    with pytest.raises(ModelError, match=r"Accepted: .*\.onnx"):
        wrap(thing)


def test_pickles_need_trust(tmp_path):
    path = tmp_path / "churn.joblib"
    estimator = LogisticRegression().fit(FRAME[["x"]], P > 0.5)
    joblib.dump(estimator, path)
    with pytest.raises(BadOption, match="can run any code") as caught:
        wrap(path)
    assert "trust=True" in caught.value.hint
    model = wrap(path, trust=True)
    assert model.name == "churn"
    assert model.fingerprint() == wrap(estimator).fingerprint()
    assert (run(model, FRAME).labels == estimator.predict(FRAME[["x"]])).all()


def test_damaged_and_absent_pickles(tmp_path):
    path = tmp_path / "broken.pkl"
    path.write_bytes(b"not a pickle")
    with pytest.raises(ModelError, match="cannot be loaded"):
        wrap(path, trust=True)
    with pytest.raises(ModelError, match="no file"):
        wrap(tmp_path / "absent.pkl", trust=True)


def test_import_string(tmp_path, monkeypatch):
    (tmp_path / "their_models.py").write_text("def gbm(frame):\n    return frame['x'] * 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    model = wrap("their_models:gbm")
    assert (model.kind, model.name) == ("callable", "gbm")
    assert (run(model, FRAME).values == FRAME["x"] * 2).all()
    sys.modules.pop("their_models")
    with pytest.raises(ModelError, match="cannot be imported: ModuleNotFoundError"):
        wrap("no_such_module_here:gbm")


def test_a_module_that_ends_the_process_is_no_model(tmp_path, monkeypatch):
    (tmp_path / "ends_at_once.py").write_text("import sys\nsys.exit(9)\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ModelError, match="cannot be imported: SystemExit: 9"):
        wrap("ends_at_once:gbm")


@pytest.mark.parametrize("thing", [5, "churn", "churn:", ":gbm", "a.csv"])
def test_what_is_no_model_says_what_is_one(thing):
    with pytest.raises(ModelError, match="module:attribute") as caught:
        wrap(thing)
    assert "an object with predict" in caught.value.known
    assert caught.value.hint


@pytest.mark.parametrize("module", ["models", "runs"])
def test_modules_may_be_called_as_schemes_of_mlflow(tmp_path, monkeypatch, module):
    (tmp_path / f"{module}.py").write_text("def gbm(frame):\n    return frame['x'] * 2\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, module, raising=False)
    assert wrap(f"{module}:gbm").kind == "callable"
    sys.modules.pop(module)


def test_mlflow_uri_without_mlflow():
    try:
        import mlflow  # noqa: F401
    except ImportError:
        with pytest.raises(MissingExtra, match="mlflow"):
            wrap("models:/churn/3")
    else:
        pytest.skip("mlflow is installed")


def test_adapters_have_the_protocol():
    for thing in (p, LogisticRegression(), "http://localhost:1/invocations"):
        model = wrap(thing, name="m")
        assert isinstance(model, Model)
        assert model.name == "m"
        assert "m" in repr(model) or "http" in repr(model)
        assert model.describe()["kind"] == model.kind


class Pipeline:
    """A stand-in with the interface of transformers' text-classification pipeline."""

    task = "text-classification"

    model = SimpleNamespace(
        name_or_path="my/sentiment",
        config=SimpleNamespace(id2label={0: "LABEL_0", 1: "LABEL_1"}),
    )

    def __call__(self, texts, top_k=1):
        assert top_k is None
        scores = [0.9 if "good" in text else 0.2 for text in texts]
        return [
            sorted(
                [{"label": "LABEL_0", "score": 1 - s}, {"label": "LABEL_1", "score": s}],
                key=lambda item: -item["score"],
            )
            for s in scores
        ]


def test_transformers_pipeline():
    model = wrap(Pipeline(), classes=("no", "yes"))
    assert (model.kind, model.name) == ("huggingface", "my/sentiment")
    found = run(model, FRAME, task=TASK)
    np.testing.assert_allclose(found.probabilities[:3, 1], [0.9, 0.2, 0.2])
    with pytest.raises(ModelError, match="'LABEL_0', 'LABEL_1'"):
        run(wrap(Pipeline()), FRAME, task=TASK)


def test_url_with_a_password_is_refused():
    with pytest.raises(BadOption, match="user or password"):
        wrap("http://me:secret@localhost/invocations")


def test_importing_the_room_stays_light():
    code = (
        "import sys, mispredict.models; heavy = {'pandas', 'sklearn', 'pyarrow', 'httpx'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
        env=os.environ,
    )
    assert found.stdout.strip() == "[]"
