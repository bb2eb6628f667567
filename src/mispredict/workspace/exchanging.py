"""Between a workspace and MLflow: what a run becomes here, and an evaluation there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from mispredict import __version__
from mispredict.core.errors import BadOption
from mispredict.core.ids import check_name, hash_json
from mispredict.exchange import mlflow as exchange
from mispredict.exchange.limits import flat
from mispredict.exchange.tracking import connect

if TYPE_CHECKING:
    import pyarrow as pa
    from mlflow import MlflowClient

    from mispredict.store import Version
    from mispredict.workspace.evaluation import Evaluation

REPORT = "report.html"


@dataclass(frozen=True, slots=True)
class Imported:
    """A run as the version of a model: its name, spec and message, and its predictions."""

    name: str
    spec: Mapping[str, Any]
    message: str
    predictions: pa.Table | None = None


def read_run(
    run: str, *, name: str | None, tracking_uri: str | None, predictions: str | None
) -> Imported:
    """The run, its model's description, and its predictions if a path to them is given.

    Raises:
        MissingExtra: MLflow is not installed.
        UnknownName: there is no such run, model or artifact.
        BadOption: the store does not answer, or the run has several models.
    """
    run_id, path = exchange.split_uri(run)
    client = connect(tracking_uri)
    found = exchange.read_run(client, run_id)
    uri = _model_uri(found, path, is_needed=predictions is None)
    chosen = check_name(name) if name else _as_name(found.name)
    spec = _model_spec(client, found, uri, chosen)
    message = f"MLflow run {found.name} of {found.experiment}: {found.link or found.uri}"
    table = _predictions(client, run_id, predictions) if predictions else None
    return Imported(chosen, spec, message, table)


def write_run(
    evaluation: Evaluation,
    model: Version,
    *,
    experiment: str | None,
    run_id: str | None,
    tracking_uri: str | None,
    report: bool,
) -> str:
    """Id of the MLflow run that has the evaluation's figures."""
    client = connect(tracking_uri, create=True)
    table = evaluation.metrics()
    with TemporaryDirectory() as folder:
        files = (evaluation.report(Path(folder) / REPORT),) if report else ()
        code = evaluation.version.code
        record = exchange.Record(
            name=evaluation.ref,
            parameters=flat({"model": _parameters(model)}),
            metrics=table.rows,
            rows=evaluation.n,
            tags=_tags(evaluation, model),
            table=table.to_dict(),
            dataset=exchange.RunData(
                evaluation.dataset.ref,
                evaluation.dataset.version.content,
                "evaluation",
                evaluation.dataset.origin,
            ),
            commit=code.commit if code else "",
            user=evaluation.version.created_by,
            files=files,
        )
        return exchange.write_run(client, record, experiment=experiment, run_id=run_id)


def _model_uri(run: exchange.Run, path: str, *, is_needed: bool) -> str:
    """URI of the run's model that is meant; "" where it has none and none is needed."""
    if path:
        return f"{run.uri}/{path}"
    if len(run.models) == 1:
        return run.models[0]
    if run.models:
        raise BadOption(
            f"run {run.id!r} has {len(run.models)} models.",
            known=f"They are {', '.join(map(repr, run.models))}.",
            hint="the URI of one of them instead of the run's id",
        )
    if is_needed:
        raise BadOption(
            f"run {run.id!r} has no model.",
            known=f"It is {run.name!r} of experiment {run.experiment!r}, {run.status.lower()}.",
            hint="predictions='a file of the run' and dataset='…', to import those",
        )
    return ""


def _model_spec(client: MlflowClient, run: exchange.Run, uri: str, name: str) -> dict[str, Any]:
    about = exchange.read_model(client, uri) if uri else {}
    describe = {
        "kind": "mlflow" if uri else "predictions",
        "name": name,
        "uri": uri,
        "parameters": dict(run.parameters),
        "flavors": sorted(about.get("flavors") or ()),
        "model_uuid": about.get("model_uuid"),
    }
    identity = about.get("model_uuid")
    return {
        "kind": describe["kind"],
        "place": uri or None,
        "input": None,
        "classes": None,
        "options": {"tracking_uri": run.place} if uri else {},
        "fingerprint": hash_json(["mlflow", identity]) if identity else None,
        "describe": describe,
        "run": _run_facts(run),
    }


def _run_facts(run: exchange.Run) -> dict[str, Any]:
    from mispredict.core.results import plain

    facts = {key: getattr(run, key) for key in ("id", "name", "experiment", "place", "link")}
    facts |= {"status": run.status, "commit": run.commit, "source": run.source}
    facts |= {"metrics": run.metrics, "tags": run.tags, "datasets": run.datasets}
    value: dict[str, Any] = plain(facts)
    return value


def _predictions(client: MlflowClient, run_id: str, path: str) -> pa.Table:
    from mispredict.sources.read import read

    with TemporaryDirectory() as folder:
        return read(exchange.read_predictions(client, run_id, path, Path(folder)))


def _as_name(text: str) -> str:
    return re.sub(r"[^\w.\- ]+", "_", text).strip("_.- ")[:100].strip("_.- ") or "mlflow"


def _parameters(model: Version) -> dict[str, Any]:
    described = {key: value for key, value in model.spec["describe"].items() if key != "libraries"}
    return {"kind": model.spec["kind"], **described}


def _tags(evaluation: Evaluation, model: Version) -> dict[str, str]:
    dataset = evaluation.dataset.version
    return {
        "mispredict.evaluation": evaluation.ref,
        "mispredict.evaluation.content": evaluation.version.content,
        "mispredict.dataset": str(dataset.ref),
        "mispredict.dataset.content": dataset.content,
        "mispredict.model": str(model.ref),
        "mispredict.model.content": model.content,
        "mispredict.model.run": str(model.spec.get("run", {}).get("id", "")),
        "mispredict.version": __version__,
    }
