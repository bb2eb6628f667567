"""Label errors of an evaluation: what the room needs is here, and its columns are kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import whole
from mispredict.core.predicate import Always

if TYPE_CHECKING:
    from mispredict.core.predicate import Predicate
    from mispredict.data.labels.errors import Labelled, Suspects
    from mispredict.data.labels.results import LabelErrors
    from mispredict.store import Store, Version
    from mispredict.workspace.evaluation import Evaluation

KIND = "label_errors"  # of version that keeps the columns `label_error` and `suggested_label`
FEW = 10  # rows of a label, of which nothing usual can be said
Groups = Sequence[Sequence[int]]


def label_errors_of(
    of: Evaluation,
    *,
    where: str | Predicate | None,
    method: str,
    groups: Groups | None,
    near: float | None,
    limit: int | None,
    progress: Callable[[int, int], None] | None,
    cancel: Callable[[], bool] | None,
) -> LabelErrors:
    """Labels that are likely wrong; which rows they are becomes two columns."""
    from mispredict.data.labels.errors import label_errors

    started = time.perf_counter()
    limit = None if limit is None else whole("limit", limit, 0)
    rows, found = found_suspects(
        of,
        where=where,
        method=method,
        groups=groups,
        near=near,
        progress=progress,
        cancel=cancel,
    )
    predicate = of.predicate(where)
    is_whole = isinstance(predicate, Always)
    if is_whole:
        of._keep_label_errors(_stored(of, rows, found, method))
    return label_errors(
        rows,
        found,
        method=method,
        limit=limit,
        within=None if is_whole else predicate,
        warnings=warnings_of(of, rows, found),
        source=of.source(where),
        started=started,
    )


def found_suspects(
    of: Evaluation,
    *,
    where: str | Predicate | None = None,
    method: str = "noise_rate",
    groups: Groups | None = None,
    near: float | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> tuple[Labelled, Suspects]:
    """The evaluation's rows as the room takes them, and those whose label is in doubt."""
    from mispredict.data.labels.errors import suspects

    is_whole = isinstance(of.predicate(where), Always)  # what a cohort means may change
    key = (method, near) if is_whole and not groups else None
    if key is not None and of._suspects is not None and of._suspects[0] == key:
        return labelled(of, where), of._suspects[1]
    alike = groups if near is None else [*(groups or ()), *_alike(of, near)]
    rows = labelled(of, where, alike)
    found = suspects(rows, method=method, progress=progress, cancel=cancel)
    if key is not None:
        of._suspects = key, found  # for the next page of the queue
    return rows, found


def labelled(
    of: Evaluation, where: str | Predicate | None = None, groups: Groups | None = None
) -> Labelled:
    """Labels, predictions, probabilities, ids and decisions of the rows of a cohort."""
    from mispredict.data.labels.confident import Probabilities
    from mispredict.data.labels.errors import Labelled
    from mispredict.workspace.labelling.review import decided_codes

    _check(of)
    outcomes = of.outcomes
    mask = of._some(where)
    label = np.asarray(outcomes.label, np.int32)
    if mask is not None:
        label = np.where(mask, label, np.int32(-1))
    first = np.asarray(outcomes.probability(0))
    label = np.where(np.isfinite(first), label, np.int32(-1))
    ids = of.dataset.column(of.dataset.id) if of.dataset.id else None
    return Labelled(
        label,
        np.asarray(outcomes.prediction, np.int32),
        Probabilities(of.n, len(of.task.classes), outcomes.probability),
        of.task.classes,
        id_of=(lambda row: row) if ids is None else (lambda row: ids[row].as_py()),
        groups=groups or (),
        decided=decided_codes(of),
        weight=outcomes.weight,
    )


HARD = 0.9  # share of right rows under which doubts are as well about the model


