"""The rows that are named: those of a dataset or an evaluation, perhaps a cohort of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from mispredict.core.errors import BadOption, EmptyCohort, UnknownName
from mispredict.core.predicate import Always, Fields, Predicate, parse
from mispredict.core.results import Source
from mispredict.core.schema import ColumnType, Role
from mispredict.core.task import probability_column
from mispredict.core.words import counted
from mispredict.data.drift.counting import Named
from mispredict.data.drift.sides import Side
from mispredict.engine.encode import ENCODED_TYPES
from mispredict.workspace.dataset import Dataset
from mispredict.workspace.evaluation import Evaluation
from mispredict.workspace.inspecting.view import data_fields, stored_view

if TYPE_CHECKING:
    from mispredict.engine.table import Table
    from mispredict.workspace.workspace import Workspace

_NEVER = (Role.ID, Role.WEIGHT, Role.LABEL)
_UNASKED = (Role.TIME, Role.SPLIT, Role.ANNOTATION)
OUTCOMES = ("label", "prediction", "confidence")  # roles of columns that are no inputs
ROWS_WITHOUT_CODES = (ColumnType.TEXT, ColumnType.VECTOR)


@dataclass(frozen=True, eq=False)
class Rows:
    """A side of a comparison, with what is known of its columns."""

    workspace: Workspace
    dataset: Dataset
    evaluation: Evaluation | None
    where: str | Predicate | None

    @property
    def ref(self) -> str:
        return self.evaluation.ref if self.evaluation else self.dataset.ref

    @cached_property
    def fields(self) -> Fields:
        """The names that cohorts may use."""
        if self.evaluation is not None:
            return self.evaluation.fields
        return data_fields(self.dataset.schema, self.dataset.task)

    @cached_property
    def table(self) -> Table:
        """All rows."""
        if self.evaluation is not None:
            return self.evaluation.table
        return stored_view(self.workspace, self.dataset).table

    @cached_property
    def predicate(self) -> Predicate:
        """The cohort, checked."""
        if self.where is None:
            return Always()
        return self.predicate_of(self.where)

    def predicate_of(self, where: str | Predicate) -> Predicate:
        """A cohort of these rows, checked."""
        return (
            where.bind(self.fields) if isinstance(where, Predicate) else parse(where, self.fields)
        )

    @cached_property
    def side(self) -> Side:
        """The rows as the room compares them; they must not be none."""
        return self.side_of(self.predicate)

    def side_of(self, predicate: Predicate) -> Side:
        """The rows of a cohort."""
        is_all = isinstance(predicate, Always)
        mask = None if is_all else self.table.mask(predicate)
        n = self.table.n if mask is None else int(mask.sum())
        if not n:
            raise EmptyCohort(
                f"no row of {self.ref} meets {predicate.text}.",
                known=f"It has {counted(self.table.n, 'row')}.",
                hint="a wider cohort",
            )
        target = self.evaluation.target if self.evaluation is not None else None
        return Side(self.table, Source(self.ref, "" if is_all else predicate.text, n), mask, target)


def rows_of(
    workspace: Workspace,
    given: str | Dataset | Evaluation,
    where: str | Predicate | None = None,
    *,
    name: str = "reference",
) -> Rows:
    """The rows of a dataset (`churn@2`) or of an evaluation (`gbm@1/churn@2`)."""
    if isinstance(given, Evaluation):
        return Rows(workspace, given.dataset, given, where)
    if isinstance(given, Dataset):
        return Rows(workspace, given, None, where)
    if not isinstance(given, str):
        raise BadOption(
            f"{name}={given!r:.60} is neither a dataset nor an evaluation.",
            known="Both are named, such as 'churn@2' or 'gbm@1/churn@2'.",
            hint=f"{name}='churn'",
        )
    if "/" in given:
        evaluation = workspace.evaluation(given)
        return Rows(workspace, evaluation.dataset, evaluation, where)
    try:
        return Rows(workspace, workspace.dataset(given), None, where)
    except UnknownName:
        if given.partition("@")[0] not in workspace.store.names("model"):
            raise
    evaluation = workspace.evaluation(given)
    return Rows(workspace, evaluation.dataset, evaluation, where)


def shared_columns(
    reference: Rows, current: Rows, asked: tuple[str, ...] | None, *, by: str | None = None
) -> tuple[list[Named], list[Named], list[str]]:
    """Columns to count, texts and vectors to tell apart, and notes on what cannot be compared.

    Columns that the sides were chosen by differ by that, and are left out unless asked for.
    """
    coded, others, notes = [], [], []
    if asked is not None:
        wanted = _asked(reference, asked)
    else:
        chosen = _choosing(reference, by) | _choosing(current, by)
        wanted = [column for column in _usual(reference) if column.name not in chosen]
        if chosen:
            notes.append(f"Not compared, as rows were chosen by it: {', '.join(sorted(chosen))}.")
    for column in wanted:
        problem = _misfit(reference, current, column)
        if problem:
            notes.append(problem)
            continue
        kind = reference.table.kind(column.name, column.is_input)
        if kind in ENCODED_TYPES:
            coded.append(column)
        elif kind in ROWS_WITHOUT_CODES:
            others.append(column)
        elif asked is not None:
            notes.append(f"{column.name} is {kind.value}, which cannot be compared.")
    if asked is None:
        known = {*reference.dataset.schema.names, *_choosing(current, by)}
        extra = [name for name in current.dataset.schema.names if name not in known]
        notes += [f"{name} is in the current rows only." for name in extra]
    return coded, others, notes


def _choosing(rows: Rows, by: str | None) -> set[str]:
    """Columns that rows were chosen or divided by."""
    names = {ref.name for ref in rows.predicate.columns()} | ({by} if by else set())
    schema = rows.dataset.schema
    roles = {role.value: schema.first(role) for role in (Role.TIME, Role.SPLIT)}
    return {column.name if (column := roles.get(name)) else name for name in names - {"row"}}


def _usual(rows: Rows) -> list[Named]:
    found = [
        _named(rows, column.name, column.role.value)
        for column in rows.dataset.schema
        if column.role not in (*_NEVER, *_UNASKED)
    ]
    return [*found, *_outcomes(rows)]


def _outcomes(rows: Rows) -> list[Named]:
    """Label, prediction, confidence and, of two classes, the positive one's probability."""
    reserved = rows.fields.reserved
    task = rows.evaluation.task if rows.evaluation else rows.dataset.task
    found = [Named("label", "label")] if "label" in reserved else []
    found += [Named(name, name) for name in ("prediction", "confidence") if name in reserved]
    if task is not None and task.positive is not None:
        name = probability_column(task.positive)
        if name in reserved:
            found = [item for item in found if item.name != "confidence"]
            found.append(Named(name, "prediction"))
    return found


