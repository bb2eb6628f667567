"""From an evaluation to the arrays and groups that metrics are computed from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from mispredict.core.errors import BadOption
from mispredict.core.options import names as names_of
from mispredict.core.options import one_or_many, text
from mispredict.core.predicate import Always, Predicate
from mispredict.core.schema import Role
from mispredict.core.task import TaskKind, probability_column
from mispredict.core.words import counted

if TYPE_CHECKING:
    from mispredict.metrics.measure import MetricRow
    from mispredict.metrics.outcomes import Groups, Outcomes
    from mispredict.workspace.evaluation import Evaluation
    from mispredict.workspace.view import View

MOST_COHORTS = 10_000  # of one grouping; a crossing of columns can have more than rows


def outcomes(evaluation: View) -> Outcomes:
    """Labels, predictions, probabilities and weights of all rows."""
    from mispredict.metrics.outcomes import Outcomes

    table, task = evaluation.table, evaluation.task
    reserved = table.fields.reserved
    has_label = "label" in reserved

    def probability(index: int) -> npt.NDArray[np.float64] | None:
        name = probability_column(task.classes[index])
        return table.values(name) if name in reserved else None

    def numbers(name: str) -> npt.NDArray[np.float64] | None:
        return table.values(name) if name in reserved else None

    label: npt.NDArray[Any] | None = None
    prediction: npt.NDArray[Any] | None = None
    if task.is_classification:
        label = table.class_codes("label") if has_label else np.full(table.n, -1, np.int32)
        prediction = table.class_codes("prediction")
    elif task.kind is TaskKind.REGRESSION:
        label = table.values("label") if has_label else np.full(table.n, np.nan)
        prediction = table.values("prediction")
    elif task.kind is TaskKind.MULTILABEL:
        from mispredict.evaluations.derive import indicator

        prediction = indicator(table.column("prediction"), task.classes)
        label = indicator(table.column("label"), task.classes) if has_label else prediction
    known = None
    if task.kind is TaskKind.MULTILABEL:
        missing = not has_label or np.asarray(table.column("label").is_null())
        known = np.broadcast_to(~np.asarray(missing), (table.n,))
    weight = evaluation.dataset.schema.first(Role.WEIGHT)
    return Outcomes(
        task,
        table.n,
        label,
        prediction,
        loss=numbers("loss"),
        confidence=numbers("confidence"),
        weight=table.values("weight") if weight is not None else None,
        probabilities=probability if task.classes else None,
        known=known,
    )


def measured(
    evaluation: Evaluation,
    *,
    by: str | Sequence[str | Predicate] | None,
    where: str | Predicate | None,
    metrics: str | Sequence[str] | None,
) -> tuple[MetricRow, ...]:
    """Metrics of the rows of `where`: the whole, or each cohort of `by`."""
    from mispredict.metrics import measure_many

    if metrics is not None:
        metrics = names_of("metrics", metrics, hint="metrics=['accuracy']")
        if not metrics:
            raise BadOption(
                "metrics=[] names no metric.",
                known="Left out, it is the usual ones of the task.",
                hint="metrics=['accuracy']",
            )

    mask = None if where is None else evaluation.mask(where)
    found = groupings(evaluation, by, mask, where)
    tables = measure_many(evaluation.outcomes, found, metrics=metrics)
    return tuple(row for rows in tables for row in rows)


def groupings(
    evaluation: Evaluation,
    by: str | Sequence[str | Predicate] | None,
    mask: npt.NDArray[np.bool_] | None,
    where: str | Predicate | None,
) -> list[Groups]:
    from mispredict.metrics.outcomes import Groups

    if by is None:
        name = "all" if where is None else evaluation.predicate(where).text
        if mask is None or name == "TRUE":
            return [Groups.whole(evaluation.n)]
        return [Groups.of_mask(mask, name)]
    given = (by,) if isinstance(by, Predicate) else one_or_many("by", by, hint="by='a column'")
    names: list[str | Predicate] = list(given)
    if not names:
        raise BadOption(
            "by=[] names no column or cohort.",
            known="Metrics are measured by a column, columns, or cohorts.",
            hint="by='a column'",
        )
    for item in names:
        if not isinstance(item, Predicate):
            text("by", item, hint="by='a column', or by=['a cohort', 'another']")
    columns = [str(name) for name in names if _is_column(evaluation, name)]
    cohorts = [name for name in names if not _is_column(evaluation, name)]
    crossed = [_crossing(evaluation, columns, mask)] if columns else []
    return [*crossed, *(_cohort(evaluation, name, mask) for name in cohorts)]


def _is_column(evaluation: Evaluation, name: str | Predicate) -> bool:
    """Whether `by` means a column; text with an operator in it is a cohort."""
    if isinstance(name, Predicate):
        return False
    fields = evaluation.fields
    if name in fields.columns or name in fields.reserved:
        return True
    return name.isidentifier() and name.upper() not in ("TRUE", "FALSE")


def _cohort(
    evaluation: Evaluation, name: str | Predicate, mask: npt.NDArray[np.bool_] | None
) -> Groups:
    from mispredict.metrics.outcomes import Groups

    predicate = evaluation.predicate(name)
    rows = evaluation.table.mask(predicate)
    title = "all" if isinstance(predicate, Always) else predicate.text
    return Groups.of_mask(rows if mask is None else rows & mask, title)


def _crossing(
    evaluation: Evaluation, names: list[str], mask: npt.NDArray[np.bool_] | None
) -> Groups:
    """A group per combination of values or bins that occurs, in order of the columns' codes."""
    from mispredict.core.predicate import ColumnRef, all_of
    from mispredict.metrics.outcomes import Groups
    from mispredict.workspace.binning import binned

    table = evaluation.table
    refs = [evaluation.fields.resolve(ColumnRef(name)) for name in names]
    coded = [binned(table.coded(ref.name, ref.is_input), mask) for ref in refs]
    if len(coded) == 1 and mask is None:
        cells: npt.NDArray[Any] = coded[0].codes
    else:
        cells = np.zeros(table.n, np.int64)
        for item in coded:
            cells = cells * item.book.size + item.codes
    size = int(np.prod([item.book.size for item in coded], dtype=object))
    used, codes = _compact(cells, size, mask)
    if len(used) > MOST_COHORTS:
        raise BadOption(
            f"by={names} makes {counted(len(used), 'cohort')}.",
            known=f"At most {MOST_COHORTS:,} are measured at once.",
            hint="fewer columns, or a column with fewer values",
        )
    titles = []
    for cell in used:
        terms, rest = [], int(cell)
        for ref, item in zip(reversed(refs), reversed(coded), strict=True):
            rest, code = divmod(rest, item.book.size)
            terms.append(item.book.condition(ref.name, code, is_input=ref.is_input))
        titles.append(all_of(reversed(terms)).text)
    return Groups(tuple(titles), codes)


def _compact(
    cells: npt.NDArray[Any], size: int, mask: npt.NDArray[np.bool_] | None
) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The cells that occur, and each row's place among them (-1 outside the mask)."""
    if size <= 1 << 24:
        counts = np.bincount(cells if mask is None else cells[mask], minlength=size)
        used = np.flatnonzero(counts)
        if mask is None and len(used) == size:
            return used, cells
        places = (np.cumsum(counts > 0) - 1).astype(np.int32)
        codes = places[cells]
    else:
        used, codes = np.unique(cells, return_inverse=True)
    if mask is not None:
        codes = np.where(mask, codes, -1).astype(np.int32)
    return used, codes
