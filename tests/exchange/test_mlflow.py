"""Against a real tracking store: a SQLite database and a folder of artifacts."""

from __future__ import annotations

import json
import math
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import mispredict as mp
from mispredict.core.errors import BadOption, BadPredictions, UnknownName
from mispredict.exchange.mlflow import (
    figures,
    read_predictions,
    read_run,
    split_uri,
)
from mispredict.metrics.measure import MetricRow
from mispredict.models.mlflow import looking_at

pytest.importorskip("mlflow")
COMMIT = "0123456789abcdef0123456789abcdef01234567"
Make = Callable[..., str]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    random = np.random.default_rng(0)
    size = random.normal(size=200)
    label = np.where(size + random.normal(size=200) > 0, "yes", "no")
    return pd.DataFrame({"id": [f"r{i}" for i in range(200)], "size": size, "label": label})


@pytest.fixture(scope="module")
def answers(frame: pd.DataFrame) -> pd.DataFrame:
    p = 1 / (1 + np.exp(-frame["size"]))
    chosen = np.where(p > 0.5, "yes", "no")
    return pd.DataFrame({"id": frame["id"], "prediction": chosen, "no": 1 - p, "yes": p})


@pytest.fixture
def ws(tmp_path: Path, frame: pd.DataFrame) -> Iterator[mp.Workspace]:
    with mp.open(tmp_path / "ws") as workspace:
        workspace.add_dataset("data", frame, label="label", id="id")
        yield workspace


@pytest.fixture
def ev(ws: mp.Workspace, answers: pd.DataFrame) -> mp.Evaluation:
    return ws.add_predictions("mine", "data", answers)


@pytest.fixture
def run_with(client: Any, experiment: str, tmp_path: Path) -> Make:
    """Makes a run with the given artifacts; its id."""

    def make(files: dict[str, str | bytes] | None = None, **params: Any) -> str:
        tags = {"mlflow.source.git.commit": COMMIT, "team": "risk"}
        run_id: str = client.create_run(experiment, tags=tags, run_name="boosted: 1").info.run_id
        for key, value in params.items():
            client.log_param(run_id, key, value)
        client.log_metric(run_id, "val_auc", 0.75)
        for name, content in (files or {}).items():
            path = tmp_path / Path(name).name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            client.log_artifact(run_id, str(path), str(Path(name).parent).strip("."))
        client.set_terminated(run_id)
        return run_id

    return make


def parquet(frame: pd.DataFrame, folder: Path) -> bytes:
    path = folder / "made.parquet"
    frame.to_parquet(path, index=False)
    return path.read_bytes()


# ── reading ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "parts"),
    [("1f", ("1f", "")), ("runs:/1f", ("1f", "")), ("runs:/1f/a/b/", ("1f", "a/b"))],
)
def test_uris_of_runs(text: str, parts: tuple[str, str]) -> None:
    assert split_uri(text) == parts


def test_a_run_is_read(client: Any, run_with: Make) -> None:
    run = read_run(client, run_with(depth=3, eta="0.1"))
    assert run.name == "boosted: 1"
    assert run.experiment == "churn"
    assert run.parameters == {"depth": "3", "eta": "0.1"}
    assert run.metrics == {"val_auc": 0.75}
    assert run.tags == {"team": "risk"}
    assert run.commit == COMMIT
    assert run.status == "FINISHED"
    assert run.models == ()
    assert run.link == ""


def test_models_of_mlflow_2_are_found_in_the_history(client: Any, run_with: Make) -> None:
    run_id = run_with()
    history = [{"artifact_path": "model"}, {"artifact_path": "scaler"}]
    client.set_tag(run_id, "mlflow.log-model.history", json.dumps(history))
    assert read_run(client, run_id).models == (f"runs:/{run_id}/model", f"runs:/{run_id}/scaler")


def test_unknown_runs_name_the_store(client: Any) -> None:
    with pytest.raises(UnknownName, match=r"no MLflow run 'gone'\.") as caught:
        read_run(client, "gone")
    assert "mlflow.db" in caught.value.known
    assert "not its name" in caught.value.hint