def _asked(rows: Rows, asked: tuple[str, ...]) -> list[Named]:
    known = {column.name: column for column in _outcomes(rows)}
    found = []
    for name in asked:
        if name in known:
            found.append(known[name])
            continue
        from mispredict.core.predicate import ColumnRef

        ref = rows.fields.resolve(ColumnRef(name))
        schema = rows.dataset.schema
        role = schema[ref.name].role.value if ref.name in schema else "derived"
        found.append(Named(ref.name, role, ref.is_input))
    return found


def _named(rows: Rows, name: str, role: str) -> Named:
    return Named(name, role, is_input=name in rows.fields.reserved)


def _misfit(reference: Rows, current: Rows, column: Named) -> str:
    """Why a column cannot be compared; empty if it can."""
    ours = reference.table.kind(column.name, column.is_input)
    fields = current.fields
    is_there = column.name in fields.columns or (
        not column.is_input and column.name in fields.reserved
    )
    if not is_there:
        return f"{column.name} is in the reference rows only."
    if column.role == "label":
        for rows, side in ((reference, "reference"), (current, "current")):
            values = rows.table.column(column.name, column.is_input)
            if values.null_count == len(values):
                return f"The {side} rows have no labels."
    theirs = current.table.kind(column.name, column.is_input)
    if ours is not theirs:
        return f"{column.name} is {ours.value} in the reference and {theirs.value} now."
    return ""
