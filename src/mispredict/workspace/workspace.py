"""A folder of datasets, models and evaluations, and what people named in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import EllipsisType
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import (
    BadOption,
    BadPredictions,
    ModelError,
    UnknownName,
    WorkspaceNotFound,
)
from mispredict.core.ids import Ref, check_name
from mispredict.core.options import number, text
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.workspace import dataset, evaluating, saved
from mispredict.workspace.dataset import Dataset, DatasetOptions
from mispredict.workspace.evaluation import Evaluation
from mispredict.workspace.face.comparing import Comparing
from mispredict.workspace.face.drifting import Drifting
from mispredict.workspace.face.perturbing import Generating
from mispredict.workspace.face.relabelling import CrossValidating
from mispredict.workspace.face.reviewing import Reviewing
from mispredict.workspace.face.running import Running
from mispredict.workspace.listing import Entries, entry_of, fits, title_of

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.cohorts.tag_settings import TagSettings
    from mispredict.core.predicate import Predicate
    from mispredict.models.protocol import Model
    from mispredict.store import Checkup, Lineage, Store, Version, VersionDiff

FOLDER = ".mispredict"
Progress = Callable[[int, int], None]


def open_workspace(
    path: str | os.PathLike[str] | None = None, *, create: bool = True, catalog: str | None = None
) -> Workspace:
    """The workspace in a folder, made if there is none and `create` is true.

    Args:
        path: the folder; by default `MISPREDICT_WORKSPACE`, else `./.mispredict`.
        create: make it where there is none.
        catalog: URL of a PostgreSQL database for the catalog, instead of SQLite in the folder.

    Raises:
        WorkspaceNotFound: there is none and `create` is false.
    """
    from mispredict.store import Store

    place = os.fspath(path) if path is not None else os.environ.get("MISPREDICT_WORKSPACE", FOLDER)
    if place.startswith(("http://", "https://")):
        raise BadOption(
            "a workspace on a server cannot be opened yet.",
            known="This version opens folders.",
            hint="mp.open('a folder')",
        )
    try:
        return Workspace(Store.open(place, catalog_url=catalog))
    except WorkspaceNotFound:
        if not create:
            raise
        return Workspace(Store.create(place, catalog_url=catalog))


class Workspace(Comparing, Generating, Running, Drifting, Reviewing, CrossValidating):
    """Datasets, models, evaluations, cohorts and tags, all of them versioned."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._models: dict[str, Model] = {}

    def __repr__(self) -> str:
        counts = ", ".join(
            f"{len(self.store.versions(kind))} {kind}s"
            for kind in ("dataset", "model", "evaluation")
        )
        return f"<Workspace {self.store.root}: {counts}>"

    def __enter__(self) -> Workspace:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Release the catalog."""
        self.store.close()

    # ── datasets ─────────────────────────────────────────────────────────────────────

    def add_dataset(  # noqa: PLR0913 - each says one thing of the data
        self,
        name: str,
        source: Any,
        *,
        label: str | Sequence[str] | None = None,
        id: str | None = None,  # noqa: A002 - the word people know
        time: str | None = None,
        split: str | None = None,
        weight: str | None = None,
        metadata: Sequence[str] = (),
        annotations: Sequence[str] = (),
        types: Mapping[str, str] | None = None,
        task: str | None = None,
        classes: Sequence[Scalar] = (),
        positive: Scalar | None = None,
        missing: Sequence[str] = (),
        encoding: str | None = None,
        delimiter: str | None = None,
        infinities: str = "error",
        gate: str | os.PathLike[str] | Suite | None = None,
    ) -> Dataset:
        """Store rows as a dataset; the same rows again give the same version.

        Args:
            name: of the dataset.
            source: a path (CSV, JSON lines, Parquet, Arrow, a folder), or a frame of pandas,
                polars, Arrow, DuckDB or Hugging Face datasets.
            label: the column with the truth, or several 0/1 columns (multilabel).
            id: column that names each row; found by itself where it is obvious.
            time: column of when a row happened.
            split: column of the part of the data a row belongs to.
            weight: column of how much a row counts.
            metadata: columns that are known of a row but not given to the model.
            annotations: columns known only with the label (votes of raters, what happened
                later); neither given to the model nor searched for findings.
            types: types of columns, where the inferred ones are wrong.
            task: binary, multiclass, multilabel, regression or score; inferred by default.
            classes: all classes, where some do not occur or have an order.
            positive: the class that binary metrics speak of; the last one by default.
            missing: words that mean "no value" in a CSV file, beside the empty cell, NA, N/A,
                NaN, nan, null, NULL, None and #N/A; with "" among them they are the only ones,
                so that `missing=[""]` keeps a class named "None".
            encoding: of a text file.
            delimiter: of a CSV file.
            infinities: "error", "missing" or "keep".
            gate: a suite of checks of data that the rows must pass, or else nothing is stored;
                it compares with the newest version, if it names no reference.

        Raises:
            GateFailed: the gate refuses the rows; its `verdicts` say why.
        """
        from mispredict.sources.read import read

        check_name(name)
        options = DatasetOptions(
            label, id, time, split, weight, metadata, annotations, types, task,
            tuple(classes), positive, infinities,
        )  # fmt: skip
        raw = read(source, encoding=encoding, delimiter=delimiter, missing=missing)
        is_path = isinstance(source, (str, os.PathLike))
        origin = str(Path(source).resolve()) if is_path else type(source).__module__.split(".")[0]
        refuse = None
        if gate is not None:
            from mispredict.workspace.inspecting.gate import gate_of

            refuse = gate_of(self, name, gate)
        return dataset.add(self.store, name, raw, origin, options, gate=refuse)

    def dataset(self, ref: str) -> Dataset:
        """The dataset `name` (newest version) or `name@version`."""
        return Dataset(self.store, self.store.version("dataset", ref))

    def datasets(self) -> Entries:
        """All versions of all datasets."""
        return self._entries("dataset", lambda spec: f"{len(spec['schema'])} columns")

    # ── models ───────────────────────────────────────────────────────────────────────

    def add_model(
        self,
        name: str,
        model: Any,
        *,
        input: str | None = None,  # noqa: A002 - short, and shadows nothing used here
        classes: Sequence[Scalar] | None = None,
        trust: bool = False,
        copy: bool = False,
        **options: Any,
    ) -> Version:
        """Register a model: an estimator, a function, an `.onnx` file, an MLflow or HTTP URL.

        An object in memory can be called in this process only, unless `copy` keeps a pickle
        of it in the workspace, which is loaded only by who says `trust=True` to `model`.
        Everything that can be found again by its text (a file, a URL, `module:attribute`)
        can be called later.
        """
        from mispredict.models.describing import likeness
        from mispredict.models.wrapping import wrap

        check_name(name)
        wrapped = wrap(model, input=input, classes=classes, name=name, trust=trust, **options)
        is_text = isinstance(model, (str, os.PathLike))
        spec = {
            "kind": wrapped.kind,
            "place": str(model) if is_text else None,
            "input": input,
            "classes": list(classes) if classes is not None else None,
            "options": {key: value for key, value in options.items() if _is_plain(value)},
            "fingerprint": wrapped.fingerprint(),
            "describe": wrapped.describe(),
        }
        if spec["fingerprint"] is None and not is_text:
            spec["likeness"] = likeness(model)
        parts = {"copy": self.store.write_bytes(_pickled(model), "joblib")} if copy else {}
        version = self.store.commit("model", name, spec=spec, parts=parts)
        self._models[str(version.ref)] = wrapped
        return version

    def model(self, ref: str, *, trust: bool = False) -> Model:
        """The model, ready to be called.

        Raises:
            ModelError: it was an object in the memory of another process.
        """
        from mispredict.models.wrapping import wrap

        version = self.store.version("model", ref)
        key = str(version.ref)
        if key in self._models:
            return self._models[key]
        spec = version.spec
        place: Any = spec.get("place")
        if place is None and version.role("copy"):
            place = str(self.store.path(version.role("copy")[0], verify=True))
            trust = trust or _is_own(version)
        if place is None:
            raise ModelError(
                f"model {key!r} cannot be called from here.",
                known="It was an object in another process, or only its predictions are known.",
                hint=f"ws.add_model({version.ref.name!r}, model) in this process; with copy=True"
                " it is kept for later ones",
            )
        self._models[key] = wrap(
            place, input=spec["input"], classes=spec["classes"], name=version.ref.name,
            trust=trust, **spec["options"],
        )  # fmt: skip
        return self._models[key]

    def can_call(self, ref: str, *, trust: bool = False) -> bool:
        """Whether `model(ref, trust=trust)` gives the model here.

        It does for models that were registered in this process, and for those that can be found
        again by their text: a file, a URL, `module:attribute`; with `trust` also for copies,
        and without it for those that a demo of the same user made on this machine.
        """
        version = self.store.version("model", ref)
        if str(version.ref) in self._models or version.spec.get("place") is not None:
            return True
        return bool(version.role("copy")) and (trust or _is_own(version))

    def models(self) -> Entries:
        """All versions of all models."""
        return self._entries("model", lambda spec: str(spec["kind"]))

    # ── evaluations ──────────────────────────────────────────────────────────────────

    def evaluate(
        self,
        model: str,
        data: str,
        *,
        batch_rows: int | None = None,
        progress: Progress | None = None,
        cancel: Callable[[], bool] | None = None,
        trust: bool = False,
    ) -> Evaluation:
        """Call a model on every row of a dataset and store what it answers.

        Answers are cached by the content of the rows, so that a second evaluation of the same
        model asks only for new rows.
        """
        from mispredict.models.running import run
        from mispredict.store import meter

        rows = self.dataset(data)
        task = self._task_of(rows)
        version = self.store.version("model", model)
        callable_model = self.model(str(version.ref), trust=trust)
        with meter() as metered:
            predictions = run(
                callable_model,
                rows.input_frame(_named_inputs(callable_model)),
                task=task,
                batch_rows=batch_rows,
                cache=self.store.cache,
                progress=progress,
                cancel=cancel,
            )
            wider, answers = evaluating.answers_of(predictions, task)
        how = {"how": "model", "notes": list(predictions.notes)}
        return self._store_evaluation(rows, str(version.ref), wider, answers, how, metered.usage)

    def add_predictions(self, model: str, data: str, source: Any) -> Evaluation:
        """Store predictions that were made elsewhere as the evaluation of a model.

        Args:
            model: name of the model; registered as *predictions only* if it is new. The next
                version is registered by its number, such as `gbm@2`.
            data: the dataset.
            source: a frame or file with the dataset's id, `prediction`, probabilities (a
                column per class, named as the class or `p_<class>`, or one list column
                `probabilities`) and optionally `loss` or `score` per row.
        """
        rows, task, answers, usage = self._aligned(data, source)
        version = self._model_of_predictions(model)
        self._check_not_asked(str(version.ref), rows)
        how = {"how": "predictions", "notes": []}
        try:
            return self._store_evaluation(rows, str(version.ref), task, answers, how, usage)
        except BaseException:
            if version.created:  # a model without its predictions is of no use
                self.store.delete("model", version.ref)
            raise

    def evaluation(self, ref: str | None = None) -> Evaluation:
        """An evaluation: `model/dataset` (with or without versions), or one of the two names.

        Without a ref, or where several fit, it is the newest.
        """
        found = self._evaluations_like(ref)
        version = max(found, key=lambda item: (item.created_at, str(item.ref)))
        return Evaluation(self, version, self.dataset(version.spec["dataset"]))

    def evaluations(self) -> Entries:
        """All evaluations."""
        versions = self.store.versions("evaluation")
        rows = tuple(
            entry_of(version, str(version.spec["task"]["kind"]), name=title_of(version))
            for version in versions
        )
        return Entries(rows, "evaluation")

    # ── MLflow ───────────────────────────────────────────────────────────────────────

    def import_mlflow(
        self,
        run: str,
        *,
        name: str | None = None,
        tracking_uri: str | None = None,
        predictions: str | None = None,
        dataset: str | None = None,
    ) -> Version:
        """Register the model of an MLflow run, with the run's parameters, metrics and commit.

        The model is loaded when it is first called. Nothing is stored if anything is wrong.

        Args:
            run: id of the run; `runs:/<id>/<path>` where it has several models.
            name: of the model; the run's name by default.
            tracking_uri: where the run is; by default what MLflow is set to.
            predictions: path of a file among the run's artifacts (CSV, Parquet, JSON), stored
                as the evaluation of the model on `dataset`; see `add_predictions`.
            dataset: the dataset that the predictions are of.
        """
        from mispredict.workspace import exchanging

        if (predictions is None) != (dataset is None):
            raise BadOption(
                "predictions and dataset go together.",
                known="Predictions are read beside the rows that they are of.",
                hint="predictions='predictions.csv', dataset='a dataset of the workspace'",
            )
        found = exchanging.read_run(
            run, name=name, tracking_uri=tracking_uri, predictions=predictions
        )
        aligned = self._aligned(dataset, found.predictions) if dataset is not None else None
        version = self.store.commit("model", found.name, spec=found.spec, message=found.message)
        if aligned is not None:
            rows, task, answers, usage = aligned
            how: dict[str, Any] = {"how": "predictions", "notes": [], "artifact": predictions}
            self._store_evaluation(rows, str(version.ref), task, answers, how, usage)
        return version

    def export_mlflow(
        self,
        of: Evaluation,
        *,
        experiment: str | None = None,
        run_id: str | None = None,
        tracking_uri: str | None = None,
        report: bool = False,
    ) -> str:
        """Write an evaluation's figures into an MLflow run; see `Evaluation.export_mlflow`."""
        from mispredict.workspace import exchanging

        return exchanging.write_run(
            of,
            self.store.version("model", of.model),
            experiment=experiment,
            run_id=run_id,
            tracking_uri=tracking_uri,
            report=report,
        )

    # ── cohorts, tags, thresholds ────────────────────────────────────────────────────

    def save_cohort(self, name: str, where: str | Predicate, *, note: str = "") -> Version:
        """Save a cohort under a name; `cohort('name')` means its newest version."""
        return saved.save(self.store, name, where, note=note)

    def cohorts(self) -> saved.Cohorts:
        """The newest version of each saved cohort."""
        return saved.listed(self.store)

    def cohort_predicates(self) -> Mapping[str, Predicate]:
        """Saved cohorts by name."""
        return saved.predicates(self.store)

    def export_cohorts(self, folder: str | Path) -> list[Path]:
        """Write each saved cohort as a YAML file, to be reviewed and versioned with git."""
        return saved.export(self.store, Path(folder))

    def import_cohorts(self, folder: str | Path) -> list[Version]:
        """Save the cohorts of a folder of YAML files; all of them or, on an error, none."""
        return saved.import_(self.store, Path(folder))

    def tag(
        self,
        name: str,
        of: Evaluation,
        *,
        where: str | Predicate | None = None,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
        is_removed: bool = False,
    ) -> int:
        """Add rows to a tag, or remove them; how many rows of the dataset have it then."""
        mask = saved.chosen(of, where, rows)
        return saved.tag(self.store, name, of.dataset, mask, is_removed=is_removed)

    def tags(self) -> saved.Tags:
        """All tags with the number of their rows."""
        return saved.tags(self.store)

    def set_tag(
        self,
        name: str,
        *,
        ease: int | EllipsisType | None = ...,
        importance: int | EllipsisType | None = ...,
        ceiling: float | EllipsisType | None = ...,
        note: str | EllipsisType = ...,
    ) -> TagSettings:
        """Say how easy (1 to 5) and important (1 to 5) a tag is, its ceiling, or a note.

        What is left out stays as it was; None takes it back. `ev.tags()` uses it.
        """
        from mispredict.workspace.tag_notes import set_tag

        return set_tag(
            self.store, name, ease=ease, importance=importance, ceiling=ceiling, note=note
        )

    def tag_settings(self) -> Mapping[str, TagSettings]:
        """What was said of tags, by name."""
        from mispredict.workspace.tag_notes import tag_settings

        return tag_settings(self.store)

    def tag_masks(self, of: Dataset) -> saved.TagMasks:
        """Rows of a dataset by tag, each found when it is asked for."""
        return saved.TagMasks(self.store, of)

    def decide_threshold(
        self, of: Evaluation, threshold: float, *, who: str, reason: str
    ) -> Version:
        """Record that `who` chose a threshold for a model, and why."""
        threshold = number("threshold", threshold, 0, 1)
        if not text("who", who).strip() or not text("reason", reason).strip():
            raise BadOption(
                "a decision needs who and reason.",
                known="One of them is empty.",
                hint="who='Ada', reason='…'",
            )
        spec = {
            "evaluation": of.ref, "threshold": threshold, "who": who, "reason": reason,
        }  # fmt: skip
        name = Ref.parse(of.model).name
        return self.store.commit("threshold", name, spec=spec, parents=(f"model:{of.model}",))

    # ── care ─────────────────────────────────────────────────────────────────────────

    def lineage(self, kind: str, ref: str) -> Lineage:
        """All that a version comes from and all that comes from it."""
        return self.store.lineage(kind, self._stored_ref(kind, ref))

    def diff(self, kind: str, before: str, after: str) -> VersionDiff:
        """What changed from one version to another: data, parameters, code, environment."""
        return self.store.diff(kind, self._stored_ref(kind, before), self._stored_ref(kind, after))

    def label(self, kind: str, ref: str, label: str) -> Version:
        """Give a version a label such as `prod`; it can then be named `name@prod`."""
        return self.store.label(kind, self._stored_ref(kind, ref), label)

    def delete(self, kind: str, ref: str, *, force: bool = False) -> Version:
        """Delete a version; refused while others come from it, unless forced."""
        return self.store.delete(kind, self._stored_ref(kind, ref), force=force)

    def doctor(self, *, repair: bool = False) -> Checkup:
        """Check every stored file; with `repair`, remove what nothing uses."""
        return self.store.doctor(repair=repair)

    # ── inside ───────────────────────────────────────────────────────────────────────

    def _store_evaluation(
        self, rows: Dataset, model: str, task: Task, answers: Any, how: Any, usage: Any
    ) -> Evaluation:
        version = evaluating.write_evaluation(
            self.store, rows, model, task, answers, how=how, usage=usage
        )
        from mispredict.workspace.problems.triage import notice

        made = Evaluation(self, version, rows)
        notice(made)
        return made

    def _aligned(self, data: str, source: Any) -> tuple[Dataset, Task, Any, Any]:
        """A dataset with the answers of a predictions table; nothing is stored."""
        from mispredict.evaluations.align import align
        from mispredict.sources.read import read
        from mispredict.store import meter

        rows = self.dataset(data)
        with meter() as metered:
            table = _storable(read(source))
            task = rows.task or _scored(table)
            ids = rows.column(rows.id) if rows.id else None
            answers = align(table, task, ids=ids, id_name=rows.id or "", rows=rows.n)
        return rows, task, answers, metered.usage

    def _model_of_predictions(self, model: str) -> Version:
        """The version that made them; it is registered where it is the next one."""
        ref = Ref.parse(model)
        newest = self.store.head("model", ref.name)
        last = newest.number if newest is not None else 0
        asked = ref.version if ref.version is not None else max(last, 1)
        if asked != last + 1 or (newest is not None and newest.spec["kind"] != "predictions"):
            return self.store.version("model", ref)
        spec: dict[str, Any] = {
            "kind": "predictions",
            "place": None,
            "describe": {},
            "fingerprint": None,
        }
        if last:  # what is known of them is the same, and they are not
            spec["number"] = asked
        return self.store.commit("model", ref.name, spec=spec)

    def _check_not_asked(self, model: str, rows: Dataset) -> None:
        """Refuse other predictions in the place of those that the model itself gave."""
        name = evaluating.stored_name(model, rows.ref)
        known = self.store.head("evaluation", name)
        if known is not None and known.spec.get("how") == "model":
            raise BadPredictions(
                f"{model} was asked itself about {rows.ref}.",
                known="Predictions made elsewhere would stand for its own under the same name.",
                hint=f"another name, such as ws.add_predictions('other', {rows.name!r}, …)",
            )

    def _task_of(self, rows: Dataset) -> Task:
        if rows.task is None or rows.task.kind is TaskKind.SCORE:
            raise BadOption(
                f"dataset {rows.ref!r} has no label to evaluate a model against.",
                known=f"Columns: {', '.join(rows.schema.names[:8])}.",
                hint=f"ws.add_dataset({rows.name!r}, …, label='a column')",
            )
        return rows.task

    def _evaluations_like(self, ref: str | None) -> tuple[Version, ...]:
        versions = self.store.versions("evaluation")
        if not versions:
            raise UnknownName(
                "there is no evaluation yet.",
                known=f"Workspace: {self.store.root}.",
                hint="ws.evaluate('model', 'dataset') or ws.add_predictions(…); "
                "mispredict demo shows one",
            )
        exact = ref and self._without_labels(ref)
        found = tuple(item for item in versions if not exact or fits(item, exact))
        if not found:
            raise UnknownName.of("evaluation", str(ref), [title_of(item) for item in versions])
        return found

    def _without_labels(self, ref: str) -> str:
        """The reference with each `name@label` as `name@version`."""
        return "/".join(self._without_label(part) for part in ref.split("/"))

    def _without_label(self, part: str) -> str:
        name, _, label = part.partition("@")
        for kind in ("model", "dataset"):
            if label and name in self.store.names(kind):
                found = self.store.labels(kind, name).get(label)
                if found is not None:
                    return str(found)
        return part

    def _stored_ref(self, kind: str, ref: str) -> str:
        if kind != "evaluation":
            return ref
        found = self._evaluations_like(ref)
        return str(max(found, key=lambda item: item.created_at).ref)

    def _entries(self, kind: str, summary: Callable[[Mapping[str, Any]], str]) -> Entries:
        versions = self.store.versions(kind)
        return Entries(tuple(entry_of(item, summary(item.spec)) for item in versions), kind)