def test_unknown_artifacts_name_their_neighbours(
    client: Any, run_with: Make, tmp_path: Path
) -> None:
    run_id = run_with({"out/answers.csv": "id,prediction\n"})
    for path in ("out/answer.csv", "answers.csv"):
        with pytest.raises(UnknownName, match=f"has no artifact '{path}'") as caught:
            read_predictions(client, run_id, path, tmp_path)
        assert "out" in caught.value.known


JSON = {
    "records": '[{"id": "a", "p": 1.5}, {"id": "b", "p": 2}]',
    "split": '{"columns": ["id", "p"], "data": [["a", 1.5], ["b", 2]]}',
    "columns": '{"id": ["a", "b"], "p": [1.5, 2]}',
    "pandas": '{"id": {"0": "a", "1": "b"}, "p": {"0": 1.5, "1": 2}}',
}


@pytest.mark.parametrize("text", JSON.values(), ids=JSON)
def test_forms_of_json(client: Any, run_with: Make, tmp_path: Path, text: str) -> None:
    run_id = run_with({"rows.json": text})
    table: Any = read_predictions(client, run_id, "rows.json", tmp_path)
    assert table.to_pydict() == {"id": ["a", "b"], "p": [1.5, 2.0]}


def test_json_that_is_no_table(client: Any, run_with: Make, tmp_path: Path) -> None:
    run_id = run_with({"rows.json": "[1, 2]"})
    with pytest.raises(BadPredictions, match="JSON, but not a table"):
        read_predictions(client, run_id, "rows.json", tmp_path)


# ── import ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["answers.csv", "answers.parquet", "out/answers.json"])
def test_predictions_become_an_evaluation(
    ws: mp.Workspace,
    ev: mp.Evaluation,
    store: str,
    run_with: Make,
    answers: pd.DataFrame,
    tmp_path: Path,
    name: str,
) -> None:
    content = {
        "csv": answers.to_csv(index=False),
        "parquet": parquet(answers, tmp_path),
        "json": answers.to_json(orient="split", index=False, double_precision=15),
    }[name.rpartition(".")[2]]
    run_id = run_with({name: content}, depth=3)
    version = ws.import_mlflow(run_id, tracking_uri=store, predictions=name, dataset="data")
    assert str(version.ref) == "boosted_ 1@1"
    assert version.message == f"MLflow run boosted: 1 of churn: runs:/{run_id}"
    assert version.spec["kind"] == "predictions"
    assert version.spec["describe"]["parameters"] == {"depth": "3"}
    run = version.spec["run"]
    assert (run["id"], run["commit"], run["metrics"]) == (run_id, COMMIT, {"val_auc": 0.75})
    found = ws.evaluation("boosted_ 1/data")
    assert found.to_frame(["prediction", "correct"]).equals(ev.to_frame(["prediction", "correct"]))
    pd.testing.assert_frame_equal(found.to_frame(["p_yes", "loss"]), ev.to_frame(["p_yes", "loss"]))


def test_the_same_run_again_is_the_same_version(
    ws: mp.Workspace, store: str, run_with: Make, answers: pd.DataFrame
) -> None:
    run_id = run_with({"a.csv": answers.to_csv(index=False)})
    given: dict[str, Any] = {"tracking_uri": store, "predictions": "a.csv", "dataset": "data"}
    first = ws.import_mlflow(run_id, name="mine", **given)
    assert ws.import_mlflow(f"runs:/{run_id}", name="mine", **given).ref == first.ref
    assert len(ws.evaluations()) == 1


