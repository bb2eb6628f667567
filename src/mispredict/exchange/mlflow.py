"""Runs of MLflow: read as plain values, and written from an evaluation's."""

from __future__ import annotations

import json
import math
import os
import posixpath
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption, BadPredictions, UnknownName
from mispredict.exchange.limits import LONGEST_TAG, cut, metric_key, unique
from mispredict.exchange.tracking import asking, without_secrets
from mispredict.models.mlflow import looking_at

if TYPE_CHECKING:
    import pyarrow as pa
    from mlflow import MlflowClient

    from mispredict.metrics.measure import MetricRow

EXPERIMENT = "mispredict"
FOLDER = "mispredict"  # of our artifacts in a run
_COMMIT = "mlflow.source.git.commit"
_HISTORY = "mlflow.log-model.history"
_UNKNOWN = ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE")
_PER_CALL = 100


@dataclass(frozen=True, slots=True)
class RunData:
    """A dataset that a run says it used: its name, MLflow's digest of it and what it was for."""

    name: str
    digest: str
    context: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """What MLflow knows of a run; `models` are URIs, `link` is "" where there is no server."""

    id: str
    name: str
    experiment: str
    place: str
    link: str
    status: str
    commit: str
    source: str
    parameters: Mapping[str, str]
    metrics: Mapping[str, float]
    tags: Mapping[str, str]
    models: tuple[str, ...]
    datasets: tuple[RunData, ...]

    @property
    def uri(self) -> str:
        return f"runs:/{self.id}"


@dataclass(frozen=True, slots=True)
class Record:
    """What is written into a run."""

    name: str
    parameters: Mapping[str, str]
    metrics: Sequence[MetricRow]
    rows: int
    tags: Mapping[str, str]
    table: Mapping[str, Any]
    dataset: RunData | None = None
    commit: str = ""
    user: str = ""
    files: tuple[Path, ...] = field(default=())


def split_uri(text: str) -> tuple[str, str]:
    """Run id and path of the model, from an id, `runs:/id` or `runs:/id/path`.

    Example:
        >>> split_uri("runs:/1f3a/model")
        ('1f3a', 'model')
    """
    run_id, _, path = text.removeprefix("runs:/").strip("/").partition("/")
    return run_id, path


def read_run(client: MlflowClient, run_id: str) -> Run:
    """The run as it is now.

    Raises:
        UnknownName: the store has no such run.
    """
    place = client.tracking_uri
    found = _get_run(client, run_id)
    tags = dict(found.data.tags)
    experiment_id = found.info.experiment_id
    with asking(place):
        experiment = client.get_experiment(experiment_id).name
        models = tuple(dict.fromkeys(_models(client, found)))
    shown = without_secrets(place)
    is_server = shown.startswith(("http://", "https://"))
    return Run(
        id=run_id,
        name=str(found.info.run_name or run_id),
        experiment=str(experiment),
        place=shown,
        link=f"{shown}/#/experiments/{experiment_id}/runs/{run_id}" if is_server else "",
        status=str(found.info.status),
        commit=tags.get(_COMMIT, ""),
        source=tags.get("mlflow.source.name", ""),
        parameters=dict(sorted(found.data.params.items())),
        metrics={key: float(value) for key, value in sorted(found.data.metrics.items())},
        tags={key: tags[key] for key in sorted(tags) if not key.startswith("mlflow.")},
        models=models,
        datasets=tuple(_datasets(found)),
    )


def read_model(client: MlflowClient, uri: str) -> dict[str, Any]:
    """What the model's `MLmodel` file says, without loading the model.

    Raises:
        UnknownName: there is no model at the URI.
    """
    import yaml
    from mlflow.artifacts import download_artifacts
    from mlflow.exceptions import MlflowException

    try:
        with looking_at(client.tracking_uri):
            file = download_artifacts(artifact_uri=f"{uri}/MLmodel")
    except (MlflowException, OSError) as error:
        raise UnknownName(
            f"there is no model at {uri!r}.",
            known=f"Its file MLmodel cannot be fetched: {cut(str(error), 200)}",
            hint="mlflow.<flavor>.log_model(…) in the run, or predictions='a file of the run'",
        ) from error
    about = yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    return about if isinstance(about, dict) else {}


