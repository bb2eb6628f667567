"""What one model did on one dataset: the object that people ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, EmptyCohort, UnknownColumn
from mispredict.core.predicate import Always, Fields, Predicate, parse
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Scalar, Task
from mispredict.workspace.coding import load_coded
from mispredict.workspace.finding import stored_clusters

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from mispredict.cohorts.advice import FeatureAdvice
    from mispredict.cohorts.cards import Cards
    from mispredict.cohorts.ceiling import Ceiling
    from mispredict.cohorts.clusters import Clusters
    from mispredict.cohorts.errors import ErrorClasses
    from mispredict.cohorts.priorities import Priorities
    from mispredict.cohorts.slices import ScoredSlices, Slices
    from mispredict.cohorts.tree import ErrorTree
    from mispredict.engine.encode import Coded
    from mispredict.engine.table import Table
    from mispredict.metrics.curves import (
        CalibrationTable,
        ConfusionTable,
        PrecisionRecallCurve,
        RocCurve,
    )
    from mispredict.metrics.measure import MetricTable
    from mispredict.metrics.threshold import ThresholdTable
    from mispredict.report.overview import Overview
    from mispredict.store import Version
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.rows import Rows
    from mispredict.workspace.workspace import Workspace

R = TypeVar("R", bound="Any")
KIND = "evaluation"
RESERVED = (
    "label",
    "prediction",
    "correct",
    "confidence",
    "margin",
    "entropy",
    "residual",
    "loss",
    "score",
    "error_class",
)
ORDERS = {
    "confidence": "confidence DESC, loss DESC",
    "loss": "loss DESC",
    "near": "margin, loss DESC",
}


class Evaluation:
    """One row per example of a model version × a dataset version.

    Every method takes `where`, a cohort in the cohort language (or a `Predicate`); without it
    the answer is about all rows.
    """

    def __init__(self, workspace: Workspace, version: Version, dataset: Dataset) -> None:
        self._workspace = workspace
        self.version = version
        self.dataset = dataset
        self.model = str(version.spec["model"])
        self.ref = f"{self.model}/{dataset.ref}"
        self.task = Task.from_dict(version.spec["task"])
        self.n = dataset.n
        columns = version.spec["columns"]
        self._kinds = {name: ColumnType(columns[name]) for name in sorted(columns, key=_place)}
        self._keep_clusters(stored_clusters(workspace.store, version))

    @property
    def workspace(self) -> Workspace:
        """The workspace that the evaluation is stored in."""
        return self._workspace

    def __len__(self) -> int:
        return self.n

    def __repr__(self) -> str:
        return f"<Evaluation {self.ref}: {self.n:,} rows, {self.task.kind}>"

    def __str__(self) -> str:
        return str(self.overview())

    def _repr_html_(self) -> str:
        return str(self.overview()._repr_html_())

    # ── what the rows are ────────────────────────────────────────────────────────────

    @cached_property
    def fields(self) -> Fields:
        """The names that cohorts of this evaluation may use."""
        reserved = {"row": ColumnType.NUMERIC, **self._kinds}
        for role in (Role.TIME, Role.SPLIT, Role.WEIGHT):
            column = self.dataset.schema.first(role)
            if column is not None:
                reserved[role.value] = column.type
        return Fields.of(self.dataset.schema, reserved, self.task.classes)

    @cached_property
    def table(self) -> Table:
        """The evaluation table that metrics, cohorts and queries work on."""
        from mispredict.engine.table import Table

        return Table(
            n=self.n,
            fields=self.fields,
            task=self.task,
            load=self._load,
            load_codes=self._load_codes,
            tags=self._workspace.tag_masks(self.dataset),
            cohorts=self._workspace.cohort_predicates(),
            names=self.column_names,
        )

    @property
    def column_names(self) -> tuple[str, ...]:
        """Id first, then the dataset's columns, then the reserved ones."""
        dataset = self.dataset
        taken = {name for name in self.fields.reserved if name not in (dataset.label, dataset.id)}
        own = [
            f'input("{name}")' if name in taken else name
            for name in dataset.schema.names
            if name != dataset.id
        ]
        return tuple(dict.fromkeys([dataset.id or "row", *own, *self._kinds]))

    def predicate(self, where: str | Predicate | None) -> Predicate:
        """The cohort as a checked predicate."""
        if where is None:
            return Always()
        if isinstance(where, Predicate):
            return where.bind(self.fields)
        return parse(where, self.fields)

    def mask(self, where: str | Predicate | None = None) -> npt.NDArray[np.bool_]:
        """Which rows a cohort selects, in the dataset's order."""
        return self.table.mask(self.predicate(where))

    def source(self, where: str | Predicate | None = None, n: int | None = None) -> Source:
        """What a figure about the cohort stands on."""
        predicate = self.predicate(where)
        is_all = isinstance(predicate, Always)
        count = n if n is not None else int(self.table.mask(predicate).sum())
        return Source(self.ref, "" if is_all else predicate.text, count)

    # ── how good the model is ────────────────────────────────────────────────────────

    def metrics(
        self,
        by: str | Sequence[str | Predicate] | None = None,
        where: str | Predicate | None = None,
        metrics: str | Sequence[str] | None = None,
    ) -> MetricTable:
        """Every metric of the task with n and interval: overall, or per cohort.

        Args:
            by: a column, several columns (their crossing), or a list of cohorts.
            where: the rows to look at.
            metrics: names of metrics; None for the usual ones of the task.
        """
        from mispredict.metrics.measure import MetricTable
        from mispredict.workspace.measuring import measured

        chosen = [metrics] if isinstance(metrics, str) else metrics
        self._some(where)
        rows = measured(self, by=by, where=where, metrics=chosen)
        return MetricTable(rows, self.source(where))

    def confusion(self, where: str | Predicate | None = None) -> ConfusionTable:
        """Counts of each label and prediction, with shares of the label."""
        from mispredict.metrics.curves import confusion

        if not self.task.is_classification:
            raise BadOption(
                f"a {self.task.kind} evaluation has no confusion table.",
                known="It counts the labels and predictions of a classification.",
                hint="ev.mistakes() for the rows with the largest loss",
            )
        return self._sourced(confusion(self.outcomes, self._some(where)), where)

    def calibration(
        self, where: str | Predicate | None = None, *, bins: int = 15
    ) -> CalibrationTable:
        """Confidence against accuracy, in bins of confidence."""
        from mispredict.metrics.curves import calibration

        return self._sourced(calibration(self.outcomes, self._some(where), bins=bins), where)

    def roc(self, positive: Any = None, where: str | Predicate | None = None) -> RocCurve:
        """True-positive against false-positive rate over all thresholds."""
        from mispredict.metrics.curves import roc_curve

        index = self._class_index(positive)
        return self._sourced(roc_curve(self.outcomes, self._some(where), k=index), where)

    def precision_recall(
        self, positive: Any = None, where: str | Predicate | None = None
    ) -> PrecisionRecallCurve:
        """Precision against recall over all thresholds."""
        from mispredict.metrics.curves import precision_recall_curve

        index = self._class_index(positive)
        curve = precision_recall_curve(self.outcomes, self._some(where), k=index)
        return self._sourced(curve, where)

    def thresholds(
        self,
        *,
        cost_fp: float = 1.0,
        cost_fn: float = 1.0,
        review: tuple[float, float] | None = None,
        cost_review: float = 0.0,
        where: str | Predicate | None = None,
    ) -> ThresholdTable:
        """What each threshold on the positive class would cost, and the cheapest one."""
        from mispredict.metrics.threshold import Costs, threshold

        costs = Costs(
            false_positive=cost_fp, false_negative=cost_fn, review=review, review_cost=cost_review
        )
        return self._sourced(threshold(self.outcomes, costs, self._some(where)), where)

    def decide_threshold(self, threshold: float, *, who: str, reason: str) -> Version:
        """Record a chosen threshold with who signed it off and why."""
        return self._workspace.decide_threshold(self, threshold, who=who, reason=reason)

    def overview(self, where: str | Predicate | None = None) -> Overview:
        """Summary: metrics, classes, confusion, calibration, baselines, mistakes, cards."""
        from mispredict.report.overview import overview

        return overview(self, where)

    # ── where it is wrong ────────────────────────────────────────────────────────────

    def error_classes(
        self, where: str | Predicate | None = None, *, top: int | None = None
    ) -> ErrorClasses:
        """Which label is taken for which, most frequent first."""
        from mispredict.cohorts.errors import error_classes

        mask = self._some(where)
        return error_classes(self.table, source=self.source(where), mask=mask, top=top)

    def mistakes(
        self,
        order: str = "confidence",
        where: str | Predicate | None = None,
        limit: int = 20,
    ) -> Rows:
        """Wrong rows: the most confident first, by `loss`, or the `near` misses first."""
        if order not in ORDERS:
            raise BadOption.choice("order", order, ORDERS)
        order_by = ORDERS[order]
        available = ["loss DESC"] if "confidence" not in self._kinds else [order_by]
        wrong = "NOT correct" if "correct" in self._kinds else "loss IS NOT NULL"
        return self.rows(self._both(where, wrong), order_by=", ".join(available), limit=limit)

    def near_misses(self, where: str | Predicate | None = None, limit: int = 20) -> Rows:
        """Wrong rows on which the model hesitated most."""
        return self.mistakes("near", where, limit)

    def outliers(self, where: str | Predicate | None = None, limit: int = 20) -> Rows:
        """Rows that are most unlike the others, with their `outlier_score`."""
        from mispredict.workspace.rows import rows_at

        scores = self._outlier_scores
        chosen = np.flatnonzero(self.mask(where))
        order = chosen[np.argsort(-scores[chosen], kind="stable")][:limit]
        extra = {"outlier_score": scores[order]}
        return rows_at(self, order, total=len(chosen), where=where, extra=extra)

    def cards(
        self,
        where: str | Predicate | None = None,
        *,
        columns: Sequence[str] | None = None,
        kinds: Sequence[str] | None = None,
        top: int | None = 50,
    ) -> Cards:
        """Values, tokens, labels and predictions that go with being wrong, or right."""
        from mispredict.cohorts.cards import KINDS, find_cards

        for kind in kinds or ():
            if kind not in KINDS:
                raise BadOption.choice("kinds", kind, KINDS)
        return find_cards(
            self.table,
            self.target,
            source=self.source(where),
            mask=self._some(where),
            weights=self.outcomes.weight,
            columns=list(self._searched(columns, ())),
            kinds=tuple(kinds or KINDS),
            top=top,
        )

    def slices(  # noqa: PLR0913 - each is a choice of the search
        self,
        top: int = 15,
        where: str | Predicate | None = None,
        *,
        objective: str | None = None,
        columns: Sequence[str] | None = None,
        skip: Sequence[str] = (),
        conditions: int = 3,
        min_share: float = 0.01,
        budget_s: float = 60.0,
        scoring: str = "significance",
        alpha: float = 0.95,
        seed: int = 0,
        progress: Callable[[int, int, int], None] | None = None,
        cancel: Callable[[], bool] | None = None,
    ) -> Slices | ScoredSlices:
        """Groups of rows on which the model really fails, worst first; none is an answer.

        All conjunctions of up to `conditions` conditions are searched on one half of the rows;
        what is found is confirmed on the other half, corrected and merged.

        Args:
            top: most slices to return, at most 15.
            where: the rows to search in.
            objective: what is larger in a slice: `error`, `loss`, `false_positive[class]`,
                `false_negative[class]`, `overconfidence`, `overprediction`, `underprediction`.
            columns: columns to search with; the inputs and metadata by default.
            skip: columns not to search with, such as those that give the label away.
            conditions: most conditions of a slice, 1 to 4.
            min_share: least share of the rows in a slice.
            budget_s: seconds after which the best found so far is returned.
            scoring: `significance`, or `sliceline` for the score of the paper, unconfirmed.
            alpha: weight of the error against the size in SliceLine's score.
            seed: of the halves.
        """
        from mispredict.cohorts.objective import objective as objective_of
        from mispredict.cohorts.slices import SearchOptions, find_slices

        options = SearchOptions(
            columns=self._searched(columns, skip),
            top=top,
            conditions=conditions,
            min_share=min_share,
            budget_s=budget_s,
            scoring=scoring,
            alpha=alpha,
            seed=seed,
        )
        return find_slices(
            self.table,
            objective_of(self.table, objective),
            options,
            source=self.source(where),
            mask=self._some(where),
            weights=self.outcomes.weight,
            progress=progress,
            cancel=cancel,
        )

    def rows(
        self,
        where: str | Predicate | None = None,
        order_by: str | None = None,
        limit: int = 20,
        offset: int = 0,
        columns: Sequence[str] | None = None,
    ) -> Rows:
        """Rows of a cohort: the id, the dataset's columns, then the reserved ones."""
        from mispredict.workspace.rows import find_rows

        return find_rows(self, where, order_by, limit=limit, offset=offset, columns=columns)

    def to_frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The whole evaluation table as pandas."""
        return self.rows(limit=self.n, columns=columns).to_frame()

    # ── what to do first ─────────────────────────────────────────────────────────────

    def tags(
        self,
        ceiling: float | Ceiling | Mapping[str, float | Ceiling] | str | None = None,
        *,
        annotators: Sequence[str] | None = None,
        votes: Mapping[Scalar, str] | None = None,
        against: str = "others",
        metric: str | None = None,
        where: str | Predicate | None = None,
        sort: str = "gain",
    ) -> Priorities:
        """What to work on first: each tag's gap to its ceiling times its share of the data.

        Args:
            ceiling: the best value to be expected, for all tags or by tag; or `"best model"`,
                the best of the other models on the same rows. What `ws.set_tag` said of a tag
                wins over one number for all. Without any, perfection stands in.
            annotators: columns with one person's label each: people are the ceiling.
            votes: column with the number of people who chose each class, by class.
            against: compare each person with the `others`, or with the `label`.
            metric: `accuracy` or `loss`; accuracy where rows are right or wrong.
            where: the rows to look at.
            sort: by `gain`, or by `worth`: gain × importance × ease.
        """
        from mispredict.workspace.finding import priorities_of

        return priorities_of(
            self, ceiling=ceiling, annotators=annotators, votes=votes, against=against,
            metric=metric, where=where, sort=sort,
        )  # fmt: skip

    def error_tree(
        self,
        where: str | Predicate | None = None,
        *,
        depth: int = 3,
        min_share: float = 0.02,
        columns: Sequence[str] | None = None,
        skip: Sequence[str] = (),
        seed: int = 0,
    ) -> ErrorTree:
        """Nested conditions under which the model is wrong more or less often; each a cohort.

        Fitted on one half of the rows, measured and pruned on the other.
        """
        from mispredict.cohorts.tree import find_tree

        return find_tree(
            self.table,
            self.target,
            source=self.source(where),
            columns=self._searched(columns, skip),
            mask=self._some(where),
            within=self.predicate(where),
            depth=depth,
            min_share=min_share,
            seed=seed,
        )

    def clusters(
        self,
        column: str | None = None,
        *,
        embedding: Callable[[Sequence[str]], Any] | npt.NDArray[Any] | None = None,
        n: int = 25,
        where: str | Predicate | None = None,
        seed: int = 0,
    ) -> Clusters:
        """Clusters of texts or vectors on which the model fails in a like way, confirmed.

        Afterwards `cluster` is a column, so that `cluster = 3` is a cohort.

        Args:
            column: texts or vectors; the first such column by default.
            embedding: a function from texts to vectors, or a vector per row; by default a
                vector column as it is, and TF-IDF with singular values for texts.
            n: clusters at most.
        """
        from mispredict.workspace.finding import clusters_of

        return clusters_of(
            self, column=column, embedding=embedding, components=n, where=where, seed=seed
        )

    def feature_advice(
        self, where: str | Predicate | None = None, *, seed: int = 0
    ) -> FeatureAdvice:
        """Columns that are no inputs of the model but explain its errors on unseen rows."""
        from mispredict.workspace.finding import advice_of

        return advice_of(self, where=where, seed=seed)

    # ── naming what was found ────────────────────────────────────────────────────────

    def tag(
        self,
        name: str,
        where: str | Predicate | None = None,
        *,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    ) -> int:
        """Tag the rows of a cohort, or rows by their number; how many have the tag now."""
        return self._workspace.tag(name, self, where=where, rows=rows)

    def untag(
        self,
        name: str,
        where: str | Predicate | None = None,
        *,
        rows: Sequence[int] | npt.NDArray[np.integer[Any]] | None = None,
    ) -> int:
        """Take the tag from the rows; how many have it now."""
        return self._workspace.tag(name, self, where=where, rows=rows, is_removed=True)

    def save_cohort(self, name: str, where: str | Predicate, *, note: str = "") -> Version:
        """Name a cohort, so that `cohort('name')` means it in this workspace."""
        return self._workspace.save_cohort(name, self.predicate(where), note=note)

    def report(self, path: str | Path, where: str | Predicate | None = None) -> Path:
        """Write the overview as one file, HTML or (`.md`) Markdown; its path."""
        from mispredict.report.html import write_html, write_text
        from mispredict.report.markdown import render_markdown

        if Path(path).suffix.lower() in (".md", ".markdown"):
            return write_text(render_markdown(self.overview(where)), Path(path))
        return write_html(self.overview(where), Path(path))

    def export_mlflow(
        self,
        *,
        experiment: str | None = None,
        run_id: str | None = None,
        tracking_uri: str | None = None,
        report: bool = False,
    ) -> str:
        """Write the figures into an MLflow run; its id.

        Metrics with their intervals and rows, the model's parameters, refs and content hashes
        as tags, the dataset as an input, and all metrics as JSON.

        Args:
            experiment: in which a new run is made; `MLFLOW_EXPERIMENT_NAME` by default, else
                "mispredict".
            run_id: of an existing run to write into instead.
            tracking_uri: where the run is; by default what MLflow is set to.
            report: also keep the HTML report there.
        """
        return self._workspace.export_mlflow(
            self,
            experiment=experiment,
            run_id=run_id,
            tracking_uri=tracking_uri,
            report=report,
        )

    # ── for the rooms ────────────────────────────────────────────────────────────────

    @cached_property
    def outcomes(self) -> Any:
        """The arrays that metrics are computed from."""
        from mispredict.workspace.measuring import outcomes

        return outcomes(self)

    @cached_property
    def target(self) -> npt.NDArray[np.float64]:
        """1 for wrong and 0 for right rows, or the loss; NaN without a label."""
        if "correct" in self._kinds:
            return 1 - self.table.values("correct")
        return self.table.values("loss")

    @cached_property
    def _outlier_scores(self) -> npt.NDArray[np.float64]:
        from mispredict.cohorts.outliers import outlier_scores

        return outlier_scores(self.table)

    def _searched(self, columns: Sequence[str] | None, skip: Sequence[str]) -> tuple[str, ...]:
        """The dataset's columns to look through: the given ones, or all but label and id."""
        schema = self.dataset.schema
        for name in (*(columns or ()), *skip):
            if name not in schema:
                raise UnknownColumn.among(name, schema.names, where=f"dataset {self.dataset.ref!r}")
        chosen = self.dataset.searched if columns is None else columns
        return tuple(name for name in chosen if name not in skip)

    def _sourced(self, result: R, where: str | Predicate | None) -> R:
        return replace(result, source=self.source(where))

    def _both(self, where: str | Predicate | None, also: str) -> Predicate:
        predicate = self.predicate(where)
        extra = self.predicate(also)
        return extra if isinstance(predicate, Always) else predicate & extra

    def _some(self, where: str | Predicate | None) -> npt.NDArray[np.bool_] | None:
        """The cohort's rows, which must not be none; None for all."""
        if where is None:
            return None
        mask = self.mask(where)
        if not mask.any():
            raise EmptyCohort(
                f"no row of {self.ref} meets {self.predicate(where).text}.",
                known=f"The evaluation has {self.n:,} rows.",
                hint="a wider cohort",
            )
        return mask

    def _class_index(self, name: Any) -> int:
        if not self.task.classes:
            raise BadOption(
                f"a {self.task.kind} evaluation has no classes.",
                known="Curves and classes belong to classifications.",
                hint="ev.metrics()",
            )
        chosen = self.task.positive if name is None else name
        for index, item in enumerate(self.task.classes):
            if item == chosen or str(item) == str(chosen):
                return index
        raise BadOption.choice("positive", chosen, map(str, self.task.classes))

    def _load(self, name: str, is_input: bool) -> pa.ChunkedArray:
        if is_input or name not in self.fields.reserved:
            return self.dataset.column(name)
        if name in self._kinds and name != "label":
            return self._read_own(name)
        role = {"label": Role.LABEL}.get(name) or Role(name)
        column = self.dataset.schema.first(role)
        assert column is not None  # the name is reserved only if the role is taken
        return self.dataset.column(column.name)

    def _load_codes(self, name: str, is_input: bool) -> Coded | None:
        if not is_input and name in self._coded:
            return self._coded[name]
        if not is_input and name == "label" and self.dataset.label:
            return self.dataset.coded(self.dataset.label)
        if is_input or name not in self.fields.reserved:
            return self.dataset.coded(name)
        return None

    def _keep_clusters(self, version: Version | None) -> None:
        """Make `cluster` a column: the clusters of rows that the version has."""
        self._clusters = version
        if version is None or "cluster" in self.dataset.schema:
            return
        self._kinds["cluster"] = ColumnType.CATEGORICAL
        for name in ("fields", "table"):
            self.__dict__.pop(name, None)

    def _read_own(self, name: str) -> pa.ChunkedArray:
        of = self._clusters if name == "cluster" and self._clusters else self.version
        parts = of.role("table")
        return self._workspace.store.read_table(parts, columns=[name])[name]

    @cached_property
    def _coded(self) -> Mapping[str, Coded]:
        return load_coded(self._workspace.store, self.version)


def _place(name: str) -> tuple[int, str]:
    """Order of the reserved columns, probabilities last."""
    return (RESERVED.index(name) if name in RESERVED else len(RESERVED), name)
