"""Priorities, error tree, clusters and advice of an evaluation: what the room needs is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import Scalar

if TYPE_CHECKING:
    from mispredict.cohorts.advice import FeatureAdvice
    from mispredict.cohorts.clusters import Clusters
    from mispredict.cohorts.gains import Reference
    from mispredict.cohorts.priorities import GivenCeiling, Priorities
    from mispredict.core.predicate import Predicate
    from mispredict.store import Store, Version
    from mispredict.workspace.evaluation import Evaluation

Floats = npt.NDArray[np.float64]

BEST_MODEL = "best model"
CLUSTERS = "clusters"  # the kind of version that keeps the column `cluster`
_MOST_CLASSES = 20  # whose residuals are looked at, the most frequent ones


def priorities_of(
    of: Evaluation,
    *,
    ceiling: GivenCeiling | str,
    annotators: Sequence[str] | None,
    votes: Mapping[Scalar, str] | None,
    against: str,
    metric: str | None,
    where: str | Predicate | None,
    sort: str,
) -> Priorities:
    """The priority table of the dataset's tags."""
    from mispredict.cohorts.priorities import priorities
    from mispredict.workspace.tag_notes import tag_settings

    target, name = _metric(of, metric)
    references: list[Reference] = []
    given: GivenCeiling = None
    if ceiling == BEST_MODEL:
        references = _other_models(of, metric, name)
    elif isinstance(ceiling, str):
        raise BadOption(
            f"ceiling={ceiling!r} is not a ceiling.",
            known=f"It is a number, one per tag, or {BEST_MODEL!r}.",
            hint="ceiling=0.95",
        )
    else:
        given = ceiling
    if annotators is not None or votes is not None:
        references = [*references, _people(of, annotators, votes, against, name)]
    return priorities(
        target,
        dict(of.workspace.tag_masks(of.dataset)),
        source=of.source(where),
        metric=name,
        ceiling=given,
        references=references,
        settings=tag_settings(of.workspace.store),
        weight=of.outcomes.weight,
        mask=None if where is None else of.mask(where),
        sort=sort,
    )


def clusters_of(
    of: Evaluation,
    *,
    column: str | None,
    embedding: Callable[[Sequence[str]], Any] | npt.NDArray[Any] | None,
    components: int,
    where: str | Predicate | None,
    seed: int,
) -> Clusters:
    """Clusters of errors; which cluster each row is in becomes the column `cluster`."""
    from mispredict.cohorts.clusters import find_clusters

    columns = of.dataset.searched
    kinds = of.fields.columns
    texts = [name for name in columns if kinds[name] is ColumnType.TEXT]
    vectors = [name for name in columns if kinds[name] is ColumnType.VECTOR]
    if column is not None and column not in kinds:
        raise UnknownColumn.among(column, kinds, where=f"dataset {of.dataset.ref!r}")
    chosen = column or next(iter([*texts, *vectors]), None)
    described_by = column if column in texts else next(iter(texts), None)
    found = find_clusters(
        of.table,
        of.target,
        source=of.source(where),
        column=chosen,
        text=described_by,
        embedding=embedding,
        mask=None if where is None else of.mask(where),
        components=components,
        seed=seed,
    )
    if "cluster" in kinds:  # theirs has the name, so ours can't be asked for
        rows = tuple(replace(row, where=row.words_where) for row in found.rows)
        return replace(found, rows=rows)
    of._keep_clusters(_stored(of, found))
    return found


def advice_of(of: Evaluation, *, where: str | Predicate | None, seed: int) -> FeatureAdvice:
    """Columns that are no inputs and explain the errors."""
    from mispredict.cohorts.advice import advise_features

    schema = of.dataset.schema
    columns = [column.name for column in schema if column.role in (Role.METADATA, Role.TIME)]
    return advise_features(
        of.table,
        of.target,
        source=of.source(where),
        columns=columns,
        residuals=_residuals(of) if columns else None,
        mask=None if where is None else of.mask(where),
        seed=seed,
    )


def stored_clusters(store: Store, evaluation: Version) -> Version | None:
    """The newest clusters of the evaluation's rows, if any were found."""
    head = store.head(CLUSTERS, evaluation.ref.name)
    return head if head is not None and head.spec["evaluation"] == str(evaluation.ref) else None


def _stored(of: Evaluation, found: Clusters) -> Version:
    import pyarrow as pa

    store, ref = of.workspace.store, str(of.version.ref)
    numbers = found.assignment.astype(np.int64)
    table = pa.table({"cluster": pa.array(numbers, mask=numbers == 0)})
    return store.commit(
        CLUSTERS,
        of.version.ref.name,
        spec={"evaluation": ref, "column": found.column, "clusters": found.searched},
        parts={"table": store.write_table(table)},
        parents=(f"evaluation:{ref}",),
    )


