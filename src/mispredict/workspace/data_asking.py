"""What a dataset is asked about its own rows: checks, duplicates, leaks, health, differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from mispredict.core.errors import BadOption, UnknownColumn
from mispredict.core.options import names, number, whole
from mispredict.workspace.data_view import RowsView, stored_view

if TYPE_CHECKING:
    from mispredict.data.duplicates import Conflicts, Duplicates
    from mispredict.expectations.check import Check, Kind
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.dataset import Dataset

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
    from mispredict.workspace.data_running import judge_one_of_data

    view = view_of(of, reference)
    return judge_one_of_data(view, kind, of.workspace, name=name, seed=seed, options=options)


def duplicates(
    of: Dataset,
    near: float,
    columns: Sequence[str] | None,
    against: str | Dataset | None,
    *,
    limit: int,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Duplicates:
    """Rows that are alike; see `Dataset.duplicates`."""
    from mispredict.data.duplicates_groups import find_duplicates

    view = view_of(of, against)
    return find_duplicates(
        view,
        number("near", near, 0, 1, is_above=True),
        _columns(of, columns),
        view.reference,
        limit=whole("limit", limit, 0),
        progress=progress,
        cancel=cancel,
    )


def conflicts(of: Dataset, near: float, columns: Sequence[str] | None, *, limit: int) -> Conflicts:
    """Rows with the same inputs and different labels; see `Dataset.conflicts`."""
    from mispredict.data.duplicates_groups import find_conflicts

    if of.label is None:
        raise BadOption(
            f"dataset {of.ref!r} has no label that could contradict another.",
            known=f"Columns: {', '.join(of.schema.names[:8])}.",
            hint=f"ws.add_dataset({of.name!r}, …, label='a column')",
        )
    near = number("near", near, 0, 1, is_above=True)
    chosen = _columns(of, columns)
    return find_conflicts(view_of(of), near, chosen, limit=whole("limit", limit, 0))


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
    chosen = names("columns", columns)
    for name in chosen:
        if name not in of.schema:
            raise UnknownColumn.among(name, of.schema.names, where=f"dataset {of.ref!r}")
    return chosen
