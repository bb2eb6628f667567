"""A folder of datasets, models and evaluations, and what people named in them."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import (
    BadOption,
    WorkspaceNotFound,
)
from mispredict.core.ids import check_name
from mispredict.core.task import Scalar, Task, TaskKind
from mispredict.workspace import dataset, evaluating
from mispredict.workspace.dataset import Dataset, DatasetOptions
from mispredict.workspace.evaluation import Evaluation
from mispredict.workspace.face.caring import Caring
from mispredict.workspace.face.comparing import Comparing
from mispredict.workspace.face.drifting import Drifting
from mispredict.workspace.face.exchanging import Exchanging
from mispredict.workspace.face.naming import Naming
from mispredict.workspace.face.perturbing import Generating
from mispredict.workspace.face.relabelling import CrossValidating
from mispredict.workspace.face.reviewing import Reviewing
from mispredict.workspace.face.running import Running
from mispredict.workspace.listing import Entries, entry_of, evaluations_like, title_of
from mispredict.workspace.predicted import aligned_with, check_not_asked, version_of
from mispredict.workspace.registering import found_again, is_own, pickled, spec_of

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.models.protocol import Model
    from mispredict.store import Store, Version

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


class Workspace(
    Naming, Exchanging, Caring, Comparing, Generating, Running, Drifting, Reviewing, CrossValidating
):
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
        from mispredict.models.wrapping import wrap

        check_name(name)
        wrapped = wrap(model, input=input, classes=classes, name=name, trust=trust, **options)
        spec = spec_of(model, wrapped, column=input, classes=classes, options=options)
        parts = {"copy": self.store.write_bytes(pickled(model), "joblib")} if copy else {}
        version = self.store.commit("model", name, spec=spec, parts=parts)
        self._models[str(version.ref)] = wrapped
        return version

    def model(self, ref: str, *, trust: bool = False) -> Model:
        """The model, ready to be called.

        Raises:
            ModelError: it was an object in the memory of another process.
        """
        version = self.store.version("model", ref)
        key = str(version.ref)
        if key not in self._models:
            self._models[key] = found_again(self.store, version, trust=trust)
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
        return bool(version.role("copy")) and (trust or is_own(version))

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
        rows, task, answers, usage = aligned_with(self.dataset(data), source)
        version = version_of(self.store, model)
        check_not_asked(self.store, str(version.ref), rows)
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
        found = evaluations_like(self.store, ref)
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

    def _task_of(self, rows: Dataset) -> Task:
        if rows.task is None or rows.task.kind is TaskKind.SCORE:
            raise BadOption(
                f"dataset {rows.ref!r} has no label to evaluate a model against.",
                known=f"Columns: {', '.join(rows.schema.names[:8])}.",
                hint=f"ws.add_dataset({rows.name!r}, …, label='a column')",
            )
        return rows.task

    def _entries(self, kind: str, summary: Callable[[Mapping[str, Any]], str]) -> Entries:
        versions = self.store.versions(kind)
        return Entries(tuple(entry_of(item, summary(item.spec)) for item in versions), kind)


def _named_inputs(model: Model) -> tuple[str, ...]:
    """Columns that the model itself says it takes, whatever their role."""
    return tuple(str(name) for name in model.describe().get("columns") or ())
