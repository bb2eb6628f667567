"""From an evaluation and a cohort to an exploration, after an edit by a click on bars."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import names as names_of
from mispredict.core.options import shown as shown_value
from mispredict.core.predicate import MAP, Always, ColumnRef, Predicate
from mispredict.core.results import Source
from mispredict.core.schema import Role
from mispredict.core.task import probability_column
from mispredict.workspace.exploring.chips import chips_of, cohort_of, text_of
from mispredict.workspace.exploring.exploration import Exploration

if TYPE_CHECKING:
    from mispredict.workspace.evaluation import Evaluation

MOST_COLUMNS = 64  # that are shown without being asked for


def explore(
    of: Evaluation,
    where: str | Predicate | None,
    *,
    column: str | None,
    codes: Sequence[int] | None,
    mode: str,
    columns: Sequence[str] | None,
) -> Exploration:
    """The exploration of a cohort, after the edit if `column` is given."""
    from mispredict.workspace.exploring.linked import linked
    from mispredict.workspace.exploring.panels import distributions_of, summary_of, tag_counts

    start = time.perf_counter()
    predicate = edited_cohort(of, where, column=column, codes=codes, mode=mode)
    views = linked(of)
    shown, notes = _shown(of, columns, views.names)
    counted = views.count(predicate, shown)
    text, is_all = text_of(predicate), isinstance(predicate, Always)
    rate, low, high = (float(part[0]) for part in views.rates(counted.total))
    return Exploration(
        where=text,
        url="" if is_all else predicate.to_url(),
        sentence=predicate.sentence(),
        chips=chips_of(of, predicate),
        n=counted.selection.n,
        total=of.n,
        errors=float(views.errors(counted.total)[0]),
        measure=views.measure,
        value=rate,
        low=low,
        high=high,
        distributions=distributions_of(views, counted, shown),
        summary=summary_of(counted.metrics),
        tags=tag_counts(views, counted.selection),
        notes=(*notes, *views.metrics.notes),
        source=Source(of.ref, text, counted.selection.n),
        seconds=time.perf_counter() - start,
    )


def edited_cohort(
    of: Evaluation,
    where: str | Predicate | None,
    *,
    column: str | None,
    codes: Sequence[int] | None,
    mode: str,
) -> Predicate:
    """The cohort after a click on bars of the column; as it is without a column."""
    from mispredict.workspace.exploring.edits import edited
    from mispredict.workspace.exploring.linked import linked

    predicate = cohort_of(of, where)
    if column is None:
        if codes:
            raise BadOption(
                f"codes={shown_value(codes)} are of no column.",
                known="Codes are the bars of one column.",
                hint="column='…' beside them",
            )
        return predicate
    known = linked(of).names
    _check(of, names_of("column", column), known)
    return edited(of, predicate, known[column], column, codes, mode)


def _shown(
    of: Evaluation, columns: Sequence[str] | None, known: Mapping[str, ColumnRef]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The columns to show, and what to say of those left out."""
    if columns is not None:
        given = names_of("columns", columns)
        _check(of, given, known)
        return tuple(dict.fromkeys(given)), ()
    schema = of.dataset.schema
    hidden = {column.name for role in (Role.ID, Role.WEIGHT) for column in schema.of_role(role)}
    hidden |= {*map(probability_column, of.task.classes), *MAP} - {*schema.names}
    hidden |= {*of.fields.reserved} - {*of.column_names} - {role.value for role in Role}
    chosen = [name for name in known if name not in hidden]
    if len(chosen) <= MOST_COLUMNS:
        return tuple(chosen), ()
    reserved = [name for name in chosen if of.fields.is_reserved(known[name])]
    own = [name for name in chosen if name not in reserved]
    kept = own[: max(MOST_COLUMNS - len(reserved), 0)]
    note = f"Shown are {len(kept)} of {len(own):,} columns of the dataset; others can be named."
    return (*kept, *reserved), (note,)


def _check(of: Evaluation, names: Sequence[str], known: Mapping[str, ColumnRef]) -> None:
    for name in names:
        if name not in known:
            raise UnknownColumn.among(name, known, where=f"the distributions of {of.ref}")