def _metric(of: Evaluation, metric: str | None) -> tuple[Floats, str]:
    """What rows are judged by, and its name."""
    if metric not in (None, "accuracy", "loss"):
        raise BadOption.choice("metric", metric, ("accuracy", "loss"))
    has_correct = "correct" in of.fields.reserved
    if metric == "loss" or not has_correct:
        if metric == "accuracy":
            raise BadOption(f"a {of.task.kind} evaluation has no accuracy.", hint="metric='loss'")
        return of.table.values("loss"), "mean loss"
    return of.target, "accuracy"


def _other_models(of: Evaluation, metric: str | None, name: str) -> list[Reference]:
    """Each other model's scores of the same rows."""
    from mispredict.cohorts.gains import Reference

    found = []
    for other in _evaluations_of_others(of):
        target = _metric(other, metric)[0]
        scores = 1 - target if name == "accuracy" else target
        found.append(Reference(scores, other.model, is_model=True))
    if not found:
        raise BadOption(
            f"no other model was evaluated on {of.dataset.ref!r}.",
            known=f"The only one is {of.model!r}.",
            hint=f"ws.evaluate('another model', {of.dataset.ref!r})",
        )
    return found


def _evaluations_of_others(of: Evaluation) -> Iterator[Evaluation]:
    newest: dict[str, Version] = {}
    for version in of.workspace.store.versions("evaluation"):
        model = str(version.spec["model"])
        if version.spec["dataset"] == of.dataset.ref and model != of.model:
            newest[model] = max(newest.get(model, version), version, key=lambda v: v.created_at)
    for _, version in sorted(newest.items()):
        yield type(of)(of.workspace, version, of.dataset)


def _people(
    of: Evaluation,
    annotators: Sequence[str] | None,
    votes: Mapping[Scalar, str] | None,
    against: str,
    name: str,
) -> Reference:
    """How well annotators agree on each row."""
    from mispredict.cohorts.ceiling import agreement, count_votes
    from mispredict.cohorts.gains import Reference

    if against not in ("others", "label"):
        raise BadOption.choice("against", against, ("others", "label"))
    if annotators is not None and votes is not None:
        raise BadOption("give either annotators or votes.", hint="annotators=['anna', 'bob']")
    if not of.task.is_classification or name != "accuracy":
        raise BadOption(
            "annotators' agreement is a ceiling of the accuracy only.",
            known=f"This table is about the {name}.",
            hint="ceiling=a number",
        )
    if votes is not None:
        names = [str(item) for item in votes]
        columns = [of.table.values(_column(of, item), True) for item in votes.values()]
        counts: npt.NDArray[Any] = np.nan_to_num(np.column_stack(columns))
    else:
        names = list(dict.fromkeys([str(item) for item in of.task.classes]))
        labels = [_class_numbers(of, item, names) for item in annotators or ()]
        counts = count_votes(labels, len(names))
    label = _class_numbers(of, None, names) if against == "label" else None
    return Reference(agreement(counts, label=label), "annotators")


def _class_numbers(of: Evaluation, column: str | None, names: list[str]) -> npt.NDArray[np.int64]:
    """Place of each value among the names, which grow by the unknown ones; -1 for missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = of.table.column("label" if column is None else _column(of, column), column is not None)
    text = values.cast(pa.string())
    for name in pc.drop_null(pc.unique(text)).to_pylist():
        if name not in names and column is not None:
            names.append(name)
    places = pc.fill_null(pc.index_in(text, value_set=pa.array(names, pa.string())), -1)
    return np.asarray(places, dtype=np.int64)


def _column(of: Evaluation, name: str) -> str:
    if name not in of.fields.columns:
        raise UnknownColumn.among(name, of.fields.columns, where=f"dataset {of.dataset.ref!r}")
    return name


def _residuals(of: Evaluation) -> Floats | None:
    """What is true minus what the model said."""
    if "residual" in of.fields.reserved:
        return of.table.values("residual")
    if not of.task.is_classification or "label" not in of.fields.reserved:
        return None
    label, prediction = of.table.class_codes("label"), of.table.class_codes("prediction")
    counts = np.bincount(label[label >= 0], minlength=len(of.task.classes))
    often = np.argsort(-counts, kind="stable")[:_MOST_CLASSES]
    if len(counts) == 2:
        often = np.array([1])
    columns = []
    for code in often.tolist():
        said = of.outcomes.probability(code)
        columns.append((label == code) - (prediction == code if said is None else said) * 1.0)
    return np.column_stack(columns)