BAD_IMPORTS: dict[str, tuple[dict[str, Any], str]] = {
    "no model": ({}, "has no model"),
    "no such model": ({"path": "/model"}, "there is no model at"),
    "no dataset": ({"predictions": "a.csv"}, "predictions and dataset go together"),
    "no predictions": ({"dataset": "data"}, "predictions and dataset go together"),
    "unknown dataset": ({"predictions": "a.csv", "dataset": "dat"}, "no dataset 'dat'"),
    "unknown artifact": ({"predictions": "b.csv", "dataset": "data"}, "no artifact 'b.csv'"),
    "too few rows": ({"predictions": "a.csv", "dataset": "data"}, "predict"),
    "bad name": ({"name": "a/b", "predictions": "a.csv", "dataset": "data"}, "cannot be a name"),
}


@pytest.mark.parametrize(("options", "problem"), BAD_IMPORTS.values(), ids=BAD_IMPORTS)
def test_a_bad_import_stores_nothing(
    ws: mp.Workspace, store: str, run_with: Make, options: dict[str, Any], problem: str
) -> None:
    run_id = run_with({"a.csv": "id,prediction\nr0,yes\n"})
    given = {key: value for key, value in options.items() if key != "path"}
    before = ws.store.versions()
    with pytest.raises(mp.MispredictError, match=problem) as caught:
        ws.import_mlflow(f"runs:/{run_id}{options.get('path', '')}", tracking_uri=store, **given)
    assert caught.value.known
    assert ws.store.versions() == before


# ── export ───────────────────────────────────────────────────────────────────────────────


def test_an_evaluation_becomes_a_run(ev: mp.Evaluation, store: str, client: Any) -> None:
    run_id = ev.export_mlflow(tracking_uri=store, experiment="figures", report=True)
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == ev.ref
    for row in ev.metrics().rows:
        logged = [run.data.metrics[f"{row.metric}{end}"] for end in ("", "_low", "_high")]
        assert logged == pytest.approx([row.value, row.low, row.high])
    assert run.data.metrics["n"] == 200
    assert run.data.params["model.kind"] == "predictions"
    tags = run.data.tags
    assert tags["mispredict.evaluation"] == "mine@1/data@1"
    assert tags["mispredict.dataset.content"] == ev.dataset.version.content
    assert tags["mispredict.evaluation.content"] == ev.version.content
    [given] = run.inputs.dataset_inputs
    assert (given.dataset.name, given.tags[0].value) == ("data@1", "evaluation")
    artifacts = {item.path for item in client.list_artifacts(run_id, "mispredict")}
    assert artifacts == {"mispredict/metrics.json", "mispredict/report.html"}
    path = client.download_artifacts(run_id, "mispredict/metrics.json")
    assert json.loads(Path(path).read_text()) == ev.metrics().to_dict()
    assert read_run(client, run_id).datasets[0].name == "data@1"


def test_an_existing_run_is_added_to(ev: mp.Evaluation, store: str, client: Any) -> None:
    experiment = client.get_experiment_by_name("figures").experiment_id
    run_id = client.create_run(experiment).info.run_id
    client.log_param(run_id, "depth", 3)
    assert ev.export_mlflow(tracking_uri=store, run_id=run_id) == run_id
    assert ev.export_mlflow(tracking_uri=store, run_id=run_id) == run_id
    run = client.get_run(run_id)
    assert run.data.params["depth"] == "3"
    assert run.info.status == "RUNNING"
    assert run.data.metrics["accuracy"] == pytest.approx(
        ev.metrics(metrics="accuracy").rows[0].value
    )


def test_a_run_of_another_model_is_refused(ev: mp.Evaluation, store: str, client: Any) -> None:
    experiment = client.get_experiment_by_name("figures").experiment_id
    run_id = client.create_run(experiment).info.run_id
    client.log_param(run_id, "model.kind", "onnx")
    with pytest.raises(BadOption, match=r"has model\.kind='onnx', not 'predictions'"):
        ev.export_mlflow(tracking_uri=store, run_id=run_id)
    assert client.get_run(run_id).data.metrics == {}