def read_predictions(client: MlflowClient, run_id: str, path: str, folder: Path) -> pa.Table | Path:
    """The run's artifact at `path`, fetched into `folder`; JSON as a table.

    JSON is a list of records, a value per column, or what `mlflow.log_table` writes; any other
    file is left to the reader of files.

    Raises:
        UnknownName: the run has no such artifact.
        BadPredictions: it is JSON, but no table.
    """
    _check_artifact(client, run_id, path)
    with asking(client.tracking_uri):
        file = Path(client.download_artifacts(run_id, path, str(folder)))
    return _json_table(file) if file.suffix == ".json" else file


def write_run(
    client: MlflowClient,
    record: Record,
    *,
    experiment: str | None = None,
    run_id: str | None = None,
) -> str:
    """Id of the run that now has the record: a new one, or the given one.

    Args:
        client: of the tracking store.
        record: what to write.
        experiment: in which a new run is made; made if missing. By default
            `MLFLOW_EXPERIMENT_NAME`, else "mispredict".
        run_id: of an existing run, whose status stays as it is.

    Raises:
        UnknownName: there is no such run.
        BadOption: the run already has another value for a parameter.
    """
    if run_id is not None and experiment is not None:
        raise BadOption(
            f"experiment={experiment!r} and run_id={run_id!r} exclude each other.",
            known="A run is in the experiment in which it was made.",
            hint="one of them",
        )
    if run_id is not None:
        new = _new_parameters(_get_run(client, run_id), record.parameters)
        with asking(client.tracking_uri):
            _write(client, run_id, record, new)
        return run_id
    with asking(client.tracking_uri):
        name = experiment or os.environ.get("MLFLOW_EXPERIMENT_NAME") or EXPERIMENT
        made = client.create_run(
            _experiment_id(client, name), tags=_system_tags(record), run_name=record.name
        ).info.run_id
        status = "FAILED"
        try:
            _write(client, made, record, record.parameters)
            status = "FINISHED"
        finally:
            client.set_terminated(made, status)
    return str(made)


def figures(rows: Sequence[MetricRow], n: int) -> dict[str, float]:
    """Each metric as `name`, `name_low` and `name_high`, and `n`; undefined ones are left out.

    A metric of other than all rows (of a class, of rows with a label) has its own `name_n`.
    """
    found = {"n": float(n)}
    for row, key in zip(rows, unique(metric_key(row.metric) for row in rows), strict=True):
        found |= {key: row.value, f"{key}_low": row.low, f"{key}_high": row.high}
        if row.n != n:
            found[f"{key}_n"] = float(row.n)
    return {key: float(value) for key, value in found.items() if math.isfinite(value)}


# ── reading ──────────────────────────────────────────────────────────────────────────────


def _get_run(client: MlflowClient, run_id: str) -> Any:
    from mlflow.exceptions import MlflowException

    place = client.tracking_uri
    with asking(place):
        try:
            return client.get_run(run_id)
        except MlflowException as error:
            if error.error_code not in _UNKNOWN:
                raise
            raise UnknownName(
                f"no MLflow run {run_id!r}.",
                known=f"MLflow looked in {without_secrets(place)!r}.",
                hint="the run's id (not its name), or tracking_uri='…'",
            ) from error


def _models(client: MlflowClient, run: Any) -> Iterator[str]:
    """URIs of the models logged in a run; MLflow 3 keeps them beside it, 2 in a tag."""
    run_id = run.info.run_id
    outputs = getattr(run, "outputs", None)
    for output in getattr(outputs, "model_outputs", None) or ():
        name = client.get_logged_model(output.model_id).name
        yield f"runs:/{run_id}/{name}" if name else f"models:/{output.model_id}"
    try:
        history = json.loads(run.data.tags.get(_HISTORY, "[]"))
    except json.JSONDecodeError:
        return
    for item in history:
        yield f"runs:/{run_id}/{item['artifact_path']}"


def _datasets(run: Any) -> Iterator[RunData]:
    for item in getattr(run.inputs, "dataset_inputs", None) or ():
        context = {tag.key: tag.value for tag in item.tags}.get("mlflow.data.context", "")
        data = item.dataset
        yield RunData(data.name, data.digest, context, str(data.source or ""))


