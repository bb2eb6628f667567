"""Models behind real HTTP servers that answer, refuse, stall and drop the line."""

import json
import socket

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from mispredict.core.errors import BadOption, ModelError
from mispredict.core.task import Task, TaskKind
from mispredict.models import MemoryCache, run, wrap
from mispredict.models import requests as http_requests

pytest.importorskip("httpx")

TASK = Task(TaskKind.BINARY, ("no", "yes"), "yes")
NAMES = ("no", "yes")


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch):
    monkeypatch.setattr(http_requests, "FIRST_WAIT_S", 0.001)


@pytest.fixture(scope="module")
def churn():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "age": rng.normal(size=60).round(3),
            "country": rng.choice(["France", "Spain"], 60),
            "note": rng.choice(["late again", "all fine"], 60),
        }
    )
    label = np.where((frame["age"] > 0) ^ (rng.random(60) < 0.1), "yes", "no")
    columns = ColumnTransformer(
        [("n", StandardScaler(), ["age"]), ("c", OneHotEncoder(), ["country"])]
    )
    return frame, label, make_pipeline(columns, LogisticRegression()).fit(frame, label)


@pytest.mark.parametrize("path", ["", "/invocations", "/v2/models/churn", "/v2/models/churn/infer"])
def test_both_protocols(churn, path, serving):
    frame, _, estimator = churn
    with serving(estimator) as server:
        found = run(wrap(server.url + path, classes=NAMES), frame, task=TASK)
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(frame))
    assert (found.labels == estimator.predict(frame)).all()
    assert server.paths[0].endswith("/infer" if "v2" in path else "/invocations")


@pytest.mark.parametrize("protocol", ["mlflow", "kserve"])
@pytest.mark.parametrize("form", ["array", "note"])
def test_matrix_and_text(churn, protocol, form, serving):
    frame, label, _ = churn
    if form == "array":
        estimator = LogisticRegression().fit(frame[["age"]].to_numpy(), label)
        rows, given = frame[["age"]], frame[["age"]].to_numpy()
    else:
        estimator = make_pipeline(CountVectorizer(), LogisticRegression()).fit(frame["note"], label)
        rows, given = frame, frame["note"]
    with serving(estimator) as server:
        model = wrap(server.url, protocol=protocol, input=form, classes=NAMES)
        found = run(model, rows, task=TASK)
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(given))


@pytest.mark.parametrize(
    "script",
    [[503, 429, 502], [504], ["drop"], ["drop", 503]],
    ids=["statuses", "504", "dropped", "mixed"],
)
def test_what_passes_is_tried_again(churn, script, serving):
    frame, _, estimator = churn
    with serving(estimator, script=script) as server:
        found = run(wrap(server.url, classes=NAMES), frame, task=TASK)
    assert len(server.bodies) == len(script) + 1
    assert found.usage.calls == 1


def test_what_does_not_pass_is_given_up(churn, serving):
    frame, _, estimator = churn
    with serving(estimator, script=[503] * 9) as server:
        with pytest.raises(ModelError, match="did not answer: status 503") as caught:
            run(wrap(server.url, attempts=3), frame)
        assert len(server.bodies) == 3
    assert "batch 1 (rows 0–59)" in caught.value.problem
    assert "Tried 3 time(s)" in caught.value.known


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (404, "answered status 404"),
        ("garbage", "not JSON"),
        ({"other": 1}, "no list of predictions"),
        ({"predictions": [[0.5, 0.5]]}, "1 row of probabilities for 60 rows"),
    ],
    ids=["404", "not-json", "wrong-json", "short"],
)
def test_bad_answers_are_not_tried_again(churn, step, says, serving):
    frame, _, estimator = churn
    with serving(estimator, script=[step]) as server:
        with pytest.raises(ModelError) as caught:
            run(wrap(server.url, classes=NAMES), frame, task=TASK)
        assert len(server.bodies) == 1
    assert says in caught.value.message


