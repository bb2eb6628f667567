"""What a dataset is asked about its own rows: checks, duplicates, leaks, health, differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import names, number, some_names, whole
from mispredict.workspace.inspecting.view import RowsView, stored_view

if TYPE_CHECKING:
    from mispredict.checks.suites.suite import Suite
    from mispredict.data.difference.difference import DatasetDiff
    from mispredict.data.duplicates.duplicates import Conflicts, Duplicates
    from mispredict.data.duplicates.embedding import Embedding
    from mispredict.data.health.health import Health
    from mispredict.data.leakage.leakage import Leakage
    from mispredict.expectations.check import Check, Kind
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.dataset import Dataset
    from mispredict.workspace.evaluation import Evaluation

Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]


def check(
    of: Dataset,
    kind: str | Kind | Check,
    *,
    name: str,
    reference: str | Dataset | None,
    seed: int,
    options: Mapping[str, Any],
) -> Verdict:
    """The verdict of one check; see `Dataset.check`."""
    from mispredict.workspace.inspecting.running import judge_one_of_data

    view = view_of(of, reference)
    return judge_one_of_data(view, kind, of.workspace, name=name, seed=seed, options=options)


def duplicates(
    of: Dataset,
    near: float,
    columns: Sequence[str] | None,
    against: str | Dataset | None,
    *,
    embedding: Embedding | None,
    limit: int,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Duplicates:
    """Rows that are alike; see `Dataset.duplicates`."""
    from mispredict.data.duplicates.groups import find_duplicates

    view = view_of(of, against)
    return find_duplicates(
        view,
        number("near", near, 0, 1, is_above=True),
        _columns(of, columns),
        view.reference,
        embedding=embedding,
        limit=whole("limit", limit, 0),
        progress=progress,
        cancel=cancel,
    )


def conflicts(of: Dataset, near: float, columns: Sequence[str] | None, *, limit: int) -> Conflicts:
    """Rows with the same inputs and different labels; see `Dataset.conflicts`."""
    from mispredict.data.duplicates.groups import find_conflicts

    if of.label is None:
        raise BadOption(
            f"dataset {of.ref!r} has no label that could contradict another.",
            known=f"Columns: {', '.join(of.schema.names[:8])}.",
            hint=f"ws.add_dataset({of.name!r}, …, label='a column')",
        )
    near = number("near", near, 0, 1, is_above=True)
    chosen = _columns(of, columns)
    return find_conflicts(view_of(of), near, chosen, limit=whole("limit", limit, 0))


def leakage(
    of: Dataset,
    against: str | Dataset | None,
    group: str | None,
    time: str | None,
    *,
    near: float,
    near_vectors: float,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Leakage:
    """Leaks; see `Dataset.leakage`."""
    from mispredict.data.leakage.finding import find_leakage

    for name in (group, time):
        _columns(of, None if name is None else [name])
    view = view_of(of, against)
    return find_leakage(
        view,
        view.reference,
        group,
        time,
        near=number("near", near, 0, 1, is_above=True),
        near_vectors=number("near_vectors", near_vectors, 0, 1, is_above=True),
        progress=progress,
        cancel=cancel,
    )


def health(
    of: Dataset,
    reference: str | Dataset | None,
    evaluation: str | Evaluation | None,
    *,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Health:
    """What is wrong with the data; see `Dataset.health`."""
    from mispredict.data.health.finding import find_health

    view = view_of(of, reference)
    if evaluation is None:
        return find_health(view, progress=progress, cancel=cancel)
    ev = of.workspace.evaluation(evaluation) if isinstance(evaluation, str) else evaluation
    if ev.dataset.ref != of.ref:
        raise BadOption(
            f"evaluation {ev.ref!r} is of other data.",
            known=f"The health is that of {of.ref}.",
            hint=f"ws.evaluate({ev.model!r}, {of.ref!r})",
        )
    is_rate = ev.task.is_classification
    return find_health(
        view,
        target=ev.target,
        evaluation=ev.ref,
        measure="error rate" if is_rate else "mean loss",
        progress=progress,
        cancel=cancel,
    )


def diff(
    of: Dataset,
    other: str | Dataset,
    key: str | None,
    by: str | Sequence[str] | None,
    *,
    limit: int,
) -> DatasetDiff:
    """What changed from the other version; see `Dataset.diff`."""
    from mispredict.data.difference.finding import find_difference

    view = view_of(of, other)
    assert view.reference is not None  # it was given
    chosen = None if by is None else names("by", by)
    _columns(of, None if key is None else [key])
    return find_difference(view, view.reference, key, chosen, limit=whole("limit", limit, 0))


def propose(of: Dataset, reference: str | Dataset | None, *, name: str, seed: int) -> Suite:
    """A suite that data like these pass; see `Dataset.propose_checks`."""
    from mispredict.checks.suites.suite import Suite
    from mispredict.core.ids import Ref
    from mispredict.data.proposals import propose as checks_of

    view = view_of(of, reference)
    learned = view.reference or view
    checks = checks_of(learned, seed=seed)
    title = name or f"{Ref.parse(of.ref).name}-data"
    return Suite(title, checks, dataset=Ref.parse(of.ref).name)


def view_of(of: Dataset, reference: str | Dataset | None = None) -> RowsView:
    """The rows of a dataset, beside those of another one."""
    workspace = of.workspace
    if isinstance(reference, str):
        reference = workspace.dataset(reference)
    other = None if reference is None else stored_view(workspace, reference)
    return stored_view(workspace, of, reference=other)


def _columns(of: Dataset, columns: Sequence[str] | None) -> tuple[str, ...] | None:
    """The columns that were asked for, which must be there."""
    if columns is None:
        return None
    chosen = some_names("columns", columns)
    for name in chosen:
        if name not in of.schema:
            raise UnknownColumn.among(name, of.schema.names, where=f"dataset {of.ref!r}")
    return chosen