def _check_artifact(client: MlflowClient, run_id: str, path: str) -> None:
    with asking(client.tracking_uri):
        beside = [item.path for item in client.list_artifacts(run_id, posixpath.dirname(path))]
        if path in beside:
            return
        others = beside or [item.path for item in client.list_artifacts(run_id)]
    error = UnknownName.of("artifact", path, others, hint="predictions='one of them'")
    raise UnknownName(f"run {run_id!r} has {error.problem}", known=error.known, hint=error.hint)


def _json_table(file: Path) -> pa.Table | Path:
    import pyarrow as pa

    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError:
        return file  # JSON lines, or a fault that the reader of files explains
    if isinstance(value, dict) and {"columns", "data"} <= value.keys():
        value = [dict(zip(value["columns"], row, strict=False)) for row in value["data"]]
    elif isinstance(value, dict):
        value = _records(value)
    try:
        return pa.Table.from_pylist(value)
    except (pa.ArrowInvalid, pa.ArrowTypeError, AttributeError, TypeError) as error:
        raise BadPredictions(
            f"the artifact {file.name!r} is JSON, but not a table.",
            known="Read are a list of records, a value per column, and columns with data.",
            hint="mlflow.log_table(frame, 'predictions.json'), or a Parquet file",
        ) from error


def _records(columns: dict[str, Any]) -> list[dict[str, Any]] | dict[str, Any]:
    """Rows of `{column: [values]}` or of pandas' `{column: {index: value}}`."""
    values = [item.values() if isinstance(item, dict) else item for item in columns.values()]
    if not all(isinstance(item, (list, type({}.values()))) for item in values):
        return [columns]
    return [dict(zip(columns, row, strict=False)) for row in zip(*values, strict=False)]


# ── writing ──────────────────────────────────────────────────────────────────────────────


def _experiment_id(client: MlflowClient, name: str) -> str:
    found = client.get_experiment_by_name(name)
    return str(found.experiment_id if found is not None else client.create_experiment(name))


def _system_tags(record: Record) -> dict[str, str]:
    tags = {
        "mlflow.source.name": "mispredict",
        "mlflow.source.type": "LOCAL",
        "mlflow.user": record.user,
        _COMMIT: record.commit,
    }
    return {key: value for key, value in tags.items() if value}


def _new_parameters(run: Any, parameters: Mapping[str, str]) -> dict[str, str]:
    """The parameters that the run does not have yet; MLflow never changes one."""
    known = run.data.params
    for key, value in parameters.items():
        if key in known and known[key] != value:
            raise BadOption(
                f"run {run.info.run_id!r} has {key}={known[key]!r}, not {value!r}.",
                known="MLflow does not change a parameter: the run is of another model.",
                hint="another run, or none, to make a new one",
            )
    return {key: value for key, value in parameters.items() if key not in known}


def _write(
    client: MlflowClient, run_id: str, record: Record, parameters: Mapping[str, str]
) -> None:
    from mlflow.entities import Metric, Param, RunTag

    now = int(time.time() * 1000)
    numbers = figures(record.metrics, record.rows)
    for some in _chunks([Metric(key, value, now, 0) for key, value in numbers.items()]):
        client.log_batch(run_id, metrics=some)
    for some in _chunks([Param(key, value) for key, value in parameters.items()]):
        client.log_batch(run_id, params=some)
    tags = [RunTag(key, cut(value, LONGEST_TAG)) for key, value in record.tags.items() if value]
    client.log_batch(run_id, tags=tags)
    if record.dataset is not None:
        _write_dataset(client, run_id, record.dataset)
    client.log_dict(run_id, dict(record.table), f"{FOLDER}/metrics.json")
    for file in record.files:
        client.log_artifact(run_id, str(file), FOLDER)


def _write_dataset(client: MlflowClient, run_id: str, data: RunData) -> None:
    from mlflow.entities import Dataset, DatasetInput, InputTag

    source = json.dumps({"uri": data.source})
    entity = Dataset(data.name, data.digest[:36], "local", source)
    given = DatasetInput(entity, [InputTag("mlflow.data.context", data.context)])
    client.log_inputs(run_id, [given])


def _chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), _PER_CALL):
        yield items[start : start + _PER_CALL]