def warnings_of(of: Evaluation, rows: Labelled, found: Suspects) -> tuple[str, ...]:
    """What makes the answer doubtful: chiefly a model that saw these rows when it learned."""
    words = []
    how = str(of.version.spec.get("how", ""))
    known = (rows.label >= 0) & (rows.prediction >= 0)
    n = int(known.sum())
    right = float((rows.label == rows.prediction)[known].mean()) if n else 0.0
    if how != "cross_validation":
        split = _training_rows(of, rows.label >= 0)
        if split:
            words.append(
                f"{split:,} of the rows are of the split 'train'. A model gives the rows that it "
                "learned from their own label, right or wrong: cross-validate it."
            )
        elif n >= 100 and right >= 0.9995:
            words.append(
                f"The model is right on {100 * right:.4g} % of {n:,} rows. If it learned from "
                "them, it repeats their labels, right or wrong: cross-validate it."
            )
    if n and right < HARD:
        words.append(
            f"The model is wrong on {100 * (1 - right):.3g} % of the rows. A wrong label and a row "
            "that is hard to tell look alike to it, so that the estimates are the most that can "
            "be wrong: review some in the order 'random' to know."
        )
    sizes = found.found.sizes
    few = [of.task.classes[k] for k in np.flatnonzero((sizes > 0) & (sizes < FEW))]
    if few:
        named = ", ".join(f"‘{name}’" for name in few[:5])
        words.append(f"Fewer than {FEW} rows are labelled {named}: too few to say what is usual.")
    return tuple(words)


def suggested_labels(of: Evaluation) -> Mapping[int, Any]:
    """The suggested label of each flagged row; looked for now where nobody did before."""
    version = stored_label_errors(of.workspace.store, of.version)
    if version is None:
        rows, found = found_suspects(of)
        flagged = found.rows.tolist()
        return {row: rows.classes[int(found.suggested[row])] for row in flagged}
    column = of.workspace.store.read_table(version.role("table"))["suggested_label"]
    numbers = np.flatnonzero(np.asarray(column.is_valid()))
    return dict(zip(numbers.tolist(), column.take(numbers).to_pylist(), strict=True))


def stored_label_errors(store: Store, evaluation: Version) -> Version | None:
    """The newest flags of the evaluation's rows, if label errors were looked for."""
    head = store.head(KIND, evaluation.ref.name)
    return head if head is not None and head.spec["evaluation"] == str(evaluation.ref) else None


def _check(of: Evaluation) -> None:
    if not of.task.is_classification:
        raise BadOption(
            f"label errors of a {of.task.kind} evaluation cannot be looked for.",
            known="They are found by the probability of each label's class.",
            hint="an evaluation of a classification",
        )
    if "label" not in of.fields.reserved:
        raise BadOption(
            f"{of.dataset.ref!r} has no label.",
            known=f"Columns: {', '.join(of.dataset.schema.names[:8])}.",
            hint=f"ws.add_dataset({of.dataset.name!r}, …, label='a column')",
        )
    if not of.outcomes.has_probabilities:
        raise BadOption(
            f"{of.ref} has no probabilities.",
            known="Label errors are found by the probability of each label's class.",
            hint="ws.cross_validate(model, data), or predictions with a column per class",
        )


def _alike(of: Evaluation, near: float) -> list[Any]:
    """Groups of rows whose inputs are at least so alike; 1 is the same."""
    group_of = of.dataset.duplicates(near, limit=0).group_of
    rows = np.flatnonzero(group_of >= 0)
    rows = rows[np.argsort(group_of[rows], kind="stable")]
    starts = np.flatnonzero(np.diff(group_of[rows])) + 1
    return np.split(rows, starts) if len(rows) else []


def _training_rows(of: Evaluation, known: npt.NDArray[np.bool_]) -> int:
    """How many rows the dataset itself says were for training."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if "split" not in of.fields.reserved:
        return 0
    words = pc.utf8_lower(of.table.column("split").cast(pa.string()))
    is_train = pc.fill_null(pc.is_in(words, pa.array(["train", "training"])), False)
    return int((np.asarray(is_train) & known).sum())


def _stored(of: Evaluation, rows: Labelled, found: Suspects, method: str) -> Version:
    import pyarrow as pa

    from mispredict.data.labels.wheres import FLAG, SUGGESTED

    store, ref = of.workspace.store, str(of.version.ref)
    known = rows.label >= 0
    flags = pa.array(found.mask(of.n), mask=~known)
    names: Any = pa.array(list(of.task.classes))
    codes = pa.array(found.suggested, mask=found.suggested < 0)
    table = pa.table({FLAG: flags, SUGGESTED: names.take(codes)})
    return store.commit(
        KIND,
        of.version.ref.name,
        spec={"evaluation": ref, "method": method, "flagged": len(found.rows)},
        parts={"table": store.write_table(table)},
        parents=(f"evaluation:{ref}",),
    )
