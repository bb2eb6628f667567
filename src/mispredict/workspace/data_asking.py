"""What a dataset is asked about its own rows: checks, duplicates, leaks, health, differences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from mispredict.workspace.data_view import RowsView, stored_view

if TYPE_CHECKING:
    from mispredict.expectations.check import Check, Kind
    from mispredict.expectations.verdict import Verdict
    from mispredict.workspace.dataset import Dataset


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


def view_of(of: Dataset, reference: str | Dataset | None = None) -> RowsView:
    """The rows of a dataset, beside those of another one."""
    workspace = of.workspace
    if isinstance(reference, str):
        reference = workspace.dataset(reference)
    other = None if reference is None else stored_view(workspace, reference)
    return stored_view(workspace, of, reference=other)