def _scored(table: Any) -> Task:
    """The task of a dataset without a label: it is judged by a loss per row."""
    if {"score", "loss"} & set(table.column_names):
        return evaluating.SCORE
    raise BadPredictions(
        "the dataset has no label, so predictions cannot be judged.",
        known=f"The predictions have the columns {', '.join(table.column_names[:8])}.",
        hint="a column 'score' or 'loss' with a number per row, or a dataset with label=…",
    )


def _storable(table: Any) -> Any:
    """The table's columns in canonical storage."""
    import pyarrow as pa

    from mispredict.sources.normalise import normalise

    names = [str(name) for name in table.column_names]
    return pa.table([normalise(column) for column in table.columns], names=names)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, (str, int, float, bool))


def _is_own(version: Version) -> bool:
    """Whether a demo of this user wrote the model's copy."""
    from mispredict.models.own import is_own

    return is_own(version.role("copy")[0].hash)


def _pickled(model: Any) -> bytes:
    import io

    import joblib

    buffer = io.BytesIO()
    try:
        joblib.dump(model, buffer)
    except Exception as error:
        raise ModelError(
            f"{model!r:.100} cannot be copied: {type(error).__name__}.",
            known="A copy is a pickle, which takes neither a lambda nor a function inside another.",
            hint="a function at the top of a module, named 'module:attribute', or copy=False",
        ) from error
    return buffer.getvalue()


def _named_inputs(model: Model) -> tuple[str, ...]:
    """Columns that the model itself says it takes, whatever their role."""
    return tuple(str(name) for name in model.describe().get("columns") or ())