@pytest.mark.parametrize(
    "step",
    [{"outputs": []}, {"outputs": [{"name": "p"}]}, {"error": "no such model"}, [1]],
    ids=["empty", "no-tensor", "error", "list"],
)
def test_bad_kserve_answers(churn, step, serving):
    frame, _, estimator = churn
    with serving(estimator, script=[step]) as server, pytest.raises(ModelError, match="output"):
        wrap(f"{server.url}/v2/models/m").predict(frame)


def test_refused_rows_are_found(churn, serving):
    frame, _, estimator = churn
    bad = frame.copy()
    bad.loc[41, "country"] = "bad"
    with serving(estimator) as server:
        with pytest.raises(ModelError, match="status 500") as caught:
            run(wrap(server.url, classes=NAMES), bad, task=TASK)
        assert len(server.bodies) < 10
    assert "first row that fails is 41" in caught.value.known


def test_timeout(churn, serving):
    frame, _, estimator = churn
    with serving(estimator, script=["hang"]) as server:
        found = run(wrap(server.url, classes=NAMES, timeout_s=0.2), frame, task=TASK)
        assert len(server.bodies) == 2
    assert found.labels is not None
    with (
        serving(estimator, script=["hang"]) as server,
        pytest.raises(ModelError, match=r"no answer within 0\.2 s"),
    ):
        run(wrap(server.url, attempts=1, timeout_s=0.2), frame)


def test_nobody_there(churn):
    frame, _, _ = churn
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(ModelError, match="ConnectError"):
            run(wrap(url, attempts=2), frame)


def test_token_comes_from_the_environment_and_is_never_told(churn, monkeypatch, serving):
    frame, _, estimator = churn
    with serving(estimator, token="s3cret") as server:
        with pytest.raises(ModelError, match="does not let us in"):
            run(wrap(server.url), frame)
        model = wrap(server.url, classes=NAMES, token_env="MY_TOKEN")
        with pytest.raises(ModelError, match=r"'MY_TOKEN'.* is not set"):
            run(model, frame)
        monkeypatch.setenv("MY_TOKEN", "s3cret")
        assert run(model, frame, task=TASK).labels is not None
    assert "s3cret" not in json.dumps(model.describe()) + repr(vars(model))
    assert model.describe()["parameters"]["token_env"] == "MY_TOKEN"


def test_requests_under_way_at_once_are_bounded(churn, serving):
    frame, _, estimator = churn
    with serving(estimator, delay_s=0.05) as server:
        model = wrap(server.url, classes=NAMES, concurrency=3, request_rows=10)
        found = run(model, frame, task=TASK)
        assert len(server.bodies) == 6
        assert 2 <= server.most <= 3
    np.testing.assert_allclose(found.probabilities, estimator.predict_proba(frame))


def test_answers_are_kept_only_with_a_version(churn, serving):
    frame, _, estimator = churn
    assert wrap("http://localhost:1").fingerprint() is None
    with serving(estimator) as server:
        model, cache = wrap(server.url, classes=NAMES, version="7"), MemoryCache()
        run(model, frame, cache=cache)
        assert run(model, frame, cache=cache).usage.calls == 0


def test_missing_values_and_dates_go_as_json(serving):
    sent = pd.DataFrame(
        {
            "n": [1.5, np.nan],
            "t": pd.to_datetime(["2026-01-02", None]),
            "s": pd.Series(["ü", None], dtype="str"),
            "b": [True, False],
        }
    )
    with serving(None, script=[{"predictions": [1.0, 2.0]}]) as server:
        assert run(wrap(server.url), sent).values.tolist() == [1, 2]
    split = server.bodies[0]["dataframe_split"]
    assert split["data"] == [[1.5, "2026-01-02T00:00:00", "ü", True], [None, None, None, False]]


@pytest.mark.parametrize(
    "options",
    [
        {"timeout_s": 0}, {"attempts": 0}, {"concurrency": 0}, {"request_rows": 0},
        {"protocol": "grpc"}, {"dtype": "text"},
    ],
    ids=lambda value: next(iter(value)),
)  # fmt: skip
def test_bad_options(options):
    with pytest.raises(BadOption):
        wrap("http://localhost:1", **options)