def test_where_it_goes_by_default(
    ev: mp.Evaluation, store: str, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def experiment() -> str:
        run = client.get_run(ev.export_mlflow(tracking_uri=store))
        return str(client.get_experiment(run.info.experiment_id).name)

    assert experiment() == "mispredict"
    monkeypatch.setenv("MLFLOW_EXPERIMENT_NAME", "figures")
    assert experiment() == "figures"


def test_a_bad_export(ev: mp.Evaluation, store: str) -> None:
    with pytest.raises(UnknownName, match="no MLflow run"):
        ev.export_mlflow(tracking_uri=store, run_id="gone")
    with pytest.raises(BadOption, match="exclude each other"):
        ev.export_mlflow(tracking_uri=store, run_id="gone", experiment="churn")


def test_a_run_that_cannot_be_written_has_failed(
    ev: mp.Evaluation, client: Any, store: str, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    experiment = client.create_experiment("blocked", artifact_location=str(blocked))
    with pytest.raises(BadOption, match="did not do what was asked"):
        ev.export_mlflow(tracking_uri=store, experiment="blocked")
    [run] = client.search_runs([experiment])
    assert run.info.status == "FAILED"


def test_figures_leave_out_what_is_undefined() -> None:
    rows = [
        MetricRow("all", "recall[a?]", 0.5, 0.25, math.nan, 10),
        MetricRow("all", "recall[a!]", 1.0, 0.5, 1.0, 4),
    ]
    assert figures(rows, 10) == {
        "n": 10.0,
        "recall/a_": 0.5,
        "recall/a__low": 0.25,
        "recall/a__2": 1.0,
        "recall/a__2_low": 0.5,
        "recall/a__2_high": 1.0,
        "recall/a__2_n": 4.0,
    }


# ── a real model ─────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def logged(store: str, frame: pd.DataFrame) -> Iterator[tuple[str, Any]]:
    """Id of a run with a real scikit-learn model, and the model."""
    import mlflow
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression().fit(frame[["size"]], frame["label"])
    given = frame[["size"]]
    with looking_at(store), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # MLflow's own, of its type hints
        mlflow.set_experiment("churn")
        with mlflow.start_run(run_name="logistic") as run:
            mlflow.log_param("C", 1.0)
            mlflow.sklearn.log_model(
                model,
                name="model",
                signature=mlflow.models.infer_signature(given, model.predict_proba(given)),
                pyfunc_predict_fn="predict_proba",
                serialization_format="cloudpickle",
                pip_requirements=[],
            )
    yield run.info.run_id, model


def test_a_model_is_imported_and_called(
    ws: mp.Workspace, store: str, logged: tuple[str, Any], frame: pd.DataFrame
) -> None:
    import mlflow

    before = mlflow.get_tracking_uri()
    run_id, model = logged
    version = ws.import_mlflow(run_id, tracking_uri=store)
    assert version.ref.name == "logistic"
    assert version.spec["place"] == f"runs:/{run_id}/model"
    assert "sklearn" in version.spec["describe"]["flavors"]
    with mp.open(ws.store.root) as again:
        found = again.evaluate("logistic", "data").to_frame(["p_no", "p_yes"])
    expected = model.predict_proba(frame[["size"]])
    np.testing.assert_allclose(found[["p_no", "p_yes"]], expected, rtol=1e-12)
    assert mlflow.get_tracking_uri() == before


def test_one_of_several_models_has_to_be_named(
    ws: mp.Workspace, store: str, client: Any, logged: tuple[str, Any]
) -> None:
    run_id, _ = logged
    client.set_tag(run_id, "mlflow.log-model.history", '[{"artifact_path": "scaler"}]')
    with pytest.raises(BadOption, match="has 2 models") as caught:
        ws.import_mlflow(run_id, tracking_uri=store)
    assert f"runs:/{run_id}/scaler" in caught.value.known
    version = ws.import_mlflow(f"runs:/{run_id}/model", tracking_uri=store, name="it")
    assert version.spec["place"] == f"runs:/{run_id}/model"
    client.delete_tag(run_id, "mlflow.log-model.history")
